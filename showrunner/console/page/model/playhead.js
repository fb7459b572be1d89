// Whereabouts: which point of the plan the show has come to, track by track, and where it stood longer than planned.

import * as course from "./progress.js";
import { inside } from "./planned.js";
import { keyOf, leads, pointOf } from "./score.js";

/** A segment is entered at an instant of the plan. */
export function enter(model, segment, real, plan) {
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
export function pass(model, entry, real, plan, excused = false) {
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

/** The show stood at an instant of the plan, so much longer than planned (`what`: for what). */
export function breakAt(model, plan, extra, what = null) {
  if (extra < 1000) return;
  const known = model.breaks.get(plan);
  if (known && known.extra >= extra) return;
  model.marks += 1;
  model.breaks.set(plan, { plan, extra, for: what ?? known?.for ?? null });
}

/** How much longer than planned every track of the segment has taken. */
export function overrun(model, real, plan) {
  let late = Infinity;
  for (const own of model.courses.values()) {
    const last = own.anchors.at(-1);
    late = Math.min(late, real - last.real - (plan - last.plan));
  }
  return late === Infinity ? 0 : late;
}

/** The furthest instant of the plan any track has come to. */
export function furthest(model) {
  let plan = 0;
  for (const own of model.courses.values()) plan = Math.max(plan, own.anchors.at(-1).plan);
  return plan;
}

/** What lies from here on in the plan is to come (again): what happened there is not shown over it any more. */
export function forget(model, plan) {
  model.marks += 1;
  model.acts = model.acts.filter((act) => act.plan < plan);
  model.actOf = new Map(model.acts.filter((act) => act.planned).map((act) => [act.planned.id, act]));
  for (const key of [...model.breaks.keys()]) if (key > plan) model.breaks.delete(key);
  for (const row of model.score.timed) if (row.at >= plan) model.rows.delete(row.key);
  model.counted.clear();
}

/** The two points of a loop: `to` names both, or the segment that is gone round. */
export function loopOf(model, entry) {
  const [from, until] = (entry.to ?? "").split(" ");
  const segment = model.score.segmentOf.get(from);
  const end = until === undefined ? segment?.end ?? null : pointOf(model.score, entry.until ?? until);
  return { from: pointOf(model.score, from), until: end };
}

/** A seek. One without a place is the turn of a loop. */
export function jump(model, entry, real) {
  model.panicked = false;
  model.halted = model.led = null;
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

/** The instant of the plan at which an entry was written. */
export function where(model, entry, real, planned) {
  const own = model.courses.get(keyOf(entry.segment, entry.track));
  if (own) return course.locate(own, real).plan;
  return planned ? planned.start : furthest(model);
}

/** Nothing moves on from here: after a panic, and after the end. */
export function halt(model, real) {
  model.led ??= leader(model);
  model.halted ??= real;
}

/** The track whose course the playhead shows: what stands for the world first, else the furthest that has more to do. */
export function leader(model) {
  if (model.led !== null) return model.led;
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
  return course.locate(model.courses.get(key), model.halted ?? real);
}

/** The instant of the plan that what a track holds has come to: its own, in a segment that is over that of the show. */
export function reached(model, act, here, real) {
  const own = act.segment === model.segment && !act.chased ? model.courses.get(keyOf(act.segment, act.track)) : null;
  return own ? course.locate(own, model.halted ?? real).plan : here;
}

/** Where on the plan an act begins and ends, for the picture; an open one goes on until `real`. */
export function span(model, act, real) {
  const until = act.ended ?? Math.max(real, act.taken);
  const own = model.known.get(keyOf(act.segment, act.track));
  const from = act.sent ?? act.taken;
  if (!own || act.chased || !leads(act.cue) || own.anchors[0].real > from) {
    const start = act.plan + (from - act.taken);
    return { start: { plan: start, extra: 0, after: true }, end: { plan: start + (until - from), extra: 0, after: false } };
  }
  const end = course.locate(own, until);
  return { start: course.locate(own, from), end: { ...end, after: end.after && course.stood(own, until) } };
}
