"""What is chosen of: the labels below `choose by`, which lines of it are never taken; the words of a `choose`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from showrunner.devices.forms import ANY, NUMBER
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.syntax import nodes
from showrunner.syntax.printer import written
from showrunner.timeline import cues
from showrunner.timeline.compile.constants import Constant, atom_of
from showrunner.timeline.compile.draft import Draft
from showrunner.timeline.compile.misfits import described

_LADDER = sentence("write `N or more` from the top, the largest first: what fits two lines takes the upper one")


def words_of(draft: Draft, choices: Sequence[nodes.Choice]) -> str:
    """Give the words of a `choose`: its lines as they are laid out, with all below them."""
    return "\n".join(written(choice.source, draft.at_hand.spelling()) for choice in choices)


def as_written(one: nodes.Pickable) -> str:
    """Give one choice of a `choose` in a command as it is laid out."""
    if isinstance(one, nodes.Variable):
        return f"${one.name}"
    return one.text if isinstance(one, nodes.Word) else one.source


def chosen_by(draft: Draft, by: nodes.Insert) -> cues.ChosenBy:
    """Compile what a `choose by` looks at: what was kept, or what stands for it before the show plays."""
    constant = draft.lookup(by.name) if by.field is None else None
    if constant is None:
        draft.asked(by.spelled, by.span)
        return cues.ChosenBy(by.name, by.field)
    return cues.ChosenBy(by.name, None, _constant(constant))


def _constant(constant: Constant) -> str | None:
    return constant.source if isinstance(constant.source, str) else None


def labelled(draft: Draft, node: nodes.Label) -> cues.Fit | None:
    """Compile a label; None where it has a mistake (noted)."""
    if node.word is None:
        least, most = (None if end is None else _number(draft, end) for end in (node.least, node.most))
        if (node.least is not None and least is None) or (node.most is not None and most is None):
            return None
        return cues.Fit(node.source, None, least, most)
    atom = atom_of(node.word, draft)
    if atom.shape == ANY:
        return None
    if atom.shape == NUMBER:
        return cues.Fit(node.source, None, atom.value, atom.value)
    if not isinstance(atom.value, str):
        message = sentence("{atom} cannot be a label", described(atom))
        draft.say("E407", node.word.span, message, sentence("a label is a word, a text or a number"))
        return None
    return cues.Fit(node.source, atom.value)


def _number(draft: Draft, node: nodes.Number | nodes.Variable) -> int | float | None:
    atom = atom_of(node, draft)
    if atom.shape == NUMBER:
        value: int | float = atom.value
        return value
    if atom.shape != ANY:
        draft.say(
            "E407",
            node.span,
            sentence("{atom} is no number", described(atom)),
            sentence("a range of a label is made of numbers"),
        )
    return None


# --- lines that are never taken, labels that overlap


def looked_at(draft: Draft, fits: Sequence[tuple[cues.Fit, Span]], *, whole: bool) -> None:
    """W515, W516: look at labels, in order. ``whole``: what is chosen by is never a fraction."""
    above: list[tuple[cues.Fit, Span]] = []
    for fit, span in fits:
        hiding = next((one for one, _ in above if _holds(one, fit)), None)
        if fit.empty:
            message = sentence("no number is {fit}: this line is never taken", fit.source)
            draft.say("W515", span, message, sentence("write the smaller number first"))
        elif hiding is not None:
            what = "`else`" if hiding.otherwise else f"`{hiding.source}`"
            message = sentence("this line is never taken: {what} above it fits whatever it fits", what)
            draft.say("W515", span, message, sentence("put it above that line, or take it out"))
        else:
            for one, _ in above:
                if _overlap(one, fit):
                    message = sentence(
                        "`{fit}` overlaps `{one}` above it: what fits both takes that line", fit.source, one.source
                    )
                    draft.say("W516", span, message, _LADDER)
        above.append((fit, span))
    if not whole and not any(fit.otherwise for fit, _ in above):
        for lower, upper, span in _gaps(above):
            message = sentence("nothing fits a fraction between `{lower}` and `{upper}`", lower, upper)
            draft.say("W516", span, message, _LADDER)


def _holds(outer: cues.Fit, inner: cues.Fit) -> bool:
    """Tell whether whatever fits one label fits another."""
    if outer.otherwise:
        return True
    if outer.word is not None:
        return inner.word is not None and cues.folded(inner.word) == cues.folded(outer.word)
    if inner.word is not None or inner.otherwise:
        number = None if inner.word is None else cues.number(inner.word)
        return number is not None and outer.holds(number)
    low = outer.least is None or (inner.least is not None and outer.least <= inner.least)
    high = outer.most is None or (inner.most is not None and inner.most <= outer.most)
    return low and high


def _overlap(above: cues.Fit, below: cues.Fit) -> bool:
    """Tell whether two ranges have something in common, neither lying in the other."""
    if not (above.ranges and below.ranges) or _holds(below, above):
        return False
    starts = [fit.least for fit in (above, below) if fit.least is not None]
    ends = [fit.most for fit in (above, below) if fit.most is not None]
    return not starts or not ends or max(starts) <= min(ends)


def _gaps(fits: Sequence[tuple[cues.Fit, Span]]) -> Iterator[tuple[str, str, Span]]:
    """Find ranges of whole numbers between which fractions fall; told where the lower of the two lines stands."""
    ranges = [(fit, span) for fit, span in fits if fit.ranges and not fit.empty]
    ranges.sort(key=lambda one: (one[0].least is not None, one[0].least or 0))
    for (lower, one), (upper, other) in pairwise(ranges):
        end, start = lower.most, upper.least
        if isinstance(end, int) and isinstance(start, int) and start - end == 1:
            yield lower.source, upper.source, max(one, other, key=lambda span: (span.line, span.column))
