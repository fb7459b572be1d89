"""The language server: what an editor asks for, answered from what is known of its shows.

One loop answers; the shows are read in a thread of their own (``reader``), so that a key is never kept waiting. What
goes wrong in here is said where the server was started, never to whoever writes.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path, uri_scheme

from showrunner import __version__
from showrunner.devices.vocabulary import Command
from showrunner.editing import protocol
from showrunner.editing.answers import OF_ITEMS, QUESTIONS, Asked, Question, everywhere
from showrunner.editing.completion import offers
from showrunner.editing.hover import hover
from showrunner.editing.known import Known
from showrunner.editing.margin import DRY_RUN, REHEARSE
from showrunner.editing.mending import all_mended, mendings
from showrunner.editing.pages import Page, Spot, Units, changed, page
from showrunner.editing.reader import Hearing, Reader
from showrunner.editing.shelf import Edition, Shelf
from showrunner.show.book import shown
from showrunner.slotted import dataclass
from showrunner.syntax.lines import cut

PATIENCE = 3.0
"""Seconds that a question about names or times waits for what was just typed to be read."""

TRIGGERS = [" ", ".", "$", "{", '"', "'", "/", ";"]


class Protocol(LanguageServerProtocol):
    """That of pygls; but the texts are kept here, by the lines that a script and an editor have."""

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Iterator[Any]:
        """Hand it on."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Iterator[Any]:
        """Hand it on."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Iterator[Any]:
        """Hand it on."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class _Server(LanguageServer):
    """pygls' server, which says nothing of its own mistakes to whoever writes."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(
            "showrunner",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
        )
        self._say = say

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002 - as pygls calls it
        """Say it where the server was started."""
        self._say(f"{type(error).__name__}: {error}")


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a dry run: whether all is well, in a line, and as a table."""

    right: bool
    summary: str
    table: str


class Play(typing.Protocol):
    """Who plays shows and commands on the virtual clock."""

    def first_frame(self, known: Known, command: Command) -> str | None:
        """Give the first frame that a command sends, as text."""
        ...

    def dry_run(self, known: Known, segment: str | None) -> Played:
        """Play a show, or one segment of it."""
        ...


class Desk:
    """Everything one editor has open, and its questions.

    ``say`` gets what goes wrong in here; ``play`` plays what is asked for.
    """

    def __init__(self, say: Callable[[str], None], play: Play) -> None:
        self.server = _Server(say)
        self.shelf = Shelf()
        self._say = say
        self._play = play
        self._reader: Reader | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._read = asyncio.Event()
        self._units: Units = "utf-16"
        self._uris: dict[str, str] = {}
        self._published: dict[str, set[str]] = {}
        self._snippets = False
        self._marked = True
        self._offer()

    def close(self) -> None:
        """Read no more."""
        if self._reader is not None:
            self._reader.close()

    def _offer(self) -> None:
        """Say to pygls which questions are answered, and by what."""
        for name, options, answer in (
            (types.INITIALIZE, None, self.initialize),
            (types.TEXT_DOCUMENT_DID_OPEN, None, self.opened),
            (types.TEXT_DOCUMENT_DID_CHANGE, None, self.changed),
            (types.TEXT_DOCUMENT_DID_CLOSE, None, self.closed),
            (types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False), self.saved),
            (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, None, self.touched),
            (
                types.TEXT_DOCUMENT_COMPLETION,
                types.CompletionOptions(trigger_characters=TRIGGERS, resolve_provider=False),
                self.completion,
            ),
            (types.TEXT_DOCUMENT_HOVER, None, self.hover),
            (
                types.TEXT_DOCUMENT_CODE_ACTION,
                types.CodeActionOptions([types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]),
                self.actions,
            ),
        ):
            self.server.feature(name, options)(self._kept(name, answer))
        for question in QUESTIONS:
            self.server.feature(question.method, question.options)(self._kept(question.method, self._asking(question)))
        for question in OF_ITEMS:
            self.server.feature(question.method)(self._kept(question.method, self._asking(question)))
        self.server.feature(types.WORKSPACE_SYMBOL)(self._kept(types.WORKSPACE_SYMBOL, self.everywhere))

        async def dry_run(uri: str, segment: str | None = None) -> dict[str, Any]:
            return await self.dry_run(uri, segment)

        async def rehearse(uri: str, point: str | None = None) -> dict[str, Any]:
            return await self.rehearse(uri, point)

        self.server.command(DRY_RUN)(dry_run)
        self.server.command(REHEARSE)(rehearse)

    def _asking(self, question: Question) -> Callable[[Any], Any]:
        """Make of an answer one to what an editor asks."""

        async def answer(params: Any) -> Any:
            item = getattr(params, "item", None)
            asked = await self._asked(params.text_document.uri if item is None else item.uri, now=question.now)
            return None if asked is None else question.answer(asked, params)

        return answer

    async def _asked(self, uri: str, *, now: bool = False) -> Asked | None:
        """Give the file that is asked about, once what was typed is read; ``now``: as soon as there is anything."""
        path = self.path(uri)
        edition = (self.shelf.edition(path) if now else None) or await self._settled(path)
        if edition is None:
            return None
        pages = self._paged(edition.known)
        whole = self.shelf.pages.get(path) or pages(shown(path))
        folder = shown(str(Path(self.shelf.root(path)).parent))
        return Asked(edition.known, shown(path), whole, cut(whole.text), pages, self.uri, folder)

    async def everywhere(self, params: types.WorkspaceSymbolParams) -> list[types.SymbolInformation]:
        """Find names in every show that is open."""
        shows = [(edition.known, self._paged(edition.known)) for edition in self.shelf.editions.values()]
        return everywhere(shows, self.uri, params)

    # -- what is to be done

    async def dry_run(self, uri: str, segment: str | None = None) -> dict[str, Any]:
        """Play a show, or one segment of it, on the virtual clock, and show what came of it."""
        asked = await self._asked(uri)
        if asked is None or asked.known.prepared.cues is None:
            self._show("there are errors in the show: mend them first", types.MessageType.Warning)
            return {"ok": False, "table": ""}
        loop = asyncio.get_running_loop()
        played = await loop.run_in_executor(None, self._play.dry_run, asked.known, segment)
        self._show(played.summary, types.MessageType.Info if played.right else types.MessageType.Warning)
        return {"ok": played.right, "table": played.table, "summary": played.summary}

    async def rehearse(self, uri: str, point: str | None = None) -> dict[str, Any]:
        """Say how a rehearsal from a point is begun: it needs a terminal, which the editor has and the server not."""
        words = ["showrunner", "rehearse", str(self.path(uri)), "--doubles", "all"]
        words += [] if point is None else ["--from", point]
        line = " ".join(f'"{word}"' if " " in word else word for word in words)
        self._show(f"in a terminal: {line}", types.MessageType.Info)
        return {"ok": True, "words": words}

    def _show(self, text: str, kind: types.MessageType) -> None:
        self.server.window_show_message(types.ShowMessageParams(kind, text))

    def _kept(self, name: str, answer: Callable[[Any], Any]) -> Callable[..., Any]:
        """Make of an answer what never fails: of a mistake in here nothing comes but a word where it was started."""

        def failed(error: Exception) -> None:
            where = error.__traceback__
            while where is not None and where.tb_next is not None:
                where = where.tb_next
            at = "" if where is None else f" ({Path(where.tb_frame.f_code.co_filename).name} line {where.tb_lineno})"
            self._say(f"{name}: {type(error).__name__}: {error}{at}")

        if inspect.iscoroutinefunction(answer):

            async def waited(params: Any = None) -> Any:
                try:
                    return await answer(params)
                except JsonRpcInvalidParams:
                    raise  # in words, for whoever asked
                except Exception as error:  # noqa: BLE001 - the next question is answered all the same
                    failed(error)
                    return None

            return waited

        def asked(params: Any = None) -> Any:
            try:
                return answer(params)
            except Exception as error:  # noqa: BLE001 - the next question is answered all the same
                failed(error)
                return None

        return asked

    # -- what is open

    def initialize(self, params: types.InitializeParams) -> None:
        """Take what the editor can, and where its files are."""
        self._loop = asyncio.get_running_loop()
        chosen = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
        self._units = {"utf-8": "utf-8", "utf-32": "utf-32"}.get(str(getattr(chosen, "value", chosen)), "utf-16")  # type: ignore[assignment]
        document = params.capabilities.text_document
        item = None if document is None or document.completion is None else document.completion.completion_item
        self._snippets = bool(item is not None and item.snippet_support)
        self._marked = item is None or types.MarkupKind.Markdown in (item.documentation_format or ())
        folders = [folder.uri for folder in params.workspace_folders or []] or [params.root_uri or ""]
        self.shelf.folders = tuple(path for one in folders if (path := to_fs_path(one)))
        self._reader = Reader(self.shelf, Hearing(self._has_read, self._has_planned, self._failed))

    def path(self, uri: str) -> str:
        """Give the file of an address; of a text that is none yet, where it would be saved."""
        if uri_scheme(uri) == "file" and (path := to_fs_path(uri)):
            return os.path.normpath(path)
        folder = self.shelf.folders[0] if self.shelf.folders else str(Path.cwd())
        return str(Path(folder, Path(uri.rpartition(":")[2]).name or "untitled"))

    def uri(self, path: str) -> str:
        """Give how the editor calls a file; ``path`` as shown."""
        return self._uris.get(path) or protocol.uri(path)

    def opened(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take a text that was opened."""
        document = params.text_document
        path = self.path(document.uri)
        self._uris[shown(path)] = document.uri
        self.shelf.put(path, page(document.text, document.version, self._units))
        self._ask(path)

    def changed(self, params: types.DidChangeTextDocumentParams) -> None:
        """Take what was typed."""
        path = self.path(params.text_document.uri)
        before = self.shelf.pages.get(path)
        if before is None:
            before = page("", 0, self._units)
        told = [(_spots(getattr(one, "range", None)), one.text) for one in params.content_changes]
        self.shelf.put(path, changed(before, told, params.text_document.version))
        self._ask(path)

    def closed(self, params: types.DidCloseTextDocumentParams) -> None:
        """Forget a text: what is on disk counts again."""
        path = self.path(params.text_document.uri)
        root = self.shelf.root(path)
        self.shelf.take_away(path)
        self._uris.pop(shown(path), None)
        if root != path or any(self.shelf.root(one) == root for one in self.shelf.pages):
            self._ask(root)
        else:
            self._clear(root)

    def saved(self, params: types.DidSaveTextDocumentParams) -> None:
        """Read again: a save may have brought another file in."""
        self._ask(self.path(params.text_document.uri))

    def touched(self, params: types.DidChangeWatchedFilesParams) -> None:
        """Read again what stands on a file that was changed elsewhere."""
        paths = {os.path.normcase(os.path.realpath(self.path(one.uri))) for one in params.changes}
        for root, edition in self.shelf.editions.items():
            if any(os.path.normcase(os.path.realpath(one)) in paths for one in edition.known.prepared.files):
                self._ask(root)

    def _ask(self, path: str) -> None:
        if self._reader is not None:
            self._reader.ask(path)

    # -- what was read

    def _has_read(self, root: str, edition: Edition) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, root, edition)

    def _has_planned(self, root: str, edition: Edition) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._refresh, root, edition)

    def _failed(self, error: Exception) -> None:
        self._say(f"a show could not be read: {type(error).__name__}: {error}")

    def _tell(self, root: str, edition: Edition) -> None:
        """Publish the findings of a show."""
        self._read.set()
        self._read = asyncio.Event()
        prepared = edition.known.prepared
        found: dict[str, list[types.Diagnostic]] = {path: [] for path in prepared.texts}
        pages = self._paged(edition.known)
        folder = shown(str(Path(root).parent))
        for one in prepared.findings:
            found.setdefault(one.place.path, []).append(protocol.diagnostic(one, pages, self.uri, folder))
        for path in self._published.get(root, set()) - set(found):
            found[path] = []
        for path, told in found.items():
            version = next((n for one, n in edition.versions.items() if shown(one) == path), None)
            self.server.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(self.uri(path), told, version=version)
            )
        self._published[root] = {path for path, told in found.items() if told}

    def _clear(self, root: str) -> None:
        for path in self._published.pop(root, set()):
            self.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(self.uri(path), []))

    def _refresh(self, _root: str, _edition: Edition) -> None:
        """Have the editor ask again for what hangs on times."""
        workspace = self.server.client_capabilities.workspace
        if workspace is not None and workspace.inlay_hint is not None and workspace.inlay_hint.refresh_support:
            self.server.workspace_inlay_hint_refresh(None, callback=_unheard)
        if workspace is not None and workspace.code_lens is not None and workspace.code_lens.refresh_support:
            self.server.workspace_code_lens_refresh(None, callback=_unheard)

    def _paged(self, known: Known) -> Callable[[str], Page]:
        """Give the pages of a show as they are in the editor now; of a file that is not open there, as it was read."""
        made: dict[str, Page] = {}
        opened = {shown(path): one for path, one in self.shelf.pages.items()}

        def paged(path: str) -> Page:
            if path in opened:
                return opened[path]
            if path not in made:
                made[path] = page(known.prepared.texts.get(path, ""), 0, self._units)
            return made[path]

        return paged

    async def _settled(self, path: str) -> Edition | None:
        """Give what is known of a file's show once all that was typed so far is read, or after a while."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self.shelf.settled(path):
                    read = self._read
                    await read.wait()
        return self.shelf.edition(path)

    # -- questions

    async def completion(self, params: types.CompletionParams) -> types.CompletionList | None:
        """Say what may be written."""
        path = self.path(params.text_document.uri)
        now = self.shelf.pages.get(path)
        edition = self.shelf.edition(path) or await self._settled(path)
        if now is None or edition is None:
            return None
        place = protocol.place(now, params.position)
        lines = cut(now.text)
        found = offers(edition.known, lines, place, lambda ending: self.shelf.listing(path, ending))
        row = lines[place.line] if place.line < len(lines) else ""
        indent = row[: len(row) - len(row.lstrip(" \t"))]
        items = [protocol.item(one, now, snippets=self._snippets, marked=self._marked, indent=indent) for one in found]
        return types.CompletionList(is_incomplete=False, items=items)

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Say what a word means, and when it comes."""
        path = self.path(params.text_document.uri)
        edition = await self._settled(path)
        now = self.shelf.pages.get(path)
        if now is None or edition is None:
            return None
        known = edition.known
        place = protocol.place(now, params.position)
        told = hover(known, shown(path), cut(now.text), place, lambda command: self._play.first_frame(known, command))
        if told is None:
            return None
        return types.Hover(protocol.markdown(told.text), protocol.stretch(now, told.range))

    async def actions(self, params: types.CodeActionParams) -> list[types.CodeAction] | None:
        """Say what can be done about the findings of a stretch."""
        path = self.path(params.text_document.uri)
        edition = await self._settled(path)
        now = self.shelf.pages.get(path)
        if now is None or edition is None:
            return None
        pages, folder = self._paged(edition.known), shown(str(Path(self.shelf.root(path)).parent))
        wanted = params.context.only
        findings = edition.known.prepared.findings
        found = mendings(findings, shown(path), cut(now.text), protocol.within(now, params.range))
        if wanted is not None and not any(str(_word(one)).startswith("quickfix") for one in wanted):
            found = []
        everything = all_mended(findings, shown(path))
        if everything is not None and (wanted is None or any(_word(one).startswith("source") for one in wanted)):
            found.append(everything)
        return [protocol.action(one, pages, self.uri, folder) for one in found]


def _word(kind: Any) -> str:
    return str(getattr(kind, "value", kind))


def _spots(range: types.Range | None) -> tuple[Spot, Spot] | None:
    if range is None:
        return None
    start, end = range.start, range.end
    return (
        Spot(max(0, start.line), max(0, start.character)),
        Spot(max(0, end.line), max(0, end.character)),
    )


def _unheard(_: Any) -> None:
    """An editor that was told to ask again need not answer."""
