"""Offer `dateline captures …`: stored pages out to WARC, and WARC in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from dateline.cli.sources import open_store
from dateline.types import RawPage

FAILED = 1
BATCH = 50  # pages stored in one transaction
ENDINGS = (".warc", ".warc.gz")

app = typer.Typer(name="captures", help="Stored pages, out and in.", no_args_is_help=True)


@app.command("export")
def export_captures(
    warc: Path = typer.Option(..., "--warc", help="File to write: .warc.gz, or .warc."),
    since: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="First day, UTC."),
    until: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="Day after the last, UTC."),
    everything: bool = typer.Option(False, "--all", help="Also pages that ask not to be archived (noarchive)."),
) -> None:
    """Write stored pages as a standard WARC archive.

    Pages whose publisher asks not to be archived are left out unless --all is given. For example:

      dateline captures export --warc august.warc.gz --since 2018-08-01 --until 2018-09-01
    """
    from dateline.errors import UserError
    from dateline.fetch.warc import write_warc
    from dateline.store.captures import iter_captures

    if not warc.name.endswith(ENDINGS):
        raise UserError(f"{warc}: the file's name must end in .warc.gz or .warc", code="bad_file")
    left_out: Counter[str] = Counter()

    def wanted(pages: Iterator[RawPage]) -> Iterator[RawPage]:
        for page in pages:
            if page.noarchive and not everything:
                left_out["noarchive"] += 1
            else:
                yield page

    part = warc.with_name(warc.name + ".part")
    with open_store() as engine, engine.connect() as conn, part.open("wb") as target:
        stored = iter_captures(conn, since=_day(since), until=_day(until))
        count = write_warc(wanted(stored), target, name=warc.name, zipped=warc.name.endswith(".gz"))
    part.rename(warc)
    console = Console()
    console.print(f"{count:,} pages in {warc} ({warc.stat().st_size / 1e6:,.1f} MB)", highlight=False)
    if left_out:
        console.print(
            f"{left_out['noarchive']:,} pages ask not to be archived: left out (--all takes them)", highlight=False
        )


@app.command("import")
def import_captures(
    archives: list[str] = typer.Argument(..., metavar="WARC...", help="Files, globs or addresses: .warc, .gz, .zst."),
    after: str = typer.Option(None, help="Go on after this place (FILE@OFFSET), as an interrupted import printed it."),
) -> None:
    """Store the pages of WARC archives as if they had just been fetched; `dateline ingest` reads them.

    For example:

      dateline captures import CC-NEWS-20180824.warc.gz

      dateline captures import '/srv/archive/*.warc.gz'
    """
    from dateline import pipeline
    from dateline.discover.archives import read_archives
    from dateline.errors import ArticleError
    from dateline.runtime import open_tools
    from dateline.settings import load_settings

    console = Console(stderr=True)
    counts: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    place: str | None = after
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with open_tools(load_settings()) as tools, Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading")
        for archive in archives:
            try:
                records = read_archives(archive, after=after, open_stream=tools.client().stream)
                while batch := list(islice(records, BATCH)):
                    counts.update(pipeline.give(tools, [record.page for record in batch if record.page is not None]))
                    faults.update(record.rejected.code for record in batch if record.rejected is not None)
                    place = batch[-1].place
                    progress.update(task, description=f"{counts['given']:,} pages, at {place}")
            except ArticleError as error:
                console.print(f"[red]{error.code}[/] {error.message}", highlight=False, soft_wrap=True)
                faults[error.code] += 1
                if place:
                    console.print(f"to go on: --after {place}", highlight=False, soft_wrap=True)
    _tell(Console(), counts, faults)
    if faults and not counts["given"]:
        raise typer.Exit(FAILED)


def _tell(console: Console, counts: Counter[str], faults: Counter[str]) -> None:
    console.print(
        f"{counts['given']:,} pages stored, {counts['new']:,} of them of addresses not known before", highlight=False
    )
    if faults:
        table = Table("code", "records", title="Not taken")
        for code, number in faults.most_common():
            table.add_row(code, f"{number:,}")
        console.print(table)


def _day(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value is not None else None
