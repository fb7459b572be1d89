// The details of one thing: its source line, how it ended, its frames and replies. Beside a pointer, or pinned by a tap.

import { element } from "./element.js";
import { clockText, lengthText } from "../model/words.js";

/** The longest frame that is shown whole (characters). */
const LONGEST = 1200;

/** So many commands of a cue are listed. */
const LISTED = 5;

export class Tip {
  /** `floor` is what lies below on a narrow page and stays free. */
  constructor(box, floor, seek) {
    this.box = box;
    this.floor = floor;
    this.seek = seek;
    this.pinned = false;
    this.about = null;
    this.from = null;
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.pinned) this.close();
    });
    document.addEventListener("pointerdown", (event) => {
      if (this.pinned && !box.contains(event.target) && !this.from?.contains?.(event.target)) this.close();
    });
  }

  /** Show `facts` ({title, lines, frames, point}) at a place of the page; pinned ones stay and can be read and used. */
  open(about, facts, x, y, { pinned = false, from = null } = {}) {
    if (this.pinned && !pinned) return;
    this.pinned = pinned;
    this.from = from;
    if (this.about !== about || pinned) {
      this.about = about;
      this.box.replaceChildren(...this.parts(facts, pinned));
    }
    this.box.hidden = false;
    this.box.classList.toggle("pinned", pinned);
    const { width, height } = this.box.getBoundingClientRect();
    const left = Math.max(8, Math.min(x + 14, innerWidth - width - 8));
    const below = y + 18 + height < innerHeight - 8;
    this.box.style.left = `${left}px`;
    // GO is never covered.
    const floor = this.floor.getBoundingClientRect();
    const lowest = innerWidth < 720 && floor.height ? floor.top - height - 6 : Infinity;
    this.box.style.top = `${Math.max(8, Math.min(lowest, below ? y + 18 : y - height - 12))}px`;
    if (pinned) this.box.querySelector("button")?.focus({ preventScroll: true });
  }

  parts({ title, lines, frames = [], point = null }, pinned) {
    const made = [element("p", { class: "tip-title" }, title)];
    for (const line of lines) made.push(element("p", {}, line));
    for (const frame of pinned ? frames : frames.slice(0, 4)) {
      made.push(element("pre", { class: `frame-${frame.kind}` }, `${clockText(frame.at, 3)} ${frame.kind} ${shorten(frame.raw)}`));
    }
    if (pinned) {
      const row = element("p", { class: "tip-keys" });
      if (point !== null && this.seek) {
        row.append(element("button", { type: "button", onclick: () => { this.seek(point); this.close(); } }, "play from here"));
      }
      row.append(element("button", { type: "button", onclick: () => this.close() }, "close"));
      made.push(row);
    }
    return made;
  }

  /** Take a tip away that follows the pointer; a pinned one stays. */
  leave() {
    if (!this.pinned) this.close();
  }

  close() {
    if (this.box.hidden) return;
    const from = this.from;
    const inside = this.box.contains(document.activeElement);
    this.box.hidden = true;
    this.pinned = false;
    this.about = null;
    this.from = null;
    if (inside && from?.isConnected) from.focus({ preventScroll: true });
  }
}

function shorten(raw) {
  let frame = raw;
  try {
    frame = JSON.stringify(JSON.parse(raw).frame);
  } catch {
    // A line cut off on its way is shown as it is.
  }
  return frame.length > LONGEST ? `${frame.slice(0, LONGEST)}…` : frame;
}

/** The facts of a command that has been taken. */
export function factsOfAct(act, line) {
  const lines = [`line ${act.line} · ${act.segment}/${act.track} ${act.cue}`];
  if (act.chased) lines.push("sent again: its device is brought to where the show is");
  if (act.result === null) lines.push(act.sent === null ? "waits for its turn" : "running");
  else lines.push(`${act.result}${act.reason ? ` (${act.reason})` : ""}, took ${lengthText(act.took)}`);
  if (act.planned && act.planned.end > act.planned.start) lines.push(`expected ${lengthText(act.planned.end - act.planned.start)}`);
  if (line && line.late >= 1000) lines.push(`its cue was ${lengthText(line.late)} late`);
  return { title: act.text, lines, frames: act.frames, point: act.planned?.start ?? act.plan };
}

/** The facts of a command that is to come. */
export function factsOfPlanned(one) {
  const long = one.end - one.start;
  const lines = [`line ${one.line} · ${one.segment}/${one.track} ${one.cue}`, `expected at ${clockText(one.start, 3)}${long ? ` for ${lengthText(long)}` : ""}`];
  return { title: one.text, lines, point: one.start };
}

/** The facts of a line of the cue list. */
export function factsOfRow(row, model) {
  const acts = model.acts.filter((act) => act.top === row.key);
  const line = model.rows.get(row.key);
  const lines = [`line ${row.line}${row.lines > 1 ? `–${row.line + row.lines - 1}` : ""} of ${row.file.slice(row.file.lastIndexOf("/") + 1)} · ${row.segment}/${row.track}`];
  lines.push(row.at === null ? "its time depends on the show" : `expected at ${clockText(row.at, 3)} (${row.position})`);
  if (line) lines.push(`taken at ${clockText(line.at, 3)}${line.late >= 1000 ? `, ${lengthText(line.late)} late` : ""}`);
  for (const act of acts.slice(0, LISTED)) {
    lines.push(`${act.text} → ${act.result ?? "running"}${act.reason ? ` (${act.reason})` : ""}`);
  }
  if (acts.length > LISTED) lines.push(`and ${acts.length - LISTED} more`);
  const frames = acts.length > LISTED ? [] : acts.flatMap((act) => act.frames).slice(0, 12);
  return { title: row.commands.join("; ") || row.cue, lines, frames, point: row.at };
}
