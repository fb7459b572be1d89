// Outcomes: what each line of the cue list says of itself.

import { inside } from "./planned.js";

/** A cue taken later than this is shown as late (microseconds). */
export const LATE = 100_000;

/** A cue is taken: its line begins to count what becomes of it. */
export function row(model, key, entry, real) {
  const line = model.rows.get(key);
  const nested = inside(model, entry.cue);
  if (line && nested) {
    line.late = Math.max(line.late, entry.late ?? 0);
    return;
  }
  model.rows.set(key, { taken: real, at: entry.at, late: entry.late ?? 0, open: 0, total: 0, bad: null, results: new Map() });
}

/** What a line of the cue list says of itself: {state, text}; states: next, waiting, playing, done, late, bad, cut. */
export function rowState(model, key) {
  const line = model.rows.get(key);
  const wait = model.waits.find((one) => one.leads && one.row === key);
  if (!line) return wait && wait.for === "then" ? { state: "next", text: "when finished" } : { state: "ahead", text: "" };
  if (line.bad) return { state: "bad", text: line.bad };
  if (wait && wait.world) return { state: "waiting", text: "waiting" };
  if (line.open || wait) return { state: "playing", text: "playing" };
  if (line.late >= LATE) return { state: "late", text: `${(line.late / 1e6).toFixed(1)} s late` };
  if (line.results.get("skipped") || line.results.get("cancelled")) return { state: "cut", text: "cut short" };
  return { state: "done", text: "done" };
}

/** The next cue of the show behind the playhead, or null. */
export function nextRow(model, plan) {
  const { timed } = model.score;
  let low = 0;
  let high = timed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timed[middle].at < plan) low = middle + 1;
    else high = middle;
  }
  for (; low < timed.length; low += 1) if (!model.rows.has(timed[low].key)) return timed[low];
  return null;
}
