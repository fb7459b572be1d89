// @ts-check
// The states of cues: what each line of the cue list says of itself, and which cue comes next.

/** @import { EntryOf, RowState, Show } from "./shapes.js" */

import { inside } from "./planned.js";
import { firstFrom } from "./search.js";

/** A cue taken later than this is shown as late (microseconds). */
const LATE = 100_000;

/**
 * A cue is taken: its line begins to count what becomes of it.
 * @param {Show} show
 * @param {string} key
 * @param {EntryOf<"cue">} entry
 * @param {number} real
 */
export function begin(show, key, entry, real) {
  const line = show.played.get(key);
  const late = entry.late ?? 0;
  if (line && inside(show, entry.cue)) line.late = Math.max(line.late, late);
  else show.played.set(key, { taken: real, at: entry.at, late, open: 0, bad: null, results: new Map() });
}

/**
 * What a line of the cue list says of itself.
 * @param {Show} show
 * @param {string} key
 * @returns {{state: RowState, text: string}}
 */
export function rowState(show, key) {
  const line = show.played.get(key);
  const wait = show.waits.find((one) => one.leads && one.row === key);
  if (!line) return wait && wait.for === "then" ? { state: "next", text: "when finished" } : { state: "ahead", text: "" };
  if (line.bad) return { state: "bad", text: line.bad };
  if (wait && wait.world) return { state: "waiting", text: "waiting" };
  if (line.open || wait) return { state: "playing", text: "playing" };
  if (line.late >= LATE) return { state: "late", text: `${(line.late / 1e6).toFixed(1)} s late` };
  if (line.results.get("skipped") || line.results.get("cancelled")) return { state: "cut", text: "cut short" };
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
    if (!show.played.has(timed[index].key)) return timed[index];
  }
  return null;
}
