"""The console on real sockets: who gets what, in which order, and what is left behind."""

import asyncio
import contextlib
import http.client
import json
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from showrunner.console import guard, presses, server, site, written
from showrunner.console.hub import Hub
from showrunner.console.presses import Answers, Asked
from showrunner.console.server import Console
from showrunner.engine.journal import line
from showrunner.engine.messages import Brought
from showrunner.reports.status import CueStatus, Status
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import prepare
from tests.consoling import PATIENCE, TOKENS, Desk, Standing, entry, threads
from tests.files import POSIX, no_more_files, refusals


@pytest.fixture
def stood():
    open_, before = [], threads()

    def stand(*args, **keys):
        open_.append(Standing(*args, **keys))
        return open_[-1]

    yield stand
    for one in open_:
        one.close()
    assert [name for name in threads() if name not in before] == []


@pytest.fixture
def here(stood):
    return stood()


@pytest.fixture(scope="module")
def door():
    """One console for all who are refused: they leave no trace in it."""
    standing = Standing()
    yield standing
    assert standing.desk.asked == []
    standing.close()


def nothing(answer):
    """A refusal says nothing: no byte of the show, no reason, no cookie."""
    status, headers, data = answer
    return (status, data, headers.get("set-cookie")) == (403, b"", None)


# --- who is let in

PATHS = [
    ("GET", "/"),
    ("GET", "/page/style.css"),
    ("GET", "/api/score"),
    ("GET", "/api/events"),
    ("GET", "/api/status"),
    ("POST", "/api/do"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_without_a_token_there_is_nothing(door, method, path):
    assert nothing(door.ask(method, path, token=None))
    assert door.desk.looked == 0


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_with_a_wrong_token_there_is_nothing(door, method, path):
    assert nothing(door.ask(method, path, token="x" * 43))
    assert nothing(door.ask(method, path, token=None, cookie=f"showrunner-{door.port}={'0' * 64}"))
    assert nothing(door.ask(method, path, token=None, cookie=f"showrunner-{door.port}={TOKENS.operator}"))
    assert nothing(door.ask(method, f"{path}?token={TOKENS.operator[:-1]}x", token=None))


@pytest.mark.parametrize(
    "path", ["/?token=", "/?cast=", "/?token=x", f"/?token={TOKENS.cast}", f"/?cast={TOKENS.operator}"]
)
def test_an_address_with_a_wrong_token_gives_no_cookie(door, path):
    assert nothing(door.ask("GET", path, token=None))


def test_an_address_with_two_tokens_gives_no_cookie(door):
    assert nothing(door.ask("GET", f"/?token={TOKENS.operator}&cast={TOKENS.cast}", token=None))
    assert nothing(door.ask("GET", f"/?token={TOKENS.operator}&token=x", token=None))


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "host", ["evil.example:{port}", "evil.example", "127.0.0.1", "127.0.0.1:1", "", "[::1", "localhost:{port}x"]
)
def test_a_name_that_is_not_ours_gets_nothing_even_with_the_token(door, method, path, host):
    assert nothing(door.ask(method, path, host=host.format(port=door.port)))


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}", "[::1]:{port}"])
def test_the_names_of_this_machine_are_ours(door, host):
    assert door.ask("GET", "/api/score", host=host.format(port=door.port))[0] == 200


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1", "http://localhost:{port}"]
)
def test_a_foreign_page_gets_nothing_even_with_the_cookie(door, method, path, origin):
    foreign = {"Origin": origin.format(port=door.port), "Content-Type": "application/json"}
    assert nothing(door.ask(method, path, '{"action":"go"}', token=None, cookie=door.cookie(), headers=foreign))


@pytest.mark.parametrize("site_", ["cross-site", "same-site"])
def test_what_the_browser_calls_foreign_gets_nothing(door, site_):
    assert nothing(door.ask("GET", "/api/score", token=None, cookie=door.cookie(), headers={"Sec-Fetch-Site": site_}))


def test_the_page_itself_is_let_in_by_its_cookie(here):
    cookie = here.cookie()
    own = {"Origin": f"http://127.0.0.1:{here.port}", "Sec-Fetch-Site": "same-origin"}
    assert here.press("go", token=None, cookie=f"a=b; {cookie}", headers=own) == (200, {"ok": True})
    assert here.desk.asked == [("go", None, None, None, "console")]


def test_a_program_presses_with_the_token(here):
    assert here.press("button", name="raid") == (200, {"ok": True})
    assert here.desk.asked == [("button", "raid", None, None, "api")]


def test_the_cookie_is_for_this_browser_and_this_page_alone(door):
    _, headers, _ = door.ask("GET", f"/?token={TOKENS.operator}", token=None)
    value, *rest = headers["set-cookie"].split("; ")
    assert rest == ["Path=/", "HttpOnly", "SameSite=Strict"]
    assert value.startswith(f"showrunner-{door.port}=")
    assert TOKENS.operator not in value


def test_from_a_link_on_another_page_our_own_page_leads_on(door):
    # A redirect from there would come without the strict cookie.
    answer = door.ask("GET", f"/?cast={TOKENS.cast}", token=None, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer[0] == 200
    assert b'http-equiv="refresh"' in answer[2]
    assert answer[1]["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict")


def test_the_cast_looks_on_and_presses_nothing(here):
    cookie = here.cookie(f"/?cast={TOKENS.cast}")
    assert json.loads(here.ask("GET", "/api/score", token=None, cookie=cookie)[2])["readonly"] is True
    assert json.loads(here.ask("GET", "/api/score")[2])["readonly"] is False
    assert here.press("go", token=None, cookie=cookie) == (403, None)
    assert here.press("panic", token=TOKENS.cast) == (403, None)
    assert here.desk.asked == []


@pytest.mark.parametrize("path", ["/", "/api/score", "/nowhere", "/page/nothing.js", "/?token=x"])
def test_every_answer_binds_the_browser(door, path):
    for token in (TOKENS.operator, None):
        headers = door.ask("GET", path, token=token)[1]
        assert headers["content-security-policy"] == guard.POLICY
        assert "unsafe-inline" not in guard.POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_a_websocket_is_refused(door):
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Origin": "http://evil.example",
    }
    assert nothing(door.ask("GET", "/api/events", headers=upgrade))


def test_on_every_address_of_the_machine_numbers_are_let_in_and_foreign_names_are_not(stood):
    wide = stood(host="0.0.0.0", names=("studio.example",))  # noqa: S104 - what a user may ask for
    assert wide.ask("GET", "/api/score", host=f"192.168.0.7:{wide.port}")[0] == 200
    assert wide.ask("GET", "/api/score", host=f"studio.example:{wide.port}")[0] == 200
    assert nothing(wide.ask("GET", "/api/score", host=f"evil.example:{wide.port}"))
    assert wide.console.operator_url.startswith(f"http://127.0.0.1:{wide.port}/?token=")
    assert wide.console.notes[0].startswith("the console can be reached from the whole network")
    phone = wide.console.network_url
    if phone is not None:  # the machine is in a network
        assert phone in wide.console.notes[0]
        assert wide.ask("GET", "/api/score", host=phone.split("/")[2])[0] == 200


def test_on_all_addresses_of_the_new_kind_it_is_told_where_it_can_be_reached(stood):
    try:
        wide = stood(host="::")
    except AssertionError:
        pytest.skip("this machine has no IPv6")
    assert wide.console.operator_url.startswith(f"http://[::1]:{wide.port}/?token=")


def test_on_loopback_there_is_no_address_for_others(here):
    assert here.console.network_url is None
    assert here.console.notes == []
    assert here.console.operator_url == f"http://127.0.0.1:{here.port}/?token={TOKENS.operator}"
    assert here.console.cast_url == f"http://127.0.0.1:{here.port}/?cast={TOKENS.cast}"


# --- the page's files


def test_the_page_and_its_files_are_served_by_what_they_are(stood, tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html>", "utf-8")
    (tmp_path / "a-b.js").write_text("export {};", "utf-8")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "score.js").write_text("export {};", "utf-8")
    page = stood(page=tmp_path)
    assert page.ask("GET", "/")[2] == b"<!doctype html>"
    assert page.ask("GET", "/page/a-b.js")[1]["content-type"] == "text/javascript; charset=utf-8"
    assert page.ask("GET", "/page/model/score.js")[1]["content-type"] == "text/javascript; charset=utf-8"
    for other in ("secret.txt", ".js", "a-b.js%00", "nothing.js", "model", "model/", "model/a-b.js", "a-b.js/", ""):
        assert page.ask("GET", f"/page/{other}")[0] == 404, other


def test_no_path_leads_out_of_the_page(stood, tmp_path):
    page = tmp_path / "page"
    (page / "model").mkdir(parents=True)
    for file in (tmp_path / "secret.js", page / "a.js", page / "model" / "b.js"):
        file.write_text("secret", "utf-8")
    site = stood(page=page)
    for way in (
        "../secret.js", "..%2Fsecret.js", "%2e%2e/secret.js", "model/../../secret.js", "model/..%2F../secret.js",
        "..%5Csecret.js", "model%5Cb.js", "/secret.js", "%2Fsecret.js", f"{tmp_path.as_posix()}/secret.js",
        "./a.js", "model/../a.js", "model//b.js", "model/./b.js", "A.js",
    ):  # fmt: skip
        assert site.ask("GET", f"/page/{way}")[::2] == (404, b""), way


# --- the score


def test_the_score_comes_packed_and_names_the_run(here):
    status, headers, data = here.ask("GET", "/api/score", headers={"Accept-Encoding": "gzip, br"})
    assert (status, headers["content-encoding"]) == (200, "gzip")
    plain = here.ask("GET", "/api/score")
    assert "content-encoding" not in plain[1]
    assert plain[2] == data
    assert json.loads(data) == {**here.desk.data, "run": here.hub.run, "readonly": False}


def test_the_status_is_one_value_for_a_program_and_for_the_cast(here):
    here.desk.stands = Status(
        "standing",
        62_500_000,
        61_500_000,
        "song",
        CueStatus("L4", 'say happy "la"'),
        CueStatus("L5", "hold", None),
        None,
        ("button yes or button no",),
        {"yes": True, "no": True, "later": False},
        {"animaze": "ready"},
    )
    status, headers, data = here.ask("GET", "/api/status", token=TOKENS.cast)
    assert (status, headers["content-type"]) == (200, "application/json")
    assert json.loads(data) == {
        "version": 1,
        "state": "standing",
        "at": 62_500_000,
        "clock": "01:01",
        "segment": "song",
        "playing": {"cue": "L4", "text": 'say happy "la"', "in": None},
        "next": {"cue": "L5", "text": "hold", "in": None},
        "left": None,
        "standing": ["button yes or button no"],
        "buttons": [
            {"name": "yes", "awaited": True},
            {"name": "no", "awaited": True},
            {"name": "later", "awaited": False},
        ],
        "devices": {"animaze": "ready"},
    }


def test_the_status_is_streamed_at_once_and_whenever_it_is_another(here):
    stream = here.watch(path="/api/status")
    assert stream.next()[::2] == ("status", here.desk.stands.told())
    here.desk.stands = replace(here.desk.stands, state="playing", at=1, left=9_000_000)
    assert stream.until("status")["state"] == "playing"
    # A moment later is no news: the next is what is another.
    here.desk.stands = replace(here.desk.stands, at=2, left=8_999_999 + 1)
    here.desk.stands = replace(here.desk.stands, state="paused")
    assert stream.until("status")["state"] == "paused"
    here.desk.stands = replace(here.desk.stands, state="ended")
    here.console.close()
    assert [one[2]["state"] for one in stream.rest()] == ["ended"]


def test_who_looks_on_at_the_status_takes_a_place_of_his_role(here, monkeypatch):
    monkeypatch.setattr(site, "MOST", 1)
    here.watch(path="/api/status").next()
    assert here.ask("GET", "/api/events")[0] == 503
    assert here.watch(path="/api/status", token=TOKENS.cast).next()[0] == "status"


def test_what_may_be_done_is_asked_of_the_server_and_taken_by_it(here):
    status, _, data = here.ask("GET", "/api/actions")
    listed = json.loads(data)["actions"]
    assert status == 200
    assert {"action": "stop", "keys": ["s"], "asks": True, "before": True, "after_panic": True}.items() <= next(
        one for one in listed if one["action"] == "stop"
    ).items()
    for one in listed:
        given = {key: {} if key == "fields" else "1" for key in one["takes"]}
        assert (here.press(one["action"], **given)[0] == 200) is ("http" in one["where"]), one


def test_no_text_is_ever_html(here):
    here.desk.data = {"title": "</script><img src=x onerror=alert(1)>", "long": written.Written(written.small("<&>"))}
    here.hub.publish(entry(0, message="<b>&amp;\u2028"))
    data = here.ask("GET", "/api/score")[2]
    assert not set(b"<>&") & set(data)
    stream = here.watch()
    assert json.loads(data)["title"] == "</script><img src=x onerror=alert(1)>"
    raw = b""
    while b"id: 0" not in raw:
        raw = stream.answer.readline()
    raw = stream.answer.readline()
    assert raw == b'data: {"seq":0,"at":0,"kind":"log","message":"\\u003cb\\u003e\\u0026amp;\\u2028"}\n'
    stream.close()


def test_who_asks_for_the_score_all_the_time_is_told_to_wait(stood, monkeypatch):
    monkeypatch.setattr(site, "LOOKS", (0.0, 3))
    here = stood()
    assert [here.ask("GET", "/api/score")[0] for _ in range(5)] == [200, 200, 200, 429, 429]
    assert here.desk.looked == 3


# --- pressing


def test_what_the_desk_refuses_is_said(here):
    here.desk.answer = "there is no <segment> `two`"
    assert here.press("seek", to="two") == (409, {"ok": False, "message": "there is no <segment> `two`"})


def test_a_speed_may_be_a_number_and_null_is_nothing(here):
    assert here.press("speed", to=1.5, name=None)[0] == 200
    assert here.press("loop", to="one", until="two+3s")[0] == 200
    assert here.desk.asked == [("speed", None, "1.5", None, "api"), ("loop", None, "one", "two+3s", "api")]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no JSON"),
        (b"[1]", "names no action"),
        (b'{"action": 5}', "names no action"),
        (b'{"action": "explode"}', "there is no action `explode`"),
        (b'{"action": "go", "name": 5}', "`name` is a text"),
        (b'{"action": "go", "to": true}', "`to` is a text"),
        (b'{"action": "go", "name": "' + b"x" * 301 + b'"}', "`name` is a text"),
        (b'{"action": "go", "shell": "rm"}', "`shell` is not known"),
        (b"[" * 4000, "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b'{"action": "speed", "to": 1' + b"0" * 400 + b"}", "`to` is too large a number"),
        (b'{"action": "go", "text": "hi"}', "come with a `button`, not with `go`"),
        (b'{"action": "button", "name": "raid", "text": 5}', "`text` is a text"),
        (b'{"action": "button", "name": "raid", "fields": []}', "`fields` is a table of at most 20 names"),
        (b'{"action": "button", "name": "raid", "fields": {"a\\u001b": 1}}', "the name of a field is a word"),
        (b'{"action": "button", "name": "raid", "fields": {"a": Infinity}}', "`a` in `fields` is too large a number"),
        (b'{"action": "button", "name": "raid", "id": ["1"]}', "`id` is a text"),
    ],
)
def test_a_message_that_makes_no_sense_is_refused_in_words(door, body, said):
    status, _, data = door.ask("POST", "/api/do", body, headers={"Content-Type": "application/json"})
    assert status == 400
    assert said in json.loads(data)["message"]
    assert door.desk.asked == []


def test_a_form_of_another_page_is_no_message(door):
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert door.ask("POST", "/api/do", '{"action":"go"}', headers={"Content-Type": kind})[0] == 415
    assert door.desk.asked == []


def test_a_message_that_is_too_long_is_not_read(door):
    kind = {"Content-Type": "application/json"}
    assert door.ask("POST", "/api/do", b"x" * (site.LONGEST + 1), headers=kind)[0] == 413
    with socket.create_connection(("127.0.0.1", door.port), PATIENCE) as raw:
        raw.sendall(
            f"POST /api/do HTTP/1.1\r\nHost: 127.0.0.1:{door.port}\r\nAuthorization: Bearer {TOKENS.operator}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        with contextlib.suppress(OSError):
            for _ in range(16):
                raw.sendall(b"1000\r\n" + b" " * 4096 + b"\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 413")
    assert door.desk.asked == []


# --- what comes with a press, and a press that is sent twice


def test_a_press_brings_a_text_and_fields(here):
    given = {"user": "Aki", "amount": 500, "share": 2.5, "none": None, "list": [1, {"é": True}], "yes": True}
    assert here.press("button", name="donate", text="Hello!", fields=given) == (200, {"ok": True})
    kept = {"user": "Aki", "amount": 500, "share": 2.5, "list": '[1,{"é":true}]', "yes": "true"}
    assert here.desk.asked == [("button", "donate", None, None, "api", Brought("Hello!", kept))]


def test_api_press_is_short_for_a_button(here):
    assert here.post("/api/press", {"name": "donate", "text": "Hi", "fields": {"a": 1}}) == (200, {"ok": True})
    assert here.post("/api/press", {"name": "raid"}) == (200, {"ok": True})
    assert here.desk.asked == [
        ("button", "donate", None, None, "api", Brought("Hi", {"a": 1})),
        ("button", "raid", None, None, "api"),
    ]


def test_only_the_operator_presses_the_short_way_too(door):
    assert nothing(door.ask("POST", "/api/press", '{"name": "raid"}', token=TOKENS.cast))
    assert nothing(door.ask("POST", "/api/press", '{"name": "raid"}', token=None))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", "no JSON"),
        ("[]", "names no button"),
        ('{"text": "hi"}', "names no button"),
        (
            '{"name": "raid", "action": "stop"}',
            "`action` is not known here; there are `name`, `text`, `fields` and `id`",
        ),
    ],
)
def test_a_short_press_that_makes_no_sense_is_refused_in_words(door, body, said):
    status, told = door.post("/api/press", body)
    assert (status, said in told["message"]) == (400, True)


def test_a_press_that_is_sent_twice_is_done_once(here):
    for _ in range(3):
        assert here.press("button", name="raid", id="a-1") == (200, {"ok": True})
    assert here.post("/api/press", {"name": "raid", "id": "a-1"}) == (200, {"ok": True})
    assert here.post("/api/press", {"name": "raid", "id": 7}) == (200, {"ok": True})
    assert here.press("button", name="raid", id="7") == (200, {"ok": True})
    assert [name for _, name, *_ in here.desk.asked] == ["raid", "raid"]


def test_a_press_that_is_sent_again_while_it_is_done_waits_for_its_answer(here):
    begun, go_on = threading.Event(), threading.Event()

    def answer(action):
        begun.set()
        assert go_on.wait(PATIENCE)
        return f"no {action} now"

    here.desk.answer = answer
    said = []
    presses = [
        threading.Thread(target=lambda: said.append(here.press("button", name="raid", id="x"))) for _ in range(3)
    ]
    for one in presses:
        one.start()
    assert begun.wait(PATIENCE)
    go_on.set()
    for one in presses:
        one.join(PATIENCE)
    assert said == [(409, {"ok": False, "message": "no button now"})] * 3


def test_what_was_refused_may_be_tried_again_with_its_id(here):
    here.desk.answer = "the show has not begun"
    assert here.press("button", name="raid", id="x")[0] == 409
    here.desk.answer = None
    assert here.press("button", name="raid", id="x")[0] == 200
    assert here.press("button", name="raid", id="x")[0] == 200
    assert len(here.desk.asked) == 2


def test_an_id_is_of_one_press_but_no_id_holds_up_a_panic(here):
    assert here.press("go", id="1")[0] == 200
    status, said = here.press("button", name="raid", id="1")
    assert (status, said["message"]) == (409, "the id `1` was used for something else just now; each press has its own")
    assert here.press("panic", id="1")[0] == 200
    assert [action for action, *_ in here.desk.asked] == ["go", "panic"]


def test_an_id_is_remembered_for_ten_minutes_and_a_bounded_number_of_them(monkeypatch):
    now, done = [0.0], []

    async def press(number):
        async def do():
            done.append(number)
            return 200, None

        await answers.once(Asked("go", id=str(number)), do)

    async def pressed(*numbers):
        for number in numbers:
            await press(number)

    answers = Answers(lambda: now[0])
    asyncio.run(pressed(1, 1))
    now[0] = 599.9
    asyncio.run(pressed(1))
    now[0] = 600.0
    asyncio.run(pressed(1, 1))
    assert done == [1, 1]
    monkeypatch.setattr(presses, "MOST_REMEMBERED", 3)
    done.clear()
    asyncio.run(pressed(2, 3, 4, 5, 5, 2))
    assert done == [2, 3, 4, 5, 2]


def test_too_many_presses_are_refused_but_panic_never_is(stood, monkeypatch):
    monkeypatch.setattr(site, "PRESSES", (0.0, 3))
    here = stood()
    assert [here.press("go")[0] for _ in range(5)] == [200, 200, 200, 429, 429]
    assert here.press("go")[1]["message"] == "too many presses at once; `panic` still works"
    assert [here.press("panic")[0] for _ in range(5)] == [200] * 5
    assert [action for action, *_ in here.desk.asked] == ["go"] * 3 + ["panic"] * 5


def test_a_press_that_takes_long_delays_no_panic_and_the_next_waits_its_turn(here):
    working, let_go = threading.Event(), threading.Event()
    order = []

    def answer(action):
        if action == "undo-reload":
            working.set()
            let_go.wait(PATIENCE)
        order.append(action)

    here.desk.answer = answer
    first = threading.Thread(target=here.press, args=("undo-reload",))
    first.start()
    assert working.wait(PATIENCE)
    second = threading.Thread(target=here.press, args=("go",))
    second.start()
    assert here.press("panic") == (200, {"ok": True})
    assert order == ["panic"]
    let_go.set()
    first.join(PATIENCE)
    second.join(PATIENCE)
    assert order == ["panic", "undo-reload", "go"]


def test_a_desk_that_does_not_answer_is_said(here, monkeypatch):
    monkeypatch.setattr(site, "PATIENCE", 0.05)
    let_go = threading.Event()
    here.desk.answer = lambda _: let_go.wait(PATIENCE) and None
    status, said = here.press("pause")
    let_go.set()
    assert status == 504
    assert "has not answered" in said["message"]


def test_what_is_asked_in_another_way_is_not_done(here):
    assert here.ask("GET", "/api/do")[0] == 405
    assert here.ask("POST", "/api/score")[0] == 405
    assert here.ask("POST", "/api/events")[0] == 405
    assert here.ask("GET", "/api/nothing")[0] == 404
    assert (here.desk.asked, here.desk.looked) == ([], 0)


def test_a_score_that_is_never_ready_is_said(here, monkeypatch):
    monkeypatch.setattr(site, "SCORE", 0.05)
    let_go = threading.Event()
    monkeypatch.setattr(here.desk, "score", lambda: let_go.wait(PATIENCE) and {})
    status, _, data = here.ask("GET", "/api/score")
    let_go.set()
    assert (status, json.loads(data)["message"]) == (504, "the score was not ready within 0.05 s")


# --- looking on


def test_a_stream_begins_with_the_run_and_the_time_and_then_has_every_entry(here):
    for number in range(3):
        here.hub.publish(entry(number))
    stream = here.watch(after=-1)
    assert stream.next() == ("run", None, {"run": here.hub.run})
    assert stream.next() == ("now", None, {"at": 5, "paused": False, "speed": 1.0, "ended": False})
    assert stream.entries(3) == [0, 1, 2]
    here.hub.publish(entry(3, "cue", cue="hello"))
    assert stream.next() == ("message", 3, {"seq": 3, "at": 3000, "kind": "cue", "cue": "hello"})
    stream.close()


def test_the_time_is_told_again_and_at_once_when_a_clock_may_have_stopped(here, monkeypatch):
    monkeypatch.setattr(site, "TICK", 0.05)
    stream = here.watch()
    assert [stream.until("now")["paused"] for _ in range(3)] == [False] * 3
    here.desk.time = {"at": 9, "paused": True, "speed": 1.0, "ended": False}
    here.hub.publish(entry(0, "operator", action="pause"))
    stream.until("message")
    assert stream.next() == ("now", None, here.desk.time)


def test_the_last_event_wins_over_the_address_and_nonsense_counts_for_nothing(here):
    for number in range(5):
        here.hub.publish(entry(number))
    assert here.watch(after=0, last=3).entries(1) == [4]
    assert here.watch(after=1).entries(3) == [2, 3, 4]
    assert here.watch(after="x", last="y z").entries(5) == [0, 1, 2, 3, 4]
    assert here.watch(after=99999999999999999999).entries(5) == [0, 1, 2, 3, 4]


def test_after_a_lost_connection_nothing_is_lost_and_nothing_comes_twice(here):
    writing = threading.Thread(target=lambda: [here.hub.publish(entry(number)) for number in range(4000)])
    writing.start()
    seen = []
    while len(seen) < 4000:
        stream = here.watch(after=-1, last=seen[-1] if seen else None)
        seen += stream.entries(min(700, 4000 - len(seen)))
        stream.close()  # in the middle of what is still on its way
    writing.join(PATIENCE)
    assert seen == list(range(4000))


def test_announcements_reach_everybody_and_the_newest_waits_for_who_comes_back(here):
    here.hub.publish(entry(0))
    stream = here.watch()
    assert stream.entries(1) == [0]
    here.hub.announce("findings", {"refused": True, "findings": []})
    assert stream.until("findings") == {"refused": True, "findings": []}
    stream.close()
    here.hub.publish(entry(1))
    here.hub.announce("score", {"fingerprint": "a"})
    here.hub.announce("score", {"fingerprint": "b"})
    here.hub.publish(entry(2))
    events = [here_ for here_ in _first(here.watch(last=0), 6) if here_[0] != "now"]
    assert events == [
        ("run", None, {"run": here.hub.run}),
        ("message", 1, entry(1)),
        ("message", 2, entry(2)),
        ("findings", None, {"refused": True, "findings": []}),
        ("score", None, {"fingerprint": "b"}),
    ]
    assert here.watch(last=2).entries(0) == []


def _first(stream, count):
    return [stream.next() for _ in range(count)]


def test_a_reader_who_takes_nothing_is_dropped_and_comes_back_without_a_gap(stood, monkeypatch):
    monkeypatch.setattr(site, "SLOW", 2.0)
    left = threading.Event()
    leave = Hub.leave
    monkeypatch.setattr(Hub, "leave", lambda hub, reader: (leave(hub, reader), left.set()))
    here = stood()
    sleeper = socket.socket()
    sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sleeper.settimeout(PATIENCE)
    sleeper.connect(("127.0.0.1", here.port))
    sleeper.sendall(
        f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\n"
        f"Authorization: Bearer {TOKENS.operator}\r\n\r\n".encode()
    )
    count = 3000
    for number in range(count):
        here.hub.publish(entry(number, message="x" * 8000))
    awake = here.watch()
    assert awake.entries(count) == list(range(count))  # nobody waits for the one who sleeps
    assert left.wait(PATIENCE)
    read = b""
    with contextlib.suppress(OSError):
        while piece := sleeper.recv(65536):
            read += piece
    sleeper.close()
    had = [int(line[4:]) for line in read.split(b"\r\n\r\n", 1)[-1].split(b"\n") if line.startswith(b"id: ")]
    assert len(had) < count
    assert here.watch(last=had[-1] if had else None).entries(count - len(had)) == list(range(len(had), count))


def test_not_everybody_at_once(here, monkeypatch):
    monkeypatch.setattr(site, "MOST", 2)
    streams = [here.watch(), here.watch()]
    assert here.ask("GET", "/api/events")[0] == 503
    left = threading.Event()
    leave = Hub.leave
    monkeypatch.setattr(Hub, "leave", lambda hub, reader: (leave(hub, reader), left.set()))
    streams[0].close()
    assert left.wait(PATIENCE)
    assert here.watch().until("now") == here.desk.time


def test_readers_of_the_cast_take_no_place_of_the_operator(here, monkeypatch):
    monkeypatch.setattr(site, "MOST", 2)
    streams = [here.watch(token=TOKENS.cast) for _ in range(2)]
    code, _, said = here.ask("GET", "/api/events", token=TOKENS.cast)
    assert (code, json.loads(said)["message"]) == (503, "too many pages of the cast look on; close one")
    assert here.watch().until("now") == here.desk.time
    here.hub.publish(entry(0))
    assert [stream.entries(1) for stream in streams] == [[0], [0]]


def test_who_looks_on_and_asks_too_much_is_told_to_wait_and_the_operator_is_not(stood, monkeypatch):
    monkeypatch.setattr(site, "ASKS", (0.001, 3))
    here = stood()
    asked = [here.ask("GET", "/api/actions", token=TOKENS.cast) for _ in range(5)]
    assert [code for code, _, _ in asked] == [200, 200, 200, 429, 429]
    assert json.loads(asked[-1][2])["message"] == "those who look on ask too much at once; wait a second"
    assert here.ask("GET", "/api/actions")[0] == 200
    assert here.press("go") == (200, {"ok": True})


def test_scores_that_the_cast_asks_for_are_not_counted_for_the_operator(stood, monkeypatch):
    monkeypatch.setattr(site, "LOOKS", (0.001, 2))
    here = stood()
    assert [here.ask("GET", "/api/score", token=TOKENS.cast)[0] for _ in range(3)] == [200, 200, 429]
    assert [here.ask("GET", "/api/score")[0] for _ in range(3)] == [200, 200, 429]


def test_scores_that_are_made_for_the_cast_do_not_delay_the_operators(here):
    going, waiting = threading.Event(), threading.Semaphore(0)
    data = here.desk.data

    def score():
        if threading.current_thread().name.startswith("console score for cast"):
            waiting.release()
            assert going.wait(PATIENCE)
        return data

    here.desk.score = score
    ask, for_cast = here.ask, {"token": TOKENS.cast}
    asking = [threading.Thread(target=ask, args=("GET", "/api/score"), kwargs=for_cast) for _ in range(10)]
    for one in asking:
        one.start()
    for _ in range(2):
        assert waiting.acquire(timeout=PATIENCE)
    assert here.ask("GET", "/api/score")[0] == 200
    going.set()
    for one in asking:
        one.join(PATIENCE)


def test_a_program_that_presses_too_much_leaves_the_page_its_presses(stood, monkeypatch):
    monkeypatch.setattr(site, "PRESSES", (0.001, 2))
    here = stood()
    assert [here.press("go")[0] for _ in range(3)] == [200, 200, 429]
    assert here.press("go", token=None, cookie=here.cookie()) == (200, {"ok": True})


def test_where_the_cast_has_taken_all_places_the_operator_comes_in_and_stays(stood, monkeypatch):
    monkeypatch.setattr(server, "MOST", 3)
    here = stood()
    own = here.watch()
    own.until("now")
    cast = [here.watch(token=TOKENS.cast) for _ in range(2)]
    for stream in cast:
        stream.until("now")
    assert here.press("go") == (200, {"ok": True})
    more = [here.watch(token=TOKENS.cast) for _ in range(6)]
    more[-1].until("now")
    here.hub.publish(entry(0))
    assert own.entries(1) == [0]
    assert here.press("panic") == (200, {"ok": True})


@pytest.mark.parametrize("name", ["hello", "quiz", "song"])
def test_a_whole_show_reaches_the_page_as_the_journal_has_it(here, name):
    with contextlib.chdir(Path(__file__).parent.parent / "shows" / name):
        prepared = prepare(f"{name}.show")
    stream = here.watch()
    written_down = []
    playing = threading.Thread(
        target=dry_run,
        args=(prepared.cues, prepared.stage.fixtures, lambda one: written_down.append(line(one)), here.hub.publish),
    )
    playing.start()
    seen = []
    while not seen or seen[-1]["kind"] != "end":
        event = stream.next()
        if event[0] == "message":
            seen.append(event[2])
    playing.join(PATIENCE)
    assert [line(one) for one in seen] == written_down


def test_one_connection_too_many_is_closed_and_the_others_go_on(here, monkeypatch):
    monkeypatch.setattr(server, "MOST", 1)
    stream = here.watch()
    with socket.create_connection(("127.0.0.1", here.port), PATIENCE) as raw, contextlib.suppress(ConnectionError):
        assert raw.recv(10) == b""
    here.hub.publish(entry(0))
    assert stream.entries(1) == [0]


# --- the port, the beginning and the end


def test_a_taken_port_is_said_and_the_next_free_one_is_used(stood):
    first = stood()
    second = stood(port=first.port)
    assert first.port < second.port <= first.port + 20
    assert f"port {first.port} is taken" in second.console.notes[0]
    assert f"the console is at port {second.port}" in second.console.notes[0]
    assert second.ask("GET", "/api/score")[0] == 200


def test_an_address_of_another_machine_is_said():
    wrong = Console(Hub(), Desk(), TOKENS, "203.0.113.7", 0).open()
    assert wrong.startswith("`203.0.113.7` is no address of this machine")
    assert "console: {host: 127.0.0.1}" in wrong


def test_the_end_comes_with_everything_that_was_said_and_leaves_nothing(stood, capfd, monkeypatch):
    monkeypatch.setattr(server, "GRACE", PATIENCE)
    before = threads()
    here = stood()
    streams = [here.watch() for _ in range(3)]
    for stream in streams:
        stream.until("now")
    for number in range(1000):
        here.hub.publish(entry(number))
    here.hub.publish(entry(1000, "end", result="done"))
    closing = threading.Thread(target=here.console.close)  # the streams stay open until they are read
    closing.start()
    for stream in streams:
        entries = [event for event in stream.rest() if event[0] == "message"]
        assert [event[1] for event in entries] == list(range(1001))
    closing.join(PATIENCE)
    assert threads() == before
    with pytest.raises(OSError, match=r".*"):
        socket.create_connection(("127.0.0.1", here.port), 1)
    assert capfd.readouterr() == ("", "")


def test_who_takes_nothing_does_not_keep_the_console_from_ending(stood, monkeypatch):
    monkeypatch.setattr(server, "GRACE", 1)
    before = threads()
    here = stood()
    stream = here.watch()
    stream.until("now")
    for number in range(3000):
        here.hub.publish(entry(number, message="x" * 8000))
    here.hub.publish(entry(3000, "end"))
    here.close()
    assert threads() == before


def test_closing_twice_or_before_opening_is_no_harm(stood):
    Console(Hub(), Desk(), TOKENS).close()
    here = stood()
    here.close()
    here.close()


def test_what_is_published_before_the_console_opens_is_there(stood):
    hub = Hub()
    hub.publish(entry(0))
    hub.announce("standby", {"missing": {"animaze": "start it"}})
    here = stood(hub=hub)
    stream = here.watch()
    assert stream.entries(1) == [0]
    assert stream.until("standby") == {"missing": {"animaze": "start it"}}
    stream.close()


def test_a_connection_that_never_asks_is_closed(stood, monkeypatch):
    monkeypatch.setattr(server, "TO_ASK", 0.05)
    here = stood()
    with socket.create_connection(("127.0.0.1", here.port), PATIENCE) as raw:
        raw.sendall(b"GET / HTT")
        with contextlib.suppress(ConnectionError):
            assert raw.recv(10) == b""


@pytest.mark.parametrize(
    "begun",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\nGET / HTTP/1.1\r\nX: ",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 10000000\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n",
    ],
)
def test_who_trickles_after_an_answer_is_cut_off_too(stood, monkeypatch, begun):
    monkeypatch.setattr(server, "TO_ASK", 0.3)
    here = stood()
    with socket.create_connection(("127.0.0.1", here.port), PATIENCE) as raw, contextlib.suppress(ConnectionError):
        raw.sendall(begun % here.port)
        assert raw.recv(12) == b"HTTP/1.1 403"
        raw.settimeout(0.02)
        ended = time.monotonic() + PATIENCE
        while time.monotonic() < ended:
            raw.sendall(b"x")  # a connection that was cut says so here
            with contextlib.suppress(TimeoutError):
                if not raw.recv(10_000):
                    return
        pytest.fail("it was never cut")


def test_who_only_connects_locks_nobody_out(stood, monkeypatch):
    monkeypatch.setattr(server, "MOST", 5)
    here = stood()
    stream = here.watch()
    with contextlib.ExitStack() as open_:
        for _ in range(50):
            open_.enter_context(socket.create_connection(("127.0.0.1", here.port), PATIENCE))
        assert here.press("panic") == (200, {"ok": True})
    here.hub.publish(entry(0))
    assert stream.entries(1) == [0]


def test_those_of_one_address_leave_room_for_another(stood, monkeypatch):
    monkeypatch.setattr(server, "MOST_FROM_ONE", 2)
    here = stood()
    streams = [here.watch(), here.watch()]
    for stream in streams:
        stream.until("now")
    with socket.create_connection(("127.0.0.1", here.port), PATIENCE) as raw, contextlib.suppress(ConnectionError):
        assert raw.recv(10) == b""
    try:
        other = socket.create_connection(("127.0.0.1", here.port), PATIENCE, source_address=("127.0.0.2", 0))
    except OSError:
        pytest.skip("this machine has one loopback address alone")
    with other:
        head = (
            f"GET /api/score HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\nAuthorization: Bearer {TOKENS.operator}\r\n\r\n"
        )
        other.sendall(head.encode())
        assert other.recv(12) == b"HTTP/1.1 200"


@POSIX
def test_without_room_for_a_file_the_console_waits_in_peace_and_goes_on_as_soon_as_there_is(stood, monkeypatch, capfd):
    accepting = refusals(monkeypatch)
    monkeypatch.setattr("showrunner.wires.door.PAUSE", 0.05)
    here = stood()
    assert here.ask("GET", "/api/score")[0] == 200
    with socket.socket() as late:
        late.settimeout(PATIENCE)
        with no_more_files():
            late.connect(("127.0.0.1", here.port))
            late.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            while len(accepting) < 2:
                threading.Event().wait(0.01)
        assert late.recv(12) == b"HTTP/1.1 403"
    assert here.press("go") == (200, {"ok": True})
    assert capfd.readouterr() == ("", "")


def test_a_head_without_end_is_refused(door):
    with socket.create_connection(("127.0.0.1", door.port), PATIENCE) as raw, contextlib.suppress(OSError):
        raw.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000)
        assert raw.recv(12) in {b"HTTP/1.1 400", b""}
    assert door.ask("GET", "/api/score")[0] == 200


def test_nothing_of_the_console_disturbs_the_terminal(here, capfd):
    for path in ("/", "/nowhere", "/api/score"):
        here.ask("GET", path)
    here.desk.answer = lambda _: 1 / 0
    connection = http.client.HTTPConnection("127.0.0.1", here.port, timeout=PATIENCE)
    connection.request(
        "POST",
        "/api/do",
        '{"action": "go"}',
        {"Authorization": f"Bearer {TOKENS.operator}", "Content-Type": "application/json"},
    )
    assert connection.getresponse().status == 500
    connection.close()
    assert capfd.readouterr() == ("", "")
