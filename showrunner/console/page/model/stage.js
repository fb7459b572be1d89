// @ts-check
// The stage: what the show intends at an instant, as shapes and words, beside what each device has confirmed of it.

/** @import { Puppet, Scene as Drawn } from "../../../drawing/stage/puppet.js" */
/** @import { Delivery, Device, Mark, RawScene, SceneCommand, Show, Shown, Stage, Tables } from "./shapes.js" */

import { moment } from "../../../drawing/stage/puppet.js";
import { shine } from "./devices.js";
import { lengthText, waitText } from "./words.js";

/** What has no length of its own is shown for so long (microseconds). */
const SEEN = 2_000_000;

/** A device has so long to confirm a value: the journal has the answers to frames once a second. */
const PATIENCE = 2_500_000;

/** What one sees instead of something written. */
const AROUND = new Set(["frame", "page", "picture", "text", "clip"]);

/**
 * What stands on the stage.
 * @param {Show} show
 * @param {Tables} tables
 * @param {RawScene} scene
 * @param {number} at show time
 * @returns {Stage}
 */
export function stageAt(show, tables, scene, at) {
  const devices = show.score.devices.map(({ name, puppet, looks }) => ({ name, alive: puppet, ...looks }));
  const now = moment(drawing(show, tables, scene, devices, at), at);
  const shown = standing(show, scene, at);
  return {
    segment: now.segment,
    devices: devices.map(({ name, alive, hue, shape }) => {
      const own = shown.filter((one) => one.device === name);
      const puppet = now.puppets.find((/** @type {Puppet} */ one) => one.name === name) ?? null;
      /** @type {string[]} */
      const values = now.values.filter((/** @type {Drawn} */ one) => one.device === name).map((/** @type {Drawn} */ one) => one.words);
      return { name, hue, shape, puppet: alive ? puppet : null, shown: own, values, ...confirmation(show, scene, name, at) };
    }),
    captions: now.captions,
    notes: [...now.waits.map((/** @type {string} */ one) => `waits for ${one}`), ...now.logs],
    more: scene.more,
  };
}

/**
 * The stage as the drawing takes it. What has no end known yet goes on without one.
 * @param {Show} show
 * @param {Tables} tables
 * @param {RawScene} scene
 * @param {{name: string, alive: boolean}[]} devices
 * @param {number} at
 */
function drawing(show, tables, scene, devices, at) {
  const segment = show.segment === null ? undefined : show.score.segmentOf.get(show.segment);
  const waits = show.ended === null && !show.panicked ? show.waits.filter((one) => one.world) : [];
  const from = Math.min(0, at);
  return {
    ...tables,
    devices,
    curves: scene.values.map((one) => ({ ...one, until: Infinity })).sort((one, other) => one.start - other.start),
    acts: acts(show, scene, at).map(({ one, since }) => ({ ...one, at: since, end: Infinity })),
    captions: scene.commands.flatMap((one) => captions(show.deliveries.get(one.id), one, at)),
    segments: segment ? [{ at: from, title: segment.title ?? segment.name }] : [],
    waits: waits.map((one) => ({ at: from, end: Infinity, words: waitText(one.for) })),
    logs: show.logs.map((one) => ({ at: one.at, end: one.at + SEEN, words: one.message })),
  };
}

/**
 * What is said of a command while it sounds. How long that takes is an estimate: as long as it goes on beyond, the mouth
 * moves on to the words of its last part.
 * @param {Delivery | undefined} delivery
 * @param {SceneCommand} command
 * @param {number} at
 */
function captions(delivery, { device, says, for: lasting }, at) {
  if (!says.length || !delivery || delivery.sent === null || delivery.ended !== null) return [];
  let start = delivery.sent;
  for (const [index, { text, emotion, lasts }] of says.entries()) {
    const last = index === says.length - 1;
    // What has a `for` may be over long after its voice.
    if (at < start + lasts || (last && lasting === null)) {
      const turns = last ? Math.max(0, Math.floor((at - start) / lasts)) : 0;
      const begun = start + turns * lasts;
      return [{ device, at: begun, end: begun + lasts, text, emotion }];
    }
    start += lasts;
  }
  return [];
}

/**
 * What is seen of commands besides values and voices, in the order in which it began.
 * @param {Show} show
 * @param {RawScene} scene
 * @param {number} at
 */
function acts(show, scene, at) {
  return scene.commands
    .flatMap((one) => {
      const delivery = show.deliveries.get(one.id);
      const since = delivery?.sent ?? delivery?.taken ?? 0;
      // What was told a program that knows no states is listed, the newest of each address.
      const stays = one.stands || (one.draws === "value" && delivery?.sent != null);
      return one.draws !== undefined && (stays || isSeen(delivery, at)) ? [{ one, delivery, since }] : [];
    })
    .sort((first, second) => first.since - second.since);
}

/**
 * The same, each with what its device says of it. What stands for the same takes the place of what stood there.
 * @param {Show} show
 * @param {RawScene} scene
 * @param {number} at
 * @returns {Shown[]}
 */
function standing(show, scene, at) {
  /** @type {Map<string, Shown>} */
  const places = new Map();
  for (const { one, delivery, since } of acts(show, scene, at)) {
    const { id, device, draws = "written", key = "", words = "", picture = null } = one;
    // Of what is only written each thing stands for itself; a scene stands where another stood.
    const place = JSON.stringify([device, draws, key || (AROUND.has(draws) ? "" : words)]);
    places.delete(place);
    const planned = show.open.get(id)?.planned;
    const share = draws === "clip" && planned ? within((at - since) / (planned.end - planned.start)) : null;
    places.set(place, { id, device, draws, words, picture, share, ...markOf(show, device, delivery, at) });
  }
  return [...places.values()];
}

/**
 * Whether something that does not stand is seen: as long as it is under way, and a while.
 * @param {Delivery | undefined} delivery
 * @param {number} at
 */
function isSeen(delivery, at) {
  if (!delivery) return false;
  if (delivery.ended === null) return delivery.sent !== null;
  return at < Math.max(delivery.ended, (delivery.sent ?? delivery.taken) + SEEN);
}

/**
 * What a device says of a command.
 * @param {Show} show
 * @param {string} device
 * @param {Delivery | undefined} delivery
 * @param {number} at
 * @returns {{mark: Mark, why: string}}
 */
function markOf(show, device, delivery, at) {
  const listed = show.score.devices.find((one) => one.name === device);
  if (!delivery) return { mark: "asked", why: "not sent yet" };
  const { sent, ok, result, reason } = delivery;
  if (result === "failed" || result === "timed-out" || ok === false) {
    return { mark: "failed", why: reason ?? (result === "timed-out" ? "no answer" : "refused") };
  }
  if (result === "skipped") return { mark: "failed", why: reason ?? "not sent" };
  if (sent === null) return { mark: "asked", why: "waits to be sent" };
  if (listed && !listed.answers) return { mark: "sent", why: "sent; this program answers nothing" };
  if (result !== null || ok) return { mark: "confirmed", why: "confirmed" };
  return { mark: "asked", why: `no answer for ${lengthText(Math.max(0, at - sent))}` };
}

/**
 * How a device is, and whether what is held of it or moves has arrived there.
 * @param {Show} show
 * @param {RawScene} scene
 * @param {string} name
 * @param {number} at
 * @returns {{state: string, there: boolean, mark: Mark, why: string}}
 */
function confirmation(show, scene, name, at) {
  const device = show.devices.get(name);
  const state = device?.state ?? "not connected yet";
  if (state !== "ready") {
    return { state, there: false, mark: shine(state) === "coming" ? "asked" : "failed", why: absence(device) };
  }
  if (!show.score.devices.some((one) => one.name === name && one.answers)) {
    return { state, there: true, mark: "sent", why: "it answers nothing" };
  }
  const own = scene.values.filter((one) => one.device === name && !one.stays);
  const known = show.confirmed.get(name);
  if (known?.wrong && at < known.wrong.at + PATIENCE) {
    const { properties, reason } = known.wrong;
    return { state, there: true, mark: "failed", why: `${properties.length ? `${properties.join(", ")}: ` : ""}${reason}` };
  }
  if (!own.length) return { state, there: true, mark: "confirmed", why: "ready" };
  // What moves is confirmed as it goes, what has arrived once.
  const wanted = Math.max(...own.map((one) => (one.arrives > at ? Math.max(one.start, at - PATIENCE) : one.arrives)));
  const confirmed = Math.max(known?.at ?? -Infinity, device?.replied ?? -Infinity);
  if (confirmed >= wanted) return { state, there: true, mark: "confirmed", why: `values confirmed${known?.took ? ` within ${lengthText(known.took)}` : ""}` };
  if (at < wanted + PATIENCE) return { state, there: true, mark: "asked", why: "values on their way" };
  return { state, there: true, mark: "failed", why: "values not confirmed" };
}

/** @param {Device | undefined} device */
function absence(device) {
  return device ? `${device.state}${device.detail ? `: ${device.detail}` : ""}` : "not connected yet";
}

/** @param {number} share */
function within(share) {
  return Math.max(0, Math.min(1, share));
}
