// The lanes of the timeline: one for each track and each device, and where in it everything planned lies. Pure.

/** Heights in pixels. */
export const RULER = 46;
const TRACK = 34;
const BAR = 22;
const CURVE = 26;
const PAD = 5;

/** So many bars stand one below the other, and so many curves; more share the last row. */
const BARS = 3;
const CURVES = 6;

/** Lay out the lanes of a score: {lanes, height}. Gives planned commands their `row`. */
export function makeLanes(score) {
  const lanes = [];
  let y = RULER;
  const tracks = [...new Set(score.segments.flatMap((segment) => segment.tracks.map((track) => track.name)))];
  for (const name of tracks) {
    lanes.push({ kind: "track", name, y, height: TRACK, cells: cellsOf(score, name) });
    y += TRACK;
  }
  // What has many curves comes last, so that the lanes of the others are in sight.
  const devices = (score.devices ?? []).map(({ name }) => ({ name, curves: curvesOf(score, name) }));
  devices.sort((a, b) => Math.min(CURVES, a.curves.length) - Math.min(CURVES, b.curves.length));
  for (const { name, curves } of devices) {
    const curved = new Set(curves.flatMap((curve) => curve.holds.map((hold) => hold.id)));
    const bars = score.commands.filter((command) => command.device === name && !curved.has(command.id));
    const rows = pack(bars);
    const lane = { kind: "device", name, y, bars, until: untilOf(bars, (bar) => bar.end), rows, curves, curved };
    const shown = Math.min(CURVES, curves.length);
    curves.forEach((curve, index) => {
      curve.y = y + PAD + rows * BAR + Math.min(index, CURVES - 1) * CURVE;
      curve.height = CURVE - 6;
    });
    lane.height = 2 * PAD + rows * BAR + shown * CURVE;
    lanes.push(lane);
    y += lane.height;
  }
  return { lanes, height: y + 8 };
}

/** The y of a bar in a device's lane. */
export function barTop(lane, row) {
  return lane.y + PAD + Math.min(row, lane.rows - 1) * BAR;
}

export const BAR_HEIGHT = BAR - 4;

/** A cell for each cue of a track: from its instant to that of the next one in its segment. */
function cellsOf(score, track) {
  const cells = [];
  for (const segment of score.segments) {
    const listed = rowsOf(score, segment.name).filter((row) => row.track === track && row.at !== null);
    listed.sort((a, b) => a.at - b.at);
    listed.forEach((row, index) => {
      cells.push({ row, start: row.at, end: Math.max(row.at, listed[index + 1]?.at ?? segment.end ?? score.end) });
    });
  }
  return cells;
}

const rowsBySegment = new WeakMap();

function rowsOf(score, name) {
  if (!rowsBySegment.has(score)) {
    const listed = new Map();
    for (const row of score.rows) {
      if (row.kind !== "cue") continue;
      if (!listed.has(row.segment)) listed.set(row.segment, []);
      listed.get(row.segment).push(row);
    }
    rowsBySegment.set(score, listed);
  }
  return rowsBySegment.get(score).get(name) ?? [];
}

/** The properties of a device that are held or moved, each with its values over the plan. */
function curvesOf(score, device) {
  const found = new Map();
  for (const hold of score.holds) {
    if (hold.device !== device) continue;
    if (!found.has(hold.property)) found.set(hold.property, { device, name: hold.property, holds: [], least: Infinity, most: -Infinity });
    const curve = found.get(hold.property);
    curve.holds.push({ ...hold });
    for (const value of [hold.from, hold.to]) {
      if (value === null || value === undefined) continue;
      curve.least = Math.min(curve.least, value);
      curve.most = Math.max(curve.most, value);
    }
  }
  for (const curve of found.values()) {
    curve.holds.sort((a, b) => a.start - b.start);
    curve.holds.forEach((hold, index) => {
      // What nobody lets go is held until the next one takes it over.
      hold.end = Math.min(hold.until ?? score.end, curve.holds[index + 1]?.start ?? score.end);
      hold.end = Math.max(hold.end, hold.start);
    });
    curve.until = untilOf(curve.holds, (hold) => hold.end);
    if (curve.least === curve.most) {
      curve.least = Math.min(0, curve.least);
      curve.most = Math.max(1, curve.most);
    }
  }
  return [...found.values()];
}

/** Give each bar the first row in which it does not lie over an earlier one. */
function pack(bars) {
  const free = [];
  for (const bar of bars) {
    let row = free.findIndex((end) => end <= bar.start);
    if (row < 0) row = free.length < BARS ? free.length : BARS - 1;
    bar.row = row;
    free[row] = Math.max(free[row] ?? 0, bar.end);
  }
  return Math.max(1, free.length);
}

/** For a list sorted by start: the latest end up to each index, so that what reaches into a window is found at once. */
function untilOf(list, endOf) {
  let latest = 0;
  return list.map((one) => {
    latest = Math.max(latest, endOf(one));
    return latest;
  });
}

/** The first index of a list that may reach beyond an instant. */
export function firstReaching(until, instant) {
  let low = 0;
  let high = until.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (until[middle] < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The share of the way for the share of time, as the engine bends it. */
export function eased(ease, share) {
  switch (ease) {
    case "in": return share ** 3;
    case "out": return 1 - (1 - share) ** 3;
    case "in-out": return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
    case "sine": return (1 - Math.cos(Math.PI * share)) / 2;
    case "step": return 0;
    default: return share;
  }
}
