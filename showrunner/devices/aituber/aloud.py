"""What is spoken over AITuberKit's HTTP control: a line (`speak`), an answer of its AI (`ask`). For the driver.

No request reports its own end; the page tells which sentences sound, and not for which request. So a line is over when
all its words have sounded, or when nothing has for a while. Source: the device's README, "Speech over HTTP".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from showrunner.devices.aituber.control import NOT_HEARD, Control, Errand
from showrunner.devices.vocabulary import Answered, Condition, Ended, Frame, Happened, Output, Send, Terms

BETWEEN = 2_000_000
"""So long a page may take from one sentence to the next (microseconds): its voice is made meanwhile."""

BEGINS = 5_000_000
"""A line of which nothing sounds so long after it was taken was not heard (microseconds)."""

THINKS = 60_000_000
"""So long an AI may take for its answer (microseconds)."""

NOT_HEARD_LINE = "nothing sounded: is AITuberKit's page open, was it clicked, and is its voice engine running?"

_BRACKETS = str.maketrans("[]", "()")
_TAG = re.compile(r"\[[^\[\]\n]*\]")


def tagged(parts: Sequence[tuple[str, str]], pose: str | None) -> str:
    """Give what is posted of a line: its faces and its pose as AITuberKit's tags.

    What looks like a tag in the text itself is none: it would be taken off the text.
    """
    faces = [f"[{emotion}]{text.translate(_BRACKETS)}" for emotion, text in parts if text.strip()]
    # A tag holds up to the end of its line.
    return ("" if pose is None else f"[motion:{pose.translate(_BRACKETS)}]") + "\n".join(faces)


def _words(text: str) -> str:
    """Give what of a text can be compared: letters and digits, without tags."""
    return "".join(character for character in _TAG.sub("", text) if character.isalnum()).casefold()


@dataclass(slots=True)
class _Line:
    """A line under way. ``words``: all that are to sound, None where they are not known; ``spoken``: those that have.

    ``sounding``: a sentence does; ``heard``: one did. ``waits``: for the AI's answer. ``due``: when something is done
    about it, unless something sounds before.
    """

    errand: Errand
    words: str | None = None
    spoken: str = ""
    interaction: str | None = None
    token: str = ""
    sounding: bool = False
    heard: bool = False
    waits: bool = False
    answer: str | None = None
    due: int | None = None


class Aloud:
    """The one line that is spoken over HTTP (see the module)."""

    def __init__(self, control: Control, terms: Terms) -> None:
        self._control = control
        self._session = f"showrunner-{terms.seed}"[:200]
        self._seed = terms.seed
        self._key = next(iter(terms.secrets.values()), "")
        self._url: Any = terms.settings.get("answers")
        self._line: _Line | None = None

    @property
    def speaks(self) -> Errand | None:
        """The line under way."""
        return None if self._line is None else self._line.errand

    @property
    def deadline(self) -> int | None:
        """The next instant at which a line may be over."""
        return None if self._line is None else self._line.due

    def speak(self, errand: Errand, parts: Sequence[tuple[str, str]], pose: str | None) -> list[Output]:
        """Post a line. All of a show have one session: a page throws away what waits of another one."""
        text = tagged(parts, pose)
        line = self._line = _Line(errand, _words(" ".join(text for _, text in parts)))
        if self._control.events is None:
            return self._refuse(line, NOT_HEARD)
        body = {"clientId": self._control.client, "text": text, "speechSessionId": self._session}
        return [self._control.ask("POST", "speak/", self._taken(line, BEGINS), errand=errand, body=body)]

    def ask(self, errand: Errand, question: str) -> list[Output]:
        """Have the AI asked, and be told its answer."""
        name = f"{self._seed}-{errand.id}-{errand.attempt}"
        interaction = re.sub(r"[^A-Za-z0-9_-]", "_", name)[-128:]
        # Nobody else on this machine can tell us an answer: the key is in it, and cannot be read off it.
        token = hashlib.sha256(f"{self._key} {interaction}".encode()).hexdigest()
        line = self._line = _Line(errand, interaction=interaction, token=token, waits=True)
        if self._control.events is None:
            return self._refuse(line, NOT_HEARD)
        if not self._url:
            return self._refuse(line, "no `answers` in the stage file: nobody could tell the answer")
        callback = {"url": self._url, "interactionId": interaction, "token": token}
        body = {"clientId": self._control.client, "text": question, "mode": "ai_generate", "responseCallback": callback}
        taken = self._taken(line, THINKS)
        return [self._control.ask("POST", "chat/", taken, errand=errand, body=body, secrets=(token,))]

    def _taken(self, line: _Line, within: int) -> Any:
        def then(_: Frame, wrong: str | None, now: int) -> list[Output]:
            if wrong is not None:
                return self._refuse(line, wrong)
            if self._line is line and line.due is None and not line.sounding:
                line.due = now + within
            return [line.errand.accept()]

        return then

    def _refuse(self, line: _Line, wrong: str) -> list[Output]:
        if self._line is line:
            self._line = None
        return [line.errand.accept(ok=False, reason=wrong)]

    # --- the AI has answered

    def answered(self, connection: int, frame: Frame, now: int) -> tuple[tuple[str, ...], list[Output]]:
        """Take in what AITuberKit's server tells of an answer; gives the secrets in it, too."""
        said = frame.get("body")
        body = said if isinstance(said, dict) else {}
        token, line = str(body.get("token") or ""), self._line
        known = line is not None and line.interaction is not None and line.interaction == body.get("interactionId")
        right = known and line is not None and line.token == token
        status = 200 if right else 403 if known else 404
        reply: Frame = {"request": frame.get("request"), "status": status, "body": {"ok": right}}
        outputs: list[Output] = [Send(reply, connection=connection, way="answers")]
        secrets = (token,) if token else ()
        if not right or line is None or not line.waits:
            return secrets, outputs
        result, text = str(body.get("status")), body.get("content")
        fields = {"text": text if isinstance(text, str) else "", "status": result, "interaction": body["interactionId"]}
        happened = Happened("answer", fields)
        line.waits = False
        if result != "completed" or not isinstance(text, str):
            why = "AITuberKit's AI had no answer" if result == "empty" else str(body.get("error") or "its AI failed")
            return secrets, [*outputs, *self._end("failed", why), happened]
        line.answer, line.words = text, _words(text)
        if not line.sounding:
            line.due = now + (BETWEEN if line.heard else BEGINS)
        return secrets, [*outputs, happened]

    # --- what sounds

    def sounded(self, text: str | None, now: int, *, begins: bool) -> list[Output]:
        """Note that a sentence begins to sound, or has ended."""
        line = self._line
        if line is None:
            return []
        if begins:
            line.sounding = line.heard = True
            line.due = None
            line.spoken += _words(text or "")
            return []
        line.sounding = False
        if line.spoken == line.words:
            return self._end()
        line.due = now + (THINKS if line.waits else BETWEEN)
        return []

    def ended(self) -> list[Output]:
        """Note that the page says it speaks no more."""
        line = self._line
        return self._end() if line is not None and line.heard and not line.sounding and not line.waits else []

    def elapsed(self, now: int) -> list[Output]:
        """Nothing has sounded for a while: a line is over, or was not heard."""
        line = self._line
        if line is None or line.due is None or line.due > now:
            return []
        if line.waits:
            return self._end("failed", "AITuberKit's AI has not answered in time")
        if line.heard:
            return self._end()
        if line.answer is not None:
            note = Condition("note", f"the answer came, and {NOT_HEARD_LINE}", line.errand.id, unheard=True)
            return [*self._end(), note]
        return self._end("failed", NOT_HEARD_LINE)

    def _end(self, result: Any = "done", reason: str | None = None) -> list[Output]:
        line, self._line = self._line, None
        if line is None:
            return []
        answer = line.answer if result == "done" else None
        return [Ended(line.errand.id, line.errand.attempt, result, reason, answer)]

    # --- silence

    def forget(self, id: int, attempt: int) -> None:
        """Note that a line was given up."""
        line = self._line
        if line is not None and (line.errand.id, line.errand.attempt) == (id, attempt):
            self._line = None
            self._control.drop(line.errand)

    def silenced(self) -> list[Output]:
        """Answer a line that is cut."""
        line, self._line = self._line, None
        if line is None:
            return []
        outputs: list[Output] = []
        if not line.errand.accepted:
            self._control.drop(line.errand)
            outputs.append(Answered(line.errand.id, line.errand.attempt, ok=True))
        return [*outputs, Ended(line.errand.id, line.errand.attempt, "cancelled")]

    def lost(self) -> None:
        """Note that what was under way has failed with the connection."""
        self._line = None
