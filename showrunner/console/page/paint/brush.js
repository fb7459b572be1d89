// The brush: how a line, a box and words are put on the timeline's canvas. Knows nothing of a show.

import { visible } from "../view/element.js";

export const FONT = "12px system-ui, sans-serif";

/** Nothing narrower than this is painted beside its neighbour: a thousand cues in a pixel are one line. */
export const FINEST = 0.8;

/** A straight line. */
export function line({ context }, x1, y1, x2, y2, colour, width = 1) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** A box with round corners, as a path: filled or stroked by who asked. */
export function box({ context }, x, y, w, h, radius = 3) {
  context.beginPath();
  context.roundRect(x, y, Math.max(w, 1.5), h, Math.min(radius, Math.max(w, 1.5) / 2));
}

/** A text cut to a width; nothing where there is room for less than two letters. */
export function label({ context }, words, x, y, room, colour) {
  if (room < 16) return;
  const text = visible(words);
  context.fillStyle = colour;
  const whole = context.measureText(text).width;
  if (whole <= room) {
    context.fillText(text, x, y);
    return;
  }
  let letters = Math.floor((text.length * room) / whole);
  while (letters > 1 && context.measureText(`${text.slice(0, letters)}…`).width > room) letters -= 1;
  if (letters > 1) context.fillText(`${text.slice(0, letters)}…`, x, y);
}
