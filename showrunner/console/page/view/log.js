// @ts-check
// The log: the journal, line by line, with a filter by words and by kind.

/** @import { Entry, Now, Recorded } from "../model/shapes.js" */

import { isBad } from "../model/entries.js";
import { clockText, entryText } from "../model/words.js";
import { button, element, mark, part, say } from "./element.js";
import { LongList } from "./long-list.js";

const HEIGHT = 24;

/** So much of a frame fits a row (characters). */
const FRAME = 240;

const FRAMES = new Set(["sent", "reply", "event"]);

const AWAY = new Set(["lost", "not answering", "flooded"]);

/** What keeps a connection alive, and says nothing else: a message that is called so, not one that names it. */
const BEAT = /":\s*"(?:ping|pong|heartbeat)"/i;

/**
 * What a choice of entries shows; `raw` is an entry's line.
 * @type {Record<string, (entry: Entry, raw: string) => boolean>}
 */
const KINDS = {
  all: (entry, raw) => entry.kind !== "told" && !(FRAMES.has(entry.kind) && !("id" in entry) && BEAT.test(raw)),
  problems: (entry) => isBad(entry) || (entry.kind === "device" && AWAY.has(entry.state)),
  cues: ({ kind }) => ["segment", "cue", "wait", "resume", "log"].includes(kind),
  commands: ({ kind }) => kind === "command" || kind === "outcome",
  frames: ({ kind }) => FRAMES.has(kind) || kind === "told",
  operator: ({ kind }) => ["operator", "reload", "show", "end"].includes(kind),
};

export class Log {
  /** @param {(record: Recorded, from: HTMLElement) => void} pick shows an entry whole */
  constructor(pick) {
    this.pick = pick;
    this.host = part("log-rows", HTMLElement);
    this.words = part("log-words", HTMLInputElement);
    this.kinds = part("log-kinds", HTMLSelectElement);
    /** @type {Recorded[]} */
    this.records = [];
    this.seen = 0;
    /** @type {Recorded[]} */
    this.kept = [];
    this.atEnd = true;
    for (const name of Object.keys(KINDS)) this.kinds.append(element("option", { value: name }, name));
    this.list = new LongList(this.host, HEIGHT, () => this.make(), (row, index) => this.fill(row, index));
    this.words.addEventListener("input", () => this.sift());
    this.kinds.addEventListener("change", () => this.sift());
    this.host.addEventListener("scroll", () => {
      const { clientHeight, scrollTop, scrollHeight } = this.host;
      if (clientHeight) this.atEnd = scrollTop + clientHeight > scrollHeight - HEIGHT * 2;
    }, { passive: true });
    // A list that was out of sight has lost its place.
    new ResizeObserver(() => this.end()).observe(this.host);
  }

  end() {
    if (this.atEnd) this.host.scrollTop = this.host.scrollHeight;
  }

  /** @param {Now} now */
  update({ show }) {
    if (show.records !== this.records) {
      this.records = show.records;
      this.sift();
      return;
    }
    if (this.seen === this.records.length) return;
    const before = this.kept.length;
    this.gather();
    if (this.kept.length !== before) this.lay();
  }

  sift() {
    this.seen = 0;
    this.kept = [];
    this.atEnd = true;
    this.gather();
    this.lay();
  }

  gather() {
    const wanted = KINDS[this.kinds.value];
    const words = this.words.value.trim().toLowerCase();
    for (; this.seen < this.records.length; this.seen += 1) {
      const record = this.records[this.seen];
      const { entry, raw } = record;
      if (!wanted(entry, raw)) continue;
      if (words && !`${entry.kind} ${entryText(entry)} ${raw}`.toLowerCase().includes(words)) continue;
      this.kept.push(record);
    }
  }

  lay() {
    this.list.count(this.kept.length);
    mark(this.host, "data-empty", this.kept.length === 0);
    this.end();
  }

  make() {
    const at = element("span", { class: "entry-at" });
    const kind = element("span", { class: "entry-kind" });
    const text = element("span", { class: "entry-text" });
    const open = button("entry-open", () => this.pick(this.kept[this.list.indexOf(row)], open), at, kind, text);
    open.tabIndex = -1;
    const row = { node: element("div", { class: "entry", role: "listitem" }, open), at, kind, text };
    return row;
  }

  /**
   * @param {ReturnType<Log["make"]>} row
   * @param {number} index
   */
  fill({ node, at, kind, text }, index) {
    const { entry, raw } = this.kept[index];
    mark(node, "data-kind", entry.kind);
    mark(node, "data-bad", isBad(entry));
    say(at, clockText(entry.at, 3));
    say(kind, entry.kind);
    say(text, FRAMES.has(entry.kind) ? `${entryText(entry)}  ${frameOf(raw)}` : entryText(entry));
  }
}

/**
 * The frame within an entry's line, cut to what fits a row.
 * @param {string} raw
 */
function frameOf(raw) {
  const from = raw.indexOf('"frame":');
  return from < 0 ? "" : raw.slice(from + 8, from + FRAME).replace(/\}$/, "");
}
