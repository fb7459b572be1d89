// @ts-check
// The show as the page knows it, made of the score and the journal's entries and of nothing else.
// The same entries give the same show. No page, no clock, no network.

/** @import { Entry, Score, Show } from "./shapes.js" */

import { deliver } from "./deliveries.js";
import { newDevice } from "./devices.js";
import { change } from "./entries.js";

/**
 * A show of which nothing has been heard yet.
 * @param {Score} score
 * @param {Set<string>} afterPanic the actions that are obeyed then
 * @returns {Show}
 */
export function newShow(score, afterPanic) {
  return {
    score,
    afterPanic,
    seq: -1,
    at: 0,
    records: [],
    title: score.title,
    begun: false,
    ended: null,
    panicked: false,
    paused: null,
    pauses: 0,
    segment: null,
    entered: 0,
    past: { segments: [], cues: [], waits: [], turns: [] },
    progress: new Map(),
    lastProgress: new Map(),
    clocks: new Map(),
    marks: 0,
    waits: [],
    acts: [],
    actOf: new Map(),
    open: new Map(),
    played: new Map(),
    breaks: new Map(),
    buttons: new Map(score.buttons.map((name) => [name, 0])),
    presses: new Map(),
    hearings: new Map(),
    fresh: null,
    pressed: null,
    devices: new Map(score.devices.map((one) => [one.name, newDevice(one.name, one.driver)])),
    deliveries: new Map(),
    confirmed: new Map(),
    logs: [],
    reload: null,
    loop: null,
    taken: new Map(),
    target: null,
    halted: null,
    led: null,
  };
}

/**
 * The show anew from what was recorded, with another score: after a reload the plan is another.
 * @param {Show} show
 * @param {Score} score
 */
export function rebuilt(show, score) {
  const next = newShow(score, show.afterPanic);
  for (const record of show.records) take(next, record.entry, record.raw);
  return next;
}

/**
 * Show time without the pauses: what the plan's times are compared with.
 * @param {Show} show
 * @param {number} at
 */
export function running(show, at) {
  return at - show.pauses - (show.paused === null ? 0 : Math.max(0, at - show.paused));
}

/**
 * Take one entry of the journal. `raw` is its line, kept for those who want to read it.
 * @param {Show} show
 * @param {Entry} entry
 * @param {string} raw
 */
export function take(show, entry, raw) {
  if (entry.seq <= show.seq) return;
  show.seq = entry.seq;
  show.at = Math.max(show.at, entry.at);
  const real = running(show, entry.at);
  // A frame can be long and is seldom looked at: its line is kept, not the object.
  const kept = "frame" in entry ? { ...entry, frame: undefined } : entry;
  show.records.push({ entry: kept, raw });
  change(show, entry, real, raw);
  deliver(show, entry);
}
