"""Join the commands into `dateline`, and turn expected errors into one clear line."""

from __future__ import annotations

import os
import sys

import typer
from rich.console import Console

from dateline import __version__
from dateline.cli import (
    actors,
    captures,
    db,
    doctor,
    events,
    export,
    filters,
    frames,
    ingest,
    recode,
    report,
    sources,
    stack,
    stories,
    upkeep,
)
from dateline.errors import UserError

USAGE = 2  # exit status of a call that was wrong, as FILTERS.md has it

app = typer.Typer(
    name="dateline",
    help="News articles in, checkable event data out.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def _options(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


FILTERS = "Filters (JSON Lines in, JSON Lines out)"
app.command("extract", rich_help_panel=FILTERS)(filters.extract)
app.command("annotate", rich_help_panel=FILTERS)(filters.annotate)
app.command("relate", rich_help_panel=FILTERS)(filters.relate)
app.command("resolve-actors", rich_help_panel=FILTERS)(filters.resolve_actors)
app.command("cluster", rich_help_panel=FILTERS)(filters.cluster)

PATH = "From sources to events"
app.add_typer(sources.app, name="sources", rich_help_panel=PATH)
app.command("discover", rich_help_panel=PATH)(ingest.discover)
app.command("ingest", rich_help_panel=PATH)(ingest.ingest)
app.command("events", rich_help_panel=PATH)(events.events)
app.add_typer(stories.app, name="stories", rich_help_panel=PATH)
app.command("report", rich_help_panel=PATH)(report.report)
app.command("export", rich_help_panel=PATH)(export.export)
app.command("recode", rich_help_panel=PATH)(recode.recode)
app.command("forget", rich_help_panel=PATH)(ingest.forget)
app.add_typer(captures.app, name="captures", rich_help_panel=PATH)
app.add_typer(upkeep.rejects, name="rejects", rich_help_panel=PATH)

RULES = "What the coder knows"
app.add_typer(actors.app, name="actors", rich_help_panel=RULES)
app.add_typer(frames.app, name="frames", rich_help_panel=RULES)

RUNNING = "The installation"
app.add_typer(stack.app, name="stack", rich_help_panel=RUNNING)
app.add_typer(db.app, name="db", rich_help_panel=RUNNING)
app.command("doctor", rich_help_panel=RUNNING)(doctor.doctor)
app.command("maintain", rich_help_panel=RUNNING)(upkeep.maintain)


def main() -> None:
    """Run the command line. Exit 0: done; 1: some lines or items failed; 2: the call or the installation is wrong."""
    try:
        app()
    except UserError as error:
        Console(stderr=True).print(f"[red]error[/red] {error.message}", soft_wrap=True, highlight=False)
        sys.exit(USAGE)
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell reports for Ctrl-C
    except BrokenPipeError:
        # the reader of our output has what it wanted; Python must not try to flush the rest at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
