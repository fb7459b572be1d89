// Entries: what each kind of journal entry changes in the model.

import * as course from "./progress.js";
import { runClock, setClock, stopClock } from "./cue-clock.js";
import { cueKey, inside, isOld, isVersion, momentOf, plannedCommand } from "./planned.js";
import { row } from "./cue-states.js";
import { isSpeech, keyOf, leads, topOf } from "./score.js";
import { breakAt, enter, forget, furthest, halt, jump, loopOf, overrun, pass, playhead, where } from "./playhead.js";
import { waitsForWorld } from "./words.js";

/** Why a command may be skipped without that being a failure. */
const IN_ORDER = new Set(["over", "stop", "seek", "reload", "panic"]);

/** So many frames of a command are kept at hand for its details. */
const FRAMES = 24;

/** What is still obeyed after a panic. */
const AFTER_PANIC = new Set(["seek", "stop", "panic"]);

/** Kind of entry -> what it does to the model: (model, entry, real, raw). */
export const TAKERS = {
  show(model, entry) {
    model.title = entry.title ?? model.title;
    model.fingerprint = entry.fingerprint;
    for (const [name, driver] of Object.entries(entry.devices ?? {})) {
      if (!model.devices.has(name)) model.devices.set(name, lamp(name, driver));
    }
  },

  device(model, entry) {
    const one = device(model, entry.device);
    if (entry.state === "note") {
      one.detail = entry.detail ?? null;
      return;
    }
    one.state = entry.state;
    one.detail = entry.detail ?? null;
  },

  segment(model, entry, real) {
    model.begun = true;
    model.pending = null;
    const known = model.score.segmentOf.get(entry.segment);
    const begins = known?.at ?? null;
    // After a seek the segment is entered where the seek went.
    if (model.target !== null && begins !== null && model.target >= begins) {
      enter(model, entry.segment, real, model.target);
      model.target = null;
      return;
    }
    model.target = null;
    const late = model.segment === null || begins === null ? 0 : overrun(model, real, begins);
    if (begins !== null && begins < furthest(model) - 1) forget(model, begins);
    else if (begins !== null && late > course.BREAK) breakAt(model, begins, late);
    enter(model, entry.segment, real, begins ?? 0);
  },

  cue(model, entry, real) {
    model.begun = true;
    const key = keyOf(entry.segment, entry.track, entry.cue);
    model.pending = { key, real, entry };
    model.counted.delete(key);
    if (!inside(model, entry.cue)) setClock(model, entry, real);
    const planned = model.score.cues.get(key);
    if (isOld(model)) {
      // The labels are those of an older text. Its commands will tell where the cue is now; where it has none, its label
      // is believed as long as labels have been right in this track.
      if (!planned || planned.commands.length || model.moved.has(keyOf(entry.segment, entry.track))) return;
    }
    if (planned) pass(model, entry, real, planned.at);
    row(model, keyOf(entry.segment, entry.track, topOf(model.score, entry.cue)), entry, real);
  },

  command(model, entry, real) {
    const planned = plannedCommand(model, entry);
    if (planned && model.pending && isOld(model)) {
      if (planned.cue !== entry.cue) model.moved.add(keyOf(entry.segment, entry.track));
      pass(model, planned, model.pending.real, model.score.cues.get(cueKey(planned))?.at ?? planned.start);
      const key = keyOf(planned.segment, planned.track, topOf(model.score, planned.cue));
      // The first command of the cue stands for the cue itself.
      if (model.pending.row !== key) row(model, key, model.pending.entry, real);
      model.pending.row = key;
    }
    const place = planned ? model.score.cues.get(cueKey(planned))?.at ?? planned.start : null;
    const since = model.pending?.real ?? real;
    const chased = isChased(model, entry, planned);
    const act = {
      ...entry,
      speech: isSpeech(entry.verb),
      planned,
      top: keyOf(entry.segment, entry.track, topOf(model.score, planned ? planned.cue : entry.cue)),
      chased,
      plan: chased ? playhead(model, real).plan
        : planned && !leads(planned.cue) ? place + (real - since) : where(model, entry, real, planned),
      taken: real,
      sent: null,
      ended: null,
      result: null,
      reason: null,
      took: null,
      bad: false,
      frames: [],
      spoken: null,
      attempt: null,
    };
    model.acts.push(act);
    if (planned && !(chased && model.actOf.has(planned.id))) model.actOf.set(planned.id, act);
    model.open.set(entry.id, act);
    const line = model.rows.get(act.top);
    if (line) {
      line.open += 1;
      line.total += 1;
    }
  },

  sent(model, entry, real, raw) {
    const one = device(model, entry.device);
    one.asked = entry.at;
    const act = keepFrame(model, entry, raw);
    if (act && act.sent === null) act.sent = real;
    if (act?.speech) hearWords(act, entry.frame ?? JSON.parse(raw).frame, entry.attempt);
  },

  reply(model, entry, real, raw) {
    device(model, entry.device).replied = entry.at;
    keepFrame(model, entry, raw);
  },

  event(model, entry, real, raw) {
    device(model, entry.device).replied = entry.at;
    keepFrame(model, entry, raw);
  },

  outcome(model, entry, real) {
    const act = model.open.get(entry.id);
    if (!act) return;
    model.open.delete(entry.id);
    act.ended = real;
    act.result = entry.result;
    act.reason = entry.reason ?? null;
    act.took = entry.took ?? 0;
    act.bad = entry.result === "failed" || entry.result === "timed-out"
      || (entry.result === "skipped" && !IN_ORDER.has(entry.reason ?? ""));
    if (act.bad) model.problems += 1;
    const line = model.rows.get(act.top);
    if (!line) return;
    line.open = Math.max(0, line.open - 1);
    line.results.set(entry.result, (line.results.get(entry.result) ?? 0) + 1);
    if (act.bad) line.bad = entry.result;
  },

  wait(model, entry, real) {
    const track = keyOf(entry.segment, entry.track);
    const world = waitsForWorld(entry.for);
    const moment = momentOf(model, entry, true);
    const label = isOld(model) && model.moved.has(track) && moment ? moment.cue : entry.cue;
    const place = keyOf(entry.segment, entry.track, topOf(model.score, label));
    model.waits.push({ ...entry, trackKey: track, row: place, world, since: real, leads: leads(entry.cue) });
    if (moment !== null && entry.for !== "then") pass(model, entry, real, moment.wait);
    if (world) {
      const own = model.courses.get(track);
      if (own && leads(entry.cue)) own.standing += 1;
      stopClock(model, entry, real);
    }
  },

  resume(model, entry, real) {
    const same = (wait) => wait.segment === entry.segment && wait.track === entry.track && wait.for === entry.for;
    const exact = model.waits.findIndex((wait) => same(wait) && wait.cue === entry.cue);
    // A reload may have moved the line a wait stands in.
    const index = exact >= 0 ? exact : model.waits.findIndex(same);
    const wait = index < 0 ? null : model.waits[index];
    const moment = momentOf(model, entry, false);
    if (wait) model.waits.splice(index, 1);
    if (wait?.world) {
      const own = model.courses.get(wait.trackKey);
      // What a panic lets go does not go on.
      if (own && wait.leads && model.halted === null) own.standing = Math.max(0, own.standing - 1);
      runClock(model, entry, real);
      const from = wait.leads ? model.courses.get(wait.trackKey)?.anchors.at(-1) : null;
      if (from && moment !== null && entry.why !== "seek") breakAt(model, from.plan, real - wait.since, entry.for);
      if (entry.why === "button") {
        const name = entry.for.slice("button ".length);
        model.buttons.set(name, Math.max(0, (model.buttons.get(name) ?? 0) - 1));
      }
    }
    if (entry.why === "seek" || entry.why === "over" || entry.why === "panic" || entry.why === "reload") return;
    if (moment === null) return;
    // The time a person took is a break of its own, already noted.
    pass(model, entry, real, moment.resume, Boolean(wait?.world));
  },

  operator(model, entry, real) {
    // What came twice within a moment, or after a panic, is in the journal and did nothing.
    if (entry.ignored || (model.panicked && !AFTER_PANIC.has(entry.action))) return;
    switch (entry.action) {
      case "pause":
        if (model.paused === null) model.paused = entry.at;
        break;
      case "resume":
        if (model.paused !== null) model.pauses += Math.max(0, entry.at - model.paused);
        model.paused = null;
        break;
      case "button":
        model.buttons.set(entry.name, (model.buttons.get(entry.name) ?? 0) + 1);
        break;
      case "panic":
        model.panicked = true;
        halt(model, real);
        break;
      case "loop":
        model.loop = loopOf(model, entry);
        break;
      case "unloop":
        model.loop = null;
        break;
      case "seek":
        jump(model, entry, real);
        break;
      default:
    }
  },

  reload(model, entry) {
    model.reload = entry;
    model.moved.clear();
    model.versions += isVersion(entry);
  },

  end(model, entry, real) {
    model.ended = entry.result;
    halt(model, real);
    model.waits = [];
  },
};

/** What is known of a device. */
export function lamp(name, driver) {
  return { name, driver, state: "not connected yet", detail: null, replied: null, asked: null };
}

function device(model, name) {
  if (!model.devices.has(name)) model.devices.set(name, lamp(name, name));
  return model.devices.get(name);
}

/** Whether a command only brings its device to where the show is (after a seek, a loss): its cue lies behind. */
function isChased(model, entry, planned) {
  if (entry.segment !== model.segment) return true;
  const own = model.courses.get(keyOf(entry.segment, entry.track));
  return Boolean(own && planned && leads(planned.cue) && planned.start < own.anchors[0].plan - 1000);
}

/** What is really said, with every value filled in, is in the frames alone. */
function hearWords(act, frame, attempt) {
  const words = frame?.payload?.text ?? frame?.text;
  if (typeof words !== "string" || words === "") return;
  act.spoken = act.attempt === attempt && act.spoken ? `${act.spoken} ${words}` : words;
  act.attempt = attempt;
}

function keepFrame(model, entry, raw) {
  const act = entry.id === undefined ? null : model.open.get(entry.id) ?? model.acts.findLast((one) => one.id === entry.id);
  if (act && act.frames.length < FRAMES) act.frames.push({ kind: entry.kind, at: entry.at, raw });
  return act;
}
