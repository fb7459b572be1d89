"""The application: its commands, and how one is chosen. Only the command that is asked for is imported."""

from importlib import import_module
from typing import Annotated

import typer

import showrunner
from showrunner import __version__
from showrunner.cli.terminal import output

COMMANDS = {
    "check": "check",
    "test": "test",
    "dry-run": "dry_run",
    "run": "run",
    "simulate": "simulate",
    "double": "double",
    "doctor": "doctor",
    "inventory": "inventory",
    "timeline": "timeline",
    "preview": "preview",
    "fmt": "fmt",
    "rehearse": "rehearse",
    "replay": "replay",
    "resume": "resume",
    "stagehand": "stagehand",
    "house": "house",
    "report": "report",
    "export": "export",
    "explain": "explain",
    "new": "new",
    "schema": "schema",
    "inspect": "inspect",
    "lsp": "lsp",
}
"""Command -> its module here, which offers ``command`` (the function) and ``EXAMPLE`` (shown by `--help`)."""


def run(words: list[str]) -> None:
    """Run one command line, without the program's name. Leaves by ``SystemExit``."""
    with output.refusing():
        build(words[:1] if words and words[0] in COMMANDS else list(COMMANDS))(words, prog_name="showrunner")


def build(names: list[str]) -> typer.Typer:
    """Make the application with these commands."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
        epilog="\b\nExample:\n  showrunner new my-show\n  showrunner check my-show",
    )
    app.callback(help=(showrunner.__doc__ or "").partition("\n")[0])(_root)
    for name in names:
        module = import_module(f"showrunner.cli.{COMMANDS[name]}")
        app.command(name, epilog=f"\b\n{module.EXAMPLE}")(module.command)
    return app


def _version(asked: bool) -> None:
    if asked:
        output.out(f"showrunner {__version__}\n")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Take the options that no command has."""
