// @ts-check
// Planned: what of the plan an entry of the journal is. A reload moves labels; then words are gone by. Pure.

/** @import { CommandEntry, Entry, Place, Planned, PlannedWait, Show } from "./shapes.js" */

import { keyOf, topOf, waitKey } from "./score.js";

/**
 * 1 for a reload that put another text in force, else 0.
 * @param {Entry} entry
 */
export function isVersion(entry) {
  return entry.kind === "reload" && entry.ok !== false && entry.old !== entry.new ? 1 : 0;
}

/**
 * Whether what is taken was written before the last reload, so that its labels may have moved.
 * @param {Show} show
 */
export function isOld(show) {
  return show.versions < show.oldVersions;
}

/**
 * Whether a cue stands in a scope inside its track's own list.
 * @param {Show} show
 * @param {string} cue
 */
export function inside(show, cue) {
  return topOf(show.score, cue) !== cue;
}

/**
 * The key of the cue a planned command stands in.
 * @param {Planned} planned
 */
export function cueKey(planned) {
  return keyOf(planned.segment, planned.track, planned.cue);
}

/**
 * The planned command that this one is: the k-th of its cue, if it has the same words; else by its words alone.
 * @param {Show} show
 * @param {CommandEntry} entry
 * @returns {Planned | null}
 */
export function plannedCommand(show, entry) {
  const key = keyOf(entry.segment, entry.track, entry.cue);
  const listed = show.score.cues.get(key)?.commands ?? [];
  if (!isOld(show) || listed.some((one) => one.text === entry.text)) {
    const number = counted(show, key, "commands");
    return listed[number]?.text === entry.text ? listed[number] : listed.find((one) => one.text === entry.text) ?? null;
  }
  const words = `${keyOf(entry.segment, entry.track)}\t${entry.text}`;
  const found = show.score.texts.get(words) ?? [];
  return found[Math.min(counted(show, "", words), found.length - 1)] ?? null;
}

/**
 * The planned moment of a wait: the k-th of its kind since its cue was taken; in an older text the k-th of its words.
 * @param {Show} show
 * @param {Place & {for: string}} entry
 * @param {boolean} opens
 * @returns {PlannedWait | null}
 */
export function plannedWait(show, entry, opens) {
  const key = keyOf(entry.segment, entry.track, entry.cue);
  const track = keyOf(entry.segment, entry.track);
  const old = isOld(show) && show.moved.has(track);
  const words = old ? `${track}\t${entry.for}` : waitKey(key, entry.for);
  const listed = (old ? show.score.stands : show.score.moments).get(words);
  const number = counted(show, old ? "" : key, words, opens ? 0 : 1);
  return listed ? listed[Math.min(number, listed.length - 1)] : null;
}

/**
 * How often something has been met since its cue was taken, and from now on `more` often.
 * @param {Show} show
 * @param {string} key
 * @param {string} what
 */
function counted(show, key, what, more = 1) {
  const counts = show.counted.get(key) ?? new Map();
  show.counted.set(key, counts);
  const number = counts.get(what) ?? 0;
  if (more) counts.set(what, number + more);
  return number;
}
