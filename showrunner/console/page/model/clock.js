// The clock: what time it is in the show between two `now` events. Knows the browser's clock and no journal.

/** A difference below this is made up for slowly, so that no figure and no playhead jumps (microseconds). */
const SMALL = 400_000;

/** How much of a small difference is made up for with each event. */
const SHARE = 0.25;

export class Clock {
  constructor(ticks = () => performance.now()) {
    this.ticks = ticks;
    this.base = null;
    this.since = 0;
    this.paused = false;
    this.speed = 1;
    this.ended = false;
    this.over = false;
  }

  /** A `now` event has come: {at, paused, speed, over, ended}; `at` null before time 0. */
  heard({ at, paused = false, speed = 1, over = false, ended = false }) {
    const here = this.now();
    const difference = at === null || here === null ? null : at - here;
    const steady = difference !== null && Math.abs(difference) < SMALL && paused === this.paused && speed === this.speed;
    this.base = at === null ? null : steady ? here + difference * SHARE : at;
    this.since = this.ticks();
    this.paused = paused;
    this.speed = speed;
    this.over = over;
    this.ended = ended;
  }

  /** An entry of the journal was written at `at`: it cannot be earlier than that. */
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
