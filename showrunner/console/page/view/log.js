// The log: the journal, line by line, with a filter by words and by kind.

import { element, mark, say } from "./element.js";
import { Rows } from "./long-list.js";
import { clockText, entryText } from "../model/words.js";

const HEIGHT = 24;

const KINDS = {
  all: null,
  problems: (entry, bad) => bad || entry.kind === "device" && entry.state === "lost",
  cues: (entry) => ["segment", "cue", "wait", "resume", "log"].includes(entry.kind),
  commands: (entry) => ["command", "outcome"].includes(entry.kind),
  frames: (entry) => ["sent", "reply", "event"].includes(entry.kind),
  operator: (entry) => ["operator", "reload", "show", "end"].includes(entry.kind),
};

/** Reasons for which a command is skipped in good order. */
const IN_ORDER = new Set(["over", "stop", "seek", "reload", "panic"]);

function isBad(entry) {
  if (entry.kind === "outcome") {
    return entry.result === "failed" || entry.result === "timed-out"
      || entry.result === "skipped" && !IN_ORDER.has(entry.reason ?? "");
  }
  if (entry.kind === "reload") return entry.ok === false;
  return entry.kind === "reply" && entry.ok === false;
}

export class Log {
  /** `words` and `kinds` are the filter's controls; `pick(record)` shows an entry whole. */
  constructor(host, words, kinds, pick) {
    this.host = host;
    this.words = words;
    this.kinds = kinds;
    this.pick = pick;
    this.records = null;
    this.seen = 0;
    this.kept = [];
    this.atEnd = true;
    for (const name of Object.keys(KINDS)) kinds.append(element("option", { value: name }, name));
    this.list = new Rows(host, HEIGHT, () => this.make(), (row, index) => this.fill(row, index));
    words.addEventListener("input", () => this.sift());
    kinds.addEventListener("change", () => this.sift());
    host.addEventListener("scroll", () => {
      if (host.clientHeight) this.atEnd = host.scrollTop + host.clientHeight > host.scrollHeight - HEIGHT * 2;
    }, { passive: true });
    // A list that was out of sight has lost its place.
    new ResizeObserver(() => this.end()).observe(host);
  }

  end() {
    if (this.atEnd) this.host.scrollTop = this.host.scrollHeight;
  }

  show(model) {
    if (model.records !== this.records) {
      this.records = model.records;
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
    const kind = KINDS[this.kinds.value];
    const words = this.words.value.trim().toLowerCase();
    for (; this.seen < this.records.length; this.seen += 1) {
      const record = this.records[this.seen];
      if (kind && !kind(record.entry, isBad(record.entry))) continue;
      if (words && !`${record.entry.kind} ${entryText(record.entry)} ${record.raw}`.toLowerCase().includes(words)) continue;
      this.kept.push(record);
    }
  }

  lay() {
    this.list.count(this.kept.length);
    mark(this.host, "data-empty", this.kept.length === 0);
    this.end();
  }

  make() {
    const row = element("div", { class: "entry", role: "listitem" });
    const open = element("button", { type: "button", class: "entry-open", tabindex: "-1" });
    open.append(element("span", { class: "entry-at" }), element("span", { class: "entry-kind" }), element("span", { class: "entry-text" }));
    open.addEventListener("click", () => this.pick(this.kept[Number(row.dataset.index)], open));
    row.append(open);
    return row;
  }

  fill(row, index) {
    const { entry, raw } = this.kept[index];
    row.dataset.index = index;
    const [at, kind, text] = row.firstChild.children;
    mark(row, "data-kind", entry.kind);
    mark(row, "data-bad", isBad(entry));
    say(at, clockText(entry.at, 3));
    say(kind, entry.kind);
    say(text, entry.kind === "sent" || entry.kind === "reply" || entry.kind === "event" ? `${entryText(entry)}  ${frameOf(raw)}` : entryText(entry));
  }
}

/** The frame within an entry's line, cut to what fits a row. */
function frameOf(raw) {
  const from = raw.indexOf('"frame":');
  return from < 0 ? "" : raw.slice(from + 8, from + 240).replace(/\}$/, "");
}
