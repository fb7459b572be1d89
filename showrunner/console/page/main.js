// @ts-check
// The console's page: what the server sends goes into the store, the store onto the page, presses to the desk.

import { Store } from "./model/store.js";
import { LatestScore, actions, pause } from "./net/ask.js";
import { Desk } from "./net/desk.js";
import { Stream } from "./net/stream.js";
import { Page } from "./view/page.js";

/** After a loss longer than this the score is fetched again: a reload may have been missed (milliseconds). */
const LONG = 5000;

const store = new Store(() => performance.now());
const desk = new Desk((sentence) => store.complain(sentence));
const page = new Page(store, (action, more) => desk.press(action, more));

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
await score.fetch();
while (!store.show) {
  await pause();
  await score.fetch();
}
stream.open();

/** @param {number} clock */
function picture(clock) {
  requestAnimationFrame(picture);
  page.picture(clock);
}

requestAnimationFrame(picture);
