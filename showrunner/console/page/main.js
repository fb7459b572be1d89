// The page put together: entries from the stream go into the model, the model onto the page, presses to the desk.

import { Book } from "./view/prompt-book.js";
import { Clock } from "./model/clock.js";
import { CueList } from "./view/cue-list.js";
import { Desk } from "./net/desk.js";
import { element, visible } from "./view/element.js";
import { Head, stateOf } from "./view/head.js";
import { KEYS, listen } from "./view/keyboard.js";
import { Lamps } from "./view/devices.js";
import { Log } from "./view/log.js";
import { newModel, rebuilt, running, take } from "./model/show.js";
import { Notices } from "./view/notices.js";
import { nextRow } from "./model/cue-states.js";
import { nameOf, readScore } from "./model/score.js";
import { Stream } from "./net/stream.js";
import { Timeline } from "./view/timeline.js";
import { Tip, factsOfRow } from "./view/details.js";
import { Transport } from "./view/transport.js";
import { Voices } from "./view/voices.js";
import { playhead } from "./model/playhead.js";
import { clockText, entryText } from "./model/words.js";

const $ = (id) => document.getElementById(id);

/** What changes by itself (how long ago a device answered) is written anew this often (milliseconds). */
const CALM = 500;

/** After a loss longer than this the score is fetched again: a reload may have been missed. */
const LONG = 5000;

const clock = new Clock();
let model = null;
let run = null;
let lost = false;
let barred = false;
let readonly = false;
let started = false;
let undo = false;
let redo = false;
let refused = false;
let findings = [];
let missing = {};
let dirty = true;
let shownAt = 0;
/** Where the show stood when it was over, where it stays open all the same. */
let over = null;
let place = { plan: 0, extra: 0, after: false };
let next = null;

const notices = new Notices($("notices"), press, openBook);
const desk = new Desk((sentence) => {
  notices.complain(sentence);
  dirty = true;
});

/** Ask the desk, and put away what was said about an earlier press. */
function press(action, more) {
  notices.complain(null);
  dirty = true;
  return desk.press(action, more);
}

const seek = (point) => (readonly || !model ? null : press("seek", { to: nameOf(model.score, point) }));
const tip = new Tip($("tip"), document.querySelector(".transport"), seek);
const head = new Head({
  title: $("title"), segment: $("segment"), clock: $("clock"), tenths: $("tenths"), show: $("show"), state: $("state"),
  countdown: $("countdown"), caption: $("next-caption"), what: $("what"), spoken: $("spoken"),
});
const transport = new Transport({
  go: $("go"), goWord: $("go-word"), goLabel: $("go-label"), skip: $("skip"), skipLabel: $("skip-label"), pause: $("pause"),
  stop: $("stop"), panic: $("panic"), previous: $("previous"), next: $("next"), loop: $("loop"), again: $("again"),
  undo: $("undo"), redo: $("redo"), speed: $("speed"), speedBox: $("speed-box"), seek: $("seek"), to: $("to"), seekKey: $("seek-key"), buttons: $("buttons"),
}, press, () => place.plan);
const timeline = new Timeline({
  box: $("timeline"), scroller: $("scroller"), canvas: $("canvas"), playhead: $("playhead"), closer: $("closer"),
  further: $("further"), whole: $("whole"), follow: $("follow"), pointer: $("pointer"),
}, tip, seek);
const cueList = new CueList($("cue-rows"), press, (row, from) => {
  const { right, top } = from.getBoundingClientRect();
  tip.open(row, factsOfRow(row, model), Math.min(right - 300, innerWidth / 3), top, { pinned: true, from });
});
const book = new Book($("book-rows"), $("files"));
const log = new Log($("log-rows"), $("log-words"), $("log-kinds"), ({ entry, raw }, from) => {
  const { left, top } = from.getBoundingClientRect();
  const facts = { title: entryText(entry), lines: [`entry ${entry.seq}, ${clockText(entry.at, 3)}`], frames: [] };
  facts.lines.push(JSON.stringify(JSON.parse(raw), null, 1).slice(0, 4000));
  tip.open(entry, facts, left, top, { pinned: true, from });
});
const lamps = new Lamps($("lamps"));
const voices = new Voices($("voices"));

function view(name) {
  const root = document.documentElement;
  root.dataset.view = name;
  if (name === "book" || name === "log") root.dataset.side = name;
  for (const button of document.querySelectorAll("button[data-view], button[data-side]")) {
    const on = button.dataset.view ? button.dataset.view === root.dataset.view : button.dataset.side === root.dataset.side;
    button.setAttribute("aria-pressed", on ? "true" : "false");
  }
  dirty = true;
}

for (const button of document.querySelectorAll("button[data-view], button[data-side]")) {
  button.addEventListener("click", () => view(button.dataset.view ?? button.dataset.side));
}

function openBook(path, line) {
  view("book");
  book.openAt(path, line);
}

function help() {
  $("key-list").replaceChildren(...KEYS.flatMap((one) => [element("dt", {}, one.shown), element("dd", {}, one.does)]));
  $("keys").showModal();
}

$("help").addEventListener("click", help);

listen({
  go: () => transport.go(),
  skip: () => press("skip"),
  pause: () => transport.pause(),
  next: () => press("next"),
  previous: () => press("previous"),
  stop: () => transport.stop(),
  panic: () => press("panic"),
  again: () => transport.again(),
  loop: () => { transport.loop(); dirty = true; },
  undo: () => press("undo-reload"),
  button: (index) => transport.button(index),
  follow: () => { timeline.follow(true); cueList.follow(true); book.follow(true); },
  closer: () => timeline.zoom(1.5),
  further: () => timeline.zoom(1 / 1.5),
  search: () => { view("log"); $("log-words").focus(); },
  help,
});

// --- what comes

let fetching = null;
let again = false;

/** Fetch the score; asked for while it is being fetched, it is fetched once more. */
function fetchScore() {
  if (fetching) {
    again = true;
    return fetching;
  }
  fetching = (async () => {
    do {
      again = false;
      const answer = await fetch("/api/score").catch(() => null);
      if (answer?.status === 403) barred = true;
      if (answer?.status === 429) await new Promise((done) => { setTimeout(done, 1000); });
      if (answer?.status === 429) again = true;
      if (answer?.ok) takeScore(await answer.json());
    } while (again);
    fetching = null;
  })();
  return fetching;
}

function takeScore(raw) {
  if (run !== null && raw.run !== undefined && raw.run !== run) {
    location.reload();
    return;
  }
  run = raw.run ?? run;
  readonly = desk.readonly = Boolean(raw.readonly);
  started = started || Boolean(raw.started);
  undo = Boolean(raw.undo);
  redo = Boolean(raw.redo);
  refused = Boolean(raw.refused);
  findings = raw.findings ?? [];
  barred = false;
  const score = readScore(raw);
  model = model ? rebuilt(model, score) : newModel(score);
  document.title = visible(`${model.title} · showrunner`);
  dirty = true;
}

const stream = new Stream({
  entry(entry, raw) {
    take(model, entry, raw);
    clock.atLeast(entry.at);
    if (entry.kind === "reload" && entry.ok !== false) {
      fetchScore();
    }
    dirty = true;
  },
  now(data) {
    clock.heard(data);
    started = started || data.at !== null;
    dirty = true;
  },
  score: () => fetchScore(),
  findings(data) {
    refused = Boolean(data.refused);
    findings = data.findings ?? [];
    dirty = true;
  },
  standby(data) {
    missing = data.missing ?? {};
    dirty = true;
  },
  run(data) {
    if (run !== null && data.run !== run) location.reload();
    run = data.run;
  },
  lost() {
    lost = true;
    clock.freeze();
    dirty = true;
  },
  back(away) {
    lost = false;
    if (away > LONG) fetchScore();
    dirty = true;
  },
  refused() {
    barred = true;
    dirty = true;
  },
});

// --- what is shown

function frame(now) {
  requestAnimationFrame(frame);
  if (!model) return;
  const at = clock.now();
  over = clock.over && model.begun ? over ?? running(model, model.at) : null;
  const real = over ?? running(model, Math.max(at ?? 0, model.at));
  place = playhead(model, real);
  const ended = clock.ended && !lost;
  const state = stateOf(model, { lost: lost || barred, started, over: clock.over, ended });
  if (dirty || now - shownAt > CALM) {
    dirty = false;
    shownAt = now;
    const still = ["over", "ended", "stopped", "panic"].includes(state);
    next = still ? null : nextRow(model, place.plan);
    transport.show(model, { state, still, readonly, undo, redo, speed: clock.speed });
    cueList.show(model, next, { readonly, unable: state === "standby" || state === "ended" || state === "stopped" });
    book.show(model, findings);
    log.show(model);
    lamps.show(model, at);
    notices.show({ model, at, lost, refused, findings, missing, started: started || model.begun, undo, redo, readonly, barred });
    timeline.dirty = true;
  }
  head.show(model, { state, at, real, place, next });
  voices.show(model, real);
  timeline.frame(model, real, place, now);
}

view("cues");
await fetchScore();
while (!model) {
  await new Promise((done) => { setTimeout(done, 1000); });
  await fetchScore();
}
stream.open();
requestAnimationFrame(frame);
