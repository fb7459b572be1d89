// @ts-check
// The actions: what may be done, by which key, and when. The table itself comes from the server.

/** @import { Action, Actions, State } from "./shapes.js" */

import { isStill } from "./state.js";

/** What the browser calls keys, and the table. */
const NAMES = new Map([[" ", "space"], ["Enter", "enter"], ["ArrowLeft", "left"], ["ArrowRight", "right"]]);

/** What makes sense only while something goes on. */
const FLOWING = new Set(["go", "pause", "skip", "button"]);

/**
 * The actions of the page, by their names.
 * @param {Action[]} listed
 * @returns {Actions}
 */
export function readActions(listed) {
  return new Map(listed.filter((one) => one.where.includes("page")).map((one) => [one.action, one]));
}

/**
 * Those that are still obeyed after a panic.
 * @param {Actions} actions
 */
export function afterPanic(actions) {
  return new Set([...actions.values()].filter((one) => one.after_panic).map((one) => one.action));
}

/**
 * What a key does, whether Caps Lock is on or not, and which of its keys it is (the first is 0); null: nothing.
 * @param {Actions} actions
 * @param {string} key as the browser calls it
 */
export function onKey(actions, key) {
  const name = NAMES.get(key) ?? key.toLowerCase();
  for (const { action, keys } of actions.values()) {
    const which = keys.indexOf(name);
    if (which >= 0) return { action, which };
  }
  return null;
}

/**
 * Keys as a browser tells them to a screen reader (`aria-keyshortcuts`).
 * @param {string[]} keys as the table calls them
 */
export function shortcuts(keys) {
  const called = new Map([...NAMES].map(([key, name]) => [name, key === " " ? "Space" : key]));
  return keys.map((name) => called.get(name) ?? name).join(" ");
}

/**
 * Whether an action can do nothing in a state of the show.
 * @param {Actions} actions
 * @param {State} state
 * @param {string} name
 */
export function isIdle(actions, state, name) {
  // After the end there is nothing left to be stopped, nor to be silenced.
  if (state === "ended" || state === "stopped") return true;
  return state === "standby" ? !actions.get(name)?.before : isStill(state) && FLOWING.has(name);
}
