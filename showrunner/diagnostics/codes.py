"""What each code means: the pages in ``codes/``, read and laid out for a terminal.

A page is ``CODE.md``: `# CODE · title`, prose, `## Wrong` and `## Right`, each with an indented block that is a whole
file. Not here: where a code is given out; that is wherever the mistake is found.
"""

from __future__ import annotations

from showrunner.diagnostics.sentence import ENGLISH, Language, sentence
from showrunner.slotted import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One code: ``title`` in a few words, ``prose`` in paragraphs, a ``wrong`` and a ``right`` example (no indent)."""

    code: str
    title: str
    prose: str
    wrong: str
    right: str


def names() -> tuple[str, ...]:
    """Name every code that has a page, sorted."""
    from importlib.resources import files

    pages = (entry.name for entry in files("showrunner.diagnostics").joinpath("codes").iterdir())
    return tuple(sorted(name.removesuffix(".md") for name in pages if name.endswith(".md")))


def page(code: str, language: str = "en") -> Page | None:
    """Read the page of ``code`` (case ignored) in a language, or give None where there is none.

    What another language has of a page is title and prose, in `LANGUAGE/CODE.md`: the examples are those of the English
    one, which stands in for what is not translated. A page that does not keep to the form raises ValueError: our
    mistake, not a user's.
    """
    known = code.upper()
    return _kept(known, language) if known in names() else None


def _kept(code: str, language: str) -> Page:
    from importlib.resources import files

    english = read(files("showrunner.diagnostics").joinpath("codes", f"{code}.md").read_text(encoding="utf-8"), code)
    told = files("showrunner.diagnostics").joinpath("codes", language, f"{code}.md")
    if language == ENGLISH.name or not told.is_file():
        return english
    title, prose = _head(told.read_text(encoding="utf-8"), code)
    return Page(code, title, prose, english.wrong, english.right)


def read(written: str, code: str) -> Page:
    """Take a page apart. Raises ValueError where it does not keep to the form."""
    head, wrong, right = _parts(written, code)
    return Page(code, *_head(head, code), _block(wrong, code), _block(right, code))


def _head(head: str, code: str) -> tuple[str, str]:
    """Give title and prose."""
    first, _, prose = head.partition("\n")
    named, dot, title = first.removeprefix("# ").partition(" · ")
    if not (first.startswith("# ") and dot and named == code and title.strip()):
        raise ValueError(f"{code}: the page begins with `# {code} · title`")
    if not prose.strip():
        raise ValueError(f"{code}: the page says nothing")
    return title.strip(), prose.strip()


def _parts(written: str, code: str) -> tuple[str, str, str]:
    head, wrong_mark, rest = written.partition("\n## Wrong\n")
    wrong, right_mark, right = rest.partition("\n## Right\n")
    if not (wrong_mark and right_mark):
        raise ValueError(f"{code}: the page has `## Wrong` and then `## Right`")
    return head, wrong, right


def _block(part: str, code: str) -> str:
    lines = part.strip("\n").split("\n")
    if any(line.strip() and not line.startswith("    ") for line in lines) or not part.strip():
        raise ValueError(f"{code}: an example is a block indented by four blanks, and nothing else")
    return "\n".join(line[4:] for line in lines).rstrip() + "\n"


def titles(language: str = "en") -> dict[str, str]:
    """Give the title of every code."""
    return {code: _kept(code, language).title for code in names()}


def explain(code: str, language: Language = ENGLISH) -> str | None:
    """Lay out the page of ``code`` for reading in a terminal, or give None where there is none."""
    found = page(code, language.name)
    if found is None:
        return None
    wrong, right = _indented(found.wrong), _indented(found.right)
    bad, good = language.said(sentence("Wrong:")), language.said(sentence("Right:"))
    return f"{found.code} · {found.title}\n\n{found.prose}\n\n{bad}\n\n{wrong}\n\n{good}\n\n{right}\n"


def _indented(example: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in example.rstrip("\n").split("\n"))
