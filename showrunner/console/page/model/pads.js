// @ts-check
// Pads: what each button of the show says of itself now. Pure.

/** @import { Hearing, Pad, Place, Show } from "./shapes.js" */

import { awaitedButtons, lengthText } from "./words.js";

/** The turn of a `when` in the name of a cue: `L3#7/L4`. */
const TURN = /^(.*?)#(\d+)\//s;

/**
 * What a `when` has heard: by its row, which it keeps through all edits, else by what the journal calls it.
 * @param {Show} show
 * @param {{segment?: string | null, cue: string, row?: number}} when
 * @returns {Hearing}
 */
export function hearingOf(show, { segment, cue, row }) {
  const key = row === undefined ? `${segment ?? ""}\t${cue}` : `${row}`;
  const known = show.hearings.get(key);
  if (known) return known;
  /** @type {Hearing} */
  const made = { queued: new Set(), begun: 0, turns: 0, last: null, lost: null };
  show.hearings.set(key, made);
  return made;
}

/**
 * Whether something stands in a turn of a `when`: its list is no track.
 * @param {Place} place
 */
export function isTurn({ track, cue }) {
  return !track && TURN.test(cue);
}

/**
 * A cue is taken; give whether with it a turn of a `when` begins, whose event waits no longer then.
 * @param {Show} show
 * @param {Place} place
 */
export function turnBegins(show, { segment, track, cue, row }) {
  const found = track ? null : TURN.exec(cue);
  if (!found) return false;
  const one = hearingOf(show, { segment, cue: found[1], row });
  const number = Number(found[2]);
  one.queued.delete(number);
  const begins = number > one.begun;
  if (begins) one.turns += 1;
  one.begun = Math.max(one.begun, number);
  return begins;
}

/**
 * Whether a `when` hears now.
 * @param {Show} show
 * @param {{segment: string | null}} when
 */
export function hears(show, { segment }) {
  return show.begun && show.ended === null && !show.panicked && (segment === null || segment === show.segment);
}

/**
 * What a pad says of itself: whether a press would be for something now, how often it was pressed, how many presses are
 * kept or queued, and how long a `when` still lets nothing new begin (microseconds).
 * @param {Show} show
 * @param {Pad} pad
 * @param {number} real
 */
export function padState(show, { name, whens, keeps }, real) {
  const waited = show.waits.some((one) => awaitedButtons(one.for).includes(name));
  const open = whens.filter((ear) => hears(show, ear));
  const heard = open.map((ear) => ({ ear, one: hearingOf(show, ear) }));
  const rests = heard.map(({ ear, one }) => (ear.every === null || one.last === null ? 0 : one.last + ear.every - real));
  return {
    waited,
    open: open.length > 0,
    pressed: show.presses.get(name) ?? 0,
    kept: keeps ? show.buttons.get(name) ?? 0 : 0,
    queued: heard.reduce((sum, { one }) => sum + one.queued.size, 0),
    // A press counts again as soon as one of them takes it; one that is waited for is taken at once.
    rest: waited || !rests.length ? 0 : Math.max(0, Math.min(...rests)),
  };
}

/**
 * The same in words, short enough for a pad.
 * @param {ReturnType<typeof padState>} state
 */
export function padText({ waited, pressed, kept, queued, rest }) {
  const now = kept ? `${kept} kept` : rest ? `rests ${lengthText(Math.ceil(rest / 1e6) * 1e6).replace(".0", "")}` : waited ? "waited for" : "";
  return [now, queued ? `${queued} queued` : "", pressed ? `${pressed}×` : ""].filter(Boolean).join(", ");
}
