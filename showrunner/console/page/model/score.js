// The score: the show as it is in force, made ready for looking things up. Pure; what happens is the model's business.

import { readTime } from "./words.js";

/** Whether a verb is speech. */
export function isSpeech(verb) {
  return verb === "say" || verb === "echo";
}

/** The key of a track, and of a cue in it. */
export function keyOf(segment, track, cue) {
  return cue === undefined ? `${segment}\t${track}` : `${segment}\t${track}\t${cue}`;
}

/** The cue as it stands in the list: `L13#3/L14` belongs to the cue `L13`. */
export function topOf(score, cue) {
  // A cue of an included file may have slashes of its own: `parts/bye.show:L3`.
  for (const label of score.slashed) {
    if (cue === label || cue.startsWith(`${label}/`) || cue.startsWith(`${label}#`)) return label;
  }
  const slash = cue.indexOf("/");
  return (slash < 0 ? cue : cue.slice(0, slash)).replace(/#\d+$/, "");
}

/** The file in which something of a cue stands: its label ends with the file where that is not the script itself. */
export function fileOf(score, { segment, track, cue }) {
  const folder = score.script.slice(0, score.script.lastIndexOf("/") + 1);
  const written = cue.replace(/#\d+$/, "");
  let found = null;
  for (const { path } of score.files ?? []) {
    const label = `${path.startsWith(folder) ? path.slice(folder.length) : path}:`;
    const at = written.lastIndexOf(label);
    if (at < 0 || !/^L\d+$/.test(written.slice(at + label.length)) || (at > 0 && written[at - 1] !== "/")) continue;
    if (found === null || path.length > found.length) found = path;
  }
  if (found !== null) return found;
  // A cue with a name of its own does not say it, the list of cues does.
  return score.rowOf.get(keyOf(segment, track, cue))?.file ?? score.script;
}

/** Whether a cue belongs to the one thread of its track (turns of a `repeat` run beside it). */
export function leads(cue) {
  return !cue.includes("#");
}

/** The numbers in `command 12` differ from one playing to the next. */
export function waitKey(key, what) {
  return `${key}\t${what.replace(/^command \d+$/, "command")}`;
}

/**
 * Read what `/api/score` gives. Times are microseconds of the plan.
 *
 * `cues`: key -> {at, commands}; `commands`: every planned command with start and end, by start; `points`: per track the
 * instants at which its thread passes something; `waits`: where the plan stands for a person or the world; `moments`:
 * wait key -> instants of the wait and its resume; `texts`, `stands`: commands and waits by their words alone; `rows`: the cue list as it is shown.
 */
export function readScore(raw) {
  const cues = new Map();
  const commands = [];
  const points = new Map();
  const waits = [];
  const moments = new Map();
  const texts = new Map();
  const stands = new Map();
  const starts = new Map();
  const open = new Map();
  const byId = new Map();
  const passes = (entry) => {
    if (!leads(entry.cue)) return;
    const track = keyOf(entry.segment, entry.track);
    const list = points.get(track);
    if (!list) points.set(track, [entry.at]);
    else if (list.at(-1) !== entry.at) list.push(entry.at);
  };
  for (const entry of raw.plan?.entries ?? []) {
    if (entry.kind === "segment") {
      starts.set(entry.segment, entry.at);
    } else if (entry.kind === "cue") {
      const key = keyOf(entry.segment, entry.track, entry.cue);
      if (!cues.has(key)) cues.set(key, { at: entry.at, commands: [] });
      passes(entry);
    } else if (entry.kind === "command") {
      const key = keyOf(entry.segment, entry.track, entry.cue);
      const made = { ...entry, start: entry.at, end: entry.at, speech: isSpeech(entry.verb), row: 0 };
      commands.push(made);
      byId.set(entry.id, made);
      cues.get(key)?.commands.push(made);
      const text = `${keyOf(entry.segment, entry.track)}\t${entry.text}`;
      if (!texts.has(text)) texts.set(text, []);
      texts.get(text).push(made);
    } else if (entry.kind === "outcome") {
      const one = byId.get(entry.id);
      if (one) one.end = Math.max(one.start, entry.at);
    } else if (entry.kind === "wait" || entry.kind === "resume") {
      const key = waitKey(keyOf(entry.segment, entry.track, entry.cue), entry.for);
      // A `then` begins to wait as soon as its turn comes; only its end is something that is reached.
      if (entry.kind === "resume" || entry.for !== "then") passes(entry);
      if (entry.kind === "wait") {
        if (!moments.has(key)) moments.set(key, []);
        moments.get(key).push({ wait: entry.at, resume: entry.at, cue: entry.cue });
        open.set(key, moments.get(key).at(-1));
        const words = `${keyOf(entry.segment, entry.track)}\t${entry.for}`;
        if (!stands.has(words)) stands.set(words, []);
        stands.get(words).push(moments.get(key).at(-1));
        if (/^(go|button|event)\b/.test(entry.for)) waits.push({ at: entry.at, for: entry.for, cue: entry.cue });
      } else if (open.has(key)) {
        open.get(key).resume = entry.at;
        open.delete(key);
      }
    }
  }
  const segments = (raw.segments ?? []).map((segment) => ({ ...segment, at: segment.at ?? starts.get(segment.name) ?? null }));
  const end = Math.max(raw.plan?.end ?? 0, 1);
  return {
    ...raw,
    segments,
    cues,
    commands,
    points,
    waits,
    moments,
    texts,
    stands,
    byId,
    end,
    segmentOf: new Map(segments.map((segment, index) => [segment.name, { ...segment, index }])),
    ...listRows(segments, cues),
    slashed: slashedOf(segments),
    holds: (raw.holds ?? []).map((hold) => ({ ...hold, command: byId.get(hold.id) ?? null })),
  };
}

function slashedOf(segments) {
  const cues = segments.flatMap((segment) => segment.tracks.flatMap((track) => track.cues));
  return [...new Set(cues.map((cue) => cue.cue).filter((label) => label.includes("/")))];
}

/** The cue list in the order it is expected to play: a heading for each segment, its tracks' cues by their time. */
function listRows(segments, cues) {
  const rows = [];
  const rowOf = new Map();
  segments.forEach((segment, index) => {
    rows.push({ kind: "segment", index, segment: segment.name, title: segment.title, at: segment.at, end: segment.end });
    const listed = [];
    for (const track of segment.tracks) {
      let before = segment.at ?? 0;
      for (const cue of track.cues) {
        const at = cue.at ?? cues.get(keyOf(segment.name, track.name, cue.cue))?.at ?? null;
        before = at ?? before;
        const key = keyOf(segment.name, track.name, cue.cue);
        listed.push({ ...cue, kind: "cue", key, segment: segment.name, track: track.name, at, order: before });
      }
    }
    if (segment.tracks.length > 1) listed.sort((a, b) => a.order - b.order);
    for (const row of listed) {
      row.index = rows.length;
      rowOf.set(row.key, row);
      rows.push(row);
    }
  });
  return { rows, rowOf, timed: rows.filter((row) => row.kind === "cue" && row.at !== null).sort((a, b) => a.at - b.at) };
}

/** Where in the plan something named lies (`SEGMENT`, `SEGMENT+TIME`, `TIME`, `CUE`, `SEGMENT/CUE`); null if unknown. */
export function pointOf(score, text) {
  const plus = text.lastIndexOf("+");
  if (plus > 0 && score.segmentOf.has(text.slice(0, plus))) {
    const time = readTime(text.slice(plus + 1));
    return time === null ? null : (score.segmentOf.get(text.slice(0, plus)).at ?? 0) + time;
  }
  const time = readTime(text);
  if (time !== null) return time;
  if (score.segmentOf.has(text)) return score.segmentOf.get(text).at;
  const slash = text.indexOf("/");
  const [segment, cue] = slash > 0 ? [text.slice(0, slash), text.slice(slash + 1)] : [null, text];
  for (const [key, planned] of score.cues) {
    const [own, , label] = key.split("\t");
    if ((segment === null || own === segment) && (label === cue || label.endsWith(`/${cue}`))) return planned.at;
  }
  // `parts/bye.show:L3` has a slash and names no segment.
  return score.timed.find((row) => row.cue === text)?.at ?? null;
}

/** How a point of the plan is named to the desk: `SEGMENT+TIME`, which stays right when an earlier segment changes. */
export function nameOf(score, point) {
  let found = null;
  for (const segment of score.segments) if (segment.at !== null && segment.at <= point) found = segment;
  const micros = Math.max(0, Math.round((point - (found?.at ?? 0)) / 1000));
  const seconds = Math.floor(micros / 1000);
  const clock = `${String(Math.floor(seconds / 3600)).padStart(2, "0")}:${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  const time = `${clock}${micros % 1000 ? `.${String(micros % 1000).padStart(3, "0")}` : ""}`;
  return found ? `${found.name}+${time}` : time;
}
