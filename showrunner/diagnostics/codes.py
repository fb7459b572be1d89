"""What each code means: the pages in ``codes/``, read and laid out for a terminal.

A page is ``CODE.md``: `# CODE · title`, prose, `## Wrong` and `## Right`, each with an indented block that is a whole
file. Not here: where a code is given out; that is wherever the mistake is found.
"""

from __future__ import annotations

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


def page(code: str) -> Page | None:
    """Read the page of ``code`` (case ignored), or give None where there is none.

    A page that does not keep to the form raises ValueError: our mistake, not a user's.
    """
    known = code.upper()
    return _kept(known) if known in names() else None


def _kept(code: str) -> Page:
    from importlib.resources import files

    return read(files("showrunner.diagnostics").joinpath("codes", f"{code}.md").read_text(encoding="utf-8"), code)


def read(written: str, code: str) -> Page:
    """Take a page apart. Raises ValueError where it does not keep to the form."""
    head, wrong, right = _parts(written, code)
    first, _, prose = head.partition("\n")
    named, dot, title = first.removeprefix("# ").partition(" · ")
    if not (first.startswith("# ") and dot and named == code and title.strip()):
        raise ValueError(f"{code}: the page begins with `# {code} · title`")
    if not prose.strip():
        raise ValueError(f"{code}: the page says nothing")
    return Page(code, title.strip(), prose.strip(), _block(wrong, code), _block(right, code))


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


def titles() -> dict[str, str]:
    """Give the title of every code."""
    return {code: _kept(code).title for code in names()}


def explain(code: str) -> str | None:
    """Lay out the page of ``code`` for reading in a terminal, or give None where there is none."""
    found = page(code)
    if found is None:
        return None
    wrong, right = _indented(found.wrong), _indented(found.right)
    return f"{found.code} · {found.title}\n\n{found.prose}\n\nWrong:\n\n{wrong}\n\nRight:\n\n{right}\n"


def _indented(example: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in example.rstrip("\n").split("\n"))
