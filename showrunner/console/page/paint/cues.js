// Cells: the cues of a track in the timeline's picture.

import { FINEST, box, label } from "./brush.js";
import { rowState } from "../model/cue-states.js";

/** Paint the lane of a track. */
export function paintCells(view, lane) {
  const { context, colours, model } = view;
  const y = lane.y - view.top + 4;
  const { cells } = lane;
  let low = 0;
  let high = cells.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cells[middle].end < view.from) low = middle + 1;
    else high = middle;
  }
  let before = -Infinity;
  for (; low < cells.length && cells[low].start <= view.until; low += 1) {
    const { row, start, end } = cells[low];
    const x = view.x(start, true);
    const right = view.x(end);
    const { state } = rowState(model, row.key);
    if (right - before < FINEST && state !== "bad" && state !== "waiting") continue;
    before = Math.max(right, x + 1);
    const w = Math.max(right - x - 1, 1.5);
    context.fillStyle = cellColour(colours, state);
    box(view, x, y, w, 26);
    context.fill();
    if (state === "bad" || state === "late" || state === "waiting" || state === "playing") {
      context.fillStyle = stateColour(colours, state);
      context.fillRect(x, y, Math.min(3, w), 26);
    }
    const named = /(^|:)L\d+$/.test(row.cue) ? row.commands.join("; ") : row.cue;
    label(view, named || row.position, x + 7, y + 13, w - 10, state === "ahead" ? colours.dim : colours.ink);
    view.hits.push({ x, y, w, h: 26, row });
  }
}

function cellColour(colours, state) {
  if (state === "ahead" || state === "next") return colours.plan;
  if (state === "bad") return colours.badsoft;
  return colours.realsoft;
}

function stateColour(colours, state) {
  return { bad: colours.bad, late: colours.late, waiting: colours.go, playing: colours.real }[state];
}
