// @ts-check
// The ruler at the top of the timeline's picture, with the names of the segments and the breaks.

/** @import { Music } from "../model/shapes.js" */
/** @import { View } from "./scene.js" */

import { clockText, tenths } from "../model/words.js";
import { FONT, SMALL, label, line } from "./brush.js";
import { RULER } from "./lanes.js";
import { stepOf } from "./scale.js";

/** The numbers of two bars are no nearer to each other (pixels). */
const BAR_ROOM = 30;

/**
 * The breaks that can be seen.
 * @param {View} view
 */
export function visibleGaps({ scale, from, until }) {
  return scale.gaps.map((one, index) => ({ ...one, width: scale.widths[index] }))
    .filter((one) => one.plan >= from && one.plan <= until);
}

/**
 * Paint the ruler.
 * @param {View} view
 */
export function paintRuler(view) {
  const { context, colours, width } = view;
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, RULER);
  context.save();
  context.beginPath();
  context.rect(view.gutter, 0, width - view.gutter, RULER);
  context.clip();
  const gaps = visibleGaps(view);
  for (const one of gaps) {
    context.fillStyle = colours.gap;
    context.fillRect(view.x(one.plan), 22, one.width, RULER - 22);
  }
  const wide = gaps.filter((one) => one.width > 16).map((one) => ({ x: view.x(one.plan), width: one.width }));
  paintTimes(view, wide);
  paintSegments(view);
  for (const one of gaps) {
    if (one.width < 22) continue;
    const x = view.x(one.plan);
    const text = one.extra ? shortLength(one.extra) : "❚❚";
    context.fillStyle = one.live ? colours.go : colours.dim;
    context.textAlign = "center";
    context.font = SMALL;
    context.fillText(text, x + one.width / 2, RULER - 12, one.width - 2);
    context.textAlign = "left";
    context.font = FONT;
    view.hits.push({ x, y: 0, w: one.width, h: RULER, gap: one });
  }
  context.restore();
  line(view, 0, RULER - 0.5, width, RULER - 0.5, colours.edge);
}

/**
 * The times, where no break takes their room.
 * @param {View} view
 * @param {{x: number, width: number}[]} taken
 */
function paintTimes(view, taken) {
  const step = stepOf(view.scale.density, 72) * 1e6;
  const last = Math.min(view.until, view.end);
  for (let at = Math.floor(view.from / step) * step; at <= last; at += step) {
    const x = Math.round(view.x(at, true)) + 0.5;
    if (taken.some((gap) => gap.x < x + 38 && gap.x + gap.width > x)) continue;
    line(view, x, RULER - 7, x, RULER, view.colours.edge);
    label(view, clockText(at, step < 1e6 ? 1 : 0), x + 4, RULER - 12, 66, view.colours.dim);
  }
}

/** @param {View} view */
function paintSegments(view) {
  const { context, colours, width, gutter } = view;
  view.parts.forEach(({ name, title, at, until, plays, music }, index) => {
    const x = view.x(at, true);
    const right = view.x(until, index < view.parts.length - 1);
    if (right < gutter || x > width) return;
    if (right - x > 3) {
      context.fillStyle = plays ? colours.realsoft : colours.plan;
      context.fillRect(x + 1, 2, right - x - 2, 19);
    }
    const shown = Math.max(x, gutter);
    label(view, title ?? name, shown + 7, 12, right - shown - 12, colours.ink);
    if (music) paintBars(view, music, { from: shown + 15 + context.measureText(title ?? name).width, right, until });
  });
}

/**
 * The numbers of the bars of a segment, behind its name: as many as have room.
 * @param {View} view
 * @param {Music} music
 * @param {{from: number, right: number, until: number}} room pixels, and where the segment ends in the plan
 */
function paintBars(view, { first, beat, beats }, { from, right, until }) {
  const { colours, scale } = view;
  const bar = beat * beats;
  let step = 1;
  while ((step * bar * scale.density) / 1e6 < BAR_ROOM) step *= 2;
  const last = Math.min(view.until, until);
  for (let number = 1 + step * Math.max(0, Math.floor((view.from - first) / (bar * step))); ; number += step) {
    const at = first + (number - 1) * bar;
    if (at > last) return;
    const x = Math.round(view.x(at, true)) + 0.5;
    if (x < from || x + BAR_ROOM / 2 > right) continue;
    line(view, x, 15, x, 21, colours.planline);
    label(view, String(number), x + 3, 12, BAR_ROOM - 4, colours.dim);
  }
}

/**
 * How long a break was, short enough to stand in it: `0.8 s`, `12 s`, `2:05`.
 * @param {number} micros
 */
function shortLength(micros) {
  const seconds = micros / 1e6;
  if (seconds < 10) return `${tenths(micros)} s`;
  return seconds < 60 ? `${Math.floor(seconds)} s` : clockText(micros, 0).replace(/^0/, "");
}
