"""Trying AITuberKit's HTTP control before an evening: the key, the client id, the page behind it. Changes nothing.

Source: ``GET /api/v1/receivers/`` and ``/api/v1/status/`` of AITuberKit 2.74 (*seen*). A stop is taken for any client
id, so only the list of pages tells whether one would hear of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from showrunner.devices.aituber.control import refused, unable
from showrunner.devices.presence import Trial, Tried
from showrunner.devices.vocabulary import Frame
from showrunner.diagnostics.wording import count, listed, visible

PRESENT = 6_000
"""A page that is open was seen so many milliseconds ago at most; closed, it stays in the list for 90 s."""

MOST = 5
"""So many client ids are named."""


def trial(settings: Mapping[str, Any]) -> Trial | str | None:
    """Give how the control is tried, or why it leads nowhere; None where the stage file names none."""
    api = settings["api"]
    if api is None:
        return None
    client = str(api.get("client", ""))
    if not client:
        return "`api` in the stage file has no `client`"
    wrong = unable(api)
    if wrong is not None:
        return wrong
    pages = {"request": "receivers", "path": "receivers/"}
    state = {"request": "status", "path": "status/", "query": {"clientId": client}}
    return Trial("api", (pages, state), lambda answers: _judge(client, settings["mode"], answers))


def _judge(client: str, mode: str, answers: Sequence[Frame]) -> Tried:
    wrong = next((why for why in map(refused, answers) if why is not None), None)
    if wrong is not None:
        old = any(answer.get("status") == _NOT_FOUND for answer in answers)
        return Tried(False, wrong, "an AITuberKit that is much older than 2.74 has no such control" if old else None)
    pages = _rows(answers[0].get("body"))
    if pages is None:
        return Tried(False, "what answers there is not AITuberKit", "look at `url` of `api` in the stage file")
    names = [str(one.get("configuredClientId") or "") for one in pages]
    mine = names.count(client)
    if not pages:
        return Tried(
            False,
            "the key is right, but AITuberKit knows no page",
            "open or reload its page; it needs the same key in NEXT_PUBLIC_AITUBERKIT_API_KEY when it is built",
        )
    if not mine:
        others = listed((f"`{visible(name)}`" for name in names if name), most=MOST)
        said = f"the key is right, but no page has the client id `{visible(client)}`"
        found = f"there is {others}" if others else "the pages that are open have none"
        return Tried(
            False,
            f"{said}: {found}",
            "write the page's own into `client` of `api`, or set NEXT_PUBLIC_CLIENT_ID in AITuberKit",
        )
    said = f"the key is right, and {count(mine, 'page')} with the client id `{visible(client)}` {_are(mine)} there"
    told = answers[1].get("body")
    status = told.get("status") if isinstance(told, dict) else None
    state = status if isinstance(status, dict) else {}
    if state.get("messageReceiverEnabled") is False:
        return Tried(
            False,
            f"{said}, but its message receiver is off",
            "switch it on in the page's settings, or set NEXT_PUBLIC_MESSAGE_RECEIVER_ENABLED=true in AITuberKit",
        )
    linked = state.get("externalLinkageMode")
    if isinstance(linked, bool) and mode != "connect" and linked != (mode == "serve"):
        said = f"{said}, but its External Linkage is {'on' if linked else 'off'}"
        return Tried(False, said, f"switch it {'off' if linked else 'on'}, or write `mode: {_OTHER[mode]}` here")
    if mine > 1:
        return Tried(
            False, f"{said}, of which only one hears of a stop", "close the other, or give it another client id"
        )
    return Tried(True, said)


_NOT_FOUND = 404

_OTHER = {"serve": "http", "http": "serve"}


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _rows(said: Any) -> list[dict[str, Any]] | None:
    """Give the pages that are there; None: this is no list of them."""
    listed = said.get("receivers") if isinstance(said, dict) else None
    if not isinstance(listed, list):
        return None
    rows = [one for one in listed if isinstance(one, dict)]
    newest = max((_seen(one) for one in rows), default=0)
    return [one for one in rows if _seen(one) >= newest - PRESENT]


def _seen(row: dict[str, Any]) -> float:
    at = row.get("lastSeenAt")
    return at if isinstance(at, int | float) else 0
