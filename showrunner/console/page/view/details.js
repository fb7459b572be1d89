// @ts-check
// The details of one thing: its source line, how it ended, its frames and replies. Beside a pointer, or pinned by a tap.

/** @import { Facts } from "../model/shapes.js" */

import { clockText } from "../model/words.js";
import { button, element, part } from "./element.js";

/** The longest frame that is shown whole (characters). */
const LONGEST = 1200;

/** So many frames are shown beside a pointer. */
const BESIDE = 4;

/** Below this width (pixels) the page is a phone's: the transport lies at the bottom. */
const NARROW = 720;

export class Details {
  /**
   * @param {(point: number) => void} seek plays from a point of the plan
   * @param {() => boolean} mayPress whether who looks on may press, and it would do anything
   */
  constructor(seek, mayPress) {
    this.seek = seek;
    this.mayPress = mayPress;
    this.box = part("tip", HTMLElement);
    /** What lies below on a narrow page and stays free. */
    this.floor = part("transport", HTMLElement);
    this.pinned = false;
    /** @type {unknown} */
    this.about = null;
    /** @type {HTMLElement | null} */
    this.from = null;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && (this.pinned || this.holds(event.target))) this.close();
    });
    document.addEventListener("pointerdown", ({ target }) => {
      const own = this.holds(target) || (target instanceof Node && this.from?.contains(target));
      if (this.pinned && !own) this.close();
    });
  }

  /** @param {EventTarget | null} target */
  holds(target) {
    return target instanceof Node && this.box.contains(target);
  }

  /**
   * Show facts beside a pointer, as long as it stays there.
   * @param {unknown} about the thing itself
   * @param {Facts} facts
   * @param {number} x
   * @param {number} y
   */
  hover(about, facts, x, y) {
    if (this.pinned) return;
    if (this.about !== about) this.box.replaceChildren(...this.parts(facts, BESIDE));
    this.about = about;
    this.place(x, y);
  }

  /**
   * Show facts until they are closed; they can be read and used.
   * @param {Facts} facts
   * @param {number} x
   * @param {number} y
   * @param {HTMLElement} from what has the focus again afterwards
   */
  pin(facts, x, y, from) {
    this.pinned = true;
    this.from = from;
    this.about = null;
    const { point = null } = facts;
    const play = point === null || !this.mayPress() ? null : button(null, () => { this.seek(point); this.close(); }, "play from here");
    const keys = element("p", { class: "tip-keys" }, play, button(null, () => this.close(), "close"));
    this.box.replaceChildren(...this.parts(facts, Infinity), keys);
    this.place(x, y);
    keys.querySelector("button")?.focus({ preventScroll: true });
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  place(x, y) {
    this.box.hidden = false;
    this.box.classList.toggle("pinned", this.pinned);
    const { width, height } = this.box.getBoundingClientRect();
    const left = Math.max(8, Math.min(x + 14, innerWidth - width - 8));
    const below = y + 18 + height < innerHeight - 8;
    this.box.style.left = `${left}px`;
    // GO is never covered.
    const floor = this.floor.getBoundingClientRect();
    const lowest = innerWidth < NARROW && floor.height ? floor.top - height - 6 : Infinity;
    this.box.style.top = `${Math.max(8, Math.min(lowest, below ? y + 18 : y - height - 12))}px`;
  }

  /**
   * @param {Facts} facts
   * @param {number} most so many frames
   */
  parts({ title, lines, frames = [] }, most) {
    return [
      element("p", { class: "tip-title" }, title),
      ...lines.map((line) => element("p", {}, line)),
      ...frames.slice(0, most).map(({ kind, at, raw }) =>
        element("pre", { class: `frame-${kind}` }, `${clockText(at, 3)} ${kind} ${frameOf(raw)}`)),
    ];
  }

  /** Take away what follows the pointer; what is pinned stays. */
  leave() {
    if (!this.pinned) this.close();
  }

  close() {
    if (this.box.hidden) return;
    const { from } = this;
    const inside = this.holds(document.activeElement);
    this.box.hidden = true;
    this.pinned = false;
    this.about = null;
    this.from = null;
    if (inside && from?.isConnected) from.focus({ preventScroll: true });
  }
}

/** @param {string} raw */
function frameOf(raw) {
  let frame = raw;
  try {
    frame = JSON.stringify(JSON.parse(raw).frame);
  } catch {
    // A line cut off on its way is shown as it is.
  }
  return frame.length > LONGEST ? `${frame.slice(0, LONGEST)}…` : frame;
}
