"""Documents: files of a show that a device reads, and the names that they bring along."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from showrunner.devices.aituber.decks import Deck, read
from showrunner.diagnostics import codes
from showrunner.show.documents import LARGEST
from showrunner.show.prepare import Prepared, prepare
from tests.disk import LINKS

STAGE = """devices:
  aituber:
    api: {url: http://localhost:3000, client: studio, key-env: AITUBERKIT_API_KEY}
"""

SLIDE = {"id": "w1", "markdown": "# Weather\n\nSunny, 20 < 25 > 15 <!-- warm -->", "narration": "The weather is fine."}
NEWS = {
    "presentationId": "news",
    "title": "News",
    "sections": [
        {"id": "weather", "title": "Weather", "slides": [SLIDE, {**SLIDE, "id": "w2", "speechText": "[sad]Rain."}]},
        {"id": "sport", "title": "Sport", "slides": [{"id": "s1", "markdown": "# Sport"}]},
    ],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    show = tmp_path / "show"
    (show / "slides").mkdir(parents=True)
    (show / "stage.yaml").write_text(STAGE, "utf-8")
    (show / "slides" / "news.json").write_text(json.dumps(NEWS), "utf-8")
    (show / "slides" / "broken.json").write_text("{", "utf-8")
    (show / "slides" / "wide.json").write_text(json.dumps(NEWS), "utf-16")
    (show / "slides" / "large.json").write_bytes(b" " * (LARGEST + 1))
    (tmp_path / "news.json").write_text(json.dumps(NEWS), "utf-8")
    monkeypatch.chdir(show)
    return show


def checked(text: str, before: Prepared | None = None) -> Prepared:
    Path("a.show").write_text(text, "utf-8")
    return prepare("a.show", before=before)


def found(text: str) -> list[tuple[str, str | None]]:
    return [(one.code, one.help) for one in checked(text).findings]


@pytest.mark.parametrize("code", ["E240", "E241"])
@pytest.mark.usefixtures("folder")
def test_the_page_of_a_code_shows_what_yields_it_and_what_does_not(code: str) -> None:
    page = codes.page(code)
    assert page is not None
    assert [one.code for one in checked(page.wrong).findings] == [code]
    assert checked(page.right).findings == ()


@pytest.mark.parametrize(
    ("path", "code", "help_"),
    [
        ("slides/nwes.json", "E240", "did you mean `slides/news.json`?"),
        ("../news.json", "E240", "put the file below the show's folder and write the path from there"),
        ("/news.json", "E240", "put the file below the show's folder and write the path from there"),
        ("slides\\\\news.json", "E240", "write `slides/news.json`"),
        ("slides", "E240", "name a file below the show's folder"),
        ("slides/large.json", "E240", "make it smaller"),
        ("slides/wide.json", "E240", "save it as UTF-8"),
        ("", "E240", "write its path from the folder of the script, in quotes"),
        ("slides/broken.json", "E241", "mend the file: `showrunner explain E241` shows a right one"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_document_that_cannot_be_had_is_a_finding_where_it_is_named(path: str, code: str, help_: str) -> None:
    assert found(f'at 0s aituber deck "{path}"\n') == [(code, help_)]


@pytest.mark.skipif(not LINKS, reason="no links can be made here")
def test_a_link_that_leads_out_of_the_folder_is_not_followed(folder: Path) -> None:
    (folder / "slides" / "far.json").symlink_to(folder.parent / "news.json")
    assert found('at 0s aituber deck "slides/far.json"\n') == [("E240", "copy the file into the show's folder")]


@pytest.mark.usefixtures("folder")
def test_the_slides_of_a_deck_are_known_wherever_the_show_names_one() -> None:
    text = 'at 0s aituber deck "slides/news.json"\nthen aituber slide {}\nthen wait for aituber slide {} within 5s\n'
    assert found(text.format("w2", "s1")) == []
    assert found(text.format("w3", "s1")) == [("E308", "did you mean `w2`?")]
    assert found(text.format("w2", "s2")) == [("E308", "did you mean `s1`?")]


@pytest.mark.usefixtures("folder")
def test_without_a_deck_no_slide_is_judged() -> None:
    assert found("at 0s aituber slide w9\n") == []


def test_a_deck_that_was_saved_is_read_anew(folder: Path) -> None:
    text = 'at 0s aituber deck "slides/news.json"\nthen aituber slide extra\n'
    first = checked(text)
    assert [one.code for one in first.findings] == ["E308"]
    assert "slides/news.json" in first.files
    more = {**NEWS, "sections": [{"id": "more", "title": "More", "slides": [{"id": "extra", "markdown": "#"}]}]}
    (folder / "slides" / "news.json").write_text(json.dumps(more), "utf-8")
    second = checked(text, first)
    assert second.findings == ()
    deck = second.fixtures["aituber"].settings["documents"]["slides/news.json"]
    assert isinstance(deck, Deck)
    assert [slide.id for slide in deck.slides] == ["extra"]
    assert second.texts["slides/news.json"] == json.dumps(more)


@pytest.mark.usefixtures("folder")
def test_a_section_is_as_long_as_its_narrations_and_a_slide_as_what_follows_up_to_where_the_deck_stands() -> None:
    lists = checked('at 0s aituber deck "slides/news.json"\n').inventories["aituber"]
    fine, rain, between = 1_417_000, 417_000, 300_000
    assert {one.name: one.length for one in lists["slides"]} == {
        "w1": fine + between + rain + between,
        "w2": rain + between,
        "s1": 0,
    }
    assert [(one.name, one.length) for one in lists["sections"]] == [("weather", 2_434_000), ("sport", 0)]


def deck(**slide: object) -> str:
    section = {"id": "a", "title": "A", "slides": [{"id": "x", "markdown": "#", **slide}]}
    return json.dumps({"presentationId": "d", "title": "D", "sections": [section]})


def test_what_a_deck_leaves_out_is_filled_in_and_its_revision_is_ours() -> None:
    made = read(json.dumps({**NEWS, "revision": 7}))
    assert isinstance(made, Deck)
    frame = made.frame(3)
    assert (frame["schemaVersion"], frame["revision"], frame["createdAt"]) == (1, 3, "1970-01-01T00:00:00Z")
    assert [(one.id, one.section, one.stands) for one in made.slides] == [
        ("w1", "weather", False),
        ("w2", "weather", True),
        ("s1", "sport", True),
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "this is no JSON, line 1"),
        ("[" * 100_000, "this is no JSON"),
        ("[]", "this is no deck: a JSON object with `presentationId`, `title` and `sections`"),
        ("{}", "`presentationId` is missing, or not made of letters, digits, `-` and `_` (128 at most)"),
        ('{"presentationId": "d"}', "`title` is missing, or no text"),
        ('{"presentationId": "d", "title": "D"}', "`sections` is missing, or has none"),
        ('{"presentationId": "d", "title": "D", "sections": [1]}', "section 1 is no object"),
        (
            '{"presentationId": "d", "title": "D", "sections": [{"id": "a", "title": "A", "slides": []}]}',
            "section 1 has no `slides`",
        ),
        (deck(markdown=7), "slide `x` has no `markdown`"),
        (deck(markdown="<b>bold</b>"), "`markdown` of slide `x` has an HTML tag"),
        (
            deck(markdown="a\n---\nb, onload=1"),
            "`markdown` of slide `x` has letters like `onload=`, which it takes for a script and has a line `---`",
        ),
        (
            deck(markdown="[x](javascript:alert(1))"),
            "`markdown` of slide `x` links to `javascript:`, `data:` or `file:`",
        ),
        (deck(narration="x" * 10_001), "`narration` of slide `x` is longer than 10000 characters"),
        (deck(narration=5), "`narration` of slide `x` is no text"),
        (
            deck(id="with blank"),
            (
                "the `id` of section 1, slide 1 of the deck is missing, or not made of letters, digits, `-` and `_` "
                "(128 at most)"
            ),
        ),
    ],
)
def test_what_aituberkit_would_refuse_of_a_deck_is_said_before(text: str, wrong: str) -> None:
    assert read(text) == wrong


def test_a_slide_that_is_there_twice_and_too_many_of_them_are_found() -> None:
    twice = {**NEWS, "sections": [NEWS["sections"][0], {**NEWS["sections"][0], "id": "again"}]}  # type: ignore[index]
    assert read(json.dumps(twice)) == "the `id` of section 2, slide 3 of the deck, `w1`, is there twice"
    slides = [{"id": f"s{n}", "markdown": "#"} for n in range(201)]
    many = {**NEWS, "sections": [{"id": "a", "title": "A", "slides": slides}]}
    assert read(json.dumps(many)) == "there are more than 200 slides"
