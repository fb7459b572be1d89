// @ts-check
// Entries: what each kind of journal entry changes in the show.

/** @import { Act, CommandEntry, Entry, EntryOf, Framed, Kind, Place, Planned, Show } from "./shapes.js" */

import { runClock, setClock, stopClock } from "./cue-clock.js";
import { begin } from "./cue-states.js";
import { deviceOf } from "./devices.js";
import { hearingOf, isTurn, turnBegins } from "./pads.js";
import { plannedCommand, plannedWait, taken } from "./planned.js";
import { breakAt, enter, forget, furthest, halt, jump, leaveWaits, loopOf, overrun, pass, playhead, where } from "./playhead.js";
import { BREAK, latest } from "./progress.js";
import { leads, spotOf, trackOf, verbOf } from "./score.js";
import { awaitedButtons, waitsForWorld } from "./words.js";

/** Why a command may be skipped without that being a failure. */
const IN_ORDER = new Set(["over", "stop", "seek", "reload", "panic"]);

/** So many frames of a command are kept at hand for its details. */
const FRAMES = 24;

/**
 * Whether an entry tells of something that went wrong.
 * @param {Entry} entry
 */
export function isBad(entry) {
  if (entry.kind === "outcome") {
    return entry.result === "failed" || entry.result === "timed-out"
      || (entry.result === "skipped" && !IN_ORDER.has(entry.reason ?? ""));
  }
  return (entry.kind === "reload" || entry.kind === "reply") && entry.ok === false;
}

/** @type {{[K in Kind]?: (show: Show, entry: EntryOf<K>, real: number, raw: string) => void}} */
const TAKERS = {
  show(show, entry) {
    show.title = entry.title ?? show.title;
    for (const [name, driver] of Object.entries(entry.devices ?? {})) deviceOf(show, name, driver);
  },

  device(show, entry) {
    if (entry.state === "flooded") return; // it is as it was, and only says much
    const one = deviceOf(show, entry.device);
    if (entry.state !== "note") {
      one.state = entry.state;
      one.rests = Boolean(entry.rests);
    }
    one.detail = entry.detail ?? null;
  },

  segment(show, entry, real) {
    show.begun = true;
    show.past.segments.push({ name: entry.segment, title: entry.title ?? null, real });
    const begins = show.score.segmentOf.get(entry.segment)?.at ?? null;
    const { target } = show;
    show.target = null;
    // After a seek the segment is entered where the seek went.
    if (target !== null && begins !== null && target >= begins) {
      enter(show, entry.segment, real, target);
      return;
    }
    const late = show.segment === null || begins === null ? 0 : overrun(show, real, begins);
    if (begins !== null && begins < furthest(show) - 1) forget(show, begins);
    else if (begins !== null && late > BREAK) breakAt(show, begins, late);
    enter(show, entry.segment, real, begins ?? 0);
  },

  heard(show, entry, real) {
    // What a `when` hears is used up.
    if (show.fresh !== null) useUp(show, show.fresh);
    show.fresh = null;
    const one = hearingOf(show, entry);
    one.lost = entry.became === "ignored" || entry.became === "dropped" ? entry.why ?? null : null;
    if (entry.became === "queued") one.queued.add(entry.event);
    if (entry.became === "dropped") one.queued.delete(entry.event);
    else if (entry.became !== "ignored") one.last = real;
  },

  cue(show, entry, real) {
    show.begun = true;
    if (turnBegins(show, entry)) show.past.turns.push({ row: entry.row, real });
    taken(show, entry, real);
    show.past.cues.push({ track: entry.track, row: entry.row, real });
    if (entry.inner === undefined) setClock(show, entry, real);
    const planned = show.score.cues.get(spotOf(entry));
    if (planned) pass(show, entry, real, planned.at);
    begin(show, entry, real);
  },

  command(show, entry, real) {
    const planned = plannedCommand(show, entry, real);
    const chased = isChased(show, entry, planned);
    /** @type {Act} */
    const act = {
      ...entry,
      speech: show.score.speech.has(verbOf(entry)),
      planned,
      chased,
      plan: chased ? playhead(show, real).plan : planOf(show, entry, real, planned),
      taken: real,
      sent: null,
      ended: null,
      result: null,
      reason: null,
      took: 0,
      bad: false,
      frames: [],
      spoken: null,
      attempt: null,
    };
    show.acts.push(act);
    if (planned && !(chased && show.actOf.has(planned.id))) show.actOf.set(planned.id, act);
    show.open.set(entry.id, act);
    const played = playedOf(show, act);
    if (played) played.open += 1;
  },

  sent(show, entry, real, raw) {
    const act = keepFrame(show, entry, raw);
    if (!act) return;
    act.sent ??= real;
    if (act.speech) hearWords(act, entry.frame ?? JSON.parse(raw).frame, entry.attempt ?? null);
  },

  reply(show, entry, _real, raw) {
    deviceOf(show, entry.device).replied = entry.at;
    keepFrame(show, entry, raw);
  },

  event(show, entry, _real, raw) {
    deviceOf(show, entry.device).replied = entry.at;
    keepFrame(show, entry, raw);
  },

  outcome(show, entry, real) {
    const act = show.open.get(entry.id);
    if (!act) return;
    show.open.delete(entry.id);
    act.ended = real;
    act.result = entry.result;
    act.reason = entry.reason ?? null;
    act.took = entry.took ?? 0;
    act.bad = isBad(entry);
    const played = playedOf(show, act);
    if (!played) return;
    played.open = Math.max(0, played.open - 1);
    played.results.set(entry.result, (played.results.get(entry.result) ?? 0) + 1);
    if (act.bad) played.bad = entry.result;
  },

  wait(show, entry, real) {
    const trackKey = trackOf(entry.segment, entry.track);
    const world = waitsForWorld(entry.for);
    const moment = plannedWait(show, entry, real, true);
    const spot = spotOf(entry);
    const wait = { ...entry, was: entry.for, spot, trackKey, world, since: real, until: null, leads: leads(entry) };
    show.waits.push(wait);
    if (world) show.past.waits.push(wait);
    if (moment !== null && entry.for !== "then") pass(show, entry, real, moment.wait);
    if (!world) return;
    const own = show.progress.get(trackKey);
    if (own && leads(entry)) own.standing += 1;
    stopClock(show, entry, real);
  },

  resume(show, entry, real) {
    const wait = ended(show, entry);
    if (wait) wait.until = real;
    const moment = plannedWait(show, entry, real, false);
    if (wait?.world) {
      const own = wait.leads ? show.progress.get(wait.trackKey) : undefined;
      // What a panic lets go does not go on.
      if (own && show.halted === null) own.standing = Math.max(0, own.standing - 1);
      runClock(show, entry, real);
      if (own && moment !== null && entry.why !== "seek") breakAt(show, latest(own).plan, real - wait.since, entry.for);
    }
    if (wait && entry.why === "button") {
      // Of several the one that was pressed just now.
      const names = awaitedButtons(entry.for);
      useUp(show, names.find((one) => one === show.pressed) ?? names[0]);
    }
    if (moment === null || ["seek", "over", "panic", "reload"].includes(entry.why)) return;
    // The time a person took is a break of its own, already noted.
    pass(show, entry, real, moment.resume, Boolean(wait?.world));
  },

  operator(show, entry, real) {
    // What came twice within a moment, or after a panic, is in the journal and did nothing.
    if (entry.ignored || (show.panicked && !show.afterPanic.has(entry.action))) return;
    switch (entry.action) {
      case "pause":
        show.paused ??= entry.at;
        break;
      case "resume":
        if (show.paused !== null) show.pauses += Math.max(0, entry.at - show.paused);
        show.paused = null;
        break;
      case "button":
        if (!entry.name) break;
        show.pressed = show.fresh = entry.name;
        show.buttons.set(entry.name, (show.buttons.get(entry.name) ?? 0) + 1);
        show.presses.set(entry.name, (show.presses.get(entry.name) ?? 0) + 1);
        break;
      case "panic":
        show.panicked = true;
        halt(show, real);
        break;
      case "loop":
        show.loop = loopOf(show, entry);
        break;
      case "unloop":
        show.loop = null;
        break;
      case "seek":
        jump(show, entry, real);
        break;
      default:
    }
  },

  gap(show, entry) {
    if (show.paused === null) show.pauses += entry.for; // a pause lasts over it
  },

  reload(show, entry) {
    show.reload = entry;
    // A segment that is only called otherwise plays on; what is waited for may have other words now.
    if (show.segment !== null) show.segment = entry.renamed?.[show.segment] ?? show.segment;
    for (const told of entry.standing ?? []) {
      const wait = show.waits.find((one) => one.was === told.for && one.segment === told.segment
        && one.track === told.track && one.cue === told.cue);
      if (wait) wait.for = told.now;
    }
  },

  end(show, entry, real) {
    show.ended = entry.result;
    halt(show, real);
    leaveWaits(show, real);
  },
};

/**
 * Change the show by an entry.
 * @template {Kind} K
 * @param {Show} show
 * @param {EntryOf<K>} entry
 * @param {number} real
 * @param {string} raw
 */
export function change(show, entry, real, raw) {
  /** @type {((show: Show, entry: EntryOf<K>, real: number, raw: string) => void) | undefined} */
  const taker = TAKERS[entry.kind];
  if (entry.kind !== "heard") show.fresh = null;
  taker?.(show, entry, real, raw);
}

/**
 * A press is for something: it is not kept.
 * @param {Show} show
 * @param {string} name
 */
function useUp(show, name) {
  show.buttons.set(name, Math.max(0, (show.buttons.get(name) ?? 0) - 1));
}

/**
 * Take away the wait that this entry ends, and give it.
 * @param {Show} show
 * @param {EntryOf<"resume">} entry
 */
function ended(show, entry) {
  const spot = spotOf(entry);
  const index = show.waits.findIndex((wait) => wait.spot === spot && wait.was === entry.for);
  return index < 0 ? undefined : show.waits.splice(index, 1)[0];
}

/**
 * Whether a command only brings its device to where the show is (after a seek, a loss): its cue lies behind.
 * @param {Show} show
 * @param {CommandEntry} entry
 * @param {Planned | null} planned
 */
function isChased(show, entry, planned) {
  if (isTurn(entry)) return false;
  if (entry.segment !== show.segment) return true;
  const own = show.progress.get(trackOf(entry.segment, entry.track));
  return Boolean(own && planned && leads(planned) && planned.start < own.anchors[0].plan - 1000);
}

/**
 * Where on the plan a command is taken; one of a turn that runs beside its track: as far behind its cue as it is.
 * @param {Show} show
 * @param {CommandEntry} entry
 * @param {number} real
 * @param {Planned | null} planned
 */
function planOf(show, entry, real, planned) {
  if (!planned || leads(planned)) return where(show, entry, real, planned);
  const begun = show.score.cues.get(spotOf(planned))?.at ?? planned.start;
  return begun + real - (show.taken.get(spotOf(entry))?.real ?? real);
}

/**
 * What became of the row in which something stands; undefined where that is none of the cue list.
 * @param {Show} show
 * @param {Place} place
 */
export function playedOf(show, { row }) {
  return row === undefined ? undefined : show.played.get(row);
}

/**
 * What is really said, with every value filled in, is in the frames alone.
 * @param {Act} act
 * @param {any} frame
 * @param {number | null} attempt
 */
function hearWords(act, frame, attempt) {
  const words = frame?.payload?.text ?? frame?.text;
  if (typeof words !== "string" || words === "") return;
  act.spoken = act.attempt === attempt && act.spoken ? `${act.spoken} ${words}` : words;
  act.attempt = attempt;
}

/**
 * Keep a frame with the command it belongs to, and give that.
 * @param {Show} show
 * @param {Framed & {kind: string, at: number}} entry
 * @param {string} raw
 */
function keepFrame(show, entry, raw) {
  const { id } = entry;
  const act = id === undefined ? undefined : show.open.get(id) ?? show.acts.findLast((one) => one.id === id);
  if (act && act.frames.length < FRAMES) act.frames.push({ kind: entry.kind, at: entry.at, raw });
  return act;
}
