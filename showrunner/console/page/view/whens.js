// @ts-check
// The whens: a list below the timeline of what the show hears, whether it does so now, and how many turns there were.

/** @import { Now, Score } from "../model/shapes.js" */

import { hearingOf, hears } from "../model/pads.js";
import { element, mark, part, say } from "./element.js";

/** The style sheet has so many colours for segments. */
const HUES = 6;

export class Whens {
  constructor() {
    this.host = part("whens", HTMLElement);
    /** @type {Score | null} */
    this.score = null;
    /** @type {HTMLElement[]} */
    this.states = [];
  }

  /** @param {Now} now */
  update({ show }) {
    const { score } = show;
    if (score !== this.score) this.lay(score);
    score.whens.forEach((when, index) => {
      const one = hearingOf(show, when);
      const open = hears(show, when);
      const turns = one.turns ? `${one.turns} ${one.turns === 1 ? "turn" : "turns"}` : "";
      const queued = one.queued.size ? `${one.queued.size} queued` : "";
      const lost = one.lost ? `the last one: ${one.lost}` : "";
      const state = [open ? "hears" : "", turns, queued, lost].filter(Boolean).join(", ");
      say(this.states[index], state);
      const row = this.host.children[index];
      mark(row, "data-open", open);
    });
  }

  /** @param {Score} score */
  lay(score) {
    this.score = score;
    this.host.hidden = !score.whens.length;
    this.states = score.whens.map(() => element("span"));
    this.host.replaceChildren(...score.whens.map(({ segment, text }, index) => {
      const number = segment === null ? undefined : score.segmentOf.get(segment)?.index;
      const hue = number === undefined ? null : String(number % HUES);
      return element("li", { "data-hue": hue, title: segment ?? "the whole show" }, element("code", {}, text), this.states[index]);
    }));
  }
}
