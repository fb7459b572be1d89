"""Requests beside the wires: a key goes only where the user lets it go. Blocks for as long as ``wires.http`` may."""

from __future__ import annotations

import os

from showrunner.devices.vocabulary import Device, Fixture, HttpRequest, Tried
from showrunner.show import allowed
from showrunner.wires import http


def ask(device: Device, request: HttpRequest) -> str | None:
    """Have the program do something; give what was wrong, if anything."""
    refused, to_allow = _permission(device, request)
    return refused or http.ask(request, os.environ, to_allow)


def tried(fixture: Fixture) -> Tried | None:
    """Try the way beside the wire of a device; None where it has none."""
    device = fixture.device
    trial = None if device.trial is None else device.trial(fixture.settings)
    if trial is None or isinstance(trial, str):
        return None if trial is None else Tried(False, trial)
    answers = []
    for request in trial.requests:
        refused, to_allow = _permission(device, request)
        answer = http.Answer(refused) if refused is not None else http.put(request, os.environ, to_allow)
        if answer.wrong is not None:
            return Tried(False, answer.wrong)
        answers.append(answer.said)
    return trial.judge(answers)


def _permission(device: Device, request: HttpRequest) -> tuple[str | None, str | None]:
    """Tell why a request may not be put at all, and what the user writes to let it go further than near."""
    mine, _ = allowed.load()
    refused = allowed.variable_refused(mine, request.key_env, device) or allowed.address_refused(mine, request.url)
    if refused is not None:
        return f"{refused.message}; {refused.help}", None
    return None, None if mine.address(request.url) else allowed.to_allow(request.url)
