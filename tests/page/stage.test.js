import assert from "node:assert/strict";
import { test } from "node:test";

import { readScore } from "../../showrunner/console/page/model/score.js";
import { newShow, take } from "../../showrunner/console/page/model/show.js";
import { stageAt } from "../../showrunner/console/page/model/stage.js";
import { SECOND, rawScore } from "./small-show.js";

const TABLES = {
  rest: { open: 0, smile: 0, ...Object.fromEntries(["turn", "nod", "tilt", "lean", "bow", "sway", "look", "gaze", "brow-left",
    "brow-right", "frown", "breath", "cheek", "shut-left", "shut-right",
    "hand-left", "hand-right", "wag", "lift"].map((name) => [name, 0])), "eye-left": 1, "eye-right": 1 },
  parts: { turning: [["turn"], 1 / 30, 0] },
  faces: { happy: { smile: 1 } },
  aliases: {},
  gestures: { small: { lift: [0.35, 0] } },
  gesture: 1_600_000,
  framing: {},
  mouth: { vowels: "a", quiet: " ", open: 1, syllable: 1, narrow: 0.3 },
};

/** A show of which these entries have come; each is `[seconds, kind, keys]`. */
function heard(...entries) {
  const show = newShow(readScore(rawScore()), new Set());
  entries.forEach(([seconds, kind, keys], seq) => {
    const entry = { seq, at: seconds * SECOND, kind, ...keys };
    take(show, entry, JSON.stringify(entry));
  });
  return show;
}

const ready = (device) => [0, "device", { device, state: "ready" }];
const told = (seconds, id, device = "rin") =>
  [seconds, "command", { id, device, verb: "x", segment: "one", track: "main", cue: "L3", line: 3, text: "x" }];
const sent = (seconds, id, device = "rin") => [seconds, "sent", { id, device, frame: {} }];

const scene = (values = [], commands = []) => ({ at: 0, speed: 1, ended: false, values, commands, more: 0 });
const value = (property, to, more = {}) =>
  ({ device: "rin", property, from: null, to, path: "line", start: 0, arrives: 0, ease: "linear", stays: false, ...more });
const seen = (id, draws, words, more = {}) => ({ id, device: "rin", stands: false, draws, key: "", words, picture: null, says: [], for: null, ...more });

const at = (show, seconds, ...what) => stageAt(show, TABLES, scene(...what), seconds * SECOND);
const device = (stage, name = "rin") => stage.devices.find((one) => one.name === name);
const said = (stage) => device(stage).shown.map(({ words, mark }) => [words, mark]);

test("a value that moves is where the engine has it at that instant", () => {
  const moves = value("Turning", 30, { from: 0, arrives: 2 * SECOND });
  const head = (stage) => device(stage).puppet.groups[4].shapes[0].x;
  const [half, whole] = [1, 2].map((seconds) => head(at(heard(), seconds, [moves])));
  assert.equal(half, 59 - 0.5 * 15 * 0.2);
  assert.equal(whole, 59 - 15 * 0.2);
});

test("what no part moves is a dial, and what a device without a puppet holds is written", () => {
  const stage = at(heard(), 1, [value("Tail", 0.5), value("volume", -20, { device: "lights" })]);
  assert.deepEqual(device(stage).puppet.dials, [{ name: "Tail", value: 0.5 }]);
  assert.deepEqual(device(stage, "lights").values, ["volume -20"]);
});

test("a voice is heard from when it was sent until it has ended, part by part, and the mouth moves on while it takes longer", () => {
  const says = [{ text: "aaaa", emotion: "happy", lasts: SECOND }, { text: "a  a", emotion: null, lasts: SECOND }];
  const speech = { id: 1, device: "rin", stands: false, says, for: null };
  const show = heard(told(0, 1), sent(1, 1));
  const words = (seconds) => at(show, seconds, [], [speech]).captions.map((one) => one.text);
  assert.deepEqual([1.5, 2.5, 7].map(words), [["aaaa"], ["a  a"], ["a  a"]]);
  assert.deepEqual(at(heard(told(0, 1)), 1, [], [speech]).captions, [], "it waits");
  const ended = heard(told(0, 1), sent(1, 1), [3, "outcome", { id: 1, result: "done" }]);
  assert.deepEqual(at(ended, 3, [], [speech]).captions, []);
  assert.deepEqual(at(show, 7, [], [{ ...speech, for: 9 * SECOND }]).captions, [], "its `for` is longer than its voice");
});

test("a sign is seen as long as its command is under way, and a while; what stands is seen until another stands there", () => {
  const show = heard(told(0, 1), sent(1, 1), [1.1, "outcome", { id: 1, result: "done" }], told(5, 2), sent(5, 2));
  const wave = seen(1, "badge", "emote Wave");
  assert.deepEqual(said(at(show, 2.9, [], [wave])), [["emote Wave", "confirmed"]]);
  assert.deepEqual(said(at(show, 3.1, [], [wave])), []);
  const scenes = [seen(1, "frame", "scene A", { stands: true }), seen(2, "frame", "scene B", { stands: true })];
  assert.deepEqual(said(at(show, 9, [], scenes)), [["scene B", "asked"]]);
});

test("of two that are only written each stands for itself", () => {
  const both = [1, 2].map((id) => seen(id, "written", `idle ${id}`, { stands: true }));
  assert.deepEqual(said(at(heard(told(0, 1), told(0, 2)), 9, [], both)).map(([words]) => words), ["idle 1", "idle 2"]);
});

test("what a device says of a command stands beside it", () => {
  const one = (mark, ...entries) => {
    const [shown] = device(at(heard(told(0, 1), ...entries), 1, [], [seen(1, "frame", "scene A", { stands: true })])).shown;
    assert.equal(shown.mark, mark);
    return shown.why;
  };
  assert.equal(one("asked"), "waits to be sent");
  assert.equal(one("asked", sent(0.5, 1)), "no answer for 500 ms");
  assert.equal(one("confirmed", sent(0, 1), [0.1, "reply", { id: 1, device: "rin", ok: true }]), "confirmed");
  assert.equal(one("failed", sent(0, 1), [0.1, "outcome", { id: 1, result: "failed", reason: "no such scene" }]), "no such scene");
  assert.equal(one("failed", sent(0, 1), [0.1, "outcome", { id: 1, result: "timed-out" }]), "no answer");
});

test("of a program that answers nothing it is said that nobody will ever know", () => {
  const lights = { ...seen(1, "value", "send /a", { stands: true }), device: "lights" };
  const show = heard(told(0, 1, "lights"), sent(0, 1, "lights"), [0, "outcome", { id: 1, result: "done" }]);
  assert.deepEqual(device(at(show, 1, [], [lights]), "lights").shown.map(({ mark }) => mark), ["sent"]);
});

test("values are confirmed as they go, and it is said when they are not", () => {
  const moves = [value("Turning", 30, { from: 0, arrives: 60 * SECOND })];
  const frames = (seconds) => [seconds, "told", { device: "rin", what: "frames", first: 1, took: [4000] }];
  const mark = (seconds, ...entries) => device(at(heard(ready("rin"), ...entries), seconds, moves)).mark;
  assert.equal(mark(1), "asked");
  assert.equal(mark(9), "failed");
  assert.equal(mark(9, frames(8)), "confirmed");
  assert.equal(mark(9, frames(8), [9, "told", { device: "rin", what: "frame", ok: false, reason: "no such parameter" }]), "failed");
});

test("a value that has arrived is confirmed once", () => {
  const held = [value("Turning", 30, { from: 0, arrives: SECOND })];
  const frames = [1, "told", { device: "rin", what: "frames", first: 1, took: [4000] }];
  assert.equal(device(at(heard(ready("rin"), frames), 99, held)).mark, "confirmed");
});

test("of a device that is gone nothing is confirmed, and why is said", () => {
  const show = heard(ready("rin"), [1, "device", { device: "rin", state: "lost", detail: "it has hung up" }]);
  const { there, mark, why } = device(at(show, 2));
  assert.deepEqual([there, mark, why], [false, "failed", "lost: it has hung up"]);
  const dialled = heard([0, "device", { device: "rin", state: "connecting" }]);
  assert.deepEqual([device(at(dialled, 1)).there, device(at(dialled, 1)).mark], [false, "asked"]);
});

test("after a panic no wait stands, and what was let go is gone", () => {
  const wait = [1, "wait", { segment: "one", track: "main", cue: "L4", row: 1, for: "go ready?" }];
  const show = heard([0, "segment", { segment: "one" }], wait);
  assert.deepEqual(at(show, 2).notes, ["waits for GO: ready?"]);
  const after = heard([0, "segment", { segment: "one" }], wait, [2, "operator", { action: "panic" }]);
  assert.deepEqual(at(after, 2).notes, []);
});

test("what a show logs is read for a while, and what is left off is counted", () => {
  const show = heard([1, "log", { segment: "one", track: "main", cue: "L3", line: 3, message: "now" }]);
  assert.deepEqual([2, 4].map((seconds) => at(show, seconds).notes), [["now"], []]);
  assert.equal(stageAt(show, TABLES, { ...scene(), more: 3 }, 0).more, 3);
});
