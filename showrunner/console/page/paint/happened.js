// @ts-check
// What happened, in the timeline's picture of the past: cues and waits of the tracks, commands of the devices.

/** @import { PastDevice, PastTrack } from "./past.js" */
/** @import { View } from "./scene.js" */

import { waitText } from "../model/words.js";
import { FINEST, box, clip, label } from "./brush.js";
import { colourOf, finishBar, paintStanding, wordsOf } from "./commands.js";
import { BAR, BAR_HEIGHT, PAD, TRACK } from "./lanes.js";

/**
 * Paint what was taken of a track, and what it stood at.
 * @param {View} view
 * @param {PastTrack} lane
 */
export function paintPastTrack(view, lane) {
  const { context, colours, show, real } = view;
  const y = lane.y - view.top + 4;
  const height = TRACK - 8;
  for (const wait of lane.waits) {
    const until = wait.until ?? real;
    if (until < view.from || wait.since > view.until) continue;
    const x = view.x(wait.since);
    const w = Math.max(view.x(until) - x, 1.5);
    const stands = wait.until === null;
    context.fillStyle = stands ? colours.gosoft : colours.gap;
    box(view, x, y, w, height);
    context.fill();
    context.strokeStyle = stands ? colours.go : colours.gapline;
    context.stroke();
    // What stands for long is told where it can be seen.
    const shown = Math.max(x, view.gutter);
    label(view, waitText(wait.for), shown + 10, y + height / 2, x + w - shown - 14, stands ? colours.ink : colours.dim);
  }
  let before = -Infinity;
  for (const cue of lane.cues) {
    if (cue.real < view.from || cue.real > view.until) continue;
    const x = view.x(cue.real);
    if (x - before < FINEST) continue;
    before = x;
    context.fillStyle = colours.real;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 6, y + height / 2);
    context.lineTo(x, y + height);
    context.fill();
    const row = cue.row === undefined ? undefined : show.score.rowOf.get(cue.row);
    view.hits.push({ x, y, w: 6, h: height, row });
  }
}

/**
 * Paint what a device was told.
 * @param {View} view
 * @param {PastDevice} lane
 */
export function paintPastDevice(view, lane) {
  const { context, colours } = view;
  /** @type {number[]} */
  const before = [];
  lane.bars.forEach(({ act, start, end, stands, row }, index) => {
    if (stands < view.from || start > view.until) return;
    const x = view.x(start);
    const come = Math.max(view.x(end) - x, 3);
    const w = Math.max(view.x(stands) - x - (stands > end ? 1 : 0), come);
    if (x + w - (before[row] ?? -Infinity) < FINEST && !act.bad) return;
    before[row] = x + w;
    const y = lane.y - view.top + PAD + row * BAR;
    context.fillStyle = colourOf(colours, act);
    if (stands > end) {
      paintStanding(view, act, { x, y, w, come }, colourOf(colours, act), colours.realsoft, colours.ink);
      finishBar(view, act, x, y, w);
      return;
    }
    (act.planned?.draws === "clip" ? clip : box)(view, x, y, w, BAR_HEIGHT);
    context.fill();
    const next = lane.bars.slice(index + 1, index + 8).find((other) => other.row === row);
    const room = next ? view.x(next.start) - x - w - 8 : 300;
    if (w > 40) label(view, wordsOf(act), x + 5, y + BAR_HEIGHT / 2, w - 8, colours.onreal);
    else if (!act.bad) label(view, wordsOf(act), x + w + 5, y + BAR_HEIGHT / 2, Math.min(300, room), colours.dim);
    finishBar(view, act, x, y, w);
  });
}
