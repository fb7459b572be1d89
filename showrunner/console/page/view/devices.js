// The lamps: each device with its state and how long ago it last answered.

import { element, mark, say } from "./element.js";

const GOOD = new Set(["ready"]);
const COMING = new Set(["connecting", "waiting", "not connected yet"]);

/** How a lamp shines: ready, coming, lost. Form and word say it too, not colour alone. */
export function shine(state) {
  if (GOOD.has(state)) return "ready";
  return COMING.has(state) ? "coming" : "lost";
}

export class Lamps {
  constructor(host) {
    this.host = host;
    this.lamps = new Map();
  }

  show(model, at) {
    for (const one of model.devices.values()) {
      let lamp = this.lamps.get(one.name);
      if (!lamp) {
        lamp = {
          row: element("li", { class: "lamp" }),
          name: element("strong", {}, one.name),
          state: element("span", { class: "lamp-state" }),
          reply: element("span", { class: "dim lamp-reply" }),
          detail: element("span", { class: "lamp-detail" }),
        };
        lamp.row.append(element("i", { "aria-hidden": "true" }), lamp.name, lamp.state, lamp.reply, lamp.detail);
        this.lamps.set(one.name, lamp);
        this.host.append(lamp.row);
      }
      mark(lamp.row, "data-shine", shine(one.state));
      say(lamp.state, one.state);
      say(lamp.detail, one.detail ?? "");
      say(lamp.reply, one.replied === null || at === null ? "" : `replied ${ago(at - one.replied)}`);
    }
    for (const [name, lamp] of this.lamps) {
      if (model.devices.has(name)) continue;
      lamp.row.remove();
      this.lamps.delete(name);
    }
  }
}

/** Whole seconds, then whole minutes, so that the figure does not flicker. */
function ago(micros) {
  const seconds = Math.floor(micros / 1e6);
  if (seconds < 1) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
}
