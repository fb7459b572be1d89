"""Animaze and the Cubism Editor, lying: each of their messages in turn is late, doubled, spoilt or the last one.

On the virtual clock, with the real drivers, engine and journal. Whatever comes, the show ends by itself within a bound,
every command has its one outcome, and it is the right one.
"""

import json
from collections import Counter

import pytest

from tests.mischief import ALWAYS, SECOND, play, retyped, stand_by

SHOWS = {
    "animaze": """
at 0s    animaze avatar AvatarBomb; animaze scene Stream; animaze emote Emote_Wave for 100ms
at 100ms animaze pose Fuse; animaze idle 2; animaze action Explode
at 200ms animaze camera fov 40; animaze camera turn 10 tilt 0; animaze override "Auto Blink" on frequency 0.5
at 300ms animaze camera position 0 1 2 rotation 0 0 0 1 over 150ms; animaze camera fov 30 over 150ms
at 400ms animaze place position 0 0 0 rotation 0 0 0 1 scale 1.2 over 100ms
then     animaze chat "hi" -> said or "nothing"
then     animaze echo "so: {said}" and wait; animaze broadcast on; animaze calibrate
then     animaze call GetCameraFov -> angle or "none"; animaze quickscene save 4; animaze quickscene load 4
then     log "at the end"
""",
    "live2d": """
at 0s    live2d set ParamAngleX 10 ParamAngleY 5 for 300ms
at 100ms live2d call GetCurrentEditMode -> mode or "none"
at 150ms live2d move ParamBreath from 0 to 1 over 150ms for 100ms; live2d set ParamMouthOpenY 1
at 600ms live2d release ParamMouthOpenY
at 700ms live2d move ParamEyeLOpen to 0 over 100ms; live2d call SendCubismLog {"Message": "we are live"}
at 900ms live2d set ParamAngleZ 3
then     live2d clear
then     log "at the end"
""",
}
LONGEST = 40 * SECOND
"""One fault costs a time limit or two, never more."""

HARMLESS = {
    "doubled": lambda frame: [(0, frame), (0, frame)],
    "doubled later": lambda frame: [(0, frame), (SECOND, frame)],
    "late": lambda frame: [(900_000, frame)],
    "with things nobody asked for": lambda frame: [(0, {"event": "Fire"}), (0, {}), (0, frame), (0, {"Type": "Event"})],
    "with nonsense around it": lambda frame: [(0, "<html>"), (0, "[1]"), (0, frame), (0, "")],
    "with keys nobody knows": lambda frame: [(0, {**frame, "more": {"a": [None]}, "event2": True})],
    "huge": lambda frame: [(0, {**frame, "padding": "x" * 200_000})],
    "without its id": lambda frame: [(0, {k: v for k, v in frame.items() if k not in {"id", "RequestId"}})],
}
LOSING = {
    "never": lambda _: [],
    "cut short": lambda frame: [(0, json.dumps(frame)[: len(json.dumps(frame)) // 2])],
    "no object": lambda frame: [(0, json.dumps([frame]))],
    "of wrong types": lambda frame: [(0, retyped(frame))],
    "empty": lambda _: [(0, {})],
    "with another's id": lambda frame: [(0, {**frame, "id": "0-777", "RequestId": "0-777"})],
    "far too late": lambda frame: [(61 * SECOND, frame)],
}


def refusal(frame):
    if "Method" in frame:
        return [(0, {**frame, "Type": "Error", "Data": {"ErrorType": "InvalidView"}})]
    return [(0, {"action": frame["action"], "id": frame["id"], "error": "not today"})]


CLOSING = {
    "instead": lambda _: [(0, None)],
    "after it": lambda frame: [(0, frame), (0, None)],
    "in the middle of it": lambda frame: [(0, json.dumps(frame)[:20]), (0, None)],
}


@pytest.fixture(params=SHOWS)
def show(request, tmp_path):
    path = tmp_path / "a.show"
    path.write_text(SHOWS[request.param], encoding="utf-8")
    return path, request.param


def outcomes(played):
    return {e["id"]: (e["result"], e.get("reason")) for e in played.all("outcome")}


def bad(played):
    """Give what ended badly, but for impulses whose lane was taken for too long: that is what a slow device costs."""
    wrong = {taken: how for taken, how in outcomes(played).items() if how[0] not in {"done", "cancelled"}}
    return {taken: how for taken, how in wrong.items() if how != ("skipped", "too late")}


def of(frame):
    """Give the command that a message answers, if it is about one alone."""
    wire = frame.get("id", frame.get("RequestId", ""))
    number = wire.partition("-")[2].partition(".")[0]
    return int(number) if number.isdigit() else None


def rescued(said, nth):
    """Tell whether it is a `…Fov` that had no reply yet: then the other spelling is tried, and that is answered."""
    action = said[nth - 1].get("action", "")
    return action.endswith("Fov") and action not in {frame["action"] for frame in said[: nth - 1]}


def test_without_mischief_all_is_done(show):
    played, said = play(*show)
    assert bad(played) == {}
    assert played.entries[-1]["result"] == "done"
    assert len(said) > 15


@pytest.mark.parametrize("fault", HARMLESS.values(), ids=HARMLESS)
def test_what_does_no_harm_to_one_message_does_none_to_the_show(show, fault):
    clean, said = play(*show)
    for nth in range(1, len(said) + 1):
        played, _ = play(*show, fault, nth)
        assert bad(played) == {}, (nth, said[nth - 1])
        assert set(outcomes(played)) == set(outcomes(clean))


@pytest.mark.parametrize("fault", HARMLESS.values(), ids=HARMLESS)
def test_what_does_no_harm_does_none_to_all_messages_at_once(show, fault):
    played, _ = play(*show, fault, ALWAYS)
    assert bad(played) == {}


@pytest.mark.parametrize("fault", LOSING.values(), ids=LOSING)
def test_a_lost_reply_costs_its_own_command_a_time_limit_and_no_other(show, fault):
    _, said = play(*show)
    for nth in range(1, len(said) + 1):
        played, _ = play(*show, fault, nth)
        wrong, victim = bad(played), of(said[nth - 1])
        if victim is None or rescued(said, nth):
            # A frame of streamed values may be the first one of two commands; a question is asked for one.
            most = 0 if victim else 2 if "-s" in str(said[nth - 1]) else 1
            assert len(wrong) <= most, (nth, said[nth - 1], wrong)
        else:
            assert set(wrong) == {victim}, (nth, said[nth - 1], wrong)
        assert {result for result, _ in wrong.values()} <= {"timed-out", "failed"}
        assert all(reason for _, reason in wrong.values())
        assert played.entries[-1]["at"] < LONGEST + (60 * SECOND if "ChatbotSendMessage" in str(said[nth - 1]) else 0)


def test_a_refusal_fails_its_own_command_in_the_applications_words(show):
    _, said = play(*show)
    for nth, frame in enumerate(said, 1):
        victim = of(frame)
        if victim is not None:
            played, _ = play(*show, refusal, nth)
            words = "InvalidView" if show[1] == "live2d" else "not today"
            assert bad(played) == ({} if rescued(said, nth) else {victim: ("failed", words)}), (nth, frame)


def test_whatever_is_refused_for_ever_ends_all_the_same(show):
    played, said = play(*show)
    begun = next(n for n, frame in enumerate(said) if of(frame) or "s1" in str(frame))

    def refused(frame):
        refused.seen += 1
        return refusal(frame) if refused.seen > begun else [(0, frame)]

    refused.seen = 0
    played, _ = play(*show, refused, ALWAYS)
    assert {result for result, _ in outcomes(played).values()} <= {"failed", "cancelled", "skipped"}
    assert played.entries[-1]["result"] == "done"


@pytest.mark.parametrize("fault", CLOSING.values(), ids=CLOSING)
def test_a_connection_closed_at_any_point_is_found_again_and_the_show_goes_on(show, fault):
    _, said = play(*show)
    for nth in range(1, len(said) + 1):
        played, _ = play(*show, fault, nth)
        reasons = Counter(reason for _, reason in bad(played).values())
        assert set(reasons) <= {"connection lost", "not connected"}, (nth, said[nth - 1], reasons)
        assert played.entries[-1]["at"] < LONGEST
        states = [entry["state"] for entry in played.all("device") if entry["state"] != "note"]
        assert states[0] == "connecting"
        if any(reasons.values()):
            assert "lost" in states


def test_an_application_that_closes_after_every_message_is_given_up_by_nobody(show):
    played, said = play(*show)
    begun = next(n for n, frame in enumerate(said) if of(frame) or "s1" in str(frame))

    def closing(frame):
        closing.seen += 1
        return [(0, frame), (0, None)] if closing.seen > begun else [(0, frame)]

    closing.seen = 0
    played, _ = play(*show, closing, ALWAYS)
    assert {reason for _, reason in bad(played).values()} <= {"connection lost", "not connected"}
    assert played.entries[-1]["at"] < LONGEST


@pytest.mark.parametrize("fault", LOSING.values(), ids=LOSING)
def test_an_editor_that_spoils_every_answer_is_not_ready_and_the_user_is_told_where_to_look(tmp_path, fault):
    path = tmp_path / "a.show"
    path.write_text(SHOWS["live2d"], encoding="utf-8")
    missing = stand_by(path, "live2d", fault, limit=10 * SECOND)
    assert set(missing) == {"live2d"}
    assert (
        "External Application Integration Settings" in missing["live2d"] or "refused to register" in missing["live2d"]
    )


def test_replies_in_the_wrong_order_find_their_commands(tmp_path):
    path = tmp_path / "a.show"
    path.write_text('at 0s animaze emote A; animaze chat "x" -> y or "z"; animaze camera fov 30 over 100ms\n')

    def swapped(frame):
        return [(50_000 if frame["action"] == "TriggerEmote" else 10_000, frame)]

    played, _ = play(path, "animaze", swapped, ALWAYS)
    assert bad(played) == {}
    answered = [entry["id"] for entry in played.all("reply") if "id" in entry]
    assert answered.index(1) > answered.index(2)
