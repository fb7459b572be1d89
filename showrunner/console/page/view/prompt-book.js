// The prompt book: the script as it is in force, with the line that plays, and findings where they belong.

import { element, mark, renew, visible } from "./element.js";
import { Rows } from "./long-list.js";
import { fileOf } from "../model/score.js";

const HEIGHT = 24;
const REST = 8000;

/** What stands out in a line: comments, strings, times, the words of the language. */
const PIECES = /(#.*$)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(\b(?:at|then|cue|track|segment|define|include|let|show|do|repeat|wait|hold|log|stop|say|and|within|retry|else)\b)|(\+?\b\d[\d:.]*(?:ms|s|m|h)?\b|\$\w+)/g;
const CLASSES = ["comment", "string", "word", "time"];

export class Book {
  constructor(host, choose) {
    this.host = host;
    this.choose = choose;
    this.lines = [];
    this.score = null;
    this.file = null;
    this.findings = null;
    this.playing = [];
    this.texts = [];
    this.key = "";
    this.touched = -Infinity;
    this.list = new Rows(host, HEIGHT, () => this.make(), (row, index) => this.fill(row, index));
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      host.addEventListener(kind, () => {
        this.touched = performance.now();
      }, { passive: true });
    }
    choose.addEventListener("change", () => {
      this.touched = performance.now();
      this.file = choose.value;
      this.lay();
    });
  }

  /** Show what plays: the lines of open commands and standing waits. `findings` of a refused save, or warnings. */
  show(model, findings) {
    if (model.score !== this.score || findings !== this.findings) {
      this.score = model.score;
      this.findings = findings;
      const paths = (model.score.files ?? []).map((file) => file.path);
      if (!paths.includes(this.file)) this.file = paths[0] ?? null;
      const folder = model.score.script.slice(0, model.score.script.lastIndexOf("/") + 1);
      renew(this.choose, paths.join("\n"), () => paths.map((path) =>
        element("option", { value: path }, path.startsWith(folder) ? path.slice(folder.length) : path)));
      this.choose.value = this.file ?? "";
      this.choose.hidden = paths.length < 2;
      this.lay();
    }
    const playing = [];
    const stands = (entry, line) => playing.push({ path: fileOf(model.score, entry), line: Number(line) });
    for (const wait of model.waits) {
      const row = model.score.rowOf.get(`${wait.segment}\t${wait.track}\t${wait.cue}`);
      const line = /L(\d+)$/.exec(wait.cue)?.[1] ?? row?.line;
      if (wait.for !== "then" && line) stands(wait, line);
    }
    // What a seek or a device's return sends again is no line that plays.
    for (const act of model.open.values()) if (!act.chased) stands(act, act.line);
    const last = playing.length ? null : model.acts.findLast((act) => !act.chased);
    if (last) stands(last, last.line);
    const key = playing.map((one) => `${one.path}:${one.line}`).join("\n");
    if (key === this.key) return;
    this.key = key;
    this.playing = playing;
    this.list.refresh();
    this.follow();
  }

  /** Lay the file out in rows: its lines, and under each what was found there. */
  lay() {
    const file = (this.score.files ?? []).find((one) => one.path === this.file);
    this.lines = [];
    const found = new Map();
    for (const finding of this.findings ?? []) {
      if (finding.path !== this.file) continue;
      // The line of a refused save need not be that of the text in force.
      const line = finding.near ?? finding.line ?? 1;
      found.set(line, [...(found.get(line) ?? []), finding]);
    }
    const texts = this.texts = (file?.text ?? "").split(/\r?\n/);
    texts.forEach((text, index) => {
      this.lines.push({ number: index + 1, text });
      for (const finding of found.get(index + 1) ?? []) this.lines.push({ number: index + 1, finding });
    });
    for (const [line, findings] of found) {
      if (line > texts.length) for (const finding of findings) this.lines.push({ number: line, finding });
    }
    this.list.count(this.lines.length);
  }

  follow(anyway = false) {
    if (anyway) this.touched = -Infinity;
    if (!this.playing.length || performance.now() - this.touched < REST) return;
    // A show may lie in several files: the book is opened at that of what plays.
    if (!this.playing.some((one) => one.path === this.file)) this.open(this.playing[0].path);
    const first = Math.min(...this.playing.filter((one) => one.path === this.file).map((one) => one.line));
    const index = this.lines.findIndex((line) => line.number === first);
    if (index >= 0 && !this.list.sees(index)) this.list.show(index, 0.3);
  }

  /** Open a file. */
  open(path) {
    if (path === this.file || !(this.score.files ?? []).some((file) => file.path === path)) return;
    this.file = path;
    this.choose.value = path;
    this.lay();
  }

  /** Open the book at a line, for somebody who asked. */
  openAt(path, number) {
    this.open(path);
    this.touched = performance.now();
    const index = this.lines.findIndex((line) => line.number === number);
    if (index >= 0) this.list.show(index, 0.3);
  }

  make() {
    const row = element("div", { class: "line", role: "listitem" });
    row.append(element("span", { class: "line-number" }), element("span", { class: "line-text" }));
    return row;
  }

  fill(row, index) {
    const line = this.lines[index];
    const [number, text] = row.children;
    const playing = !line.finding && this.playing.some((one) => one.path === this.file && one.line === line.number);
    mark(row, "data-playing", playing);
    mark(row, "aria-current", playing ? "true" : null);
    mark(row, "data-finding", line.finding?.severity ?? null);
    number.textContent = line.finding ? "" : line.number;
    if (line.finding) {
      const { code, severity, message, help, source } = line.finding;
      const saved = source && source.trimEnd() !== this.texts[line.number - 1] ? `   in your save, line ${line.finding.line}: ${source.trim()}` : "";
      text.replaceChildren(element("b", {}, `${severity} ${code}: `), visible(`${message}${help ? ` — ${help}` : ""}${saved}`));
      return;
    }
    text.replaceChildren(...pieces(visible(line.text)));
  }
}

/** A line with what stands out marked; text only. */
function pieces(text) {
  const made = [];
  let end = 0;
  for (const found of text.matchAll(PIECES)) {
    if (found.index > end) made.push(text.slice(end, found.index));
    const group = found.slice(1).findIndex((piece) => piece !== undefined);
    made.push(element("span", { class: `script-${CLASSES[group]}` }, found[0]));
    end = found.index + found[0].length;
  }
  made.push(text.slice(end));
  return made;
}
