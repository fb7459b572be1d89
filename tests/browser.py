"""A browser for tests: the system's Chromium driven by Playwright, and a page that remembers every complaint.

Where one of the two is missing, whoever asks is skipped with the reason.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager

import pytest

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 15_000
"""Milliseconds any one thing is waited for."""


def found():
    """Give the path of a Chromium of this machine, or None."""
    names = (os.environ.get("SHOWRUNNER_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


@contextmanager
def running():
    """Give a browser; skip where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = found()
    if path is None:
        pytest.skip("there is no Chromium here (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(SWITCHES))
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page somebody has opened. ``complaints``: what its console and its scripts complained of."""

    def __init__(self, browser, url, size=None, scheme="dark", **more):
        self.context = browser.new_context(viewport=size or DESK, color_scheme=scheme, reduced_motion="reduce", **more)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(url)

    def _said(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def close(self):
        self.context.close()
