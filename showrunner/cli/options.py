"""Options that several commands have alike: what each is called, and what `--help` says of it.

What is written behind one is read in ``arguments``.
"""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, TypeAlias, TypedDict, TypeVar, get_type_hints

import typer

Stage: TypeAlias = Annotated[str | None, typer.Option(metavar="FILE", help="The devices (else stage.yaml beside it).")]

StageHere: TypeAlias = Annotated[str | None, typer.Option(metavar="FILE", help="The devices (else stage.yaml here).")]

Catalogue: TypeAlias = Annotated[str | None, typer.Option(metavar="FILE", help="What the real models have.")]

Doubles: TypeAlias = Annotated[
    str | None, typer.Option(metavar="all|NAMES", help="Use built-in doubles for these devices (a,b).")
]

OneDevice: TypeAlias = Annotated[
    list[str] | None, typer.Option(metavar="NAME", help="Only this one; may be said again.")
]

From: TypeAlias = Annotated[
    str | None,
    typer.Option("--from", metavar="POINT", help="Begin at this segment, cue (SEGMENT/CUE) or time of the plan."),
]

Until: TypeAlias = Annotated[str | None, typer.Option(metavar="POINT", help="End before this segment, cue or time.")]

Only: TypeAlias = Annotated[str | None, typer.Option(metavar="SEGMENT", help="Play this segment alone.")]

Latency: TypeAlias = Annotated[str, typer.Option(metavar="TIME", help="How long a message takes, each way.")]

StartAt: TypeAlias = Annotated[
    str | None, typer.Option(metavar="HH:MM", help="What the clock on the wall shows when the show begins.")
]

GoAfter: TypeAlias = Annotated[str, typer.Option(metavar="TIME", help="How long after a hold GO comes by itself.")]

Press: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME@TIME", help='Press a button then; may be said again. [["TEXT"] [FIELD=VALUE]…]'),
]

Told: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="EVENT@TIME",
        help="A device tells that then; may be said again. DEVICE EVENT [VALUE]… [FIELD=VALUE]…",
    ),
]

Do: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="ACTION@TIME", help="go, pause, resume, stop or panic then; may be said again."),
]

Stay: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="TIME",
        help="How long a segment plays before GO and buttons come by themselves; one with `until`: 5m if unsaid.",
    ),
]

Speed: TypeAlias = Annotated[
    str | None, typer.Option(metavar="N", help="Play so many times as fast (doubles only), 0.1 to 100.")
]

Journal: TypeAlias = Annotated[str | None, typer.Option(metavar="FILE", help="Write down everything that happens.")]

JournalFrames: TypeAlias = Annotated[bool, typer.Option("--journal-frames", help="Write every streamed frame too.")]

Verbose: TypeAlias = Annotated[
    bool, typer.Option("--verbose", "-v", help="Show what the audience of the doubles would see.")
]

Yes: TypeAlias = Annotated[bool, typer.Option("--yes", "-y", help="Start at once when all is ready.")]

Guard: TypeAlias = Annotated[
    str, typer.Option(metavar="TIME", help="A key pressed twice within this time counts once.")
]

GUARD = "300ms"

OnFailure: TypeAlias = Annotated[
    str | None, typer.Option(metavar="continue|stop|hold", help="What happens when a command fails.")
]

Fault: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[DEVICE:]FAULT[=VALUE]",
        help="Have the doubles do this (`run --help` ends with a list).",
    ),
]


class Played(TypedDict):
    """The options of whatever plays a show for real: `run` and `rehearse`."""

    stage: Stage
    catalogue: Catalogue
    doubles: Doubles
    start: From
    until: Until
    only: Only
    speed: Speed
    fault: Fault
    journal: Journal
    journal_frames: JournalFrames
    verbose: Verbose
    yes: Yes
    guard: Guard
    on_failure: OnFailure


_UNSAID = {"journal_frames": False, "verbose": False, "yes": False, "guard": GUARD}
"""What holds where one of these is not said; the others are None then."""

_Command = TypeVar("_Command", bound=Callable[..., None])


def played(command: _Command) -> _Command:
    """Give a command that takes ``**said: Unpack[Played]`` those options one by one, as Typer wants them."""
    made: Any = command
    signature = inspect.signature(command)
    own = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=_UNSAID.get(name), annotation=hint)
        for name, hint in get_type_hints(Played, include_extras=True).items()
    ]
    made.__signature__ = signature.replace(parameters=[*own, *shared])
    made.__annotations__ = {one.name: one.annotation for one in [*own, *shared]}
    return command
