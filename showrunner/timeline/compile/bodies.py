"""Lists and the cues in them, compiled: positions, built-in commands, `do` and `repeat`, blocks inside blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from math import ceil

from showrunner.devices.forms import ANY
from showrunner.devices.vocabulary import HUSH, Command
from showrunner.diagnostics.diagnostic import Place, Span
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import did_you_mean, nearest
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.compile.choices import chosen_by, labelled, looked_at, words_of
from showrunner.timeline.compile.constants import BEATS, UNKNOWN, Constant, atom_of, constant_of, filled, text_of
from showrunner.timeline.compile.draft import DEEPEST, Block, Draft, Drafts, Listed, Looks, Made, Room, Run
from showrunner.timeline.compile.events import awaited, says, until
from showrunner.timeline.compile.facts import Fact, Sounding, Speech, called
from showrunner.timeline.compile.modifiers import (
    NONE,
    Modifiers,
    exact_of,
    in_beats,
    modifiers_of,
    plain_of,
    time_of,
    whole_of,
)
from showrunner.timeline.compile.music import bar_of
from showrunner.timeline.compile.notes import Note, settled
from showrunner.timeline.compile.picks import picking
from showrunner.timeline.compile.sends import OF_THE_DEVICE, cut
from showrunner.timeline.compile.stretch import Stretch, stretch_of
from showrunner.timeline.compile.together import together
from showrunner.times import FARTHEST, rounded

SHORTEST_TURN = 10_000
"""No `repeat` is faster (microseconds)."""

MANY_SPEECHES = 200
"""A block that says more is not followed sentence by sentence where it is done."""

Parameters = Mapping[str, Constant]
_START = cues.Position(False, 0, None)


def body(room: Room, node: nodes.Body, parameters: Parameters, depth: int, uses: dict[str, Constant | None]) -> Block:
    """Compile the block below a statement or a command; its lines count from that statement."""
    drafts = [(placed.line, cue(room, placed.node, parameters, depth, uses)) for placed in node.cues]
    return joined([stretch_of(drafts, Run(), drafts, room.looks, within=True)], room.looks)


def joined(stretches: Iterable[Stretch], looks: Looks) -> Block:
    """Put the stretches of a list together: what they contain, what they take, what is odd about them."""
    made: list[cues.Cue] = []
    drafts: Drafts = []
    notes: list[Note] = []
    facts: list[Fact] = []
    devices: frozenset[str] = frozenset()
    voices: frozenset[str] = frozenset()
    count = height = takes = 0
    stops, exact = False, True
    said: list[tuple[int, list[Sounding]]] = []
    one = None
    for one in stretches:
        made.extend(one.cues)
        drafts.extend(one.drafts)
        notes.extend(one.notes)
        facts.extend(one.facts)
        devices |= one.devices
        voices |= one.voices
        count += one.count
        height = max(height, one.height)
        stops = stops or one.stops
        takes = max(takes, one.takes)
        exact = exact and one.exact
        if one.sounding:
            said.append((one.lower, one.sounding))
    exact = exact and (one is None or one.after.anchor == 0)
    block = Block(
        cues.Body(tuple(made)), drafts, notes, facts, devices, count, height, stops, takes, exact, said, voices
    )
    notes.extend(looks.block(block))
    return block


def cue(room: Room, node: nodes.Cue, parameters: Parameters, depth: int, uses: dict[str, Constant | None]) -> Draft:
    """Compile one cue."""
    draft = Draft(room, node, parameters, depth, uses)
    position = _START if node.implied else _position(draft, node.position)
    if node.name is not None and node.name_span is not None:
        draft.fact("named", node.name, node.name_span)
    for command in node.commands:
        step = _step(draft, command)
        if step is not None:
            draft.steps.append(step)
    draft.count += len(draft.steps)
    written = filled(node.position.source, draft) or node.position.source
    draft.close(cues.Cue(0, node.name, position, written, tuple(draft.steps), node.span))
    return draft


def _position(draft: Draft, node: nodes.Position) -> cues.Position:
    at = node.at
    # Without a time (which is noted) it says nothing about its place: neither first nor early.
    if isinstance(at, nodes.Bar):
        return cues.Position(node.then, bar_of(draft, at), None, bar=True)
    if at is not None:
        return cues.Position(node.then, exact_of(draft, at, "`at`"), None)
    if node.plus is not None:
        return cues.Position(node.then, None, exact_of(draft, node.plus, "`+`"))
    return cues.Position(node.then, None, 0)


# ------------------------------------------------------------------------------------------------------------- commands


def _step(draft: Draft, node: nodes.Command) -> cues.Step | None:
    if isinstance(node, nodes.DeviceCommand):
        if not node.modifiers:
            return picking(draft, node, NONE, None)
        modifiers = modifiers_of(draft, node.modifiers, None, node.verb.text)
        return picking(draft, node, modifiers, _meanwhile(draft, modifiers))
    if isinstance(node, nodes.Hush):
        return _hush(draft, node)
    if isinstance(node, nodes.Wait):
        time = time_of(draft, node.time, "`wait`")
        if time is None:
            return None
        draft.settles = True
        draft.waits(time, exact=True)
        return cues.Pause(time, node.source, node.span, filled(node.source, draft))
    if isinstance(node, nodes.Log):
        return cues.Log(text_of(node.message, draft), node.source, node.span, filled(node.source, draft))
    if isinstance(node, nodes.Stop):
        return cues.Stop(node.span)
    if isinstance(node, nodes.Do):
        return _do(draft, node)
    if isinstance(node, nodes.Repeat):
        return _repeat(draft, node)
    if isinstance(node, nodes.Choose):
        return _choose(draft, node)
    if isinstance(node, nodes.Nothing):
        advice = sentence("leave it out; below a `choose` it is a line of its own")
        draft.say("E166", node.span, sentence("`nothing` is only one of the lines of a `choose`"), advice)
        return None
    if isinstance(node, nodes.Hold):
        return _hold(draft, node)
    return _await(draft, node)


def _hush(draft: Draft, node: nodes.Hush) -> cues.Hush | None:
    """Compile a `hush` of every voice."""
    modifiers = modifiers_of(draft, node.modifiers, ("within", "retry", "else"), "hush")
    posts = [post for post in draft.at_hand.posts.values() if HUSH in post.matchers]
    if not posts:
        draft.say(
            "E303",
            node.span,
            sentence("there is no voice that `hush` could cut"),
            sentence("give a device that speaks to the stage"),
        )
        return None
    draft.settles = True
    for post in posts:
        cut(draft, post, node.span)
    rows = [(post.name, post.matchers[HUSH].rows[0]) for post in posts]
    sends = [
        cues.Send(
            Command(name, row, ()),
            wait=False,
            within=modifiers.within,
            retry=modifiers.retry,
            policy=modifiers.policy,
            keep=None,
            default=None,
            meanwhile=None,
            text=node.source,
            span=node.span,
        )
        for name, row in rows
    ]
    return cues.Hush(tuple(sends), node.source, node.span)


def _meanwhile(draft: Draft, modifiers: Modifiers) -> Block | None:
    if modifiers.meanwhile is None:
        return None
    return _inside(draft, modifiers.meanwhile.body, modifiers.meanwhile.span)


def _inside(draft: Draft, node: nodes.Body, span: Span, known: Collection[str] = ()) -> Block | None:
    """Compile a block of this cue and add what it contains; in its texts these names are ``known``."""
    if draft.depth >= DEEPEST:
        draft.say("E410", span, _deep(), sentence("make it flatter: let one `do` stand beside the other"))
        return None
    block = body(draft.at_hand, node, draft.parameters, draft.depth + 1, draft.uses)
    draft.notes.extend(block.notes)
    # What a `meanwhile` leaves is closed with it, what a turn leaves is looked at by `_repeat`.
    asked = [fact for fact in block.facts if fact.kind == "asked" and fact.name in known]
    draft.take(block, [fact for fact in block.facts if fact.kind != "endless" and fact not in asked])
    return block


def _deep() -> Sentence:
    return sentence("blocks and `do`s stand more than {deepest} deep inside each other here", DEEPEST)


def _hold(draft: Draft, node: nodes.Hold) -> cues.Hold:
    modifiers = modifiers_of(draft, node.modifiers, ("within", "and meanwhile"), "hold")
    label = None if node.label is None else plain_of(draft, node.label)
    block = _meanwhile(draft, modifiers)
    if block is not None:
        message = sentence("GO ends the outer `hold` first: this one never gets its own")
        holds = [fact.spot for fact in block.facts if fact.kind == "hold"]
        draft.notes.extend(spot.note("W506", message, sentence("use one `hold`")) for spot in holds)
    draft.fact("hold", "", node.span)
    draft.stops = True
    draft.settles = True
    draft.waits(0, exact=False)
    return cues.Hold(
        label, modifiers.within, block.body if block else None, node.source, node.span, filled(node.source, draft)
    )


def _await(draft: Draft, node: nodes.WaitFor) -> cues.Await | None:
    modifiers = modifiers_of(draft, node.modifiers, ("within", "else", "->", "and meanwhile"), "wait for")
    block = _meanwhile(draft, modifiers)
    draft.stops = True
    draft.settles = True
    draft.waits(0, exact=False)
    posts = draft.at_hand.posts
    tellers = [posts.get(_teller(draft, event)) for event in node.events]
    if all(tellers) and not any(isinstance(one, nodes.Within) for one in node.modifiers):
        alone = tellers[0] if len(tellers) == 1 else None
        never = sentence("none of these comes") if alone is None else sentence("`{alone}` never tells this", alone.name)
        message = sentence("if {never}, the show waits for ever", never)
        draft.say("W512", node.span, message, sentence("say how long to wait: `within 10s`"))
    found = awaited(draft, node.events, "`wait for`")
    if modifiers.keep is not None:
        says(draft, modifiers.keep, found, modifiers.default, node.span)
    if len(found) == 1 and found[0].kind == "button":
        draft.fact("alone", found[0].name, node.span)
    if len(found) < len(node.events):
        return None
    return cues.Await(
        found,
        modifiers.within,
        modifiers.policy,
        modifiers.keep,
        modifiers.default,
        block.body if block else None,
        node.source,
        node.span,
        filled(node.source, draft),
    )


def _teller(draft: Draft, event: nodes.Event) -> str:
    """Name the device that tells of an event; empty where none does, or where it is not known which."""
    if isinstance(event.device, nodes.Variable):
        constant = draft.lookup(event.device.name)
        return constant.value if constant is not None and isinstance(constant.value, str) else ""
    return "" if event.device is None else event.device.text


# ---------------------------------------------------------------------------------------------------- `repeat` and `do`


def _repeat(draft: Draft, node: nodes.Repeat) -> cues.Repeat | None:
    every = exact_of(draft, node.every, "`every`")
    on_beat = in_beats(draft, node.every)
    most = None if node.most is None else _longest(draft, node.most, on_beat=on_beat)
    count = None if node.count is None else whole_of(draft, node.count, "`repeat`")
    if every is not None and every < SHORTEST_TURN:
        draft.say(
            "E405",
            node.every.span,
            sentence("a `repeat` takes at least 10 ms a turn"),
            sentence("write `every 10ms` or more"),
        )
        every = None
    if every is not None and most is not None and node.most is not None and most <= every:
        advice = sentence("write the shorter time first: `every 20s to 40s`")
        draft.say(
            "E407", node.most.span, sentence("the second time of `every … to …` is not longer than the first"), advice
        )
        most = None
    block = _inside(draft, node.body, node.span, () if node.count is None else cues.COUNTED)
    if block is None:
        return None
    for fact in block.facts:
        if fact.kind == "endless":
            message = sentence(
                "a `repeat` without end cannot stand in the turns of another: each turn would start one more"
            )
            advice = sentence("give it a number of times, or put it beside the outer `repeat`")
            draft.notes.append(fact.spot.note("E204", message, advice))
    if node.endless:
        draft.fact("endless", "", node.span)
    else:
        draft.stops = draft.stops or block.stops
    ends = until(draft, node.until)
    if every is None or (node.count is not None and count is None) or (node.most is not None and most is None):
        return None
    if node.until is not None and ends is None:
        return None
    if ends is not None and count is None:
        draft.settles = True
        draft.runs(block.takes, exact=False)
    if count is not None:
        draft.count += block.count * (count - 1)
        turn = max(most or every, every * ceil(block.takes / every) if on_beat else block.takes)
        takes = min(rounded(turn * (count - 1)) + block.takes, FARTHEST)
        draft.settles = True
        draft.runs(takes, exact=block.exact and block.takes <= every and ends is None and most is None)
    text = filled(node.source, draft)
    return cues.Repeat(count, every, block.body, node.source, node.span, text, on_beat, ends, node.at_once, most)


def _longest(draft: Draft, most: nodes.Time, *, on_beat: bool) -> int | None:
    """Read the second time of `every A to B`."""
    if on_beat or in_beats(draft, most):
        advice = sentence("write both in seconds; `repeat every 2beats` keeps to the beat")
        draft.say("E407", most.span, sentence("what comes after a time by chance does not come on a beat"), advice)
        return None
    return time_of(draft, most, "`to`")


def _choose(draft: Draft, node: nodes.Choose) -> cues.Choose | None:
    if draft.depth >= DEEPEST:
        draft.say("E410", node.span, _deep(), sentence("make it flatter: let one `do` stand beside the other"))
        return None
    by = None if node.by is None else chosen_by(draft, node.by)
    made: list[cues.Choice] = []
    blocks: list[Block] = []
    fits: list[tuple[cues.Fit, Span]] = []
    for choice in node.choices:
        block = body(draft.at_hand, _played(choice.body), draft.parameters, draft.depth + 1, draft.uses)
        draft.notes.extend(block.notes)
        draft.take(block, block.facts)
        draft.stops = draft.stops or block.stops
        blocks.append(block)
        fit = None if choice.label is None else labelled(draft, choice.label)
        if fit is not None and choice.label is not None:
            fits.append((fit, choice.label.span))
            if by is not None and node.by is not None and by.constant is None and not _is_device(draft, fit):
                draft.fact("label", node.by.spelled, choice.label.span, fit)
        if fit is not None or (by is None and choice.label is None):
            made.append(cues.Choice(block.body, block.takes, fit))
    if by is not None:
        looked_at(draft, fits, whole=by.field is None and by.name in cues.COUNTED)
        _devices_as_labels(draft, fits)
    if not blocks:
        return None
    longest = max(blocks, key=lambda block: block.takes)
    for said in longest.speeches():
        where = said.spot.further(said.line)
        draft.speech.append(
            Speech(draft.gates, draft.now + said.start, said.device, said.end - said.start, where, own=False)
        )
    draft.settles = True
    draft.runs(longest.takes, exact=all(block.exact and block.takes == longest.takes for block in blocks))
    if len(made) < len(node.choices):
        return None
    words = "" if by is not None else words_of(draft, node.choices)
    return cues.Choose(words, by, tuple(made), node.source, node.span, filled(node.source, draft))


def _played(node: nodes.Body) -> nodes.Body:
    """Give the body of a choice; `nothing` alone is nothing to play."""
    placed = node.cues[0]
    if len(placed.node.commands) != 1 or not isinstance(placed.node.commands[0], nodes.Nothing):
        return node
    return nodes.Body((nodes.Placed(placed.line, replace(placed.node, commands=())),))


def _is_device(draft: Draft, fit: cues.Fit) -> bool:
    return fit.word in draft.at_hand.posts and fit.source == fit.word


def _devices_as_labels(draft: Draft, fits: list[tuple[cues.Fit, Span]]) -> None:
    """W522: a device where a label stands."""
    for fit, span in fits:
        if _is_device(draft, fit):
            message = sentence("`{word}` is a device, and stands here as what may have come", fit.word)
            advice = sentence("is the label missing? write it before: `yes  {word} …`", fit.word)
            draft.say("W522", span, message, advice)


def _do(draft: Draft, node: nodes.Do) -> cues.Call | None:
    room = draft.at_hand
    defined = room.names.defines.get(node.name)
    draft.uses[f"do {node.name}"] = None
    if defined is None:
        if node.name not in room.names.unknown:
            close = nearest(node.name, room.names.defines)
            advice = did_you_mean(close, sentence("write it: `define {node}` with a block below", node.name))
            draft.say("E208", node.name_span, sentence("no `define` is called `{node}`", node.name), advice, close)
        for value in node.arguments:
            atom_of(value, draft)
        return None
    values = tuple([_given_to(draft, value) for value in node.arguments])
    wanted = defined.node.parameters
    if len(values) != len(wanted):
        names = ", ".join(parameter.text for parameter in wanted)
        given = ("none", "one")[len(values)] if len(values) < 2 else str(len(values))
        message = sentence(
            "`{node}` takes {wanted}, and here it is given {given}", node.name, _numbered(len(wanted)), given
        )
        advice = (
            sentence("write `do {node}({names})`", node.name, names)
            if names
            else sentence("write `do {node}`", node.name)
        )
        draft.say("E209", node.name_span, message, advice)
        return None
    if node.name in room.circles:
        return None
    made = expanded(room, node.name, values, draft.depth + 1)
    if made is None or draft.depth + 1 + made.block.height > DEEPEST:
        draft.say("E410", node.span, _deep(), sentence("make it flatter: let one `do` stand beside the other"))
        return None
    _add_call(draft, node, made.block, defined.path, defined.line)
    if any(value.shape == ANY for value in values):
        return None
    tracks = [cues.Track(one.name, defined.path, defined.line + one.base, one.block.body) for one in made.lists]
    return cues.Call(node.name, tuple(tracks), node.source, node.span, filled(node.source, draft))


def _given_to(draft: Draft, value: nodes.Value) -> Constant:
    """Give a value of a `do`. Beats stay beats: what stands in the body is made of them exactly."""
    atom = atom_of(value, draft)
    if atom.shape == BEATS and draft.lasting(atom.value, value.span, atom.source) is None:
        return UNKNOWN
    return constant_of(atom)


def _numbered(count: int) -> str:
    return "no values" if not count else "one value" if count == 1 else f"{count} values"


def _add_call(draft: Draft, node: nodes.Do, block: Block, path: str, line: int) -> None:
    seen: set[tuple[object, str, str]] = set()
    parameters = [parameter.text for parameter in draft.at_hand.names.defines[node.name].node.parameters]
    given = dict(zip(parameters, node.arguments, strict=True))
    for note in block.notes:
        done = settled(note, path, line)
        if done.given in given and isinstance(done.where, Place):
            bare, done = done.message, _given(draft, node.name, done, given[done.given], done.where.line)
            key = (done.where, done.code, bare if done.code in OF_THE_DEVICE else done.message)
        else:
            key = (done.where, done.code, done.message)
        if key not in seen:
            seen.add(key)
            through = done.through if isinstance(done.where, Span) else (*done.through, node.span)
            draft.notes.append(done._replace(through=through))
    draft.take(block, called(block.facts, path, line, node.span))
    if block.stops:
        draft.stops = True
        draft.calls.append((node.name, node.span))
    # A `do` of `do`s could say the same any number of times: then only its length is known.
    speeches = block.speeches()
    for said in speeches if len(speeches) <= MANY_SPEECHES else ():
        where = said.spot.further(said.line).settled(path, line, node.span)
        length = said.end - said.start
        draft.speech.append(Speech(draft.gates, draft.now + said.start, said.device, length, where, own=False))
    draft.settles = True
    draft.runs(block.takes, exact=block.exact)


def _given(draft: Draft, of: str, note: Note, value: nodes.Value, line: int) -> Note:
    """Say that what a `do` gives does not do where it is wanted: it is no such device, or known only while the show
    plays.
    """
    passed = value.name if isinstance(value, nodes.Variable) and value.name in draft.parameters else None
    if note.code in OF_THE_DEVICE:
        # Handed on from `do` to `do`, the line is named in which it is wanted at last.
        inside = "" if note.message.endswith(")") else sentence(" (line {line})", line)
        return note._replace(where=value.span, message=note.message + inside, through=(), given=passed)
    message = sentence(
        "an answer cannot be `{given}`: `{of}` must know it before the show plays (line {line})", note.given, of, line
    )
    advice = sentence('an answer can stand where the body has it in a text: `"{{{given}}}"`', note.given)
    return Note("E221", value.span, message, advice, given=passed)


def expanded(room: Room, name: str, values: tuple[Constant, ...], depth: int) -> Made | None:
    """Give the lists of a `define` compiled for these values, made once for each; None where it lies too deep."""
    key = (name, values, room.tempo)
    made = room.made.get(key)
    if made is None:
        if depth > DEEPEST:
            return None
        defined = room.names.defines[name].node
        parameters = {parameter.text: value for parameter, value in zip(defined.parameters, values, strict=True)}
        lists = [Listed("", 0, body(room, defined.body, parameters, depth, {}), None)]
        if not defined.tracks:
            made = room.made[key] = Made(tuple(lists), lists[0].block)
            return made
        lists = [one._replace(name=cues.MAIN) for one in lists if defined.body.cues]
        for placed in defined.tracks:
            track = placed.node
            block = body(room, nodes.Body(track.cues), parameters, depth, {})
            lists.append(Listed(track.name, placed.line, block, track.span))
        lists.sort(key=lambda one: one.name != cues.MAIN)
        beside = together(tuple(lists), room.names.unknown, room.looks)
        made = room.made[key] = Made(tuple(lists), beside)
    return made
