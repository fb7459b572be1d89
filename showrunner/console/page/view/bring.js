// @ts-check
// Bring: what is to come with a press, typed by the operator: its text, and the fields that the show reads.

/** @import { Pad } from "../model/shapes.js" */

import { element, part } from "./element.js";

/** What is read as a number is sent as one. */
const NUMBER = /^-?\d{1,15}(?:\.\d{1,6})?$/;

export class Bring {
  /** @param {(name: string, more: {text?: string, fields?: Record<string, string | number>}) => void} press */
  constructor(press) {
    this.press = press;
    /** @type {Pad | null} */
    this.pad = null;
    this.dialog = part("bring", HTMLDialogElement);
    this.title = part("bring-title", HTMLElement);
    this.inputs = part("bring-inputs", HTMLElement);
    part("bring-form", HTMLFormElement).addEventListener("submit", () => this.send());
    part("bring-leave", HTMLButtonElement).addEventListener("click", () => this.dialog.close());
  }

  /**
   * Ask what is to come with a press of this button.
   * @param {Pad} pad
   */
  open(pad) {
    this.pad = pad;
    this.title.textContent = pad.name;
    this.inputs.replaceChildren(...pad.brings.map((name) => element("label", {}, element("span", {}, name),
      element("input", { name, autocomplete: "off", spellcheck: "false", maxlength: "500" }))));
    this.dialog.showModal();
  }

  send() {
    const { pad } = this;
    if (!pad) return;
    /** @type {Record<string, string | number>} */
    const fields = {};
    /** @type {string | undefined} */
    let text;
    for (const input of this.inputs.querySelectorAll("input")) {
      const value = input.value.trim();
      if (input.name === "text") text = value || undefined;
      else if (value) fields[input.name] = NUMBER.test(value) ? Number(value) : value;
    }
    this.press(pad.name, { ...(text === undefined ? {} : { text }), ...(Object.keys(fields).length ? { fields } : {}) });
  }
}
