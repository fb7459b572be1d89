"""Options that several commands have alike: what each is called, and what `--help` says of it.

What is written behind one is read in ``arguments``.
"""

from typing import Annotated, TypeAlias

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
    str | None, typer.Option("--from", metavar="POINT", help="Begin at this segment, cue or time.")
]

Until: TypeAlias = Annotated[str | None, typer.Option(metavar="POINT", help="End before this segment, cue or time.")]

Only: TypeAlias = Annotated[str | None, typer.Option(metavar="SEGMENT", help="Play this segment alone.")]

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
