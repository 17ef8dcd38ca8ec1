"""Offer `dateline discover`, `dateline ingest` and `dateline forget`: the path without Airflow, and the way back."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from dateline.errors import UserError

FAILED = 1  # exit status where something was asked for and not had


def discover(
    which: list[int] = typer.Argument(None, metavar="[ID]...", help="Numbers of sources; none: all that are enabled."),
    due: bool = typer.Option(False, "--due", help="Only those that are due now."),
    since: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="Leave out what is older."),
) -> None:
    """Look at sources and put what is new on the frontier; `dateline ingest` takes it from there. Exit 1 where one failed.

    For example:

      dateline discover && dateline ingest
    """
    from dateline import pipeline
    from dateline.runtime import open_tools
    from dateline.settings import load_settings

    console = Console()
    with open_tools(load_settings()) as tools:
        done = pipeline.discover(tools, only=which or None, due=due, since=since.date() if since else None)
    console.print(_said(done) or "no source to look at: `dateline sources add`", highlight=False)
    if done["failed"]:
        raise typer.Exit(FAILED)


def ingest(
    urls: list[str] = typer.Argument(None, metavar="[URL]...", help="Addresses of articles. None: all that waits."),
    file: Path = typer.Option(None, "--file", "-f", help="A file with one URL a line; - reads standard input."),
    again: bool = typer.Option(False, "--again", help="Also fetch what is known already."),
) -> None:
    """Take articles from their URLs to events, without Airflow.

    Three ways to call it:

      dateline ingest https://example.org/news/talks-resume

      dateline ingest --file urls.txt

      dateline ingest                      (whatever waits on the frontier, and files in the inbox)
    """
    from dateline import pipeline
    from dateline.cli.events import print_events
    from dateline.runtime import open_tools
    from dateline.settings import INBOX, load_settings
    from dateline.types import ArticleRef

    console = Console(stderr=True)
    settings = load_settings()
    wanted = [*(urls or []), *_lines(file)]
    with open_tools(settings) as tools:
        if wanted:
            refs = [ArticleRef(url=url, discovered_at=tools.now()) for url in wanted]
            added = pipeline.enqueue(tools, refs, again=again)
            console.print(f"frontier: {_said(added)}", highlight=False)
        elif taken := pipeline.take_inbox(tools, settings.home / INBOX):
            console.print(f"inbox: {_said(taken)}", highlight=False)
        with console.status("fetching") as status:

            def tell(stage: str, counts: pipeline.Counts) -> None:
                console.print(f"{stage}: {_said(counts) or 'nothing waited'}", highlight=False)
                status.update(f"after {stage}")

            done = pipeline.ingest(tools, tell=tell)
    if done["annotate"]["events"]:
        print_events(Console(), settings, limit=done["annotate"]["events"])
    if wanted and done["fetch"]["rejected"] + done["extract"]["rejected"]:
        raise typer.Exit(FAILED)


def forget(
    urls: list[str] = typer.Argument(..., metavar="URL...", help="Addresses of articles."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Do not ask."),
) -> None:
    """Remove all that was kept of an article, and never fetch it again.

    Example: dateline forget https://example.org/news/a-person-asked-for-this
    """
    from dateline.fetch.keys import canonical_key
    from dateline.resolve import resolve
    from dateline.runtime import open_tools
    from dateline.settings import load_settings
    from dateline.store.forget import forget as forget_key

    console = Console()
    with open_tools(load_settings()) as tools:
        if not yes and not typer.confirm(f"Remove page, text and events of {len(urls)} article(s) for good?"):
            raise typer.Exit(FAILED)
        table = Table("URL", "captures", "texts", "event mentions", title="Forgotten")
        for url in urls:
            with tools.engine.begin() as conn:
                gone = forget_key(conn, canonical_key(url), url, now=tools.now())
            table.add_row(url, str(gone.captures), str(gone.texts), str(gone.mentions))
        resolve(tools.engine, now=tools.now())  # events that others tell of as well are counted anew
        console.print(table)


def _lines(file: Path | None) -> list[str]:
    if file is None:
        return []
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {file}: {error}", code="bad_file") from error
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number)
