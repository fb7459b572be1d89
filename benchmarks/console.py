"""From a journal entry to the changed picture in the console, beside a page that does nothing but show the entry.

Both pages hang on the same kind of server and stream, in the same headless Chromium, and are told in turn. The time is
from handing the entry to the hub until the picture after the one in which the page changed. The console has a show of
10,000 cues; how smoothly its cue list and its timeline scroll is measured too.
Needs Chromium and playwright.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))
from measure import Row, percentiles, ratios, run, share, shown

from tests.browser import Visit, running
from tests.consoling import Standing
from tests.onstage import Script, Told, address, stand

BARE = """<!doctype html><title>bare</title><link rel="icon" href="/page/icon.svg"><p id="state">-</p>
<script type="module" src="/page/bare.js"></script>"""

BARE_SCRIPT = """const state = document.getElementById("state");
new EventSource("/api/events").onmessage = (event) => {
  const entry = JSON.parse(event.data);
  if (entry.kind === "operator") state.textContent = entry.action;
};"""

ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>'

WATCH = """(pictures) => {
  // The console changes while a picture is made, the bare page between two: that is one picture, or two.
  const state = document.getElementById("state");
  const painted = () => window.saw(performance.timeOrigin + performance.now());
  const later = () => requestAnimationFrame(pictures === 1 ? painted : () => requestAnimationFrame(painted));
  new MutationObserver(later).observe(state, {childList: true, characterData: true, subtree: true});
}"""

LOOK = "() => { window.seen = new Promise((done) => { window.saw = done; }); }"

SCROLL = """async ([selector, across]) => {
  const host = document.querySelector(selector);
  const times = [];
  let before = performance.now();
  for (let step = 0; step < 240; step += 1) {
    if (across) host.scrollLeft += 400;
    else host.scrollTop += 400;
    await new Promise((done) => requestAnimationFrame(done));
    const now = performance.now();
    times.push(now - before);
    before = now;
  }
  return times.slice(10);
}"""


def show(cues: int) -> str:
    lines = [f'  at {n}s  animaze emote Emote_Wave for 500ms; log "tick {n}"' for n in range(cues)]
    return "\n".join(["segment all", *lines])


def painted(visit: Visit, standing: Standing, number: int) -> float:
    """Publish a pause or a resume; give the seconds until it could be seen."""
    visit.page.evaluate(LOOK)
    action = "pause" if number % 2 else "resume"
    start = time.time()
    standing.hub.publish({"seq": 1_000_000 + number, "at": 1, "kind": "operator", "action": action, "from": "key"})
    return float(visit.page.evaluate("() => window.seen")) / 1000 - start


def pictures(quick: bool) -> Iterator[Row]:
    """Tell both pages in turn, and scroll the console."""
    runs, cues = (10, 1_000) if quick else (200, 10_000)
    with tempfile.TemporaryDirectory() as folder, running() as browser:
        path = Path(folder, "long.show")
        path.write_text(show(cues), "utf-8")
        script = Script(path)
        bare = Path(folder, "page")
        bare.mkdir()
        for name, text in {"index.html": BARE, "bare.js": BARE_SCRIPT, "icon.svg": ICON}.items():
            (bare / name).write_text(text, "utf-8")
        ours = stand(script, 1)
        ours.desk.time = {"at": 1, "paused": False, "speed": 1.0, "ended": False}
        theirs = Standing(Told(script), page=bare)
        pages = [(Visit(browser, address(one)), one) for one in (ours, theirs)]
        try:
            pages[0][0].page.wait_for_selector('.cue[data-kind="cue"]')
            for pictures, (visit, _) in enumerate(pages, 1):
                visit.page.evaluate(WATCH, pictures)
            times: list[list[float]] = [[], []]
            for number in range(1, runs + 11):
                for index, (visit, standing) in enumerate(pages):
                    visit.page.bring_to_front()
                    taken = painted(visit, standing, number)
                    if number > 10:
                        times[index].append(taken)
            detail = (f"the console: {percentiles(times[0])}", f"a bare page: {percentiles(times[1])}")
            yield Row(f"an entry seen, {cues:,} cues", shown(times[0]), "a bare page", ratios(*times), detail=detail)
            page = pages[0][0].page
            page.bring_to_front()
            for name, host, across in (("cue list", "#cue-rows", False), ("timeline", "#scroller", True)):
                frames = [one / 1000 for one in page.evaluate(SCROLL, [host, across])]
                found = (share(frames, 95) * 60,)
                yield Row(
                    f"{name} scrolled, p95",
                    shown([share(frames, 95)]),
                    "60 a second",
                    found,
                    detail=(percentiles(frames),),
                )
        finally:
            for visit, standing in pages:
                visit.close()
                standing.close()


PARTS = {"console": pictures}

if __name__ == "__main__":
    run(PARTS, __doc__)
