// @ts-check
// The transport: GO, SKIP, the show's buttons as pads, pause, stop, panic, next and previous, loop, speed, undo.

/** @import { Now, Score, Show } from "../model/shapes.js" */

import { isIdle } from "../model/actions.js";
import { padState, padText } from "../model/pads.js";
import { nameOf } from "../model/score.js";
import { goWait, skipWait } from "../model/state.js";
import { clockText, waitText } from "../model/words.js";
import { Bring } from "./bring.js";
import { button, element, mark, part, renew, say } from "./element.js";

/** What asks for it is to be pressed again within this time: nobody ends a show with a slip of the thumb (milliseconds). */
const SURE = 3000;

/** What is offered only where it can be had; when that is, the server says. */
const OFFERED = new Set(["undo-reload", "redo-reload"]);

/** So many cues are suggested: a longer list is of no use to anybody. */
const OFFERED_CUES = 200;

/** The style sheet has so many colours for the pads of a segment. */
const HUES = 6;

export class Transport {
  /**
   * @param {(action: string, more?: Record<string, unknown>) => void} press asks the desk
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
    this.bring = new Bring((name, more) => press("button", { name, ...more }));
    this.go = part("go", HTMLButtonElement);
    this.goWord = part("go-word", HTMLElement);
    this.goLabel = part("go-label", HTMLElement);
    this.skip = part("skip", HTMLButtonElement);
    this.skipLabel = part("skip-label", HTMLElement);
    this.pause = part("pause", HTMLButtonElement);
    this.stop = part("stop", HTMLButtonElement);
    this.loop = part("loop", HTMLButtonElement);
    this.stretch = part("stretch", HTMLButtonElement);
    this.undo = part("undo", HTMLButtonElement);
    this.redo = part("redo", HTMLButtonElement);
    this.buttons = part("buttons", HTMLElement);
    this.to = part("to", HTMLInputElement);
    this.points = part("points", HTMLDataListElement);
    /** @type {Score | null} */
    this.offered = null;
    this.speed = part("speed", HTMLSelectElement);
    this.speedBox = part("speed-box", HTMLElement);
    this.speed.addEventListener("change", () => press("speed", { to: this.speed.value }));
    this.stretch.addEventListener("click", () => {
      const at = this.now();
      if (at) this.goRound(at);
    });
    part("seek", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const to = this.to.value.trim();
      if (to) press("seek", { to });
    });
  }

  /**
   * Do an action. What goes with it is taken from what plays.
   * @param {string} action
   * @param {number} which of the show's buttons is meant, the first is 0
   */
  act(action, which) {
    const now = this.now();
    // Panic is never out of reach, not even while nothing is known.
    if (!now) {
      this.press(action);
      return;
    }
    const { show, state } = now;
    const { asks = false, back = null } = now.actions.get(action) ?? {};
    if (asks && state !== "standby" && !this.sure) this.ask();
    else if (action === "go" && state === "standby") this.press("start");
    else if (action === "pause" && show.paused !== null && back !== null) this.press(back);
    else if (action === "loop" && show.loop && back !== null) this.press(back);
    else if (action === "again") this.pressNamed(action, show.segment);
    else if (action === "button") this.pressNamed(action, show.score.buttons.at(which) ?? null);
    else this.press(action);
  }

  /**
   * @param {string} action
   * @param {string | null} name
   */
  pressNamed(action, name) {
    if (name !== null) this.press(action, { name });
  }

  /** Whether the show is to be stopped: it is to be said twice. */
  ask() {
    this.sure = setTimeout(() => this.calm(), SURE);
    mark(this.stop, "data-sure", true);
    say(this.stop, "stop? again");
  }

  calm() {
    clearTimeout(this.sure);
    this.sure = 0;
    mark(this.stop, "data-sure", null);
    say(this.stop, "Stop");
  }

  /**
   * A stretch of one's own is gone round. First press: from here. Second: until here.
   * @param {Now} now
   */
  goRound(now) {
    const { show: { score }, place: { plan } } = now;
    if (this.from === null || plan <= this.from) {
      this.from = plan;
      this.update(now);
    } else {
      this.press("loop", { to: nameOf(score, this.from), until: nameOf(score, plan) });
      this.from = null;
    }
  }

  /** @param {Now} now */
  update({ show, actions, state, real, readonly, undo, redo, speed }) {
    mark(document.documentElement, "data-readonly", readonly);
    this.offerButtons(show, actions.get("button")?.keys ?? [], isIdle(actions, state, "button"), real);
    const wait = goWait(show);
    const standby = state === "standby";
    mark(this.go, "data-ready", Boolean(wait) || standby);
    say(this.goWord, standby ? "START" : "GO");
    say(this.goLabel, standby ? "begin the show" : wait ? wait.for.slice("go ".length) || "hold" : "nothing waits");
    const skip = skipWait(show);
    say(this.skipLabel, skip ? waitText(skip.for) : "nothing waits");
    mark(this.skip, "data-ready", Boolean(skip));
    say(this.pause, show.paused === null ? "Pause" : "Go on");
    mark(this.pause, "data-ready", show.paused !== null);
    say(this.stretch, this.from === null ? "loop from here" : `loop ${clockText(this.from, 0)} until here`);
    this.stretch.disabled = isIdle(actions, state, "loop");
    say(this.loop, show.loop ? "loop off" : "loop segment");
    mark(this.loop, "aria-pressed", show.loop ? "true" : "false");
    for (const node of document.querySelectorAll("[data-action]")) {
      const action = node.getAttribute("data-action") ?? "";
      if (!actions.get(action)?.where.includes("http") || OFFERED.has(action)) continue;
      mark(node, "disabled", isIdle(actions, state, action === "go" && standby ? "start" : action));
    }
    this.undo.disabled = !undo || isIdle(actions, state, "undo-reload");
    this.redo.hidden = !redo || isIdle(actions, state, "redo-reload");
    this.offerPoints(show.score);
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

  /**
   * @param {Show} show
   * @param {string[]} keys those of the first, the second …
   * @param {boolean} idle
   * @param {number} real
   */
  offerButtons(show, keys, idle, real) {
    const { pads, room, segmentOf } = show.score;
    mark(document.documentElement, "data-room", room);
    const known = pads.map((pad) => [pad.name, pad.segment, ...pad.brings].join("\t")).join("\n");
    renew(this.buttons, known, () => pads.map((pad, index) => {
      const key = element("kbd", { "aria-hidden": "true" }, keys.at(index) ?? "");
      const count = element("span", { class: "count" });
      const made = button("pad", () => this.press("button", { name: pad.name }), element("span", {}, pad.name), count, key);
      mark(made, "aria-keyshortcuts", keys.at(index) ?? null);
      const number = pad.segment === null ? undefined : segmentOf.get(pad.segment)?.index;
      const whole = element("div", { class: "pad-box", "data-hue": number === undefined ? null : String(number % HUES) }, made);
      if (pad.brings.length) whole.append(button("pad-more", () => this.bring.open(pad), "…"));
      return whole;
    }));
    pads.forEach((pad, index) => {
      const [node, more] = this.buttons.children[index].children;
      const found = padState(show, pad, real);
      const { waited, open, kept, queued } = found;
      const text = padText(found);
      if (node.children[1].textContent !== text) say(node.children[1], text);
      mark(node, "disabled", idle);
      mark(node, "data-ready", waited);
      mark(node, "data-open", open && !waited && !found.rest);
      mark(node, "data-rests", found.rest > 0);
      const said = [pad.name, kept ? `${kept} kept` : "", waited ? "waited for" : "", queued ? `${queued} queued` : ""];
      mark(node, "aria-label", said.filter(Boolean).join(", "));
      if (!more) return;
      mark(more, "disabled", idle);
      mark(more, "aria-label", `${pad.name} with ${pad.brings.join(", ")}`);
    });
  }

  /**
   * What there is to go to: the segments, and the cues that have a name.
   * @param {Score} score
   */
  offerPoints(score) {
    if (score === this.offered) return;
    this.offered = score;
    const segments = score.segments.map(({ name, title }) => element("option", { value: name, label: title }));
    const named = score.timed.filter((row) => row.named).slice(0, OFFERED_CUES);
    const cues = named.map((row) => element("option", { value: `${row.segment}/${row.cue}`, label: row.commands.join("; ") || null }));
    this.points.replaceChildren(...segments, ...cues);
  }
}
