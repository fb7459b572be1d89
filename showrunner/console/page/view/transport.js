// @ts-check
// The transport: GO, SKIP, the show's buttons, pause, stop, panic, next and previous, loop, speed, undo.

/** @import { Now, Show } from "../model/shapes.js" */

import { nameOf } from "../model/score.js";
import { goWait, skipWait } from "../model/state.js";
import { clockText, waitText } from "../model/words.js";
import { button, element, mark, part, renew, say } from "./element.js";

/** A stop is asked for twice within this time: nobody ends a show with a slip of the thumb (milliseconds). */
const SURE = 3000;

/** So many of the show's buttons have a key: 1 to 9. */
const KEYED = 9;

export class Transport {
  /**
   * @param {(action: string, more?: Record<string, string>) => void} press asks the desk
   * @param {() => Now | null} now what is known at this instant
   */
  constructor(press, now) {
    this.press = press;
    this.now = now;
    /**
     * Where a loop is to begin, as long as its end has not been said (microseconds of the plan).
     * @type {number | null}
     */
    this.from = null;
    /** The timer during which a second press on stop stops; 0 before the first. */
    this.sure = 0;
    this.keys = {
      go: keyOf("go", () => this.go()),
      skip: keyOf("skip", () => press("skip")),
      pause: keyOf("pause", () => this.pause()),
      stop: keyOf("stop", () => this.stop()),
      panic: keyOf("panic", () => press("panic")),
      previous: keyOf("previous", () => press("previous")),
      next: keyOf("next", () => press("next")),
      loop: keyOf("loop", () => this.loop()),
      again: keyOf("again", () => this.again()),
      undo: keyOf("undo", () => press("undo-reload")),
      redo: keyOf("redo", () => press("redo-reload")),
    };
    this.goWord = part("go-word", HTMLElement);
    this.goLabel = part("go-label", HTMLElement);
    this.skipLabel = part("skip-label", HTMLElement);
    this.buttons = part("buttons", HTMLElement);
    this.to = part("to", HTMLInputElement);
    this.seek = part("seek-key", HTMLButtonElement);
    this.speed = part("speed", HTMLSelectElement);
    this.speedBox = part("speed-box", HTMLElement);
    this.speed.addEventListener("change", () => press("speed", { to: this.speed.value }));
    part("seek", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const to = this.to.value.trim();
      if (to) press("seek", { to });
    });
  }

  go() {
    this.press(this.now()?.state === "standby" ? "start" : "go");
  }

  pause() {
    this.press(this.now()?.show.paused === null ? "pause" : "resume");
  }

  again() {
    const name = this.now()?.show.segment;
    if (name) this.press("again", { name });
  }

  stop() {
    if (this.sure) {
      this.calm();
      this.press("stop");
      return;
    }
    this.sure = setTimeout(() => this.calm(), SURE);
    mark(this.keys.stop, "data-sure", true);
    say(this.keys.stop, "stop? again");
  }

  calm() {
    clearTimeout(this.sure);
    this.sure = 0;
    mark(this.keys.stop, "data-sure", null);
    say(this.keys.stop, "Stop");
  }

  /** First press: from here. Second: until here. Third: off. */
  loop() {
    const now = this.now();
    if (!now) return;
    const { show, place: { plan } } = now;
    if (show.loop) {
      this.press("unloop");
    } else if (this.from === null || plan <= this.from) {
      this.from = plan;
      this.update(now);
    } else {
      this.press("loop", { to: nameOf(show.score, this.from), until: nameOf(show.score, plan) });
      this.from = null;
    }
  }

  /**
   * Press one of the show's buttons, the first is 0.
   * @param {number} index
   */
  button(index) {
    const name = this.now()?.show.score.buttons.at(index);
    if (name !== undefined) this.press("button", { name });
  }

  /** @param {Now} now */
  update({ show, state, still, readonly, undo, redo, speed }) {
    const { keys } = this;
    mark(document.documentElement, "data-readonly", readonly);
    this.offerButtons(show);
    const wait = goWait(show);
    const standby = state === "standby";
    mark(keys.go, "data-ready", Boolean(wait) || standby);
    say(this.goWord, standby ? "START" : "GO");
    say(this.goLabel, standby ? "begin the show" : wait ? wait.for.slice("go ".length) || "hold" : "nothing waits");
    const skip = skipWait(show);
    say(this.skipLabel, skip ? waitText(skip.for) : "nothing waits");
    mark(keys.skip, "data-ready", Boolean(skip));
    say(keys.pause, show.paused === null ? "Pause" : "Go on");
    mark(keys.pause, "data-ready", show.paused !== null);
    const ended = state === "ended" || state === "stopped";
    for (const node of [keys.pause, keys.skip, ...this.buttons.querySelectorAll("button")]) node.disabled = standby || still;
    for (const node of [keys.previous, keys.next, keys.again, keys.loop, this.to, this.seek]) node.disabled = standby || ended;
    keys.undo.disabled = !undo;
    keys.redo.hidden = !redo;
    say(keys.loop, show.loop ? "loop off" : this.from === null ? "loop from here" : `loop ${clockText(this.from, 0)} until here`);
    mark(keys.loop, "aria-pressed", show.loop ? "true" : "false");
    this.offerSpeed(speed);
    this.speedBox.hidden = !show.score.speed;
  }

  /**
   * Show the speed; one that was given on the command line need not be among those offered.
   * @param {number} speed
   */
  offerSpeed(speed) {
    const text = String(speed);
    if (document.activeElement === this.speed || this.speed.value === text) return;
    if (![...this.speed.options].some((one) => one.value === text)) this.speed.append(element("option", { value: text }, text));
    this.speed.value = text;
  }

  /** @param {Show} show */
  offerButtons(show) {
    const names = [...show.buttons.keys()];
    renew(this.buttons, names.join("\n"), () => names.map((name, index) => {
      const key = element("kbd", { "aria-hidden": "true" }, index < KEYED ? String(index + 1) : "");
      return button(null, () => this.press("button", { name }), element("span", {}, name), element("span", { class: "count" }), key);
    }));
    names.forEach((name, index) => {
      const node = this.buttons.children[index];
      const kept = show.buttons.get(name) ?? 0;
      const waited = show.waits.some((one) => one.for === `button ${name}`);
      say(node.children[1], kept ? `${kept} kept` : waited ? "waited for" : "");
      mark(node, "data-ready", waited);
      mark(node, "aria-label", `${name}${kept ? `, ${kept} kept` : ""}${waited ? ", waited for" : ""}`);
    });
  }
}

/**
 * A key of the page, which does something from now on.
 * @param {string} id
 * @param {() => void} act
 */
function keyOf(id, act) {
  const node = part(id, HTMLButtonElement);
  node.addEventListener("click", act);
  return node;
}
