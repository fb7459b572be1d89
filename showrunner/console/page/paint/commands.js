// @ts-check
// The commands of a device in the timeline's picture: the plan in grey and over it what really happened.

/** @import { Act, Planned } from "../model/shapes.js" */
/** @import { DeviceLane } from "./lanes.js" */
/** @import { Colours, View } from "./scene.js" */

import { span } from "../model/playhead.js";
import { readText, spokenText } from "../model/words.js";
import { FINEST, FONT, box, clip, label, ramp } from "./brush.js";
import { paintCurve } from "./curves.js";
import { BAR_HEIGHT, barTop, firstReaching, rowOf } from "./lanes.js";
import { spotToPixel } from "./scale.js";

/**
 * The plan of a device: its commands as grey bars, its held and moving values as grey curves.
 * @param {View} view
 * @param {DeviceLane} lane
 */
export function paintPlanned(view, lane) {
  const { context, colours } = view;
  /** @type {number[]} */
  const before = [];
  const first = firstReaching(lane.until, view.from);
  for (let index = first; index < lane.bars.length && lane.bars[index].start <= view.until; index += 1) {
    const bar = lane.bars[index];
    const until = lane.stands.get(bar.id) ?? bar.end;
    if (until < view.from) continue;
    const x = view.x(bar.start, true);
    const come = Math.max(view.x(bar.end) - x, 3);
    const w = Math.max(view.x(until) - x - (until > bar.end ? 1 : 0), come);
    const row = rowOf(lane, bar);
    if (x + w - (before[row] ?? -Infinity) < FINEST) continue;
    before[row] = x + w;
    const y = barTop(lane, bar) - view.top;
    context.fillStyle = colours.plan;
    if (until > bar.end) paintStanding(view, bar, { x, y, w, come }, colours.planline, colours.plan, colours.dim);
    else {
      (bar.draws === "clip" ? clip : box)(view, x, y, w, BAR_HEIGHT);
      context.fill();
    }
    // What has been taken carries its words itself.
    if (until === bar.end && (view.show.actOf.get(bar.id)?.chased ?? true)) {
      label(view, wordsOf(bar), x + 5, y + BAR_HEIGHT / 2, roomAfter(view, lane, index, x, w), colours.dim);
    }
    view.hits.push({ x, y, w: Math.max(w, 6), h: BAR_HEIGHT, planned: bar });
  }
  for (const curve of lane.curves) paintCurve(view, curve);
}

/**
 * A block for what stands until the next of its kind, with its words in sight; how it comes is a ramp before it.
 * @param {View} view
 * @param {Planned | Act} one
 * @param {{x: number, y: number, w: number, come: number}} place `come`: how long it takes to come.
 * @param {string} comes the colours of the ramp,
 * @param {string} stands of the block,
 * @param {string} words and of its words
 */
export function paintStanding(view, one, { x, y, w, come }, comes, stands, words) {
  const { context } = view;
  context.fillStyle = comes;
  ramp(view, x, y, come, BAR_HEIGHT);
  context.fill();
  context.fillStyle = stands;
  box(view, x + come, y, w - come, BAR_HEIGHT);
  context.fill();
  const from = Math.max(x + come, view.gutter) + 5;
  label(view, wordsOf(one), from, y + BAR_HEIGHT / 2, x + w - from - 3, words);
}

/**
 * What a bar says of itself: its lane has the device's name already, and what is spoken is the words.
 * @param {Planned | Act} one
 */
export function wordsOf(one) {
  if (one.speech) return ("planned" in one ? one.spoken ?? one.planned?.said : one.said) ?? spokenText(readText(one));
  const text = readText(one);
  return text.startsWith(`${one.device} `) ? text.slice(one.device.length + 1) : text;
}

/**
 * A short bar's words may run on until the next bar of its row.
 * @param {View} view
 * @param {DeviceLane} lane
 * @param {number} index
 * @param {number} x
 * @param {number} w
 */
function roomAfter(view, lane, index, x, w) {
  if (w > 60) return w - 8;
  const row = rowOf(lane, lane.bars[index]);
  for (let other = index + 1; other < Math.min(lane.bars.length, index + 12); other += 1) {
    if (rowOf(lane, lane.bars[other]) === row) return view.x(lane.bars[other].start, true) - x - 10;
  }
  return 300;
}

/**
 * What really happened, over the plan.
 * @param {View} view
 */
export function paintActs(view) {
  const { context, colours, show, real } = view;
  /** @type {Map<string, DeviceLane>} */
  const lanes = new Map();
  for (const lane of view.lanes) if (lane.kind === "device") lanes.set(lane.name, lane);
  /** @type {Map<string, number>} */
  const before = new Map();
  for (const act of show.acts) {
    const lane = lanes.get(act.device);
    if (!lane || (act.planned && lane.curved.has(act.planned.id)) || act.verb === "wait for") continue;
    if (act.plan > view.until) continue;
    const { start, end } = span(show, act, real);
    if (end.plan < view.from) continue;
    const x = view.gutter + spotToPixel(view.scale, start) - view.left;
    const right = view.gutter + spotToPixel(view.scale, end) - view.left;
    const w = Math.max(right - x, 3);
    const key = `${act.device}${rowOf(lane, act.planned)}`;
    if (x + w - (before.get(key) ?? -Infinity) < FINEST && !act.bad) continue;
    before.set(key, x + w);
    const y = barTop(lane, act.planned) - view.top;
    context.fillStyle = colourOf(colours, act);
    const inset = act.speech || w > 8 ? 0 : 2;
    (act.planned?.draws === "clip" ? clip : box)(view, x, y + inset, w, BAR_HEIGHT - 2 * inset);
    if (act.sent === null && act.result === null) {
      context.strokeStyle = colours.dim;
      context.setLineDash([3, 3]);
      context.stroke();
      context.setLineDash([]);
    } else {
      context.fill();
      if (act.planned && lane.stands.has(act.planned.id)) {
        // Its words stand in the block.
      } else if (w > 40) label(view, wordsOf(act), x + 5, y + BAR_HEIGHT / 2, w - 8, colours.onreal);
      else if (!act.bad && !act.chased) labelBeside(view, lane, act, x + w + 5, y + BAR_HEIGHT / 2);
    }
    finishBar(view, act, x, y, w);
  }
}

/**
 * A bar of what was told to a device says behind it that it ended badly, and can be pointed at however short it is.
 * @param {View} view
 * @param {Act} act
 * @param {number} x
 * @param {number} y
 * @param {number} w
 */
export function finishBar({ context, colours, hits }, act, x, y, w) {
  if (act.bad) {
    context.fillStyle = colours.bad;
    context.font = `bold ${FONT}`;
    context.fillText("✕", x + w + 3, y + BAR_HEIGHT / 2);
    context.font = FONT;
  }
  hits.push({ x, y, w: Math.max(w, 6), h: BAR_HEIGHT, act });
}

/**
 * Words that do not fit into a short bar stand behind it, as far as the next bar of the row.
 * @param {View} view
 * @param {DeviceLane} lane
 * @param {Act} act
 * @param {number} x
 * @param {number} y
 */
function labelBeside(view, lane, act, x, y) {
  if (!act.planned) return;
  const index = lane.bars.indexOf(act.planned, firstReaching(lane.until, act.planned.start));
  if (index >= 0) label(view, wordsOf(act), x, y, Math.min(300, roomAfter(view, lane, index, x - 5, 0)), view.colours.dim);
}

/**
 * The colour of what happened: bad, cut, spoken or done.
 * @param {Colours} colours
 * @param {Act} act
 */
export function colourOf(colours, act) {
  if (act.bad) return colours.bad;
  if (act.result === "skipped" || act.result === "cancelled") return colours.cut;
  return act.speech ? colours.speech : colours.real;
}
