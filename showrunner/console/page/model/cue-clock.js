// @ts-check
// Cue clocks: what the clock of each track shows. Waits of the track's own list stop it, but not from its first bar on.

/** @import { EntryOf, Show } from "./shapes.js" */

import { leader } from "./playhead.js";
import { trackOf } from "./score.js";

/**
 * A cue is taken: its clock shows when it was due.
 * @param {Show} show
 * @param {EntryOf<"cue">} entry
 * @param {number} real
 */
export function setClock(show, entry, real) {
  const key = trackOf(entry.segment, entry.track);
  const known = show.clocks.get(key);
  const row = entry.row === undefined ? undefined : show.score.rowOf.get(entry.row);
  const steady = known?.steady === true || row?.bar === true;
  // Music goes on: what comes late there sets no clock back.
  show.clocks.set(key, { shown: entry.due + (steady ? entry.late ?? 0 : 0), real, stands: known?.stands ?? 0, steady });
}

/**
 * A wait begins.
 * @param {Show} show
 * @param {EntryOf<"wait">} entry
 * @param {number} real
 */
export function stopClock(show, entry, real) {
  const clock = show.clocks.get(trackOf(entry.segment, entry.track));
  // Only a wait of the track's own list stops its clock; one inside a `do` stops the clock of that `do`.
  if (!clock || clock.steady || entry.inner !== undefined) return;
  if (clock.stands === 0) clock.shown += real - clock.real;
  clock.real = real;
  clock.stands += 1;
}

/**
 * A wait is over.
 * @param {Show} show
 * @param {EntryOf<"resume">} entry
 * @param {number} real
 */
export function runClock(show, entry, real) {
  const clock = show.clocks.get(trackOf(entry.segment, entry.track));
  if (!clock || entry.inner !== undefined || clock.stands === 0) return;
  clock.stands -= 1;
  clock.real = real;
}

/**
 * What the cue clock shows at a real instant: that of the leading track (microseconds), null before the show.
 * @param {Show} show
 * @param {number} real
 */
export function cueClock(show, real) {
  const key = leader(show);
  const clock = key === null ? undefined : show.clocks.get(key);
  if (!clock) return null;
  return clock.stands ? clock.shown : clock.shown + Math.max(0, (show.halted ?? real) - clock.real);
}
