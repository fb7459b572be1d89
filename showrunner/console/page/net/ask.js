// @ts-check
// Asking the server for what it has ready: the score, whenever there is a new one, and the table of what may be done.

/** @import { Action, RawScore, Tables } from "../model/shapes.js" */

/** After an answer that was none the server is left in peace for so long (milliseconds). */
const PAUSE = 1000;

export class LatestScore {
  /**
   * @param {(raw: RawScore) => void} take
   * @param {() => void} refused this page is not let in any more
   */
  constructor(take, refused) {
    this.take = take;
    this.refused = refused;
    /** @type {Promise<void> | null} */
    this.fetching = null;
    this.stale = false;
  }

  /** Fetch it; asked for while it is being fetched, it is fetched once more. */
  fetch() {
    this.stale = true;
    this.fetching ??= this.work().finally(() => {
      this.fetching = null;
    });
    return this.fetching;
  }

  async work() {
    while (this.stale) {
      this.stale = false;
      const answer = await fetch("/api/score").catch(() => null);
      if (answer?.status === 403) this.refused();
      if (answer?.status === 429) {
        await pause();
        this.stale = true;
      }
      if (answer?.ok) this.take(await answer.json());
    }
  }
}

/**
 * The table of what may be done.
 * @returns {Promise<Action[]>}
 */
export async function actions() {
  return (await asked("/api/actions")).actions;
}

/**
 * The tables of the stage's puppet.
 * @returns {Promise<Tables>}
 */
export function tables() {
  return asked("/api/stage");
}

/**
 * What the server says there; asked for until it is there.
 * @param {string} where
 * @returns {Promise<any>}
 */
async function asked(where) {
  for (;;) {
    const answer = await fetch(where).catch(() => null);
    if (answer?.ok) return answer.json();
    await pause();
  }
}

/** Wait a little. */
export function pause() {
  return new Promise((done) => {
    setTimeout(done, PAUSE);
  });
}
