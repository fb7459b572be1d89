// The head of the page: title, segment, the cue clock, the state of the show, and how long until the next cue.

import { mark, say } from "./element.js";
import { cueClock } from "../model/cue-clock.js";
import { goWait } from "../model/state.js";
import { clockText, lengthText, waitText } from "../model/words.js";

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

/** What is said instead of a next cue where nothing goes on by itself. */
const OVER = { ended: "the show is over", stopped: "the show is over", over: "over; seek to play on, or stop", panic: "silence; seek or stop" };

/** The state of the show, one of the words above. */
export function stateOf(model, { lost, started, over, ended }) {
  // After the last entry there is nobody left to be connected to.
  if (lost && model.ended === null) return "lost";
  if (model.panicked) return "panic";
  if (model.ended !== null || ended) return model.ended === "stopped" || model.ended === "interrupted" ? "stopped" : "ended";
  if (over) return "over";
  if (!started && !model.begun) return "standby";
  if (model.paused !== null) return "paused";
  return goWait(model) ? "waiting" : "playing";
}

export class Head {
  constructor(page) {
    this.page = page;
    this.said = "";
  }

  /** `place` is the playhead, `next` the next row of the cue list. Called for every picture of the screen. */
  show(model, { state, at, real, place, next }) {
    const { page } = this;
    say(page.title, model.title ?? "");
    const segment = model.score.segmentOf.get(model.segment);
    say(page.segment, segment ? segment.title ?? segment.name : "");
    const clock = cueClock(model, real);
    const text = clockText(Math.max(0, clock ?? 0), 1);
    say(page.clock, text.slice(0, -2));
    say(page.tenths, text.slice(-2));
    const where = `${clockText(place.plan, 0)} of ${clockText(model.score.end, 0)}`;
    say(page.show, at === null ? `${clockText(model.score.end, 0)} long` : `${where} · on air ${clockText(at, 0)}`);
    mark(document.documentElement, "data-state", state);
    say(page.state, NAMES[state]);
    this.countdown(model, state, real, place, next);
    this.announce(model, state);
  }

  countdown(model, state, real, place, next) {
    const { page } = this;
    const wait = goWait(model);
    const standing = wait ?? model.waits.find((one) => one.world && one.leads);
    // How long it has stood: a break in the ruler is too narrow to read behind the playhead.
    const been = standing ? `waiting ${clockText(Math.max(0, real - standing.since), 0)}` : "next cue";
    say(page.caption, OVER[state] ? "next cue" : been);
    if (OVER[state]) {
      say(page.countdown, "–");
      say(page.what, OVER[state]);
    } else if (wait) {
      say(page.countdown, "GO");
      say(page.what, wait.for.slice(3) || "waiting for GO");
    } else if (next) {
      const other = model.waits.find((one) => one.world && one.leads);
      const rest = Math.max(0, next.at - place.plan);
      // A cue that waits for what is above comes when it comes: the figure is an estimate.
      const about = /^then/.test(next.position) && rest > 0 ? "≈ " : "";
      say(page.countdown, other ? "wait" : place.extra > 300_000 ? `+${lengthText(place.extra)}` : `${about}${clockText(rest, 1)}`);
      say(page.what, other ? waitText(other.for) : `${next.position}  ${next.commands.join("; ")}`);
    } else {
      say(page.countdown, "–");
      say(page.what, model.begun ? "no more cues" : "");
    }
  }

  /** What a screen reader says by itself: a change of the state, and what waits for GO. */
  announce(model, state) {
    const wait = goWait(model);
    const text = wait ? `waits for ${waitText(wait.for)}` : NAMES[state];
    if (text === this.said) return;
    this.said = text;
    say(this.page.spoken, text);
  }
}
