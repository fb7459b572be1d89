"""The site of the documentation: made whole by its one command, with no link that leads nowhere, and tried out.

That every block of its pages is right is in `test_reference.py`.
"""

import functools
import http.server
import sys
import threading
from pathlib import Path

import pytest

from showrunner.diagnostics import codes
from showrunner.show.stage import kinds
from tests import browser

ROOT = Path(__file__).parent.parent
PYODIDE = ROOT / "docs" / "try" / "node_modules" / "pyodide"
FIRST_LOOK = 90_000
"""Milliseconds that Python may take to begin in a browser, on a machine with other work."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("mkdocs", reason="mkdocs-material is not installed")
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        import build

        out = tmp_path_factory.mktemp("docs")
        yield build.made(out, tried=PYODIDE.exists())
    finally:
        sys.path.remove(str(ROOT / "docs"))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_site_has_a_page_for_each_finding_device_and_show(site):
    for code in codes.names():
        assert (site / "findings" / code / "index.html").exists()
    for device in kinds():
        page = (site / "devices" / device.name / "index.html").read_text(encoding="utf-8")
        for verb in device.verbs:
            assert verb.says.partition("`")[0].partition("'")[0] in page
    for show in ROOT.glob("shows/*/"):
        assert (site / "shows" / show.name / "index.html").exists()
        assert (site / "pictures" / f"{show.name}.plan.svg").exists()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_list_for_machines_names_every_page_that_people_wrote(site):
    text = (site / "llms.txt").read_text(encoding="utf-8")
    for page in (ROOT / "docs" / "pages").rglob("*.md"):
        head = page.read_text(encoding="utf-8").rpartition("---\n")[2].strip().partition("\n")[0]
        assert f"[{head.removeprefix('# ')}]" in text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_no_page_fetches_anything_from_elsewhere(site):
    for page in site.rglob("*.html"):
        for mark in ('src="http', "@import url", "@import 'http", 'rel="stylesheet" href="http'):
            assert mark not in page.read_text(encoding="utf-8"), page


@pytest.fixture
def served(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def chromium():
    with browser.running() as found:
        yield found


@pytest.mark.skipif(not PYODIDE.exists(), reason="Pyodide is not installed (`npm ci` in docs/try)")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_who_writes_a_show_in_the_browser_sees_its_findings_its_plan_and_its_stage(served, chromium):
    visit = browser.Visit(chromium, f"{served}/try/")
    page = visit.page
    page.wait_for_function("document.getElementById('try-state').textContent === 'it plays'", timeout=FIRST_LOOK)
    assert "Good evening, I am Rin!" in page.locator("#try-plan").text_content()
    page.locator("#try-text").fill('at 0s  say hapy "<b>hi</b>"\n')
    page.wait_for_function("document.getElementById('try-state').textContent === '1 error'", timeout=FIRST_LOOK)
    assert page.locator("#try-findings li").inner_text().splitlines()[0] == "E306 line 1: `hapy` is not an emotion"
    page.get_by_role("button", name="write it: happy").click()
    mended = "document.getElementById('try-state').textContent === 'it plays; 1 warning'"
    page.wait_for_function(mended, timeout=FIRST_LOOK)
    assert page.locator("#try-text").input_value() == 'at 0s  say happy "<b>hi</b>"\n'
    page.get_by_role("tab", name="Plan").click()
    assert 'say happy "<b>hi</b>"' in page.locator("#try-plan").inner_text()
    assert page.frame_locator("#try-stage").locator("b").count() == 0
    assert visit.complaints == []
    visit.close()


def test_the_one_command_is_told_where_people_look():
    assert "python docs/build.py" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
