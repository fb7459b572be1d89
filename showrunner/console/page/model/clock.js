// @ts-check
// The clock: what time it is in the show between two `now` events. Knows no journal; the browser's clock is handed in.

/** A difference below this is made up for slowly, so that no figure and no playhead jumps (microseconds). */
const SMALL = 400_000;

/** How much of a small difference is made up for with each event. */
const SHARE = 0.25;

/**
 * @typedef {{at: number | null, paused?: boolean, speed?: number, over?: boolean, ended?: boolean}} Told
 * What a `now` event says; `at` null before time 0.
 */

export class Clock {
  /** @param {() => number} ticks the milliseconds of a clock that never runs back */
  constructor(ticks) {
    this.ticks = ticks;
    /** @type {number | null} */
    this.base = null;
    this.since = 0;
    this.paused = false;
    this.speed = 1;
    this.ended = false;
    this.over = false;
  }

  /**
   * A `now` event has come.
   * @param {Told} told
   */
  heard({ at, paused = false, speed = 1, over = false, ended = false }) {
    const here = this.now();
    const difference = at === null || here === null ? null : at - here;
    const steady = difference !== null && Math.abs(difference) < SMALL && paused === this.paused && speed === this.speed;
    this.base = at !== null && here !== null && steady ? here + (at - here) * SHARE : at;
    this.since = this.ticks();
    this.paused = paused;
    this.speed = speed;
    this.over = over;
    this.ended = ended;
  }

  /**
   * An entry of the journal was written at `at`: it cannot be earlier than that.
   * @param {number} at
   */
  atLeast(at) {
    const here = this.now();
    if (here === null || here >= at) return;
    this.base = at;
    this.since = this.ticks();
  }

  /** The connection is lost: time stands on the page, because nobody knows it. */
  freeze() {
    this.base = this.now();
    this.since = this.ticks();
    this.ended = true;
  }

  /** Show time in microseconds, null before time 0. */
  now() {
    if (this.base === null) return null;
    if (this.ended || this.paused) return this.base;
    return this.base + (this.ticks() - this.since) * 1000 * this.speed;
  }
}
