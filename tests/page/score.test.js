import assert from "node:assert/strict";
import { test } from "node:test";

import { fileOf, nameOf, pointOf, readScore } from "../../showrunner/console/page/model/score.js";
import { SECOND, rawScore } from "./small-show.js";

const score = readScore(rawScore());

test("the cue list goes by segments, in each by time, whatever track a cue is in", () => {
  assert.deepEqual(score.rows.map((row) => (row.kind === "segment" ? row.segment : row.row)), ["one", 0, 3, 1, 2, "two", 4]);
  assert.deepEqual(score.rows.map((row) => row.index), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual(score.timed.map((row) => row.row), [0, 3, 1, 2, 4]);
});

test("a command that is heard is speech because its device says so, whatever its verb is called", () => {
  assert.deepEqual(score.commands.map((one) => one.speech), [true, false, false, false, false]);
  assert.deepEqual([...score.voices], ["rin"]);
  const silent = readScore(rawScore({ devices: [{ name: "rin", driver: "aituber", speech: ["say"], looks: { hue: 4, shape: "diamond" } }] }));
  assert.deepEqual([...silent.voices], []);
});

test("a planned command lasts until its outcome", () => {
  assert.deepEqual(score.commands.map((one) => [one.start / SECOND, one.end / SECOND]), [[1, 3], [2, 4], [5, 5], [6, 6], [9, 10]]);
});

test("what a list waits for is known with its moments, and where the plan stands for the world", () => {
  assert.deepEqual(score.waits, [{ at: 3 * SECOND, for: "go ready?" }]);
  assert.deepEqual([...score.moments.values()], [[{ wait: 3 * SECOND, resume: 3 * SECOND }]]);
});

test("only the one thread of a track passes instants, turns of a repeat run beside it", () => {
  assert.deepEqual([...score.passes.values()].map((list) => list.map((at) => at / SECOND)), [[1, 3, 5], [2], [9]]);
});

test("a show that waits for buttons, or hears anything, is a room", () => {
  const when = { segment: null, cue: "L9", row: 9, file: "shows/a.show", line: 9, called: "button bell", text: "when button bell" };
  const none = rawScore({ buttons: [], pads: [] });
  assert.deepEqual([rawScore(), none, { ...none, whens: [when] }].map((raw) => readScore(raw).room), [true, false, true]);
});

test("a point is found by every name it has; blanks, slashes and hashes are parts of a name", () => {
  const points = {
    one: 0, two: 7, "two+00:01": 8, "00:04": 4, "take #1": 2, "one/take #1": 2, "parts/two.show:L2": 9, "two/parts/two.show:L2": 9,
    "L5#1/L6": 5, L6: 5, "one/L6": 5,
  };
  for (const [text, at] of Object.entries(points)) assert.equal(pointOf(score, text), at * SECOND, text);
  for (const text of ["three", "one/L2", "two/take #1", "two+later", "#1", ""]) assert.equal(pointOf(score, text), null, text);
});

test("a point is named by its segment, at an edge by the later one, and found again", () => {
  assert.deepEqual([0, 4.25, 7, 9].map((at) => nameOf(score, at * SECOND)), ["one+00:00:00", "one+00:00:04.250", "two+00:00:00", "two+00:00:02"]);
  for (const at of [0, 4.25, 7, 9]) assert.equal(pointOf(score, nameOf(score, at * SECOND)), at * SECOND);
});

test("where something stands is known in whichever turn; else the cue that has it in a block is told", () => {
  const inner = { segment: "one", track: "main", cue: "L5#9/L6", row: 2, inner: "0.0", turns: [9] };
  assert.deepEqual(fileOf(score, inner), { path: "shows/a.show", line: 6 });
  assert.deepEqual(fileOf(score, { ...inner, inner: "0.7" }), { path: "shows/a.show", line: 5 });
  assert.equal(fileOf(score, { segment: "one", track: "main", cue: "safe" }), null);
});
