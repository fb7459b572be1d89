// @ts-check
// The player: the page that plays a stage, with its clock, its keys, its script and, if wanted, its voices.

/** @import { Puppet } from "./puppet.js" */

import { drawPuppet, makePuppet } from "./drawn.js";
import { moment } from "./puppet.js";

/** @typedef {Record<string, any>} Thing */

const SECOND = 1_000_000;
const STEP = 500_000; // so far apart are the pictures for whoever wants little motion
const LINES = 5_000; // so many lines of a script are shown
const RATES = [0.25, 0.5, 1, 1.5, 2, 4];

/** @type {Thing} */
const stage = JSON.parse(document.getElementById("stage")?.textContent ?? "{}");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const looks = new Map(stage.devices.map((/** @type {Thing} */ one) => [one.name, one]));
const state = { at: 0, playing: false, speed: 1, loop: false, aloud: false, before: 0 };

/**
 * Make an element with its attributes and what stands in it; words become text.
 * @param {string} name
 * @param {Record<string, any>} [given]
 * @param {...(Node | string)} inside
 * @returns {any}
 */
function element(name, given = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, one] of Object.entries(given)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), one);
    else if (one !== null && one !== false) made.setAttribute(key, one === true ? "" : one);
  }
  made.append(...inside);
  return made;
}

/** @param {number} micros */
function clock(micros) {
  const whole = Math.floor(micros / SECOND);
  const two = (/** @type {number} */ one) => String(one).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  return `${hours ? `${hours}:` : ""}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

// --- the page

const puppets = element("div", { class: "puppets" });
const frames = element("div", { class: "frames" });
const cards = element("div", { class: "cards" });
const captions = element("p", { class: "captions", "aria-live": "polite" });
const shown = element("p", { class: "segment", "aria-live": "polite" });
const notes = element("ul", { class: "notes" });
const scene = element("section", { class: "scene", "aria-label": "Stage" }, frames, puppets, cards, notes, captions);
const time = element("output", { class: "time" });
const scrub = element("input", {
  type: "range", min: 0, max: Math.max(1, Math.ceil(stage.length / 1000)), step: 100, value: 0,
  "aria-label": "Time of the show", oninput: () => go(scrub.valueAsNumber * 1000),
});
const play = element("button", { class: "play", onclick: toggle }, "Play");
const loop = element("input", { type: "checkbox", onchange: () => { state.loop = loop.checked; } });
const aloud = element("input", { type: "checkbox", onchange: () => { state.aloud = aloud.checked; hush(); } });
const voiceless = element("span", { class: "faint" });
const speed = element("select", {
  "aria-label": "Speed", onchange: () => { state.speed = Number(speed.value); hush(); },
}, ...RATES.map((one) => element("option", { value: String(one), selected: one === 1 }, `${one}×`)));
const strip = element("nav", { class: "strip", "aria-label": "Segments" }, ...stage.segments.map(
  (/** @type {Thing} */ one) => element("button", {
    style: `flex-grow:${Math.max(1, Math.round((one.end - one.at) / SECOND))}`,
    title: `${clock(one.at)} ${one.title}`, onclick: () => go(one.at),
  }, one.title)));
const script = element("ol", { class: "script" });
/** @type {Map<string, HTMLElement>} */
const lines = new Map();
/** @type {Map<string, Thing>} */
const drawnPuppets = new Map();

for (const file of stage.files) {
  if (stage.files.length > 1) script.append(element("li", { class: "file" }, file.path));
  const rows = file.text.split("\n");
  rows.slice(0, LINES).forEach((/** @type {string} */ words, /** @type {number} */ index) => {
    const place = `${file.path}:${index + 1}`;
    const first = stage.cues.find((/** @type {Thing} */ one) => one.file === file.path && one.line === index + 1);
    const inside = first
      ? element("button", { title: `to ${clock(first.at)}`, onclick: () => go(first.at) }, words || " ")
      : element("span", {}, words || " ");
    const row = element("li", { value: index + 1 }, inside);
    lines.set(place, row);
    script.append(row);
  });
  if (rows.length > LINES) script.append(element("li", { class: "file" }, `and ${rows.length - LINES} more lines`));
}

const page = /** @type {HTMLElement} */ (document.getElementById("page"));
page.replaceChildren(
  element("header", {}, element("h1", {}, stage.title), shown),
  element("div", { class: "both" },
    element("div", { class: "left" },
      scene,
      element("div", { class: "controls", role: "group", "aria-label": "Player" },
        element("button", { title: "Cue before (b)", onclick: () => cue(-1) }, "◂ cue"), play,
        element("button", { title: "Next cue (n)", onclick: () => cue(1) }, "cue ▸"),
        time, scrub, speed,
        element("label", { title: "Play the segment again and again (l)" }, loop, " loop"),
        element("label", {}, aloud, " voices"), voiceless,
        element("button", { title: "Full screen (f)", onclick: whole }, "Full screen")),
      strip,
      element("p", { class: "faint keys" }, "Keys: space plays, ← → a second, b n cues, [ ] segments, l loop, f full screen"),
      stage.whole ? "" : element("p", { class: "warning" }, "The show goes on; it is drawn as far as this.")),
    element("section", { class: "book", "aria-label": "Script", tabindex: 0 }, script)),
);

// --- what stands, drawn

/** @param {Puppet} one */
function stand(one) {
  const look = looks.get(one.name);
  const drawn = makePuppet(one, look.shape);
  const signs = element("ul", { class: "signs" });
  const beside = element("ul", { class: "beside" });
  const card = element("figure", { class: `puppet hue${look.hue}` }, drawn.svg, signs,
    element("figcaption", {}, one.name), beside);
  puppets.append(card);
  return { card, drawn, signs, beside };
}

/** @param {Puppet} one */
function showPuppet(one) {
  const made = drawnPuppets.get(one.name) ?? stand(one);
  drawnPuppets.set(one.name, made);
  drawPuppet(made.drawn, one);
  made.card.classList.toggle("speaks", one.speaks);
}

/**
 * Lay rows into a list; what is there already stays.
 * @param {HTMLElement} list
 * @param {Thing[]} rows
 * @param {(row: Thing) => Node} make
 */
function lay(list, rows, make) {
  const key = JSON.stringify(rows);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...rows.map(make));
}

/** @param {Thing} row */
function dial(row) {
  const item = element("li", { class: "dial" }, row.name, element("b", {}, String(Math.round(row.value * 100) / 100)));
  const most = Math.max(1, 10 ** Math.ceil(Math.log10(Math.abs(row.value) || 1)));
  item.style.setProperty("--share", String(Math.abs(row.value) / most));
  return item;
}

/** @param {Thing} row */
function card({ device, draws, words, share, image }) {
  const inside = [element("small", {}, `${device} · ${draws}`)];
  const picture = draws === "picture" && image !== undefined ? stage.pictures[image] : null;
  inside.push(picture ? element("img", { src: picture, alt: words }) : element("span", {}, words));
  const made = element("div", { class: `card ${draws} hue${looks.get(device)?.hue ?? 0}` }, ...inside);
  if (share !== undefined) made.append(element("progress", { max: 1, value: share, "aria-label": words }));
  return made;
}

let announced = "";

function draw() {
  const at = calm.matches && state.playing ? Math.floor(state.at / STEP) * STEP : state.at;
  const now = moment(stage, Math.min(at, stage.length));
  const alive = new Set(now.puppets.map((/** @type {Thing} */ one) => one.name));
  for (const one of now.puppets) {
    showPuppet(one);
    const made = /** @type {Thing} */ (drawnPuppets.get(one.name));
    const own = now.acts.filter((/** @type {Thing} */ act) => act.device === one.name);
    lay(made.signs, own.filter((/** @type {Thing} */ act) => act.draws === "badge" || act.draws === "face"),
      (act) => element("li", {}, act.words));
    lay(made.beside, [
      ...one.dials,
      ...[...one.written, ...own.filter((/** @type {Thing} */ act) => ["written", "value", "part", "framing", "position"].includes(act.draws))
        .map((/** @type {Thing} */ act) => act.words)].map((words) => ({ words })),
    ], (row) => (row.words === undefined ? dial(row) : element("li", {}, row.words)));
  }
  const around = now.acts.filter((/** @type {Thing} */ act) => !alive.has(act.device)
    || ["frame", "page", "picture", "text", "clip"].includes(act.draws));
  lay(frames, around.filter((/** @type {Thing} */ act) => act.draws === "frame"),
    (act) => element("div", { class: `frame hue${looks.get(act.device)?.hue ?? 0}` },
      element("small", {}, act.device), " ", act.words));
  lay(cards, [
    ...around.filter((/** @type {Thing} */ act) => act.draws !== "frame" && act.draws !== "clip"),
    ...now.values.map((/** @type {Thing} */ one) => ({ ...one, draws: "value" })),
    ...around.filter((/** @type {Thing} */ act) => act.draws === "clip")
      .map((/** @type {Thing} */ act) => ({ ...act, share: Math.round(act.share * 200) / 200 })),
  ], card);
  lay(notes, [...now.waits.map((/** @type {string} */ one) => `waits for ${one}`), ...now.logs]
    .map((words) => ({ words })), (row) => element("li", {}, row.words));
  lay(captions, now.captions, (one) => element("span", { class: `hue${looks.get(one.device)?.hue ?? 0}` },
    element("small", {}, one.device), " ", one.text));
  if (shown.textContent !== now.segment) shown.textContent = now.segment;
  time.textContent = `${clock(state.at)} / ${clock(stage.length)}${stage.whole ? "" : "…"}`;
  scrub.value = String(state.at / 1000);
  scrub.setAttribute("aria-valuetext", `${clock(state.at)}, ${now.segment}`);
  point();
  speak();
}

/** Show where in the script it is. */
function point() {
  const last = stage.cues.findLast((/** @type {Thing} */ one) => one.at <= state.at);
  const place = last ? `${last.file}:${last.line}` : "";
  if (place === announced) return;
  lines.get(announced)?.removeAttribute("aria-current");
  announced = place;
  const row = lines.get(place);
  row?.setAttribute("aria-current", "step");
  const pane = script.parentElement;
  if (row && pane) pane.scrollTop = row.offsetTop - pane.clientHeight / 3;
}

// --- voices: the browser's own, and only those that need no network

let speaking = -1;

function hush() {
  speaking = -1;
  globalThis.speechSynthesis?.cancel();
}

/** @returns {SpeechSynthesisVoice[]} */
function local() {
  return (globalThis.speechSynthesis?.getVoices() ?? []).filter((one) => one.localService);
}

function speak() {
  if (!state.aloud || !state.playing) return;
  const here = stage.captions.findLastIndex((/** @type {Thing} */ one) => one.at <= state.at && state.at < one.end);
  if (here === speaking) return;
  if (speaking >= 0 && globalThis.speechSynthesis?.speaking) voiceless.textContent = "cut: longer than planned";
  globalThis.speechSynthesis?.cancel();
  speaking = here;
  const voice = local()[0];
  if (here < 0) return;
  if (!voice) {
    voiceless.textContent = "this browser has no voice of its own";
    return;
  }
  const one = stage.captions[here];
  const said = new SpeechSynthesisUtterance(one.text);
  said.voice = voice;
  said.rate = Math.max(0.5, Math.min(2.5, ((one.text.length / 14) / ((one.end - one.at) / SECOND)) * state.speed));
  globalThis.speechSynthesis.speak(said);
}

// --- the clock

/** @param {number} at */
function go(at) {
  state.at = Math.max(0, Math.min(stage.length, at));
  hush();
  draw();
}

function toggle() {
  state.playing = !state.playing;
  if (state.playing && state.at >= stage.length) state.at = 0;
  state.before = performance.now();
  play.textContent = state.playing ? "Pause" : "Play";
  if (state.playing) requestAnimationFrame(tick);
  else hush();
  draw();
}

/** @param {number} now */
function tick(now) {
  if (!state.playing) return;
  const before = state.at;
  state.at = Math.min(stage.length, state.at + Math.max(0, now - state.before) * 1000 * state.speed);
  state.before = now;
  const here = stage.segments.findLast((/** @type {Thing} */ one) => one.at <= before);
  if (state.loop && here && state.at >= here.end) go(here.at);
  else draw();
  if (state.at >= stage.length) toggle();
  else requestAnimationFrame(tick);
}

/**
 * Go to the next of some instants, or back to the one before.
 * @param {number[]} instants
 * @param {number} way
 */
function leap(instants, way) {
  const found = way > 0
    ? instants.find((one) => one > state.at)
    : instants.findLast((one) => one < state.at - (state.playing ? SECOND / 2 : 0));
  if (found !== undefined) go(found);
}

/** @param {number} way */
function cue(way) {
  leap(stage.cues.map((/** @type {Thing} */ one) => one.at), way);
}

function whole() {
  if (document.fullscreenElement) document.exitFullscreen();
  else scene.requestFullscreen();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  " ": toggle,
  k: toggle,
  ArrowLeft: () => go(state.at - SECOND),
  ArrowRight: () => go(state.at + SECOND),
  Home: () => go(0),
  End: () => go(stage.length),
  b: () => cue(-1),
  n: () => cue(1),
  "[": () => leap(stage.segments.map((/** @type {Thing} */ one) => one.at), -1),
  "]": () => leap(stage.segments.map((/** @type {Thing} */ one) => one.at), 1),
  l: () => loop.click(),
  f: whole,
};

document.addEventListener("keydown", (event) => {
  const on = /** @type {HTMLElement} */ (event.target).tagName;
  const own = (on === "BUTTON" && event.key === " ") || (on === "INPUT" && event.key !== "f") || on === "SELECT";
  if (own || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

if (!globalThis.speechSynthesis) {
  aloud.disabled = true;
  voiceless.textContent = "this browser does not speak";
}
draw();
