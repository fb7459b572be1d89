// @ts-check
// The devices: what is known of each, and how its lamp shines.

/** @import { Device, Show } from "./shapes.js" */

/**
 * A device of which nothing has been heard yet.
 * @param {string} name
 * @param {string} driver
 * @returns {Device}
 */
export function newDevice(name, driver) {
  return { name, driver, state: "not connected yet", detail: null, replied: null, rests: false };
}

/**
 * The device of this name; one that the score does not know is put there.
 * @param {Show} show
 * @param {string} name
 */
export function deviceOf(show, name, driver = name) {
  const known = show.devices.get(name) ?? newDevice(name, driver);
  show.devices.set(name, known);
  return known;
}

const COMING = new Set(["connecting", "waiting", "not connected yet"]);

/**
 * How a lamp shines: ready, coming, lost. Form and word say it too, not colour alone.
 * @param {string} state
 */
export function shine(state) {
  if (state === "ready") return "ready";
  return COMING.has(state) ? "coming" : "lost";
}
