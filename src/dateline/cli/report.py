"""Offer `dateline report`: what became of what was found, the last runs, and what failed with which reason."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dateline.settings import Settings, load_settings
from dateline.store.queries import Funnel, Report, RunRow

BAR = 40  # columns of the longest bar
STEPS = ("found", "fetched", "extracted", "duplicates", "annotated", "events")
NEEDS = {"failing": "red", "silent": "red", "low": "yellow", "shaky": "yellow"}  # states of sources that need a person


def report(
    since_hours: float | None = typer.Option(None, "--since-hours", min=0, help="Only what was found so lately."),
    runs: int = typer.Option(12, min=0, help="How many runs to show."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Show the funnel, the last runs with their durations, and rejects by code.

    Examples:
      dateline report --since-hours 24

      dateline report --json | jq .funnel.rejects

    """
    since = None if since_hours is None else datetime.now(UTC) - timedelta(hours=since_hours)
    found = _read(load_settings(), since=since, runs=runs)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False, indent=2, default=str))
    else:
        _print(Console(), found)


def print_report(console: Console, settings: Settings) -> None:
    """Print the report of all that is in the store."""
    _print(console, _read(settings, since=None, runs=12))


def _read(settings: Settings, *, since: datetime | None, runs: int) -> Report:
    from dateline.store.engine import open_engine
    from dateline.store.migrate import require_head
    from dateline.store.queries import report as read_report

    engine = open_engine(settings.require_database_url())
    try:
        require_head(engine)
        with engine.connect() as conn:
            return read_report(conn, since=since, limit=runs)
    finally:
        engine.dispose()


def _print(console: Console, found: Report) -> None:
    console.print(_funnel(found.funnel))
    if found.funnel.rejects:
        console.print(_rejects(found.funnel))
    if found.runs:
        console.print(_runs(found.runs))
    for state, number in found.sources:
        if state in NEEDS:
            console.print(f"[{NEEDS[state]}]{number} source(s) {state}[/]: `dateline sources list`", highlight=False)


def _funnel(funnel: Funnel) -> Table:
    table = Table(title="Funnel", title_justify="left", box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right", style="bold")
    table.add_column()
    most = max(1, funnel.found, funnel.events)
    for name in STEPS:
        number = getattr(funnel, name)
        said = f"  from {funnel.mentions} mentions" if name == "events" and number else ""
        bar = Text("█" * round(BAR * number / most), style="yellow" if name == "duplicates" else "cyan")
        table.add_row(name, str(number), bar.append(said, style="dim"))
    if funnel.waiting:
        table.add_row("waiting", str(funnel.waiting), Text("on their way", style="dim"))
    rejected = Text("█" * round(BAR * funnel.rejected / most), style="red")
    table.add_row("rejected", str(funnel.rejected), rejected)
    return table


def _rejects(funnel: Funnel) -> Table:
    table = Table(title="Rejects", title_justify="left", box=None, pad_edge=False, header_style="dim")
    for name in ("stage", "code"):
        table.add_column(name)
    table.add_column("number", justify="right")
    table.add_column("latest", overflow="ellipsis", no_wrap=True)
    for reject in funnel.rejects:
        latest = Text(reject.message)
        if reject.url:
            latest.append(f"  {reject.url}", style="dim")
        table.add_row(reject.stage, Text(reject.code, style="red"), str(reject.rejects), latest)
    return table


def _runs(runs: tuple[RunRow, ...]) -> Table:
    table = Table(title="Last runs", title_justify="left", box=None, pad_edge=False, header_style="dim")
    table.add_column("began (UTC)")
    table.add_column("stage")
    table.add_column("took", justify="right")
    table.add_column("")
    for run in runs:
        took = "—" if run.seconds is None else f"{run.seconds:.1f} s"
        state = {
            True: Text("ok", style="green"),
            False: Text("failed", style="red"),
            None: Text("running", style="cyan"),
        }
        counts = ", ".join(f"{number} {name}" for name, number in run.counts.items() if number)
        line = state[run.ok].append(f"  {counts}" if counts else "", style="default")
        table.add_row(f"{run.started_at:%Y-%m-%d %H:%M:%S}", run.stage, took, line)
    return table
