// @ts-check
// The head of the page: title, segment, the clock, the state of the show, and how long until the next cue.

/** @import { Now, State } from "../model/shapes.js" */

import { cueClock } from "../model/cue-clock.js";
import { goWait, worldWait } from "../model/state.js";
import { barText, clockText, lengthText, waitText } from "../model/words.js";
import { mark, part, say } from "./element.js";

/** @type {Record<State, string>} */
export const NAMES = {
  lost: "lost connection",
  standby: "standby",
  playing: "playing",
  waiting: "waiting",
  paused: "paused",
  stopped: "stopped",
  ended: "ended",
  over: "over",
  panic: "panic",
};

/**
 * What is said instead of a next cue where nothing goes on by itself.
 * @type {Partial<Record<State, string>>}
 */
const STILL = {
  ended: "the show is over",
  stopped: "the show is over",
  over: "over; seek to play on, or stop",
  panic: "silence; seek or stop",
};

/** A clock of so many signs is in the first hour. */
const SHORT = "00:00.0".length;

/** Longer than planned by so much is said instead of the time that is left (microseconds). */
const BEHIND = 300_000;

const MINUTE = 60_000_000;

export class Head {
  constructor() {
    this.title = part("title", HTMLElement);
    this.segment = part("segment", HTMLElement);
    this.box = part("clocks", HTMLElement);
    this.clock = part("clock", HTMLElement);
    this.tenths = part("tenths", HTMLElement);
    this.showTime = part("show", HTMLElement);
    this.state = part("state", HTMLElement);
    this.caption = part("next-caption", HTMLElement);
    this.countdown = part("countdown", HTMLElement);
    this.what = part("what", HTMLElement);
    this.spoken = part("spoken", HTMLElement);
    this.said = "";
  }

  /**
   * Called for every picture of the screen.
   * @param {Now} now
   */
  update(now) {
    const { show, state, at, real, place } = now;
    say(this.title, show.title);
    const segment = show.segment === null ? undefined : show.score.segmentOf.get(show.segment);
    say(this.segment, segment ? segment.title ?? segment.name : "");
    const { room, end } = show.score;
    const cue = Math.max(0, cueClock(show, real) ?? 0);
    // Where people decide when things happen, no clock of the plan says anything: how long it has been going does.
    const text = clockText(room ? real : cue, 1);
    say(this.clock, text.slice(0, -2));
    say(this.tenths, text.slice(-2));
    mark(this.box, "data-long", text.length > SHORT);
    mark(this.box, "aria-label", room ? "show clock" : "cue clock");
    const length = clockText(end, 0);
    const bar = room ? "" : barText(segment?.music, place.plan);
    const planned = `${clockText(place.plan, 0)} of ${length}${bar ? ` · bar ${bar}` : ""}`;
    const where = room ? `segment ${clockText(Math.max(0, real - show.entered), 0)}` : planned;
    const before = room ? "" : `${length} long`;
    say(this.showTime, at === null ? before : `${where} · on air ${clockText(at, 0)}`);
    mark(document.documentElement, "data-state", state);
    say(this.state, NAMES[state]);
    const next = nextText(now);
    say(this.caption, next.caption);
    say(this.countdown, next.countdown);
    say(this.what, next.what);
    this.announce(now);
  }

  /**
   * What a screen reader says by itself: a change of the state, and what waits for GO.
   * @param {Now} now
   */
  announce({ show, state }) {
    const wait = goWait(show);
    const text = wait ? `waits for ${waitText(wait.for)}` : NAMES[state];
    if (text === this.said) return;
    this.said = text;
    say(this.spoken, text);
  }
}

/**
 * What is to come, and how long until then.
 * @param {Now} now
 */
function nextText({ show, state, real, place, next }) {
  const over = STILL[state];
  if (over) return { caption: "next cue", countdown: "–", what: over };
  const go = goWait(show);
  const standing = go ?? worldWait(show);
  // How long it has stood: a break in the ruler is too narrow to read behind the playhead.
  const caption = standing ? `waiting ${clockText(Math.max(0, real - standing.since), 0)}` : "next cue";
  if (go) return { caption, countdown: "GO", what: go.for.slice("go ".length) || "waiting for GO" };
  if (next && standing) return { caption, countdown: "wait", what: waitText(standing.for) };
  // As long as a segment is kept open nobody knows when the next one comes.
  const open = show.waits.find((wait) => !wait.cue && wait.for.startsWith("until "));
  if (open && next?.segment !== show.segment) {
    const since = clockText(Math.max(0, real - open.since), 0);
    return { caption: `open ${since}`, countdown: "until", what: waitText(open.for.slice("until ".length)) };
  }
  if (!next) return { caption, countdown: "–", what: show.begun ? "no more cues" : "" };
  const what = `${next.position}  ${next.commands.join("; ")}`;
  if (place.extra > BEHIND) return { caption, countdown: `+${place.extra < MINUTE ? lengthText(place.extra) : clockText(place.extra, 0)}`, what };
  const rest = Math.max(0, (next.at ?? place.plan) - place.plan);
  // A cue that waits for what is above comes when it comes: the figure is an estimate.
  const about = next.position.startsWith("then") && rest > 0 ? "≈ " : "";
  return { caption, countdown: `${about}${clockText(rest, 1)}`, what };
}
