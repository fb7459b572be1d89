"""A device's command, compiled: looked up in its device's table, typed, with what the checks need to know of it."""

from __future__ import annotations

import re

from showrunner.devices.forms import ANY, FILLED, NUMBER, STRING, TIME, WORD, Atom, Match, Mismatch
from showrunner.devices.speech import known, length
from showrunner.devices.vocabulary import HUSH, REQUESTS, Class, Command, Finished, Kind, Text, Verb
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import listed
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.compile.constants import BEATS, atom_of, filled, to_come
from showrunner.timeline.compile.draft import MOST_SENT, Block, Draft, Sent
from showrunner.timeline.compile.facts import Claim, Paced, Speech, Spot
from showrunner.timeline.compile.misfits import mismatch, refused
from showrunner.timeline.compile.model_names import looked_up
from showrunner.timeline.compile.modifiers import Modifiers
from showrunner.timeline.compile.not_there import no_verb, nobody
from showrunner.timeline.compile.posts import Post
from showrunner.times import rounded

TALKS = (Class.SPEECH, Class.QUERY)
"""Classes whose commands may own a `meanwhile`: they last."""

OF_THE_DEVICE = ("E301", "E302", "E303", "E307", "E242")
"""What is found in a command because it is for this device and no other."""

_NAMED = sentence("give it the name of one, as in `do laugh(rin)`")
_NAMES = ("name", "name or index")
_EMPTY = re.compile(r"""""|''|\$""")
_TAG = re.compile(r"\[\s*(\w+)\s*\]")
_MARKUP = re.compile(r"</?[a-z][a-z0-9]*\s*/?>|\*\*(?=\S[^*]*\*\*)", re.IGNORECASE)
_SIGIL = re.compile(r"\$([^\W\d]\w*)")


def send(draft: Draft, node: nodes.DeviceCommand, modifiers: Modifiers, meanwhile: Block | None) -> cues.Send | None:
    """Compile one command; None where it has a mistake (noted) or a value that nobody knows."""
    if isinstance(node.device, nodes.Variable):
        noted, device = len(draft.notes), who(draft, node.device)
        step = None if device is None else _sent_to(draft, node, device, modifiers, meanwhile)
        at_fault(draft, node.device, noted)
    else:
        step = _sent_to(draft, node, node.device, modifiers, meanwhile)
    if step is None and modifiers.keep is not None:
        draft.fact("unkept", modifiers.keep, node.verb.span)
    return step


def who(draft: Draft, device: nodes.Word | nodes.Variable) -> nodes.Word | None:
    """Give the device that is meant; None where that is not known, or no name (noted)."""
    if isinstance(device, nodes.Word):
        return device
    atom = atom_of(device, draft)
    if isinstance(atom.value, tuple):
        message = sentence("which device is meant must be known before the show plays")
        draft.say(
            "E221", device.span, message, sentence("write it out, or let a constant give it"), given=to_come(atom)
        )
    elif atom.shape == FILLED:
        return nodes.Word(atom.value, device.span)
    elif atom.shape != ANY:
        constant = draft.lookup(device.name)
        written = "" if constant is None else constant.source
        draft.say("E301", device.span, sentence("`{written}` is no device", written), _NAMED)
    return None


def at_fault(draft: Draft, device: nodes.Word | nodes.Variable, noted: int) -> None:
    """Say of the notes from ``noted`` on that are about a `$who` itself that what it was given is at fault."""
    if isinstance(device, nodes.Variable):
        given = device.name if device.name in draft.parameters else None
        draft.notes[noted:] = [
            note._replace(given=given, fix=None) if note.code in OF_THE_DEVICE else note for note in draft.notes[noted:]
        ]


def _sent_to(
    draft: Draft, node: nodes.DeviceCommand, device: nodes.Word, modifiers: Modifiers, meanwhile: Block | None
) -> cues.Send | None:
    room = draft.at_hand
    sent = room.sent.get(id(node))
    if sent is not None and sent.node is node:
        draft.uses_device(sent.post.name)
        _times(draft, sent.step, sent.post, node)
        return sent.step
    name = room.speaker(node.verb.text) if node.short else device.text
    post = None if name is None else room.posts.get(name)
    if post is None:
        nobody(draft, node, device)
        return None
    draft.uses_device(post.name)
    noted = len(draft.notes) + len(draft.facts)
    matcher = post.matchers.get(node.verb.text)
    if matcher is None:
        no_verb(draft, node, post)
        return None
    atoms: list[Atom] = []
    unknown, fixed = False, not node.modifiers
    for value in node.arguments:
        if isinstance(value, nodes.Word):
            atoms.append(Atom(WORD, value.text, value.text, value.span))
        elif isinstance(value, nodes.Number):
            atoms.append(Atom(NUMBER, value.value, value.source, value.span))
        elif isinstance(value, nodes.Duration):
            atoms.append(Atom(TIME, value.micros, value.source, value.span))
        elif isinstance(value, nodes.Pick):
            raise TypeError("what is chosen in a command is compiled one choice at a time")
        else:
            atom = _timed(draft, atom_of(value, draft))
            fixed = fixed and isinstance(value, nodes.String) and value.parts == (atom.value,)
            unknown = unknown or atom.shape == ANY
            atoms.append(atom)
    label = node.verb.text if node.short else f"{post.name} {node.verb.text}"
    found = matcher.match(atoms, node.verb.span)
    if isinstance(found, Mismatch):
        draft.notes.append(mismatch(label, found, atoms, node.verb.span, room.posts.values(), matcher))
        return None
    if not isinstance(found, Match):
        draft.notes.extend(refused(label, found, atoms))
        return None
    _modifier_rules(draft, label, found, modifiers, node.verb.span)
    if (unset := _unset(found.verb, post)) is not None:
        message = sentence(
            "`{label}` wants `{unset}`, which the stage file does not have for `{post}`", label, unset, post.name
        )
        draft.say(
            "E242", node.verb.span, message, sentence("write it below `{post}:`, with your own values", post.name)
        )
        return None
    _only_sent(draft, label, found.verb, node)
    if unknown or _lacking(draft, label, found.verb, post, node.verb.span):
        return None
    if post.lists:
        found, notes = looked_up(found, atoms, post)
        if notes:
            draft.notes.extend(notes)
            return None
    if _EMPTY.search(node.source) is not None and _nameless(draft, found, atoms):
        return None
    verb = found.verb
    command = Command(post.name, verb, found.arguments, found.lasting)
    if verb.check is not None and (objections := verb.check(command, post.inventory)):
        for one in objections:
            where = node.verb.span if one.place is None else command.arguments[one.place].span
            draft.say("W534" if one.warns else "E407", where, one.message, one.help)
        if not all(one.warns for one in objections):
            return None
    if verb.binds is not None:
        command = verb.binds(command, post.inventory)
    for place, hole in enumerate(found.holes):
        if hole.kind.picture or hole.kind.document:
            _file(draft, post, hole.kind, command.arguments[place].value, atoms[hole.atom].span)
    step = cues.Send(
        command,
        modifiers.wait is not None,
        modifiers.within,
        modifiers.retry,
        modifiers.policy,
        modifiers.keep,
        modifiers.default,
        meanwhile.body if meanwhile is not None else None,
        node.source,
        node.span,
        filled(node.source, draft),
    )
    _times(draft, step, post, node)
    if verb.name == HUSH:
        cut(draft, post, node.span)
    if verb.class_ is Class.SPEECH or "$" in node.source:
        _read_out(draft, found, atoms)
    if verb.class_ is Class.SPEECH:
        _mute(draft, found, command, atoms)
    if fixed and "$" not in node.source and len(draft.notes) + len(draft.facts) == noted:
        if len(room.sent) >= MOST_SENT:
            room.sent.clear()
        room.sent[id(node)] = Sent(node, step, post)
    if meanwhile is not None and verb.class_ is Class.SPEECH:
        _voices_inside(draft, label, command, meanwhile, post)
    return step


def _timed(draft: Draft, atom: Atom) -> Atom:
    """Give the time that beats are here; of another atom itself."""
    if atom.shape != BEATS:
        return atom
    exact = draft.lasting(atom.value, atom.span, atom.source)
    return Atom(ANY, None, atom.source, atom.span) if exact is None else atom._replace(shape=TIME, value=rounded(exact))


def _unset(verb: Verb, post: Post) -> str | None:
    """Give the setting that a row needs and the stage file does not have, as it is written there."""
    if verb.only is not None and post.settings[verb.only[0]] not in verb.only[1]:
        name, values = verb.only
        return f"{name}: {values[0]}"
    way = post.closed.get(verb.way)
    if way is None:
        return None
    row = next(setting for setting in post.device.settings if setting.name == way.setting)
    return f"{row.name}: {row.example or row.default}"


def cut(draft: Draft, post: Post, span: Span) -> None:
    """Note that a `hush` cuts what a device says, or that it does not."""
    if post.uncut is None:
        draft.speech.append(Speech(draft.gates, draft.now, post.name, 0, Spot(span), cuts=True))
    else:
        draft.fact("uncut", f"{post.name} {post.uncut}".strip(), span)


def _nameless(draft: Draft, found: Match, atoms: list[Atom]) -> bool:
    for hole in found.holes:
        # Of a file without a path more is said where files are looked for.
        named = hole.kind.accepts in _NAMES and not (hole.kind.picture or hole.kind.document)
        if named and atoms[hole.atom].value == "":
            draft.say(
                "E126",
                atoms[hole.atom].span,
                sentence("a name cannot be empty"),
                sentence("write a word, or a text in quotes"),
            )
            return True
    return False


def _voices_inside(draft: Draft, label: str, command: Command, meanwhile: Block, post: Post) -> None:
    """Warn of what is said while a voice speaks: the same one waits for ever, another is heard over it."""
    for fact in meanwhile.facts:
        if fact.kind == "voice" and fact.name == post.name:
            message = sentence("this is never spoken: `{label}` holds the voice until its `meanwhile` is over", label)
            draft.notes.append(fact.spot.note("W505", message, sentence("say it after, with `then`")))
    until = _estimated(command, post)
    for said in meanwhile.speeches():
        if said.device != post.name and said.start < until:
            message = sentence(
                "`{post}` is still speaking when `{device}` begins: two voices at once", post.name, said.device
            )
            note = said.spot.further(said.line).note(
                "W510", message, sentence("let one speak after the other, with `then`")
            )
            draft.notes.append(note)


def _modifier_rules(draft: Draft, label: str, found: Match, modifiers: Modifiers, verb_span: Span) -> None:
    verb = found.verb
    if modifiers.meanwhile is not None and not (verb.class_ in TALKS or verb.finished is Finished.REPORTED):
        advice = sentence(
            "give the `meanwhile` to a `say`, `chat`, `echo`, `hold`, `wait for`, or what tells its end itself"
        )
        draft.say("E219", modifiers.meanwhile.span, sentence("`{label}` cannot take `and meanwhile`", label), advice)
    if (
        modifiers.retry
        and modifiers.retry_span is not None
        and verb.class_ in (Class.IMPULSE, Class.SPEECH)
        and verb.finished is not Finished.SENT
        and verb.name != HUSH
    ):
        message = sentence("with `retry`, `{label}` may be seen or heard twice", label)
        draft.say(
            "W513",
            modifiers.retry_span,
            message,
            sentence("leave `retry` to commands that set something, like a scene"),
        )
    if modifiers.keep is not None and not verb.answers:
        keeping = [
            f"`{post.name} {row.name}`"
            for post in draft.at_hand.posts.values()
            for row in post.device.verbs
            if row.answers
        ]
        comes = sentence("what can be kept comes from {keeping}", listed(keeping, "or"))
        advice = comes if keeping else sentence("nothing on this stage answers")
        message = sentence("`{label}` answers nothing that could be kept as `{keep}`", label, modifiers.keep)
        draft.say("E224", modifiers.keep_span or verb_span, message, advice)
    if modifiers.wait is not None and not verb.ends and found.lasting is None:
        message = sentence("`{label}` never reports its end: `and wait` goes on at once", label)
        draft.say("W508", modifiers.wait.span, message, sentence("say how long it takes: `for 3s and wait`"))


def _only_sent(draft: Draft, label: str, verb: Verb, node: nodes.DeviceCommand) -> None:
    """Warn of what asks how a command has ended of which nobody hears again; `->` is told as where nothing answers."""
    if verb.finished is not Finished.SENT:
        return
    for modifier in node.modifiers:
        if isinstance(modifier, nodes.Within | nodes.Retry | nodes.Else):
            word = type(modifier).__name__.lower()
            message = sentence(
                "`{word}` means nothing here: `{label}` is only sent, and nobody ever knows whether it arrived",
                word,
                label,
            )
            draft.say("W535", modifier.span, message, sentence("leave it out"))


def _lacking(draft: Draft, label: str, verb: Verb, post: Post, span: Span) -> bool:
    """Find what a command needs of its program, and the catalogue says that it has not."""
    known = post.lists.get(REQUESTS)
    missing = [] if known is None else [name for name in verb.needs if name.casefold() not in known]
    if missing:
        program = post.device.title or post.name
        came = sentence("it came with {since}", verb.since) if verb.since else sentence("another version may have it")
        message = sentence("this {program} has no `{missing}`, and `{label}` needs that", program, missing[0], label)
        draft.say("E309", span, message, sentence("{came}; `showrunner inventory` asks it anew", came))
    return bool(missing)


# -------------------------------------------------------------------------------------------------- what it takes, does


def _times(draft: Draft, step: cues.Send, post: Post, node: nodes.DeviceCommand) -> None:
    """Count the command's time, and note what it claims and says."""
    command, verb = step.command, step.command.verb
    lasting = command.lasting or 0
    draft.settles = draft.settles or verb.ends or command.lasting is not None
    if verb.most is not None:
        draft.paced.append(Paced(draft.gates, draft.now, (command.device, verb.name), verb.most, node.span))
    if verb.speaks is not None and (spoken := _estimated(command, post)):
        draft.speech.append(Speech(draft.gates, draft.now, post.name, spoken, Spot(node.span)))
        takes, exact = max(spoken, lasting), False
    else:
        draft.beside = True
        if verb.stream is None:
            takes, exact = lasting, command.lasting is not None
            if verb.properties is not None:
                draft.claims.extend(
                    [
                        Claim(draft.gates, draft.now, draft.now, (command.device, name), node.span, "at once")
                        for name in verb.properties(command)
                    ]
                )
        else:
            takes, exact = command.over + lasting, True
            _claims(draft, command, takes, node)
        if not verb.ends and command.lasting is None:
            draft.unending = f"{post.name} {verb.name}"
    if step.wait:
        draft.waits(takes, exact=exact)
    else:
        draft.runs(takes, exact=exact)


def _claims(draft: Draft, command: Command, takes: int, node: nodes.DeviceCommand) -> None:
    gate, now, claims = draft.gates, draft.now, draft.claims
    verb = command.verb
    if verb.stream == "release":
        names = verb.releases(command) if verb.releases is not None else ()
        claims.extend(Claim(gate, now, now, (command.device, name), node.span, "release") for name in names or ("",))
    elif verb.targets is not None:
        claims.extend(
            [Claim(gate, now, now + takes, (command.device, t.property), node.span) for t in verb.targets(command)]
        )


def _file(draft: Draft, post: Post, kind: Kind, path: str | Text, span: Span) -> None:
    what, code = ("picture", "E420") if kind.picture else ("document", "E240")
    if isinstance(path, str):
        draft.fact("picture" if kind.picture else "document", f"{post.name} {path}", span)
    else:
        message = sentence("a {what} is looked for before the show plays: no answer can stand in its path", what)
        draft.say(code, span, message, sentence("write the path out, or let a constant give it"))


def _estimated(command: Command, post: Post) -> int:
    """Estimate the microseconds that a command speaks; what will be answered counts as nothing."""
    verb = command.verb
    if verb.class_ is Class.SPEECH and verb.lasts is not None:
        return verb.lasts(command, {"speech-rate": post.rate}, post.inventory) or 0
    said = verb.speaks(command) if verb.speaks is not None else ()
    return sum(length(known(one.text), post.rate) for one in said)


def _read_out(draft: Draft, found: Match, atoms: list[Atom]) -> None:
    """Warn of what was meant as an instruction and would be read out, or sent as it stands."""
    verb = found.verb
    for hole in found.holes:
        atom = atoms[hole.atom]
        if atom.shape != STRING or hole.kind.accepts != "text":
            continue
        spoken = verb.class_ is Class.SPEECH
        for sigil in _SIGIL.finditer(atom.source):
            name = sigil[1]
            if spoken or draft.lookup(name) is not None:
                message = sentence("`${name}` in a text stays as it is written: nothing is filled in", name)
                draft.say("W511", atom.span, message, sentence("in a text, write `{{{name}}}`", name))
        if spoken and (tag := _TAG.search(atom.source)):
            moods = _moods(verb)
            mood = next((choice for choice in moods if choice.casefold() == tag[1].casefold()), None)
            advice = (
                sentence('the emotion stands before the text: `{verb} {mood} "…"`', verb.name, mood)
                if mood
                else sentence("leave the brackets out")
            )
            draft.say("W511", atom.span, sentence("`{tag}` would be read out as part of the text", tag[0]), advice)
        if spoken and (mark := _MARKUP.search(atom.source)):
            message = sentence("`{mark}` would be read out as part of the text", mark[0])
            draft.say("W511", atom.span, message, sentence("a text has no markup: leave it out"))


def _mute(draft: Draft, found: Match, command: Command, atoms: list[Atom]) -> None:
    """Warn of a text that is empty; beside a picture it may be meant."""
    if any(hole.kind.picture for hole in found.holes):
        return
    for place, hole in enumerate(found.holes):
        text, atom = command.arguments[place].value, atoms[hole.atom]
        if hole.kind.accepts == "text" and isinstance(text, str) and not text.strip():
            draft.say(
                "W540", atom.span, sentence("nothing is said: this text is empty"), sentence("write what is to be said")
            )


def _moods(verb: Verb) -> tuple[str, ...]:
    return next((kind.choices for kind in verb.kinds.values() if kind.accepts == "choice"), ())
