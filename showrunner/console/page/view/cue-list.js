// @ts-check
// The cue list: every cue with its outcome, kept around the playhead. Ten thousand rows, of which a screenful exists.

/** @import { CueRow, Heading, Now, RowState, Score } from "../model/shapes.js" */

import { isIdle } from "../model/actions.js";
import { rowState } from "../model/cue-states.js";
import { clockText } from "../model/words.js";
import { button, element, mark, part, say } from "./element.js";
import { LongList } from "./long-list.js";

const HEIGHT = 46;

/** How far down the list the row that plays is brought. */
const SHARE = 0.25;

/** @type {Record<RowState, string>} */
const SIGNS = { ahead: "", next: "·", waiting: "❚", playing: "▶", done: "✓", late: "✓", bad: "✕", cut: "–" };

export class CueList {
  /**
   * @param {(action: string, more: Record<string, string>) => void} press asks the desk
   * @param {(row: CueRow, from: HTMLElement) => void} pick shows a row's details
   */
  constructor(press, pick) {
    this.press = press;
    this.pick = pick;
    this.host = part("cue-rows", HTMLElement);
    /** @type {Now | null} */
    this.now = null;
    /** @type {Score | null} */
    this.score = null;
    this.at = -1;
    this.list = new LongList(this.host, HEIGHT, () => this.make(), (row, index) => this.fill(row, index));
  }

  /** @param {Now} now */
  update(now) {
    this.now = now;
    const { score } = now.show;
    if (this.score === score) {
      this.list.refresh();
    } else {
      this.score = score;
      this.list.count(score.rows.length);
    }
    this.follow();
  }

  /** Keep the row that plays in view, unless somebody reads elsewhere. */
  follow() {
    if (!this.now || this.list.inUse || this.host.clientHeight === 0) return;
    const index = currentRow(this.now);
    if (index === this.at && this.list.sees(index)) return;
    this.at = index;
    this.list.show(index, SHARE);
  }

  /** Keep the row that plays in view again. */
  followAgain() {
    this.list.release();
    this.follow();
  }

  /** One shape for a cue and for the heading of a segment. */
  make() {
    const parts = {
      time: element("span", { class: "cue-time" }),
      sign: element("span", { class: "cue-sign", "aria-hidden": "true" }),
      name: element("span", { class: "cue-name" }),
      what: element("span", { class: "cue-what" }),
      state: element("span", { class: "cue-state" }),
      open: button("cue-open", () => this.details(row)),
      only: button("small cue-only", () => this.ask("only", row), "only this"),
      again: button("small cue-again", () => this.ask("again", row), "again"),
    };
    const row = { node: element("div", { class: "cue", role: "listitem" }, ...Object.values(parts)), ...parts };
    return row;
  }

  /** @param {ReturnType<CueList["make"]>} row */
  rowOf(row) {
    return this.score?.rows[this.list.indexOf(row)];
  }

  /** @param {ReturnType<CueList["make"]>} row */
  details(row) {
    const one = this.rowOf(row);
    if (one?.kind === "cue") this.pick(one, row.open);
  }

  /**
   * @param {string} action
   * @param {ReturnType<CueList["make"]>} row
   */
  ask(action, row) {
    const one = this.rowOf(row);
    if (one) this.press(action, { name: one.segment });
  }

  /**
   * @param {ReturnType<CueList["make"]>} parts
   * @param {number} index
   */
  fill(parts, index) {
    const { now, score } = this;
    const one = score?.rows[index];
    if (!now || !score || !one) return;
    const heading = one.kind === "segment";
    mark(parts.node, "data-kind", one.kind);
    parts.open.hidden = heading;
    parts.only.hidden = parts.again.hidden = !heading || now.readonly;
    parts.only.disabled = isIdle(now.actions, now.state, "only");
    parts.again.disabled = isIdle(now.actions, now.state, "again");
    say(parts.time, one.at === null ? "–" : clockText(one.at, heading ? 0 : 1));
    if (heading) fillHeading(parts, one, now);
    else fillCue(parts, one, now);
  }
}

/**
 * @param {ReturnType<CueList["make"]>} parts
 * @param {Heading} one
 * @param {Now} now
 */
function fillHeading(parts, one, { show }) {
  const plays = one.segment === show.segment;
  const name = one.title ?? one.segment;
  mark(parts.node, "data-state", plays ? "playing" : "ahead");
  mark(parts.node, "aria-current", plays ? "true" : null);
  say(parts.sign, "");
  say(parts.name, name);
  say(parts.what, one.title ? one.segment : "");
  say(parts.state, "");
  mark(parts.only, "aria-label", `only this: ${name}`);
  mark(parts.again, "aria-label", `again: ${name}`);
}

/**
 * @param {ReturnType<CueList["make"]>} parts
 * @param {CueRow} one
 * @param {Now} now
 */
function fillCue(parts, one, { show, next }) {
  const { state, text } = rowState(show, one.row);
  const coming = state === "ahead" && next === one;
  const commands = one.commands.join("; ");
  mark(parts.node, "data-state", coming ? "next" : state);
  mark(parts.node, "aria-current", state === "playing" || state === "waiting" ? "true" : null);
  say(parts.sign, coming ? "›" : SIGNS[state]);
  say(parts.state, coming ? "next" : text);
  const name = one.named ? `${one.cue}  ` : "";
  const tracks = show.score.segmentOf.get(one.segment)?.tracks ?? [];
  say(parts.name, `${name}${one.position}${tracks.length < 2 ? "" : `  ${one.track}`}`);
  say(parts.what, commands);
  mark(parts.open, "aria-label", `details of line ${one.line}: ${one.position} ${commands.slice(0, 80)}`);
}

/**
 * The row that plays: the one taken last in the segment that plays, else the one to come.
 * @param {Now} now
 */
function currentRow({ show, next }) {
  let found = -1;
  let taken = -1;
  for (const [number, played] of show.played) {
    const row = show.score.rowOf.get(number);
    if (!row || row.segment !== show.segment || played.taken < taken) continue;
    taken = played.taken;
    found = row.index;
  }
  return found >= 0 ? found : next?.index ?? 0;
}
