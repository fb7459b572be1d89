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
/** @type {{turn: Thing, name: string, into: number} | null} What a pad has laid over the plan. */
let laid = null;

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
const texts = element("div", { class: "texts" });
const screen = element("div", { class: "screen" });
const over = element("p", { class: "over", role: "status" });
const scene = element("section", { class: "scene", "aria-label": "Stage" },
  frames, element("div", { class: "middle" }, puppets, screen), texts, cards, notes, over, captions);
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
/** @type {{pad: Thing, button: HTMLButtonElement, next: number}[]} */
const pads = stage.pads.filter((/** @type {Thing} */ pad) => pad.turns.length).map((/** @type {Thing} */ pad) => {
  const name = pad.name.replaceAll("button ", "");
  const made = { pad, next: 0, button: element("button", { title: `line ${pad.line}`, onclick: () => press(made, name) }, name) };
  return made;
});
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
      ? element("button", { title: `to ${clock(first.at)}`, onclick: () => go(nearest(place)) }, words || " ")
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
        element("button", { title: "Segment before ([)", "aria-label": "Segment before", onclick: () => part(-1) }, "« segment"),
        element("button", { title: "Cue before (b)", onclick: () => cue(-1) }, "◂ cue"), play,
        element("button", { title: "Next cue (n)", onclick: () => cue(1) }, "cue ▸"),
        element("button", { title: "Next segment (])", "aria-label": "Next segment", onclick: () => part(1) }, "segment »"),
        time, scrub, speed,
        element("label", { title: "Play the segment again and again (l)" }, loop, " loop"),
        element("label", {}, aloud, " voices"), voiceless,
        element("button", { title: "Full screen (f)", onclick: whole }, "Full screen")),
      strip,
      pads.length ? element("section", { class: "pads", "aria-label": "What comes when somebody presses" },
        element("h2", {}, "When… ", element("small", {}, "plays one of the turns worked out beforehand; moves nothing")),
        ...pads.map(({ button }) => button)) : "",
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

/**
 * A thing that is seen: a click on it shows its line.
 * @param {Thing} row
 * @param {string} kind
 * @param {...(Node | string)} inside
 */
function thing({ device, file, line, off }, kind, ...inside) {
  const hue = `hue${looks.get(device)?.hue ?? 0}`;
  const given = { class: `card ${kind} ${hue}${off ? " off" : ""}` };
  if (!line) return element("div", given, ...inside);
  return element("button", { ...given, title: `line ${line}`, onclick: () => show(`${file}:${line}`) }, ...inside);
}

/** @param {Thing} row */
function card(row) {
  const { device, words, draws, share } = row;
  const made = thing(row, draws, element("small", {}, device), " ", words);
  if (share !== undefined) made.append(element("progress", { max: 1, value: share, "aria-label": words }));
  return made;
}

/** @param {Thing} row */
function frame(row) {
  const { device, words, was, share } = row;
  if (share === undefined || share >= 1) return card({ ...row, share: undefined });
  const made = thing(row, "frame changes", element("small", {}, device), " ",
    element("span", { class: "leaves" }, was ?? ""), element("span", { class: "comes" }, words));
  made.style.setProperty("--share", String(share));
  return made;
}

/** What fills a part of the frame: a slide, a picture. @param {Thing} row */
function large(row) {
  const { device, words, draws, image, page: slide } = row;
  if (image !== undefined) return thing(row, "image", element("img", { src: stage.pictures[image], alt: words }));
  if (!slide) return card(row);
  return thing(row, `${draws} slide`,
    element("small", {}, `${device} · page ${slide.number} of ${slide.of}`),
    element("strong", {}, slide.title || " "),
    ...slide.lines.map((/** @type {string} */ one) => element("span", {}, one)));
}

let announced = "";
let pointed = "";

/** What stands now, with what a pad lays over it. */
function now() {
  const at = calm.matches && state.playing ? Math.floor(state.at / STEP) * STEP : state.at;
  return moment(stage, Math.min(at, stage.length), laid?.turn ?? null, laid?.into ?? 0);
}

const BESIDE = new Set(["written", "value", "part", "framing", "position"]);

function draw() {
  const standing = now();
  const alive = new Set(standing.puppets.map((/** @type {Thing} */ one) => one.name));
  const own = (/** @type {Thing} */ act) => alive.has(act.device)
    && (BESIDE.has(act.draws) || (act.draws === "picture" && act.image === undefined && !act.words.endsWith(" is missing")));
  for (const one of standing.puppets) {
    showPuppet(one);
    const made = /** @type {Thing} */ (drawnPuppets.get(one.name));
    const acts = standing.acts.filter((/** @type {Thing} */ act) => act.device === one.name);
    lay(made.signs, acts.filter((/** @type {Thing} */ act) => act.draws === "badge" || act.draws === "face"),
      (act) => element("li", {}, act.words));
    lay(made.beside, [
      ...one.dials,
      ...[...one.written, ...acts.filter(own).map((/** @type {Thing} */ act) => act.words)]
        .map((/** @type {string} */ words) => ({ words })),
    ], (row) => (row.words === undefined ? dial(row) : element("li", {}, row.words)));
  }
  const around = standing.acts.filter((/** @type {Thing} */ act) => !own(act)
    && !(alive.has(act.device) && (act.draws === "badge" || act.draws === "face")));
  const of = (/** @type {string[]} */ ...draws) => around.filter((/** @type {Thing} */ act) => draws.includes(act.draws));
  const big = (/** @type {Thing} */ act) => act.page !== undefined || act.image !== undefined;
  lay(frames, of("frame"), frame);
  lay(screen, around.filter(big), large);
  lay(texts, of("text"), card);
  lay(cards, [
    ...around.filter((/** @type {Thing} */ act) => !big(act) && !["frame", "text", "clip"].includes(act.draws)),
    ...standing.values.map((/** @type {Thing} */ one) => ({ ...one, draws: "value" })),
    ...of("clip").map((/** @type {Thing} */ act) => ({ ...act, share: Math.round((act.share ?? 1) * 200) / 200 })),
  ], card);
  lay(notes, [...standing.waits.map((/** @type {string} */ one) => (one.startsWith("until ") ? `stays ${one}` : `waits for ${one}`)), ...standing.logs]
    .map((words) => ({ words })), (row) => element("li", {}, row.words));
  lay(captions, standing.captions, (one) => element("span", { class: `hue${looks.get(one.device)?.hue ?? 0}` },
    element("small", {}, one.device), " ", one.text));
  const said = laid ? `${laid.name}: laid over the plan, moves nothing` : "";
  if (over.textContent !== said) over.textContent = said;
  if (shown.textContent !== standing.segment) shown.textContent = standing.segment;
  time.textContent = `${clock(state.at)} / ${clock(stage.length)}${stage.whole ? "" : "…"}`;
  scrub.value = String(state.at / 1000);
  scrub.setAttribute("aria-valuetext", `${clock(state.at)}, ${standing.segment}`);
  const here = stage.segments.findLast((/** @type {Thing} */ one) => one.at <= state.at)?.name ?? null;
  for (const { pad, button } of pads) button.disabled = pad.segment !== null && pad.segment !== here;
  point();
  speak();
}

/** Show where in the script it is. */
function point() {
  const last = stage.cues.findLast((/** @type {Thing} */ one) => one.at <= state.at);
  const place = last ? `${last.file}:${last.line}` : "";
  if (place === pointed) return;
  pointed = place;
  show(place);
}

/**
 * Show a line of the script.
 * @param {string} place
 */
function show(place) {
  lines.get(announced)?.removeAttribute("aria-current");
  announced = place;
  const row = lines.get(place);
  row?.setAttribute("aria-current", "step");
  const pane = script.parentElement;
  if (row && pane) pane.scrollTop = row.offsetTop - pane.clientHeight / 3;
}

/**
 * When a line is played: the next time from here on, else the first.
 * @param {string} place
 */
function nearest(place) {
  const instants = stage.cues.filter((/** @type {Thing} */ one) => `${one.file}:${one.line}` === place)
    .map((/** @type {Thing} */ one) => one.at);
  return instants.find((/** @type {number} */ at) => at > state.at) ?? instants[0];
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

/**
 * Lay the next turn of a pad over the plan. It plays by itself, whether the plan does or stands.
 * @param {{pad: Thing, next: number}} made
 * @param {string} name
 */
function press(made, name) {
  laid = { turn: made.pad.turns[made.next % made.pad.turns.length], name, into: 0 };
  made.next += 1;
  if (state.playing) return;
  state.before = performance.now();
  requestAnimationFrame(tick);
}

function toggle() {
  state.playing = !state.playing;
  if (state.playing && state.at >= stage.length) state.at = 0;
  state.before = performance.now();
  play.textContent = state.playing ? "Pause" : "Play";
  if (!state.playing) hush();
  else if (!laid) requestAnimationFrame(tick);
  draw();
}

/** @param {number} instant */
function tick(instant) {
  if (!state.playing && !laid) return;
  const passed = Math.max(0, instant - state.before) * 1000 * state.speed;
  state.before = instant;
  if (laid) {
    laid.into += passed;
    if (laid.into >= laid.turn.length) laid = null;
  }
  if (state.playing) {
    const here = stage.segments.findLast((/** @type {Thing} */ one) => one.at <= state.at);
    state.at = Math.min(stage.length, state.at + passed);
    if (state.loop && here && state.at >= here.end) go(here.at);
    else draw();
    if (state.at >= stage.length) toggle();
  } else {
    draw();
  }
  if (state.playing || laid) requestAnimationFrame(tick);
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

/** @param {number} way */
function part(way) {
  leap(stage.segments.map((/** @type {Thing} */ one) => one.at), way);
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
  "[": () => part(-1),
  "]": () => part(1),
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
