// @ts-check
// The devices: each with its lamp, its state and how long ago it last answered; one that rests can be dialled.

/** @import { Device, Now } from "../model/shapes.js" */

import { shine } from "../model/devices.js";
import { agoText } from "../model/words.js";
import { button, element, mark, part, say } from "./element.js";

export class Devices {
  /** @param {(action: string, more?: Record<string, string>) => void} press asks the desk */
  constructor(press) {
    this.press = press;
    this.host = part("lamps", HTMLElement);
    /** @type {Map<string, ReturnType<typeof make>>} */
    this.lamps = new Map();
  }

  /** @param {Now} now */
  update({ show, at, readonly }) {
    for (const one of show.devices.values()) {
      const lamp = this.lamps.get(one.name) ?? make(one, this.press);
      if (!lamp.row.isConnected) {
        this.lamps.set(one.name, lamp);
        this.host.append(lamp.row);
      }
      mark(lamp.row, "data-shine", shine(one.state));
      say(lamp.state, one.state);
      say(lamp.detail, one.detail ?? "");
      lamp.connect.hidden = !one.rests || readonly;
      say(lamp.reply, one.replied === null || at === null ? "" : `replied ${agoText(at - one.replied)}`);
    }
    for (const [name, lamp] of this.lamps) {
      if (show.devices.has(name)) continue;
      lamp.row.remove();
      this.lamps.delete(name);
    }
  }
}

/**
 * @param {Device} device
 * @param {(action: string, more?: Record<string, string>) => void} press
 */
function make({ name }, press) {
  const state = element("span", { class: "lamp-state" });
  const reply = element("span", { class: "dim lamp-reply" });
  const detail = element("span", { class: "lamp-detail" });
  const lamp = element("i", { "aria-hidden": "true" });
  const connect = button("small lamp-connect", () => press("connect", { name }), "connect");
  const row = element("li", { class: "lamp" }, lamp, element("strong", {}, name), state, reply, detail, connect);
  return { row, state, reply, detail, connect };
}
