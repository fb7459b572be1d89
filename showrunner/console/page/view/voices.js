// @ts-check
// The voices: who speaks now and how long still, and what waits to be said.

/** @import { Act, Now } from "../model/shapes.js" */

import { lengthText, readText, spokenText } from "../model/words.js";
import { element, part, renew, say } from "./element.js";

/** So many that wait are listed; the rest is counted. */
const LISTED = 4;

export class Voices {
  constructor() {
    this.host = part("voices", HTMLElement);
    /** @type {{act: Act, bar: HTMLElement, rest: HTMLElement}[]} */
    this.bars = [];
  }

  /** @param {Now} now */
  update({ show, real }) {
    // Speech that has been begun or waits to be, in order.
    const all = [...show.open.values()].filter((act) => act.speech);
    const key = all.map((act) => `${act.id}${act.sent === null ? "w" : "s"}`).join(" ");
    renew(this.host, `voices ${key}`, () => {
      this.bars = [];
      if (!all.length) return [element("li", { class: "dim quiet" }, "nobody speaks")];
      const made = all.slice(0, LISTED + 1).map((act) => this.row(act, show.score.voices.size > 1));
      if (all.length > LISTED + 1) made.push(element("li", { class: "dim" }, `and ${all.length - LISTED - 1} more`));
      return made;
    });
    for (const { act, bar, rest } of this.bars) {
      const long = act.planned ? act.planned.end - act.planned.start : 0;
      const been = Math.max(0, real - (act.sent ?? real));
      bar.style.transform = `scaleX(${long ? Math.min(1, been / long) : 1})`;
      const left = been > long ? `${lengthText(been - long)} longer than expected` : `${lengthText(long - been)} left`;
      say(rest, long ? left : "");
    }
  }

  /**
   * @param {Act} act
   * @param {boolean} several devices speak in this show
   */
  row(act, several) {
    const text = element("span", { class: "voice-text" }, act.spoken ?? act.planned?.said ?? spokenText(readText(act)));
    if (act.sent === null) return element("li", { class: "voice waiting" }, element("span", { class: "tag" }, "waits"), text);
    const bar = element("i", { class: "voice-bar", "aria-hidden": "true" });
    const rest = element("span", { class: "dim voice-rest" });
    this.bars.push({ act, bar, rest });
    const who = element("span", { class: "tag" }, several ? `${act.device} speaks` : "speaks");
    return element("li", { class: "voice speaking" }, who, rest, text, bar);
  }
}
