// @ts-check
// The picture of the timeline: paints what can be seen of the plan, in grey, and over it what really happened; or the past.
// It is given everything and remembers nothing but where it painted what, for the pointer.

/** @import { Scene, View } from "./scene.js" */

import { FONT, SMALL, label, line, sign } from "./brush.js";
import { paintActs, paintPlanned } from "./commands.js";
import { paintCues } from "./cues.js";
import { paintPastDevice, paintPastTrack } from "./happened.js";
import { CURVES, RULER } from "./lanes.js";
import { paintRuler, visibleGaps } from "./ruler.js";
import { toPixel, toPlan } from "./scale.js";

/**
 * Paint a scene. Gives what can be hit.
 * @param {Scene} scene
 */
export function paint(scene) {
  const { context, width, height, colours } = scene;
  context.fillStyle = colours.panel;
  context.fillRect(0, 0, width, height);
  context.font = FONT;
  context.textBaseline = "middle";
  const from = toPlan(scene.scale, scene.left - 40);
  const until = toPlan(scene.scale, scene.left + width);
  const shift = scene.gutter - scene.left;
  /** @type {View} */
  const view = { ...scene, from, until, hits: [], x: (plan, after) => toPixel(scene.scale, plan, after) + shift };
  context.save();
  context.beginPath();
  context.rect(scene.gutter, RULER, width - scene.gutter, height - RULER);
  context.clip();
  paintGaps(view);
  if (!view.past) paintLoop(view);
  for (const lane of scene.lanes) {
    const y = lane.y - scene.top;
    if (y > height || y + lane.height < RULER) continue;
    line(view, 0, y + lane.height - 0.5, width, y + lane.height - 0.5, colours.line);
    switch (lane.kind) {
      case "track": paintCues(view, lane); break;
      case "device": paintPlanned(view, lane); break;
      case "past-track": paintPastTrack(view, lane); break;
      default: paintPastDevice(view, lane);
    }
  }
  if (!view.past) paintActs(view);
  paintEdges(view);
  context.restore();
  paintRuler(view);
  paintNames(view);
  return view.hits;
}

/** @param {View} view */
function paintGaps(view) {
  const { context, colours, height } = view;
  for (const one of visibleGaps(view)) {
    const x = view.x(one.plan);
    context.fillStyle = colours.gap;
    context.fillRect(x, RULER, one.width, height - RULER);
    if (!one.standing) continue;
    context.strokeStyle = colours.gapline;
    context.lineWidth = 1;
    context.beginPath();
    for (const edge of [x + 0.5, x + one.width - 0.5]) {
      for (let y = RULER; y < height; y += 8) {
        context.moveTo(edge, y);
        context.lineTo(edge + 3, y + 4);
        context.lineTo(edge, y + 8);
      }
    }
    context.stroke();
  }
}

/** @param {View} view */
function paintLoop(view) {
  const { context, colours, show, height } = view;
  if (!show.loop || show.loop.from === null || show.loop.until === null) return;
  const x = view.x(show.loop.from, true);
  context.fillStyle = colours.loop;
  context.fillRect(x, RULER, view.x(show.loop.until) - x, height);
}

/**
 * The edges of segments.
 * @param {View} view
 */
function paintEdges(view) {
  for (const { at } of view.parts) {
    if (at < view.from || at > view.until) continue;
    const x = Math.round(view.x(at, true)) + 0.5;
    line(view, x, RULER, x, view.height, view.colours.edge);
  }
}

/**
 * The names of the lanes, on the left, always in sight.
 * @param {View} view
 */
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
    const looks = "looks" in lane ? lane.looks : null;
    if (looks) {
      context.fillStyle = colours[/** @type {keyof typeof colours} */ (`hue${looks.hue}`)];
      sign(view, looks.shape, 8, y + 12, 9);
      context.fill();
    }
    label(view, lane.name, looks ? 22 : 8, y + 17, gutter - (looks ? 26 : 12), colours.ink);
    context.font = SMALL;
    const curves = lane.kind === "device" ? lane.curves : [];
    curves.slice(0, CURVES).forEach((curve, index) => {
      const more = index === CURVES - 1 && curves.length > CURVES ? ` +${curves.length - CURVES}` : "";
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
