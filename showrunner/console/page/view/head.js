// @ts-check
// The head of the page: title, segment, the cue clock, the state of the show, and how long until the next cue.

/** @import { Now, State } from "../model/shapes.js" */

import { cueClock } from "../model/cue-clock.js";
import { goWait, worldWait } from "../model/state.js";
import { clockText, lengthText, waitText } from "../model/words.js";
import { mark, part, say } from "./element.js";

/** @type {Record<State, string>} */
const NAMES = {
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

/** Longer than planned by so much is said instead of the time that is left (microseconds). */
const BEHIND = 300_000;

export class Head {
  constructor() {
    this.title = part("title", HTMLElement);
    this.segment = part("segment", HTMLElement);
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
    const text = clockText(Math.max(0, cueClock(show, real) ?? 0), 1);
    say(this.clock, text.slice(0, -2));
    say(this.tenths, text.slice(-2));
    const length = clockText(show.score.end, 0);
    const where = `${clockText(place.plan, 0)} of ${length}`;
    say(this.showTime, at === null ? `${length} long` : `${where} · on air ${clockText(at, 0)}`);
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
  if (!next) return { caption, countdown: "–", what: show.begun ? "no more cues" : "" };
  const what = `${next.position}  ${next.commands.join("; ")}`;
  if (place.extra > BEHIND) return { caption, countdown: `+${lengthText(place.extra)}`, what };
  const rest = Math.max(0, (next.at ?? place.plan) - place.plan);
  // A cue that waits for what is above comes when it comes: the figure is an estimate.
  const about = next.position.startsWith("then") && rest > 0 ? "≈ " : "";
  return { caption, countdown: `${about}${clockText(rest, 1)}`, what };
}
