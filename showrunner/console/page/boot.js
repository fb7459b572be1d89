// @ts-check
// Booting: the store filled from the server, and kept so, for a page that shows it. What is seen of it is the page's own.

import { LatestScore, actions, pause, tables } from "./net/ask.js";
import { Stream } from "./net/stream.js";

/** @import { Store } from "./model/store.js" */

/** After a loss longer than this the score is fetched again: a reload may have been missed (milliseconds). */
const LONG = 5000;

/**
 * Fill a store, and draw what it knows with every picture of the screen.
 * @param {Store} store
 * @param {{picture: (clock: number) => void, looks: boolean}} page `looks`: somebody sees the stage now
 */
export async function boot(store, page) {
  /** @param {string | undefined} run */
  function belongs(run) {
    const same = store.belongs(run);
    if (!same) location.reload();
    return same;
  }

  const score = new LatestScore((raw) => {
    if (belongs(raw.run)) store.score(raw);
  }, () => store.bar());

  const stream = new Stream({
    entry(entry, raw) {
      store.entry(entry, raw);
      if (entry.kind === "reload" && entry.ok !== false) score.fetch();
    },
    now: (told) => store.now(told),
    scene: (told) => store.look(told),
    score: () => score.fetch(),
    findings: (told) => store.found(told),
    standby: ({ missing }) => store.standby(missing ?? {}),
    run: ({ run }) => belongs(run),
    lost: () => store.lose(),
    back(away) {
      store.recover();
      if (away > LONG) score.fetch();
    },
    refused: () => store.bar(),
  });

  store.table(await actions());
  store.tables = await tables();
  await score.fetch();
  while (!store.show) {
    await pause();
    await score.fetch();
  }
  stream.look(page.looks);
  stream.open();
  document.addEventListener("visibilitychange", () => stream.look(page.looks));

  /** @param {number} clock */
  function picture(clock) {
    requestAnimationFrame(picture);
    stream.look(page.looks);
    page.picture(clock);
  }

  requestAnimationFrame(picture);
}
