// @ts-check
// The lanes of the timeline: one for each track and each device, and where in it everything planned lies. Pure.

/** @import { CueRow, Hold, Looks, Planned, Score } from "../model/shapes.js" */

import { firstFrom } from "../model/search.js";
import { listed } from "../model/score.js";

/** @typedef {{row: CueRow, start: number, end: number}} Cell A cue of a track: from its instant to that of the next. */
/** @typedef {Hold & {end: number}} Stretch A held or moving value, until it ends or the next one takes it over. */
/**
 * @typedef {{name: string, stretches: Stretch[], until: number[], least: number, most: number, y: number,
 *   height: number}} Curve
 * A property of a device: its values over the plan, and where they are painted.
 */
/** @typedef {{name: string, y: number, height: number}} Lane */
/** @typedef {Lane & {kind: "track", cells: Cell[]}} TrackLane */
/**
 * @typedef {Lane & {kind: "device", looks: Looks, bars: Planned[], until: number[], rowOf: Map<number, number>,
 *   rows: number, stands: Map<number, number>, curves: Curve[], curved: Set<number>}} DeviceLane
 * `bars`: its commands by start, `rowOf`: id -> in which of `rows` it lies; `stands`: id -> until when what it brought
 * about stands; `curved`: those that are drawn as curves.
 */

/** Heights in pixels. */
export const RULER = 46;
export const TRACK = 34;
export const BAR = 22;
export const BAR_HEIGHT = BAR - 4;
const CURVE = 26;
export const PAD = 5;

/** What stands until another of its kind: a scene, a page, a picture, written words. */
export const STANDS = new Set(["frame", "page", "picture", "text"]);

/** So many bars stand one below the other, and so many curves; more share the last row. */
const BARS = 3;
export const CURVES = 6;

/**
 * Lay out the lanes of a score.
 * @param {Score} score
 * @returns {{lanes: (TrackLane | DeviceLane)[], height: number}}
 */
export function makeLanes(score) {
  /** @type {(TrackLane | DeviceLane)[]} */
  const lanes = [];
  let y = RULER;
  const cells = cellsOf(score);
  for (const name of new Set(score.segments.flatMap((segment) => segment.tracks.map((track) => track.name)))) {
    lanes.push({ kind: "track", name, y, height: TRACK, cells: cells.get(name) ?? [] });
    y += TRACK;
  }
  // What has many curves comes last, so that the lanes of the others are in sight.
  const devices = score.devices.map(({ name, looks }) => ({ name, looks, found: curvesOf(score, name) }));
  devices.sort((a, b) => Math.min(CURVES, a.found.length) - Math.min(CURVES, b.found.length));
  for (const { name, looks, found } of devices) {
    const curved = new Set(found.flatMap((curve) => curve.stretches.map((hold) => hold.id)));
    const bars = score.commands.filter((command) => command.device === name && !curved.has(command.id));
    const stands = standing(bars, score.end);
    const { rows, rowOf } = pack(bars, stands);
    const top = y + PAD + rows * BAR;
    const curves = found.map((curve, index) => ({ ...curve, y: top + Math.min(index, CURVES - 1) * CURVE, height: CURVE - 6 }));
    const height = 2 * PAD + rows * BAR + Math.min(CURVES, curves.length) * CURVE;
    const until = untilOf(bars.map((bar) => ({ end: stands.get(bar.id) ?? bar.end })));
    lanes.push({ kind: "device", name, looks, y, height, bars, until, rowOf, rows, stands, curves, curved });
    y += height;
  }
  return { lanes, height: y + 8 };
}

/**
 * The y of a command's bar in its device's lane.
 * @param {DeviceLane} lane
 * @param {Planned | null} command
 */
export function barTop(lane, command) {
  return lane.y + PAD + rowOf(lane, command) * BAR;
}

/**
 * The row of a command's bar in its device's lane; what is not planned lies in the first.
 * @param {DeviceLane} lane
 * @param {Planned | null} command
 */
export function rowOf(lane, command) {
  return (command && lane.rowOf.get(command.id)) ?? 0;
}

/**
 * The cells of each track.
 * @param {Score} score
 */
function cellsOf(score) {
  /** @type {Map<string, Cell[]>} */
  const cells = new Map();
  /** @type {Map<string, (CueRow & {at: number})[]>} */
  const rows = new Map();
  for (const row of score.timed) listed(rows, `${row.segment}\t${row.track}`).push(row);
  for (const segment of score.segments) {
    for (const { name } of segment.tracks) {
      const own = rows.get(`${segment.name}\t${name}`) ?? [];
      own.forEach((row, index) => {
        const end = own[index + 1]?.at ?? segment.end ?? score.end;
        listed(cells, name).push({ row, start: row.at, end: Math.max(row.at, end) });
      });
    }
  }
  return cells;
}

/**
 * The properties of a device that are held or moved, each with its values over the plan.
 * @param {Score} score
 * @param {string} device
 */
function curvesOf(score, device) {
  /** @type {Map<string, Hold[]>} */
  const found = new Map();
  for (const hold of score.holds) if (hold.device === device) listed(found, hold.property).push(hold);
  return [...found].map(([name, holds]) => {
    holds.sort((a, b) => a.start - b.start);
    const stretches = holds.map((hold, index) => {
      // What nobody lets go is held until the next one takes it over.
      const end = Math.min(hold.until ?? score.end, holds[index + 1]?.start ?? score.end);
      return { ...hold, end: Math.max(end, hold.start) };
    });
    return { name, stretches, until: untilOf(stretches), ...rangeOf(holds) };
  });
}

/**
 * The least and the most a value is; where it is always the same, also 0 and 1 are shown.
 * @param {Hold[]} holds
 */
function rangeOf(holds) {
  let [least, most] = [Infinity, -Infinity];
  for (const { from, to } of holds) {
    least = Math.min(least, to, from ?? to);
    most = Math.max(most, to, from ?? to);
  }
  return least === most ? { least: Math.min(0, least), most: Math.max(1, most) } : { least, most };
}

/**
 * Until when stands what each bar brought about that leaves something to be seen: id -> an instant of the plan.
 * @param {Planned[]} bars
 * @param {number} end
 */
function standing(bars, end) {
  /** @type {Map<number, number>} */
  const stands = new Map();
  /** @type {Map<string, number>} */
  const next = new Map();
  for (const bar of bars.toReversed()) {
    if (!bar.draws || !STANDS.has(bar.draws)) continue;
    stands.set(bar.id, Math.max(bar.end, next.get(bar.draws) ?? end));
    next.set(bar.draws, bar.start);
  }
  return stands;
}

/**
 * Give each bar the first row in which it does not lie over an earlier one, nor over what stands.
 * @param {Planned[]} bars
 * @param {Map<number, number>} stands
 */
function pack(bars, stands) {
  /** @type {Map<number, number>} */
  const rows = new Map();
  /** @type {number[]} */
  const free = [];
  for (const bar of bars) {
    let row = free.findIndex((end) => end <= bar.start);
    if (row < 0) row = free.length < BARS ? free.length : BARS - 1;
    rows.set(bar.id, row);
    free[row] = Math.max(free[row] ?? 0, stands.get(bar.id) ?? bar.end);
  }
  return { rows: Math.max(1, free.length), rowOf: rows };
}

/**
 * For a list sorted by start: the latest end up to each index, so that what reaches into a window is found at once.
 * @param {{end: number}[]} list
 */
function untilOf(list) {
  let latest = 0;
  return list.map((one) => (latest = Math.max(latest, one.end)));
}

/**
 * The first index of a list that may reach beyond an instant.
 * @param {number[]} until
 * @param {number} instant
 */
export function firstReaching(until, instant) {
  return firstFrom(until, instant, (end) => end);
}
