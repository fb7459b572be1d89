import assert from "node:assert/strict";
import { test } from "node:test";

import { padState, padText } from "../../showrunner/console/page/model/pads.js";
import { numbered, rawScore, shown, SECOND } from "./small-show.js";

const WHEN = { segment: null, cue: "L9", row: 9, every: 20 * SECOND };
const PAD = { name: "scare", segment: null, whens: [WHEN], keeps: false, brings: [] };
const ROOM = rawScore({ buttons: ["scare"], pads: [PAD] });
const INSIDE = { ...PAD, whens: [{ ...WHEN, segment: "two", every: null }] };

const pressed = { kind: "operator", action: "button", name: "scare", from: "key" };
const heard = (event, became, why) => ({ kind: "heard", cue: "L9", row: 9, event, became, ...(why ? { why } : {}) });
const turn = (number) => ({ kind: "cue", cue: `L9#${number}/L10`, row: 9, inner: "0.0", turns: [number], due: 0 });

/** What the pad says, at so many seconds, when these have come at the first second. */
function said(entries, seconds, pad = PAD) {
  const begun = { kind: "segment", segment: "one" };
  const show = shown(numbered([begun, ...entries].map((entry) => ({ at: SECOND, ...entry }))), ROOM);
  const state = padState(show, pad, seconds * SECOND);
  return { state, text: padText(state) };
}

test("a press that a `when` hears is used up, and for as long as it begins nothing new the pad rests", () => {
  const entries = [pressed, heard(1, "begun"), turn(1)];
  const { state, text } = said(entries, 4);
  assert.deepEqual(state, { waited: false, open: true, pressed: 1, kept: 0, queued: 0, rest: 17 * SECOND });
  assert.equal(text, "rests 17 s, 1×");
  assert.equal(said(entries, 21).text, "1×");
});

test("what was ignored counts for nothing", () => {
  assert.equal(said([pressed, heard(1, "begun"), turn(1), { ...pressed, at: 9 * SECOND }, { ...heard(2, "ignored", "too soon"), at: 9 * SECOND }], 20).text,
    "rests 1 s, 2×");
});

test("an event that is queued waits until its turn begins or it is dropped", () => {
  const queued = [pressed, heard(1, "begun"), turn(1), pressed, heard(2, "queued"), pressed, heard(3, "queued")];
  const without = { ...PAD, whens: [{ ...WHEN, every: null }] };
  assert.equal(said(queued, 2, without).text, "2 queued, 3×");
  assert.equal(said([...queued, turn(2), { ...turn(2), inner: "0.1" }], 2, without).text, "1 queued, 3×");
  assert.equal(said([...queued, { ...heard(2, "dropped", "reload") }, turn(3)], 2, without).text, "3×");
});

test("a `when` of another segment does not hear, and after a panic none does", () => {
  assert.equal(said([], 2).state.open, true);
  assert.equal(said([], 2, INSIDE).state.open, false);
  assert.equal(said([{ kind: "operator", action: "panic", from: "key" }], 2).state.open, false);
});

test("a button that a line waits for is waited for, also by an `until`, and then no turn makes it rest", () => {
  for (const what of ["button scare", "until button scare", "until button never or button scare"]) {
    const wait = { kind: "wait", segment: "one", track: "main", cue: "L4", row: 1, for: what };
    assert.equal(said([pressed, heard(1, "begun"), wait], 2).text, "waited for, 1×");
  }
});

test("a press that ends an `until` is used up", () => {
  const pad = { ...PAD, whens: [], keeps: true };
  const wait = { segment: "one", for: "until button scare" };
  const entries = [{ kind: "wait", ...wait }, pressed, { kind: "resume", ...wait, why: "button" }];
  assert.equal(said([pressed], 2, pad).text, "1 kept, 1×");
  assert.equal(said(entries, 2, pad).text, "1×");
});
