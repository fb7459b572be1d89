// @ts-check
// The state of the show in one word, and which of the waits that stand are meant by GO and by SKIP.

/** @import { Show, State } from "./shapes.js" */

/** States in which nothing goes on by itself. */
const STILL = new Set(["over", "ended", "stopped", "panic"]);

/**
 * @param {Show} show
 * @param {{lost: boolean, started: boolean, over: boolean, ended: boolean}} told what is known besides the journal
 * @returns {State}
 */
export function stateOf(show, { lost, started, over, ended }) {
  // After the last entry there is nobody left to be connected to.
  if (lost && show.ended === null) return "lost";
  if (show.panicked) return "panic";
  if (show.ended !== null || ended) return show.ended === "stopped" || show.ended === "interrupted" ? "stopped" : "ended";
  if (over) return "over";
  if (!started && !show.begun) return "standby";
  if (show.paused !== null) return "paused";
  return goWait(show) ? "waiting" : "playing";
}

/**
 * Whether nothing goes on by itself in a state.
 * @param {State} state
 */
export function isStill(state) {
  return STILL.has(state);
}

/**
 * Who waits for GO: the wait that has stood longest, or null.
 * @param {Show} show
 */
export function goWait(show) {
  return show.waits.find((wait) => /^go\b/.test(wait.for)) ?? null;
}

/**
 * What SKIP would end: the wait that has stood longest, of those that stand for more than a cue above.
 * @param {Show} show
 */
export function skipWait(show) {
  const waits = show.waits.filter((wait) => !wait.for.startsWith("until "));
  return waits.find((wait) => wait.for !== "then") ?? waits.at(0) ?? null;
}

/**
 * What holds up the thread of a track until a person or the world does something, or null.
 * @param {Show} show
 */
export function worldWait(show) {
  return show.waits.find((wait) => wait.world && wait.leads) ?? null;
}
