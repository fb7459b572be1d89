"""Colours for `.show` files: a Pygments lexer, fed with the language's own words.

Not a reader: it never refuses a line, and it knows no blocks. ``pygments`` comes with rich.
"""

from __future__ import annotations

from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups, words  # type: ignore[import-untyped, unused-ignore]
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String, Text, Whitespace  # type: ignore[import-untyped, unused-ignore]

from showrunner.syntax.keywords import COMMANDS, INNER, RESERVED, STATEMENTS

_WORD = r"(?:[^\W\d]|@(?=\w))(?:[\w.@]|-(?!>))*"
_END = r"(?![\w.@-])"
_ESCAPE = r"\\(?:u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|.)"


class ShowLexer(RegexLexer):  # type: ignore[misc, unused-ignore]
    """Colours a `.show` file."""

    name = "showrunner"
    aliases: ClassVar = ["show", "showrunner"]
    filenames: ClassVar = ["*.show"]
    mimetypes: ClassVar = ["text/x-showrunner"]

    tokens: ClassVar = {
        "root": [
            (r"[ \t]+", Whitespace),
            (r"\n", Whitespace),
            (r"#[^\n]*", Comment.Single),
            (rf"(segment|track|define|do|cue)([ \t]+)({_WORD})", bygroups(Keyword, Whitespace, Name.Label)),
            (rf"(let)([ \t]+)({_WORD})", bygroups(Keyword, Whitespace, Name.Variable)),
            (rf"(->)([ \t]*)({_WORD})?", bygroups(Operator, Whitespace, Name.Variable)),
            (rf"(by)([ \t]+)({_WORD})", bygroups(Keyword.Pseudo, Whitespace, Name.Variable)),
            (words(STATEMENTS, suffix=_END), Keyword),
            (words(COMMANDS, suffix=_END), Keyword),
            (words((*RESERVED, *INNER), suffix=_END), Keyword.Pseudo),
            (r"\$[^\W\d](?:\w|-(?!>))*", Name.Variable),
            (r"[0-9]{1,2}(?::[0-5][0-9]){1,2}(?:\.[0-9]+)?", Number),
            (r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|[hms]))+(?!\w)", Number),
            (r"[0-9]+(?:\.[0-9]+)?(?:beat|bar)s?(?!\w)", Number),
            (r"-?[0-9]+(?:\.[0-9]+)?(?!\w)", Number),
            (r'"', String.Double, "double"),
            (r"'", String.Single, "single"),
            (r"[;,:=(){}\[\]+]", Punctuation),
            (_WORD, Text),
            (r".", Error),
        ],
        "double": [
            (r'[^"\\{}\n]+', String.Double),
            (_ESCAPE, String.Escape),
            (r"\{\{|\}\}", String.Escape),
            (r"\{[^{}\n]*\}", String.Interpol),
            (r'"', String.Double, "#pop"),
            (r"\n", Whitespace, "#pop"),
            (r".", String.Double),
        ],
        "single": [
            (r"[^'\\{}\n]+", String.Single),
            (_ESCAPE, String.Escape),
            (r"\{\{|\}\}", String.Escape),
            (r"\{[^{}\n]*\}", String.Interpol),
            (r"'", String.Single, "#pop"),
            (r"\n", Whitespace, "#pop"),
            (r".", String.Single),
        ],
    }
