// @ts-check
// The shapes: what the server sends, and what the page keeps of it. Types alone; nothing here is ever run.
//
// All times are microseconds. `at` of an entry is show time; times of the score are those of the plan; `real` is show
// time without the pauses, which is what the plan is compared with.

export {};

// --- the journal, an entry at a time (`grammar/README.md` has the whole of it)

/**
 * @typedef {{segment: string, track: string, cue: string, row?: number, inner?: string, turns?: number[]}} Place
 * Where in the show something stands: the number of its row in the cue list; `inner`, where in a block of that; `turns`,
 * in which turns of a `repeat`. The same through all edits. `cue` is what it was called when it happened, for people.
 */

/** @typedef {{kind: "show", title?: string, script: string, devices?: Record<string, string>}} ShowEntry */
/** @typedef {{kind: "source", path: string}} SourceEntry */
/** @typedef {{kind: "segment", segment: string, title?: string}} SegmentEntry */
/**
 * @typedef {{kind: "heard", segment?: string, cue: string, row?: number, event: number, became: string, why?: string}} HeardEntry
 */
/** @typedef {Place & {kind: "cue", due: number, late?: number}} CueEntry */
/** @typedef {Place & {kind: "command", id: number, device: string, verb: string, line: number, text: string, filled?: string}} CommandEntry */
/** @typedef {{id?: number, device: string, frame?: any, attempt?: number}} Framed */
/** @typedef {Framed & {kind: "sent"}} SentEntry */
/** @typedef {Framed & {kind: "reply", ok?: boolean}} ReplyEntry */
/** @typedef {Framed & {kind: "event"}} EventEntry */
/**
 * @typedef {{kind: "told", device?: string, what: string, id?: number, ok?: boolean, reason?: string, took?: number[],
 *   properties?: string[], values?: Record<string, number | number[]>}} ToldEntry
 */
/** @typedef {{kind: "outcome", id: number, result: string, reason?: string, took?: number}} OutcomeEntry */
/** @typedef {Place & {kind: "wait", for: string}} WaitEntry */
/** @typedef {Place & {kind: "resume", for: string, why: string}} ResumeEntry */
/** @typedef {Place & {kind: "log", line: number, message: string}} LogEntry */
/**
 * @typedef {{kind: "operator", action: string, name?: string, to?: string, from?: string,
 *   text?: string, fields?: Object<string, unknown>, by?: string, ignored?: string}} OperatorEntry
 */
/** @typedef {{kind: "device", device: string, state: string, detail?: string, rests?: boolean}} DeviceEntry */
/**
 * @typedef {{kind: "reload", ok?: boolean, report?: string[], added?: string[], removed?: string[], changed?: string[],
 *   missed?: string[], again?: string[], renamed?: Record<string, string>,
 *   standing?: (Place & {for: string, now: string})[]}} ReloadEntry
 */
/** @typedef {{kind: "gap", for: number}} GapEntry */
/** @typedef {{kind: "end", result: string}} EndEntry */

/**
 * @typedef {ShowEntry | SourceEntry | SegmentEntry | CueEntry | CommandEntry | SentEntry | ReplyEntry | EventEntry
 *   | ToldEntry | HeardEntry
 *   | OutcomeEntry | WaitEntry | ResumeEntry | LogEntry | OperatorEntry | DeviceEntry | ReloadEntry | GapEntry | EndEntry} Happening
 */
/** @typedef {Happening & {seq: number, at: number}} Entry */
/** @typedef {Happening["kind"]} Kind */
/**
 * @template {Kind} K
 * @typedef {Extract<Happening, {kind: K}> & {seq: number, at: number}} EntryOf An entry of one kind.
 */
/** @typedef {{entry: Entry, raw: string}} Recorded An entry without its frame, and its line as it came. */

// --- the score as `GET /api/score` gives it

/**
 * @typedef {{cue: string, named: boolean, row: number, file: string, line: number, lines: number, at: number | null,
 *   position: string, commands: string[], endless: boolean, bar?: true}} ListedCue
 * `endless`: what it begins goes on to the end of its segment; `bar`: it is written as a bar, so its clock stands no more.
 */
/** @typedef {{name: string, cues: ListedCue[]}} Track */
/**
 * @typedef {{first: number, beat: number, beats: number}} Music
 * When bar 1 comes in the plan, how long a beat is (microseconds), and how many are a bar.
 */
/**
 * @typedef {{name: string, title: string | null, at: number | null, end: number | null, tracks: Track[],
 *   music?: Music}} Segment
 */
/**
 * @typedef {{code: string, severity: string, path: string, line: number | null, message: string, help: string | null,
 *   source?: string, near?: number}} Finding
 */
/**
 * @typedef {{id: number, device: string, property: string, from: number | null, to: number, start: number,
 *   arrives: number, until: number | null, ease: string}} ListedHold
 */
/**
 * @typedef {{at: number} & (SegmentEntry | CueEntry & FilePlace & {own: string, meanwhile?: true} | CommandEntry & {said?: string, draws?: string} | OutcomeEntry
 *   | WaitEntry | ResumeEntry | LogEntry)} PlanEntry
 * `own` is what a cue is called in its own list, `meanwhile`: its command may end before it comes; `said` what a command
 * speaks, `draws` as what it is drawn (`Draws` of a device's table).
 */
/** @typedef {{path: string, line: number}} FilePlace */
/** @typedef {{hue: number, shape: string}} Looks How a device is told from others: the number of a colour, and a shape. */
/**
 * @typedef {{name: string, driver: string, speech: string[], looks: Looks, puppet: boolean, answers: boolean}} ScoreDevice
 * `puppet`: it is drawn as one; `answers`: its program says whether it has done something.
 */
/** @typedef {{segment: string | null, cue: string, row?: number, every: number | null}} Ear A `when` that hears a button. */
/**
 * @typedef {{segment: string | null, cue: string, row?: number, file: string, line: number, called: string, text: string}} ListedWhen
 * A `when`: `called` are its events, as the journal names them, `text` its line.
 */
/**
 * @typedef {{name: string, segment: string | null, whens: Ear[], keeps: boolean, brings: string[]}} Pad
 * A button: the segment in which it is heard first (null: in all), whether a press is kept for a line that waits for it
 * later, and the fields of a press that the show reads.
 */
/**
 * @typedef {{title: string, script: string, fingerprint: string, run?: string, readonly?: boolean, started?: boolean,
 *   undo?: boolean, redo?: boolean, refused?: boolean, speed?: boolean, findings?: Finding[],
 *   devices: ScoreDevice[], buttons: string[], pads: Pad[], whens: ListedWhen[], segments: Segment[],
 *   plan: {end: number, whole: boolean, entries: PlanEntry[]}, holds: ListedHold[],
 *   files: {path: string, text: string}[], words: string[]}} RawScore
 */

// --- what may be done, as `GET /api/actions` gives it

/**
 * @typedef {{action: string, says: string, where: string[], keys: string[], shown: string, takes: string[],
 *   back: string | null, before: boolean, after_panic: boolean, asks: boolean}} Action
 * `back`: what the same key does after it; `before`: it counts before the show has begun, too; `asks`: it is to be
 * pressed twice.
 */
/** @typedef {Map<string, Action>} Actions */

// --- what the show intends, as `GET /api/events?stage` tells it, and the tables of the puppet

/**
 * @typedef {{device: string, property: string, from: number | number[] | null, to: number | number[], path: string,
 *   start: number, arrives: number, ease: string, stays: boolean}} SceneValue
 */
/**
 * @typedef {{id: number, device: string, stands: boolean, draws?: string, key?: string, words?: string,
 *   picture?: string | null, says: {text: string, emotion: string | null, lasts: number}[], for: number | null}} SceneCommand
 */
/**
 * @typedef {{at: number | null, speed: number, ended: boolean, values: SceneValue[], commands: SceneCommand[],
 *   more: number}} RawScene
 */
/**
 * @typedef {{rest: Record<string, number>, parts: Record<string, [string[], number, number]>,
 *   faces: Record<string, Record<string, number>>, aliases: Record<string, string>, mouth: Record<string, any>}} Tables
 */

// --- the score, made ready

/**
 * @typedef {CommandEntry & {said?: string, draws?: string, start: number, end: number, speech: boolean}} Planned
 * A command of the plan.
 */
/** @typedef {{at: number, commands: Planned[]}} PlannedCue */
/** @typedef {{wait: number, resume: number}} PlannedWait */
/** @typedef {{at: number, for: string}} Standing Where the plan stands for a person or the world. */
/** @typedef {ListedHold & {command: Planned | null}} Hold */
/** @typedef {{kind: "segment", index: number, segment: string, title: string | null, at: number | null}} Heading */
/** @typedef {ListedCue & {kind: "cue", index: number, segment: string, track: string, order: number}} CueRow */
/** @typedef {Heading | CueRow} Row A row of the cue list. */
/**
 * @typedef {Omit<RawScore, "plan" | "holds"> & {
 *   cues: Map<string, PlannedCue>, commands: Planned[], passes: Map<string, number[]>, waits: Standing[],
 *   moments: Map<string, PlannedWait[]>, end: number, segmentOf: Map<string, Segment & {index: number}>, holds: Hold[],
 *   places: Map<string, FilePlace>, points: Map<string, number>, speech: Set<string>, voices: Set<string>,
 *   rows: Row[], rowOf: Map<number, CueRow>, timed: (CueRow & {at: number})[], lasts: Map<number, Place>,
 *   room: boolean}} Score
 *
 * `cues`, `moments`: what stands at a spot (`spotOf`); `places`: where a spot stands in the files, in whichever turn;
 * `passes`: per track the instants at which its thread passes something; `waits`: where the plan stands for a person or
 * the world; `points`: where in the plan something named lies; `speech`: the verbs that are heard (`verbOf`), `voices`:
 * the devices that are; `timed`: rows by time; `lasts`: by row, the last of what stands in its blocks; `room`: whether it
 * waits for buttons, so that nobody knows when things happen.
 */

// --- the show as it is known

/**
 * `rests`: it is not dialled before somebody says so.
 * @typedef {{name: string, driver: string, state: string, detail: string | null, replied: number | null, rests: boolean}} Device
 */
/** @typedef {{real: number, plan: number}} Anchor */
/** @typedef {{points: number[], end: number, anchors: Anchor[], standing: number}} Progress How far a track has come. */
/**
 * @typedef {{plan: number, extra: number, after: boolean}} Spot
 * A place on the plan: `extra` longer than planned, or `after` what stands there.
 */
/** @typedef {{shown: number, real: number, stands: number, steady?: boolean}} CueClock `steady`: a bar has come. */
/**
 * @typedef {CommandEntry & {speech: boolean, planned: Planned | null, chased: boolean, plan: number, taken: number,
 *   sent: number | null, ended: number | null, result: string | null, reason: string | null, took: number, bad: boolean,
 *   frames: {kind: string, at: number, raw: string}[], spoken: string | null, attempt: number | null}} Act
 * A command that was taken.
 */
/**
 * @typedef {WaitEntry & {was: string, spot: string, trackKey: string, world: boolean, since: number, until: number | null,
 *   leads: boolean}} Wait
 * A wait that stands: `since` when; for the `world`, or for what is above; whether it `leads` its track.
 */
/** @typedef {{track: string, for: string, since: number, until: number | null}} PastWait A wait for the world; null: it stands. */
/**
 * @typedef {{segments: {name: string, title: string | null, real: number}[],
 *   cues: {track: string, row: number | undefined, real: number}[], waits: PastWait[],
 *   turns: {row: number | undefined, real: number}[]}} Past
 * What has happened, by real time (`turns`: what the `when`s began): a seek takes nothing of it away.
 */
/**
 * @typedef {{queued: Set<number>, begun: number, turns: number, last: number | null, lost: string | null}} Hearing
 * What a `when` has heard: the events that wait for their turn, the newest that has begun, how many
 * turns there were, when the last one counted, and why the newest was lost.
 */
/**
 * @typedef {{id: number, device: string, taken: number, sent: number | null, answered: number | null, ok: boolean | null,
 *   ended: number | null, result: string | null, reason: string | null}} Delivery
 * What became of a command at its device. Show time.
 */
/**
 * @typedef {{at: number | null, took: number, wrong: {at: number, reason: string, properties: string[]} | null,
 *   values: Map<string, number | number[]>}} Confirmed
 * What a device said of the values that are held or move: when it confirmed them last, and what it showed by itself.
 */
/** @typedef {{plan: number, extra: number, for: string | null}} Break Where the show stood longer than planned. */
/**
 * @typedef {{taken: number, at: number, late: number, open: number, bad: string | null, results: Map<string, number>,
 *   rest: Place | null}} Played
 * What became of a row: how many of its commands are `open`, what ended badly, how many ended how, and the last of what
 * stands in its blocks, as long as that is to come.
 */
/** @typedef {{from: number | null, until: number | null}} Loop */
/**
 * @typedef {object} Show
 * @property {Score} score
 * @property {Set<string>} afterPanic actions that are obeyed then
 * @property {number} seq the newest entry
 * @property {number} at and when it was written
 * @property {Recorded[]} records
 * @property {string} title
 * @property {boolean} begun
 * @property {string | null} ended how
 * @property {boolean} panicked
 * @property {number | null} paused since when
 * @property {number} pauses how long all together
 * @property {string | null} segment
 * @property {number} entered when it began, or would have begun if a seek had not gone into it
 * @property {Past} past
 * @property {Map<string, Progress>} progress of each track of the segment that plays
 * @property {Map<string, Progress>} lastProgress of each track, in the segment it was last in
 * @property {Map<string, CueClock>} clocks of each track of the segment that plays
 * @property {number} marks how often breaks have changed
 * @property {Map<number, Break>} breaks by their instants of the plan
 * @property {Wait[]} waits the one that has stood longest first
 * @property {Act[]} acts
 * @property {Map<number, Act>} actOf by the number of the planned command
 * @property {Map<number, Act>} open by their own numbers, as long as they have not ended
 * @property {Map<number, Played>} played by row
 * @property {Map<string, number>} buttons how many presses of each are kept
 * @property {Map<string, number>} presses how often each was pressed
 * @property {Map<string, Hearing>} hearings what became of the events of each `when`, by `hearingOf`
 * @property {string | null} fresh the button whose press was the newest entry, which nothing has taken yet
 * @property {string | null} pressed the one that was pressed last
 * @property {Map<string, Device>} devices
 * @property {Map<number, Delivery>} deliveries by the number of the command
 * @property {Map<string, Confirmed>} confirmed by device
 * @property {{at: number, message: string}[]} logs the newest words of the show's log
 * @property {EntryOf<"reload"> | null} reload the newest
 * @property {Loop | null} loop
 * @property {Map<string, {real: number, counts: Map<string, number>}>} taken when each spot was taken last, and how much
 *   of it has been met since
 * @property {number | null} target where a seek goes
 * @property {number | null} halted since when nothing moves any more
 * @property {string | null} led the track that led then
 */

// --- what is shown of it

/** @typedef {"asked" | "sent" | "confirmed" | "failed"} Mark What a device says of something; `sent`: it never says. */
/**
 * @typedef {{id: number, device: string, draws: string, words: string, picture: string | null, share: number | null,
 *   mark: Mark, why: string}} Shown
 */
/**
 * @typedef {{name: string, hue: number, shape: string, puppet: import("../../../drawing/stage/puppet.js").Puppet | null,
 *   shown: Shown[], values: string[], state: string, there: boolean, mark: Mark, why: string}} StageDevice
 */
/**
 * @typedef {{segment: string, devices: StageDevice[], captions: {device: string, text: string}[], notes: string[],
 *   more: number}} Stage
 */

/** @typedef {"lost" | "standby" | "playing" | "waiting" | "paused" | "stopped" | "ended" | "over" | "panic"} State */
/** @typedef {"ahead" | "next" | "waiting" | "playing" | "done" | "late" | "bad" | "cut"} RowState */
/**
 * @typedef {{title: string, lines: string[], frames?: {kind: string, at: number, raw: string}[], point?: number | null}} Facts
 * What can be told of one thing; `point` is where on the plan it lies.
 */
/**
 * @typedef {{show: Show, actions: Actions, state: State, at: number | null, real: number, place: Spot, next: CueRow | null,
 *   speed: number, started: boolean, lost: boolean, barred: boolean, readonly: boolean, undo: boolean, redo: boolean,
 *   refused: boolean, findings: Finding[], missing: Record<string, string>, complaint: string | null}} Now
 * All that is known at one instant. `at`: show time, null before time 0.
 */
