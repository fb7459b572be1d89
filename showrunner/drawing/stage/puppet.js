// @ts-check
// The puppet: what stands on a stage at an instant, and the shapes of whoever stands there. `puppet.py` is the same.

/** @typedef {Record<string, any>} Scene What `staged` gives, or a part of what stands at an instant. */
/** @typedef {number | number[]} Quantity */
/** @typedef {{look: string, x: number, y: number, wide: number, high: number}} Ellipse */
/** @typedef {{look: string, way: string}} Path */
/** @typedef {{x: number, y: number, turn: number, about: number[], shapes: (Ellipse | Path)[]}} Group */
/**
 * @typedef {{name: string, speaks: boolean, x: number, y: number, grow: number, groups: Group[],
 *   dials: {name: string, value: number}[], written: string[]}} Puppet
 * `dials` is what it has no part for, `written` what is said beside it.
 */

/**
 * The value of a curve at an instant, as the engine has it.
 * @param {Scene} curve
 * @param {number} at
 */
export function valueAt({ from, to, path, start, arrives, ease, shape }, at) {
  if (at >= arrives || from === null) return to;
  if (shape && Array.isArray(to)) return weighed(shape, Array.isArray(from) ? from : [from, 1], at - start).map(rounded);
  if (shape) return rounded(shaped(shape, Array.isArray(from) ? 0 : from, to, at - start));
  const share = eased(ease, (at - start) / (arrives - start));
  if (!Array.isArray(to)) return rounded(from + (to - from) * share);
  if (path === "slerp") return slerp(from, to, share);
  return to.map((end, n) => rounded(from[n] + (end - from[n]) * share));
}

/**
 * The share of the way for the share of time.
 * @param {string} ease
 * @param {number} share
 */
function eased(ease, share) {
  switch (ease) {
    case "in": return share ** 3;
    case "out": return 1 - (1 - share) ** 3;
    case "in-out": return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
    case "sine": return (1 - Math.cos(Math.PI * share)) / 2;
    case "step": return 0;
    default: return share;
  }
}

/**
 * The value of a motion so long after its beginning: `start` was there before, `rest` comes after (`devices/motion.py`).
 * @param {Scene} shape
 * @param {number} start
 * @param {number} rest
 * @param {number} elapsed microseconds
 */
function shaped(shape, start, rest, elapsed) {
  const one = Math.max(1, Math.round(shape.length / shape.speed));
  const takes = one * shape.rounds;
  const within = Math.min(Math.max(elapsed, 0), takes);
  const turn = Math.min(Math.floor(within / one), shape.rounds - 1);
  const seconds = ((within - turn * one) * shape.speed) / 1e6;
  let value = inCurve(shape, seconds) * shape.factor + shape.plus;
  value = start + (value - start) * faded(elapsed - shape.joins, shape.fade_in);
  return rest + (value - rest) * faded(takes - elapsed, shape.fade_out);
}

/**
 * The value with its weight, which is what fades; `start` is the pair that was there before.
 * @param {Scene} shape
 * @param {number[]} start
 * @param {number} elapsed microseconds
 */
function weighed(shape, start, elapsed) {
  const value = shaped({ ...shape, fade_in: 0, fade_out: 0 }, 0, 0, elapsed);
  const into = faded(elapsed - shape.joins, shape.fade_in);
  const takes = Math.max(1, Math.round(shape.length / shape.speed)) * shape.rounds;
  const weight = (start[1] + (1 - start[1]) * into) * faded(takes - elapsed, shape.fade_out);
  return [start[1] ? start[0] + (value - start[0]) * into : value, weight];
}

/**
 * The value of a curve at a time of its file.
 * @param {Scene} shape
 * @param {number} seconds
 */
function inCurve(shape, seconds) {
  let [before, held] = shape.points[0];
  if (seconds <= before) return held;
  for (const [kind, ...points] of shape.points.slice(1)) {
    const [end, to] = points.slice(-2);
    if (seconds < end) {
      if (kind === 2) return held;
      if (kind === 3) return to;
      const share = (seconds - before) / (end - before);
      if (kind === 0) return held + (to - held) * share;
      const [first, one, second, other] = points;
      return cubic(held, one, other, to, shape.restricted ? share : solved(before, first, second, end, seconds));
    }
    [before, held] = [end, to];
  }
  return held;
}

/**
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 * @param {number} share
 */
function cubic(a, b, c, d, share) {
  const left = 1 - share;
  return left * left * left * a + share * share * share * d + 3 * left * share * (left * b + share * c);
}

/**
 * Where a Bézier has a time.
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 * @param {number} wanted
 */
function solved(a, b, c, d, wanted) {
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 50; turn += 1) {
    const middle = (low + high) / 2;
    if (cubic(a, b, c, d, middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * @param {number} passed
 * @param {number} length
 */
function faded(passed, length) {
  if (length <= 0 || passed >= length) return 1;
  return passed <= 0 ? 0 : 0.5 - 0.5 * Math.cos((Math.PI * passed) / length);
}

/**
 * Turn from one rotation (x y z w) to another the short way round.
 * @param {number[]} begin
 * @param {number[]} to
 * @param {number} share
 */
function slerp(begin, to, share) {
  const dot = begin.reduce((sum, one, n) => sum + one * to[n], 0);
  const sign = dot < 0 ? -1 : 1;
  const angle = Math.acos(Math.min(1, Math.abs(dot)));
  if (angle < 1e-6) return begin.map((one, n) => rounded(one + (to[n] * sign - one) * share));
  const first = Math.sin((1 - share) * angle) / Math.sin(angle);
  const second = (sign * Math.sin(share * angle)) / Math.sin(angle);
  return begin.map((one, n) => rounded(one * first + to[n] * second));
}

/** @param {number} number */
function rounded(number) {
  return Math.round(number * 1e6) / 1e6;
}

/**
 * What is held of a device or moves; with `placed` also what stays where it was put.
 * @param {Scene} stage
 * @param {string} device
 * @param {number} at
 * @param {boolean} [placed]
 * @returns {[string, any][]}
 */
function values(stage, device, at, placed = false) {
  const latest = new Map();
  for (const curve of stage.curves) {
    if (curve.start > at) break;
    if (curve.device === device) latest.set(curve.property, curve);
  }
  return [...latest]
    .filter(([, curve]) => curve.until === null || at < curve.until || (placed && curve.stays))
    .map(([name, curve]) => [name, valueAt(curve, at)]);
}

/**
 * What stands at an instant: the puppets, and around them frames, pages, pictures, texts, clips, values.
 * @param {Scene} stage
 * @param {number} at
 * @returns {Scene}
 */
export function moment(stage, at) {
  const said = stage.captions.filter((/** @type {Scene} */ one) => one.at <= at && at < one.end);
  /** @type {Map<string, Scene>} */
  const standing = new Map();
  for (const act of stage.acts) {
    if (act.at > at) break;
    const place = JSON.stringify([act.device, act.draws, act.key || (act.end === null ? "" : act.words)]);
    standing.delete(place);
    if (act.end === null || at < act.end) standing.set(place, act);
  }
  const under = (/** @type {Scene} */ one) => one.at <= at && (one.end === null || at < one.end);
  const words = (/** @type {Scene} */ one) => one.words;
  return {
    segment: stage.segments.findLast((/** @type {Scene} */ one) => one.at <= at)?.title ?? "",
    puppets: stage.devices
      .filter((/** @type {Scene} */ one) => one.alive)
      .map((/** @type {Scene} */ one) => puppet(stage, one, at, said)),
    acts: [...standing.values()].map((act) => ({
      device: act.device,
      draws: act.draws,
      words: act.words,
      share: act.draws === "clip" ? (at - act.at) / (act.end - act.at) : null,
    })),
    values: stage.devices
      .filter((/** @type {Scene} */ one) => !one.alive)
      .flatMap((/** @type {Scene} */ one) => values(stage, one.name, at, true).map(([name, held]) => (
        { device: one.name, words: `${name} ${written(held)}` }))),
    captions: said.map((/** @type {Scene} */ one) => ({ device: one.device, text: one.text })),
    waits: stage.waits.filter(under).map(words),
    logs: stage.logs.filter(under).map(words),
  };
}

/**
 * One puppet: its shapes, where it stands, what it has no part for, and what is written beside it.
 * @param {Scene} stage
 * @param {Scene} device
 * @param {number} at
 * @param {Scene[]} said
 * @returns {Puppet}
 */
function puppet(stage, { name }, at, said) {
  const pose = { ...stage.rest };
  const dials = [];
  /** @type {[string, number][]} */
  const feelings = [];
  const beside = [];
  let [grow, x, y] = [1, 0, 0];
  for (const [held, given] of values(stage, name, at, true)) {
    const low = held.toLowerCase();
    const amount = amountOf(given);
    if (amount !== null && Object.hasOwn(stage.parts, low)) {
      const [channels, factor, rest] = stage.parts[low];
      for (const channel of channels) pose[channel] = (amount - rest) * factor;
    } else if (amount !== null && Object.hasOwn(stage.aliases, low)) {
      feelings.push([stage.aliases[low], amount]);
    } else if (amount !== null && low === "camera.fov") {
      grow *= Math.tan(Math.PI / 6) / Math.tan((within(amount, 5, 170) * Math.PI) / 360);
      beside.push(`${held} ${written(given)}`);
    } else if (amount !== null && ["place.x", "place.y", "place.size"].includes(low)) {
      if (low === "place.x") x += 60 * amount;
      if (low === "place.y") y -= 60 * amount;
      if (low === "place.size") grow *= 1 + amount / 200;
      beside.push(`${held} ${written(given)}`);
    } else if (amount !== null) {
      dials.push({ name: held, value: amount });
    } else {
      beside.push(`${held} ${written(given)}`);
    }
  }
  const speaking = said.find((one) => one.device === name);
  if (speaking) {
    const share = (at - speaking.at) / (speaking.end - speaking.at);
    pose.open = Math.max(pose.open, mouth(stage.mouth, speaking.text, share));
    const feeling = speaking.emotion;
    if (feeling !== null && !Object.hasOwn(stage.faces, feeling)) beside.push(feeling);
    else if (feeling !== null) feelings.push([feeling, 1]);
  }
  for (const [feeling, much] of feelings) {
    for (const [channel, added] of Object.entries(stage.faces[feeling])) pose[channel] += added * much;
  }
  return {
    name,
    speaks: speaking !== undefined,
    x: within(x, -70, 70),
    y: within(y, -70, 70),
    grow: within(grow, 0.5, 2.5),
    groups: figure(pose),
    dials,
    written: beside,
  };
}

/**
 * A value as one number: of a pair (value, how much of it counts) what is left of it.
 * @param {any} given
 * @returns {number | null}
 */
function amountOf(given) {
  if (Array.isArray(given)) return given.length === 2 ? given[0] * given[1] : null;
  return Number(given);
}

/** @param {any} given */
function written(given) {
  return (Array.isArray(given) ? given : [given])
    .map((one) => String(Math.floor(one * 1000 + 0.5) / 1000))
    .join(" ");
}

/**
 * @param {number} number
 * @param {number} least
 * @param {number} most
 */
function within(number, least, most) {
  return Math.max(least, Math.min(most, number));
}

/**
 * How far a mouth is open (0 to 1) when so much of a text is said.
 * @param {Scene} how
 * @param {string} text
 * @param {number} share
 */
function mouth(how, text, share) {
  const letters = Array.from(text);
  const at = share * letters.length;
  const first = Math.floor(at);
  const [here, there] = [first, first + 1].map((n) => (n < letters.length ? opened(how, letters[n]) : 0));
  return here + (there - here) * (at - first);
}

/**
 * @param {Scene} how
 * @param {string} letter
 */
function opened(how, letter) {
  if (how.quiet.includes(letter)) return 0;
  if (how.vowels.includes(letter)) return how.open;
  return (letter.codePointAt(0) ?? 0) < 0x250 ? how.narrow : how.syllable;
}

/**
 * The shapes of a puppet in a box of 200 by 220, from behind to the front: groups that turn as one.
 * @param {Record<string, number>} given
 * @returns {Group[]}
 */
function figure(given) {
  const pose = Object.fromEntries(Object.entries(given).map(([name, one]) => [name, within(one, -1.5, 1.5)]));
  const [turn, nod] = [pose.turn * 15, -pose.nod * 11];
  const breath = pose.breath * 2;
  /** @type {(Ellipse | Path)[]} */
  const body = [
    ellipse("neck", 100, 142, 13, 20),
    path("cloth", `M 36 224 Q 40 ${n(168 - breath)} 82 ${n(158 - breath)} Q 100 172 118 ${n(158 - breath)} `
      + `Q 160 ${n(168 - breath)} 164 224 Z`),
  ];
  const cheek = 8 * within(pose.cheek, 0, 1);
  const frown = pose.frown * 5;
  /** @type {(Ellipse | Path)[]} */
  const head = [
    ellipse("hair", 100 - turn * 0.3, 84 - nod * 0.2, 50, 52),
    ellipse("skin", 100 + turn * 0.3, 97 + nod * 0.2, 41, 43),
    ellipse("blush", 75 + turn, 114 + nod, cheek, cheek * 0.6),
    ellipse("blush", 125 + turn, 114 + nod, cheek, cheek * 0.6),
  ];
  // Left and right are the model's own: its left eye is on the right of the picture.
  for (const [side, x] of /** @type {[string, number][]} */ ([["right", 82], ["left", 118]])) {
    const wide = within(pose[`eye-${side}`] * (1 - within(pose[`shut-${side}`], 0, 1)), 0, 1.4);
    const inner = side === "right" ? 1 : -1;
    const brow = 72 - pose[`brow-${side}`] * 7 + nod;
    head.push(
      ellipse("white", x + turn, 96 + nod, 8.5, Math.max(9 * wide, 0.8)),
      ellipse("iris", x + turn + pose.look * 3, 96 + nod - pose.gaze * 3 * wide, 6, Math.min(7.5 * wide, 7.5)),
      path("brow", `M ${n(x + turn - 9 * inner)} ${n(brow - frown)} Q ${n(x + turn)} ${n(brow - 6)} `
        + `${n(x + turn + 9 * inner)} ${n(brow + frown)}`),
    );
  }
  const [smile, open] = [pose.smile * 5, 17 * within(pose.open, 0, 1)];
  const [left, right, line] = [100 + turn - 12, 100 + turn + 12, 121 + nod];
  head.push(
    path("mouth", `M ${n(left)} ${n(line - smile * 0.6)} Q ${n(100 + turn)} ${n(line + 5 + smile)} `
      + `${n(right)} ${n(line - smile * 0.6)} Q ${n(100 + turn)} ${n(line + 5 + smile + open * 1.6)} `
      + `${n(left)} ${n(line - smile * 0.6)} Z`),
    path("fringe", `M 50 92 Q 52 38 100 38 Q 148 38 150 92 Q ${n(138 + turn * 0.6)} 64 ${n(110 + turn * 0.8)} 60 `
      + `Q ${n(104 + turn * 0.8)} 74 ${n(92 + turn * 0.8)} 60 Q ${n(62 + turn * 0.6)} 66 50 92 Z`),
  );
  const lean = pose.lean * 9;
  return [
    { x: lean * 0.4, y: 0, turn: pose.sway * 7 + lean * 0.5, about: [100, 224], shapes: body },
    {
      x: lean * 1.4,
      y: pose.bow * -4 - breath * 0.5,
      turn: pose.tilt * 30 + pose.sway * 5,
      about: [100, 140],
      shapes: head,
    },
  ];
}

/**
 * @param {string} look
 * @param {number} x
 * @param {number} y
 * @param {number} wide
 * @param {number} high
 */
function ellipse(look, x, y, wide, high) {
  return { look, x, y, wide, high: Math.max(0, high) };
}

/**
 * @param {string} look
 * @param {string} way
 */
function path(look, way) {
  return { look, way };
}

/** @param {number} number */
function n(number) {
  return String(Math.floor(number * 100 + 0.5) / 100);
}
