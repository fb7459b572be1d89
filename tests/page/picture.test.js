import assert from "node:assert/strict";
import { test } from "node:test";

import { readScore } from "../../showrunner/console/page/model/score.js";
import { valueAt } from "../../showrunner/drawing/stage/puppet.js";
import { barTop, firstReaching, makeLanes, rowOf } from "../../showrunner/console/page/paint/lanes.js";
import { makePast } from "../../showrunner/console/page/paint/past.js";
import { STANDING, WIDEST, makeScale, spotToPixel, stepOf, toPixel, toPlan } from "../../showrunner/console/page/paint/scale.js";
import { SECOND, journal, numbered, rawScore, shown } from "./small-show.js";

const gap = (seconds, extra, more = {}) => ({ plan: seconds * SECOND, extra: extra * SECOND, ...more });

test("a scale without breaks is a straight line, there and back", () => {
  const scale = makeScale(10, []);
  assert.equal(toPixel(scale, 3 * SECOND), 30);
  assert.equal(toPlan(scale, 30), 3 * SECOND);
  assert.equal(toPlan(scale, -5), 0);
});

test("a break opens at its instant and moves what lies behind it", () => {
  const scale = makeScale(10, [gap(4, 2), gap(2, 0, { standing: true })]);
  assert.deepEqual([toPixel(scale, 2 * SECOND), toPixel(scale, 2 * SECOND, true)], [20, 20 + STANDING]);
  assert.equal(toPixel(scale, 6 * SECOND), 60 + STANDING + 20);
  assert.equal(toPlan(scale, 20 + STANDING / 2), 2 * SECOND, "within a break the plan stands");
  for (const plan of [1, 3, 5]) assert.equal(toPlan(scale, toPixel(scale, plan * SECOND)), plan * SECOND);
});

test("no break is wider than the widest, and the playhead crosses it as the time does", () => {
  const scale = makeScale(100, [gap(1, 8), gap(3, 0, { standing: true })]);
  assert.equal(toPixel(scale, SECOND, true) - toPixel(scale, SECOND), WIDEST);
  assert.equal(spotToPixel(scale, { plan: SECOND, extra: 4 * SECOND, after: false }), 100 + WIDEST / 2);
  const standing = (extra) => spotToPixel(scale, { plan: 3 * SECOND, extra: extra * SECOND, after: false });
  assert.ok(standing(4) < standing(60) && standing(60) < toPixel(scale, 3 * SECOND, true), "it nears the edge and never reaches it");
});

test("the figures of the ruler never touch", () => {
  assert.deepEqual([400, 70, 10, 1, 0.01].map((density) => stepOf(density, 72)), [0.2, 2, 10, 120, 7200]);
});

test("a lane for each track and each device, cells as long as their cues", () => {
  const { lanes } = makeLanes(readScore(rawScore()));
  assert.deepEqual(lanes.map((lane) => [lane.kind, lane.name]), [["track", "main"], ["track", "side"], ["device", "rin"], ["device", "lights"]]);
  const [main] = lanes;
  assert.deepEqual(main.cells.map((cell) => [cell.start / SECOND, cell.end / SECOND]), [[1, 3], [3, 5], [5, 7], [9, 10]]);
  for (const [above, below] of lanes.slice(1).map((lane, index) => [lanes[index], lane])) assert.equal(below.y, above.y + above.height);
});

test("what is held is a curve until the next value takes it over; what is not is a bar", () => {
  const lights = makeLanes(readScore(rawScore())).lanes.find((lane) => lane.name === "lights");
  assert.deepEqual(lights.bars.map((bar) => bar.id), [3, 4]);
  const [level] = lights.curves;
  assert.deepEqual([level.least, level.most], [0, 1]);
  assert.deepEqual(level.stretches.map((one) => [one.start / SECOND, one.end / SECOND]), [[2, 9], [9, 10]]);
});

test("what a scene brought about stands until the next scene, in a row of its own; a clip is as long as it is", () => {
  const command = (id, start, draws) => ({ at: start * SECOND, kind: "command", segment: "one", track: "main", cue: "L3", row: 0, id, device: "lights", verb: "x", text: "x", line: 3, draws });
  const outcome = (id, end) => ({ at: end * SECOND, kind: "outcome", id, result: "done" });
  const entries = [command(1, 0, "frame"), outcome(1, 1), command(2, 2, "clip"), outcome(2, 4), command(3, 5, "frame"), outcome(3, 5)];
  const lane = makeLanes(readScore({ ...rawScore({ holds: [] }), plan: { end: 10 * SECOND, whole: true, entries } })).lanes.find((one) => one.name === "lights");
  assert.deepEqual([...lane.stands].sort(), [[1, 5 * SECOND], [3, 10 * SECOND]]);
  assert.deepEqual(lane.bars.map((bar) => rowOf(lane, bar)), [0, 1, 0]);
  assert.equal(firstReaching(lane.until, 4.5 * SECOND), 0);
});

test("bars that would lie over each other lie below each other, in three rows at most", () => {
  const raw = rawScore({ holds: [] });
  const command = (id, start) => ({ at: start * SECOND, kind: "command", segment: "one", track: "main", cue: "L3", row: 0, id, device: "lights", verb: "x", text: "x", line: 3 });
  const outcome = (id, end) => ({ at: end * SECOND, kind: "outcome", id, result: "done" });
  const entries = [command(1, 0), command(2, 1), command(3, 2), command(4, 3), outcome(1, 4), outcome(2, 5), outcome(3, 6), outcome(4, 7), command(5, 4), outcome(5, 5)];
  const score = readScore({ ...raw, plan: { end: 10 * SECOND, whole: true, entries } });
  const lane = makeLanes(score).lanes.find((one) => one.name === "lights");
  assert.deepEqual(lane.bars.map((bar) => rowOf(lane, bar)), [0, 1, 2, 2, 0]);
  assert.equal(rowOf(lane, null), 0);
  assert.ok(barTop(lane, lane.bars[1]) > barTop(lane, lane.bars[0]));
  assert.equal(firstReaching(lane.until, 5.5 * SECOND), 2);
});

test("the past lies where it happened: a hold as long as it stood, what comes behind it later than planned", () => {
  const show = shown(journal(4));
  const [main, side, rin, lights] = makePast(show, 14 * SECOND).lanes;
  assert.deepEqual([main, side, rin, lights].map((lane) => [lane.kind, lane.name]), [
    ["past-track", "main"], ["past-track", "side"], ["past-device", "rin"], ["past-device", "lights"],
  ]);
  assert.deepEqual(main.waits.map((wait) => [wait.since / SECOND, wait.until / SECOND]), [[3, 7]]);
  assert.deepEqual(lights.bars.map((bar) => [bar.start / SECOND, bar.end / SECOND]), [[2, 4], [9, 9], [10, 10], [13, 14]]);
});

test("in the past, too, what a command brought about stands until the next of its kind, or until now", () => {
  const raw = rawScore();
  const planned = raw.plan.entries.map((entry) => (entry.verb === "flash" ? { ...entry, draws: "page" } : entry));
  const show = shown(journal(4), { ...raw, plan: { ...raw.plan, entries: planned } });
  const lights = makePast(show, 20 * SECOND).lanes.find((lane) => lane.name === "lights");
  assert.deepEqual(lights.bars.map((bar) => [bar.start / SECOND, bar.stands / SECOND]), [[2, 4], [9, 10], [10, 20], [13, 14]]);
  assert.deepEqual(lights.bars.map((bar) => bar.row), [0, 0, 0, 1]);
});

test("what stands still goes on until now, and a seek takes nothing of the past away", () => {
  const before = journal(4).filter((entry) => entry.at <= 5 * SECOND);
  const [standing] = makePast(shown(before), 5 * SECOND).lanes;
  assert.deepEqual(standing.waits.map((wait) => wait.until), [null]);
  const sought = shown(numbered([...before, { at: 5 * SECOND, kind: "operator", action: "seek", to: "one", from: "key" }]));
  const [left] = makePast(sought, 6 * SECOND).lanes;
  assert.deepEqual(left.waits.map((wait) => [wait.since / SECOND, wait.until / SECOND]), [[3, 5]]);
  assert.deepEqual(left.cues.map((cue) => cue.real / SECOND), [1, 3]);
});

test("a value is bent on its way as the engine bends it", () => {
  const hold = { from: 0, to: 8, start: 0, arrives: 2 * SECOND };
  const half = (ease) => valueAt({ ...hold, ease }, SECOND);
  assert.deepEqual(["linear", "in", "out", "in-out", "step"].map(half), [4, 1, 7, 4, 0]);
  assert.ok(Math.abs(half("sine") - 4) < 1e-9);
  assert.equal(valueAt({ ...hold, ease: "in" }, 2 * SECOND), 8);
  assert.equal(valueAt({ ...hold, from: null, ease: "in" }, 0), 8, "where it comes from only the application knows");
});
