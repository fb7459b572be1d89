// @ts-check
// The scale: instants of the plan to pixels and back, with breaks where the show stood. Pure.

/** @import { Spot } from "../model/shapes.js" */

import { firstAbove, firstFrom } from "../model/search.js";

/**
 * @typedef {{plan: number, extra: number, for?: string | null, standing?: boolean, live?: boolean}} Gap
 * A break; `standing`: for as long as nobody knew; `live`: it is just opening.
 */
/**
 * @typedef {{density: number, gaps: Gap[], widths: number[], before: number[], lefts: number[], total: number}} Scale
 * `density` is pixels a second; `before`: the pixels of all breaks before each, `lefts`: where each begins.
 */

/** The width of a break whose length nobody knew: a hold, a wait for the world. */
export const STANDING = 34;

/** The widest break for what merely took longer than planned. */
export const WIDEST = 44;

const SECOND = 1_000_000;

/** How long a break for the world has stood when the playhead is half through it (microseconds). */
const HALF = 4_000_000;

/**
 * Make a scale.
 * @param {number} density
 * @param {Iterable<Gap>} gaps in any order, each instant once
 * @returns {Scale}
 */
export function makeScale(density, gaps) {
  const sorted = [...gaps].sort((a, b) => a.plan - b.plan);
  const widths = sorted.map((one) => (one.standing ? STANDING : Math.min(WIDEST, (one.extra / SECOND) * density)));
  let total = 0;
  const before = widths.map((width) => (total += width) - width);
  const lefts = before.map((width, index) => (sorted[index].plan / SECOND) * density + width);
  return { density, gaps: sorted, widths, before, lefts, total };
}

/** @param {Gap} gap */
const planOf = (gap) => gap.plan;

/**
 * Pixels from the start of the plan. `after`: behind a break that stands at this very instant.
 * @param {Scale} scale
 * @param {number} plan
 */
export function toPixel(scale, plan, after = false) {
  const index = after ? firstAbove(scale.gaps, plan, planOf) : firstFrom(scale.gaps, plan, planOf);
  const shift = index < scale.before.length ? scale.before[index] : scale.total;
  return (plan / SECOND) * scale.density + shift;
}

/**
 * Pixels of a spot: with what it has stood inside a break.
 * @param {Scale} scale
 * @param {Spot} spot
 */
export function spotToPixel(scale, spot) {
  const edge = toPixel(scale, spot.plan, spot.after);
  if (!spot.extra) return edge;
  const index = firstFrom(scale.gaps, spot.plan, planOf);
  const found = scale.gaps.at(index);
  if (!found || found.plan !== spot.plan) return edge;
  // Nobody knows how long a person will take: the playhead nears the far edge and never reaches it.
  const share = found.standing ? 1 - 1 / (1 + spot.extra / HALF) : Math.min(1, spot.extra / Math.max(found.extra, 1));
  return edge + scale.widths[index] * share;
}

/**
 * The instant of the plan under a pixel; a pixel inside a break is the instant at which the show stood.
 * @param {Scale} scale
 * @param {number} pixel
 */
export function toPlan(scale, pixel) {
  const { density, gaps, widths, lefts } = scale;
  const index = firstAbove(lefts, pixel, (left) => left);
  if (index === 0) return Math.max(0, (pixel / density) * SECOND);
  const { plan } = gaps[index - 1];
  const right = lefts[index - 1] + widths[index - 1];
  return pixel <= right ? plan : plan + ((pixel - right) / density) * SECOND;
}

/**
 * A step of the ruler in seconds so that its figures do not touch: 1, 2, 5, 10, 15, 30 s, 1, 2, 5 … minutes.
 * @param {number} density
 * @param {number} least pixels
 */
export function stepOf(density, least) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
  return steps.find((step) => step * density >= least) ?? 14400;
}
