// @ts-check
// The devices: each with its lamp, its state and how long ago it last answered.

/** @import { Device, Now } from "../model/shapes.js" */

import { shine } from "../model/devices.js";
import { agoText } from "../model/words.js";
import { element, mark, part, say } from "./element.js";

export class Devices {
  constructor() {
    this.host = part("lamps", HTMLElement);
    /** @type {Map<string, ReturnType<typeof make>>} */
    this.lamps = new Map();
  }

  /** @param {Now} now */
  update({ show, at }) {
    for (const one of show.devices.values()) {
      const lamp = this.lamps.get(one.name) ?? make(one);
      if (!lamp.row.isConnected) {
        this.lamps.set(one.name, lamp);
        this.host.append(lamp.row);
      }
      mark(lamp.row, "data-shine", shine(one.state));
      say(lamp.state, one.state);
      say(lamp.detail, one.detail ?? "");
      say(lamp.reply, one.replied === null || at === null ? "" : `replied ${agoText(at - one.replied)}`);
    }
    for (const [name, lamp] of this.lamps) {
      if (show.devices.has(name)) continue;
      lamp.row.remove();
      this.lamps.delete(name);
    }
  }
}

/** @param {Device} device */
function make({ name }) {
  const state = element("span", { class: "lamp-state" });
  const reply = element("span", { class: "dim lamp-reply" });
  const detail = element("span", { class: "lamp-detail" });
  const lamp = element("i", { "aria-hidden": "true" });
  const row = element("li", { class: "lamp" }, lamp, element("strong", {}, name), state, reply, detail);
  return { row, state, reply, detail };
}
