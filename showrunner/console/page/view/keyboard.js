// @ts-check
// The keyboard: the whole show from the keys. Which key does what stands here once; the help reads it too.

/**
 * @typedef {"go" | "skip" | "pause" | "next" | "previous" | "stop" | "panic" | "again" | "loop" | "undo" | "button" | "follow"
 *   | "closer" | "further" | "search" | "help"} Act
 */

/**
 * The keys, what they are called, what they do.
 * @type {{keys: string[], shown: string, does: string, act: Act}[]}
 */
export const KEYS = [
  { keys: [" ", "Enter"], shown: "Space, Enter", does: "GO (in standby: start)", act: "go" },
  { keys: ["k"], shown: "k", does: "skip: end the wait that has stood longest", act: "skip" },
  { keys: ["p"], shown: "p", does: "pause, and go on", act: "pause" },
  { keys: ["ArrowRight", "n"], shown: "→ or n", does: "next cue", act: "next" },
  { keys: ["ArrowLeft", "b"], shown: "← or b", does: "previous cue", act: "previous" },
  { keys: ["s"], shown: "s, s", does: "stop in order (twice)", act: "stop" },
  { keys: ["x"], shown: "x", does: "PANIC, at once", act: "panic" },
  { keys: ["r"], shown: "r", does: "this segment again", act: "again" },
  { keys: ["l"], shown: "l", does: "loop: from here, until here, off", act: "loop" },
  { keys: ["u"], shown: "u", does: "undo the last reload", act: "undo" },
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], shown: "1 … 9", does: "the show's buttons", act: "button" },
  { keys: ["f"], shown: "f", does: "follow the playhead again", act: "follow" },
  { keys: ["+", "="], shown: "+", does: "timeline closer", act: "closer" },
  { keys: ["-"], shown: "-", does: "timeline further", act: "further" },
  { keys: ["/"], shown: "/", does: "search the log", act: "search" },
  { keys: ["?"], shown: "?", does: "this help", act: "help" },
];

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
 * @param {Record<Act, (which: number) => void>} actions each gets which of its keys it was, the first is 0
 */
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takes(event.target, event.key)) return;
    const found = KEYS.find((one) => one.keys.includes(event.key));
    // Panic is never out of reach, whatever lies over the page.
    if (!found || (found.act !== "panic" && document.querySelector("dialog[open]"))) return;
    event.preventDefault();
    // A key held down is one press: nobody means to fire ten cues.
    if (event.repeat) return;
    actions[found.act](found.keys.indexOf(event.key));
  });
  // After a click with the mouse or a finger the focus goes back to the page: the next space is a GO and not that button.
  document.addEventListener("click", (event) => {
    const found = event.target instanceof Element ? event.target.closest("button, summary") : null;
    if (found instanceof HTMLElement && event.detail > 0) found.blur();
  });
}
