import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, hasMore, locate, reach, stood } from "../../showrunner/console/page/model/progress.js";
import { firstAbove, firstFrom } from "../../showrunner/console/page/model/search.js";

const S = 1_000_000;

test("between two points the plan is followed, in front of the next one the track stands", () => {
  const track = begin([2 * S, 5 * S], 8 * S, 0, 0);
  assert.deepEqual(locate(track, S), { plan: S, extra: 0, after: false });
  assert.deepEqual(locate(track, 3 * S), { plan: 2 * S, extra: S, after: false });
});

test("a point that is reached late leaves a break behind; it is told how long", () => {
  const track = begin([2 * S, 5 * S], 8 * S, 0, 0);
  assert.equal(reach(track, 3 * S, 2 * S), S);
  assert.deepEqual(locate(track, 3 * S), { plan: 2 * S, extra: 0, after: true });
  assert.deepEqual(locate(track, 2.5 * S), { plan: 2 * S, extra: 0.5 * S, after: false });
  assert.deepEqual(locate(track, 4 * S), { plan: 3 * S, extra: 0, after: false });
  assert.equal(stood(track, 3 * S), true);
  assert.equal(stood(track, S), false);
  assert.equal(reach(track, 3 * S, 2 * S), 0, "the same anchor again");
});

test("who waits for the world does not go on, and after the last point the end is what comes next", () => {
  const track = begin([2 * S], 8 * S, 0, 0);
  assert.equal(hasMore(track), true);
  reach(track, 2 * S, 2 * S);
  assert.equal(hasMore(track), false);
  track.standing = 1;
  assert.deepEqual(locate(track, 4 * S), { plan: 2 * S, extra: 2 * S, after: false });
  track.standing = 0;
  assert.deepEqual(locate(track, 20 * S), { plan: 8 * S, extra: 12 * S, after: false });
});

test("an instant before the first anchor is the first anchor", () => {
  assert.deepEqual(locate(begin([], 5 * S, 2 * S, S), 0), { plan: S, extra: 0, after: false });
});

test("looking up tells the first that is not smaller, and the first that is larger", () => {
  const list = [1, 2, 2, 4];
  const own = (one) => one;
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((value) => firstFrom(list, value, own)), [0, 0, 1, 3, 3, 4]);
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((value) => firstAbove(list, value, own)), [0, 1, 3, 3, 4, 4]);
  assert.equal(firstFrom([], 1, own), 0);
});
