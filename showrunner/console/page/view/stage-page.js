// @ts-check
// The stage's own page: its head with title, segment, state and clock, and the stage below.

/** @import { Store } from "../model/store.js" */

import { clockText, visible } from "../model/words.js";
import { mark, part, say } from "./element.js";
import { NAMES } from "./head.js";
import { StageView } from "./stage.js";

export class StagePage {
  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    this.stage = new StageView();
    this.title = part("title", HTMLElement);
    this.segment = part("segment", HTMLElement);
    this.state = part("state", HTMLElement);
    this.clock = part("clock", HTMLElement);
    const full = part("full", HTMLButtonElement);
    full.hidden = !document.fullscreenEnabled;
    full.addEventListener("click", () => fullScreen());
    document.addEventListener("keydown", (event) => {
      if (event.key === "f" && !event.ctrlKey && !event.metaKey && !event.altKey) fullScreen();
    });
  }

  /** Whether somebody sees it. */
  get looks() {
    return this.stage.open;
  }

  /**
   * One picture of the screen.
   * @param {number} clock milliseconds
   */
  picture(clock) {
    const now = this.store.picture();
    if (!now) return;
    const { show, state, at } = now;
    const segment = show.segment === null ? undefined : show.score.segmentOf.get(show.segment);
    document.title = visible(`${show.title} · stage`);
    say(this.title, show.title);
    say(this.segment, segment ? segment.title ?? segment.name : "");
    say(this.state, now.barred ? "not let in any more; open the printed address again" : NAMES[state]);
    say(this.clock, at === null ? "" : clockText(at, 0));
    mark(document.documentElement, "data-state", state);
    this.stage.update(now, () => this.store.stage(), clock);
  }
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
}
