// @ts-check
// The brush: how a line, a box and words are put on the timeline's canvas. Knows nothing of a show.

import { visible } from "../model/words.js";

/** @typedef {{context: CanvasRenderingContext2D, width?: number}} Canvas `width` is how much of it is seen. */

export const FONT = "12px system-ui, sans-serif";
export const SMALL = "10px system-ui, sans-serif";

/** Nothing narrower than this is painted beside its neighbour: a thousand cues in a pixel are one line. */
export const FINEST = 0.8;

/**
 * A straight line.
 * @param {Canvas} canvas
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {string} colour
 */
export function line({ context }, x1, y1, x2, y2, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/**
 * A box with round corners, as a path: filled or stroked by who asked.
 * @param {Canvas} canvas
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 */
export function box({ context }, x, y, w, h) {
  const width = Math.max(w, 1.5);
  context.beginPath();
  context.roundRect(x, y, width, h, Math.min(3, width / 2));
}

/**
 * The sign of a device, as a path: its shape tells it from others where its colour does not.
 * @param {Canvas} canvas
 * @param {string} shape
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
export function sign({ context }, shape, x, y, size) {
  const half = size / 2;
  context.beginPath();
  if (shape === "circle") context.arc(x + half, y + half, half, 0, 2 * Math.PI);
  else if (shape === "square") context.rect(x, y, size, size);
  else {
    context.moveTo(x + half, y);
    context.lineTo(x + size, shape === "diamond" ? y + half : y + size);
    if (shape === "diamond") context.lineTo(x + half, y + size);
    context.lineTo(x, shape === "diamond" ? y + half : y + size);
    context.closePath();
  }
}

/**
 * A box whose ends are round, as a path: what runs, and is over by itself.
 * @param {Canvas} canvas
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 */
export function clip({ context }, x, y, w, h) {
  context.beginPath();
  context.roundRect(x, y, Math.max(w, 1.5), h, Math.min(h / 2, w / 2));
}

/**
 * A ramp, as a path: how something comes that stands then.
 * @param {Canvas} canvas
 * @param {number} x
 * @param {number} y
 * @param {number} w
 * @param {number} h
 */
export function ramp({ context }, x, y, w, h) {
  context.beginPath();
  context.moveTo(x, y + h);
  context.lineTo(x + w, y);
  context.lineTo(x + w, y + h);
  context.closePath();
}

/**
 * A text cut to a width and to what is seen of the canvas; nothing where there is room for less than two letters.
 * @param {Canvas} canvas
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {number} space
 * @param {string} colour
 */
export function label({ context, width = Infinity }, words, x, y, space, colour) {
  const room = Math.min(space, width - x - 4);
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
