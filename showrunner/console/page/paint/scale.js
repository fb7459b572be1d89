// The ruler: instants of the plan to pixels and back, with breaks where the show stood. Pure.

/** The width of a break whose length nobody knew: a hold, a wait for the world. */
export const STANDING = 34;

/** The widest break for what merely took longer than planned. */
export const WIDEST = 44;

const MICROS = 1_000_000;

/** How far a break opens: `scale` is pixels a second. */
function widthOf(one, scale) {
  return one.standing ? STANDING : Math.min(WIDEST, (one.extra / MICROS) * scale);
}

/** Make a ruler. `breaks`: [{plan, extra, standing}], in any order, each instant once. */
export function makeRuler(scale, breaks) {
  const sorted = [...breaks].sort((a, b) => a.plan - b.plan);
  const widths = sorted.map((one) => widthOf(one, scale));
  const before = [];
  let sum = 0;
  for (const width of widths) {
    before.push(sum);
    sum += width;
  }
  return { scale, sorted, widths, before, total: sum };
}

/** The number of breaks at instants smaller than `plan` (or not larger, with `inclusive`). */
function count(ruler, plan, inclusive) {
  let low = 0;
  let high = ruler.sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = ruler.sorted[middle].plan;
    if (at < plan || (inclusive && at === plan)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Pixels from the start of the plan. `after`: behind a break that stands at this very instant. */
export function toPixel(ruler, plan, after = false) {
  const index = count(ruler, plan, after);
  const shift = index < ruler.before.length ? ruler.before[index] : ruler.total;
  return (plan / MICROS) * ruler.scale + shift;
}

/** Pixels of a place as `course.locate` gives it: with what it has stood inside a break. */
export function placeToPixel(ruler, place) {
  const edge = toPixel(ruler, place.plan, place.after);
  if (!place.extra) return edge;
  const index = count(ruler, place.plan, false);
  const found = ruler.sorted[index];
  if (!found || found.plan !== place.plan) return edge;
  const width = ruler.widths[index];
  // Nobody knows how long a person will take: the playhead nears the far edge and never reaches it.
  const share = found.standing ? 1 - 1 / (1 + place.extra / 4e6) : Math.min(1, place.extra / Math.max(found.extra, 1));
  return edge + width * share;
}

/** The instant of the plan under a pixel; a pixel inside a break is the instant at which the show stood. */
export function toPlan(ruler, pixel) {
  let low = 0;
  let high = ruler.sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const left = (ruler.sorted[middle].plan / MICROS) * ruler.scale + ruler.before[middle];
    if (left <= pixel) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return Math.max(0, (pixel / ruler.scale) * MICROS);
  const found = ruler.sorted[low - 1];
  const right = (found.plan / MICROS) * ruler.scale + ruler.before[low - 1] + ruler.widths[low - 1];
  if (pixel <= right) return found.plan;
  return found.plan + ((pixel - right) / ruler.scale) * MICROS;
}

/** A step of the ruler in seconds so that its figures do not touch: 1, 2, 5, 10, 15, 30 s, 1, 2, 5 … minutes. */
export function stepOf(scale, least) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
  return steps.find((step) => step * scale >= least) ?? 14400;
}
