// @ts-check
// The keyboard: the whole show from the keys. Which key does what comes from the server.

/** @import { Actions } from "../model/shapes.js" */

import { onKey } from "../model/actions.js";

const OWN_KEYS = "input, textarea, select, [contenteditable]";

/**
 * Whether an element does something of its own with this key, so that it is not the show's.
 * @param {EventTarget | null} target
 * @param {string} key
 */
function takes(target, key) {
  if (!(target instanceof Element)) return false;
  if (target.closest(OWN_KEYS)) return true;
  if (key === " " || key === "Enter") return target.closest("button, a[href], summary") !== null;
  return key.startsWith("Arrow") && target.closest("[data-arrows]") !== null;
}

/**
 * Listen for keys.
 * @param {() => Actions} actions
 * @param {(action: string, which: number) => void} act is told which of the action's keys it was, the first is 0
 */
export function listen(actions, act) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takes(event.target, event.key)) return;
    const found = onKey(actions(), event.key);
    // Panic is never out of reach, whatever lies over the page.
    if (!found || (found.action !== "panic" && document.querySelector("dialog[open]"))) return;
    event.preventDefault();
    // A key held down is one press: nobody means to fire ten cues.
    if (!event.repeat) act(found.action, found.which);
  });
  // After a click with the mouse or a finger the focus goes back to the page: the next space is a GO and not that button.
  document.addEventListener("click", (event) => {
    const found = event.target instanceof Element ? event.target.closest("button, summary") : null;
    if (found instanceof HTMLElement && event.detail > 0) found.blur();
  });
}
