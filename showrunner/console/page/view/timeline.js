// The timeline: zoom, scroll, pointer and playhead around the picture.

import { BREAK } from "../model/progress.js";
import { element, say } from "./element.js";
import { RULER, makeLanes } from "../paint/lanes.js";
import { paint } from "../paint/picture.js";
import { makeRuler, placeToPixel, toPixel, toPlan } from "../paint/scale.js";
import { factsOfAct, factsOfPlanned, factsOfRow } from "./details.js";
import { clockText, lengthText, waitText } from "../model/words.js";

/** The closest and the furthest look, pixels a second; and how wide a page may get (browsers have a limit). */
const CLOSEST = 400;
const WIDEST = 8_000_000;
const STEP = 1.5;

/** A short show is looked at as a whole, but not closer than this (pixels a second). */
const SHORT = 70;

/** What grows is painted anew so often; the playhead itself moves with every picture of the screen (milliseconds). */
const EVERY = 100;

const COLOURS = ["panel", "line", "edge", "ink", "dim", "plan", "planline", "real", "realsoft", "onreal", "speech", "late",
  "bad", "badsoft", "cut", "gap", "gapline", "go", "loop"];

export class Timeline {
  /** `parts`: box, scroller, canvas, playhead, and the buttons closer, further, whole, follow. `seek(point)` asks. */
  constructor(parts, tip, seek) {
    this.parts = parts;
    this.tip = tip;
    this.seek = seek;
    this.space = element("div", { class: "timeline-space" });
    parts.scroller.append(this.space);
    this.context = parts.canvas.getContext("2d", { alpha: false });
    this.scale = innerWidth < 720 ? 14 : 22;
    this.following = true;
    this.dirty = true;
    this.painted = 0;
    this.hits = [];
    this.score = null;
    this.shownAt = null;
    this.ruler = makeRuler(this.scale, []);
    this.listen();
  }

  listen() {
    const { scroller, canvas, closer, further, whole, follow } = this.parts;
    const soil = () => {
      this.dirty = true;
    };
    new ResizeObserver(() => this.resize()).observe(scroller);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => {
      this.colours = null;
      this.dirty = true;
    });
    scroller.addEventListener("scroll", soil, { passive: true });
    for (const kind of ["wheel", "touchmove", "keydown"]) {
      scroller.addEventListener(kind, () => this.follow(false), { passive: true });
    }
    scroller.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? STEP ** 0.5 : STEP ** -0.5, event.clientX - canvas.getBoundingClientRect().left);
    }, { passive: false });
    closer.addEventListener("click", () => this.zoom(STEP));
    further.addEventListener("click", () => this.zoom(1 / STEP));
    whole.addEventListener("click", () => this.showWhole());
    follow.addEventListener("click", () => this.follow(true));
    let down = null;
    canvas.addEventListener("pointerdown", (event) => {
      down = { x: event.clientX, y: event.clientY };
    });
    canvas.addEventListener("pointerup", (event) => {
      if (!down || event.button > 0) return;
      const still = Math.hypot(event.clientX - down.x, event.clientY - down.y) < 5;
      down = null;
      if (still) this.click(event);
    });
    canvas.addEventListener("pointercancel", () => {
      down = null;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") this.hover(event);
    });
    canvas.addEventListener("pointerleave", () => this.tip.leave());
  }

  get gutter() {
    return this.width < 600 ? 74 : 96;
  }

  resize() {
    const { scroller, canvas } = this.parts;
    this.width = scroller.clientWidth;
    this.height = scroller.clientHeight;
    if (!this.width || !this.height) return;
    const dense = devicePixelRatio || 1;
    canvas.width = Math.round(this.width * dense);
    canvas.height = Math.round(this.height * dense);
    canvas.style.width = `${this.width}px`;
    canvas.style.height = `${this.height}px`;
    this.context.setTransform(dense, 0, 0, dense, 0, 0);
    this.dirty = true;
  }

  follow(on) {
    this.following = on;
    this.parts.follow.setAttribute("aria-pressed", on ? "true" : "false");
    this.dirty = true;
  }

  limits() {
    const seconds = this.score.end / 1e6;
    return [Math.min(CLOSEST, Math.max(0.01, (this.width - this.gutter - 60) / seconds)), Math.min(CLOSEST, WIDEST / seconds)];
  }

  /** Come closer or go further, keeping what lies at a pixel of the picture where it is. */
  zoom(factor, pixel = null) {
    if (!this.score || !this.width) return;
    const [least, most] = this.limits();
    const at = pixel ?? (this.following ? this.headPixel() : this.width / 2);
    const point = toPlan(this.ruler, this.parts.scroller.scrollLeft + at - this.gutter);
    this.scale = Math.min(Math.max(most, least), Math.max(least, this.scale * factor));
    this.lay();
    this.parts.scroller.scrollLeft = toPixel(this.ruler, point) + this.gutter - at;
    this.shownAt = null;
  }

  showWhole() {
    this.follow(false);
    this.scale = 0;
    this.zoom(1);
    this.parts.scroller.scrollLeft = 0;
  }

  headPixel() {
    const x = placeToPixel(this.ruler, this.place ?? { plan: 0, extra: 0 }) + this.gutter - this.parts.scroller.scrollLeft;
    return x > this.gutter && x < this.width ? x : this.width / 2;
  }

  /** The ruler with the breaks there are now. */
  lay() {
    const gaps = new Map();
    for (const one of this.score.waits) gaps.set(one.at, { plan: one.at, extra: 0, standing: true, for: one.for });
    for (const one of this.model.breaks.values()) gaps.set(one.plan, { ...gaps.get(one.plan), ...one });
    if (this.place && this.place.extra > BREAK) {
      const known = gaps.get(this.place.plan);
      gaps.set(this.place.plan, { standing: false, ...known, plan: this.place.plan, live: true, extra: Math.max(this.place.extra, known?.extra ?? 0) });
    }
    this.ruler = makeRuler(this.scale, gaps.values());
    const width = Math.ceil(toPixel(this.ruler, this.score.end, true)) + this.gutter + 80;
    this.space.style.width = `${width}px`;
    this.parts.canvas.dataset.scale = this.scale;
    this.parts.canvas.dataset.margin = this.gutter;
    this.space.style.height = `${this.laid.height}px`;
    // No higher than its lanes: what is left belongs to the cues.
    this.parts.box.style.setProperty("--lanes", `${this.laid.height + 14}px`);
    this.dirty = true;
  }

  /** One picture of the screen. */
  frame(model, real, place, now) {
    this.model = model;
    this.place = place;
    if (model.score !== this.score) {
      this.score = model.score;
      this.laid = makeLanes(model.score);
      this.marks = -1;
      const words = `Timeline: ${this.score.segments.length} segments, ${lengthText(this.score.end)}. The cue list says the same in words.`;
      this.parts.canvas.setAttribute("aria-label", words);
    }
    if (!this.width) return;
    if (!this.begun) {
      this.begun = true;
      this.scale = Math.max(this.scale, Math.min(SHORT, this.limits()[0]));
    }
    // A break that opens moves what lies behind it; that is laid out with the next painting, not with each picture.
    const opening = place.extra > BREAK;
    if (this.marks !== model.marks || opening !== this.opening || (opening && now - this.painted > EVERY)) {
      this.marks = model.marks;
      this.opening = opening;
      this.lay();
    }
    const changes = model.open.size > 0 || place.extra > BREAK;
    if (this.dirty || (changes && now - this.painted > EVERY)) this.repaint(real, now);
    this.head(place);
  }

  repaint(real, now) {
    this.dirty = false;
    this.painted = now;
    this.colours ??= readColours(this.parts.box);
    this.hits = paint({
      context: this.context, width: this.width, height: this.height, gutter: this.gutter, colours: this.colours,
      left: this.parts.scroller.scrollLeft, top: this.parts.scroller.scrollTop, ruler: this.ruler, lanes: this.laid.lanes,
      model: this.model, real, here: this.place.plan,
    });
  }

  /** Move the playhead; turn the page when it comes near its edge. */
  head(place) {
    const { scroller, playhead } = this.parts;
    const x = placeToPixel(this.ruler, place) + this.gutter;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // A cue that comes earlier than planned lets the playhead jump; over a short way it glides.
    const near = this.shownAt !== null && Math.abs(x - this.shownAt) < 240 && !calm;
    this.shownAt = near ? this.shownAt + (x - this.shownAt) * 0.35 : x;
    const onScreen = this.shownAt - scroller.scrollLeft;
    playhead.style.transform = `translateX(${onScreen.toFixed(2)}px)`;
    playhead.hidden = onScreen < this.gutter - 1 || onScreen > this.width;
    if (!this.following) return;
    const room = this.width - this.gutter;
    if (onScreen > this.gutter + room * 0.8 || onScreen < this.gutter + room * 0.05) {
      const wanted = Math.max(0, x - this.gutter - room * 0.2);
      const most = scroller.scrollWidth - scroller.clientWidth;
      const left = Math.min(wanted, most);
      const rest = left - scroller.scrollLeft;
      if (Math.abs(rest) > 2) scroller.scrollLeft += calm || Math.abs(rest) > this.width * 3 ? rest : Math.sign(rest) * Math.ceil(Math.abs(rest) * 0.2);
    }
  }

  at(event) {
    const bounds = this.parts.canvas.getBoundingClientRect();
    const x = event.clientX - bounds.left;
    const y = event.clientY - bounds.top;
    const point = toPlan(this.ruler, this.parts.scroller.scrollLeft + x - this.gutter);
    const hit = this.hits.findLast((one) => x >= one.x - 2 && x <= one.x + one.w + 2 && y >= one.y && y <= one.y + one.h
      && (y > RULER || one.gap));
    return { x, y, point: Math.min(point, this.score?.end ?? 0), hit: x < this.gutter ? null : hit ?? null };
  }

  facts(hit) {
    if (hit.act) return factsOfAct(hit.act, this.model.rows.get(hit.act.top));
    if (hit.planned) return factsOfPlanned(hit.planned);
    if (hit.row) return factsOfRow(hit.row, this.model);
    const { gap } = hit;
    return { title: gap.for ? `waits for ${waitText(gap.for)}` : "longer than planned", point: gap.plan,
      lines: [`at ${clockText(gap.plan, 1)}`, gap.extra ? `stood ${lengthText(gap.extra)}` : "how long, nobody knows"] };
  }

  hover(event) {
    const { hit, point, x, y } = this.at(event);
    if (hit) this.tip.open(hit.act ?? hit.planned ?? hit.row ?? hit.gap, this.facts(hit), event.clientX, event.clientY);
    else this.tip.leave();
    say(this.parts.pointer, x > this.gutter && y >= 0 && this.score ? clockText(point, 1) : "");
  }

  /** A click of the mouse seeks. A finger is not that exact: on the ruler it seeks, elsewhere it asks for details. */
  click(event) {
    const { hit, point, x, y } = this.at(event);
    if (x < this.gutter || !this.score) return;
    if (event.pointerType === "mouse" || y < RULER) {
      this.tip.close();
      this.seek(point);
      return;
    }
    const facts = hit ? { ...this.facts(hit), point } : { title: clockText(point, 1), lines: ["of the plan"], point };
    this.tip.open({}, facts, event.clientX, event.clientY, { pinned: true, from: this.parts.scroller });
  }
}

function readColours(box) {
  const style = getComputedStyle(box);
  return Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
