// @ts-check
// The latest score, fetched whenever there is a new one.

/** @import { RawScore } from "../model/shapes.js" */

/** Asked too often, the server is left in peace for so long (milliseconds). */
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

function pause() {
  return new Promise((done) => {
    setTimeout(done, PAUSE);
  });
}
