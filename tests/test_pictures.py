"""Pictures: found below the show's folder, told by what they hold, and loaded for the device that shows them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from showrunner.diagnostics import codes
from showrunner.show.pictures import LARGEST, kind
from showrunner.show.prepare import Prepared, prepare
from tests.disk import LINKS

PNG = b"\x89PNG\r\n\x1a\nand so on"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    show = tmp_path / "show"
    (show / "pictures").mkdir(parents=True)
    (show / "pictures" / "harbour.png").write_bytes(PNG)
    (show / "pictures" / "notes.txt").write_text("to do: pictures", "utf-8")
    (show / "pictures" / "poster.png").write_bytes(PNG + bytes(LARGEST))
    (tmp_path / "harbour.png").write_bytes(PNG)
    monkeypatch.chdir(show)
    return show


def checked(text: str) -> Prepared:
    Path("a.show").write_text(text, "utf-8")
    return prepare("a.show")


def found(path: str) -> list[tuple[str, str | None]]:
    return [(one.code, one.help) for one in checked(f'at 0s say "Look!" image "{path}"\n').findings]


@pytest.mark.parametrize("code", [code for code in codes.names() if code.startswith(("E42", "W533"))])
@pytest.mark.usefixtures("folder")
def test_the_page_of_a_code_shows_what_yields_it_and_what_does_not(code: str) -> None:
    page = codes.page(code)
    assert page is not None
    assert [one.code for one in checked(page.wrong).findings] == [code]
    assert checked(page.right).findings == ()


@pytest.mark.usefixtures("folder")
def test_a_picture_is_sent_as_a_data_url_under_its_path_as_written() -> None:
    text = 'let pic = "pictures/harbour.png"\nat 0s say "x" image $pic\nthen say "y" image "./pictures/harbour.png"\n'
    images = checked(text).stage.fixtures["aituber"].settings["images"]
    url = "data:image/png;base64," + base64.b64encode(PNG).decode()
    assert images == {"pictures/harbour.png": url, "./pictures/harbour.png": url}
    assert "images" not in checked("at 0s say 'x'\n").stage.fixtures["aituber"].settings


def test_only_the_device_that_shows_a_picture_gets_it(folder: Path) -> None:
    (folder / "stage.yaml").write_text("devices:\n  rin: {driver: aituber, url: ws://localhost:8001/ws}\n", "utf-8")
    fixtures = checked('at 0s rin say "x" image "pictures/harbour.png"\n').stage.fixtures
    assert "images" in fixtures["rin"].settings
    assert "images" not in fixtures["aituber"].settings


@pytest.mark.usefixtures("folder")
def test_a_missing_picture_is_answered_with_the_nearest() -> None:
    assert found("pictures/harbor.png") == [("W533", "did you mean `pictures/harbour.png`?")]


@pytest.mark.parametrize("path", ["/etc/passwd", "C:/a.png", "../harbour.png", "pictures/../../harbour.png", ".."])
@pytest.mark.usefixtures("folder")
def test_a_path_stays_in_the_shows_folder(path: str) -> None:
    assert [code for code, _ in found(path)] == ["E421"]


@pytest.mark.usefixtures("folder")
def test_folders_in_a_path_are_parted_by_slashes() -> None:
    assert found("pictures\\\\harbour.png") == [("E421", "write `pictures/harbour.png`")]


@LINKS
def test_a_link_may_not_lead_out_either(folder: Path) -> None:
    Path("pictures/link.png").symlink_to(folder.parent / "harbour.png")
    Path("pictures/inside.png").symlink_to("harbour.png")
    assert [code for code, _ in found("pictures/link.png")] == ["E421"]
    assert found("pictures/inside.png") == []


@pytest.mark.parametrize("path", ["", " ", "a\\u{7}b", "x" * 5000, "pictures/harbour.png/x", "\\u{10FFFF}.png"])
@pytest.mark.usefixtures("folder")
def test_an_odd_path_is_a_finding(path: str) -> None:
    assert [code[:3] for code, _ in found(path)] in (["E42"], ["W53"])


@pytest.mark.usefixtures("folder")
def test_a_path_that_only_the_show_would_know_is_refused() -> None:
    prepared = checked('at 0s animaze chat "x" -> pic\nthen say "x" image "{pic}.png"\n')
    assert [one.code for one in prepared.findings] == ["E420"]


@pytest.mark.usefixtures("folder")
def test_a_picture_inside_a_define_shows_the_call_it_came_through() -> None:
    (finding,) = checked('define d(pic)\n  say "x" image $pic\nat 0s do d("pictures/none.png")\n').findings
    assert (finding.code, finding.place.line, finding.through[0].line) == ("W533", 2, 3)


@pytest.mark.usefixtures("folder")
def test_a_missing_picture_is_one_warning_however_often_it_is_shown() -> None:
    line = 'say "x" image "pictures/none.png"'
    prepared = checked(f'at 0s {line}\nthen {line}\nthen say "y" image "pictures/other.png"\n')
    assert [(one.code, one.place.line) for one in prepared.findings] == [("W533", 1), ("W533", 3)]
    assert prepared.cues is not None
    assert [(one.code, one.place.line) for one in prepared.missing["aituber"]] == [("E420", 1), ("E420", 3)]


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"", None),
        (b"<svg>", None),
    ],
)
def test_what_a_picture_is_is_told_by_its_content(data: bytes, media: str | None) -> None:
    assert kind(data) == media
