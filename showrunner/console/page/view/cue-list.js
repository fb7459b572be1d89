// The cue list: every cue with its outcome, kept around the playhead. Ten thousand rows, of which a screenful exists.

import { element, mark, say } from "./element.js";
import { rowState } from "../model/cue-states.js";
import { Rows } from "./long-list.js";
import { clockText } from "../model/words.js";

const HEIGHT = 46;

/** After the operator has scrolled, the list stays where it is for so long (milliseconds). */
const REST = 8000;

const SIGNS = { ahead: "", next: "·", waiting: "❚", playing: "▶", done: "✓", late: "✓", bad: "✕", cut: "–" };

export class CueList {
  /** `press(action, more)` asks the desk; `pick(row)` shows a row's details. */
  constructor(host, press, pick) {
    this.host = host;
    this.press = press;
    this.pick = pick;
    this.rows = null;
    this.score = null;
    this.model = null;
    this.at = -1;
    this.touched = -Infinity;
    const touched = () => {
      this.touched = performance.now();
    };
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) host.addEventListener(kind, touched, { passive: true });
  }

  /** `readonly`: nothing is offered; `unable`: what is offered cannot be done now. */
  show(model, next, { readonly, unable }) {
    this.model = model;
    this.next = next;
    this.readonly = readonly;
    this.unable = unable;
    this.rows ??= new Rowed(this);
    if (this.score !== model.score) {
      this.score = model.score;
      this.rows.list.count(model.score.rows.length);
    } else {
      this.rows.list.refresh();
    }
    this.follow(false);
  }

  /** Keep the row that plays in view, unless somebody reads elsewhere. */
  follow(anyway) {
    if (anyway) this.touched = -Infinity;
    if (!this.model || performance.now() - this.touched < REST) return;
    const index = this.current();
    if (index === this.at && this.rows.list.sees(index)) return;
    if (this.host.clientHeight === 0) return;
    this.at = index;
    this.rows.list.show(index, 0.25);
  }

  /** The row that plays: what waits, else what was taken last, else the one to come. */
  current() {
    const { model } = this;
    let found = -1;
    let taken = -1;
    for (const [key, line] of model.rows) {
      const row = model.score.rowOf.get(key);
      if (row && row.segment === model.segment && line.taken >= taken) {
        taken = line.taken;
        found = row.index;
      }
    }
    return found >= 0 ? found : this.next?.index ?? 0;
  }
}

/** The rows themselves: one shape for a cue and for the heading of a segment. */
class Rowed {
  constructor(owner) {
    this.owner = owner;
    this.list = new Rows(owner.host, HEIGHT, () => this.make(), (row, index) => this.fill(row, index));
  }

  make() {
    const parts = {
      time: element("span", { class: "cue-time" }),
      name: element("span", { class: "cue-name" }),
      what: element("span", { class: "cue-what" }),
      sign: element("span", { class: "cue-sign", "aria-hidden": "true" }),
      state: element("span", { class: "cue-state" }),
      only: element("button", { type: "button", class: "small cue-only" }, "only this"),
      again: element("button", { type: "button", class: "small cue-again" }, "again"),
      open: element("button", { type: "button", class: "cue-open" }),
    };
    const row = element("div", { class: "cue", role: "listitem" }, parts.time, parts.sign, parts.name, parts.what,
      parts.state, parts.open, parts.only, parts.again);
    const shown = () => this.owner.score.rows[Number(row.dataset.index)];
    parts.open.addEventListener("click", () => this.owner.pick(shown(), parts.open));
    parts.only.addEventListener("click", () => this.owner.press("only", { name: shown().segment }));
    parts.again.addEventListener("click", () => this.owner.press("again", { name: shown().segment }));
    row.parts = parts;
    return row;
  }

  fill(row, index) {
    const { model, next, readonly, unable, score } = this.owner;
    const one = score.rows[index];
    const { parts } = row;
    row.dataset.index = index;
    const heading = one.kind === "segment";
    mark(row, "data-kind", one.kind);
    parts.open.hidden = heading;
    parts.only.hidden = parts.again.hidden = !heading || readonly;
    parts.only.disabled = parts.again.disabled = unable;
    say(parts.time, one.at === null ? "–" : clockText(one.at, heading ? 0 : 1));
    if (heading) {
      mark(row, "data-state", one.segment === model.segment ? "playing" : "ahead");
      mark(row, "aria-current", one.segment === model.segment ? "true" : null);
      say(parts.sign, "");
      say(parts.name, one.title ?? one.segment);
      say(parts.what, one.title ? one.segment : "");
      say(parts.state, "");
      mark(parts.only, "aria-label", `only this: ${one.title ?? one.segment}`);
      mark(parts.again, "aria-label", `again: ${one.title ?? one.segment}`);
      return;
    }
    const { state, text } = rowState(model, one.key);
    const coming = state === "ahead" && next === one;
    mark(row, "data-state", coming ? "next" : state);
    mark(row, "aria-current", state === "playing" || state === "waiting" ? "true" : null);
    say(parts.sign, coming ? "›" : SIGNS[state]);
    say(parts.state, coming ? "next" : text);
    const single = score.segmentOf.get(one.segment).tracks.length < 2;
    const label = /(^|:)L\d+$/.test(one.cue) ? "" : `${one.cue}  `;
    say(parts.name, `${label}${one.position}${single ? "" : `  ${one.track}`}`);
    say(parts.what, one.commands.join("; "));
    mark(parts.open, "aria-label", `details of line ${one.line}: ${one.position} ${one.commands.join("; ").slice(0, 80)}`);
  }
}
