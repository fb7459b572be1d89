// @ts-check
// The stage: the show as a picture that moves, beside what the devices say of it. In the console, and on a page alone.

/** @import { Drawn } from "../../../drawing/stage/drawn.js" */
/** @import { Now, Shown, Stage, StageDevice } from "../model/shapes.js" */

import { drawPuppet, makePuppet } from "../../../drawing/stage/drawn.js";
import { element, mark, part, renew, say } from "./element.js";

/** So far apart are its pictures (milliseconds); for whoever wants little motion, further. */
const EVERY = { usual: 33, calm: 500 };

/** What is around the puppets, and not written beside one of them. */
const AROUND = new Set(["page", "picture", "text", "clip", "value"]);

/** What a device says of a thing, as a sign and in words. */
const SIGNS = { asked: "…", sent: "→", confirmed: "✓", failed: "✗" };

/** What is said where nothing moves any more. */
const STILL = {
  standby: "the show has not begun",
  over: "the show is over; this is how it stands",
  ended: "the show is over; this is how it stood",
  stopped: "the show was stopped; this is how it stood",
  panic: "panic: everything is let go",
  lost: "connection lost; this is how it was",
  paused: "paused: cues wait, what moves goes on",
};

/**
 * @typedef {{card: HTMLElement, drawn: Drawn, signs: HTMLElement, said: HTMLElement, beside: HTMLElement}} Figure
 * A puppet with what stands beside it.
 */

export class StageView {
  constructor() {
    this.box = part("stage-box", HTMLElement);
    this.frames = part("stage-frames", HTMLElement);
    this.puppets = part("stage-puppets", HTMLElement);
    this.around = part("stage-around", HTMLElement);
    this.notes = part("stage-notes", HTMLElement);
    this.captions = part("stage-captions", HTMLElement);
    /** @type {Map<string, Figure>} */
    this.figures = new Map();
    this.painted = -Infinity;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** Whether somebody can see it: only then the show is asked how it stands. */
  get open() {
    return !document.hidden && this.box.getClientRects().length > 0;
  }

  /**
   * @param {Now} now
   * @param {() => Stage | null} look gives what stands now
   * @param {number} clock milliseconds
   */
  update(now, look, clock) {
    if (clock - this.painted < (this.calm.matches ? EVERY.calm : EVERY.usual) || !this.open) return;
    this.painted = clock;
    const stage = look();
    mark(this.box, "data-dim", now.lost || now.state === "ended" || now.state === "stopped");
    this.write(stage ?? { segment: "", devices: [], captions: [], notes: [], more: 0 }, stage ? notesOf(now) : ["looking at the show"]);
  }

  /**
   * @param {Stage} stage
   * @param {string[]} still
   */
  write({ devices, captions, notes, more }, still) {
    const all = devices.flatMap((one) => one.shown.filter((shown) => shown.draws === "frame").map((shown) => ({ one, shown })));
    renew(this.frames, JSON.stringify(all.map(({ one, shown }) => [one.name, shown.words, shown.mark, shown.why])), () =>
      all.map(({ one, shown }) => element("li", { class: "stage-frame", "data-hue": String(one.hue) },
        element("small", {}, one.name), element("span", {}, shown.words), sign(shown))));
    for (const one of devices) if (one.puppet) this.puppet(one);
    for (const [name, figure] of this.figures) {
      if (devices.some((one) => one.name === name && one.puppet)) continue;
      figure.card.remove();
      this.figures.delete(name);
    }
    this.cards(devices);
    const lines = [...still, ...notes, ...(more ? [`and ${more} more values and commands, which are not shown`] : [])];
    renew(this.notes, JSON.stringify(lines), () => lines.map((words) => element("p", {}, words)));
    renew(this.captions, JSON.stringify(captions), () => captions.map(({ device, text }) => {
      const hue = devices.find((one) => one.name === device)?.hue ?? 0;
      return element("p", { "data-hue": String(hue) }, element("small", {}, device), element("span", {}, text));
    }));
  }

  /** @param {StageDevice} one */
  puppet(one) {
    const { name, puppet, shown } = one;
    if (!puppet) return;
    const made = this.figures.get(name) ?? this.stand(one, puppet);
    drawPuppet(made.drawn, puppet);
    made.card.classList.toggle("speaks", puppet.speaks);
    mark(made.card, "data-there", one.there ? "yes" : "no");
    mark(made.said, "data-mark", one.mark);
    say(made.said, `${SIGNS[one.mark]} ${one.why}`);
    const badges = shown.filter(({ draws }) => draws === "badge" || draws === "face");
    renew(made.signs, key(badges), () => badges.map((each) => element("li", {}, each.words, sign(each))));
    const written = shown.filter(({ draws }) => !AROUND.has(draws) && draws !== "badge" && draws !== "face" && draws !== "frame");
    // A dial goes with every picture: its rows stay, and only what they say is another.
    renew(made.beside, JSON.stringify([puppet.dials.map((dial) => dial.name), puppet.written.length, key(written)]), () => [
      ...puppet.dials.map((dial) => element("li", { class: "dial" }, element("span", {}, dial.name), element("b", {}))),
      ...puppet.written.map(() => element("li", {})),
      ...written.map((each) => element("li", {}, each.words, sign(each))),
    ]);
    puppet.dials.forEach(({ value }, index) => {
      const row = /** @type {HTMLElement} */ (made.beside.children[index]);
      const most = Math.max(1, 10 ** Math.ceil(Math.log10(Math.abs(value) || 1)));
      row.style.setProperty("--share", String(Math.abs(value) / most));
      say(row.children[1], String(Math.round(value * 100) / 100));
    });
    puppet.written.forEach((words, index) => say(made.beside.children[puppet.dials.length + index], words));
  }

  /**
   * @param {StageDevice} one
   * @param {NonNullable<StageDevice["puppet"]>} puppet
   * @returns {Figure}
   */
  stand({ name, hue, shape }, puppet) {
    const drawn = makePuppet(puppet, shape);
    const signs = element("ul", { class: "stage-signs" });
    const said = element("p", { class: "stage-said" });
    const beside = element("ul", { class: "stage-beside" });
    const card = element("figure", { class: "puppet", "data-hue": String(hue) }, drawn.svg, signs,
      element("figcaption", {}, name), said, beside);
    this.puppets.append(card);
    const figure = { card, drawn, signs, said, beside };
    this.figures.set(name, figure);
    return figure;
  }

  /**
   * What stands around the puppets, a card for each device; of one that is a puppet only where there is something.
   * @param {StageDevice[]} devices
   */
  cards(devices) {
    const listed = devices
      .map((one) => ({ one, own: one.shown.filter(({ draws }) => (one.puppet ? AROUND.has(draws) : draws !== "frame")) }))
      .filter(({ one, own }) => own.length || !one.puppet);
    const made = JSON.stringify(listed.map(({ one, own }) => [one.name, key(own), one.values, one.state, one.puppet ? "" : [one.mark, one.why]]));
    renew(this.around, made, () => listed.map(({ one, own }) => card(one, own)));
    for (const { own } of listed) {
      for (const { id, share } of own) {
        const bar = share === null ? null : this.around.querySelector(`progress[data-id="${id}"]`);
        if (bar instanceof HTMLProgressElement && share !== null) bar.value = share;
      }
    }
  }
}

/**
 * @param {StageDevice} one
 * @param {Shown[]} own
 */
function card(one, own) {
  const head = element("header", {}, element("strong", {}, one.name));
  if (!one.puppet) {
    head.append(element("small", { class: "stage-said", "data-mark": one.mark }, `${SIGNS[one.mark]} ${one.why}`));
  }
  const values = one.puppet ? [] : one.values.map((words) => element("li", {}, words));
  const nothing = own.length || values.length || one.shown.length ? [] : [element("li", { class: "dim" }, "nothing yet")];
  return element("article", { class: "stage-card", "data-hue": String(one.hue) }, head,
    element("ul", {}, ...own.map(row), ...values, ...nothing));
}

/** @param {Shown} shown */
function row(shown) {
  const { id, draws, words, picture, share } = shown;
  const made = element("li", { class: `stage-${draws}` });
  if (picture) made.append(element("img", { src: `/api/picture?path=${encodeURIComponent(picture)}`, alt: words }));
  else made.append(element("span", {}, words));
  made.append(sign(shown));
  if (share !== null) made.append(element("progress", { max: "1", value: String(share), "data-id": String(id), "aria-label": words }));
  return made;
}

/**
 * What its device says of a thing; where all is well the sign alone, and in words for whoever does not see it.
 * @param {Shown} shown
 */
function sign({ mark: said, why }) {
  const words = said === "failed" ? element("span", {}, ` ${why}`) : element("span", { class: "unseen" }, why);
  return element("i", { class: "stage-mark", "data-mark": said, title: why }, element("span", { "aria-hidden": "true" }, SIGNS[said]), words);
}

/** @param {Shown[]} shown */
function key(shown) {
  return JSON.stringify(shown.map(({ id, words, mark: said, why }) => [id, words, said, said === "asked" ? "" : why]));
}

/** @param {Now} now */
function notesOf({ state }) {
  const words = /** @type {Partial<Record<Now["state"], string>>} */ (STILL)[state];
  return words ? [words] : [];
}
