// The picture of the timeline: paints what can be seen of the plan, in grey, and over it what really happened.
// It is given everything and remembers nothing but where it painted what, for the pointer.

import { paintActs, paintDevice } from "./commands.js";
import { FONT, label, line } from "./brush.js";
import { paintCells } from "./cues.js";
import { paintRuler, visibleBreaks } from "./ruler.js";
import { RULER } from "./lanes.js";
import { toPixel, toPlan } from "./scale.js";

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
