// @ts-check
// The store: all the page knows, in one place. What the server sends goes in, what is shown of an instant comes out.

/** @import { Told } from "./clock.js" */
/** @import { Action, Actions, Entry, Finding, Now, RawScene, RawScore, Show, Stage, Tables } from "./shapes.js" */

import { afterPanic, readActions } from "./actions.js";
import { Clock } from "./clock.js";
import { nextRow } from "./cue-states.js";
import { playhead } from "./playhead.js";
import { readScore } from "./score.js";
import { newShow, rebuilt, running, take } from "./show.js";
import { stageAt } from "./stage.js";
import { isStill, stateOf } from "./state.js";

export class Store {
  /** @param {() => number} ticks the milliseconds of a clock that never runs back */
  constructor(ticks) {
    this.clock = new Clock(ticks);
    /** What moves goes on in a pause: its clock is one of its own. */
    this.sceneClock = new Clock(ticks);
    /** @type {RawScene | null} */
    this.scene = null;
    /** @type {Tables | null} */
    this.tables = null;
    /** @type {Actions} */
    this.actions = new Map();
    /** @type {Show | null} */
    this.show = null;
    /** @type {string | null} */
    this.run = null;
    /** How often something has come that may change what is shown. */
    this.changes = 0;
    this.lost = false;
    this.barred = false;
    this.readonly = false;
    this.started = false;
    this.undo = false;
    this.redo = false;
    this.refused = false;
    /** @type {Finding[]} */
    this.findings = [];
    /** @type {Record<string, string>} */
    this.missing = {};
    /** @type {string | null} */
    this.complaint = null;
    /** @type {number | null} */
    this.over = null;
  }

  /**
   * Whether something of this run belongs to what is known. Where not, showrunner was started anew and all is to be forgotten.
   * @param {string | undefined} run
   */
  belongs(run) {
    if (run !== undefined && this.run !== null && run !== this.run) return false;
    this.run = run ?? this.run;
    return true;
  }

  /**
   * What may be done is known. Before the first score.
   * @param {Action[]} listed
   */
  table(listed) {
    this.actions = readActions(listed);
    this.changes += 1;
  }

  /**
   * A score has been fetched.
   * @param {RawScore} raw
   */
  score(raw) {
    this.readonly = Boolean(raw.readonly);
    this.started ||= Boolean(raw.started);
    this.undo = Boolean(raw.undo);
    this.redo = Boolean(raw.redo);
    this.barred = false;
    const score = readScore(raw);
    this.show = this.show ? rebuilt(this.show, score) : newShow(score, afterPanic(this.actions));
    this.found({ refused: raw.refused, findings: raw.findings });
  }

  /**
   * An entry of the journal has come; `raw` is its line.
   * @param {Entry} entry
   * @param {string} raw
   */
  entry(entry, raw) {
    if (this.show) take(this.show, entry, raw);
    this.clock.atLeast(entry.at);
    this.changes += 1;
  }

  /**
   * The server says what time it is.
   * @param {Told} told
   */
  now(told) {
    this.clock.heard(told);
    this.started ||= told.at !== null;
    this.changes += 1;
  }

  /**
   * What the show intends now.
   * @param {RawScene} told
   */
  look(told) {
    this.scene = told;
    this.sceneClock.heard({ at: told.at, speed: told.speed, ended: told.ended });
  }

  /**
   * What stands on the stage now; null before anything is known of it.
   * @returns {Stage | null}
   */
  stage() {
    const { show, tables, scene } = this;
    if (!show || !tables || !scene) return null;
    return stageAt(show, tables, scene, this.sceneClock.now() ?? show.at);
  }

  /**
   * A save was refused, or the text is in order again.
   * @param {{refused?: boolean, findings?: Finding[]}} told
   */
  found({ refused = false, findings = [] }) {
    this.refused = refused;
    this.findings = findings;
    this.changes += 1;
  }

  /**
   * What is not ready yet: device -> what to do.
   * @param {Record<string, string>} missing
   */
  standby(missing) {
    this.missing = missing;
    this.changes += 1;
  }

  /** The connection is lost. */
  lose() {
    this.lost = true;
    this.clock.freeze();
    this.sceneClock.freeze();
    this.changes += 1;
  }

  /** It is there again. */
  recover() {
    this.lost = false;
    this.changes += 1;
  }

  /** The server does not let this page in any more. */
  bar() {
    this.barred = true;
    this.changes += 1;
  }

  /**
   * Why a press was not done; null: there is nothing to say of it any more.
   * @param {string | null} sentence
   */
  complain(sentence) {
    this.complaint = sentence;
    this.changes += 1;
  }

  /**
   * What is to be shown now; null before the first score.
   * @returns {Now | null}
   */
  picture() {
    const { show, actions, clock, lost, barred, started } = this;
    if (!show) return null;
    const at = clock.now();
    // Where a show is over and stays open, it stands where it was.
    this.over = clock.over && show.begun ? this.over ?? running(show, show.at) : null;
    const real = this.over ?? running(show, Math.max(at ?? 0, show.at));
    const place = playhead(show, real);
    const state = stateOf(show, { lost: lost || barred, started, over: clock.over, ended: clock.ended && !lost });
    const next = isStill(state) ? null : nextRow(show, place.plan);
    const { readonly, undo, redo, refused, findings, missing, complaint } = this;
    const told = { lost, barred, readonly, undo, redo, refused, findings, missing, complaint };
    return { show, actions, state, at, real, place, next, speed: clock.speed, started: started || show.begun, ...told };
  }
}
