// @ts-check
// The prompt book: the script as it is in force, with the line that plays, and findings where they belong.

/** @import { FilePlace, Finding, Now, Place, Planned, Score, Show } from "../model/shapes.js" */

import { fileOf, listed } from "../model/score.js";
import { visible } from "../model/words.js";
import { element, mark, part, renew } from "./element.js";
import { LongList } from "./long-list.js";

const HEIGHT = 24;

/** How far down the list a line is brought. */
const SHARE = 0.3;

/** What stands out in a line. */
const COMMENT = /#.*$/;
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/;
const TIME = /\+?\b\d[\d:.]*(?:ms|s|m|h|beats?|bars?)?\b|\$\w+/;
const KEPT = /->\s*[^\s;,"'#]+/;
const CLASSES = ["comment", "string", "time", "kept", "word"];

/**
 * @typedef {{number: number, from: number, until: number, text: string, finding?: Finding}} Line
 * What fits into one row of a line of the file, or of a finding below it: the signs of `text` from one to another.
 */

/** So many cells the rows in which a line goes on are set in. */
const INSET = 2;

/** Below this width (pixels) the page is a phone's. */
const NARROW = 720;

/** No row has fewer cells than this, however narrow the page is. */
const FEWEST = 16;

/** Signs that take two cells in a row. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

export class PromptBook {
  constructor() {
    this.files = part("files", HTMLSelectElement);
    /** @type {Score | null} */
    this.score = null;
    /** @type {Finding[]} */
    this.findings = [];
    this.standsOut = standsOut([]);
    /** @type {string | null} */
    this.file = null;
    /** @type {string[]} */
    this.texts = [];
    /** @type {Line[]} */
    this.lines = [];
    /** @type {FilePlace[]} */
    this.playing = [];
    this.host = part("book-rows", HTMLElement);
    this.list = new LongList(this.host, HEIGHT, make, (row, index) => this.fill(row, index));
    /** How many cells a row has room for. */
    this.cells = Infinity;
    new ResizeObserver(() => this.measure()).observe(this.host);
    this.files.addEventListener("change", () => {
      this.list.touch();
      this.file = this.files.value;
      this.lay();
    });
  }

  /**
   * Show what plays: the lines of open commands and standing waits; and what was found in a refused save, or warnings.
   * @param {Now} now
   */
  update({ show, findings }) {
    if (show.score !== this.score || findings !== this.findings) {
      this.score = show.score;
      this.findings = findings;
      this.standsOut = standsOut(show.score.words);
      this.offer(show.score);
      this.lay();
    }
    const playing = playingLines(show);
    if (keyOf(playing) === keyOf(this.playing)) return;
    this.playing = playing;
    this.list.refresh();
    this.follow();
  }

  /**
   * Offer the files of the show.
   * @param {Score} score
   */
  offer({ files, script }) {
    const paths = files.map((file) => file.path);
    if (this.file === null || !paths.includes(this.file)) this.file = paths.at(0) ?? null;
    const folder = script.slice(0, script.lastIndexOf("/") + 1);
    renew(this.files, paths.join("\n"), () => paths.map((path) =>
      element("option", { value: path }, path.startsWith(folder) ? path.slice(folder.length) : path)));
    this.files.value = this.file ?? "";
    this.files.hidden = paths.length < 2;
  }

  /** On a narrow page a line that is longer than a row goes on in the next one; a wide one is pushed sideways. */
  measure() {
    if (!this.host.clientWidth) return;
    const cells = innerWidth > NARROW ? Infinity : this.room();
    if (cells === this.cells) return;
    this.cells = cells;
    this.lay();
    this.follow();
  }

  /** How many cells fit beside the numbers. */
  room() {
    const { node, text } = make();
    text.textContent = "0".repeat(FEWEST);
    this.host.append(node);
    const cell = text.getBoundingClientRect().width / FEWEST;
    const left = text.getBoundingClientRect().left - this.host.getBoundingClientRect().left;
    node.remove();
    return Math.max(FEWEST, Math.floor((this.host.clientWidth - left - 8) / cell));
  }

  /** Lay the file out in rows: its lines, and under each what was found there. */
  lay() {
    const file = this.score?.files.find((one) => one.path === this.file);
    /** @type {Map<number, Finding[]>} */
    const found = new Map();
    for (const finding of this.findings) {
      // The line of a refused save need not be that of the text in force.
      if (finding.path === this.file) listed(found, finding.near ?? finding.line ?? 1).push(finding);
    }
    this.texts = (file?.text ?? "").split(/\r?\n/);
    const below = (/** @type {number} */ number) => (found.get(number) ?? []).flatMap((finding) =>
      rowsOf(this.told(finding, number), this.cells).map((row) => ({ ...row, number, finding })));
    this.lines = this.texts.flatMap((text, index) =>
      [...rowsOf(visible(text), this.cells).map((row) => ({ ...row, number: index + 1 })), ...below(index + 1)]);
    for (const number of found.keys()) if (number > this.texts.length) this.lines.push(...below(number));
    this.list.count(this.lines.length);
  }

  /** Keep what plays in view, unless somebody reads elsewhere. */
  follow() {
    const first = this.playing.at(0);
    if (!first || this.list.inUse) return;
    // A show may lie in several files: the book is opened at that of what plays.
    if (!this.playing.some((one) => one.path === this.file)) this.open(first.path);
    const top = Math.min(...this.playing.filter((one) => one.path === this.file).map((one) => one.line));
    const index = this.lines.findIndex((line) => line.number === top);
    if (index >= 0 && !this.list.sees(index)) this.list.show(index, SHARE);
  }

  /** Keep what plays in view again. */
  followAgain() {
    this.list.release();
    this.follow();
  }

  /**
   * Open a file.
   * @param {string} path
   */
  open(path) {
    if (path === this.file || !this.score?.files.some((file) => file.path === path)) return;
    this.file = path;
    this.files.value = path;
    this.lay();
  }

  /**
   * Open the book at a line, for somebody who asked.
   * @param {string} path
   * @param {number} number
   */
  openAt(path, number) {
    this.open(path);
    this.list.touch();
    const index = this.lines.findIndex((line) => line.number === number);
    if (index >= 0) this.list.show(index, SHARE);
  }

  /**
   * @param {ReturnType<typeof make>} row
   * @param {number} index
   */
  fill({ node, number, text }, index) {
    const line = this.lines[index];
    const { finding, from, until } = line;
    const playing = !finding && this.playing.some((one) => one.path === this.file && one.line === line.number);
    mark(node, "data-playing", playing);
    mark(node, "aria-current", playing ? "true" : null);
    mark(node, "data-finding", finding?.severity ?? null);
    number.textContent = finding || from ? "" : String(line.number);
    const code = finding && !from ? line.text.indexOf(": ") : 0;
    if (finding) text.replaceChildren(element("b", {}, line.text.slice(from, code)), line.text.slice(Math.max(from, code), until));
    else text.replaceChildren(...this.pieces(line));
    mark(text, "data-on", from > 0);
  }

  /**
   * A finding in words.
   * @param {Finding} finding
   * @param {number} number the line it stands below
   */
  told({ code, severity, message, help, source, line }, number) {
    const moved = source && source.trimEnd() !== this.texts[number - 1];
    const saved = moved ? `   in your save, line ${line}: ${source.trim()}` : "";
    return visible(`${severity} ${code}: ${message}${help ? ` — ${help}` : ""}${saved}`);
  }

  /**
   * The piece of a line that fits a row, with what stands out in the line marked; text only.
   * @param {Line} line
   */
  pieces({ text, from, until }) {
    /** @type {(string | Node)[]} */
    const made = [];
    let end = from;
    for (const found of text.matchAll(this.standsOut)) {
      const [first, last] = [Math.max(found.index, from), Math.min(found.index + found[0].length, until)];
      if (first >= last) continue;
      if (first > end) made.push(text.slice(end, first));
      const group = found.slice(1).findIndex((piece) => piece !== undefined);
      made.push(element("span", { class: `script-${CLASSES[group]}` }, text.slice(first, last)));
      end = last;
    }
    made.push(text.slice(end, until));
    return made;
  }
}

/**
 * Break a text into rows of so many cells, at a blank where there is one.
 * @param {string} text
 * @param {number} most
 * @returns {{from: number, until: number, text: string}[]}
 */
function rowsOf(text, most) {
  const rows = [];
  let [from, until, blank, cells] = [0, 0, 0, 0];
  for (const sign of text) {
    const size = WIDE.test(sign) ? 2 : 1;
    if (cells + size > most) {
      const cut = blank > from ? blank : until;
      rows.push({ from, until: cut, text });
      // What is left of the row goes on in the next one, which is set in a little.
      cells = until - cut + INSET;
      from = cut;
    }
    until += sign.length;
    cells += size;
    if (sign === " " && text.slice(from, until).trim()) blank = until;
  }
  return [...rows, { from, until, text }];
}

function make() {
  const number = element("span", { class: "line-number" });
  const text = element("span", { class: "line-text" });
  return { node: element("div", { class: "line", role: "listitem" }, number, text), number, text };
}

/**
 * The lines that play: those of open commands and of waits that stand; where there are none, that of the last command.
 * @param {Show} show
 * @returns {FilePlace[]}
 */
function playingLines({ score, waits, open, acts }) {
  /** @type {FilePlace[]} */
  const playing = [];
  const plays = (/** @type {Place} */ place, /** @type {Planned | null} */ command) => {
    const found = fileOf(score, place);
    if (found) playing.push({ ...found, line: command?.line ?? found.line });
  };
  for (const wait of waits) if (wait.for !== "then") plays(wait, null);
  // What a seek or a device's return sends again is no line that plays.
  for (const act of open.values()) if (!act.chased) plays(act, act.planned);
  const last = playing.length ? undefined : acts.findLast((act) => !act.chased);
  if (last) plays(last, last.planned);
  return playing;
}

/** @param {FilePlace[]} places */
function keyOf(places) {
  return places.map((one) => `${one.path}:${one.line}`).join("\n");
}

/**
 * What stands out in a line: comments, strings, times, names of what is kept, and the words of the language.
 * @param {string[]} words
 */
function standsOut(words) {
  const kinds = [COMMENT, STRING, TIME, KEPT].map((kind) => `(${kind.source})`);
  return new RegExp([...kinds, `\\b(${words.join("|") || "(?!)"})\\b`].join("|"), "g");
}
