// @ts-check
// The deliveries: what became of each command at its device, and what a device has confirmed of what is held.

/** @import { Confirmed, Delivery, Entry, Show } from "./shapes.js" */

/** So many commands are remembered; whoever asks for an older one is told that nothing is known. */
const KEPT = 2000;

/** So many words of the show's log. */
const LOGS = 5;

/**
 * Take an entry of the journal.
 * @param {Show} show
 * @param {Entry} entry
 */
export function deliver(show, entry) {
  switch (entry.kind) {
    case "command": {
      const { id, device, at } = entry;
      const made = { id, device, taken: at, sent: null, answered: null, ok: null, ended: null, result: null, reason: null };
      show.deliveries.set(id, made);
      if (show.deliveries.size > KEPT) show.deliveries.delete(/** @type {number} */ (show.deliveries.keys().next().value));
      break;
    }
    case "sent": {
      const one = of(show, entry.id);
      if (one) one.sent ??= entry.at;
      break;
    }
    case "reply":
      answered(of(show, entry.id), entry.at, entry.ok !== false);
      break;
    case "outcome": {
      const one = of(show, entry.id);
      if (!one) break;
      one.ended = entry.at;
      one.result = entry.result;
      one.reason = entry.reason ?? null;
      break;
    }
    case "told":
      told(show, entry);
      break;
    case "device":
      // What a program that is gone had confirmed says nothing of the one that comes.
      if (entry.state !== "note" && entry.state !== "flooded" && entry.state !== "ready") show.confirmed.delete(entry.device);
      break;
    case "log":
      show.logs.push({ at: entry.at, message: entry.message });
      if (show.logs.length > LOGS) show.logs.shift();
      break;
    default:
  }
}

/**
 * @param {Show} show
 * @param {number | undefined} id
 */
function of(show, id) {
  return id === undefined ? undefined : show.deliveries.get(id);
}

/**
 * @param {Delivery | undefined} one
 * @param {number} at
 * @param {boolean} ok
 */
function answered(one, at, ok) {
  if (!one) return;
  one.answered = at;
  one.ok = ok;
}

/**
 * What has no frame of its own in the journal: answers to the frames that carry values, ends that a driver worked out.
 * @param {Show} show
 * @param {import("./shapes.js").EntryOf<"told">} entry
 */
function told(show, entry) {
  if (entry.what === "answered") answered(of(show, entry.id), entry.at, entry.ok !== false);
  if (!entry.device) return;
  const one = confirmedOf(show, entry.device);
  if (entry.what === "frames") {
    one.at = entry.at;
    one.took = entry.took?.at(-1) ?? one.took;
    one.wrong = null;
  } else if (entry.what === "frame") {
    if (entry.ok === false) one.wrong = { at: entry.at, reason: entry.reason ?? "refused", properties: entry.properties ?? [] };
    else one.at = entry.at;
  } else if (entry.what === "values") {
    for (const [name, value] of Object.entries(entry.values ?? {})) one.values.set(name, value);
  }
}

/**
 * What a device has confirmed; of one that has said nothing, nothing.
 * @param {Show} show
 * @param {string} device
 * @returns {Confirmed}
 */
function confirmedOf(show, device) {
  const known = show.confirmed.get(device) ?? { at: null, took: 0, wrong: null, values: new Map() };
  show.confirmed.set(device, known);
  return known;
}
