// @ts-check
// The timeline: zoom, scroll, pointer and playhead around the picture.
//
// It shows the plan, and over it what happened; of a show that waits for buttons the past, and the plan when asked.

/** @import { Facts, Now, Score, Show, Spot } from "../model/shapes.js" */
/** @import { Gap } from "../paint/scale.js" */
/** @import { Colours, Hit, Part, Scene } from "../paint/scene.js" */
/** @import { Details } from "./details.js" */

import { playedOf } from "../model/entries.js";
import { factsOfAct, factsOfPlanned, factsOfRow } from "../model/facts.js";
import { BREAK } from "../model/progress.js";
import { clockText, lengthText, waitText } from "../model/words.js";
import { RULER, makeLanes } from "../paint/lanes.js";
import { makePast } from "../paint/past.js";
import { paint } from "../paint/picture.js";
import { makeScale, spotToPixel, toPixel, toPlan } from "../paint/scale.js";
import { COLOURS } from "../paint/scene.js";
import { element, mark, part, say } from "./element.js";

/** The closest look, pixels a second; and how wide a page may get (browsers have a limit). */
const CLOSEST = 400;
const WIDEST = 8_000_000;
const STEP = 1.5;

/** A short show is looked at as a whole, but not closer than this (pixels a second). */
const SHORT = 70;

/** The first look at a long one (pixels a second), on a narrow page and on a wide one. */
const FIRST = { narrow: 14, wide: 22 };
const NARROW = 720;

/** What grows is painted anew so often; the playhead itself moves with every picture of the screen (milliseconds). */
const EVERY = 100;

/** Where the playhead is kept: the page is turned when it leaves this part of it, and it is brought to `HOME`. */
const ROOM = { from: 0.05, until: 0.8 };
const HOME = 0.2;

/** Of the past what lies behind is looked at: the playhead is brought here. */
const LATE_HOME = 0.6;

/** A pointer that has moved no further between down and up has clicked (pixels). */
const CLICK = 5;

export class Timeline {
  /**
   * @param {Details} details
   * @param {(point: number) => void} seek plays from a point of the plan
   */
  constructor(details, seek) {
    this.details = details;
    this.seek = seek;
    this.box = part("timeline", HTMLElement);
    this.scroller = part("scroller", HTMLElement);
    this.canvas = part("canvas", HTMLCanvasElement);
    this.head = part("playhead", HTMLElement);
    this.followKey = part("follow", HTMLElement);
    this.pointer = part("pointer", HTMLElement);
    this.space = element("div", { class: "timeline-space" });
    this.scroller.append(this.space);
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this browser paints no canvas");
    this.context = context;
    this.width = 0;
    this.height = 0;
    this.scale = makeScale(innerWidth < NARROW ? FIRST.narrow : FIRST.wide, []);
    this.following = true;
    this.dirty = true;
    this.painted = 0;
    /** @type {Hit[]} */
    this.hits = [];
    /** @type {Now | null} */
    this.now = null;
    /** @type {Score | null} */
    this.score = null;
    /** @type {{lanes: Scene["lanes"], height: number}} */
    this.laid = { lanes: [], height: 0 };
    this.planKey = part("plan", HTMLElement);
    /** Whether the plan is looked at where the past would be shown. */
    this.wantsPlan = false;
    /** Which breaks are laid out: their count of changes, and whether one was just opening. */
    this.marks = -1;
    this.opening = false;
    /** Whether the first look has been chosen. */
    this.begun = false;
    /** @type {Colours | null} */
    this.colours = null;
    /**
     * Where the playhead is shown (pixels of the whole width).
     * @type {number | null}
     */
    this.shownAt = null;
    this.listen();
  }

  listen() {
    const { scroller, canvas } = this;
    new ResizeObserver(() => this.resize()).observe(scroller);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colours = null;
      this.soil();
    });
    scroller.addEventListener("scroll", () => this.soil(), { passive: true });
    for (const kind of ["wheel", "touchmove", "keydown"]) {
      scroller.addEventListener(kind, () => this.follow(false), { passive: true });
    }
    scroller.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? STEP ** 0.5 : STEP ** -0.5, event.clientX - canvas.getBoundingClientRect().left);
    }, { passive: false });
    part("whole", HTMLElement).addEventListener("click", () => this.showWhole());
    this.planKey.addEventListener("click", () => {
      this.wantsPlan = !this.wantsPlan;
      mark(this.planKey, "aria-pressed", this.wantsPlan ? "true" : "false");
      this.score = null;
      this.shownAt = null;
      this.follow(true);
    });
    /** @type {{x: number, y: number} | null} */
    let down = null;
    canvas.addEventListener("pointerdown", (event) => {
      down = { x: event.clientX, y: event.clientY };
    });
    canvas.addEventListener("pointerup", (event) => {
      if (!down || event.button > 0) return;
      const still = Math.hypot(event.clientX - down.x, event.clientY - down.y) < CLICK;
      down = null;
      if (still) this.click(event);
    });
    canvas.addEventListener("pointercancel", () => {
      down = null;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") this.hover(event);
    });
    canvas.addEventListener("pointerleave", () => this.details.leave());
  }

  /** The picture is to be painted anew. */
  soil() {
    this.dirty = true;
  }

  /** How wide the names of the lanes are. */
  get gutter() {
    return this.width < 600 ? 74 : 96;
  }

  resize() {
    const { scroller, canvas } = this;
    this.width = scroller.clientWidth;
    this.height = scroller.clientHeight;
    if (!this.width || !this.height) return;
    const dense = devicePixelRatio || 1;
    canvas.width = Math.round(this.width * dense);
    canvas.height = Math.round(this.height * dense);
    canvas.style.width = `${this.width}px`;
    canvas.style.height = `${this.height}px`;
    this.context.setTransform(dense, 0, 0, dense, 0, 0);
    this.soil();
  }

  /** @param {boolean} on */
  follow(on) {
    this.following = on;
    mark(this.followKey, "aria-pressed", on ? "true" : "false");
    this.soil();
  }

  closer() {
    this.zoom(STEP);
  }

  further() {
    this.zoom(1 / STEP);
  }

  /**
   * Whether the past is shown.
   * @param {Show} show
   */
  isPast({ score }) {
    return score.room && !this.wantsPlan;
  }

  /**
   * Where the playhead is: on the plan, or in the past.
   * @param {Now} now
   * @returns {Spot}
   */
  spot({ show, place, real }) {
    return this.isPast(show) ? { plan: real, extra: 0, after: false } : place;
  }

  /**
   * How long what is shown is.
   * @param {Now} now
   */
  end({ show, real }) {
    return this.isPast(show) ? Math.max(real, 1) : show.score.end;
  }

  /**
   * The furthest and the closest look, pixels a second.
   * @param {Now} now
   */
  limits(now) {
    const seconds = this.end(now) / 1e6;
    const least = Math.min(CLOSEST, Math.max(0.01, (this.width - this.gutter - 60) / seconds));
    return { least, most: Math.max(least, Math.min(CLOSEST, WIDEST / seconds)) };
  }

  /**
   * Come closer or go further, keeping what lies at a pixel of the picture where it is.
   * @param {number} factor
   * @param {number} [pixel]
   */
  zoom(factor, pixel) {
    if (!this.now || !this.score || !this.width) return;
    const { scroller, gutter } = this;
    const { least, most } = this.limits(this.now);
    const at = pixel ?? (this.following ? this.headPixel(this.spot(this.now)) : this.width / 2);
    const point = toPlan(this.scale, scroller.scrollLeft + at - gutter);
    this.lay(this.now, Math.min(most, Math.max(least, this.scale.density * factor)));
    scroller.scrollLeft = toPixel(this.scale, point) + gutter - at;
    this.shownAt = null;
  }

  showWhole() {
    this.follow(false);
    this.zoom(0);
    this.scroller.scrollLeft = 0;
  }

  /**
   * Where the playhead is in the picture; its middle where it is out of sight.
   * @param {Spot} place
   */
  headPixel(place) {
    const x = spotToPixel(this.scale, place) + this.gutter - this.scroller.scrollLeft;
    return x > this.gutter && x < this.width ? x : this.width / 2;
  }

  /**
   * Lay the plan out with the breaks there are now.
   * @param {Now} now
   * @param {number} density pixels a second
   */
  lay(now, density) {
    const { show, place } = now;
    const past = this.isPast(show);
    /** @type {Map<number, Gap>} */
    const gaps = new Map();
    if (!past) for (const one of show.score.waits) gaps.set(one.at, { plan: one.at, extra: 0, standing: true, for: one.for });
    if (!past) for (const one of show.breaks.values()) gaps.set(one.plan, { ...gaps.get(one.plan), ...one });
    if (!past && place.extra > BREAK) {
      const known = gaps.get(place.plan);
      gaps.set(place.plan, { ...known, plan: place.plan, live: true, extra: Math.max(place.extra, known?.extra ?? 0) });
    }
    this.scale = makeScale(density, gaps.values());
    const spare = past ? this.width * (1 - LATE_HOME) : 80;
    const width = Math.ceil(toPixel(this.scale, this.end(now), true) + this.gutter + spare);
    this.space.style.width = `${width}px`;
    this.space.style.height = `${this.laid.height}px`;
    this.canvas.dataset.scale = String(density);
    this.canvas.dataset.margin = String(this.gutter);
    // No higher than its lanes: what is left belongs to the cues.
    this.box.style.setProperty("--lanes", `${this.laid.height + 14}px`);
    this.soil();
  }

  /**
   * One picture of the screen.
   * @param {Now} now
   * @param {number} clock milliseconds
   */
  update(now, clock) {
    this.now = now;
    const { show } = now;
    const [past, place] = [this.isPast(show), this.spot(now)];
    if (show.score !== this.score) {
      this.score = show.score;
      this.planKey.hidden = !show.score.room;
      this.laid = past ? makePast(show, now.real) : makeLanes(show.score);
      this.marks = -1;
      const words = `${show.score.segments.length} segments, ${lengthText(show.score.end)}`;
      mark(this.canvas, "aria-label", `Timeline: ${words}. The cue list says the same in words.`);
    }
    if (!this.width) return;
    let { density } = this.scale;
    if (!this.begun) {
      this.begun = true;
      density = Math.max(density, Math.min(SHORT, this.limits(now).least));
    }
    // A break that opens moves what lies behind it; that is laid out with the next painting, not with each picture.
    const opening = place.extra > BREAK;
    const due = clock - this.painted > EVERY;
    if (past && due) {
      this.laid = makePast(show, now.real);
      this.lay(now, density);
    } else if (this.marks !== show.marks || opening !== this.opening || (opening && due)) {
      this.marks = show.marks;
      this.opening = opening;
      this.lay(now, density);
    }
    if (this.dirty || (due && (opening || show.open.size > 0))) this.repaint(now, clock);
    this.moveHead(place, past ? LATE_HOME : HOME);
  }

  /**
   * @param {Now} now
   * @param {number} clock
   */
  repaint(now, clock) {
    const { show, real, place } = now;
    const past = this.isPast(show);
    this.dirty = false;
    this.painted = clock;
    this.colours ??= readColours(this.box);
    const { context, width, height, gutter, colours, scale, laid: { lanes } } = this;
    const { scrollLeft: left, scrollTop: top } = this.scroller;
    const parts = past ? pastParts(show, real) : plannedParts(show);
    const stage = { context, width, height, gutter, colours, left, top, scale, lanes };
    this.hits = paint({ ...stage, parts, end: this.end(now), past, show, real, here: place.plan });
  }

  /**
   * Move the playhead; turn the page when it comes near its edge.
   * @param {Spot} place
   * @param {number} home where it is then
   */
  moveHead(place, home) {
    const { scroller, head } = this;
    const x = spotToPixel(this.scale, place) + this.gutter;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // A cue that comes earlier than planned lets the playhead jump; over a short way it glides.
    const near = this.shownAt !== null && Math.abs(x - this.shownAt) < 240 && !calm;
    this.shownAt = this.shownAt !== null && near ? this.shownAt + (x - this.shownAt) * 0.35 : x;
    const onScreen = this.shownAt - scroller.scrollLeft;
    head.style.transform = `translateX(${onScreen.toFixed(2)}px)`;
    head.hidden = onScreen < this.gutter - 1 || onScreen > this.width;
    if (!this.following) return;
    const room = this.width - this.gutter;
    if (onScreen <= this.gutter + room * ROOM.until && onScreen >= this.gutter + room * ROOM.from) return;
    const most = scroller.scrollWidth - scroller.clientWidth;
    const rest = Math.min(Math.max(0, x - this.gutter - room * home), most) - scroller.scrollLeft;
    if (Math.abs(rest) <= 2) return;
    scroller.scrollLeft += calm || Math.abs(rest) > this.width * 3 ? rest : Math.sign(rest) * Math.ceil(Math.abs(rest) * 0.2);
  }

  /**
   * What lies under a pointer.
   * @param {PointerEvent} event
   * @param {Now} now
   */
  at(event, now) {
    const bounds = this.canvas.getBoundingClientRect();
    const x = event.clientX - bounds.left;
    const y = event.clientY - bounds.top;
    const named = x < this.gutter;
    const point = Math.min(toPlan(this.scale, this.scroller.scrollLeft + x - this.gutter), this.end(now));
    const hit = named ? undefined : this.hits.findLast((one) => x >= one.x - 2 && x <= one.x + one.w + 2
      && y >= one.y && y <= one.y + one.h && (y > RULER || one.gap));
    return { named, onRuler: y < RULER, point, hit };
  }

  /**
   * @param {Hit} hit
   * @param {Now} now
   * @returns {Facts}
   */
  facts({ act, planned, row, gap }, { show }) {
    if (act) return factsOfAct(act, playedOf(show, act));
    if (planned) return factsOfPlanned(planned);
    if (row) return factsOfRow(row, show);
    return gap ? factsOfGap(gap) : { title: "", lines: [] };
  }

  /** @param {PointerEvent} event */
  hover(event) {
    if (!this.now) return;
    const { hit, point, named } = this.at(event, this.now);
    const about = hit?.act ?? hit?.planned ?? hit?.row ?? hit?.gap;
    if (hit) this.details.hover(about, this.facts(hit, this.now), event.clientX, event.clientY);
    else this.details.leave();
    say(this.pointer, named ? "" : clockText(point, 1));
  }

  /**
   * A click of the mouse seeks. A finger is not that exact: on the ruler it seeks, elsewhere it asks for details.
   * @param {PointerEvent} event
   */
  click(event) {
    if (!this.now) return;
    const { hit, point, named, onRuler } = this.at(event, this.now);
    if (named) return;
    if (this.isPast(this.now.show)) {
      // What has been has no place in the plan of its own: only what was taken then has.
      if (hit) this.details.pin(this.facts(hit, this.now), event.clientX, event.clientY, this.scroller);
      else this.details.close();
      return;
    }
    if (event.pointerType === "mouse" || onRuler) {
      this.details.close();
      this.seek(point);
      return;
    }
    const facts = hit ? this.facts(hit, this.now) : { title: clockText(point, 1), lines: ["of the plan"] };
    this.details.pin({ ...facts, point }, event.clientX, event.clientY, this.scroller);
  }
}

/**
 * The segments of the plan.
 * @param {Show} show
 * @returns {Part[]}
 */
function plannedParts({ score, segment }) {
  const known = score.segments.flatMap(({ name, title, at, music }) => (at === null ? [] : [{ name, title, at, music }]));
  return known.map((one, index) => ({ ...one, until: known[index + 1]?.at ?? score.end, plays: one.name === segment }));
}

/**
 * The segments that have been played, and the one that plays.
 * @param {Show} show
 * @param {number} real
 * @returns {Part[]}
 */
function pastParts({ past: { segments } }, real) {
  return segments.map(({ name, title, real: at }, index) =>
    ({ name, title, at, until: segments[index + 1]?.real ?? real, plays: index === segments.length - 1 }));
}

/**
 * @param {Gap} gap
 * @returns {Facts}
 */
function factsOfGap(gap) {
  const lines = [`at ${clockText(gap.plan, 1)}`, gap.extra ? `stood ${lengthText(gap.extra)}` : "how long, nobody knows"];
  return { title: gap.for ? `waits for ${waitText(gap.for)}` : "longer than planned", lines, point: gap.plan };
}

/**
 * The colours as the style sheet says them.
 * @param {Element} box
 */
function readColours(box) {
  const style = getComputedStyle(box);
  return /** @type {Colours} */ (Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])));
}
