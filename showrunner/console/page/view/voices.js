// The voices: who speaks now and how long still, and what waits to be said.

import { element, renew } from "./element.js";
import { lengthText, spokenText } from "../model/words.js";

/** So many that wait are listed; the rest is counted. */
const LISTED = 4;

export class Voices {
  constructor(host) {
    this.host = host;
    this.bars = [];
  }

  show(model, real) {
    const all = voices(model);
    const key = all.map((act) => `${act.id}${act.sent === null ? "w" : "s"}`).join(" ");
    renew(this.host, `${model.records.length ? "" : "-"}${key}`, () => {
      this.bars = [];
      if (!all.length) return [element("li", { class: "dim quiet" }, "nobody speaks")];
      const made = all.slice(0, LISTED + 1).map((act) => this.row(act));
      if (all.length > LISTED + 1) made.push(element("li", { class: "dim" }, `and ${all.length - LISTED - 1} more`));
      return made;
    });
    for (const { act, bar, rest } of this.bars) {
      const long = act.planned ? act.planned.end - act.planned.start : 0;
      const been = Math.max(0, real - act.sent);
      bar.style.transform = `scaleX(${long ? Math.min(1, been / long) : 1})`;
      const text = !long ? "" : been > long ? `${lengthText(been - long)} longer than expected` : `${lengthText(long - been)} left`;
      if (rest.textContent !== text) rest.textContent = text;
    }
  }

  row(act) {
    if (act.sent === null) {
      return element("li", { class: "voice waiting" },
        element("span", { class: "tag" }, "waits"), element("span", { class: "voice-text" }, act.planned?.said ?? spokenText(act.text)));
    }
    const bar = element("i", { class: "voice-bar", "aria-hidden": "true" });
    const rest = element("span", { class: "dim voice-rest" });
    this.bars.push({ act, bar, rest });
    return element("li", { class: "voice speaking" },
      element("span", { class: "tag" }, act.device === "aituber" ? "speaks" : `${act.device} speaks`), rest,
      element("span", { class: "voice-text" }, act.spoken ?? act.planned?.said ?? spokenText(act.text)), bar);
  }
}

/** Speech that has been begun or waits to be, in order. */
function voices(model) {
  return [...model.open.values()].filter((act) => act.speech);
}
