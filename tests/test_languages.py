"""Other languages: each says every sentence of the program, with the same values in it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from showrunner.cli.terminal.speaking import wished
from showrunner.diagnostics.languages import language, meant, names, read
from showrunner.diagnostics.sentence import ENGLISH, wordless
from showrunner.diagnostics.sentence import names as fields
from showrunner.show.book import read as read_script
from showrunner.show.prepare import prepare
from tests.catalogues import FOLDER, HOW, templates, update

OTHERS = [name for name in names() if name != ENGLISH.name]


@pytest.fixture(scope="module", autouse=True)
def _updated():
    if os.environ.get("SHOWRUNNER_UPDATE"):
        for name in OTHERS:
            update(FOLDER / f"{name}.po")
        language.cache_clear()


def test_there_is_japanese():
    assert names() == ("en", "ja")


@pytest.mark.parametrize("name", OTHERS)
def test_every_sentence_is_said_in_every_language(name):
    missing = [f"{file}: {one}" for one, file in templates().items() if one not in language(name).sentences]
    assert not missing, f"{len(missing)} sentences are not translated; {HOW}\n" + "\n".join(missing)


@pytest.mark.parametrize("name", OTHERS)
def test_no_language_says_what_nobody_says(name):
    stale = language(name).sentences.keys() - templates().keys()
    assert not stale, "nothing in the program says these any more; " + HOW


@pytest.mark.parametrize("name", OTHERS)
def test_a_translation_has_the_values_of_its_sentence(name):
    for template, translation in language(name).sentences.items():
        assert set(fields(translation)) == set(fields(template)), template
        translation.format_map(dict.fromkeys(fields(translation), 1))


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_written_in_code_stays(name):
    """What stands between backticks is typed, so it is the same in every language, but for an example's own words."""
    for template, translation in language(name).sentences.items():
        assert not re.findall(r"[\u3000-\u9fff]", "".join(re.findall(r"`[^`]*`", translation))), template


def test_a_catalogue_is_what_programs_for_translators_write():
    assert read(
        'msgid ""\nmsgstr ""\n"Language: ja\\n"\n\n'
        '#: a.py\nmsgid ""\n"a "\n"\\"b\\""\nmsgstr "c\\n"\n\n'
        '#, fuzzy\nmsgid "guessed"\nmsgstr "d"\n\n'
        'msgid "nothing yet"\nmsgstr ""\n\n'
        '#~ msgid "gone"\n#~ msgstr "e"\n\n'
        'msgid "last"\nmsgstr "f"\n'
    ) == {'a "b"': "c\n", "last": "f"}


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ("ja_JP.UTF-8", "ja"),
        ("ja", "ja"),
        ("ja-JP", "ja"),
        ("Japanese_Japan.932", "ja"),
        ("en_GB.UTF-8", "en"),
        ("C.UTF-8", "en"),
        ("POSIX", "en"),
        ("fr_FR", None),
        ("", None),
    ],
)
def test_the_setting_of_a_system_means_a_language(setting, found):
    assert meant(setting) == found


REFUSED = sorted((Path(__file__).parent / "language" / "refused").glob("*.show"))


@pytest.mark.parametrize("script", REFUSED, ids=lambda path: path.stem)
def test_nothing_that_is_found_is_said_half_in_english(script):
    """Every message and help has Japanese in it, and no two English words in a row outside of what is code."""
    for finding in prepare(str(script), None, None, read_script(str(script))).findings:
        for text in filter(None, (finding.message, finding.help)):
            if not wordless(text.template):
                told = language("ja").said(text)
                bare = re.sub(r"`[^`]*`|[\"'][^\"']*[\"']|\([^)]*\)|there are: .*", "", told)
                assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", told), text
                assert not re.search(r"\b(the|an|of|is|or|and|not)\b", bare), told


def test_the_languages_stand_in_the_order_in_which_they_are_wished_for():
    assert wished({}, "ja_JP.UTF-8") == "ja"
    assert wished({"SHOWRUNNER_LANG": "en"}, "ja_JP.UTF-8") == "en"
    assert wished({"SHOWRUNNER_LANG": "ja"}, "") == "ja"
    assert wished({"SHOWRUNNER_LANG": "tlh"}, "ja_JP.UTF-8") == "en"
    assert wished({}, "fr_FR") == "en"


def test_the_command_line_speaks_the_language_that_is_asked_for_whatever_the_terminal_can_write(tmp_path):
    (tmp_path / "a.show").write_text('at 5 say "hi"\n', encoding="utf-8")
    command = [sys.executable, "-c", "from showrunner.cli import main; main()", "check", "a.show"]
    for words, encoding in ((["--lang", "ja"], "cp932"), (["--lang=ja"], "ascii")):
        ran = subprocess.run(
            [*command, *words],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": encoding},
        )
        assert ran.returncode == 1
        assert ran.stdout.decode("utf-8").startswith("エラー[E101]: `5` は単位のない数値で、時間ではありません\n")
        assert ran.stderr.decode("utf-8") == "ファイル 1 個: エラー 1 件\n"
    wrong = subprocess.run([*command, "--lang", "jq"], cwd=tmp_path, capture_output=True, check=False, text=True)
    assert wrong.returncode == 2
    assert wrong.stderr == "error: there is no language `jq`\nhelp: did you mean `ja`?\n"
