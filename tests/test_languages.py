"""Other languages: each says every sentence of the program, with the same values in it."""

import os
import re

import pytest

from showrunner.diagnostics.languages import language, meant, names, read
from showrunner.diagnostics.sentence import ENGLISH
from showrunner.diagnostics.sentence import names as fields
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
