import assert from "node:assert/strict";
import { test } from "node:test";

import {
  agoText, awaitedButtons, barText, clockText, cueText, entryText, fileName, lengthText, readText, readTime, reloadText, visible, waitText, waitsForWorld, writtenTime,
} from "../../showrunner/console/page/model/words.js";

test("a clock shows hours only where there are any, and is cut, not rounded", () => {
  assert.deepEqual([0, 61_999_999, 3_600_000_000, -1_500_000].map((micros) => clockText(micros)), ["00:00.0", "01:01.9", "1:00:00.0", "-00:01.5"]);
  assert.equal(clockText(61_999_999, 0), "01:01");
  assert.equal(clockText(1_002_000, 3), "00:01.002");
});

test("a beat is called by its bar, and before bar 1 there is none", () => {
  const music = { first: 350_000, beat: 60e6 / 174.614, beats: 3 };
  const later = [0, 343_615, 687_230, 1_030_845, 10_308_454].map((after) => barText(music, 350_000 + after));
  assert.deepEqual(later, ["1.1", "1.2", "1.3", "2.1", "11.1"]);
  assert.deepEqual([barText(music, 349_998), barText(undefined, 1e6)], ["", ""]);
});

test("a length is as exact as it is short", () => {
  assert.deepEqual([0, 999, 80_999, 2_499_999, 185_999_999, 7_500_000_000].map(lengthText),
    ["0 ms", "0 ms", "80 ms", "2.4 s", "3 min 05 s", "2 h 05 min"]);
});

test("what is written as a time is read as the same one", () => {
  for (const micros of [0, 1000, 62_345_000, 36_000_000_000]) assert.equal(readTime(writtenTime(micros)), micros);
  assert.deepEqual([62_345_000, 5_000_000].map(writtenTime), ["00:01:02.345", "00:00:05"]);
  assert.deepEqual([1_999_999, 59_999_999].map(writtenTime), ["00:00:01.999", "00:00:59.999"]);
});

test("times are read as the language writes them, and nothing else is a time", () => {
  assert.deepEqual(["01:02.5", "1:00:00", "1m30s", "250ms", "1.5s", "0s"].map(readTime), [62_500_000, 3_600_000_000, 90_000_000, 250_000, 1_500_000, 0]);
  for (const text of ["", "one", "1", "5 s", "1:2", "take 1s"]) assert.equal(readTime(text), null, text);
});

test("what waits is told in a producer's words", () => {
  assert.deepEqual(["go", "go ready?", "button bell", "then", "command 12", "time 3s", "cue intro", "event x", "?"].map(waitText), [
    "GO", "GO: ready?", "button bell", "what is above to finish", "a command to finish", "3s to pass", "cue intro", "event x", "?",
  ]);
  assert.deepEqual(["go", "go on", "button b", "event e", "then", "command 1", "goal"].map(waitsForWorld), [true, true, true, true, false, false, false]);
});

test("signs that turn or hide a text are spelled out, line breaks stay", () => {
  assert.equal(visible("a\u202eb\u0000\n\tc"), "a\\u{202e}b\\u{0}\n\tc");
});

test("a reload is told by what it changed", () => {
  const reload = { seq: 1, at: 0, kind: "reload" };
  assert.equal(reloadText({ ...reload, ok: false }), "a save was refused; the show plays on as it was");
  assert.equal(reloadText({ ...reload, added: ["a", "b"], removed: [], missed: ["c"] }), "reloaded: 2 added, 1 missed");
  assert.equal(reloadText(reload), "reloaded: nothing that plays has changed");
});

test("every entry has a line, also of a kind that nobody knows yet", () => {
  const entry = { seq: 0, at: 0 };
  assert.equal(entryText({ ...entry, kind: "operator", action: "loop", to: "a b", from: "key" }), "loop a b, from the key");
  const donate = { ...entry, kind: "operator", action: "button", name: "donate", from: "api", text: "Hi", fields: { amount: 5 } };
  assert.equal(entryText(donate), "button donate “Hi”, from the api");
  assert.equal(entryText({ ...donate, ignored: "nobody listens" }), "button donate “Hi”, from the api: ignored, nobody listens");
  assert.equal(entryText({ ...entry, kind: "outcome", id: 3, result: "failed", reason: "refused", took: 80_000 }), "3  failed (refused) after 80 ms");
  assert.equal(entryText({ ...entry, kind: "cue", segment: "s", track: "t", cue: "c", due: 0, late: 2000 }), "cue s/t c at 00:00.000, 2 ms late");
  assert.equal(entryText({ ...entry, kind: "new" }), "new");
});

test("a cue without a name is called by its line, as people count", () => {
  assert.deepEqual(["L7", "take #1", "part.show:L4", "parts/song.show:L2", "L15/L16#2/L18", "L2#3/L4#1/L5", "L7/wave/L31"].map(cueText), [
    "line 7", "take #1", "part.show, line 4", "song.show, line 2", "line 18, turn 2", "line 5, turn 1 of 3", "line 31",
  ]);
  const wait = { seq: 0, at: 0, kind: "wait", segment: "s", track: "t", cue: "L15/L16#2/L18", for: "go" };
  assert.equal(entryText(wait), "s/t line 18, turn 2 waits for GO");
  assert.equal(entryText({ ...wait, segment: undefined, track: undefined }), "line 18, turn 2 waits for GO");
});

test("how long ago is told in whole units; a path by its last part", () => {
  assert.deepEqual([10, 5e6, 125e6, 8e9].map(agoText), ["just now", "5 s ago", "2 min ago", "2 h ago"]);
  assert.deepEqual(["a/b.show", "C:\\a\\b.show", "b.show"].map(fileName), ["b.show", "b.show", "b.show"]);
});

test("a command is read with what was known of it before the show filled in", () => {
  assert.equal(readText({ text: 'say "Hi {host}"', filled: 'say "Hi Mika"' }), 'say "Hi Mika"');
  assert.equal(readText({ text: "hold" }), "hold");
});

test("of several things that are waited for each is named, and each button known", () => {
  const what = "button yes or event obs scene Game or button no or clock 20:00";
  assert.equal(waitText(what), "button yes or event obs scene Game or button no or 20:00 on the clock");
  assert.deepEqual(awaitedButtons(what), ["yes", "no"]);
  assert.deepEqual(awaitedButtons("go red or button blue?"), []);
  assert.equal(waitText("go red or button blue?"), "GO: red or button blue?");
});

test("an until names its buttons too, stops no clock, and is said in its own words", () => {
  const what = "until button start or clock 20:00";
  assert.deepEqual(awaitedButtons(what), ["start"]);
  assert.equal(waitsForWorld(what), false);
  const begun = /** @type {any} */ ({ kind: "wait", segment: "soon", for: what });
  assert.equal(entryText(begun), "soon goes on until button start or 20:00 on the clock");
  assert.equal(entryText({ ...begun, kind: "resume", why: "button" }), "soon: what it goes on until has come (button)");
});
