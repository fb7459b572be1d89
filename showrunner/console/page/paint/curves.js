// @ts-check
// Curves: held and moving values in the timeline's picture, the plan in grey and over it as far as it has come.

/** @import { Curve, Stretch } from "./lanes.js" */
/** @import { View } from "./scene.js" */

import { valueAt } from "../../../drawing/stage/puppet.js";
import { reached } from "../model/playhead.js";
import { FINEST } from "./brush.js";
import { firstReaching } from "./lanes.js";

/**
 * Paint a property's curve.
 * @param {View} view
 * @param {Curve} curve
 */
export function paintCurve(view, curve) {
  const { colours, show } = view;
  const y = curve.y - view.top;
  const { stretches } = curve;
  const first = firstReaching(curve.until, view.from);
  let before = -Infinity;
  for (let index = first; index < stretches.length && stretches[index].start <= view.until; index += 1) {
    const hold = stretches[index];
    const x = view.x(hold.start, true);
    const right = view.x(hold.end);
    if (right - before < FINEST) continue;
    before = right;
    trace(view, curve, hold, hold.start, hold.end, colours.planline, 1.5);
    const act = show.actOf.get(hold.id);
    const spot = { x, y, w: Math.max(right - x, 6), h: curve.height };
    if (act) {
      const from = act.chased ? Math.max(hold.start, act.plan) : hold.start;
      const here = Math.min(hold.end, reached(show, act, view.here, view.real));
      if (here > from) trace(view, curve, hold, from, here, act.bad ? colours.bad : colours.real, 2);
      view.hits.push({ ...spot, act });
    } else if (hold.command) {
      view.hits.push({ ...spot, planned: hold.command });
    }
  }
}

/**
 * Trace a value from one instant of the plan to another.
 * @param {View} view
 * @param {Curve} curve
 * @param {Stretch} hold
 * @param {number} from
 * @param {number} until
 * @param {string} colour
 * @param {number} width
 */
function trace(view, curve, hold, from, until, colour, width) {
  const { context } = view;
  const bottom = curve.y - view.top + curve.height;
  const size = curve.height / (curve.most - curve.least);
  const level = (/** @type {number} */ at) => bottom - (Number(valueAt(hold, at)) - curve.least) * size;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(view.x(from, true), level(from));
  if (hold.arrives > hold.start && (hold.from ?? hold.to) !== hold.to) {
    const pixels = view.x(hold.arrives) - view.x(hold.start, true);
    const steps = Math.max(2, Math.min(40, Math.ceil(pixels / 3)));
    for (let step = 1; step <= steps; step += 1) {
      const at = hold.start + ((hold.arrives - hold.start) * step) / steps;
      if (at <= from) continue;
      if (at >= until) break;
      context.lineTo(view.x(at), level(at));
    }
  }
  context.lineTo(view.x(until), level(until));
  context.stroke();
}
