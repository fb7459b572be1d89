// Matching: what of the plan an entry of the journal is. A reload moves labels; then words are gone by. Pure.

import { keyOf, topOf, waitKey } from "./score.js";

/** 1 for a reload that put another text in force, else 0. */
export function isVersion(entry) {
  return entry.kind === "reload" && entry.ok !== false && entry.old !== entry.new ? 1 : 0;
}

/** Whether what is taken was written before the last reload, so that its labels may have moved. */
export function isOld(model) {
  return model.versions < model.oldVersions;
}

/** Whether a cue stands in a scope inside its track's own list. */
export function inside(model, cue) {
  return topOf(model.score, cue) !== cue;
}

/** The key of the cue a planned command stands in. */
export function cueKey(planned) {
  return keyOf(planned.segment, planned.track, planned.cue);
}

/** The planned command that this one is: the k-th of its cue, if it has the same words; else by its words alone. */
export function plannedCommand(model, entry) {
  const key = keyOf(entry.segment, entry.track, entry.cue);
  const listed = model.score.cues.get(key)?.commands ?? [];
  if (!isOld(model) || listed.some((one) => one.text === entry.text)) {
    const number = counted(model, key, "commands");
    return listed[number]?.text === entry.text ? listed[number] : listed.find((one) => one.text === entry.text) ?? null;
  }
  const words = `${keyOf(entry.segment, entry.track)}\t${entry.text}`;
  const found = model.score.texts.get(words) ?? [];
  return found[Math.min(counted(model, "", words), found.length - 1)] ?? null;
}

/** The planned moment of a wait: the k-th of its kind since its cue was taken; in an older text the k-th of its words. */
export function momentOf(model, entry, opens) {
  const key = keyOf(entry.segment, entry.track, entry.cue);
  const track = keyOf(entry.segment, entry.track);
  const old = isOld(model) && model.moved.has(track);
  const words = old ? `${track}\t${entry.for}` : waitKey(key, entry.for);
  const listed = (old ? model.score.stands : model.score.moments).get(words);
  const number = counted(model, old ? "" : key, words, opens ? 0 : 1);
  return listed ? listed[Math.min(number, listed.length - 1)] : null;
}

/** How often something has been met since its cue was taken, and from now on `more` often. */
function counted(model, key, what, more = 1) {
  if (!model.counted.has(key)) model.counted.set(key, new Map());
  const counts = model.counted.get(key);
  const number = counts.get(what) ?? 0;
  if (more) counts.set(what, number + more);
  return number;
}
