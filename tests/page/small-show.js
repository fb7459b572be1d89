// A small show for tests: its score as the server gives it, and what a performance of it writes.
//
//   segment one            segment two
//     at 1s  rin tell "A"    at 2s  lights dim
//     then hold "ready?"
//     at 5s  repeat 2 times: lights flash
//     track side: at 2s  lights dim

import { readScore } from "../../showrunner/console/page/model/score.js";
import { newShow, running, take } from "../../showrunner/console/page/model/show.js";

export const SECOND = 1_000_000;

/** The script and where its cues stand. */
const TOLD = { segment: "one", track: "main", cue: "L3", row: 0 };
const HELD = { segment: "one", track: "main", cue: "L4", row: 1 };
const TURNS = { segment: "one", track: "main", cue: "L5", row: 2 };
const SIDE = { segment: "one", track: "side", cue: "take #1", row: 3 };
const DIMMED = { segment: "two", track: "main", cue: "parts/two.show:L2", row: 4 };

const turn = (number) => ({ ...TURNS, cue: `L5#${number}/L6`, inner: "0.0", turns: [number] });

const at = (seconds, kind, keys) => ({ at: seconds * SECOND, kind, ...keys });

const command = (seconds, id, place, device, verb, text, line) => at(seconds, "command", { ...place, id, device, verb, text, line });

const PLAN = [
  at(0, "segment", { segment: "one", title: "One" }),
  at(1, "cue", { ...TOLD, due: SECOND, own: "L3", path: "shows/a.show", line: 3 }),
  { ...command(1, 1, TOLD, "rin", "tell", 'rin tell "A {name}"', 3), said: "A Mika" },
  at(2, "cue", { ...SIDE, due: 2 * SECOND, own: "take #1", path: "shows/a.show", line: 8 }),
  command(2, 2, SIDE, "lights", "dim", "lights dim 0.5 over 2s", 9),
  at(3, "outcome", { id: 1, result: "done", took: 2 * SECOND }),
  at(3, "cue", { ...HELD, due: 3 * SECOND, own: "L4", path: "shows/a.show", line: 4 }),
  at(3, "wait", { ...HELD, for: "go ready?" }),
  at(3, "resume", { ...HELD, for: "go ready?", why: "go" }),
  at(4, "outcome", { id: 2, result: "done", took: 2 * SECOND }),
  at(5, "cue", { ...TURNS, due: 5 * SECOND, own: "L5", path: "shows/a.show", line: 5 }),
  at(5, "cue", { ...turn(1), due: 0, own: "L6", path: "shows/a.show", line: 6 }),
  command(5, 3, turn(1), "lights", "flash", "lights flash", 6),
  at(5, "outcome", { id: 3, result: "done", took: 0 }),
  at(6, "cue", { ...turn(2), due: 0, own: "L6", path: "shows/a.show", line: 6 }),
  command(6, 4, turn(2), "lights", "flash", "lights flash", 6),
  at(6, "outcome", { id: 4, result: "done", took: 0 }),
  at(7, "segment", { segment: "two" }),
  at(9, "cue", { ...DIMMED, due: 2 * SECOND, own: "parts/two.show:L2", path: "shows/parts/two.show", line: 2 }),
  command(9, 5, DIMMED, "lights", "dim", "lights dim 0 over 1s", 2),
  at(10, "outcome", { id: 5, result: "done", took: SECOND }),
];

const cue = (place, named, file, line, seconds, position, ...commands) =>
  ({ cue: place.cue, named, row: place.row, file, line, lines: 1, at: seconds * SECOND, position, commands, endless: false });

/** The score as the server gives it; `more` is laid over it. */
export function rawScore(more = {}) {
  return {
    title: "Small", script: "shows/a.show", fingerprint: "f", run: "r", readonly: false, started: false, undo: false, redo: false,
    refused: false, speed: true, findings: [], buttons: ["bell"],
    pads: [{ name: "bell", segment: null, whens: [], keeps: true, brings: [] }], whens: [],
    devices: [
      { name: "rin", driver: "aituber", speech: ["tell"], looks: { hue: 4, shape: "diamond" }, puppet: true, answers: true },
      { name: "lights", driver: "lights", speech: [], looks: { hue: 1, shape: "square" }, puppet: false, answers: false },
    ],
    segments: [
      { name: "one", title: "One", at: 0, end: 7 * SECOND, file: "shows/a.show", line: 2, tracks: [
        { name: "main", cues: [
          cue(TOLD, false, "shows/a.show", 3, 1, "at 1s", 'rin tell "A {name}"'),
          cue(HELD, false, "shows/a.show", 4, 3, "then", 'hold "ready?"'),
          cue(TURNS, false, "shows/a.show", 5, 5, "at 5s", "repeat 2 times"),
        ] },
        { name: "side", cues: [cue(SIDE, true, "shows/a.show", 8, 2, "at 2s", "lights dim 0.5 over 2s")] },
      ] },
      { name: "two", title: null, at: 7 * SECOND, end: 10 * SECOND, file: "shows/parts/two.show", line: 1, tracks: [
        { name: "main", cues: [cue(DIMMED, false, "shows/parts/two.show", 2, 9, "at 2s", "lights dim 0 over 1s")] },
      ] },
    ],
    plan: { end: 10 * SECOND, whole: true, entries: PLAN.map((entry) => ({ ...entry })) },
    holds: [
      { id: 2, device: "lights", property: "level", from: 1, to: 0.5, start: 2 * SECOND, arrives: 4 * SECOND, until: null, ease: "linear" },
      { id: 5, device: "lights", property: "level", from: 0.5, to: 0, start: 9 * SECOND, arrives: 10 * SECOND, until: null, ease: "in" },
    ],
    words: ["at"], files: [{ path: "shows/a.show", text: "" }, { path: "shows/parts/two.show", text: "" }],
    ...more,
  };
}

/** From here on the plan waits for GO; only what the other track began does not. */
const HELD_FROM = PLAN.findIndex((entry) => entry.kind === "resume");
const SIDE_COMMAND = 2;

/** What a performance writes that goes as planned, the hold standing for so many seconds. */
export function journal(stood = 0) {
  const told = PLAN.map((entry, index) => {
    const moves = index >= HELD_FROM && entry.id !== SIDE_COMMAND;
    return moves ? { ...entry, at: entry.at + stood * SECOND } : entry;
  });
  return numbered(told.sort((a, b) => a.at - b.at));
}

/** Entries with their numbers. */
export function numbered(entries) {
  return entries.map((entry, seq) => ({ ...entry, seq }));
}

/** The show after these entries. */
export function shown(entries, raw = rawScore()) {
  const show = newShow(readScore(raw), new Set(["seek", "stop", "panic"]));
  for (const entry of entries) take(show, entry, JSON.stringify(entry));
  return show;
}

/** The show after what has come up to an instant (seconds), and that instant without the pauses. */
export function upTo(seconds, entries, raw = rawScore()) {
  const show = shown(entries.filter((entry) => entry.at <= seconds * SECOND), raw);
  return { show, real: running(show, seconds * SECOND) };
}
