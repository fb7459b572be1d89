// The extension: starts the language server, and does what needs an editor: terminals, pages beside the script.
// @ts-check
"use strict";

const { execFile } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const REHEARSE = "showrunner.rehearse";
const DRY_RUN = "showrunner.dryRun";
const PORT = 8765;

/** @type {import("vscode-languageclient/node").LanguageClient | undefined} */
let client;

/** @type {vscode.OutputChannel | undefined} */
let results;

const settings = () => vscode.workspace.getConfiguration("showrunner");
const program = () => settings().get("command", "showrunner");

/** Give the script that is written, or say that there is none. */
function script() {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.document.languageId !== "show") {
    void vscode.window.showInformationMessage("Open a .show file first.");
    return undefined;
  }
  return editor;
}

/** Name the segment that a line stands in, as the outline has it. @param {vscode.TextEditor} editor */
async function segmentAt(editor) {
  const line = editor.selection.active.line;
  /** @type {vscode.DocumentSymbol[]} */
  const symbols =
    (await vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider", editor.document.uri)) ?? [];
  const found = symbols.find((one) => one.kind === vscode.SymbolKind.Namespace && one.range.start.line <= line && line <= one.range.end.line);
  return found?.name;
}

/**
 * Play a script in a terminal, from a point. The words go to the program as they are: no shell reads them.
 * @param {string} uri @param {string | null | undefined} point
 */
async function rehearse(uri, point) {
  const file = vscode.Uri.parse(uri);
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === file.toString());
  if (document?.isDirty) await document.save();
  if (file.scheme !== "file") {
    void vscode.window.showInformationMessage("Save the script first: a rehearsal watches its file.");
    return;
  }
  const words = ["rehearse", file.fsPath, ...(settings().get("doubles", true) ? ["--doubles", "all"] : [])];
  if (point) words.push("--from", point);
  const terminal = vscode.window.createTerminal({
    name: `rehearse ${path.basename(file.fsPath)}`,
    cwd: path.dirname(file.fsPath),
    shellPath: program(),
    shellArgs: words,
  });
  terminal.show(true);
}

/** Show what came of a dry run. @param {string} uri @param {string | null | undefined} segment */
async function dryRun(uri, segment) {
  const told = await client?.sendRequest("workspace/executeCommand", { command: DRY_RUN, arguments: [uri, segment ?? null] });
  const table = /** @type {{table?: string} | undefined} */ (told)?.table;
  if (!table) return;
  results ??= vscode.window.createOutputChannel("showrunner dry run");
  results.clear();
  results.append(table);
  results.show(true);
}

/** Open the console of the rehearsal that runs, in the editor's own browser beside the script. */
async function openConsole() {
  const answer = await vscode.window.showInputBox({
    title: "Console",
    prompt: "The address that `rehearse` says in its terminal",
    placeHolder: `http://127.0.0.1:${PORT}/?token=…`,
    validateInput: (text) => (/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\//.test(text) ? undefined : "An address of this machine, as the terminal says it"),
  });
  if (answer === undefined) return;
  const port = Number(new URL(answer).port);
  const there = await new Promise((done) => {
    const asked = http.get({ host: "127.0.0.1", port, path: "/", timeout: 2000 }, (got) => (got.resume(), done(true)));
    asked.on("error", () => done(false));
    asked.on("timeout", () => (asked.destroy(), done(false)));
  });
  if (!there) {
    void vscode.window.showWarningMessage("Nothing answers there. Is a rehearsal running?");
    return;
  }
  await vscode.commands.executeCommand("simpleBrowser.api.open", vscode.Uri.parse(answer), {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: true,
  });
}

/**
 * Draw a show with the program itself, and give the picture.
 * @param {vscode.TextDocument} document @returns {Promise<string>}
 */
function drawn(document) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "showrunner-"));
  const target = path.join(folder, "timeline.svg");
  return new Promise((done, failed) => {
    const words = ["timeline", document.uri.fsPath, "-o", target];
    execFile(program(), words, { cwd: path.dirname(document.uri.fsPath), timeout: 60000 }, (error, _, said) => {
      try {
        if (error) failed(new Error(said.trim() || error.message));
        else done(fs.readFileSync(target, "utf8"));
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}

const FOLLOW = `
  const editor = acquireVsCodeApi();
  // The picture names a cue that has no name of its own by its line: "00:02.000 L11".
  for (const title of document.querySelectorAll("title")) {
    const found = / L([0-9]+)/.exec(title.textContent);
    if (found) title.parentElement.dataset.line = found[1];
  }
  const lineOf = (node) => Number((node.closest("[data-line]") ?? { dataset: {} }).dataset.line);
  document.addEventListener("click", (event) => {
    const line = lineOf(event.target);
    if (line) editor.postMessage({ line });
  });
  window.addEventListener("message", ({ data }) => {
    for (const one of document.querySelectorAll(".here")) one.classList.remove("here");
    const known = [...document.querySelectorAll("[data-line]")].filter((one) => lineOf(one) <= data.line);
    const last = Math.max(...known.map(lineOf));
    const here = known.filter((one) => lineOf(one) === last);
    for (const one of here) one.classList.add("here");
    here[0]?.scrollIntoView({ block: "nearest", inline: "center" });
  });`;

/** Show the timeline beside the script; it follows the cursor, and a click in it moves the cursor. */
async function timeline() {
  const editor = script();
  if (editor === undefined) return;
  const { document } = editor;
  const panel = vscode.window.createWebviewPanel(
    "showrunner.timeline",
    `${path.basename(document.uri.fsPath)} · timeline`,
    { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    { enableScripts: true, retainContextWhenHidden: true, localResourceRoots: [] }
  );
  const nonce = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const draw = async () => {
    let body;
    try {
      body = await drawn(document);
    } catch (error) {
      const text = String(error instanceof Error ? error.message : error);
      body = `<pre>${text.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</pre>`;
    }
    panel.webview.html = `<!doctype html><html><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'nonce-${nonce}'">
      <style>body { background: #fff; margin: 0; } .here { outline: 2px solid #d0a; outline-offset: 2px; }</style></head>
      <body>${body}<script nonce="${nonce}">${FOLLOW}</script></body></html>`;
  };
  const kept = [
    vscode.workspace.onDidSaveTextDocument((saved) => void (saved.uri.toString() === document.uri.toString() && draw())),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      if (textEditor.document === document) void panel.webview.postMessage({ line: selections[0].active.line + 1 });
    }),
    panel.webview.onDidReceiveMessage(async ({ line }) => {
      if (!Number.isInteger(line) || line < 1 || line > document.lineCount) return;
      const shown = await vscode.window.showTextDocument(document, { viewColumn: editor.viewColumn });
      const place = new vscode.Position(line - 1, 0);
      shown.selection = new vscode.Selection(place, place);
      shown.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }),
  ];
  panel.onDidDispose(() => kept.forEach((one) => one.dispose()));
  await draw();
}

/** @param {vscode.ExtensionContext} context */
async function activate(context) {
  const command = (/** @type {string} */ name, /** @type {(...given: any[]) => any} */ act) =>
    context.subscriptions.push(vscode.commands.registerCommand(name, act));
  command("showrunner.rehearseHere", async () => {
    const editor = script();
    if (editor) await rehearse(editor.document.uri.toString(), await segmentAt(editor));
  });
  command("showrunner.dryRunHere", async () => {
    const editor = script();
    if (editor) await dryRun(editor.document.uri.toString(), await segmentAt(editor));
  });
  command("showrunner.console", openConsole);
  command("showrunner.timeline", timeline);
  client = new LanguageClient(
    "showrunner",
    "showrunner",
    { command: program(), args: ["lsp"] },
    {
      documentSelector: [{ language: "show" }],
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/{stage.yaml,catalogue.yaml,*.show}") },
      middleware: {
        executeCommand: (name, given, next) =>
          name === REHEARSE ? rehearse(given[0], given[1]) : name === DRY_RUN ? dryRun(given[0], given[1]) : next(name, given),
      },
    }
  );
  try {
    await client.start();
  } catch {
    const install = "pip install \"showrunner[lsp]\"";
    const chosen = await vscode.window.showErrorMessage(
      `The program \`${program()}\` could not be started. Install it with: ${install}`,
      "Settings"
    );
    if (chosen) await vscode.commands.executeCommand("workbench.action.openSettings", "showrunner.command");
  }
}

async function deactivate() {
  await client?.stop();
}

module.exports = { activate, deactivate };
