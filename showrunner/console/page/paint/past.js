// @ts-check
// The past: the lanes of a show that waits for people, on the time there has been, with what happened in it. Pure.

/** @import { Act, Looks, Past, PastWait, Show } from "../model/shapes.js" */

import { listed } from "../model/score.js";
import { BAR, PAD, RULER, STANDS, TRACK } from "./lanes.js";

/**
 * @typedef {{act: Act, start: number, end: number, stands: number, row: number}} PastBar
 * A command that was taken, by real time; `stands`: until when what it brought about stood, its `end` where that is none.
 */
/** @typedef {{kind: "past-track", name: string, y: number, height: number, cues: Past["cues"], waits: PastWait[]}} PastTrack */
/** @typedef {{kind: "past-device", name: string, looks: Looks, y: number, height: number, bars: PastBar[]}} PastDevice */

/** So many commands of a device stand one below the other; more share the last row. */
const ROWS = 3;

/**
 * Lay out the lanes of what has happened until now.
 * @param {Show} show
 * @param {number} real
 * @returns {{lanes: (PastTrack | PastDevice)[], height: number}}
 */
export function makePast({ score, past, acts }, real) {
  /** @type {(PastTrack | PastDevice)[]} */
  const lanes = [];
  let y = RULER;
  /** @type {Map<string, Past["cues"]>} */
  const cues = new Map();
  /** @type {Map<string, PastWait[]>} */
  const waits = new Map();
  for (const cue of past.cues) listed(cues, cue.track).push(cue);
  for (const wait of past.waits) listed(waits, wait.track).push(wait);
  for (const name of new Set(score.segments.flatMap((segment) => segment.tracks.map((track) => track.name)))) {
    lanes.push({ kind: "past-track", name, y, height: TRACK, cues: cues.get(name) ?? [], waits: waits.get(name) ?? [] });
    y += TRACK;
  }
  // What has been heard: a turn is drawn where it began.
  for (const { called, row } of score.whens) {
    const turns = past.turns.filter((turn) => turn.row === row).map((turn) => ({ ...turn, track: called }));
    if (!turns.length) continue;
    lanes.push({ kind: "past-track", name: called.replaceAll("button ", "").replace(/^event /, ""), y, height: TRACK, cues: turns, waits: [] });
    y += TRACK;
  }
  for (const { name, looks } of score.devices) {
    const { bars, rows } = pack(acts.filter((act) => act.device === name && act.verb !== "wait for"), real);
    const height = 2 * PAD + rows * BAR;
    lanes.push({ kind: "past-device", name, looks, y, height, bars });
    y += height;
  }
  return { lanes, height: y + 8 };
}

/**
 * Give each command the first row in which it does not lie over an earlier one.
 * @param {Act[]} acts
 * @param {number} real
 */
function pack(acts, real) {
  /** @type {number[]} */
  const free = [];
  /** @type {Map<string, number>} */
  const next = new Map();
  const timed = acts.map((act) => ({ act, start: act.sent ?? act.taken, end: act.ended ?? Math.max(real, act.sent ?? act.taken) }));
  const standing = timed.toReversed().map(({ act, start, end }) => {
    const draws = act.planned?.draws;
    if (!draws || !STANDS.has(draws) || act.bad) return end;
    const stands = Math.max(end, next.get(draws) ?? real);
    next.set(draws, start);
    return stands;
  }).toReversed();
  const bars = timed.map((one, index) => {
    const stands = standing[index];
    const found = free.findIndex((until) => until <= one.start);
    const row = found >= 0 ? found : Math.min(free.length, ROWS - 1);
    free[row] = Math.max(free[row] ?? 0, stands);
    return { ...one, stands, row };
  });
  return { bars, rows: Math.max(1, free.length) };
}
