import assert from "node:assert/strict";
import { test } from "node:test";

import { isIdle, onKey, readActions, shortcuts } from "../../showrunner/console/page/model/actions.js";
import { Clock } from "../../showrunner/console/page/model/clock.js";
import { Store } from "../../showrunner/console/page/model/store.js";
import { SECOND, journal, rawScore } from "./small-show.js";

const action = (name, keys, more = {}) =>
  ({ action: name, says: name, where: ["page", "http"], keys, shown: keys.join(", "), takes: [], back: null, before: false, after_panic: false, asks: false, ...more });

const TABLE = [
  action("start", [], { before: true }), action("go", ["space", "enter"]), action("button", ["1", "2"]), action("pause", ["p"]),
  action("next", ["right", "n"]), action("panic", ["x"], { before: true, after_panic: true }), action("word", [":"], { where: ["run"] }),
];

/** A store whose clock is set by hand (milliseconds). */
function hand() {
  const time = { now: 0 };
  const store = new Store(() => time.now);
  store.table(TABLE);
  return { store, time };
}

test("before the first score there is nothing to show", () => {
  assert.equal(hand().store.picture(), null);
});

test("from standby over the show to its end", () => {
  const { store, time } = hand();
  store.score(rawScore());
  const state = () => store.picture()?.state;
  assert.equal(state(), "standby");
  store.now({ at: 0 });
  assert.equal(state(), "playing");
  for (const entry of journal(60)) if (entry.at <= 3 * SECOND) store.entry(entry, JSON.stringify(entry));
  assert.equal(state(), "waiting");
  time.now = 1000;
  assert.equal(store.picture()?.at, 4 * SECOND, "an entry cannot be later than the clock; from there it runs on");
  store.lose();
  assert.equal(state(), "lost");
  time.now = 9000;
  assert.equal(store.picture()?.at, 4 * SECOND, "nobody knows what time it is");
  store.recover();
  store.now({ at: 12 * SECOND });
  assert.equal(state(), "waiting");
  store.entry({ seq: 99, at: 12 * SECOND, kind: "end", result: "stopped" }, "");
  assert.equal(state(), "stopped");
  assert.equal(store.picture()?.next, null);
});

test("a show that is over and stays open stands where it was", () => {
  const { store, time } = hand();
  store.score(rawScore());
  for (const entry of journal()) store.entry(entry, JSON.stringify(entry));
  store.now({ at: 20 * SECOND, over: true });
  time.now = 5000;
  const now = store.picture();
  assert.deepEqual([now?.state, now?.real, now?.place.plan], ["over", 10 * SECOND, 10 * SECOND]);
});

test("another run than before is not what is known", () => {
  const { store } = hand();
  assert.deepEqual([store.belongs(undefined), store.belongs("a"), store.belongs("a"), store.belongs("b")], [true, true, true, false]);
});

test("everything that comes counts as a change, and a refused save stays until it is mended", () => {
  const { store } = hand();
  store.score(rawScore());
  const before = store.changes;
  store.found({ refused: true, findings: [{ code: "E201", severity: "error", path: "a", line: 1, message: "m", help: null }] });
  store.complain("not now");
  assert.equal(store.changes, before + 2);
  assert.deepEqual([store.picture()?.refused, store.picture()?.complaint], [true, "not now"]);
  store.score(rawScore());
  assert.equal(store.picture()?.refused, false);
});

test("a key does what the table says, with Caps Lock too, and tells which of its keys it was", () => {
  const actions = readActions(TABLE);
  assert.deepEqual(["P", " ", "ArrowRight", "2", ":", "q"].map((key) => onKey(actions, key)), [
    { action: "pause", which: 0 }, { action: "go", which: 0 }, { action: "next", which: 0 }, { action: "button", which: 1 }, null, null,
  ]);
  assert.equal(shortcuts(["space", "enter", "n"]), "Space Enter n");
});

test("before the show only that can be done which counts then, after it nothing, in between all but what has nothing to stop", () => {
  const actions = readActions(TABLE);
  const idle = (state) => ["start", "go", "pause", "next", "panic"].filter((name) => isIdle(actions, state, name));
  assert.deepEqual(idle("standby"), ["go", "pause", "next"]);
  assert.deepEqual(idle("playing"), []);
  assert.deepEqual(idle("panic"), ["go", "pause"]);
  for (const state of ["ended", "stopped"]) assert.deepEqual(idle(state), ["start", "go", "pause", "next", "panic"]);
});

test("the clock makes up small differences slowly and large ones at once", () => {
  const time = { now: 0 };
  const clock = new Clock(() => time.now);
  assert.equal(clock.now(), null);
  clock.heard({ at: 0, speed: 2 });
  time.now = 1000;
  assert.equal(clock.now(), 2 * SECOND);
  clock.heard({ at: 2_200_000, speed: 2 });
  assert.equal(clock.now(), 2_050_000);
  clock.heard({ at: 9 * SECOND, speed: 2 });
  assert.equal(clock.now(), 9 * SECOND);
  clock.heard({ at: 9 * SECOND, paused: true });
  time.now = 5000;
  assert.equal(clock.now(), 9 * SECOND);
});
