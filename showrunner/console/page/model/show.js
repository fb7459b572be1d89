// The model: what the console knows of the show, made of the score and the journal's entries and of nothing else.
// The same entries give the same model. No page, no clock, no network.

import { TAKERS, lamp } from "./entries.js";
import { isVersion } from "./planned.js";

/** A model of a show of which nothing has been heard yet. */
export function newModel(score) {
  return {
    score,
    seq: -1,
    at: 0,
    records: [],
    title: score.title,
    fingerprint: null,
    begun: false,
    ended: null,
    panicked: false,
    paused: null,
    pauses: 0,
    segment: null,
    courses: new Map(),
    known: new Map(),
    marks: 0,
    clocks: new Map(),
    waits: [],
    acts: [],
    actOf: new Map(),
    open: new Map(),
    rows: new Map(),
    breaks: new Map(),
    buttons: new Map((score.buttons ?? []).map((name) => [name, 0])),
    devices: new Map((score.devices ?? []).map((one) => [one.name, lamp(one.name, one.driver)])),
    reload: null,
    loop: null,
    problems: 0,
    counted: new Map(),
    versions: 0,
    oldVersions: 0,
    moved: new Set(),
    target: null,
    halted: null,
    led: null,
    pending: null,
  };
}

/** The model anew from what was recorded, with another score: after a reload places have moved. */
export function rebuilt(model, score) {
  const next = newModel(score);
  next.oldVersions = model.records.reduce((sum, record) => sum + isVersion(record.entry), 0);
  for (const record of model.records) take(next, record.entry, record.raw);
  return next;
}

/** Show time without the pauses: what the plan's times are compared with. */
export function running(model, at) {
  return at - model.pauses - (model.paused === null ? 0 : Math.max(0, at - model.paused));
}

/** Take one entry of the journal. `raw` is its line, kept for those who want to read it. */
export function take(model, entry, raw) {
  if (entry.seq <= model.seq) return;
  model.seq = entry.seq;
  model.at = Math.max(model.at, entry.at);
  const real = running(model, entry.at);
  // A frame can be long and is seldom looked at: its line is kept, not the object.
  const kept = entry.frame === undefined ? entry : { ...entry, frame: undefined };
  model.records.push({ entry: kept, raw });
  TAKERS[entry.kind]?.(model, entry, real, raw);
}
