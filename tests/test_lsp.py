"""`showrunner lsp` as a program: what an editor asks over standard streams, and by WebSocket."""

import asyncio
import sys

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import register_lsp_features

pytestmark = pytest.mark.asyncio(loop_scope="module")
"""One server for all: it is started once, and each test has files of its own."""

PROGRAM = [sys.executable, "-c", "from showrunner.cli import main; main()", "lsp"]


class Editor(LanguageClient):
    """A client that keeps the last findings of each file with their version, and lets somebody wait for others."""

    def __init__(self):
        super().__init__(converter_factory=default_converter)
        self.folder = None
        self.published, self.news, self.refreshed = {}, asyncio.Event(), asyncio.Event()
        register_lsp_features(self)
        self.protocol.fm._features[types.WORKSPACE_INLAY_HINT_REFRESH] = lambda _: self.refreshed.set()
        self.protocol.fm._features[types.WORKSPACE_CODE_LENS_REFRESH] = lambda _: None
        self.protocol.fm._features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = self.take

    def take(self, told):
        self.published[told.uri] = told
        self.news.set()


def able():
    """What VS Code can, and that it asks again when it is told to, as later versions do."""
    known = client_capabilities("visual-studio-code")
    known.workspace.inlay_hint = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    return known


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=PROGRAM, client_factory=Editor), scope="module", loop_scope="module"
)
async def client(lsp_client: LanguageClient, tmp_path_factory):
    lsp_client.folder = folder = tmp_path_factory.mktemp("scripts")
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=able(),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "show")],
        )
    )
    yield
    await lsp_client.shutdown_session()


class Document:
    """A script in the editor."""

    def __init__(self, client, name, text, *, uri=None):
        self.client, self.version = client, 1
        self.uri = uri or (client.folder / name).as_uri()
        client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(self.uri, "show", 1, text))
        )

    @property
    def named(self):
        return types.TextDocumentIdentifier(self.uri)

    def type(self, text, start, end=None):
        self.version += 1
        where = types.Range(types.Position(*start), types.Position(*(end or start)))
        change = types.TextDocumentContentChangePartial(where, text)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(types.VersionedTextDocumentIdentifier(self.version, self.uri), [change])
        )

    async def findings(self, *codes):
        """Wait for what is found in the text as it is now; with codes, until it is these."""
        while True:
            self.client.news.clear()
            told = self.client.published.get(self.uri)
            if told is not None and told.version == self.version:
                found = [(one.code, one.range) for one in told.diagnostics]
                if not codes or [code for code, _ in found] == list(codes):
                    return found
            await self.client.news.wait()


def at(line, start, end):
    return types.Range(types.Position(line, start), types.Position(line, end))


TWO = "segment one\n  at 1s  log 'x'\nsegment two\n  at 2s  animaze emote Emote_Wave\n"
BROKEN = 'segment one\n  at 1s  say happy "こんにちは🎉"; animaze emotte Wave\n'


async def test_a_mistake_is_found_where_the_editor_counts_it_and_is_mended(client):
    shown = Document(client, "mistake.show", BROKEN)
    found = await shown.findings()
    assert found == [("E303", at(1, 38, 44))]
    offered = await client.text_document_code_action_async(
        types.CodeActionParams(shown.named, found[0][1], types.CodeActionContext([]))
    )
    assert [one.title for one in offered] == ["write `emote`", "mend all that has one remedy"]
    (edit,) = offered[0].edit.changes[shown.uri]
    shown.type(edit.new_text, (1, 38), (1, 44))
    assert await shown.findings() == []


async def test_what_may_be_written_is_offered_while_the_line_is_half_typed(client):
    shown = Document(client, "typed.show", "at 1s  \n")
    await shown.findings()
    shown.type("live2d ", (0, 7))
    offered = await client.text_document_completion_async(types.CompletionParams(shown.named, types.Position(0, 14)))
    assert [one.label for one in offered.items][:2] == ["set", "move"]
    assert offered.items[0].detail == "PARAM V [PARAM V]…"


async def test_a_hover_says_when_it_comes_and_what_goes_over_the_wire(client):
    shown = Document(client, "a.show", TWO)
    await shown.findings()
    while True:
        told = await client.text_document_hover_async(types.HoverParams(shown.named, types.Position(3, 18)))
        if "Planned" in told.contents.value:
            break
    assert "Planned at **00:03.000**." in told.contents.value
    assert '"itemName": "Emote_Wave"' in told.contents.value


async def test_a_part_is_judged_with_the_show_that_brings_it_in_as_it_stands_in_the_editor(client):
    parts = client.folder / "parts"
    parts.mkdir()
    (client.folder / "main.show").write_text(
        'let host = "Mika"\ninclude "parts/one.show"\nat 1s  do greet\n', encoding="utf-8"
    )
    part = parts / "one.show"
    part.write_text("# not saved yet\n", encoding="utf-8")
    shown = Document(client, "parts/one.show", 'define greet\n  at 0s  say "I am {host}"\n')
    assert await shown.findings() == []
    shown.type("hots", (1, 20), (1, 24))
    assert await shown.findings() == [("E205", at(1, 19, 25))]


async def test_a_text_that_is_no_file_is_read_too(client):
    shown = Document(client, "", "at 1s  anymaze emote Emote_Wave\n", uri="untitled:Untitled-1")
    assert await shown.findings() == [("E301", at(0, 7, 14))]


async def test_the_catalogue_beside_a_script_is_watched(client):
    beside = client.folder / "watched"
    beside.mkdir()
    shown = Document(client, "watched/a.show", "at 1s  animaze emote Emote_Wav\n")
    assert await shown.findings() == []
    (beside / "catalogue.yaml").write_text("animaze:\n  emotes: [Emote_Wave]\n", encoding="utf-8")
    client.workspace_did_change_watched_files(
        types.DidChangeWatchedFilesParams(
            [types.FileEvent((beside / "catalogue.yaml").as_uri(), types.FileChangeType.Created)]
        )
    )
    assert await shown.findings("E308") == [("E308", at(0, 21, 30))]
    where = types.CompletionParams(shown.named, types.Position(0, 21))
    assert (await client.text_document_completion_async(where)).items[0].label == "Emote_Wave"


async def test_a_name_is_renamed_in_all_files_of_the_show(client):
    folder = client.folder / "renamed"
    folder.mkdir()
    (folder / "part.show").write_text('define greet\n  at 0s  say "🎉 {host}"\n', encoding="utf-8")
    shown = Document(client, "renamed/main.show", 'let host = "Mika"\ninclude "part.show"\nat 1s  do greet\n')
    await shown.findings()
    where = types.Position(0, 5)
    made = await client.text_document_rename_async(types.RenameParams(shown.named, where, "star"))
    assert made.changes == {
        shown.uri: (types.TextEdit(at(0, 4, 8), "star"),),
        (folder / "part.show").as_uri(): (types.TextEdit(at(1, 18, 22), "star"),),
    }
    with pytest.raises(JsonRpcException, match="is no name"):
        await client.text_document_rename_async(types.RenameParams(shown.named, where, "two words"))
    used = types.ReferenceParams(types.ReferenceContext(include_declaration=False), shown.named, where)
    assert [one.range for one in await client.text_document_references_async(used)] == [at(1, 18, 22)]


async def test_what_stands_in_the_margin_is_told_once_it_is_planned(client):
    shown = Document(client, "margin.show", TWO)
    whole = types.InlayHintParams(shown.named, types.Range(types.Position(0, 0), types.Position(9, 0)))
    while not (found := await client.text_document_inlay_hint_async(whole)):
        await client.refreshed.wait()
    assert [(one.position, one.label) for one in found] == [(types.Position(3, 7), "= 00:03.000")]
    offered = await client.text_document_code_lens_async(types.CodeLensParams(shown.named))
    assert [one.command.title for one in offered] == [
        "dry run · 0:03",
        "rehearse",
        "dry run this segment · 0:01",
        "rehearse from here",
        "dry run this segment · 0:02",
        "rehearse from here",
    ]
    played = await client.workspace_execute_command_async(
        types.ExecuteCommandParams(offered[4].command.command, offered[4].command.arguments)
    )
    assert played["ok"]
    assert client.messages[-1].message == "segment two: 0:02, 1 command, none of them failed"
    assert "animaze emote Emote_Wave" in played["table"]


async def test_colours_are_counted_as_the_editor_counts(client):
    shown = Document(client, "colours.show", 'at 1s  say "🎉"  # x\n')
    told = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(shown.named))
    assert list(told.data) == [0, 0, 2, 1, 0, 0, 3, 2, 5, 0, 0, 4, 3, 1, 0, 0, 4, 4, 7, 0, 0, 6, 3, 0, 0]


SPACES = types.FormattingOptions(2, insert_spaces=True)

STRANGE = [
    "",
    "\ufeffat 1s  log 'x'\r\nat 2s  animaze ",
    "at 1s\rat 2s  say 'x\u2028y",
    "x" * 200_000,
    "at 1s  say " + "'a' " * 20_000,
    "at 1s  animaze call X " + "[" * 2_000,
    "segment\n  track\n    cue\n      at\n",
    "\"'{\n\t \n    at",
    "\ud83d",
]


async def test_whatever_is_typed_every_question_is_answered(client):
    for number, text in enumerate(STRANGE):
        shown = Document(client, f"{number}.show", text)
        await shown.findings()
        last = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for place in {(0, 0), (0, 7), (len(last) - 1, len(last[-1])), (9_999, 9_999)}:
            where = types.Position(*place)
            await client.text_document_completion_async(types.CompletionParams(shown.named, where))
            await client.text_document_hover_async(types.HoverParams(shown.named, where))
            await client.text_document_code_action_async(
                types.CodeActionParams(shown.named, types.Range(where, where), types.CodeActionContext([]))
            )
            await client.text_document_definition_async(types.DefinitionParams(shown.named, where))
            await client.text_document_signature_help_async(types.SignatureHelpParams(shown.named, where))
            await client.text_document_on_type_formatting_async(
                types.DocumentOnTypeFormattingParams(shown.named, where, "\n", SPACES)
            )
        await client.text_document_formatting_async(types.DocumentFormattingParams(shown.named, SPACES))
        await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(shown.named))
        await client.text_document_folding_range_async(types.FoldingRangeParams(shown.named))
        await client.text_document_document_symbol_async(types.DocumentSymbolParams(shown.named))
        await client.text_document_document_link_async(types.DocumentLinkParams(shown.named))
        await client.text_document_code_lens_async(types.CodeLensParams(shown.named))
        shown.type("at 3s  log 'and on'\n", (0, 0))
        await shown.findings()
