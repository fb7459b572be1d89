// @ts-check
// The score: the show as it is in force, made ready for looking things up. Pure; what happens is the show's business.

/** @import { CueRow, FilePlace, Place, Planned, PlannedCue, PlannedWait, RawScore } from "./shapes.js" */
/** @import { Row, Score, Segment, Standing } from "./shapes.js" */

import { readTime, waitsForWorld, writtenTime } from "./words.js";

/**
 * The key of a track.
 * @param {string} segment
 * @param {string} track
 */
export function trackOf(segment, track) {
  return `${segment}\t${track}`;
}

/**
 * The key of where something stands in the show, and in which turn. What names no cue of the show has a place of its own.
 * @param {Place} place
 */
export function spotOf(place) {
  return `${placeOf(place)} ${place.turns ?? ""}`;
}

/**
 * The key of where something stands in the show, in whichever turn.
 * @param {Place} place
 */
function placeOf({ cue, row, inner = "" }) {
  return row === undefined ? cue : `${row} ${inner}`;
}

/**
 * Where something stands in the files.
 * @param {Score} score
 * @param {Place} place
 * @returns {FilePlace | null}
 */
export function fileOf(score, place) {
  const found = score.places.get(placeOf(place));
  if (found) return found;
  // What the plan never comes to: the cue that has it in a block.
  const row = place.row === undefined ? undefined : score.rowOf.get(place.row);
  return row ? { path: row.file, line: row.line } : null;
}

/**
 * Whether something belongs to the one thread of its track (turns of a `repeat` run beside it).
 * @param {Place} place
 */
export function leads({ turns }) {
  return turns === undefined;
}

/**
 * The key of a wait: what waits where. The numbers in `command 12` differ from one playing to the next.
 * @param {Place & {for: string}} wait
 */
export function waitKey(wait) {
  return `${spotOf(wait)}\t${wait.for.replace(/^command \d+$/, "command")}`;
}

/**
 * The key of a verb of a device.
 * @param {{device: string, verb: string}} command
 */
export function verbOf({ device, verb }) {
  return `${device}\t${verb}`;
}

/**
 * Read what `/api/score` gives.
 * @param {RawScore} raw
 * @returns {Score}
 */
export function readScore(raw) {
  /** @type {Map<string, PlannedCue>} */
  const cues = new Map();
  /** @type {Map<number, Planned>} */
  const commands = new Map();
  /** @type {Map<string, number[]>} */
  const passes = new Map();
  const speech = new Set(raw.devices.flatMap((one) => one.speech.map((verb) => verbOf({ device: one.name, verb }))));
  /** @type {Standing[]} */
  const waits = [];
  /** @type {Map<string, PlannedWait[]>} */
  const moments = new Map();
  /** @type {Map<string, PlannedWait>} */
  const open = new Map();
  /** @type {Map<string, FilePlace>} */
  const places = new Map();
  /** @type {Map<number, Place>} */
  const lasts = new Map();
  const pass = (/** @type {Place & {at: number}} */ entry) => {
    if (!leads(entry)) return;
    const list = listed(passes, trackOf(entry.segment, entry.track));
    if (list.at(-1) !== entry.at) list.push(entry.at);
  };
  for (const entry of raw.plan.entries) {
    switch (entry.kind) {
      case "cue":
        putNew(cues, spotOf(entry), { at: entry.at, commands: [] });
        putNew(places, placeOf(entry), { path: entry.path, line: entry.line });
        if (entry.row !== undefined && entry.inner !== undefined && !entry.meanwhile) lasts.set(entry.row, entry);
        pass(entry);
        break;
      case "command": {
        const made = { ...entry, start: entry.at, end: entry.at, speech: speech.has(verbOf(entry)) };
        commands.set(entry.id, made);
        cues.get(spotOf(entry))?.commands.push(made);
        break;
      }
      case "outcome": {
        const one = commands.get(entry.id);
        if (one) one.end = Math.max(one.start, entry.at);
        break;
      }
      case "wait": {
        const made = { wait: entry.at, resume: entry.at };
        listed(moments, waitKey(entry)).push(made);
        open.set(waitKey(entry), made);
        if (waitsForWorld(entry.for)) waits.push({ at: entry.at, for: entry.for });
        // A `then` begins to wait as soon as its turn comes; only its end is something that is reached.
        if (entry.for !== "then") pass(entry);
        break;
      }
      case "resume": {
        const begun = open.get(waitKey(entry));
        if (begun) begun.resume = entry.at;
        open.delete(waitKey(entry));
        pass(entry);
        break;
      }
      default:
    }
  }
  const { plan, holds, ...rest } = raw;
  const all = [...commands.values()];
  return {
    ...rest,
    cues,
    commands: all,
    passes,
    waits,
    moments,
    places,
    points: namedPoints(raw),
    speech,
    voices: new Set(all.filter((one) => one.speech).map((one) => one.device)),
    end: Math.max(plan.end, 1),
    segmentOf: new Map(raw.segments.map((segment, index) => [segment.name, { ...segment, index }])),
    ...listRows(raw.segments),
    lasts,
    room: raw.pads.length > 0 || raw.whens.length > 0,
    holds: holds.map((hold) => ({ ...hold, command: commands.get(hold.id) ?? null })),
  };
}

/**
 * Where in the plan something named lies (`SEGMENT`, `CUE`, `SEGMENT/CUE`); of several the first.
 * @param {RawScore} raw
 */
function namedPoints({ segments, plan }) {
  /** @type {Map<string, number>} */
  const points = new Map();
  for (const { name, at } of segments) if (at !== null) putNew(points, name, at);
  const cues = plan.entries.flatMap((entry) => (entry.kind === "cue" ? [entry] : []));
  for (const { segment, cue, at } of cues) putNew(points, `${segment}/${cue}`, at);
  for (const { segment, own, at } of cues) putNew(points, `${segment}/${own}`, at);
  for (const { cue, at } of cues) putNew(points, cue, at);
  for (const { own, at } of cues) putNew(points, own, at);
  return points;
}

/**
 * Put a value under a key where there is none yet.
 * @template K, V
 * @param {Map<K, V>} map
 * @param {K} key
 * @param {V} value
 */
function putNew(map, key, value) {
  if (!map.has(key)) map.set(key, value);
}

/**
 * The list that a map has under a key; an empty one is put there.
 * @template K, T
 * @param {Map<K, T[]>} map
 * @param {K} key
 */
export function listed(map, key) {
  const known = map.get(key);
  if (known) return known;
  /** @type {T[]} */
  const made = [];
  map.set(key, made);
  return made;
}

/**
 * The cue list in the order it is expected to play: a heading for each segment, its tracks' cues by their time.
 * @param {Segment[]} segments
 */
function listRows(segments) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {Map<number, CueRow>} */
  const rowOf = new Map();
  for (const segment of segments) {
    rows.push({ kind: "segment", index: rows.length, segment: segment.name, title: segment.title, at: segment.at });
    /** @type {CueRow[]} */
    const found = [];
    for (const track of segment.tracks) {
      let order = segment.at ?? 0;
      for (const cue of track.cues) {
        order = cue.at ?? order;
        found.push({ ...cue, kind: "cue", index: 0, segment: segment.name, track: track.name, order });
      }
    }
    if (segment.tracks.length > 1) found.sort((a, b) => a.order - b.order);
    for (const row of found) {
      row.index = rows.length;
      rowOf.set(row.row, row);
      rows.push(row);
    }
  }
  const timed = /** @type {Score["timed"]} */ ([...rowOf.values()].filter((row) => row.at !== null));
  return { rows, rowOf, timed: timed.sort((a, b) => a.at - b.at) };
}

/**
 * The segment that plays at an instant of the plan; of two that begin there, the later one.
 * @param {Score} score
 * @param {number} point
 */
export function segmentAt(score, point) {
  return score.segments.findLast((segment) => segment.at !== null && segment.at <= point) ?? null;
}

/**
 * Where in the plan a point lies (`SEGMENT`, `SEGMENT+TIME`, `TIME`, `CUE`, `SEGMENT/CUE`); null if unknown.
 * @param {Score} score
 * @param {string} text
 */
export function pointOf(score, text) {
  const plus = text.lastIndexOf("+");
  const begins = score.segmentOf.get(text.slice(0, Math.max(plus, 0)))?.at ?? null;
  const time = readTime(begins === null ? text : text.slice(plus + 1));
  return time === null ? score.points.get(text) ?? null : (begins ?? 0) + time;
}

/**
 * How a point of the plan is named to the desk: `SEGMENT+TIME`, which stays right when an earlier segment changes.
 * @param {Score} score
 * @param {number} point
 */
export function nameOf(score, point) {
  const segment = segmentAt(score, point);
  const time = writtenTime(point - (segment?.at ?? 0));
  return segment ? `${segment.name}+${time}` : time;
}
