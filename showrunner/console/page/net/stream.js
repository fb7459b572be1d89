// @ts-check
// The stream: the journal's entries as the server sends them, through losses of the connection. Knows nothing of a show.

/** @import { Told } from "../model/clock.js" */
/** @import { Entry, Finding, RawScene } from "../model/shapes.js" */

/**
 * @typedef {object} Taker Who is told what comes.
 * @property {(entry: Entry, raw: string) => void} entry an entry of the journal, and its line
 * @property {(told: Told) => void} now
 * @property {(told: RawScene) => void} scene how the stage stands, while somebody looks
 * @property {() => void} score there is a new score
 * @property {(told: {refused?: boolean, findings?: Finding[]}) => void} findings
 * @property {(told: {missing?: Record<string, string>}) => void} standby
 * @property {(told: {run: string}) => void} run
 * @property {() => void} lost
 * @property {(away: number) => void} back the connection is there again, after so many milliseconds
 * @property {() => void} refused this page is not let in any more
 */

/** The server says the time every second; silence for so long means that nobody is there (milliseconds). */
const SILENCE = 3500;

/** How long after a loss the next try is made: at once-ish at first, then calmly. */
const WAITS = [300, 600, 1200, 2500, 4000];

const NAMES = /** @type {const} */ (["now", "scene", "score", "findings", "standby", "run"]);

export class Stream {
  /** @param {Taker} taker */
  constructor(taker) {
    this.taker = taker;
    this.last = -1;
    /** Whether the stage is looked at. */
    this.looks = false;
    /** @type {EventSource | null} */
    this.source = null;
    /** @type {number | null} */
    this.lostAt = null;
    this.tries = 0;
    this.watch = 0;
    this.next = 0;
  }

  /**
   * Look at the stage, or away: it comes by the same connection, for a browser has few of them.
   * @param {boolean} on
   */
  look(on) {
    if (on === this.looks) return;
    this.looks = on;
    // One that is lost is opened anew by itself.
    if (this.source && this.lostAt === null) this.open();
  }

  open() {
    clearTimeout(this.next);
    this.source?.close();
    const source = new EventSource(`/api/events?after=${this.last}${this.looks ? "&stage" : ""}`);
    this.source = source;
    source.onmessage = (event) => {
      this.heard();
      const entry = JSON.parse(event.data);
      if (entry.seq <= this.last) return;
      this.last = entry.seq;
      this.taker.entry(entry, event.data);
    };
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        this.heard();
        this.taker[name](JSON.parse(event.data));
      });
    }
    source.onerror = () => {
      if (source !== this.source) return;
      this.lose();
      // The browser itself comes again after a cut; after a refusal it does not.
      if (source.readyState === EventSource.CLOSED) this.again();
    };
    this.wait();
  }

  /** Something came: the connection lives. */
  heard() {
    if (this.lostAt !== null) {
      const away = performance.now() - this.lostAt;
      this.lostAt = null;
      this.tries = 0;
      this.taker.back(away);
    }
    this.wait();
  }

  /** A connection can also be lost without a word: a phone out of reach, a laptop asleep. */
  wait() {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      this.lose();
      this.again();
    }, SILENCE);
  }

  lose() {
    if (this.lostAt !== null) return;
    this.lostAt = performance.now();
    this.taker.lost();
  }

  again() {
    this.source?.close();
    clearTimeout(this.watch);
    const pause = WAITS[Math.min(this.tries, WAITS.length - 1)];
    this.tries += 1;
    this.next = setTimeout(async () => {
      // EventSource does not say why it was refused; a plain request does.
      const answer = await fetch("/api/score", { method: "HEAD" }).catch(() => null);
      if (answer?.status === 403) this.taker.refused();
      this.open();
    }, pause);
  }
}
