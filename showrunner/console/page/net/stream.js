// The stream: the journal's entries as the server sends them, through losses of the connection. Knows nothing of a show.

/** The server says the time every second; silence for so long means that nobody is there (milliseconds). */
const SILENCE = 3500;

/** How long after a loss the next try is made: at once-ish at first, then calmly. */
const WAITS = [300, 600, 1200, 2500, 4000];

/**
 * Open the stream. `take` gets: `entry(entry, raw)`, `now(data)`, `score(data)`, `findings(data)`, `standby(data)`,
 * `run(data)`, `lost()`, `back(milliseconds)`, `refused()` (the address is not let in any more).
 */
export class Stream {
  constructor(take, timers = window) {
    this.take = take;
    this.timers = timers;
    this.last = -1;
    this.source = null;
    this.lostAt = null;
    this.tries = 0;
    this.watch = null;
    this.next = null;
  }

  open() {
    this.timers.clearTimeout(this.next);
    this.source?.close();
    const source = new EventSource(`/api/events?after=${this.last}`);
    this.source = source;
    source.onmessage = (event) => {
      this.heard();
      const entry = JSON.parse(event.data);
      if (entry.seq <= this.last) return;
      this.last = entry.seq;
      this.take.entry(entry, event.data);
    };
    for (const name of ["now", "score", "findings", "standby", "run"]) {
      source.addEventListener(name, (event) => {
        this.heard();
        this.take[name](JSON.parse(event.data));
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
      this.take.back(away);
    }
    this.wait();
  }

  /** A connection can also be lost without a word: a phone out of reach, a laptop asleep. */
  wait() {
    this.timers.clearTimeout(this.watch);
    this.watch = this.timers.setTimeout(() => {
      this.lose();
      this.again();
    }, SILENCE);
  }

  lose() {
    if (this.lostAt !== null) return;
    this.lostAt = performance.now();
    this.take.lost();
  }

  again() {
    this.source?.close();
    this.timers.clearTimeout(this.watch);
    const pause = WAITS[Math.min(this.tries, WAITS.length - 1)];
    this.tries += 1;
    this.next = this.timers.setTimeout(async () => {
      // EventSource does not say why it was refused; a plain request does.
      const answer = await fetch("/api/score", { method: "HEAD" }).catch(() => null);
      if (answer?.status === 403) this.take.refused();
      this.open();
    }, pause);
  }
}
