// @ts-check
// The cues of a track in the timeline's picture.

/** @import { RowState } from "../model/shapes.js" */
/** @import { TrackLane } from "./lanes.js" */
/** @import { Colours, View } from "./scene.js" */

import { rowState } from "../model/cue-states.js";
import { firstFrom } from "../model/search.js";
import { FINEST, box, label } from "./brush.js";

const HEIGHT = 26;

/**
 * Paint the lane of a track.
 * @param {View} view
 * @param {TrackLane} lane
 */
export function paintCues(view, lane) {
  const { context, colours, show } = view;
  const y = lane.y - view.top + 4;
  const { cells } = lane;
  const first = firstFrom(cells, view.from, (cell) => cell.end);
  let before = -Infinity;
  for (let index = first; index < cells.length && cells[index].start <= view.until; index += 1) {
    const { row, start, end } = cells[index];
    const x = view.x(start, true);
    const right = view.x(end);
    const { state } = rowState(show, row.row);
    if (right - before < FINEST && state !== "bad" && state !== "waiting") continue;
    before = Math.max(right, x + 1);
    const w = Math.max(right - x - 1, 1.5);
    context.fillStyle = fillOf(colours, state);
    box(view, x, y, w, HEIGHT);
    context.fill();
    const edge = edgeOf(colours, state);
    if (edge !== null) {
      context.fillStyle = edge;
      context.fillRect(x, y, Math.min(3, w), HEIGHT);
    }
    const words = row.named ? row.cue : row.commands.join("; ");
    label(view, words || row.position, x + 7, y + HEIGHT / 2, w - 10, state === "ahead" ? colours.dim : colours.ink);
    view.hits.push({ x, y, w, h: HEIGHT, row });
  }
}

/**
 * @param {Colours} colours
 * @param {RowState} state
 */
function fillOf(colours, state) {
  if (state === "ahead" || state === "next") return colours.plan;
  return state === "bad" ? colours.badsoft : colours.realsoft;
}

/**
 * The colour of the edge of a cue that somebody should see; null: it has none.
 * @param {Colours} colours
 * @param {RowState} state
 */
function edgeOf(colours, state) {
  switch (state) {
    case "bad": return colours.bad;
    case "late": return colours.late;
    case "waiting": return colours.go;
    case "playing": return colours.real;
    default: return null;
  }
}
