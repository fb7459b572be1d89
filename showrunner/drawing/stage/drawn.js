// @ts-check
// Drawn: the puppet's shapes as elements of a picture. What they are at an instant is in `puppet.js`.

/** @import { Puppet } from "./puppet.js" */

/**
 * @typedef {{svg: SVGSVGElement, middle: SVGElement, groups: {node: SVGElement, shapes: SVGElement[]}[]}} Drawn
 * A puppet's picture, and of it what moves.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * What a puppet wears, by the shape of its device.
 * @type {Record<string, string>}
 */
const SIGNS = {
  circle: "M 94 196 a 6 6 0 1 0 12 0 a 6 6 0 1 0 -12 0",
  square: "M 94 190 h 12 v 12 h -12 Z",
  triangle: "M 100 189 l 7 13 h -14 Z",
  diamond: "M 100 188 l 7 8 l -7 8 l -7 -8 Z",
};

/**
 * Make the picture of a puppet that wears the sign of a shape. Nothing of it lies anywhere yet: `drawPuppet` does that.
 * @param {Puppet} puppet
 * @param {string} shape
 * @returns {Drawn}
 */
export function makePuppet({ name, groups: given }, shape) {
  const svg = document.createElementNS(SVG, "svg");
  put(svg, { viewBox: "0 0 200 220", role: "img", "aria-label": name });
  const middle = document.createElementNS(SVG, "g");
  svg.append(middle);
  const groups = given.map((group, index) => {
    const node = document.createElementNS(SVG, "g");
    const shapes = group.shapes.map((one) => {
      const made = document.createElementNS(SVG, "way" in one ? "path" : "ellipse");
      put(made, { class: one.look });
      node.append(made);
      return made;
    });
    if (index === 3) {
      const sign = document.createElementNS(SVG, "path");
      put(sign, { class: "sign", d: SIGNS[shape] ?? SIGNS.circle });
      node.append(sign);
    }
    middle.append(node);
    return { node, shapes };
  });
  return { svg, middle, groups };
}

/**
 * Draw a puppet as it is now.
 * @param {Drawn} drawn
 * @param {Puppet} puppet
 */
export function drawPuppet({ middle, groups }, { x, y, grow, turn, groups: given }) {
  put(middle, { transform: `translate(${100 + x} ${110 + y}) rotate(${turn}) scale(${grow}) translate(-100 -110)` });
  given.forEach((group, index) => {
    const { node, shapes } = groups[index];
    put(node, { transform: `translate(${group.x} ${group.y}) rotate(${group.turn} ${group.about.join(" ")})` });
    group.shapes.forEach((one, each) => {
      put(shapes[each], "way" in one ? { d: one.way } : { cx: one.x, cy: one.y, rx: one.wide, ry: one.high });
    });
  });
}

/**
 * Set attributes, only where they differ.
 * @param {Element} node
 * @param {Record<string, string | number>} given
 */
function put(node, given) {
  for (const [key, one] of Object.entries(given)) {
    if (node.getAttribute(key) !== String(one)) node.setAttribute(key, String(one));
  }
}
