// @ts-check
// Planned: what of the plan an entry of the journal is. Pure.

/** @import { CommandEntry, Place, Planned, PlannedWait, Show } from "./shapes.js" */

import { spotOf, waitKey } from "./score.js";

/**
 * A cue is taken: what is met of it from now on is counted from the first.
 * @param {Show} show
 * @param {Place} place
 * @param {number} real
 */
export function taken(show, place, real) {
  const made = { real, counts: new Map() };
  show.taken.set(spotOf(place), made);
  return made;
}

/**
 * The planned command that this one is: the k-th of its cue, if it has the same words, else one with these words.
 * @param {Show} show
 * @param {CommandEntry} entry
 * @param {number} real
 * @returns {Planned | null}
 */
export function plannedCommand(show, entry, real) {
  const number = met(show, entry, real, "command", 1);
  const listed = show.score.cues.get(spotOf(entry))?.commands ?? [];
  return listed[number]?.text === entry.text ? listed[number] : listed.find((one) => one.text === entry.text) ?? null;
}

/**
 * The planned moment of a wait: the k-th of its kind since its cue was taken.
 * @param {Show} show
 * @param {Place & {for: string}} entry
 * @param {number} real
 * @param {boolean} opens
 * @returns {PlannedWait | null}
 */
export function plannedWait(show, entry, real, opens) {
  const key = waitKey(entry);
  const number = met(show, entry, real, key, opens ? 0 : 1);
  const listed = show.score.moments.get(key);
  return listed ? listed[Math.min(number, listed.length - 1)] : null;
}

/**
 * How often something has been met since its cue was taken, and from now on `more` often.
 * @param {Show} show
 * @param {Place} place
 * @param {number} real
 * @param {string} what
 * @param {number} more
 */
function met(show, place, real, what, more) {
  const { counts } = show.taken.get(spotOf(place)) ?? taken(show, place, real);
  const number = counts.get(what) ?? 0;
  counts.set(what, number + more);
  return number;
}
