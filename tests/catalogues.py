"""What the program says, found in its code, and the catalogues of other languages written in that order."""

import ast
import json
from pathlib import Path

from showrunner.diagnostics.languages import read
from showrunner.diagnostics.sentence import wordless

PACKAGE = Path(__file__).parent.parent / "showrunner"
FOLDER = PACKAGE / "diagnostics" / "languages"
HOW = (
    "to translate it: run `SHOWRUNNER_UPDATE=1 .venv/bin/pytest tests/test_languages.py`, which writes every new "
    "sentence into showrunner/diagnostics/languages/*.po, then fill in its `msgstr`, with the same names in braces"
)
_MADE = {"diagnostics/sentence.py", "diagnostics/wording.py"}
"""Where sentences are made of what others say, so that a template need not stand there as a text."""


def templates():
    """Give every template of the program: template -> the file it stands in first, by files and lines."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
            for template in _said(call, name):
                if not wordless(template):
                    found.setdefault(template, name)
    return found


def _said(call, name):
    called = call.func.id if isinstance(call.func, ast.Name) else ""
    given = [one.value if isinstance(one, ast.Constant) else None for one in call.args]
    if called == "sentence" and given:
        assert given[0] is not None or name in _MADE, f"{name}:{call.lineno}: a template is a text in one piece"
        if given[0] is not None:
            yield given[0]
    elif called == "count" and len(given) > 1 and isinstance(given[1], str):
        yield f"{{number:,}} {given[1]}"
        yield f"{{number:,}} {given[2] if len(given) > 2 else given[1] + 's'}"


def written(language, known, translated):
    """Lay out a catalogue: every template of ``known`` with what is ``translated`` of it, by the files."""
    text = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    for template, file in known.items():
        quoted = [json.dumps(one, ensure_ascii=False) for one in (template, translated.get(template, ""))]
        text += f"\n#: {file}\nmsgid {quoted[0]}\nmsgstr {quoted[1]}\n"
    return text


def update(path):
    """Write a catalogue anew: what is new is empty in it, what nobody says any more is gone."""
    path.write_text(written(path.stem, templates(), read(path.read_text(encoding="utf-8"))), encoding="utf-8")
