"""Offer `dateline maintain` and `dateline rejects`: the daily upkeep, and another try for what failed."""

from __future__ import annotations

from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

FAILED = 1

rejects = typer.Typer(name="rejects", help="What could not be processed, and another try for it.", no_args_is_help=True)


def maintain() -> None:
    """Do the daily upkeep and print the report of the last 24 hours. Exit 1 where something is to be looked at.

    Frees what killed workers held, closes their runs, drops stored pages older than DATELINE_KEEP_PAGES_DAYS, deletes old history,
    and writes the report to reports/ in the state folder.
    """
    from dateline.maintenance import write_report
    from dateline.runtime import maintain as run
    from dateline.runtime import open_tools
    from dateline.settings import load_settings

    settings = load_settings()
    console = Console()
    with open_tools(settings) as tools:
        done = run(tools, settings)
    path = write_report(done, settings.home)
    console.print(Markdown(done.report))
    dropped = f", dropped {', '.join(done.dropped)}" if done.dropped else ""
    console.print(
        f"freed {done.freed} tickets, closed {done.closed} runs, deleted {done.deleted} rows of history{dropped}; report in {path}",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    if done.alerts:
        raise typer.Exit(FAILED)


@rejects.command("list")
def list_rejects(
    code: str = typer.Option(None, help="Only this code."),
    limit: int = typer.Option(50, min=1, help="At most so many."),
) -> None:
    """List what could not be processed and has not been since, newest first."""
    from sqlalchemy import text

    from dateline.cli.sources import open_store

    sql = """select stage, code, times_seen, last_seen_at, message, url from dateline.rejects_open
        where cast(:code as text) is null or code = :code order by last_seen_at desc limit :limit"""
    with open_store() as engine, engine.connect() as conn:
        rows = conn.execute(text(sql), {"code": code, "limit": limit}).all()
    table = Table("stage", "code", "seen", "last (UTC)", "message", box=None, pad_edge=False, header_style="dim")
    for row in rows:
        said = Text(row.message)
        if row.url:
            said.append(f"  {row.url}", style="dim")
        table.add_row(
            row.stage, Text(row.code, style="red"), str(row.times_seen), f"{row.last_seen_at:%Y-%m-%d %H:%M}", said
        )
    Console().print(table if rows else "nothing: all that came was processed")


@rejects.command("retry")
def retry_rejects(  # noqa: PLR0917 (typer reads options from signatures)
    code: list[str] = typer.Option([], help="Only these codes; may be given more than once."),
    stage: list[str] = typer.Option([], help="Only what failed in these stages."),
    source: int = typer.Option(None, help="Number of a source (see `dateline sources list`)."),
    since: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="Last seen on this day or later, UTC."),
    limit: int = typer.Option(10_000, min=1, help="At most so many."),
    fetch: bool = typer.Option(False, "--fetch", help="Ask the publisher again although the page is stored."),
) -> None:
    """Put rejects back, each to the stage that failed; `dateline ingest` takes them from there.

    For example:

      dateline rejects retry --code timeout --code server_error --since 2026-11-01
    """
    from dateline.cli.sources import open_store
    from dateline.store.rejects import RejectChoice, retry

    choice = RejectChoice(
        codes=code, stages=stage, source_id=source, since=since.replace(tzinfo=UTC) if since else None, limit=limit
    )
    with open_store() as engine, engine.begin() as conn:
        placed = retry(conn, choice, now=datetime.now(UTC), fetch=fetch)
    console = Console()
    for state, number in sorted(placed.items()):
        console.print(f"{number} {state}", highlight=False)
    console.print("`dateline ingest` takes them" if placed else "nothing fits", highlight=False)
    if not placed:
        raise typer.Exit(FAILED)
