// The prompt book: the script as it is in force, with the line that plays, and findings where they belong.

import { element, mark, renew } from "./element.js";
import { Rows } from "./rows.js";

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
    this.playing = new Set();
    this.key = "";
    this.touched = -Infinity;
    this.list = new Rows(host, HEIGHT, () => this.make(), (row, index) => this.fill(row, index));
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      host.addEventListener(kind, () => {
        this.touched = performance.now();
      }, { passive: true });
    }
    choose.addEventListener("change", () => {
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
      renew(this.choose, paths.join("\n"), () => paths.map((path) => element("option", { value: path }, path)));
      this.choose.value = this.file ?? "";
      this.choose.hidden = paths.length < 2;
      this.lay();
    }
    const playing = new Set();
    let last = null;
    for (const wait of model.waits) {
      const row = model.score.rowOf.get(`${wait.segment}\t${wait.track}\t${wait.cue}`);
      const line = /L(\d+)$/.exec(wait.cue)?.[1] ?? row?.line;
      if (wait.for !== "then" && line) playing.add(Number(line));
    }
    for (const act of model.open.values()) playing.add(act.line);
    if (!playing.size && model.acts.length) {
      last = model.acts.at(-1).line;
      playing.add(last);
    }
    const key = [...playing].join(" ");
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
      const line = finding.line ?? 1;
      found.set(line, [...(found.get(line) ?? []), finding]);
    }
    const texts = (file?.text ?? "").split("\n");
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
    if (!this.playing.size || performance.now() - this.touched < REST) return;
    const first = Math.min(...this.playing);
    const index = this.lines.findIndex((line) => line.number === first);
    if (index >= 0 && !this.list.sees(index)) this.list.show(index, 0.3);
  }

  /** Open the book at a line, for somebody who asked. */
  openAt(path, number) {
    if ((this.score.files ?? []).some((file) => file.path === path) && path !== this.file) {
      this.file = path;
      this.choose.value = path;
      this.lay();
    }
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
    const main = this.file === (this.score.files ?? [])[0]?.path;
    const playing = !line.finding && main && this.playing.has(line.number);
    mark(row, "data-playing", playing);
    mark(row, "aria-current", playing ? "true" : null);
    mark(row, "data-finding", line.finding?.severity ?? null);
    number.textContent = line.finding ? "" : line.number;
    if (line.finding) {
      const { code, severity, message, help } = line.finding;
      text.replaceChildren(element("b", {}, `${severity} ${code}: `), `${message}${help ? ` — ${help}` : ""}`);
      return;
    }
    text.replaceChildren(...pieces(line.text));
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
