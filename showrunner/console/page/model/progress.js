// @ts-check
// The progress of a track: which instant of the plan it has come to, and when it really did. Pure.
//
// Between two anchors the plan is followed at the speed of the show. Where the show takes longer than the plan, it stands
// in front of the next point, and what is over is `extra`: a break in the ruler.

/** @import { Progress, Spot } from "./shapes.js" */

import { firstAbove } from "./search.js";

/** A break shorter than this is not worth drawing (microseconds). */
export const BREAK = 250_000;

/**
 * A track begins.
 * @param {number[]} points the planned instants of its thread, ascending
 * @param {number} end where its segment ends
 * @param {number} real
 * @param {number} plan
 * @returns {Progress}
 */
export function begin(points, end, real, plan) {
  return { points, end, anchors: [{ real, plan }], standing: 0 };
}

/** @param {Progress} progress */
export function latest({ anchors }) {
  return anchors[anchors.length - 1];
}

/**
 * The track has come to an instant of the plan. Gives how much longer than planned that took (negative: shorter).
 * @param {Progress} progress
 * @param {number} real
 * @param {number} plan
 */
export function reach(progress, real, plan) {
  const last = latest(progress);
  if (last.plan === plan && last.real === real) return 0;
  progress.anchors.push({ real, plan });
  return real - last.real - (plan - last.plan);
}

/**
 * Where on the plan a real instant lies. `after`: behind what stands at that instant.
 * @param {Progress} progress
 * @param {number} real
 * @returns {Spot}
 */
export function locate(progress, real) {
  const { anchors } = progress;
  const index = firstAbove(anchors, real, (one) => one.real);
  if (index === 0) return { plan: anchors[0].plan, extra: 0, after: false };
  const from = anchors[index - 1];
  const here = from.plan + (real - from.real);
  const limit = index < anchors.length ? anchors[index].plan : ahead(progress, from.plan);
  if (here <= limit) return { plan: here, extra: 0, after: here === from.plan };
  return { plan: Math.max(limit, from.plan), extra: here - Math.max(limit, from.plan), after: false };
}

/**
 * Whether the track had already stood when it was at a real instant: what ends then ends behind the break, not before.
 * @param {Progress} progress
 * @param {number} real
 */
export function stood({ anchors }, real) {
  const index = anchors.findLastIndex((one) => one.real <= real);
  if (index < 1) return false;
  const [before, here] = [anchors[index - 1], anchors[index]];
  return here.real - before.real - (here.plan - before.plan) > BREAK;
}

/**
 * The next instant of the plan that the thread of this track has to reach; its place while it stands for the world.
 * @param {Progress} progress
 * @param {number} plan
 */
function ahead({ points, end, standing }, plan) {
  if (standing) return plan;
  const index = firstAbove(points, plan, (point) => point);
  return index < points.length ? points[index] : Math.max(end, plan);
}

/**
 * Whether the thread has anything left to come to.
 * @param {Progress} progress
 */
export function hasMore(progress) {
  const { points } = progress;
  return points.length > 0 && points[points.length - 1] > latest(progress).plan;
}
