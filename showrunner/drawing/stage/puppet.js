// @ts-check
// The puppet: what stands on a stage at an instant, and the shapes of whoever stands there. `puppet.py` is the same.

/** @typedef {Record<string, any>} Scene What `staged` gives, or a part of what stands at an instant. */

/** @typedef {number | number[]} Quantity */
/** @typedef {{look: string, x: number, y: number, wide: number, high: number}} Ellipse */
/** @typedef {{look: string, way: string}} Path */
/** @typedef {{x: number, y: number, turn: number, about: number[], shapes: (Ellipse | Path)[]}} Group */
/**
 * @typedef {{name: string, speaks: boolean, x: number, y: number, grow: number, turn: number, groups: Group[],
 *   dials: {name: string, value: number}[], written: string[]}} Puppet
 * `dials` is what it has no part for, `written` what is said beside it.
 */

const FAR = 1.5; // no part of a figure moves beyond this; what is said beyond is written
const NEAR = Math.tan(Math.PI / 6); // at an angle of 60 degrees a camera shows a figure as it is drawn

/**
 * The value of a curve at an instant, as the engine has it.
 * @param {Scene} curve
 * @param {number} at
 */
export function valueAt({ from, to, path, start, arrives, ease, shape }, at) {
  if (at >= arrives || from === undefined || from === null) return to;
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
export function values(stage, device, at, placed = false) {
  /** @type {[string, any][]} */
  const found = [];
  for (const curve of stage.curves) {
    if (curve.start > at) break;
    if (curve.device === device && at < (curve.gone ?? Infinity)
      && (at < (curve.until ?? Infinity) || (placed && curve.stays))) found.push([curve.property, valueAt(curve, at)]);
  }
  return found;
}

/**
 * What stands at an instant: the puppets, and around them frames, pages, pictures, texts, clips, values.
 * @param {Scene} stage
 * @param {number} at
 * @param {Scene | null} [turn] one of a pad, which lies over what the plan has
 * @param {number} [into] how far into its own time it is
 * @returns {Scene}
 */
export function moment(stage, at, turn = null, into = 0) {
  /** @type {[Scene, number][]} */
  const laid = turn ? [[stage, at], [turn, into]] : [[stage, at]];
  const standing = (/** @type {string} */ what) => laid.flatMap(([layer, now]) => layer[what]
    .filter((/** @type {Scene} */ one) => stands(one, now)).map((/** @type {Scene} */ one) => [one, now]));
  const [said, acts] = [standing("captions"), standing("acts")];
  const held = new Map(stage.devices.map((/** @type {Scene} */ { name }) => [
    name, new Map(laid.flatMap(([layer, now]) => values(layer, name, now, true)))]));
  return {
    segment: stage.segments.findLast((/** @type {Scene} */ one) => one.at <= at)?.title ?? "",
    puppets: stage.devices
      .filter((/** @type {Scene} */ one) => one.alive)
      .map((/** @type {Scene} */ { name }) => puppet(stage, name, held.get(name), said, acts)),
    acts: acts.map(([act, now]) => seen(act, now)),
    values: stage.devices
      .filter((/** @type {Scene} */ one) => !one.alive)
      .flatMap((/** @type {Scene} */ one) => sorted(held.get(one.name)).map(([name, found]) => (
        { device: one.name, words: `${name} ${written(found)}` }))),
    captions: said.map(([one]) => slim(one, ["device", "text", "file", "line"])),
    waits: stage.waits.filter((/** @type {Scene} */ one) => stands(one, at)).map((/** @type {Scene} */ one) => one.words),
    logs: standing("logs").map(([one]) => one.words),
  };
}

/**
 * @param {Scene} one
 * @param {number} at
 */
function stands(one, at) {
  return one.at <= at && at < (one.end ?? Infinity);
}

/** @param {Map<string, any>} held */
function sorted(held) {
  return [...held].sort(([one], [other]) => (one < other ? -1 : 1));
}

/**
 * @param {Scene} one
 * @param {string[]} keys
 */
function slim(one, keys) {
  return Object.fromEntries(keys.filter((key) => Object.hasOwn(one, key)).map((key) => [key, one[key]]));
}

/**
 * What is seen of an act, with how much of a clip is over, or how far a scene has come in.
 * @param {Scene} act
 * @param {number} at
 * @returns {Scene}
 */
function seen(act, at) {
  const shown = slim(act, ["device", "draws", "words", "file", "line", "image", "page", "off", "was"]);
  const lasts = act.draws === "clip" ? act.end - act.at : act.took ?? 0;
  return lasts ? { ...shown, share: Math.min(1, (at - act.at) / lasts) } : shown;
}

/**
 * One puppet: its shapes, where it stands, what it has no part for, and what is written beside it.
 * @param {Scene} stage
 * @param {string} name
 * @param {Map<string, any>} held its values by their properties
 * @param {[Scene, number][]} said what is said, each with the instant on its own clock
 * @param {[Scene, number][]} acts
 * @returns {Puppet}
 */
function puppet(stage, name, held, said, acts) {
  const pose = { ...stage.rest };
  const place = { x: 0, y: 0, grow: 1, turn: 0 };
  /** @type {{name: string, value: number}[]} */
  const dials = [];
  /** @type {string[]} */
  const beside = [];
  /** @type {[string, number][]} */
  const feelings = [];
  for (const [key, found] of sorted(held)) {
    const low = key.toLowerCase();
    const amount = amountOf(found);
    if (amount !== null && Object.hasOwn(stage.parts, low)) {
      const [channels, factor, rest] = stage.parts[low];
      for (const channel of channels) {
        pose[channel] = (amount - rest) * factor;
        if (Math.abs(pose[channel]) > FAR) beside.push(`${key} ${written(found)} is out of its range`);
      }
    } else if (amount !== null && Object.hasOwn(stage.aliases, low)) {
      feelings.push([stage.aliases[low], amount]);
    } else if (placed(stage, place, low, found)) {
      beside.push(`${key} ${written(found)}`);
    } else if (amount !== null) {
      dials.push({ name: key, value: amount });
    } else {
      beside.push(`${key} ${written(found)}`);
    }
  }
  for (const [act, at] of acts) {
    if (act.device !== name) continue;
    if (act.feeling !== undefined) feelings.push([act.feeling, 1]);
    if (act.gesture !== undefined && at - act.at < stage.gesture) {
      const share = (at - act.at) / stage.gesture;
      for (const [channel, [most, often]] of Object.entries(stage.gestures[act.gesture])) {
        const sway = often ? Math.sin(2 * Math.PI * often * share) : 1;
        pose[channel] += most * Math.sin(Math.PI * share) * sway;
      }
    }
  }
  const speaking = said.findLast(([one]) => one.device === name);
  if (speaking) {
    const [one, at] = speaking;
    const share = (at - one.at) / (one.end - one.at);
    pose.open = Math.max(pose.open, mouth(stage.mouth, one.text, share));
    const feeling = one.emotion;
    if (feeling && !Object.hasOwn(stage.faces, feeling)) beside.push(feeling);
    else if (feeling) feelings.push([feeling, 1]);
  }
  for (const [feeling, much] of feelings) {
    for (const [channel, added] of Object.entries(stage.faces[feeling])) pose[channel] += added * much;
  }
  return {
    name,
    speaks: speaking !== undefined,
    x: within(place.x, -70, 70),
    y: within(place.y, -70, 70),
    grow: within(place.grow, 0.5, 2.5),
    turn: place.turn,
    groups: figure(pose),
    dials,
    written: beside,
  };
}

/**
 * Put the figure, or the camera before it, where a value says; tell whether this is such a value.
 * @param {Scene} stage
 * @param {Record<string, number>} place
 * @param {string} low
 * @param {any} found
 */
function placed(stage, place, low, found) {
  const parts = Array.isArray(found) ? found : [found];
  const amount = amountOf(found);
  if (low === "camera.fov" && amount !== null) {
    place.grow *= NEAR / Math.tan((within(amount, 5, 170) * Math.PI) / 360);
  } else if (Object.hasOwn(stage.framing, low) && parts.length === 4) {
    const sign = stage.framing[low];
    const [turn, tilt, roll] = angles(parts);
    place.x += sign * within((100 * Math.tan(turn)) / NEAR, -70, 70);
    place.y += sign * within((100 * Math.tan(tilt)) / NEAR, -70, 70);
    place.turn += (sign * roll * 180) / Math.PI;
  } else if (["place.x", "place.y", "place.size", "place.turn"].includes(low) && amount !== null) {
    if (low === "place.x") place.x += 60 * amount;
    if (low === "place.y") place.y -= 60 * amount;
    if (low === "place.size") place.grow *= 1 + amount / 200;
    if (low === "place.turn") place.turn += amount;
  } else if (low === "place.scale" && amount !== null) {
    place.grow *= amount;
  } else if (low === "place.position" && parts.length === 3) {
    place.x += 60 * parts[0];
    place.y -= 60 * parts[1];
  } else {
    return low === "camera.position";
  }
  return true;
}

/**
 * A rotation (x y z w) as turn, tilt and roll, in radians; a turn of more than a right angle is seen from behind, as a
 * camera is that stands before a figure.
 * @param {number[]} rotation
 */
function angles([x, y, z, w]) {
  let turn = Math.atan2(2 * (w * y + x * z), 1 - 2 * (x * x + y * y));
  const tilt = Math.asin(within(2 * (w * x - y * z), -1, 1));
  const roll = Math.atan2(2 * (w * z + x * y), 1 - 2 * (x * x + z * z));
  if (Math.abs(turn) > Math.PI / 2) turn -= Math.sign(turn) * Math.PI;
  return [within(turn, -1.4, 1.4), within(tilt, -1.4, 1.4), roll];
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
  const pose = Object.fromEntries(Object.entries(given).map(([name, one]) => [name, within(one, -FAR, FAR)]));
  const [turn, nod] = [pose.turn * 15, -pose.nod * 11];
  const breath = pose.breath * 2;
  const [lean, sway] = [pose.lean * 9, pose.sway];
  const lift = pose.lift * -9;
  const arms = ["right", "left"].map((side) => (
    { x: lean * 0.4, y: lift, turn: sway * 7 + lean * 0.5, about: [100, 224], shapes: arm(pose, side) }));
  return [
    {
      x: lean * 1.2,
      y: pose.bow * -4 - breath * 0.5 + lift,
      turn: pose.tilt * 24 + sway * 5,
      about: [100, 140],
      shapes: [
        path("hair", `M 48 88 Q 44 30 100 30 Q 156 30 152 88 Q ${n(158 - turn * 0.4)} 136 ${n(146 - turn * 0.5)} 158 `
          + `Q 122 166 100 164 Q 78 166 ${n(54 - turn * 0.5)} 158 Q ${n(42 - turn * 0.4)} 136 48 88 Z`),
      ],
    },
    ...arms,
    {
      x: lean * 0.4,
      y: lift,
      turn: sway * 7 + lean * 0.5,
      about: [100, 224],
      shapes: [
        ellipse("neck", 100, 142, 13, 20),
        path("cloth", `M 36 230 Q 40 ${n(170 - breath)} 80 ${n(160 - breath)} Q 100 178 120 ${n(160 - breath)} `
          + `Q 160 ${n(170 - breath)} 164 230 Z`),
        path("collar", `M 80 ${n(160 - breath)} Q 100 178 120 ${n(160 - breath)} Q 104 196 100 196 Q 96 196 `
          + `80 ${n(160 - breath)} Z`),
      ],
    },
    {
      x: lean * 1.4,
      y: pose.bow * -4 - breath * 0.5 + lift,
      turn: pose.tilt * 30 + sway * 5,
      about: [100, 140],
      shapes: head(pose, turn, nod),
    },
  ];
}

/**
 * An arm that comes up beside the head as far as its hand does; the figure's own right is on the left.
 * @param {Record<string, number>} pose
 * @param {string} side
 */
function arm(pose, side) {
  const [up, out] = [within(pose[`hand-${side}`], 0, 1), side === "right" ? -1 : 1];
  const wag = pose.wag * 12 * up;
  const [elbow, hand] = [100 + out * (58 + 12 * up), 100 + out * (52 + 22 * up) + wag];
  const high = 226 - 96 * up;
  return [
    path("sleeve", `M ${n(100 + out * 46)} 190 Q ${n(elbow)} 224 ${n(hand)} ${n(high)}`),
    ellipse("hand", hand, high - 6, 9, 10),
  ];
}

/**
 * @param {Record<string, number>} pose
 * @param {number} turn
 * @param {number} nod
 */
function head(pose, turn, nod) {
  const cheek = 8 * within(pose.cheek, 0, 1);
  const frown = pose.frown * 5;
  /** @type {(Ellipse | Path)[]} */
  const shapes = [
    ellipse("skin", 59 + turn * -0.2, 102 + nod * 0.3, 7, 10),
    ellipse("skin", 141 + turn * -0.2, 102 + nod * 0.3, 7, 10),
    path("skin", `M ${n(58 + turn * 0.2)} 88 Q ${n(56 + turn * 0.3)} ${n(126 + nod * 0.3)} ${n(100 + turn * 0.4)} `
      + `${n(143 + nod * 0.5)} Q ${n(144 + turn * 0.3)} ${n(126 + nod * 0.3)} ${n(142 + turn * 0.2)} 88 Q 142 46 `
      + `100 46 Q 58 46 ${n(58 + turn * 0.2)} 88 Z`),
    ellipse("blush", 74 + turn, 116 + nod, cheek, cheek * 0.6),
    ellipse("blush", 126 + turn, 116 + nod, cheek, cheek * 0.6),
  ];
  // Left and right are the model's own: its left eye is on the right of the picture.
  for (const [side, x] of /** @type {[string, number][]} */ ([["right", 81], ["left", 119]])) {
    const wide = within(pose[`eye-${side}`] * (1 - within(pose[`shut-${side}`], 0, 1)), 0, 1.4);
    const inner = side === "right" ? 1 : -1;
    const brow = 76 - pose[`brow-${side}`] * 7 + nod;
    const [eye, look, gaze] = [100 + nod, x + turn + pose.look * 3, pose.gaze * 3 * wide];
    const lid = eye - 11 * wide;
    shapes.push(
      ellipse("white", x + turn, eye, 10, Math.max(11 * wide, 0.5)),
      ellipse("iris", look, eye - gaze, 7, Math.min(9.5 * wide, 9.5)),
      ellipse("pupil", look, eye - gaze, 3.6, Math.min(5.5 * wide, 5.5)),
      ellipse("shine", look - 2.4, eye - gaze - 3.4 * wide, 2.2 * Math.min(wide, 1), 2.6 * Math.min(wide, 1)),
      path("lash", `M ${n(x + turn - 11)} ${n(eye - 2 * wide)} Q ${n(x + turn)} ${n(lid - 3)} ${n(x + turn + 11)} `
        + `${n(eye - 2 * wide)}`),
      path("brow", `M ${n(x + turn - 10 * inner)} ${n(brow - frown * 0.4)} Q ${n(x + turn)} ${n(brow - 5)} `
        + `${n(x + turn + 9 * inner)} ${n(brow + frown)}`),
    );
  }
  const [smile, open] = [pose.smile * 5, 15 * within(pose.open, 0, 1)];
  const [left, right, line] = [100 + turn - 11, 100 + turn + 11, 124 + nod];
  return [
    ...shapes,
    path("nose", `M ${n(100 + turn * 1.2)} ${n(110 + nod)} Q ${n(102 + turn * 1.3)} ${n(113 + nod)} `
      + `${n(99 + turn * 1.2)} ${n(114 + nod)}`),
    path("mouth", `M ${n(left)} ${n(line - smile * 0.6)} Q ${n(100 + turn)} ${n(line + 4 + smile)} `
      + `${n(right)} ${n(line - smile * 0.6)} Q ${n(100 + turn)} ${n(line + 4 + smile + open * 1.6)} `
      + `${n(left)} ${n(line - smile * 0.6)} Z`),
    path("fringe", `M 49 96 Q 46 32 100 32 Q 154 32 151 96 Q ${n(148 + turn * 0.3)} 76 ${n(136 + turn * 0.6)} 66 `
      + `Q ${n(130 + turn * 0.7)} 80 ${n(120 + turn * 0.8)} 84 Q ${n(122 + turn * 0.8)} 70 ${n(114 + turn * 0.8)} 62 `
      + `Q ${n(104 + turn * 0.8)} 82 ${n(86 + turn * 0.8)} 86 Q ${n(92 + turn * 0.8)} 72 ${n(88 + turn * 0.8)} 62 `
      + `Q ${n(70 + turn * 0.6)} 72 ${n(62 + turn * 0.4)} 80 Q ${n(54 + turn * 0.2)} 84 49 96 Z`),
    path("gloss", `M ${n(66 + turn * 0.3)} 54 Q ${n(80 + turn * 0.3)} 40 ${n(104 + turn * 0.3)} 40`),
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
