// @ts-check
// Facts: what can be told of one thing of the show to somebody who points at it.

/** @import { Act, CueRow, Facts, Planned, Played, Recorded, Show } from "./shapes.js" */

import { clockText, cueText, entryText, fileName, lengthText, readText } from "./words.js";

/** So many commands of a cue are listed, and so many frames. */
const LISTED = 5;
const FRAMES = 12;

/** The longest entry that is shown whole (characters). */
const LONGEST = 4000;

/**
 * The facts of a command that has been taken, and of the row of the cue list it belongs to.
 * @param {Act} act
 * @param {Played} [played]
 * @returns {Facts}
 */
export function factsOfAct(act, played) {
  const lines = [whereText(act)];
  if (act.chased) lines.push("sent again: its device is brought to where the show is");
  if (act.result === null) lines.push(act.sent === null ? "waits for its turn" : "running");
  else lines.push(`${act.result}${act.reason ? ` (${act.reason})` : ""}, took ${lengthText(act.took)}`);
  const long = act.planned ? act.planned.end - act.planned.start : 0;
  if (long) lines.push(`expected ${lengthText(long)}`);
  if (played && played.late >= 1000) lines.push(`its cue was ${lengthText(played.late)} late`);
  return { title: readText(act), lines, frames: act.frames, point: act.planned?.start ?? act.plan };
}

/**
 * The facts of a command that is to come.
 * @param {Planned} one
 * @returns {Facts}
 */
export function factsOfPlanned(one) {
  const long = one.end - one.start;
  const when = `expected at ${clockText(one.start, 3)}${long ? ` for ${lengthText(long)}` : ""}`;
  return { title: readText(one), lines: [whereText(one), when], point: one.start };
}

/**
 * Where a command stands: its line and its list, and which cue it is of where that is called otherwise.
 * @param {{line: number, segment: string, track: string, cue: string}} one
 */
function whereText({ line, segment, track, cue }) {
  const list = [segment, track].filter(Boolean).join("/");
  const called = cueText(cue);
  const same = `, ${called},`.includes(`, line ${line},`);
  return [same ? called : `line ${line}`, list, same ? "" : called].filter(Boolean).join(" · ");
}

/**
 * The facts of a cue in the cue list.
 * @param {CueRow} row
 * @param {Show} show
 * @returns {Facts}
 */
export function factsOfRow(row, show) {
  const acts = show.acts.filter((act) => act.row === row.row);
  const played = show.played.get(row.row);
  const until = row.lines > 1 ? `–${row.line + row.lines - 1}` : "";
  const lines = [`line ${row.line}${until} of ${fileName(row.file)} · ${row.segment}/${row.track}`];
  lines.push(row.at === null ? "its time depends on the show" : `expected at ${clockText(row.at, 3)} (${row.position})`);
  const late = played && played.late >= 1000 ? `, ${lengthText(played.late)} late` : "";
  if (played) lines.push(`taken at ${clockText(played.at, 3)}${late}`);
  for (const act of acts.slice(0, LISTED)) {
    lines.push(`${readText(act)} → ${act.result ?? "running"}${act.reason ? ` (${act.reason})` : ""}`);
  }
  if (acts.length > LISTED) lines.push(`and ${acts.length - LISTED} more`);
  const frames = acts.length > LISTED ? [] : acts.flatMap((act) => act.frames).slice(0, FRAMES);
  return { title: row.commands.join("; ") || row.cue, lines, frames, point: row.at };
}

/**
 * An entry of the journal, whole.
 * @param {Recorded} record
 * @returns {Facts}
 */
export function factsOfEntry({ entry, raw }) {
  const lines = [`entry ${entry.seq}, ${clockText(entry.at, 3)}`, JSON.stringify(JSON.parse(raw), null, 1).slice(0, LONGEST)];
  return { title: entryText(entry), lines };
}
