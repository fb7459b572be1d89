import assert from "node:assert/strict";
import { test } from "node:test";

import { cueClock } from "../../showrunner/console/page/model/cue-clock.js";
import { nextRow, rowState } from "../../showrunner/console/page/model/cue-states.js";
import { factsOfAct, factsOfEntry, factsOfPlanned, factsOfRow } from "../../showrunner/console/page/model/facts.js";
import { playhead, reached, span } from "../../showrunner/console/page/model/playhead.js";
import { readScore } from "../../showrunner/console/page/model/score.js";
import { rebuilt, running } from "../../showrunner/console/page/model/show.js";
import { goWait, skipWait, stateOf, worldWait } from "../../showrunner/console/page/model/state.js";
import { SECOND, journal, numbered, rawScore, shown, upTo } from "./small-show.js";

const states = (show) => [0, 1, 2, 3, 4].map((row) => rowState(show, row).state);
const told = { lost: false, started: true, over: false, ended: false };
const pressed = (seconds, action, more = {}) => ({ at: seconds * SECOND, kind: "operator", action, from: "key", ...more });

test("what goes as planned lies on its plan, without a break", () => {
  const show = shown(journal());
  assert.equal(show.breaks.size, 0);
  for (const act of show.acts) {
    assert.ok(act.planned, act.text);
    assert.equal(span(show, act, running(show, show.at)).start.plan, act.planned.start, act.text);
  }
  assert.deepEqual(states(show), ["done", "done", "done", "done", "done"]);
});

test("the same entries give the same show, and an entry that comes twice counts once", () => {
  const entries = journal(2);
  const twice = shown(entries.flatMap((entry) => [entry, entry]));
  assert.deepEqual(twice, shown(entries));
});

test("a hold stands in the plan: the playhead waits, the row says so, GO and SKIP mean it", () => {
  const { show, real } = upTo(5, journal(4));
  assert.deepEqual(playhead(show, real), { plan: 3 * SECOND, extra: 2 * SECOND, after: false });
  assert.deepEqual(states(show), ["done", "waiting", "ahead", "done", "ahead"]);
  assert.equal(goWait(show)?.for, "go ready?");
  assert.equal(skipWait(show), goWait(show));
  assert.equal(worldWait(show), goWait(show));
  assert.equal(stateOf(show, told), "waiting");
  assert.equal(cueClock(show, real), 3 * SECOND, "its clock stands");
  assert.equal(nextRow(show, 3 * SECOND)?.row, 2);
});

test("from the first bar of a track on its clock goes on at a hold, and what is late sets nothing back", () => {
  const music = rawScore();
  music.segments[0].tracks[0].cues[1].bar = true;
  const { show, real } = upTo(5, journal(4), music);
  assert.equal(cueClock(show, real), 5 * SECOND);
});

test("how long it stood is a break, and what comes behind lies on its plan again", () => {
  const show = shown(journal(4));
  assert.deepEqual([...show.breaks.values()], [{ plan: 3 * SECOND, extra: 4 * SECOND, for: "go ready?" }]);
  assert.deepEqual(show.waits, []);
  const flash = show.acts.find((act) => act.id === 3);
  assert.equal(flash && span(show, flash, show.at).start.plan, 5 * SECOND);
});

test("a turn that was not planned is shown with its row and belongs to no planned command", () => {
  const [more] = journal().filter((entry) => entry.id === 4);
  const place = { cue: "L5#3/L6", turns: [3] };
  const show = shown(numbered([...journal().filter((entry) => entry.at < 7 * SECOND), { ...more, ...place, id: 99, at: 6.5 * SECOND }]));
  const act = show.acts.find((one) => one.id === 99);
  assert.equal(act?.planned, null);
  assert.equal(act?.row, 2);
  assert.equal(rowState(show, 2).state, "playing");
});

test("a pause is no time of the plan", () => {
  const entries = numbered([...journal().filter((entry) => entry.at <= SECOND), pressed(1.5, "pause"), pressed(4.5, "resume")]);
  const { show, real } = upTo(5, entries);
  assert.equal(real, 2 * SECOND);
  assert.equal(playhead(show, real).plan, 2 * SECOND);
  assert.equal(upTo(3, entries).real, 1.5 * SECOND);
  assert.equal(stateOf(upTo(3, entries).show, told), "paused");
});

test("after a panic everything stands, and only what is obeyed then counts", () => {
  const entries = numbered([
    ...journal().filter((entry) => entry.at <= 2 * SECOND), pressed(2.5, "panic"), pressed(3, "button", { name: "bell" }), pressed(3, "pause"),
  ]);
  const { show, real } = upTo(9, entries);
  assert.equal(stateOf(show, told), "panic");
  assert.equal(playhead(show, real).plan, 2.5 * SECOND);
  assert.equal(show.buttons.get("bell"), 0);
  assert.equal(show.paused, null);
  const sought = shown(numbered([...entries, pressed(9, "seek", { to: "two" })]));
  assert.equal(stateOf(sought, told), "playing");
  assert.equal(playhead(sought, 9 * SECOND).plan, 7 * SECOND);
});

test("a seek forgets what is to come again, and keeps what lies before", () => {
  const entries = numbered([...journal().filter((entry) => entry.at <= 5 * SECOND), pressed(5.5, "seek", { to: "take #1" })]);
  const show = shown(entries);
  assert.deepEqual(states(show), ["done", "ahead", "ahead", "ahead", "ahead"]);
  assert.deepEqual(show.acts.map((act) => act.id), [1]);
  assert.equal(playhead(show, 5.5 * SECOND).plan, 2 * SECOND);
});

test("what a seek sends again is drawn where the seek went", () => {
  const [dim] = journal().filter((entry) => entry.id === 2);
  const entries = numbered([
    ...journal().filter((entry) => entry.at < 2 * SECOND), pressed(1.5, "seek", { to: "two+00:01" }),
    { at: 1.5 * SECOND, kind: "segment", segment: "two" }, { ...dim, at: 1.5 * SECOND },
  ]);
  const show = shown(entries);
  const act = show.acts.find((one) => one.id === 2);
  assert.deepEqual([act?.chased, act?.plan], [true, 8 * SECOND]);
  assert.equal(act && reached(show, act, 8.5 * SECOND, 2 * SECOND), 8.5 * SECOND);
});

test("after a seek no curve runs ahead of the playhead, though its track is not the one that stands", () => {
  const entries = numbered([
    ...journal().filter((entry) => entry.at <= 2.5 * SECOND), pressed(2.6, "seek", { to: "one+00:02.5" }),
    { at: 2.6 * SECOND, kind: "segment", segment: "one" },
    ...journal().filter((entry) => entry.kind === "wait").map((entry) => ({ ...entry, at: 3.1 * SECOND })),
  ]);
  const { show, real } = upTo(6, entries);
  const dim = show.acts.find((one) => one.id === 2);
  const { plan } = playhead(show, real);
  assert.deepEqual([plan, dim && reached(show, dim, plan, real)], [3 * SECOND, 3 * SECOND]);
});

test("a loop goes from one point to another, whatever they are called", () => {
  const loop = (to) => shown(numbered([pressed(0, "loop", { to })])).loop;
  assert.deepEqual(loop("two"), { from: 7 * SECOND, until: 10 * SECOND });
  assert.deepEqual(loop("one+00:01 take #1"), { from: SECOND, until: 2 * SECOND });
  assert.deepEqual(loop("take #1 two/parts/two.show:L2"), { from: 2 * SECOND, until: 9 * SECOND });
  assert.equal(shown(numbered([pressed(0, "loop", { to: "two" }), pressed(1, "unloop")])).loop, null);
});

test("after a reload what was played is found by its row, wherever it stands now", () => {
  const show = shown(journal().filter((entry) => entry.at <= 3 * SECOND));
  const raw = rawScore();
  const [one] = raw.segments;
  const [main] = one.tracks;
  const fresh = { ...main.cues[0], cue: "L3", row: 7, at: 0 };
  const moved = main.cues.map((cue) => ({ ...cue, cue: `L${cue.line + 1}`, line: cue.line + 1 }));
  const after = rebuilt(show, readScore({ ...raw, segments: [{ ...one, tracks: [{ ...main, cues: [fresh, ...moved] }, one.tracks[1]] }, raw.segments[1]] }));
  assert.deepEqual([7, 0, 1, 2].map((row) => rowState(after, row).state), ["ahead", "done", "done", "ahead"]);
});

test("a row goes on between its turns, up to the last of them", () => {
  const text = (seconds) => rowState(upTo(seconds, journal()).show, 2).text;
  assert.deepEqual([5, 5.5, 6].map(text), ["goes on", "goes on", "done"]);
});

test("what has no end goes on with its segment", () => {
  const raw = rawScore();
  raw.segments[0].tracks[0].cues[0].endless = true;
  const text = (seconds) => rowState(shown(journal().filter((entry) => entry.at <= seconds * SECOND), raw), 0).text;
  assert.deepEqual([2, 4, 7].map(text), ["playing", "goes on", "done"]);
  const panicked = shown(numbered([...journal().filter((entry) => entry.at <= 4 * SECOND), pressed(4, "panic")]), raw);
  assert.equal(rowState(panicked, 0).text, "done");
});

test("what stands in a meanwhile is not waited for: its command may end before", () => {
  const raw = rawScore();
  for (const entry of raw.plan.entries) if (entry.inner !== undefined && entry.kind === "cue") entry.meanwhile = true;
  assert.equal(rowState(shown(journal().filter((entry) => entry.at <= 5.5 * SECOND), raw), 2).text, "done");
});

test("what ended badly marks its row; what was skipped in order does not", () => {
  const before = journal().filter((entry) => entry.at < 3 * SECOND);
  const failed = shown(numbered([...before, { at: 3 * SECOND, kind: "outcome", id: 1, result: "timed-out", took: SECOND }]));
  assert.deepEqual(rowState(failed, 0), { state: "bad", text: "timed-out" });
  const skipped = shown(numbered([...before, { at: 3 * SECOND, kind: "outcome", id: 1, result: "skipped", reason: "over" }]));
  assert.deepEqual(rowState(skipped, 0), { state: "cut", text: "cut short" });
});

test("a cue that came late says how late", () => {
  const show = shown(journal().map((entry) => (entry.kind === "cue" && entry.row === 0 ? { ...entry, late: 340_000 } : entry)));
  assert.deepEqual(rowState(show, 0), { state: "late", text: "0.3 s late" });
});

test("a button that is pressed early is kept until somebody waits for it", () => {
  const wait = { segment: "one", track: "main", cue: "L4", row: 1, for: "button bell" };
  const entries = numbered([
    ...journal().filter((entry) => entry.at <= 2 * SECOND), pressed(2.5, "button", { name: "bell" }),
    { at: 3 * SECOND, kind: "wait", ...wait }, { at: 3 * SECOND, kind: "resume", ...wait, why: "button" },
  ]);
  assert.equal(upTo(2.6, entries).show.buttons.get("bell"), 1);
  assert.equal(upTo(3, entries).show.buttons.get("bell"), 0);
  assert.equal(upTo(3, entries).show.presses.get("bell"), 1, "how often it was pressed stays known");
});

test("of several buttons that are waited for the one that was pressed is used up, and no other", () => {
  const wait = { segment: "one", track: "main", cue: "L4", row: 1, for: "button never or button bell" };
  const entries = numbered([
    ...journal().filter((entry) => entry.at <= 2 * SECOND), { at: 2.2 * SECOND, kind: "wait", ...wait },
    pressed(2.5, "button", { name: "bell" }), { at: 2.5 * SECOND, kind: "resume", ...wait, why: "button" },
  ]);
  assert.equal(upTo(2.6, entries).show.buttons.get("bell"), 0);
});

test("devices have the state they told last, a note changes only what is said of it", () => {
  const entry = { at: 0, kind: "device", device: "lights" };
  const show = shown(numbered([{ ...entry, state: "ready" }, { ...entry, state: "note", detail: "warm" }, { ...entry, device: "new", state: "lost" }]));
  assert.deepEqual(show.devices.get("lights"), { name: "lights", driver: "lights", state: "ready", detail: "warm", replied: null, rests: false });
  assert.equal(show.devices.get("new")?.state, "lost");
});

test("a device rests from where it says so until its state is another", () => {
  const entry = { at: 0, kind: "device", device: "lights" };
  const waits = [{ ...entry, state: "waiting", rests: true }, { ...entry, state: "note", detail: "still" }];
  assert.equal(shown(numbered(waits)).devices.get("lights")?.rests, true);
  assert.equal(shown(numbered([...waits, { ...entry, state: "connecting" }])).devices.get("lights")?.rests, false);
});

test("what is really said comes from the frames, all parts of one attempt together", () => {
  const sent = (text, attempt) => ({ at: SECOND, kind: "sent", id: 1, device: "rin", frame: { text }, attempt });
  const before = journal().filter((entry) => entry.at <= SECOND);
  const show = shown(numbered([...before, sent("A", 1), sent("A", 2), sent("Mika", 2)]));
  assert.equal(show.acts[0].spoken, "A Mika");
  assert.equal(show.acts[0].frames.length, 3);
  assert.equal(show.records.at(-1)?.entry.frame, undefined, "the frame itself is not kept twice");
});

test("facts tell what can be told of a cue, a command and an entry", () => {
  const show = shown(journal());
  const [act] = show.acts;
  assert.deepEqual(factsOfAct(act, show.played.get(0)).lines, ["line 3 · one/main", "done, took 2.0 s", "expected 2.0 s"]);
  assert.deepEqual(factsOfPlanned(show.score.commands[4]).lines, ["two.show, line 2 · two/main", "expected at 00:09.000 for 1.0 s"]);
  const row = show.score.rowOf.get(0);
  assert.deepEqual(row && factsOfRow(row, show).lines, [
    "line 3 of a.show · one/main", "expected at 00:01.000 (at 1s)", "taken at 00:01.000", 'rin tell "A {name}" → done',
  ]);
  assert.equal(factsOfEntry(show.records[0]).title, "segment one “One”");
});
