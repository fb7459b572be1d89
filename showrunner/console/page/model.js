// The model: what the console knows of the show, made of the score and the journal's entries and of nothing else.
// The same entries give the same model. No page, no clock, no network.

import * as course from "./course.js";
import { isSpeech, keyOf, leads, pointOf, topOf, waitKey } from "./score.js";
import { waitsForWorld } from "./words.js";

/** Why a command may be skipped without that being a failure. */
const IN_ORDER = new Set(["over", "stop", "seek", "reload", "panic"]);

/** A cue taken later than this is shown as late (microseconds). */
export const LATE = 100_000;

/** So many frames of a command are kept at hand for its details. */
const FRAMES = 24;

/** What is still obeyed after a panic. */
const AFTER_PANIC = new Set(["seek", "stop", "panic"]);

/** A model of a show of which nothing has been heard yet. */
export function newModel(score) {
  return {
    score,
    seq: -1,
    at: 0,
    records: [],
    title: score.title,
    fingerprint: null,
    begun: false,
    ended: null,
    panicked: false,
    paused: null,
    pauses: 0,
    segment: null,
    courses: new Map(),
    known: new Map(),
    marks: 0,
    clocks: new Map(),
    waits: [],
    acts: [],
    actOf: new Map(),
    open: new Map(),
    rows: new Map(),
    breaks: new Map(),
    buttons: new Map((score.buttons ?? []).map((name) => [name, 0])),
    devices: new Map((score.devices ?? []).map((one) => [one.name, lamp(one.name, one.driver)])),
    reload: null,
    loop: null,
    problems: 0,
    counted: new Map(),
    versions: 0,
    oldVersions: 0,
    moved: new Set(),
    target: null,
    halted: null,
    pending: null,
  };
}

/** The model anew from what was recorded, with another score: after a reload places have moved. */
export function rebuilt(model, score) {
  const next = newModel(score);
  next.oldVersions = model.records.reduce((sum, record) => sum + isVersion(record.entry), 0);
  for (const record of model.records) take(next, record.entry, record.raw);
  return next;
}

function isVersion(entry) {
  return entry.kind === "reload" && entry.ok !== false && entry.old !== entry.new ? 1 : 0;
}

function lamp(name, driver) {
  return { name, driver, state: "not connected yet", detail: null, replied: null, asked: null };
}

/** Show time without the pauses: what the plan's times are compared with. */
export function running(model, at) {
  return at - model.pauses - (model.paused === null ? 0 : Math.max(0, at - model.paused));
}

/** Take one entry of the journal. `raw` is its line, kept for those who want to read it. */
export function take(model, entry, raw) {
  if (entry.seq <= model.seq) return;
  model.seq = entry.seq;
  model.at = Math.max(model.at, entry.at);
  const real = running(model, entry.at);
  // A frame can be long and is seldom looked at: its line is kept, not the object.
  const kept = entry.frame === undefined ? entry : { ...entry, frame: undefined };
  model.records.push({ entry: kept, raw });
  TAKERS[entry.kind]?.(model, entry, real, raw);
}

const TAKERS = {
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
    const act = {
      ...entry,
      speech: isSpeech(entry.verb),
      planned,
      top: keyOf(entry.segment, entry.track, topOf(model.score, planned ? planned.cue : entry.cue)),
      plan: planned && !leads(planned.cue) ? place + (real - since) : where(model, entry, real, planned),
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
    if (planned) model.actOf.set(planned.id, act);
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
    if (act?.speech) hearWords(act, entry);
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
      if (own && wait.leads) own.standing = Math.max(0, own.standing - 1);
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
        model.halted ??= real;
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
    model.halted ??= real;
    model.waits = [];
  },
};

function device(model, name) {
  if (!model.devices.has(name)) model.devices.set(name, lamp(name, name));
  return model.devices.get(name);
}

/** What is really said, with every value filled in, is in the frames alone. */
function hearWords(act, entry) {
  const words = entry.frame?.payload?.text ?? entry.frame?.text;
  if (typeof words !== "string" || words === "") return;
  act.spoken = act.attempt === entry.attempt && act.spoken ? `${act.spoken} ${words}` : words;
  act.attempt = entry.attempt;
}

function keepFrame(model, entry, raw) {
  const act = entry.id === undefined ? null : model.open.get(entry.id) ?? model.acts.findLast((one) => one.id === entry.id);
  if (act && act.frames.length < FRAMES) act.frames.push({ kind: entry.kind, at: entry.at, raw });
  return act;
}

/** Whether what is taken was written before the last reload, so that its labels may have moved. */
function isOld(model) {
  return model.versions < model.oldVersions;
}

/** Whether a cue stands in a scope inside its track's own list. */
function inside(model, cue) {
  return topOf(model.score, cue) !== cue;
}

function cueKey(planned) {
  return keyOf(planned.segment, planned.track, planned.cue);
}

/** The planned command that this one is: the k-th of its cue, if it has the same words; else by its words alone. */
function plannedCommand(model, entry) {
  const key = keyOf(entry.segment, entry.track, entry.cue);
  const listed = model.score.cues.get(key)?.commands ?? [];
  if (!isOld(model) || listed.some((one) => one.text === entry.text)) {
    const number = counted(model, key, "commands");
    return listed[number]?.text === entry.text ? listed[number] : listed.find((one) => one.text === entry.text) ?? null;
  }
  const words = `${keyOf(entry.segment, entry.track)}\t${entry.text}`;
  const found = model.score.texts.get(words) ?? [];
  return found[Math.min(counted(model, "", words), found.length - 1)] ?? null;
}

/** The planned moment of a wait: the k-th of its kind since its cue was taken; in an older text the k-th of its words. */
function momentOf(model, entry, opens) {
  const key = keyOf(entry.segment, entry.track, entry.cue);
  const track = keyOf(entry.segment, entry.track);
  const old = isOld(model) && model.moved.has(track);
  const words = old ? `${track}\t${entry.for}` : waitKey(key, entry.for);
  const listed = (old ? model.score.stands : model.score.moments).get(words);
  const number = counted(model, old ? "" : key, words, opens ? 0 : 1);
  return listed ? listed[Math.min(number, listed.length - 1)] : null;
}

/** How often something has been met since its cue was taken, and from now on `more` often. */
function counted(model, key, what, more = 1) {
  if (!model.counted.has(key)) model.counted.set(key, new Map());
  const counts = model.counted.get(key);
  const number = counts.get(what) ?? 0;
  if (more) counts.set(what, number + more);
  return number;
}

// --- where in the plan

function enter(model, segment, real, plan) {
  model.segment = segment;
  model.courses = new Map();
  model.clocks = new Map();
  const known = model.score.segmentOf.get(segment);
  const next = known ? model.score.segments[known.index + 1] : null;
  const end = known?.end ?? next?.at ?? model.score.end;
  for (const track of known?.tracks ?? []) {
    const key = keyOf(segment, track.name);
    const points = (model.score.points.get(key) ?? []).filter((point) => point >= plan);
    model.courses.set(key, course.begin(points, end, real, plan));
    model.known.set(key, model.courses.get(key));
    model.clocks.set(key, { shown: plan - (known.at ?? plan), real, stands: 0 });
  }
}

/** The thread of a track passes an instant of the plan. */
function pass(model, entry, real, plan, excused = false) {
  if (!leads(entry.cue)) return;
  if (entry.segment !== model.segment) enter(model, entry.segment, real, model.score.segmentOf.get(entry.segment)?.at ?? plan);
  const own = model.courses.get(keyOf(entry.segment, entry.track));
  if (!own) return;
  const last = own.anchors.at(-1);
  if (plan < last.plan - 1) {
    // Back in time: a loop, or a jump whose entry said no place. What lay behind it is to come again.
    if (last.plan - plan < 1000) return;
    if (inside(model, entry.cue)) return;
    forget(model, plan);
    own.anchors.push({ real, plan });
    return;
  }
  const late = course.anchor(own, real, plan);
  if (late > course.BREAK && !excused) breakAt(model, plan, late);
}

function breakAt(model, plan, extra, what = null) {
  if (extra < 1000) return;
  const known = model.breaks.get(plan);
  if (known && known.extra >= extra) return;
  model.marks += 1;
  model.breaks.set(plan, { plan, extra, for: what ?? known?.for ?? null });
}

function overrun(model, real, plan) {
  let late = Infinity;
  for (const own of model.courses.values()) {
    const last = own.anchors.at(-1);
    late = Math.min(late, real - last.real - (plan - last.plan));
  }
  return late === Infinity ? 0 : late;
}

function furthest(model) {
  let plan = 0;
  for (const own of model.courses.values()) plan = Math.max(plan, own.anchors.at(-1).plan);
  return plan;
}

/** What lies from here on in the plan is to come (again): what happened there is not shown over it any more. */
function forget(model, plan) {
  model.marks += 1;
  model.acts = model.acts.filter((act) => act.plan < plan);
  model.actOf = new Map(model.acts.filter((act) => act.planned).map((act) => [act.planned.id, act]));
  for (const key of [...model.breaks.keys()]) if (key > plan) model.breaks.delete(key);
  for (const row of model.score.timed) if (row.at >= plan) model.rows.delete(row.key);
  model.counted.clear();
}

/** The two points of a loop: `to` names both, or the segment that is gone round. */
function loopOf(model, entry) {
  const [from, until] = (entry.to ?? "").split(" ");
  const segment = model.score.segmentOf.get(from);
  const end = until === undefined ? segment?.end ?? null : pointOf(model.score, entry.until ?? until);
  return { from: pointOf(model.score, from), until: end };
}

/** A seek. One without a place is the turn of a loop. */
function jump(model, entry, real) {
  model.panicked = false;
  model.halted = null;
  model.pending = null;
  const named = entry.to?.replace(/^only /, "");
  const plan = named ? pointOf(model.score, named) : model.loop?.from ?? null;
  model.target = plan;
  if (plan === null) return;
  forget(model, plan);
  model.waits = [];
  let segment = null;
  for (const one of model.score.segments) if (one.at !== null && one.at <= plan) segment = one.name;
  if (segment !== null) enter(model, segment, real, plan);
}

function where(model, entry, real, planned) {
  const own = model.courses.get(keyOf(entry.segment, entry.track));
  if (own) return course.locate(own, real).plan;
  return planned ? planned.start : furthest(model);
}

/** The track whose course the playhead shows: what stands for the world first, else the furthest that has more to do. */
export function leader(model) {
  const standing = model.waits.find((wait) => wait.world && wait.leads && model.courses.has(wait.trackKey));
  if (standing) return standing.trackKey;
  let found = null;
  for (const [key, own] of model.courses) {
    if (found === null) found = key;
    else {
      const other = model.courses.get(found);
      const better = course.hasMore(own) && !course.hasMore(other);
      const further = course.hasMore(own) === course.hasMore(other) && own.anchors.at(-1).plan > other.anchors.at(-1).plan;
      if (better || further) found = key;
    }
  }
  return found;
}

/** Where the playhead is at a real instant: {plan, extra, after}. */
export function playhead(model, real) {
  const key = leader(model);
  if (key === null) return { plan: 0, extra: 0, after: false };
  // After a panic, and after the end, nothing moves on.
  return course.locate(model.courses.get(key), model.halted ?? real);
}

/** Where on the plan an act begins and ends, for the picture; an open one goes on until `real`. */
export function span(model, act, real) {
  const until = act.ended ?? Math.max(real, act.taken);
  const own = model.known.get(keyOf(act.segment, act.track));
  const from = act.sent ?? act.taken;
  if (!own || !leads(act.cue) || own.anchors[0].real > from) {
    const start = act.plan + (from - act.taken);
    return { start: { plan: start, extra: 0, after: true }, end: { plan: start + (until - from), extra: 0, after: false } };
  }
  return { start: { ...course.locate(own, from) }, end: course.locate(own, until) };
}

// --- cue clocks

function setClock(model, entry, real) {
  const key = keyOf(entry.segment, entry.track);
  model.clocks.set(key, { shown: entry.due, real, stands: model.clocks.get(key)?.stands ?? 0 });
}

function stopClock(model, entry, real) {
  const clock = model.clocks.get(keyOf(entry.segment, entry.track));
  // Only a wait of the track's own list stops its clock; one inside a `do` stops the clock of that `do`.
  if (!clock || inside(model, entry.cue)) return;
  if (clock.stands === 0) clock.shown += real - clock.real;
  clock.real = real;
  clock.stands += 1;
}

function runClock(model, entry, real) {
  const clock = model.clocks.get(keyOf(entry.segment, entry.track));
  if (!clock || inside(model, entry.cue) || clock.stands === 0) return;
  clock.stands -= 1;
  clock.real = real;
}

/** What the cue clock shows at a real instant: that of the leading track (microseconds), null before the show. */
export function cueClock(model, real) {
  const clock = model.clocks.get(leader(model));
  if (!clock) return null;
  return clock.stands ? clock.shown : clock.shown + Math.max(0, (model.halted ?? real) - clock.real);
}

// --- the cue list

function row(model, key, entry, real) {
  const line = model.rows.get(key);
  const nested = inside(model, entry.cue);
  if (line && nested) {
    line.late = Math.max(line.late, entry.late ?? 0);
    return;
  }
  model.rows.set(key, { taken: real, at: entry.at, late: entry.late ?? 0, open: 0, total: 0, bad: null, results: new Map() });
}

/** What a line of the cue list says of itself: {state, text}; states: next, waiting, playing, done, late, bad, cut. */
export function rowState(model, key) {
  const line = model.rows.get(key);
  const wait = model.waits.find((one) => one.leads && one.row === key);
  if (!line) return wait && wait.for === "then" ? { state: "next", text: "when finished" } : { state: "ahead", text: "" };
  if (line.bad) return { state: "bad", text: line.bad };
  if (wait && wait.world) return { state: "waiting", text: "waiting" };
  if (line.open || wait) return { state: "playing", text: "playing" };
  if (line.late >= LATE) return { state: "late", text: `${(line.late / 1e6).toFixed(1)} s late` };
  if (line.results.get("skipped") || line.results.get("cancelled")) return { state: "cut", text: "cut short" };
  return { state: "done", text: "done" };
}

/** The next cue of the show behind the playhead, or null. */
export function nextRow(model, plan) {
  const { timed } = model.score;
  let low = 0;
  let high = timed.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timed[middle].at < plan) low = middle + 1;
    else high = middle;
  }
  for (; low < timed.length; low += 1) if (!model.rows.has(timed[low].key)) return timed[low];
  return null;
}

/** Who waits for GO: the wait that has stood longest, or null. */
export function goWait(model) {
  return model.waits.find((wait) => /^go\b/.test(wait.for)) ?? null;
}

/** What SKIP would end: the wait that has stood longest, of those that stand for more than a cue above. */
export function skipWait(model) {
  return model.waits.find((wait) => wait.for !== "then") ?? model.waits[0] ?? null;
}

/** Speech that has been begun or waits to be, in order. */
export function voices(model) {
  return [...model.open.values()].filter((act) => act.speech);
}
