// @ts-check
// The score: the show as it is in force, made ready for looking things up. Pure; what happens is the show's business.

/** @import { CueRow, Place, Planned, PlannedCue, PlannedWait, RawScore, Row, Score, Segment, Standing } from "./shapes.js" */

import { readTime, writtenTime } from "./words.js";

/**
 * Whether a verb is speech.
 * @param {string} verb
 */
export function isSpeech(verb) {
  return verb === "say" || verb === "echo";
}

/**
 * The key of a track, and of a cue in it.
 * @param {string} segment
 * @param {string} track
 * @param {string} [cue]
 */
export function keyOf(segment, track, cue) {
  return cue === undefined ? `${segment}\t${track}` : `${segment}\t${track}\t${cue}`;
}

/**
 * The cue as it stands in the list: `L13#3/L14` belongs to the cue `L13`.
 * @param {Score} score
 * @param {string} cue
 */
export function topOf(score, cue) {
  // A cue of an included file may have slashes of its own: `parts/bye.show:L3`.
  for (const label of score.slashed) {
    if (cue === label || cue.startsWith(`${label}/`) || cue.startsWith(`${label}#`)) return label;
  }
  const slash = cue.indexOf("/");
  return (slash < 0 ? cue : cue.slice(0, slash)).replace(/#\d+$/, "");
}

/**
 * The file in which something of a cue stands: its label ends with the file where that is not the script itself.
 * @param {Score} score
 * @param {Place} place
 */
export function fileOf(score, { segment, track, cue }) {
  const folder = score.script.slice(0, score.script.lastIndexOf("/") + 1);
  const written = cue.replace(/#\d+$/, "");
  let found = null;
  for (const { path } of score.files) {
    const label = `${path.startsWith(folder) ? path.slice(folder.length) : path}:`;
    const at = written.lastIndexOf(label);
    if (at < 0 || !/^L\d+$/.test(written.slice(at + label.length)) || (at > 0 && written[at - 1] !== "/")) continue;
    if (found === null || path.length > found.length) found = path;
  }
  if (found !== null) return found;
  // A cue with a name of its own does not say it, the list of cues does.
  return score.rowOf.get(keyOf(segment, track, cue))?.file ?? score.script;
}

/**
 * Whether a cue belongs to the one thread of its track (turns of a `repeat` run beside it).
 * @param {string} cue
 */
export function leads(cue) {
  return !cue.includes("#");
}

/**
 * The numbers in `command 12` differ from one playing to the next.
 * @param {string} key
 * @param {string} what
 */
export function waitKey(key, what) {
  return `${key}\t${what.replace(/^command \d+$/, "command")}`;
}

/**
 * Read what `/api/score` gives. Times are microseconds of the plan.
 *
 * `cues`: key -> {at, commands}; `commands`: every planned command with start and end, by start; `points`: per track the
 * instants at which its thread passes something; `waits`: where the plan stands for a person or the world; `moments`:
 * wait key -> instants of the wait and its resume; `texts`, `stands`: commands and waits by their words alone; `rows`: the cue list as it is shown.
 * @param {RawScore} raw
 * @returns {Score}
 */
export function readScore(raw) {
  /** @type {Map<string, PlannedCue>} */
  const cues = new Map();
  /** @type {Planned[]} */
  const commands = [];
  /** @type {Map<string, number[]>} */
  const points = new Map();
  /** @type {Standing[]} */
  const waits = [];
  /** @type {Map<string, PlannedWait[]>} */
  const moments = new Map();
  /** @type {Map<string, Planned[]>} */
  const texts = new Map();
  /** @type {Map<string, PlannedWait[]>} */
  const stands = new Map();
  /** @type {Map<string, number>} */
  const starts = new Map();
  /** @type {Map<string, PlannedWait>} */
  const open = new Map();
  /** @type {Map<number, Planned>} */
  const byId = new Map();
  const passes = (/** @type {Place & {at: number}} */ entry) => {
    if (!leads(entry.cue)) return;
    const list = listed(points, keyOf(entry.segment, entry.track));
    if (list.at(-1) !== entry.at) list.push(entry.at);
  };
  for (const entry of raw.plan.entries) {
    if (entry.kind === "segment") {
      starts.set(entry.segment, entry.at);
    } else if (entry.kind === "cue") {
      const key = keyOf(entry.segment, entry.track, entry.cue);
      if (!cues.has(key)) cues.set(key, { at: entry.at, commands: [] });
      passes(entry);
    } else if (entry.kind === "command") {
      const key = keyOf(entry.segment, entry.track, entry.cue);
      const made = { ...entry, start: entry.at, end: entry.at, speech: isSpeech(entry.verb) };
      commands.push(made);
      byId.set(entry.id, made);
      cues.get(key)?.commands.push(made);
      listed(texts, `${keyOf(entry.segment, entry.track)}\t${entry.text}`).push(made);
    } else if (entry.kind === "outcome") {
      const one = byId.get(entry.id);
      if (one) one.end = Math.max(one.start, entry.at);
    } else {
      const key = waitKey(keyOf(entry.segment, entry.track, entry.cue), entry.for);
      // A `then` begins to wait as soon as its turn comes; only its end is something that is reached.
      if (entry.kind === "resume" || entry.for !== "then") passes(entry);
      const begun = open.get(key);
      if (entry.kind === "wait") {
        const made = { wait: entry.at, resume: entry.at, cue: entry.cue };
        listed(moments, key).push(made);
        open.set(key, made);
        listed(stands, `${keyOf(entry.segment, entry.track)}\t${entry.for}`).push(made);
        if (/^(go|button|event)\b/.test(entry.for)) waits.push({ at: entry.at, for: entry.for });
      } else if (begun) {
        begun.resume = entry.at;
        open.delete(key);
      }
    }
  }
  const segments = raw.segments.map((segment) => ({ ...segment, at: segment.at ?? starts.get(segment.name) ?? null }));
  const { plan, holds, ...rest } = raw;
  return {
    ...rest,
    segments,
    cues,
    commands,
    points,
    waits,
    moments,
    texts,
    stands,
    end: Math.max(plan.end, 1),
    segmentOf: new Map(segments.map((segment, index) => [segment.name, { ...segment, index }])),
    ...listRows(segments, cues),
    slashed: slashedOf(segments),
    holds: holds.map((hold) => ({ ...hold, command: byId.get(hold.id) ?? null })),
  };
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

/** @param {Segment[]} segments */
function slashedOf(segments) {
  const cues = segments.flatMap((segment) => segment.tracks.flatMap((track) => track.cues));
  return [...new Set(cues.map((cue) => cue.cue).filter((label) => label.includes("/")))];
}

/**
 * The cue list in the order it is expected to play: a heading for each segment, its tracks' cues by their time.
 * @param {Segment[]} segments
 * @param {Map<string, PlannedCue>} cues
 */
function listRows(segments, cues) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {Map<string, CueRow>} */
  const rowOf = new Map();
  for (const segment of segments) {
    rows.push({ kind: "segment", index: rows.length, segment: segment.name, title: segment.title, at: segment.at });
    /** @type {CueRow[]} */
    const found = [];
    for (const track of segment.tracks) {
      let before = segment.at ?? 0;
      for (const cue of track.cues) {
        const key = keyOf(segment.name, track.name, cue.cue);
        const at = cue.at ?? cues.get(key)?.at ?? null;
        before = at ?? before;
        found.push({ ...cue, kind: "cue", index: 0, key, segment: segment.name, track: track.name, at, order: before });
      }
    }
    if (segment.tracks.length > 1) found.sort((a, b) => a.order - b.order);
    for (const row of found) {
      row.index = rows.length;
      rowOf.set(row.key, row);
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
 * Where in the plan something named lies (`SEGMENT`, `SEGMENT+TIME`, `TIME`, `CUE`, `SEGMENT/CUE`); null if unknown.
 * @param {Score} score
 * @param {string} text
 */
export function pointOf(score, text) {
  const plus = text.lastIndexOf("+");
  const within = plus > 0 ? score.segmentOf.get(text.slice(0, plus)) : undefined;
  if (within) {
    const time = readTime(text.slice(plus + 1));
    return time === null ? null : (within.at ?? 0) + time;
  }
  const time = readTime(text);
  if (time !== null) return time;
  const named = score.segmentOf.get(text);
  if (named) return named.at;
  const slash = text.indexOf("/");
  const [segment, cue] = slash > 0 ? [text.slice(0, slash), text.slice(slash + 1)] : [null, text];
  for (const [key, planned] of score.cues) {
    const [own, , label] = key.split("\t");
    if ((segment === null || own === segment) && (label === cue || label.endsWith(`/${cue}`))) return planned.at;
  }
  // `parts/bye.show:L3` has a slash and names no segment.
  return score.timed.find((row) => row.cue === text)?.at ?? null;
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
