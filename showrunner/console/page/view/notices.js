// @ts-check
// The notices: what everybody must see now. A lost connection, standby, a refused save, what a reload changed.

/** @import { EntryOf, Now } from "../model/shapes.js" */

import { shine } from "../model/devices.js";
import { fileName, reloadText } from "../model/words.js";
import { button, element, part, renew } from "./element.js";

/** What a reload changed matters for so long of show time, unless it is put away before (microseconds). */
const MATTERS = 120_000_000;

/** So many findings, and so many lines of what a reload changed, are shown. */
const FOUND = 6;
const LINES = 10;

/** @typedef {{text: string, act: () => void}} Offer Something that can be pressed. */
/**
 * @typedef {{tone: "bad" | "warn" | "good", key: string, title: string, lines?: string[], found?: Offer[],
 *   keys?: Offer[]}} Notice
 * `key` says what it shows: where that stays the same, nothing is made anew. `found` lead to a place in the book.
 */

export class Notices {
  /**
   * @param {(action: string) => void} press asks the desk
   * @param {(path: string, line: number) => void} open opens the book
   * @param {() => void} putAway takes the complaint away
   */
  constructor(press, open, putAway) {
    this.press = press;
    this.open = open;
    this.putAway = putAway;
    this.host = part("notices", HTMLElement);
    /** The reload that has been read and put away. */
    this.read = -1;
  }

  /** @param {Now} now */
  update(now) {
    const { complaint, refusal, reload } = this;
    const list = [connection, complaint, notReady, lostDevices, refusal, reload].flatMap((told) => told.call(this, now));
    renew(this.host, list.map((one) => one.key).join("\n"), () => list.map(notice));
  }

  /**
   * A press that was not done: said until something else is pressed, or it is put away.
   * @param {Now} now
   * @returns {Notice[]}
   */
  complaint({ complaint }) {
    if (complaint === null) return [];
    const keys = [{ text: "put away", act: this.putAway }];
    return [{ tone: "warn", key: `complaint ${complaint}`, title: "Not done", lines: [complaint], keys }];
  }

  /**
   * A save was refused.
   * @param {Now} now
   * @returns {Notice[]}
   */
  refusal({ refused, findings }) {
    if (!refused) return [];
    const errors = findings.filter((one) => one.severity === "error").length;
    const found = findings.slice(0, FOUND).map((one) => ({
      text: `${fileName(one.path)}:${one.line}  ${one.message}${one.help ? ` — ${one.help}` : ""}`,
      act: () => this.open(one.path, one.near ?? one.line ?? 1),
    }));
    const title = `Your save was refused: ${errors === 1 ? "1 error" : `${errors} errors`}. The show plays on as it was.`;
    return [{ tone: "bad", key: `refused ${findings.map((one) => `${one.line}${one.message}`)}`, title, found }];
  }

  /**
   * What a reload changed.
   * @param {Now} now
   * @returns {Notice[]}
   */
  reload({ show: { reload }, at, refused, undo, redo, readonly }) {
    if (refused || !reload || reload.ok === false || reload.seq <= this.read) return [];
    if (at === null || at - reload.at >= MATTERS) return [];
    /** @type {Offer[]} */
    const keys = [];
    if (undo && !readonly) keys.push({ text: "undo reload", act: () => this.press("undo-reload") });
    if (redo && !readonly) keys.push({ text: "redo reload", act: () => this.press("redo-reload") });
    keys.push({ text: "put away", act: () => { this.read = reload.seq; } });
    const lines = (reload.report ?? []).slice(0, LINES);
    return [{ tone: "good", key: `reload ${reload.seq}${undo}${redo}`, title: titleOf(reload), lines, keys }];
  }
}

/**
 * Whether the page hears of the show at all.
 * @param {Now} now
 * @returns {Notice[]}
 */
function connection({ show, barred, lost }) {
  if (barred) {
    const lines = ["Open the address that showrunner prints."];
    return [{ tone: "bad", key: "barred", title: "This address is not let in any more", lines }];
  }
  if (!lost) return [];
  if (show.ended !== null) {
    const lines = ["What you see is how the show ended. This page comes back by itself when it is started again."];
    return [{ tone: "warn", key: "gone", title: "showrunner has ended", lines }];
  }
  const lines = ["What you see is the last that was heard. The show plays on; trying to come back …"];
  return [{ tone: "bad", key: "lost", title: "Connection lost", lines }];
}

/**
 * What is missing before the show begins.
 * @param {Now} now
 * @returns {Notice[]}
 */
function notReady({ started, missing }) {
  const lines = Object.entries(missing).map(([name, what]) => `${name}: ${what}`);
  if (started || !lines.length) return [];
  return [{ tone: "warn", key: `missing ${lines.join("\t")}`, title: "Standby: not everything is ready", lines }];
}

/**
 * Devices that are lost while the show plays.
 * @param {Now} now
 * @returns {Notice[]}
 */
function lostDevices({ show, lost }) {
  if (!show.begun || show.ended !== null || lost) return [];
  return [...show.devices.values()].filter((one) => shine(one.state) === "lost").map((one) => {
    const title = `${one.name} ${one.state}${one.detail ? `: ${one.detail}` : ""}`;
    return { tone: "bad", key: `device ${title}`, title };
  });
}

/** @param {Notice} one */
function notice({ tone, title, lines = [], found = [], keys = [] }) {
  const text = element("div", { class: "notice-text" }, element("strong", {}, title),
    ...lines.map((line) => element("p", {}, line)),
    ...found.map((offer) => element("p", {}, button("finding", offer.act, offer.text))));
  const offers = keys.map((offer) => button("small", offer.act, offer.text));
  const row = offers.length ? element("div", { class: "notice-keys" }, ...offers) : null;
  return element("div", { class: `notice ${tone}` }, text, row);
}

/** @param {EntryOf<"reload">} reload */
function titleOf(reload) {
  const text = reloadText(reload);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
