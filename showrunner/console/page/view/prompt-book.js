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
const TIME = /\+?\b\d[\d:.]*(?:ms|s|m|h)?\b|\$\w+/;
const CLASSES = ["comment", "string", "time", "word"];

/** @typedef {{number: number, text: string, finding?: Finding}} Line A line of the file, or a finding below it. */

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
    this.list = new LongList(part("book-rows", HTMLElement), HEIGHT, make, (row, index) => this.fill(row, index));
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

  /** Lay the file out in rows: its lines, and under each what was found there. */
  lay() {
    const file = this.score?.files.find((one) => one.path === this.file);
    /** @type {Map<number, Finding[]>} */
    const found = new Map();
    for (const finding of this.findings) {
      // The line of a refused save need not be that of the text in force.
      if (finding.path === this.file) listed(found, finding.near ?? finding.line ?? 1).push(finding);
    }
    const below = (/** @type {number} */ number) => (found.get(number) ?? []).map((finding) => ({ number, text: "", finding }));
    this.texts = (file?.text ?? "").split(/\r?\n/);
    this.lines = this.texts.flatMap((text, index) => [{ number: index + 1, text }, ...below(index + 1)]);
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
    const { finding } = line;
    const playing = !finding && this.playing.some((one) => one.path === this.file && one.line === line.number);
    mark(node, "data-playing", playing);
    mark(node, "aria-current", playing ? "true" : null);
    mark(node, "data-finding", finding?.severity ?? null);
    number.textContent = finding ? "" : String(line.number);
    if (!finding) {
      text.replaceChildren(...this.pieces(visible(line.text)));
      return;
    }
    const { code, severity, message, help, source } = finding;
    const moved = source && source.trimEnd() !== this.texts[line.number - 1];
    const saved = moved ? `   in your save, line ${finding.line}: ${source.trim()}` : "";
    text.replaceChildren(element("b", {}, `${severity} ${code}: `), visible(`${message}${help ? ` — ${help}` : ""}${saved}`));
  }

  /**
   * A line with what stands out marked; text only.
   * @param {string} text
   */
  pieces(text) {
    /** @type {(string | Node)[]} */
    const made = [];
    let end = 0;
    for (const found of text.matchAll(this.standsOut)) {
      if (found.index > end) made.push(text.slice(end, found.index));
      const group = found.slice(1).findIndex((piece) => piece !== undefined);
      made.push(element("span", { class: `script-${CLASSES[group]}` }, found[0]));
      end = found.index + found[0].length;
    }
    made.push(text.slice(end));
    return made;
  }
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
 * What stands out in a line: comments, strings, times, and the words of the language.
 * @param {string[]} words
 */
function standsOut(words) {
  const kinds = [COMMENT, STRING, TIME].map((kind) => `(${kind.source})`);
  return new RegExp([...kinds, `\\b(${words.join("|") || "(?!)"})\\b`].join("|"), "g");
}
