"""What is known, put into the words of the Language Server Protocol: places counted as the editor counts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

from lsprotocol import types
from pygls.uris import from_fs_path

from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.editing.completion import Offer, What
from showrunner.editing.mending import Mending
from showrunner.editing.pages import Edit, Page, Position, Range, Spot, position_of, range_of, spot_of

Pages = Callable[[str], Page]
"""Gives the text of a file as it was measured."""

Uris = Callable[[str], str]
"""Gives how the editor calls a file."""

SOURCE = "showrunner"

_KINDS: Mapping[What, types.CompletionItemKind] = {
    "word": types.CompletionItemKind.Keyword,
    "device": types.CompletionItemKind.Module,
    "verb": types.CompletionItemKind.Method,
    "event": types.CompletionItemKind.Event,
    "choice": types.CompletionItemKind.EnumMember,
    "name": types.CompletionItemKind.Variable,
    "value": types.CompletionItemKind.Value,
    "define": types.CompletionItemKind.Function,
    "file": types.CompletionItemKind.File,
    "code": types.CompletionItemKind.Constant,
}


def uri(path: str) -> str:
    """Give the address of a file."""
    return from_fs_path(path) or path


def spot(page: Page, position: Position) -> types.Position:
    """Give a position as the editor counts it."""
    line, character = spot_of(page, position)
    return types.Position(line, character)


def place(page: Page, position: types.Position) -> Position:
    """Give a position of the editor in the lines of a script."""
    return position_of(page, Spot(max(0, position.line), max(0, position.character)))


def stretch(page: Page, range: Range) -> types.Range:
    """Give a stretch as the editor counts it."""
    return types.Range(spot(page, range.start), spot(page, range.end))


def within(page: Page, range: types.Range) -> Range:
    """Give a stretch of the editor in the lines of a script."""
    return Range(place(page, range.start), place(page, range.end))


def location(pages: Pages, uris: Uris, where: Place) -> types.Location:
    """Give where something stands."""
    return types.Location(uris(where.path), stretch(pages(where.path), range_of(where)))


def markdown(text: str) -> types.MarkupContent:
    """Give a text that is Markdown."""
    return types.MarkupContent(types.MarkupKind.Markdown, text)


# ----------------------------------------------------------------------------------------------------------- findings


def diagnostic(one: Diagnostic, pages: Pages, uris: Uris, folder: str) -> types.Diagnostic:
    """Give a finding. Files are named as seen from the ``folder`` of the show."""
    said = one.message if one.help is None else f"{one.message}\nhelp: {one.help}"
    return types.Diagnostic(
        stretch(pages(one.place.path), range_of(one.place)),
        said.replace(f"`{PurePosixPath(folder)}/", "`"),
        severity=types.DiagnosticSeverity.Error if one.severity == "error" else types.DiagnosticSeverity.Warning,
        code=one.code,
        source=SOURCE,
        related_information=[
            types.DiagnosticRelatedInformation(location(pages, uris, through), "it is reached from here")
            for through in one.through
        ]
        or None,
    )


def edits(page: Page, made: Sequence[Edit]) -> list[types.TextEdit]:
    """Give edits of one file."""
    return [types.TextEdit(stretch(page, one.range), one.text) for one in made]


def changes(pages: Pages, uris: Uris, made: Sequence[tuple[str, Edit]]) -> types.WorkspaceEdit:
    """Give edits of several files."""
    found: dict[str, list[types.TextEdit]] = {}
    for path, edit in made:
        found.setdefault(uris(path), []).extend(edits(pages(path), [edit]))
    return types.WorkspaceEdit(changes=found)


def action(one: Mending, pages: Pages, uris: Uris, folder: str) -> types.CodeAction:
    """Give a quick fix."""
    whole = one.finding is None
    return types.CodeAction(
        one.title,
        kind=types.CodeActionKind.SourceFixAll if whole else types.CodeActionKind.QuickFix,
        diagnostics=None if one.finding is None else [diagnostic(one.finding, pages, uris, folder)],
        is_preferred=None if whole else one.advised,
        edit=changes(pages, uris, one.edits),
    )


# --------------------------------------------------------------------------------------------------------- completion


def item(one: Offer, page: Page, *, snippets: bool, marked: bool, indent: str) -> types.CompletionItem:
    """Give something that may be written. Without ``snippets`` the places to fill are left out, and what is said of it
    is Markdown only where it may be (``marked``).
    """
    text = one.text.replace("\n", f"\n{indent}") if one.snippet else one.text
    plain = one.snippet and not snippets
    return types.CompletionItem(
        one.label,
        kind=_KINDS[one.what],
        detail=one.detail or None,
        documentation=None if not one.says else markdown(one.says) if marked else one.says,
        sort_text=f"{one.rank}{one.label}",
        filter_text=one.label,
        insert_text_format=types.InsertTextFormat.Snippet
        if one.snippet and snippets
        else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(stretch(page, one.range), one.label.rstrip("…") if plain else text),
    )
