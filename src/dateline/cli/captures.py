"""Offer `dateline captures …`: stored pages out to WARC, and WARC in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from dateline.cli.sources import open_store
from dateline.types import RawPage

FAILED = 1
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
    since: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="First day on which a page was archived, UTC."),
    until: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="Last day, UTC."),
    again: bool = typer.Option(False, "--again", help="From the start, also what was read before."),
) -> None:
    """Store the pages of WARC archives as if they had just been fetched; `dateline ingest` reads them.

    How far each archive was read is stored: the same call goes on there. For example:

      dateline captures import CC-NEWS-20180824113045-00123.warc.gz

      dateline captures import '/srv/archive/*.warc.gz' --since 2018-08-01 --until 2018-08-31
    """
    from dateline import pipeline
    from dateline.discover.receive import Days
    from dateline.errors import DiscoverError, UserError
    from dateline.runtime import open_tools
    from dateline.settings import load_settings

    console = Console(stderr=True)
    total: Counter[str] = Counter()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    days = Days(since.date() if since else None, until.date() if until else None)
    with open_tools(load_settings()) as tools, Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("reading")

        def tell(counts: Counter[str]) -> None:
            total.update(counts)
            progress.update(task, description=f"{total['given']:,} pages")

        try:
            done = pipeline.backfill(tools, [_place(name) for name in archives], days=days, again=again, tell=tell)
        except DiscoverError as error:
            raise UserError(error.message, code=error.code) from error
    Console().print(
        f"{total['given']:,} pages stored, {total['new']:,} of them of addresses not known before", highlight=False
    )
    if total["rejected"] or done["failed"]:
        console.print(
            f"{total['rejected']:,} records and {done['failed']:,} archives could not be taken: `dateline rejects list`",
            highlight=False,
        )
    if done["failed"] or (total["rejected"] and not total["given"]):
        raise typer.Exit(FAILED)


def _place(name: str) -> str:
    """Give a path in full, so that another folder does not make another archive of it."""
    return name if "://" in name else str(Path(name).expanduser().absolute())


def _day(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value is not None else None
