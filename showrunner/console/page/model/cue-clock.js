// Cue clocks: what the clock of each track shows. Waits of the track's own list stop it.

import { inside } from "./planned.js";
import { keyOf } from "./score.js";
import { leader } from "./playhead.js";

/** A cue is taken: its clock shows when it was due. */
export function setClock(model, entry, real) {
  const key = keyOf(entry.segment, entry.track);
  model.clocks.set(key, { shown: entry.due, real, stands: model.clocks.get(key)?.stands ?? 0 });
}

/** A wait begins. */
export function stopClock(model, entry, real) {
  const clock = model.clocks.get(keyOf(entry.segment, entry.track));
  // Only a wait of the track's own list stops its clock; one inside a `do` stops the clock of that `do`.
  if (!clock || inside(model, entry.cue)) return;
  if (clock.stands === 0) clock.shown += real - clock.real;
  clock.real = real;
  clock.stands += 1;
}

/** A wait is over. */
export function runClock(model, entry, real) {
  const clock = model.clocks.get(keyOf(entry.segment, entry.track));
  if (!clock || inside(model, entry.cue) || clock.stands === 0) return;
  clock.stands -= 1;
  clock.real = real;
}

/** What the cue clock shows at a real instant: that of the leading track (microseconds), null before the show. */
export function cueClock(model, real) {
  const clock = model.clocks.get(leader(model));
  if (!clock) return null;
  return clock.stands ? clock.shown : clock.shown + Math.max(0, (model.halted ?? real) - clock.real);
}
