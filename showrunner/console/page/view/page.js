// @ts-check
// The page put together: what is known is shown by its views, what is done on them goes to the desk.

/** @import { Actions, Now } from "../model/shapes.js" */
/** @import { Store } from "../model/store.js" */

import { isIdle, shortcuts } from "../model/actions.js";
import { factsOfEntry, factsOfRow } from "../model/facts.js";
import { nameOf } from "../model/score.js";
import { visible } from "../model/words.js";
import { CueList } from "./cue-list.js";
import { Details } from "./details.js";
import { Devices } from "./devices.js";
import { element, mark, part, sentence } from "./element.js";
import { Head } from "./head.js";
import { listen } from "./keyboard.js";
import { Log } from "./log.js";
import { Notices } from "./notices.js";
import { PromptBook } from "./prompt-book.js";
import { StageView } from "./stage.js";
import { Timeline } from "./timeline.js";
import { Transport } from "./transport.js";
import { Voices } from "./voices.js";
import { Whens } from "./whens.js";

/** What changes by itself (how long ago a device answered) is written anew this often (milliseconds). */
const CALM = 500;

/** How wide the details of a cue are, at most (pixels). */
const DETAILS = 300;

export class Page {
  /**
   * @param {Store} store
   * @param {(action: string, more?: Record<string, unknown>) => void} ask asks the desk
   */
  constructor(store, ask) {
    this.store = store;
    /** @param {string} action @param {Record<string, unknown>} [more] */
    const press = (action, more) => {
      if (!store.readonly) ask(action, more);
    };
    const seek = (/** @type {number} */ point) => {
      const now = store.picture();
      if (now && !isIdle(now.actions, now.state, "seek")) press("seek", { to: nameOf(now.show.score, point) });
    };
    const mayPlay = () => {
      const now = store.picture();
      return now !== null && !store.readonly && !isIdle(now.actions, now.state, "seek");
    };
    const details = new Details(seek, mayPlay);
    this.head = new Head();
    this.transport = new Transport(press, () => store.picture());
    this.timeline = new Timeline(details, seek);
    this.cueList = new CueList(press, (row, from) => {
      const { right, top } = from.getBoundingClientRect();
      if (store.show) details.pin(factsOfRow(row, store.show), Math.min(right - DETAILS, innerWidth / 3), top, from);
    });
    this.book = new PromptBook();
    this.log = new Log((record, from) => {
      const { left, top } = from.getBoundingClientRect();
      details.pin(factsOfEntry(record), left, top, from);
    });
    this.devices = new Devices(press);
    this.voices = new Voices();
    this.stage = new StageView();
    this.whens = new Whens();
    this.notices = new Notices(press, (path, line) => this.openBook(path, line), () => store.complain(null));
    /** The changes that are shown, and when they were. */
    this.shown = { changes: -1, at: 0 };
    /** @type {Actions | null} */
    this.named = null;
    for (const { node, name } of choosers()) node.addEventListener("click", () => this.view(name));
    for (const node of document.querySelectorAll("button[data-action]:not([type=submit])")) {
      node.addEventListener("click", () => this.act(node.getAttribute("data-action") ?? "", 0));
    }
    listen(() => store.actions, (action, which) => this.act(action, which));
    this.view("cues");
  }

  /**
   * Do an action, by a key or a click: what the table does not offer over HTTP, the page does by itself.
   * @param {string} action
   * @param {number} which of its keys it was, the first is 0
   */
  act(action, which) {
    switch (action) {
      case "follow":
        this.timeline.follow(true);
        this.cueList.followAgain();
        this.book.followAgain();
        break;
      case "closer":
        this.timeline.closer();
        break;
      case "further":
        this.timeline.further();
        break;
      case "search":
        this.view("log");
        this.log.words.focus();
        break;
      case "help":
        this.help();
        break;
      default:
        this.transport.act(action, which);
    }
  }

  /**
   * Bring a view to the front: on a phone there is one at a time, beside the cues there is script or log.
   * @param {string} name
   */
  view(name) {
    const root = document.documentElement;
    root.dataset.view = name;
    if (name === "book" || name === "log" || name === "stage") root.dataset.side = name;
    for (const one of choosers()) {
      const on = one.name === (one.beside ? root.dataset.side : root.dataset.view);
      mark(one.node, "aria-pressed", on ? "true" : "false");
    }
    this.shown.changes = -1;
  }

  /**
   * Open the prompt book at a line.
   * @param {string} path
   * @param {number} line
   */
  openBook(path, line) {
    this.view("book");
    this.book.openAt(path, line);
  }

  /**
   * Say on each control which keys do the same.
   * @param {Actions} actions
   */
  nameKeys(actions) {
    this.named = actions;
    for (const node of document.querySelectorAll("[data-action]")) {
      const keys = actions.get(node.getAttribute("data-action") ?? "")?.keys ?? [];
      mark(node, "aria-keyshortcuts", keys.length ? shortcuts(keys) : null);
    }
  }

  /** Say which keys there are. */
  help() {
    const keyed = [...this.store.actions.values()].filter((one) => one.keys.length);
    const rows = keyed.flatMap(({ shown, says }) => [element("dt", {}, shown), element("dd", {}, ...sentence(says))]);
    part("key-list", HTMLElement).replaceChildren(...rows);
    part("keys", HTMLDialogElement).showModal();
  }

  /**
   * One picture of the screen.
   * @param {number} clock milliseconds
   */
  picture(clock) {
    const now = this.store.picture();
    if (!now) return;
    const { changes } = this.store;
    if (changes !== this.shown.changes || clock - this.shown.at > CALM) {
      this.shown = { changes, at: clock };
      this.write(now);
    }
    this.head.update(now);
    this.voices.update(now);
    this.timeline.update(now, clock);
    this.stage.update(now, () => this.store.stage(), clock);
  }

  /** Whether somebody sees the stage. */
  get looks() {
    return this.stage.open;
  }

  /**
   * Write what changes with what happens, and not with every picture.
   * @param {Now} now
   */
  write(now) {
    document.title = visible(`${now.show.title} · showrunner`);
    this.whens.update(now);
    if (this.named !== now.actions) this.nameKeys(now.actions);
    this.transport.update(now);
    this.cueList.update(now);
    this.book.update(now);
    this.log.update(now);
    this.devices.update(now);
    this.notices.update(now);
    this.timeline.soil();
  }
}

/** The buttons that bring a view to the front; those that choose what stands `beside` the cues. */
function choosers() {
  return [...document.querySelectorAll("button[data-view], button[data-side]")].map((node) => {
    const beside = node.getAttribute("data-side");
    return { node, name: beside ?? node.getAttribute("data-view") ?? "", beside: beside !== null };
  });
}
