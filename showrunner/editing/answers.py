"""Answers in the words of the protocol: each is a function of what is asked and of what is known of the file.

The table at the end says which question is answered by which; the server binds them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from showrunner.diagnostics.diagnostic import Place
from showrunner.editing import colours, layout, margin, outline, places, protocol
from showrunner.editing.known import Known
from showrunner.editing.names import Name
from showrunner.editing.pages import Page, Position, range_of, size
from showrunner.editing.protocol import Pages, Uris
from showrunner.editing.signature import signature

KINDS: dict[str, types.SymbolKind] = {
    "segment": types.SymbolKind.Namespace,
    "track": types.SymbolKind.Class,
    "cue": types.SymbolKind.Key,
    "define": types.SymbolKind.Function,
    "constant": types.SymbolKind.Constant,
    "when": types.SymbolKind.Event,
    "button": types.SymbolKind.Event,
    "kept": types.SymbolKind.Variable,
}


class Asked(NamedTuple):
    """A file that something is asked of: as it stands in the editor, and what is known of its show.

    ``path`` as shown; ``folder`` is that of the show. ``shows`` are all that is open, for what is asked of all.
    """

    known: Known
    path: str
    page: Page
    lines: Sequence[str]
    pages: Pages
    uris: Uris
    folder: str
    shows: Sequence[tuple[Known, Pages]] = ()

    def place(self, params: Any) -> Position:
        """Give the position that is asked about."""
        return protocol.place(self.page, params.position)

    def location(self, where: Place) -> types.Location:
        """Give where something stands."""
        return protocol.location(self.pages, self.uris, where)


# -------------------------------------------------------------------------------------------------------------- names


def definition(asked: Asked, params: types.DefinitionParams) -> list[types.Location]:
    """Say where a name gets its meaning; of a file that is named, the file."""
    place = asked.place(params)
    found = places.definition(asked.known, asked.path, place)
    if found:
        return [asked.location(one) for one in found]
    for link in outline.links(asked.known, asked.path):
        if link.range.start <= place <= link.range.end:
            start = types.Position(0, 0)
            return [types.Location(_linked(asked, link), types.Range(start, start))]
    return []


def references(asked: Asked, params: types.ReferenceParams) -> list[types.Location]:
    """Say where a name stands."""
    bound = params.context.include_declaration
    return [asked.location(one) for one in places.references(asked.known, asked.path, asked.place(params), bound=bound)]


def highlights(asked: Asked, params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
    """Say where a name stands in this file."""
    kinds = (types.DocumentHighlightKind.Read, types.DocumentHighlightKind.Write)
    return [
        types.DocumentHighlight(protocol.stretch(asked.page, where), kinds[binds])
        for where, binds in places.highlights(asked.known, asked.path, asked.place(params))
    ]


def can_rename(asked: Asked, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    """Say what would be renamed."""
    found = places.renamed_at(asked.known, asked.path, asked.place(params))
    if found is None:
        return None
    return types.PrepareRenamePlaceholder(protocol.stretch(asked.page, found[0]), found[1])


def rename(asked: Asked, params: types.RenameParams) -> types.WorkspaceEdit:
    """Give a name another one, in all files of the show."""
    made = places.renamed(asked.known, asked.path, asked.place(params), params.new_name)
    if isinstance(made, places.Refused):
        raise JsonRpcInvalidParams(made.message)
    return protocol.changes(asked.pages, asked.uris, made)


def prepare_calls(asked: Asked, params: types.CallHierarchyPrepareParams) -> list[types.CallHierarchyItem]:
    """Say which definition or segment is meant."""
    found = places.called(asked.known, asked.path, asked.place(params))
    return [] if found is None else [_item(asked, found)]


def incoming(asked: Asked, params: types.CallHierarchyIncomingCallsParams) -> list[types.CallHierarchyIncomingCall]:
    """Say who does a definition."""
    name = _of(params.item)
    return [
        types.CallHierarchyIncomingCall(_item(asked, one), _stretches(asked, one.at))
        for one in places.doing(asked.known, name)
    ]


def outgoing(asked: Asked, params: types.CallHierarchyOutgoingCallsParams) -> list[types.CallHierarchyOutgoingCall]:
    """Say what a definition or a segment does."""
    name = _of(params.item)
    return [
        types.CallHierarchyOutgoingCall(_item(asked, one), _stretches(asked, one.at))
        for one in places.done(asked.known, name)
    ]


def _item(asked: Asked, one: places.Caller) -> types.CallHierarchyItem:
    where = protocol.stretch(asked.pages(one.place.path), range_of(one.place))
    return types.CallHierarchyItem(
        one.name.text, KINDS[one.name.kind], asked.uris(one.place.path), where, where, data=list(one.name)
    )


def _of(item: types.CallHierarchyItem) -> Name:
    data: Any = item.data
    if isinstance(data, list) and len(data) == 3 and all(isinstance(part, str) for part in data):
        return Name(*data)
    return Name("define" if item.kind == types.SymbolKind.Function else "segment", item.name)


def _stretches(asked: Asked, at: Iterable[Place]) -> list[types.Range]:
    return [protocol.stretch(asked.pages(one.path), range_of(one)) for one in at]


# -------------------------------------------------------------------------------------------------------------- shape


def symbols(asked: Asked, _: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
    """Give what the file is made of."""

    def made(one: outline.Symbol) -> types.DocumentSymbol:
        return types.DocumentSymbol(
            one.name,
            KINDS[one.kind],
            protocol.stretch(asked.page, one.range),
            protocol.stretch(asked.page, one.own),
            detail=one.detail or None,
            children=[made(inner) for inner in one.inside],
        )

    return [made(one) for one in outline.symbols(asked.known, asked.path, asked.lines)]


def everywhere(
    shows: Sequence[tuple[Known, Pages]], uris: Uris, params: types.WorkspaceSymbolParams
) -> list[types.SymbolInformation]:
    """Find names in every show that is open."""
    wanted = params.query.casefold()
    return [
        types.SymbolInformation(
            protocol.location(pages, uris, one.place),
            name.text,
            KINDS[name.kind],
            container_name=name.within or Path(one.place.path).name,
        )
        for known, pages in shows
        for name, found in known.index.by_name.items()
        if name.kind in KINDS and name.kind != "kept" and _fits(wanted, name.text.casefold())
        for one in known.index.bound(name)
        if found
    ]


def _fits(wanted: str, name: str) -> bool:
    """Tell whether the letters of one come in the other, in their order."""
    letters = iter(name)
    return all(letter in letters for letter in wanted)


def folds(asked: Asked, _: types.FoldingRangeParams) -> list[types.FoldingRange]:
    """Give what can be folded."""
    remark = types.FoldingRangeKind.Comment
    return [
        types.FoldingRange(one.first, one.last, kind=remark if one.remark else None)
        for one in outline.folds(asked.lines)
    ]


def links(asked: Asked, _: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """Give the files that are named."""
    return [
        types.DocumentLink(protocol.stretch(asked.page, one.range), target=_linked(asked, one))
        for one in outline.links(asked.known, asked.path)
    ]


def _linked(asked: Asked, link: outline.Link) -> str:
    base = asked.folder if link.of_show else posixpath.dirname(asked.path)
    return asked.uris(posixpath.normpath(posixpath.join(base, link.path)))


def tokens(asked: Asked, _: types.SemanticTokensParams) -> types.SemanticTokens:
    """Say what each word is."""
    return types.SemanticTokens(list(_data(asked, 0, None)))


def tokens_within(asked: Asked, params: types.SemanticTokensRangeParams) -> types.SemanticTokens:
    """Say the same of some lines."""
    where = protocol.within(asked.page, params.range)
    return types.SemanticTokens(list(_data(asked, where.start.line, where.end.line)))


def _data(asked: Asked, first: int, last: int | None) -> Iterator[int]:
    line = character = 0
    for one in colours.coloured(asked.lines, first, last):
        start = protocol.spot(asked.page, Position(one.line, one.start))
        length = size(asked.lines[one.line][one.start : one.end], asked.page.units)
        yield start.line - line
        yield start.character - (character if start.line == line else 0)
        yield length
        yield one.kind
        yield 0
        line, character = start.line, start.character


# ------------------------------------------------------------------------------------------------------------- layout


def formatting(asked: Asked, _: types.DocumentFormattingParams) -> list[types.TextEdit]:
    """Lay the text out."""
    return protocol.edits(asked.page, layout.laid_out(asked.known, asked.path, asked.page.text))


def formatting_within(asked: Asked, params: types.DocumentRangeFormattingParams) -> list[types.TextEdit]:
    """Lay some lines out."""
    where = protocol.within(asked.page, params.range)
    return protocol.edits(asked.page, layout.laid_out(asked.known, asked.path, asked.page.text, where))


def typed(asked: Asked, params: types.DocumentOnTypeFormattingParams) -> list[types.TextEdit]:
    """Indent a line that was just begun."""
    step = " " * max(1, min(8, params.options.tab_size)) if params.options.insert_spaces else "\t"
    edit = layout.indented(asked.lines, asked.place(params).line, step)
    return [] if edit is None else protocol.edits(asked.page, [edit])


# ------------------------------------------------------------------------------------------------------------- margin


def hints(asked: Asked, params: types.InlayHintParams) -> list[types.InlayHint]:
    """Say beside the text when it comes."""
    where = protocol.within(asked.page, params.range)
    return [
        types.InlayHint(protocol.spot(asked.page, one.place), one.text, tooltip=one.says, padding_left=True)
        for one in margin.hints(asked.known, asked.path, asked.lines, where.start.line, where.end.line)
    ]


def lenses(asked: Asked, _: types.CodeLensParams) -> list[types.CodeLens]:
    """Offer to play parts of the show."""
    main = asked.uris(asked.known.book.main) if asked.known.book is not None else asked.uris(asked.path)
    return [
        types.CodeLens(
            protocol.stretch(asked.page, one.range), types.Command(one.title, one.what, arguments=[main, one.point])
        )
        for one in margin.lenses(asked.known, asked.path, asked.lines)
    ]


def signatures(asked: Asked, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
    """Say what the command that is written takes."""
    found = signature(asked.known, asked.lines, asked.place(params))
    if found is None:
        return None
    forms = [
        types.SignatureInformation(
            one.text,
            documentation=one.says or None,
            parameters=[
                types.ParameterInformation(
                    (size(one.text[:start], "utf-16"), size(one.text[:end], "utf-16")), documentation=says or None
                )
                for start, end, says in one.parts
            ],
        )
        for one in found.forms
    ]
    return types.SignatureHelp(forms, active_signature=found.form, active_parameter=found.part)


# ------------------------------------------------------------------------------------------------- which answers which


class Question(NamedTuple):
    """A question, what the editor is told of it beforehand, and who answers. ``now``: it hangs on the text alone, so
    that nobody need wait until that is read.
    """

    method: str
    options: Any
    answer: Callable[[Asked, Any], Any]
    now: bool = False


LEGEND = types.SemanticTokensLegend(list(colours.KINDS), [])

QUESTIONS = (
    Question(types.TEXT_DOCUMENT_DEFINITION, None, definition),
    Question(types.TEXT_DOCUMENT_REFERENCES, None, references),
    Question(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, None, highlights),
    Question(types.TEXT_DOCUMENT_PREPARE_RENAME, None, can_rename),
    Question(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True), rename),
    Question(types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY, None, prepare_calls),
    Question(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, None, symbols),
    Question(types.TEXT_DOCUMENT_FOLDING_RANGE, None, folds, now=True),
    Question(types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkOptions(), links),
    Question(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, LEGEND, tokens, now=True),
    Question(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE, LEGEND, tokens_within, now=True),
    Question(types.TEXT_DOCUMENT_FORMATTING, None, formatting),
    Question(types.TEXT_DOCUMENT_RANGE_FORMATTING, None, formatting_within),
    Question(types.TEXT_DOCUMENT_ON_TYPE_FORMATTING, types.DocumentOnTypeFormattingOptions("\n"), typed, now=True),
    Question(types.TEXT_DOCUMENT_INLAY_HINT, None, hints),
    Question(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(), lenses),
    Question(
        types.TEXT_DOCUMENT_SIGNATURE_HELP, types.SignatureHelpOptions(trigger_characters=[" ", "(", ","]), signatures
    ),
)
"""What is asked of a document."""

OF_ITEMS = (
    Question(types.CALL_HIERARCHY_INCOMING_CALLS, None, incoming),
    Question(types.CALL_HIERARCHY_OUTGOING_CALLS, None, outgoing),
)
"""What is asked of an item that was given before."""
