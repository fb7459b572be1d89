"""A deck on AITuberKit's page: loaded, presented, moved, and how each of that is known to be over. For the driver.

AITuberKit answers that it has put a command into a list, and never that it was done: its events tell, and where none
comes, its status is asked. Source: the device's README, "Decks".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from showrunner.devices.aituber.control import NOT_HEARD, Control, Errand, Told
from showrunner.devices.aituber.decks import Deck
from showrunner.devices.vocabulary import Command, Condition, Ended, Frame, Happened, Output

LOADED_WITHIN, MOVED_WITHIN, UNLOADED_WITHIN = 10_000_000, 3_000_000, 5_000_000
"""When the status is asked, if no event has told the end (microseconds)."""

STUCK = 10_000_000
"""A deck that plays, and of which nothing sounds or changes for so long, is stuck (microseconds)."""

LONGEST_SENTENCE = 60_000_000
"""No sentence sounds longer than this (microseconds)."""

BIG = 10_000_000
"""So long it may take to hand over a deck (microseconds); it may have 5 MB."""

TWINS = 5_000_000
"""A page reports each thing under two ids, so far apart at most (microseconds; up to 4 s were seen)."""

NEWS: Mapping[str, str] = {
    "slide_changed": "slide",
    "section_paused": "section-end",
    "presentation_completed": "deck-end",
    "presentation_error": "deck-error",
}
"""What AITuberKit calls the events of the table."""

OVER = frozenset({"section_paused", "presentation_completed", "presentation_paused"})
"""What ends a `present`."""

BEGUN = frozenset({"presentation_started", "commands_fetched"})

DEAD = (
    "the deck plays, but nothing sounds and no slide comes: a stop while sentences were waiting does that to "
    "AITuberKit's page, until it is reloaded. Reload it, and say `present` again"
)

MAY_BE_DEAD = (
    "after this stop the page may no longer go from slide to slide by itself (AITuberKit counts the sentences that "
    "were dropped): reload it before the next `present`"
)

_FIELDS = {"slideId": "slide", "sectionId": "section", "presentationId": "deck", "revision": "revision"}


@dataclass(slots=True)
class _Job:
    """What is under way: which command, until when (``due``) its end is waited for before the status is asked.

    ``slide``: where it leads, if that is known; ``was``: where the deck stood. ``begun``: the page has taken it up, so
    that what it reports is about it. ``revision`` of what is loaded, 0 before it is known; ``left``: so many reports of
    an end are still to come. ``sounding``: since when a sentence sounds.
    """

    errand: Errand
    verb: str
    due: int | None = None
    deck: Deck | None = None
    revision: int = 0
    slide: str | None = None
    was: str | None = None
    begun: bool = False
    left: int = 1
    sounding: int | None = None


class Slides:
    """The deck of one page (see the module). ``documents``: the decks of the show, by their paths."""

    def __init__(self, control: Control, documents: Mapping[str, Any]) -> None:
        self._control = control
        self._documents = documents
        self._deck: Deck | None = None
        self._revision: int | None = None
        self._slide: str | None = None
        self._state = ""
        self._job: _Job | None = None
        self._twins: list[tuple[int, str, tuple[Any, ...]]] = []  # when, under which id, what

    @property
    def playing(self) -> bool:
        """Whether a deck plays, so that a stop alone would not stop it."""
        return self._state == "playing" or (self._job is not None and self._job.verb == "present")

    @property
    def presents(self) -> Errand | None:
        """The `present` under way."""
        return self._job.errand if self._job is not None and self._job.verb == "present" else None

    @property
    def deadline(self) -> int | None:
        """The next instant at which an end is asked for."""
        return None if self._job is None else self._job.due

    # --- what is asked

    def command(self, errand: Errand, command: Command, now: int) -> list[Output]:
        """Begin one of the deck's commands."""
        verb = command.verb.name
        if verb == "pause":
            return [self._asks(errand, "pause", self._accepted(errand))]
        job = self._job = _Job(errand, verb, deck=self._deck, was=self._slide)
        match verb:
            case "deck":
                return self._load(job, str(command.get("FILE")))
            case "present":
                return self._present(job, command, now)
            case "slide":
                return self._go(job, str(command.get("SLIDE")), now)
            case "next" | "back":
                beside = self._deck.beside(self._slide or "", 1 if verb == "next" else -1) if self._deck else None
                job.slide = None if beside is None else beside.id
                job.due = now + MOVED_WITHIN
                return [self._asks(errand, "next_slide" if verb == "next" else "previous_slide", self._taken(job))]
            case "unload":
                job.due, job.left = now + UNLOADED_WITHIN, 2
                return [self._asks(errand, "unload", self._unloading(job))]
            case "hide":
                return [self._asks(errand, "hide", self._accepted(errand))]
        return [self._asks(errand, "show", self._showing(job))]

    def _asks(self, errand: Errand | None, action: str, then: Any, **more: Any) -> Output:
        body = {"clientId": self._control.client, "action": action, **more}
        return self._control.ask("POST", "presentation/control/", then, errand=errand, body=body)

    def _accepted(self, errand: Errand) -> Any:
        """A command that is over when it is taken."""

        def then(_: Frame, wrong: str | None, __: int) -> list[Output]:
            if self._job is not None and self._job.errand is errand:
                self._job = None
            return [errand.accept(ok=wrong is None, reason=wrong)]

        return then

    def _taken(self, job: _Job) -> Any:
        """A command whose end the page reports, once it is taken."""

        def then(_: Frame, wrong: str | None, __: int) -> list[Output]:
            if wrong is not None:
                return self._refuse(job, wrong)
            return [job.errand.accept()]

        return then

    def _refuse(self, job: _Job, wrong: str) -> list[Output]:
        if self._job is job:
            self._job = None
        return [job.errand.accept(ok=False, reason=wrong)]

    # --- a deck is loaded

    def _load(self, job: _Job, path: str) -> list[Output]:
        deck = self._documents.get(path)
        if not isinstance(deck, Deck):
            return self._refuse(job, f"the deck {path} was not loaded when the show began")
        job.deck = deck

        def stored(frame: Frame, wrong: str | None, now: int) -> list[Output]:
            if frame.get("status") != _NOT_FOUND and wrong is not None:
                return self._refuse(job, wrong)
            return self._put(job, deck, _revision(frame.get("body")) + 1, now)

        return [self._control.ask("GET", f"presentations/{deck.id}/", stored, errand=job.errand)]

    def _put(self, job: _Job, deck: Deck, revision: int, _: int, *, again: bool = True) -> list[Output]:
        def put(frame: Frame, wrong: str | None, now: int) -> list[Output]:
            newer = _revision(frame.get("body"))
            if frame.get("status") == _CONFLICT and again and newer >= revision:
                return self._put(job, deck, newer + 1, now, again=False)
            if wrong is not None:
                return self._refuse(job, wrong)
            job.revision, job.due = revision, now + LOADED_WITHIN
            # Never `autoStart`: it does not start here, but at every load of the page.
            body = {"clientId": self._control.client, "revision": revision, "autoStart": False}
            path = f"presentations/{deck.id}/activate/"
            return [self._control.ask("POST", path, self._taken(job), errand=job.errand, body=body)]

        path = f"presentations/{deck.id}/"
        return [self._control.ask("PUT", path, put, errand=job.errand, body=deck.frame(revision), within=BIG)]

    # --- it is presented, or moved

    def _present(self, job: _Job, command: Command, now: int) -> list[Output]:
        if self._control.events is None:
            return self._refuse(job, NOT_HEARD)
        job.due = now + STUCK
        if "next section" in command.verb.form:
            return [self._asks(job.errand, "next_section", self._taken(job))]
        wanted = command.get("SLIDE")
        if wanted is not None:
            target = self._target(str(wanted))
            if isinstance(target, str):
                return self._refuse(job, target)
            return [self._asks(job.errand, "goto", self._taken(job), target=target, speak=True)]
        if self._state != "completed":
            return [self._asks(job.errand, "start", self._taken(job))]

        def reset(_: Frame, wrong: str | None, __: int) -> list[Output]:
            if wrong is not None:
                return self._refuse(job, wrong)
            return [self._asks(job.errand, "start", self._taken(job))]

        # A deck that is over would speak its last slide again.
        return [self._asks(job.errand, "reset", reset)]

    def _go(self, job: _Job, wanted: str, now: int) -> list[Output]:
        target = self._target(wanted)
        if isinstance(target, str):
            return self._refuse(job, target)
        there = self._slide == wanted and self._state not in {"", "ready"}
        job.slide, job.due = wanted, now + MOVED_WITHIN

        def taken(_: Frame, wrong: str | None, __: int) -> list[Output]:
            if wrong is not None:
                return self._refuse(job, wrong)
            # Of a slide at which the deck stands nothing is reported.
            return [job.errand.accept(), *(self._end(job) if there and self._job is job else [])]

        return [self._asks(job.errand, "goto", taken, target=target)]

    def _target(self, slide: str) -> Frame | str:
        """Give where a slide is, or say that it is nowhere: what AITuberKit does not find puts its page into error."""
        if self._deck is None:
            return "no deck of this show is loaded: `deck` comes first"
        found = self._deck.find(slide)
        if found is None:
            return f"the deck {self._deck.id} has no slide {slide}"
        return {"sectionId": found.section, "slideId": found.id}

    def _showing(self, job: _Job) -> Any:
        """Show the slides again. The page shows the first one then, until the slide changes: so go away and back."""
        here = self._deck.find(self._slide or "") if self._deck is not None else None
        away = None
        if self._deck is not None and here is not None:
            away = self._deck.beside(here.id, 1) or self._deck.beside(here.id, -1)
        way = [] if here is None or away is None else [away, here]

        def then(_: Frame, wrong: str | None, __: int) -> list[Output]:
            if wrong is not None:
                return self._refuse(job, wrong)
            if way:
                one = way.pop(0)
                return [self._asks(job.errand, "goto", then, target={"sectionId": one.section, "slideId": one.id})]
            if self._job is job:
                self._job = None
            return [job.errand.accept()]

        return then

    def _unloading(self, job: _Job) -> Any:
        def then(frame: Frame, wrong: str | None, _: int) -> list[Output]:
            if frame.get("status") == _CONFLICT:  # there is none
                note = Condition("note", "there was no deck to unload", job.errand.id)
                return [job.errand.accept(), *self._end(job), note]
            if wrong is not None:
                return self._refuse(job, wrong)
            return [job.errand.accept()]

        return then

    # --- what it tells

    def told(self, told: Told, now: int) -> list[Output]:
        """Take in an event of our page: the end of what is under way, and what the show may wait for."""
        if told.kind == "commands_fetched":
            return self._ended(told, now)
        if not told.kind.startswith(("presentation_", "slide_", "section_")):
            return []
        if told.kind == "presentation_unloaded" and told.about == self._control.client:
            return self._ended(told, now)  # twice under one id, once when it is asked for
        if self._is_twin(told, now):
            return []
        outputs = self._ended(told, now)
        slide = told.text("slideId")
        if told.kind != "presentation_registered":
            self._state = told.text("state") or self._state
            self._slide = slide or self._slide
        name = NEWS.get(told.kind)
        if name is None or (name == "slide" and slide is None):  # while it is being loaded none is said
            return outputs
        fields = {ours: told.payload.get(theirs) for theirs, ours in _FIELDS.items()} | {"state": told.text("state")}
        said = {key: one for key, one in fields.items() if isinstance(one, str | int) and not isinstance(one, bool)}
        return [*outputs, Happened(name, said)]

    def _is_twin(self, told: Told, now: int) -> bool:
        """Tell whether this is the other report of what was told already."""
        what = (told.kind, *(told.payload.get(key) for key in (*_FIELDS, "state")))
        self._twins = [one for one in self._twins if now - one[0] < TWINS]
        for one in self._twins:
            if one[1] != told.about and one[2] == what:
                self._twins.remove(one)
                return True
        self._twins.append((now, told.about, what))
        return False

    def _ended(self, told: Told, now: int) -> list[Output]:
        """Tell whether that is the end of what is under way."""
        job = self._job
        if job is None:
            return []
        about, slide = told.text("presentationId"), told.text("slideId")
        match job.verb:
            case "deck":
                loaded = told.kind == "presentation_loaded" and job.deck is not None and about == job.deck.id
                if loaded and job.revision and told.payload.get("revision") == job.revision:
                    return self._end(job)
            case "present":
                return self._presenting(job, told, now)
            case "slide" if told.kind == "slide_changed" and slide == job.slide:
                return self._end(job)
            case "next" | "back" if told.kind == "slide_changed" and slide not in {None, job.was}:
                return self._end(job)
            case "unload" if told.kind == "presentation_unloaded":
                job.left -= 1 if told.about == self._control.client else job.left
                return self._end(job) if job.left <= 0 else []
        if told.kind == "presentation_error" and job.verb in {"deck", "slide", "next", "back"}:
            return self._end(job, "failed", "AITuberKit's page could not do it, and loads the deck again")
        return []

    def _presenting(self, job: _Job, told: Told, now: int) -> list[Output]:
        if told.kind in BEGUN:
            job.begun, job.due = True, now + STUCK
        elif told.kind == "slide_changed":
            job.begun = job.begun or told.text("state") == "playing"
            job.due = now + STUCK
        elif told.kind == "presentation_error":
            return self._end(job, "failed", "AITuberKit's page could not do it, and loads the deck again")
        elif told.kind == "presentation_unloaded":
            return self._end(job, "cancelled", "the deck was unloaded in AITuberKit")
        elif told.kind == "presentation_loaded" and job.begun:
            same = self._deck is not None and told.text("presentationId") == self._deck.id
            same = same and told.payload.get("revision") == self._revision
            if same:
                return self._end(job, "failed", "AITuberKit's page was loaded anew: say `present` again")
            return self._end(job, "cancelled", "another deck was loaded in AITuberKit")
        elif told.kind in OVER and job.begun:
            return self._end(job)
        return []

    def sounded(self, now: int, *, begins: bool) -> None:
        """Note that a sentence begins to sound, or has ended: while it does, a deck that plays is not stuck."""
        job = self._job
        if job is not None and job.verb == "present":
            job.begun = True
            job.sounding = now if begins else None
            job.due = now + (LONGEST_SENTENCE if begins else STUCK)

    def _end(
        self, job: _Job, result: Literal["done", "failed", "cancelled"] = "done", reason: str | None = None
    ) -> list[Output]:
        self._job = None
        if result == "done" and job.verb == "deck":
            self._deck, self._revision, self._slide, self._state = job.deck, job.revision, None, "paused"
        elif result == "done" and job.verb == "unload":
            self._deck = self._revision = self._slide = None
            self._state = "unassigned"
        return [Ended(job.errand.id, job.errand.attempt, result, reason)]

    # --- what is asked where nothing is told

    def elapsed(self, now: int) -> list[Output]:
        """Ask how it stands, where no event has told it in time."""
        job = self._job
        if job is None or job.due is None or job.due > now:
            return []
        job.due = None

        def status(frame: Frame, wrong: str | None, then: int) -> list[Output]:
            if self._job is not job:
                return []
            return self._stands(job, frame.get("body"), wrong, then)

        query = {"clientId": self._control.client}
        return [self._control.ask("GET", "presentation/status/", status, query=query)]

    def _stands(self, job: _Job, body: Any, wrong: str | None, now: int) -> list[Output]:
        """Judge what is under way by the page's status."""
        said = body.get("actual") if isinstance(body, dict) else None
        actual: Mapping[str, Any] = said if isinstance(said, dict) else {}
        state, slide = actual.get("state"), actual.get("slideId")
        here = (actual.get("presentationId"), actual.get("revision"))
        done, reason = False, wrong
        match job.verb:
            case "deck":
                done = job.deck is not None and here == (job.deck.id, job.revision) and state not in _NOT_THERE
                reason = reason or (
                    "no page has loaded it: is AITuberKit's page open, and is `client` of `api` its client id?"
                )
            case "present":
                if wrong is None and state == "playing":
                    sounding = job.sounding is not None and now - job.sounding < LONGEST_SENTENCE
                    if sounding:
                        job.due = now + STUCK
                        return []
                    return self._end(job, "failed", DEAD)
                done = state in {"section_paused", "completed"} or (state == "paused" and job.begun)
                reason = reason or f"AITuberKit did not begin to present: its deck is {state or 'unknown'}"
            case "unload":
                done = state in {None, "unassigned"}
                reason = reason or "AITuberKit's page has not unloaded it"
            case "slide":
                done = slide == job.slide
                reason = reason or f"AITuberKit did not come to the slide {job.slide}"
            case _:
                done = slide != job.was or (job.slide is None and job.deck is not None)
                reason = reason or "AITuberKit did not come to another slide"
        if wrong is not None or not done:
            return self._end(job, "failed", reason)
        if isinstance(slide, str):
            self._slide = slide
        self._state = str(state or self._state)
        at_end = job.verb in {"next", "back"} and slide == job.was
        note = "there is no further slide" if at_end else "no event told that it is over; the status was asked"
        return [*self._end(job), Condition("note", note, job.errand.id)]

    # --- silence

    def forget(self, id: int, attempt: int) -> list[Output]:
        """Note that a command was given up; a deck that plays on would speak into the next line."""
        job = self._job
        if job is None or (job.errand.id, job.errand.attempt) != (id, attempt):
            return []
        self._job = None
        self._control.drop(job.errand)
        return [self._asks(None, "pause", lambda _, __, ___: [])] if job.verb == "present" else []

    def silenced(self) -> list[Output]:
        """Answer a `present` that is cut."""
        job = self._job
        if job is None or job.verb != "present":
            return []
        self._job = None
        if not job.errand.accepted:
            self._control.drop(job.errand)
            answered = job.errand.accept()
            return [answered, Ended(job.errand.id, job.errand.attempt, "cancelled")]
        return [Ended(job.errand.id, job.errand.attempt, "cancelled")]

    def lost(self) -> None:
        """Note that what was under way has failed with the connection."""
        self._job = None

    def pause(self, then: Any) -> Output:
        """Have the deck stand, before a stop: a stop alone goes on with the next slide."""
        return self._asks(None, "pause", then)


_NOT_FOUND, _CONFLICT = 404, 409

_NOT_THERE = frozenset({None, "unassigned", "loading", "error"})


def _revision(body: Any) -> int:
    """Find the revision that AITuberKit has of a deck in an answer; 0: none."""
    holder: Mapping[str, Any] = body if isinstance(body, dict) else {}
    inner = [one for key in ("presentation", "manifest", "details") if isinstance(one := holder.get(key), dict)]
    for one in (holder, *inner):
        for key in ("storedRevision", "revision"):
            if isinstance(found := one.get(key), int) and not isinstance(found, bool) and found > 0:
                return found
    return 0
