// @ts-check
// The states of cues: what each line of the cue list says of itself, and which cue comes next.

/** @import { EntryOf, Place, Played, RowState, Show } from "./shapes.js" */

import { firstFrom } from "./search.js";

/** A cue taken later than this is shown as late (microseconds). */
const LATE = 100_000;

/**
 * A cue is taken: its row begins to count what becomes of it.
 * @param {Show} show
 * @param {EntryOf<"cue">} entry
 * @param {number} real
 */
export function begin(show, entry, real) {
  const { row, inner, at, late = 0 } = entry;
  if (row === undefined) return;
  const played = show.played.get(row);
  const rest = show.score.lasts.get(row) ?? null;
  if (!played || inner === undefined) {
    show.played.set(row, { taken: real, at, late, open: 0, bad: null, results: new Map(), rest });
    return;
  }
  played.late = Math.max(played.late, late);
  if (rest && inner === rest.inner && !before(entry.turns, rest.turns)) played.rest = null;
}

/**
 * Whether one turn comes before another, the outermost `repeat` first.
 * @param {Place["turns"]} turns
 * @param {Place["turns"]} others
 */
function before(turns = [], others = []) {
  const index = turns.findIndex((turn, place) => turn !== others.at(place));
  return index >= 0 && turns[index] < (others.at(index) ?? 0);
}

/**
 * Whether something of a row is still to come by itself: what stands in its blocks, or a `repeat` without an end.
 * @param {Show} show
 * @param {number} row
 * @param {Played} played
 */
function goesOn(show, row, { rest }) {
  const found = show.score.rowOf.get(row);
  const plays = found?.segment === show.segment && show.ended === null && !show.panicked;
  return plays && (rest !== null || found.endless);
}

/**
 * What a row of the cue list says of itself.
 * @param {Show} show
 * @param {number} row
 * @returns {{state: RowState, text: string}}
 */
export function rowState(show, row) {
  const played = show.played.get(row);
  const wait = show.waits.find((one) => one.leads && one.row === row);
  if (!played) return wait && wait.for === "then" ? { state: "next", text: "when finished" } : { state: "ahead", text: "" };
  if (played.bad) return { state: "bad", text: played.bad };
  if (wait && wait.world) return { state: "waiting", text: "waiting" };
  if (played.open || wait) return { state: "playing", text: "playing" };
  if (goesOn(show, row, played)) return { state: "playing", text: "goes on" };
  if (played.late >= LATE) return { state: "late", text: `${(played.late / 1e6).toFixed(1)} s late` };
  if (played.results.get("skipped") || played.results.get("cancelled")) return { state: "cut", text: "cut short" };
  return { state: "done", text: "done" };
}

/**
 * The next cue of the show behind the playhead, or null.
 * @param {Show} show
 * @param {number} plan
 */
export function nextRow(show, plan) {
  const { timed } = show.score;
  for (let index = firstFrom(timed, plan, (row) => row.at); index < timed.length; index += 1) {
    if (!show.played.has(timed[index].row)) return timed[index];
  }
  return null;
}
