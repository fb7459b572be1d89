// @ts-check
// The scene: the shape of what is to be painted of the timeline, and of what was painted where.

/** @import { Act, CueRow, Music, Planned, Show } from "../model/shapes.js" */
/** @import { DeviceLane, TrackLane } from "./lanes.js" */
/** @import { PastDevice, PastTrack } from "./past.js" */
/** @import { Gap, Scale } from "./scale.js" */

/** The names of the colours, which the style sheet says. */
export const COLOURS = /** @type {const} */ ([
  "panel", "line", "edge", "ink", "dim", "plan", "planline", "real", "realsoft", "onreal", "speech", "late", "bad", "badsoft",
  "cut", "gap", "gapline", "go", "gosoft", "loop", "hue0", "hue1", "hue2", "hue3", "hue4", "hue5",
]);

/** @typedef {Record<typeof COLOURS[number], string>} Colours */
/**
 * @typedef {{context: CanvasRenderingContext2D, width: number, height: number, left: number, top: number, gutter: number,
 *   scale: Scale, lanes: (TrackLane | DeviceLane | PastTrack | PastDevice)[], parts: Part[], end: number, past: boolean,
 *   show: Show, real: number, here: number, colours: Colours}} Scene
 * What is to be painted: `left` and `top` are what is scrolled away, `gutter` is where the names of the lanes stand,
 * `here` is the playhead on the plan; `parts` are the segments, and `end` is where the last one ends: of the plan, or of
 * the `past`.
 */
/**
 * @typedef {{name: string, title: string | null, at: number, until: number, plays: boolean, music?: Music}} Part
 * A segment in the ruler.
 */
/**
 * @typedef {{x: number, y: number, w: number, h: number, act?: Act, planned?: Planned, row?: CueRow, gap?: Gap}} Hit
 * What was painted where.
 */
/**
 * @typedef {Scene & {from: number, until: number, hits: Hit[], x: (plan: number, after?: boolean) => number}} View
 * A scene, and the stretch of the plan that can be seen of it; `x` is the pixel of an instant.
 */
