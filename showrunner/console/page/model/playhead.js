// @ts-check
// The playhead: which point of the plan the show has come to, track by track, and where it stood longer than planned.

/** @import { Act, CommandEntry, Loop, OperatorEntry, Place, Planned, Show, Spot } from "./shapes.js" */

import * as progress from "./progress.js";
import { leads, pointOf, segmentAt, trackOf } from "./score.js";

/**
 * A segment is entered at an instant of the plan.
 * @param {Show} show
 * @param {string} segment
 * @param {number} real
 * @param {number} plan
 */
export function enter(show, segment, real, plan) {
  show.segment = segment;
  show.progress = new Map();
  show.clocks = new Map();
  const known = show.score.segmentOf.get(segment);
  show.entered = real - (plan - (known?.at ?? plan));
  if (!known) return;
  const end = known.end ?? show.score.segments[known.index + 1]?.at ?? show.score.end;
  for (const track of known.tracks) {
    const key = trackOf(segment, track.name);
    const points = (show.score.passes.get(key) ?? []).filter((point) => point >= plan);
    const begun = progress.begin(points, end, real, plan);
    show.progress.set(key, begun);
    show.lastProgress.set(key, begun);
    show.clocks.set(key, { shown: plan - (known.at ?? plan), real, stands: 0 });
  }
}

/**
 * The thread of a track passes an instant of the plan.
 * @param {Show} show
 * @param {Place} place
 * @param {number} real
 * @param {number} plan
 * @param {boolean} excused the time it took longer is noted already
 */
export function pass(show, place, real, plan, excused = false) {
  const { segment, track, inner } = place;
  if (!leads(place)) return;
  if (segment !== show.segment) enter(show, segment, real, show.score.segmentOf.get(segment)?.at ?? plan);
  const own = show.progress.get(trackOf(segment, track));
  if (!own) return;
  const last = progress.latest(own);
  if (plan < last.plan - 1) {
    // Back in time: a loop, or a jump whose entry said no place. What lay behind it is to come again.
    if (last.plan - plan < 1000 || inner !== undefined) return;
    forget(show, plan);
    own.anchors.push({ real, plan });
    return;
  }
  const late = progress.reach(own, real, plan);
  if (late > progress.BREAK && !excused) breakAt(show, plan, late);
}

/**
 * The show stood at an instant of the plan, so much longer than planned (`what`: for what).
 * @param {Show} show
 * @param {number} plan
 * @param {number} extra
 * @param {string | null} what
 */
export function breakAt(show, plan, extra, what = null) {
  if (extra < 1000) return;
  const known = show.breaks.get(plan);
  if (known && known.extra >= extra) return;
  show.marks += 1;
  show.breaks.set(plan, { plan, extra, for: what ?? known?.for ?? null });
}

/**
 * How much longer than planned every track of the segment has taken.
 * @param {Show} show
 * @param {number} real
 * @param {number} plan
 */
export function overrun(show, real, plan) {
  let late = Infinity;
  for (const own of show.progress.values()) {
    const last = progress.latest(own);
    late = Math.min(late, real - last.real - (plan - last.plan));
  }
  return late === Infinity ? 0 : late;
}

/**
 * The furthest instant of the plan any track has come to.
 * @param {Show} show
 */
export function furthest(show) {
  let plan = 0;
  for (const own of show.progress.values()) plan = Math.max(plan, progress.latest(own).plan);
  return plan;
}

/**
 * What lies from here on in the plan is to come (again): what happened there is not shown over it any more.
 * @param {Show} show
 * @param {number} plan
 */
export function forget(show, plan) {
  show.marks += 1;
  show.acts = show.acts.filter((act) => act.plan < plan);
  show.actOf = new Map();
  for (const act of show.acts) if (act.planned) show.actOf.set(act.planned.id, act);
  for (const key of [...show.breaks.keys()]) if (key > plan) show.breaks.delete(key);
  for (const row of show.score.timed) if (row.at >= plan) show.played.delete(row.row);
  show.taken.clear();
}

/**
 * The two points of a loop: `to` names both with a blank between them, or the segment that is gone round.
 * @param {Show} show
 * @param {OperatorEntry} entry
 * @returns {Loop}
 */
export function loopOf({ score }, { to = "" }) {
  const segment = score.segmentOf.get(to);
  if (segment) return { from: segment.at, until: segment.end };
  // A cue's name may have blanks of its own.
  for (let blank = to.indexOf(" "); blank >= 0; blank = to.indexOf(" ", blank + 1)) {
    const from = pointOf(score, to.slice(0, blank));
    const until = pointOf(score, to.slice(blank + 1));
    if (from !== null && until !== null) return { from, until };
  }
  return { from: pointOf(score, to), until: null };
}

/**
 * A seek. One without a place is the turn of a loop.
 * @param {Show} show
 * @param {OperatorEntry} entry
 * @param {number} real
 */
export function jump(show, entry, real) {
  show.panicked = false;
  show.halted = show.led = null;
  const named = entry.to?.replace(/^only /, "");
  const plan = named ? pointOf(show.score, named) : show.loop?.from ?? null;
  show.target = plan;
  if (plan === null) return;
  forget(show, plan);
  leaveWaits(show, real);
  const segment = segmentAt(show.score, plan);
  if (segment !== null) enter(show, segment.name, real, plan);
}

/**
 * Nothing is waited for any more.
 * @param {Show} show
 * @param {number} real
 */
export function leaveWaits(show, real) {
  for (const wait of show.waits) wait.until = real;
  show.waits = [];
}

/**
 * The instant of the plan at which an entry was written.
 * @param {Show} show
 * @param {CommandEntry} entry
 * @param {number} real
 * @param {Planned | null} planned
 */
export function where(show, entry, real, planned) {
  const own = show.progress.get(trackOf(entry.segment, entry.track));
  if (own) return progress.locate(own, real).plan;
  return planned ? planned.start : furthest(show);
}

/**
 * Nothing moves on from here: after a panic, and after the end.
 * @param {Show} show
 * @param {number} real
 */
export function halt(show, real) {
  show.led ??= leader(show);
  show.halted ??= real;
}

/**
 * The track whose progress the playhead shows: what stands for the world first, else the furthest that has more to do.
 * @param {Show} show
 * @returns {string | null}
 */
export function leader(show) {
  if (show.led !== null) return show.led;
  const standing = show.waits.find((wait) => wait.world && wait.leads && show.progress.has(wait.trackKey));
  if (standing) return standing.trackKey;
  /** @type {{key: string, more: boolean, plan: number} | null} */
  let first = null;
  for (const [key, own] of show.progress) {
    const one = { key, more: progress.hasMore(own), plan: progress.latest(own).plan };
    if (first === null || (one.more === first.more ? one.plan > first.plan : one.more)) first = one;
  }
  return first === null ? null : first.key;
}

/**
 * Where the playhead is at a real instant.
 * @param {Show} show
 * @param {number} real
 * @returns {Spot}
 */
export function playhead(show, real) {
  const key = leader(show);
  const own = key === null ? undefined : show.progress.get(key);
  return own ? progress.locate(own, show.halted ?? real) : { plan: 0, extra: 0, after: false };
}

/**
 * The instant of the plan that what a track holds has come to: its own, in a segment that is over that of the show. What
 * was taken before the place where a seek went is the show's, too: it runs ahead of no playhead.
 * @param {Show} show
 * @param {Act} act
 * @param {number} here
 * @param {number} real
 */
export function reached(show, act, here, real) {
  const own = act.segment === show.segment && !act.chased ? show.progress.get(trackOf(act.segment, act.track)) : null;
  return own && act.plan >= own.anchors[0].plan - 1000 ? progress.locate(own, show.halted ?? real).plan : here;
}

/**
 * Where on the plan an act begins and ends, for the picture; an open one goes on until `real`.
 * @param {Show} show
 * @param {Act} act
 * @param {number} real
 * @returns {{start: Spot, end: Spot}}
 */
export function span(show, act, real) {
  const until = act.ended ?? Math.max(real, act.taken);
  const own = show.lastProgress.get(trackOf(act.segment, act.track));
  const from = act.sent ?? act.taken;
  if (!own || act.chased || !leads(act) || own.anchors[0].real > from) {
    const start = act.plan + (from - act.taken);
    return { start: { plan: start, extra: 0, after: true }, end: { plan: start + (until - from), extra: 0, after: false } };
  }
  const end = progress.locate(own, until);
  return { start: progress.locate(own, from), end: { ...end, after: end.after && progress.stood(own, until) } };
}
