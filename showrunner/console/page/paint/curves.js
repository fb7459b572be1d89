// Curves: held and moving values in the timeline's picture, the plan in grey and over it as far as it has come.

import { FINEST } from "./brush.js";
import { eased, firstReaching } from "./lanes.js";
import { reached } from "../model/playhead.js";

/** Paint a property's curve. */
export function paintCurve(view, curve) {
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
      const from = act.chased ? Math.max(hold.start, act.plan) : hold.start;
      const here = Math.min(hold.end, reached(model, act, view.here, view.real));
      if (here > from) trace(view, curve, hold, y, from, here, act.bad ? colours.bad : colours.real, 2);
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
  const valueAt = (at) => (at >= hold.arrives || !moves ? hold.to
    : begin + (hold.to - begin) * eased(hold.ease, (at - hold.start) / (hold.arrives - hold.start)));
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(view.x(from, true), level(valueAt(from)));
  if (moves) {
    const pixels = view.x(hold.arrives) - view.x(hold.start, true);
    const steps = Math.max(2, Math.min(40, Math.ceil(pixels / 3)));
    for (let step = 1; step <= steps; step += 1) {
      const at = hold.start + ((hold.arrives - hold.start) * step) / steps;
      if (at <= from) continue;
      if (at >= until) break;
      context.lineTo(view.x(at), level(valueAt(at)));
    }
  }
  context.lineTo(view.x(until), level(valueAt(until)));
  context.stroke();
}
