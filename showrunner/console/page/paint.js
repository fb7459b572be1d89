// The picture of the timeline: paints what can be seen of the plan, in grey, and over it what really happened.
// It is given everything and remembers nothing but where it painted what, for the pointer.

import { BAR_HEIGHT, RULER, barTop, eased, firstReaching } from "./lanes.js";
import { rowState, span } from "./model.js";
import { placeToPixel, stepOf, toPixel, toPlan } from "./ruler.js";
import { clockText } from "./words.js";

const FONT = "12px system-ui, sans-serif";

/** Nothing narrower than this is painted beside its neighbour: a thousand cues in a pixel are one line. */
const FINEST = 0.8;

/** Paint a scene: {context, width, height, left, top, gutter, ruler, lanes, model, real, colours}. Gives what was hit. */
export function paint(scene) {
  const { context, width, height, colours } = scene;
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, height);
  context.font = FONT;
  context.textBaseline = "middle";
  const from = toPlan(scene.ruler, scene.left - 40);
  const until = toPlan(scene.ruler, scene.left + width);
  const view = { ...scene, from, until, hits: [], x: (plan, after) => scene.gutter + toPixel(scene.ruler, plan, after) - scene.left };
  context.save();
  context.beginPath();
  context.rect(scene.gutter, RULER, width - scene.gutter, height - RULER);
  context.clip();
  paintBreaks(view, RULER, height);
  paintLoop(view);
  for (const lane of scene.lanes) {
    const y = lane.y - scene.top;
    if (y > height || y + lane.height < RULER) continue;
    line(view, 0, y + lane.height - 0.5, width, y + lane.height - 0.5, colours.line);
    if (lane.kind === "track") paintCells(view, lane);
    else paintDevice(view, lane);
  }
  paintActs(view);
  paintEdges(view, RULER, height);
  context.restore();
  paintRuler(view);
  paintNames(view);
  return view.hits;
}

function line({ context }, x1, y1, x2, y2, colour, width = 1) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

function box({ context }, x, y, w, h, radius = 3) {
  context.beginPath();
  context.roundRect(x, y, Math.max(w, 1.5), h, Math.min(radius, Math.max(w, 1.5) / 2));
}

/** A text cut to a width; nothing where there is room for less than two letters. */
function label({ context }, text, x, y, room, colour) {
  if (room < 16) return;
  context.fillStyle = colour;
  const whole = context.measureText(text).width;
  if (whole <= room) {
    context.fillText(text, x, y);
    return;
  }
  let letters = Math.floor((text.length * room) / whole);
  while (letters > 1 && context.measureText(`${text.slice(0, letters)}…`).width > room) letters -= 1;
  if (letters > 1) context.fillText(`${text.slice(0, letters)}…`, x, y);
}

function visibleBreaks({ ruler, from, until }) {
  return ruler.sorted.map((one, index) => ({ ...one, width: ruler.widths[index] }))
    .filter((one) => one.plan >= from && one.plan <= until);
}

function paintBreaks(view, top, bottom) {
  const { context, colours } = view;
  for (const one of visibleBreaks(view)) {
    const x = view.x(one.plan);
    context.fillStyle = colours.gap;
    context.fillRect(x, top, one.width, bottom - top);
    if (!one.standing) continue;
    context.strokeStyle = colours.gapline;
    context.lineWidth = 1;
    context.beginPath();
    for (const edge of [x + 0.5, x + one.width - 0.5]) {
      for (let y = top; y < bottom; y += 8) {
        context.moveTo(edge, y);
        context.lineTo(edge + 3, y + 4);
        context.lineTo(edge, y + 8);
      }
    }
    context.stroke();
  }
}

function paintLoop(view) {
  const { context, colours, model, height } = view;
  if (model.loop?.from === null || model.loop?.until === null || !model.loop) return;
  const x = view.x(model.loop.from, true);
  context.fillStyle = colours.loop;
  context.fillRect(x, RULER, view.x(model.loop.until) - x, height);
}

/** The edges of segments. */
function paintEdges(view, top, bottom) {
  for (const segment of view.model.score.segments) {
    if (segment.at === null || segment.at < view.from || segment.at > view.until) continue;
    const x = Math.round(view.x(segment.at, true)) + 0.5;
    line(view, x, top, x, bottom, view.colours.edge);
  }
}

function paintCells(view, lane) {
  const { context, colours, model } = view;
  const y = lane.y - view.top + 4;
  const { cells } = lane;
  let low = 0;
  let high = cells.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cells[middle].end < view.from) low = middle + 1;
    else high = middle;
  }
  let before = -Infinity;
  for (; low < cells.length && cells[low].start <= view.until; low += 1) {
    const { row, start, end } = cells[low];
    const x = view.x(start, true);
    const right = view.x(end);
    const { state } = rowState(model, row.key);
    if (right - before < FINEST && state !== "bad" && state !== "waiting") continue;
    before = Math.max(right, x + 1);
    const w = Math.max(right - x - 1, 1.5);
    context.fillStyle = cellColour(colours, state);
    box(view, x, y, w, 26);
    context.fill();
    if (state === "bad" || state === "late" || state === "waiting" || state === "playing") {
      context.fillStyle = stateColour(colours, state);
      context.fillRect(x, y, Math.min(3, w), 26);
    }
    const named = /(^|:)L\d+$/.test(row.cue) ? row.commands.join("; ") : row.cue;
    label(view, named || row.position, x + 7, y + 13, w - 10, state === "ahead" ? colours.dim : colours.ink);
    view.hits.push({ x, y, w, h: 26, row });
  }
}

function cellColour(colours, state) {
  if (state === "ahead" || state === "next") return colours.plan;
  if (state === "bad") return colours.badsoft;
  return colours.realsoft;
}

function stateColour(colours, state) {
  return { bad: colours.bad, late: colours.late, waiting: colours.go, playing: colours.real }[state];
}

/** The plan of a device: its commands as grey bars, its held and moving values as grey curves. */
function paintDevice(view, lane) {
  const { context, colours } = view;
  let before = [];
  const first = firstReaching(lane.until, view.from);
  for (let index = first; index < lane.bars.length && lane.bars[index].start <= view.until; index += 1) {
    const bar = lane.bars[index];
    if (bar.end < view.from) continue;
    const x = view.x(bar.start, true);
    const w = Math.max(view.x(bar.end) - x, 3);
    if (x + w - (before[bar.row] ?? -Infinity) < FINEST) continue;
    before[bar.row] = x + w;
    const y = barTop(lane, bar.row) - view.top;
    context.fillStyle = colours.plan;
    box(view, x, y, w, BAR_HEIGHT);
    context.fill();
    // What has been taken carries its words itself.
    if (!view.model.actOf.has(bar.id)) label(view, bar.text, x + 5, y + BAR_HEIGHT / 2, roomAfter(view, lane, index, x, w), colours.dim);
    view.hits.push({ x, y, w: Math.max(w, 6), h: BAR_HEIGHT, planned: bar });
  }
  before = [];
  for (const curve of lane.curves) paintCurve(view, curve);
}

/** A short bar's words may run on until the next bar of its row. */
function roomAfter(view, lane, index, x, w) {
  const bar = lane.bars[index];
  if (w > 60) return w - 8;
  for (let other = index + 1; other < Math.min(lane.bars.length, index + 12); other += 1) {
    if (lane.bars[other].row === bar.row) return view.x(lane.bars[other].start, true) - x - 10;
  }
  return 300;
}

function paintCurve(view, curve) {
  const { colours, model } = view;
  const y = curve.y - view.top;
  const first = firstReaching(curve.until, view.from);
  let before = -Infinity;
  for (let index = first; index < curve.holds.length && curve.holds[index].start <= view.until; index += 1) {
    const hold = curve.holds[index];
    const x = view.x(hold.start, true);
    const right = view.x(hold.end);
    if (right - before < FINEST) continue;
    before = right;
    trace(view, curve, hold, y, hold.start, hold.end, colours.planline, 1.5);
    const act = model.actOf.get(hold.id);
    if (act) {
      const done = act.ended !== null && hold.until !== null && model.open.get(act.id) === undefined;
      const here = done ? hold.end : Math.min(hold.end, view.here);
      if (here > hold.start) trace(view, curve, hold, y, hold.start, here, act.bad ? colours.bad : colours.real, 2);
      view.hits.push({ x, y, w: Math.max(right - x, 6), h: curve.height, act });
    } else if (hold.command) {
      view.hits.push({ x, y, w: Math.max(right - x, 6), h: curve.height, planned: hold.command });
    }
  }
}

function trace(view, curve, hold, y, from, until, colour, width) {
  const { context } = view;
  const level = (value) => y + curve.height - ((value - curve.least) / (curve.most - curve.least)) * curve.height;
  const begin = hold.from ?? hold.to;
  const moves = hold.arrives > hold.start && begin !== hold.to;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(view.x(from, true), level(begin));
  if (moves) {
    const pixels = view.x(hold.arrives) - view.x(hold.start, true);
    const steps = Math.max(2, Math.min(40, Math.ceil(pixels / 3)));
    for (let step = 1; step <= steps; step += 1) {
      const at = hold.start + ((hold.arrives - hold.start) * step) / steps;
      if (at > until) break;
      context.lineTo(view.x(at), level(begin + (hold.to - begin) * eased(hold.ease, step / steps)));
    }
  }
  if (until >= hold.arrives) context.lineTo(view.x(until), level(hold.to));
  context.stroke();
}

/** What really happened, over the plan. */
function paintActs(view) {
  const { context, colours, model, real } = view;
  const lanes = new Map(view.lanes.filter((lane) => lane.kind === "device").map((lane) => [lane.name, lane]));
  const before = new Map();
  for (const act of model.acts) {
    const lane = lanes.get(act.device);
    if (!lane || (act.planned && lane.curved.has(act.planned.id)) || act.verb === "wait for") continue;
    if (act.plan > view.until) continue;
    const place = span(model, act, real);
    if (place.end.plan < view.from) continue;
    const x = view.gutter + placeToPixel(view.ruler, place.start) - view.left;
    const right = view.gutter + placeToPixel(view.ruler, place.end) - view.left;
    const w = Math.max(right - x, 3);
    const row = act.planned?.row ?? 0;
    const key = `${act.device}${row}`;
    if (x + w - (before.get(key) ?? -Infinity) < FINEST && !act.bad) continue;
    before.set(key, x + w);
    const y = barTop(lane, row) - view.top;
    context.fillStyle = actColour(colours, act);
    const inset = act.speech || w > 8 ? 0 : 2;
    box(view, x, y + inset, w, BAR_HEIGHT - 2 * inset);
    if (act.sent === null && act.result === null) {
      context.strokeStyle = colours.dim;
      context.setLineDash([3, 3]);
      context.stroke();
      context.setLineDash([]);
    } else {
      context.fill();
      if (w > 40) label(view, act.spoken ?? act.text, x + 5, y + BAR_HEIGHT / 2, w - 8, colours.onreal);
      else if (!act.bad) labelBeside(view, lane, act, x + w + 5, y + BAR_HEIGHT / 2);
    }
    if (act.bad) {
      context.fillStyle = colours.bad;
      context.font = `bold ${FONT}`;
      context.fillText("✕", x + w + 3, y + BAR_HEIGHT / 2);
      context.font = FONT;
    }
    view.hits.push({ x, y, w: Math.max(w, 6), h: BAR_HEIGHT, act });
  }
}

/** Words that do not fit into a short bar stand behind it, as far as the next bar of the row. */
function labelBeside(view, lane, act, x, y) {
  const index = act.planned ? lane.bars.indexOf(act.planned, Math.max(0, firstReaching(lane.until, act.planned.start))) : -1;
  if (index >= 0) label(view, act.spoken ?? act.text, x, y, Math.min(300, roomAfter(view, lane, index, x - 5, 0)), view.colours.dim);
}

function actColour(colours, act) {
  if (act.bad) return colours.bad;
  if (act.result === "skipped" || act.result === "cancelled") return colours.cut;
  return act.speech ? colours.speech : colours.real;
}

function paintRuler(view) {
  const { context, colours, width, model, ruler } = view;
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, RULER);
  context.save();
  context.beginPath();
  context.rect(view.gutter, 0, width - view.gutter, RULER);
  context.clip();
  const step = stepOf(ruler.scale, 72) * 1e6;
  const small = step < 1e6 ? 1 : 0;
  const gaps = visibleBreaks(view).filter((one) => one.width > 16)
    .map((one) => ({ from: view.x(one.plan), until: view.x(one.plan) + one.width }));
  for (let at = Math.floor(view.from / step) * step; at <= Math.min(view.until, model.score.end); at += step) {
    const x = Math.round(view.x(at, true)) + 0.5;
    if (gaps.some((gap) => gap.from < x + 38 && gap.until > x)) continue;
    line(view, x, RULER - 7, x, RULER, colours.edge);
    label(view, clockText(at, small), x + 4, RULER - 12, 66, colours.dim);
  }
  const { segments } = model.score;
  segments.forEach((segment, index) => {
    if (segment.at === null) return;
    const x = view.x(segment.at, true);
    const next = segments[index + 1]?.at;
    const right = next === undefined || next === null ? view.x(model.score.end) : view.x(next, true);
    if (right < view.gutter || x > width) return;
    if (right - x > 3) {
      context.fillStyle = segment.name === model.segment ? colours.realsoft : colours.plan;
      context.fillRect(x + 1, 2, right - x - 2, 19);
    }
    const shown = Math.max(x, view.gutter);
    label(view, segment.title ?? segment.name, shown + 7, 12, right - shown - 12, colours.ink);
  });
  for (const one of visibleBreaks(view)) {
    const x = view.x(one.plan);
    context.fillStyle = colours.gap;
    context.fillRect(x, 22, one.width, RULER - 22);
    if (one.width < 22) continue;
    const text = one.extra ? shortLength(one.extra) : "❚❚";
    context.fillStyle = one.live ? colours.go : colours.dim;
    context.textAlign = "center";
    context.font = "10px system-ui, sans-serif";
    context.fillText(text, x + one.width / 2, RULER - 12, one.width - 2);
    context.textAlign = "left";
    context.font = FONT;
    view.hits.push({ x, y: 0, w: one.width, h: RULER, gap: one });
  }
  context.restore();
  line(view, 0, RULER - 0.5, width, RULER - 0.5, colours.edge);
}

/** How long a break was, short enough to stand in it: `0.8 s`, `12 s`, `2:05`. */
function shortLength(micros) {
  const seconds = micros / 1e6;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 60 ? `${Math.round(seconds)} s` : clockText(micros, 0).replace(/^0/, "");
}

/** The names of the lanes, on the left, always in sight. */
function paintNames(view) {
  const { context, colours, gutter, height, width } = view;
  context.fillStyle = colours.panel;
  context.fillRect(0, RULER, gutter - 1, height);
  context.save();
  context.beginPath();
  context.rect(0, RULER, width, height);
  context.clip();
  for (const lane of view.lanes) {
    const y = lane.y - view.top;
    if (y > height || y + lane.height < RULER) continue;
    context.font = `600 ${FONT}`;
    label(view, lane.name, 8, y + 17, gutter - 12, colours.ink);
    context.font = "10px system-ui, sans-serif";
    (lane.curves ?? []).slice(0, 6).forEach((curve, index, shown) => {
      const more = index === shown.length - 1 && lane.curves.length > shown.length ? ` +${lane.curves.length - shown.length}` : "";
      // The first curve of a lane without bars lies beside the lane's own name.
      const low = curve.y - lane.y < 12 ? 20 : curve.height / 2 + 2;
      label(view, `${curve.name.replace(/^Param/, "")}${more}`, 8, curve.y - view.top + low, gutter - 12, colours.dim);
    });
    context.font = FONT;
    line(view, 0, y + lane.height - 0.5, gutter, y + lane.height - 0.5, colours.line);
  }
  context.restore();
  line(view, gutter - 0.5, 0, gutter - 0.5, height, colours.edge);
}
