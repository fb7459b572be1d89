// The transport: GO, SKIP, the show's buttons, pause, stop, panic, next and previous, loop, speed, undo.

import { element, mark, renew, say } from "./element.js";
import { nameOf } from "../model/score.js";
import { goWait, skipWait } from "../model/state.js";
import { clockText, waitText } from "../model/words.js";

/** A stop is asked for twice within this time: nobody ends a show with a slip of the thumb (milliseconds). */
const SURE = 3000;

export class Transport {
  /** `page` has the controls by name; `press` asks the desk; `here()` is the playhead's instant of the plan. */
  constructor(page, press, here) {
    this.page = page;
    this.press = press;
    this.here = here;
    this.from = null;
    this.sure = null;
    this.state = "standby";
    const click = (node, act) => node.addEventListener("click", act);
    click(page.go, () => this.go());
    click(page.skip, () => press("skip"));
    click(page.pause, () => this.pause());
    click(page.stop, () => this.stop());
    click(page.panic, () => press("panic"));
    click(page.previous, () => press("previous"));
    click(page.next, () => press("next"));
    click(page.loop, () => this.loop());
    click(page.again, () => this.again());
    click(page.undo, () => press("undo-reload"));
    click(page.redo, () => press("redo-reload"));
    page.speed.addEventListener("change", () => press("speed", { to: page.speed.value }));
    page.seek.addEventListener("submit", (event) => {
      event.preventDefault();
      const to = page.to.value.trim();
      if (to) press("seek", { to });
    });
  }

  go() {
    return this.press(this.state === "standby" ? "start" : "go");
  }

  pause() {
    return this.press(this.model?.paused === null ? "pause" : "resume");
  }

  again() {
    return this.model?.segment ? this.press("again", { name: this.model.segment }) : null;
  }

  stop() {
    if (this.sure !== null) {
      this.calm();
      return this.press("stop");
    }
    this.sure = setTimeout(() => this.calm(), SURE);
    mark(this.page.stop, "data-sure", true);
    say(this.page.stop, "stop? again");
    return null;
  }

  calm() {
    clearTimeout(this.sure);
    this.sure = null;
    mark(this.page.stop, "data-sure", null);
    say(this.page.stop, "Stop");
  }

  /** First press: from here. Second: until here. Third: off. */
  loop() {
    if (this.model?.loop) return this.press("unloop");
    const here = this.here();
    if (this.from === null || here <= this.from) {
      this.from = here;
      return null;
    }
    const { score } = this.model;
    const asked = { to: nameOf(score, this.from), until: nameOf(score, here) };
    this.from = null;
    return this.press("loop", asked);
  }

  button(index) {
    const name = this.model?.score.buttons?.[index];
    return name === undefined ? null : this.press("button", { name });
  }

  /** Show the speed; one that was given on the command line need not be among those offered. */
  speed(speed) {
    const { page } = this;
    const text = String(speed);
    if (document.activeElement === page.speed || page.speed.value === text) return;
    if (![...page.speed.options].some((one) => one.value === text)) page.speed.append(element("option", { value: text }, text));
    page.speed.value = text;
  }

  /** `still`: nothing goes on by itself, so nothing can be paused or skipped; seeking can. */
  show(model, { state, still, readonly, undo, redo, speed }) {
    const { page } = this;
    this.model = model;
    this.state = state;
    mark(document.documentElement, "data-readonly", readonly);
    this.buttons(model);
    const wait = goWait(model);
    const standby = state === "standby";
    mark(page.go, "data-ready", Boolean(wait) || standby);
    say(page.goWord, standby ? "START" : "GO");
    say(page.goLabel, standby ? "begin the show" : wait ? wait.for.slice(3) || "hold" : "nothing waits");
    const skip = skipWait(model);
    say(page.skipLabel, skip ? waitText(skip.for) : "nothing waits");
    mark(page.skip, "data-ready", Boolean(skip));
    say(page.pause, model.paused === null ? "Pause" : "Go on");
    mark(page.pause, "data-ready", model.paused !== null);
    for (const node of [page.pause, page.skip, ...page.buttons.children]) node.disabled = standby || still;
    const ended = state === "ended" || state === "stopped";
    for (const node of [page.previous, page.next, page.again, page.loop, page.to, page.seekKey]) node.disabled = standby || ended;
    page.undo.disabled = !undo;
    mark(page.redo, "hidden", !redo);
    const looping = model.loop ? "loop off" : this.from === null ? "loop from here" : `loop ${clockText(this.from, 0)} until here`;
    say(page.loop, looping);
    mark(page.loop, "aria-pressed", Boolean(model.loop));
    this.speed(speed);
    mark(page.speedBox, "hidden", !model.score.speed);
  }

  buttons(model) {
    const { page } = this;
    const names = [...model.buttons.keys()];
    renew(page.buttons, names.join("\n"), () => names.map((name, index) => {
      const count = element("span", { class: "count" });
      const made = element("button", { type: "button", onclick: () => this.press("button", { name }) },
        element("span", {}, name), count, element("kbd", { "aria-hidden": "true" }, index < 9 ? String(index + 1) : ""));
      made.dataset.name = name;
      return made;
    }));
    for (const node of page.buttons.children) {
      const { name } = node.dataset;
      const kept = model.buttons.get(name) ?? 0;
      const waited = model.waits.some((one) => one.for === `button ${name}`);
      say(node.children[1], kept ? `${kept} kept` : waited ? "waited for" : "");
      mark(node, "data-ready", waited);
      mark(node, "aria-label", `${name}${kept ? `, ${kept} kept` : ""}${waited ? ", waited for" : ""}`);
    }
  }
}
