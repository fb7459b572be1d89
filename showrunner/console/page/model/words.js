// @ts-check
// Words and numbers as people read them. Knows the journal's words; no page, no clock.

/** @import { Entry, EntryOf, Music } from "./shapes.js" */

const SECOND = 1_000_000;

/** Signs that nobody sees and that turn the reading direction or are not text: controls, overrides, marks. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text with such signs spelled out, as the terminal does it: what a script or a device says reads as it is.
 * @param {string} text
 */
export function visible(text) {
  return text.replace(UNSEEN, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`);
}

/**
 * The beat that it is at an instant of the plan: `9.3`; empty before bar 1.
 * @param {Music | undefined} music
 * @param {number} at
 */
export function barText(music, at) {
  // What was rounded to a microsecond may lie half of one before its beat.
  const beats = music ? Math.floor((at + 0.5 - music.first) / music.beat) : -1;
  return music && beats >= 0 ? `${Math.floor(beats / music.beats) + 1}.${(beats % music.beats) + 1}` : "";
}

/**
 * `00:12.3`, `1:02:03.4`; with `digits` 0 without the fraction. A time before zero has a minus.
 * @param {number} micros
 * @param {number} digits
 */
export function clockText(micros, digits = 1) {
  const step = 10 ** (6 - digits);
  const whole = Math.floor(Math.abs(micros) / step);
  const per = 10 ** digits;
  const fraction = digits ? `.${String(whole % per).padStart(digits, "0")}` : "";
  const seconds = Math.floor(whole / per);
  const two = (/** @type {number} */ count) => String(count).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const front = hours ? `${hours}:${two(minutes)}` : two(minutes);
  return `${micros < 0 ? "-" : ""}${front}:${two(seconds % 60)}${fraction}`;
}

/**
 * Seconds with their tenth, cut and never rounded up, as everywhere: `2.4`.
 * @param {number} micros
 */
export function tenths(micros) {
  return (Math.trunc(micros / 100_000) / 10).toFixed(1);
}

/**
 * How long something takes or took: `80 ms`, `2.4 s`, `3 min 05 s`.
 * @param {number} micros
 */
export function lengthText(micros) {
  const size = Math.abs(micros);
  if (size < 1000) return "0 ms";
  if (size < SECOND) return `${Math.trunc(micros / 1000)} ms`;
  if (size < 60 * SECOND) return `${tenths(micros)} s`;
  const seconds = Math.floor(size / SECOND);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor(seconds / 60) % 60).padStart(2, "0")} min`;
}

/**
 * A time as the language writes it, hours and all, to the millisecond: `00:01:02.345`, `00:00:05`.
 * @param {number} micros
 */
export function writtenTime(micros) {
  const millis = Math.max(0, Math.trunc(micros / 1000));
  const text = clockText(millis * 1000, 3).padStart("00:00:00.000".length, "00:");
  return text.endsWith(".000") ? text.slice(0, -4) : text;
}

/**
 * Read a time as the language writes it (`01:02.5`, `1m30s`, `250ms`); null where it is none.
 * @param {string} text
 * @returns {number | null}
 */
export function readTime(text) {
  const clock = /^(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:\.(\d{1,3}))?$/.exec(text);
  if (clock) {
    const [, hours = "0", minutes, seconds, fraction = "0"] = clock;
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * SECOND + Number(fraction.padEnd(3, "0")) * 1000;
  }
  const parts = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(text);
  if (!parts || text === "") return null;
  const [, h = "0", m = "0", s = "0", ms = "0"] = parts;
  return Math.round(((Number(h) * 60 + Number(m)) * 60 + Number(s)) * SECOND + Number(ms) * 1000);
}

/** The last word of a cue's name in the journal, where it has no name of its own: its line, and the file of that. */
const LINE = /^(?:.*\/)?(?:([^/]+):)?L(\d+)$/s;

/**
 * A cue as people see it, who count lines: `line 18`, `part.show, line 4`, in a turn `line 18, turn 2`.
 * @param {string} cue as the journal has it: `L16#2/L18`
 */
export function cueText(cue) {
  const found = LINE.exec(cue);
  if (!found) return cue;
  const turns = [...cue.matchAll(/#(\d+)\//g)].map((turn) => turn[1]).reverse();
  return `${found[1] ? `${found[1]}, ` : ""}line ${found[2]}${turns.length ? `, turn ${turns.join(" of ")}` : ""}`;
}

/**
 * Where something stands, as people see it: the segment and its track (what stands beside the segments has none), the cue.
 * @param {{segment?: string | null, track?: string | null, cue?: string | null}} place
 */
function placeText({ segment, track, cue }) {
  const list = [segment, track].filter(Boolean).join("/");
  return [list, cue ? cueText(cue) : ""].filter(Boolean).join(" ");
}

/**
 * A command as a person reads it: what was known of it before the show is filled in.
 * @param {{text: string, filled?: string}} one
 */
export function readText(one) {
  return one.filled ?? one.text;
}

/**
 * The buttons that end a wait; `what` is the journal's `for`.
 * @param {string} what
 */
export function awaitedButtons(what) {
  if (what.startsWith("go ")) return [];
  return what.replace(/^until /, "").split(" or ").flatMap((one) => (one.startsWith("button ") ? [one.slice("button ".length)] : []));
}

/**
 * What a wait waits for, in a producer's words; `what` is the journal's `for`.
 * @param {string} what
 * @returns {string}
 */
export function waitText(what) {
  const several = what.split(" or ");
  if (several.length > 1 && several.every(waitsForWorld)) return several.map(waitText).join(" or ");
  const space = what.indexOf(" ");
  const kind = space < 0 ? what : what.slice(0, space);
  const rest = space < 0 ? "" : what.slice(space + 1);
  switch (kind) {
    case "go": return rest ? `GO: ${rest}` : "GO";
    case "button": return `button ${rest}`;
    case "event": return `event ${rest}`;
    case "cue": return `cue ${rest}`;
    case "clock": return `${rest} on the clock`;
    case "time": return `${rest} to pass`;
    case "then": return "what is above to finish";
    case "command": return "a command to finish";
    default: return what;
  }
}

/**
 * Whether a wait stands until a person or the world does something.
 * @param {string} what
 */
export function waitsForWorld(what) {
  return /^(go|button|event|clock)\b/.test(what);
}

/**
 * One line for one journal entry.
 * @param {Entry} entry
 * @returns {string}
 */
export function entryText(entry) {
  switch (entry.kind) {
    case "show": return `show ${entry.title} (${entry.script})`;
    case "segment": return `segment ${entry.segment}${entry.title ? ` “${entry.title}”` : ""}`;
    case "cue": {
      const { late = 0 } = entry;
      const behind = late >= 1000 ? `, ${lengthText(late)} late` : "";
      return `cue ${placeText(entry)} at ${clockText(entry.due, 3)}${behind}`;
    }
    case "command": return `${entry.id}  ${readText(entry)}`;
    case "sent": return `${entry.id ?? "–"}  to ${entry.device}`;
    case "reply": return `${entry.id ?? "–"}  ${entry.device} answers${entry.ok === false ? ": refused" : ""}`;
    case "event": return `${entry.id ?? "–"}  ${entry.device} says`;
    case "heard": {
      const why = entry.why ? `: ${entry.why}` : "";
      return `${placeText(entry)} hears event ${entry.event}, which is ${entry.became}${why}`;
    }
    case "told": return `${entry.device ?? "the show"} told: ${entry.what}`;
    case "outcome": {
      const reason = entry.reason ? ` (${entry.reason})` : "";
      return `${entry.id}  ${entry.result}${reason} after ${lengthText(entry.took ?? 0)}`;
    }
    case "wait": {
      const ends = entry.for.startsWith("until ");
      const what = ends ? `goes on until ${waitText(entry.for.slice("until ".length))}` : `waits for ${waitText(entry.for)}`;
      return `${placeText(entry)} ${what}`;
    }
    case "resume": {
      if (!entry.for.startsWith("until ")) return `${placeText(entry)} goes on: ${entry.why}`;
      // It may stay open: `at least` has the last word, and the turn that plays.
      const ended = ["over", "seek", "reload", "panic"].includes(entry.why);
      return `${placeText(entry)}: what it goes on until ${ended ? "is not waited for any more" : "has come"} (${entry.why})`;
    }
    case "log": return entry.message;
    case "reload": return reloadText(entry);
    case "operator": {
      const said = entry.text === undefined ? undefined : `“${entry.text}”`;
      const what = [entry.action, entry.name, entry.to, said].filter((part) => part !== undefined).join(" ");
      const way = entry.from ?? "";
      const from = entry.by === undefined ? `from the ${way}` : `by ${way.toUpperCase()}, from ${entry.by}`;
      return `${what}${way ? `, ${from}` : ""}${entry.ignored ? `: ignored, ${entry.ignored}` : ""}`;
    }
    case "device":
      if (entry.state === "flooded") return `${entry.device}: ${entry.detail} events dropped in one second`;
      return `${entry.device} ${entry.state}${entry.detail ? `: ${entry.detail}` : ""}`;
    case "gap": return `nothing went on for ${lengthText(entry.for)}`;
    case "end": return `the end: ${entry.result}`;
    default: return entry.kind;
  }
}

/**
 * What a reload did, in one line.
 * @param {EntryOf<"reload">} entry
 */
export function reloadText(entry) {
  if (entry.ok === false) return "a save was refused; the show plays on as it was";
  const { added, removed, changed, missed, again, report = [] } = entry;
  const parts = Object.entries({ added, removed, changed, missed, again })
    .filter(([, listed]) => listed?.length)
    .map(([name, listed]) => `${listed?.length} ${name}`);
  return `reloaded: ${parts.length ? parts.join(", ") : report[0] ?? "nothing that plays has changed"}`;
}

/**
 * What is said, without the command around it.
 * @param {string} text
 */
export function spokenText(text) {
  const quoted = [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)].map((found) => found[1] ?? found[2]);
  return quoted.length ? quoted.join(" ") : text;
}

/**
 * How long ago something was: whole seconds, then whole minutes, so that the figure does not flicker.
 * @param {number} micros
 */
export function agoText(micros) {
  const seconds = Math.floor(micros / SECOND);
  if (seconds < 1) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
}

/**
 * The last part of a path.
 * @param {string} path
 */
export function fileName(path) {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
