"""Offer `dateline sources …`: where articles come from, and how each source fares."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console

from dateline.cli import sources_push
from dateline.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dateline.discover.web import Getter
    from dateline.types import Source

FAILED = 1
KINDS = "feed, sitemap, links, list, archive or inbox"

app = typer.Typer(name="sources", help="Where articles come from, and how each source fares.", no_args_is_help=True)
app.command("subscribe")(sources_push.subscribe)
app.command("unsubscribe")(sources_push.unsubscribe)


@app.command()
def add(  # noqa: PLR0917 (typer reads options from signatures)
    url: str = typer.Argument(help="Address of a feed, sitemap, list, archive or site; or a file or folder."),
    kind: str = typer.Option(None, help=f"{KINDS}; found out where it is not given."),
    name: str = typer.Option(None, help="The outlet, as a person would call it."),
    country: str = typer.Option(None, help="Of the outlet: three letters (ISO 3166-1)."),
    language: str = typer.Option(None, help="Of the outlet: two letters (ISO 639-1)."),
    poll: int = typer.Option(
        None, metavar="MINUTES", min=1, help="Time between two looks, to begin with.", show_default="60"
    ),
    policy: str = typer.Option(None, help="What may be kept of its texts: full, spans or none.", show_default="full"),
    licence: str = typer.Option(None, help="Under which its texts may be used."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Show what it would take, store nothing."),
) -> None:
    """Add a source: find out what it is, read it once, show what it would take, store it.

    For example:

      dateline sources add https://www.example.org/            (its feed is found)

      dateline sources add https://www.example.org/news-sitemap.xml --country GBR

      dateline sources add /srv/news-inbox
    """
    from dateline.cli.sources_show import show_look
    from dateline.discover.exchange import checked

    console = Console()
    said = {
        "kind": kind, "name": name, "country": country, "language": language, "poll_minutes": poll, "text_policy": policy,
        "licence": licence,
    }  # fmt: skip
    with _client() as client, _one_line():
        source = _recognised(url, kind, client)
        known = {"kind": source.kind, "name": source.name, "language": source.language}
        given = {key: value for key, value in said.items() if value is not None}
        source = checked({"url": source.url, **known, **given}, url)
        show_look(console, source, client, now=_now())
    if dry_run:
        return
    stored = _save([source])[0]
    console.print(f"[green]stored[/] as source {stored.id}; the next `discover` takes what is new", highlight=False)


@app.command("list")
def list_sources(
    every: bool = typer.Option(False, "--all", help="Also those that are switched off."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Show each source: when looked at last and next, last new, articles a week against what is usual, failures, state."""
    from dateline.cli.sources_show import health_rows, show_health

    with open_store() as engine, engine.connect() as conn:
        rows = [row for row in health_rows(conn) if every or row["enabled"]]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    else:
        show_health(Console(), rows, now=_now())


@app.command("test")
def look(
    which: list[str] = typer.Argument(None, metavar="[ID|URL]...", help="Sources; none: all that are enabled."),
    since: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="Also take what is as old as this day."),
) -> None:
    """Look at sources without storing anything, and say what each gives. Exit 1 where one cannot be read.

    For example:

      dateline sources test

      dateline sources test 3 https://www.example.org/feed.xml
    """
    from dateline.cli.sources_show import show_look
    from dateline.errors import ArticleError

    console = Console()
    failed = 0
    with _client() as client:
        for item in which or [str(source.id) for source in _stored()]:
            try:
                source = _stored_one(int(item)) if item.isdigit() else _recognised(item, None, client)
                asked = replace(source, etag=None, last_modified=None, body_sha256=None)
                show_look(console, asked, client, now=_now(), since=since.date() if since else None, few=3)
            except ArticleError as error:
                failed += 1
                console.print(f"[red]{error.code}[/] {item}: {error.message}", highlight=False, soft_wrap=True)
    if failed:
        raise typer.Exit(FAILED)


@app.command("import")
def import_sources(
    file: Path = typer.Argument(help="OPML of a feed reader, or CSV; - reads standard input."),
    check: bool = typer.Option(False, "--check", help="Look at each first, and leave out what cannot be read."),
) -> None:
    """Add all sources of an OPML or CSV file. Those known already are changed, not doubled.

    CSV has a column `url`, and as many as are known of: kind, name, country, language, poll_minutes, text_policy,
    licence, enabled.
    """
    import sys

    from dateline.discover.exchange import read_sources

    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UserError(f"{file}: {error.strerror}", code="no_file") from error
    found = read_sources(body, str(file))
    console = Console()
    good = list(_readable(found, console)) if check else found
    stored = _save(good)
    console.print(f"[green]{len(stored)}[/] sources stored", highlight=False)
    if len(good) < len(found):
        console.print(f"[red]{len(found) - len(good)}[/] could not be read and were left out", highlight=False)
        raise typer.Exit(FAILED)


@app.command("export")
def export_sources(
    form: str = typer.Option("csv", "--format", "-f", help="csv (everything we know) or opml (for feed readers)."),
    output: Path = typer.Option(None, "--output", "-o", help="File to write; standard output where it is not given."),
) -> None:
    """Write all sources as CSV or OPML."""
    from dateline.discover.exchange import write_csv, write_opml

    writers = {"csv": write_csv, "opml": write_opml}
    if form not in writers:
        raise UserError(f"--format {form}: choose csv or opml", code="bad_option")
    text = writers[form](_stored(enabled=False))
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


def _recognised(url: str, kind: str | None, client: Getter) -> Source:
    from dateline.discover.exchange import checked
    from dateline.discover.kinds import recognise

    if kind is None:
        return recognise(url, client)
    local = "://" not in url and kind in ("list", "archive", "inbox") and url != "-"
    return checked({"url": str(Path(url).absolute()) if local else url, "kind": kind}, url)


def _readable(found: list[Source], console: Console) -> Iterator[Source]:
    from dateline.cli.sources_show import show_look
    from dateline.errors import ArticleError

    with _client() as client:
        for source in found:
            try:
                show_look(console, source, client, now=_now(), few=0)
            except ArticleError as error:
                console.print(f"[red]{error.code}[/] {source.url}: {error.message}", highlight=False, soft_wrap=True)
            else:
                yield source


def _stored(*, enabled: bool = True) -> list[Source]:
    from dateline.store.sources import load_sources

    with open_store() as engine, engine.connect() as conn:
        return load_sources(conn, enabled=enabled)


def _save(found: list[Source]) -> list[Source]:
    from dateline.store.sources import save_sources

    with open_store() as engine, engine.begin() as conn:
        return save_sources(conn, found)


@contextmanager
def open_store() -> Iterator[Engine]:
    """Open the database alone: models and the rest of the pipeline take seconds to import."""
    from dateline.settings import load_settings
    from dateline.store import migrate
    from dateline.store.engine import open_engine

    engine = open_engine(load_settings().require_database_url())
    try:
        migrate.require_head(engine)
        yield engine
    finally:
        engine.dispose()


def _stored_one(number: int) -> Source:
    found = next((source for source in _stored(enabled=False) if source.id == number), None)
    if found is None:
        raise UserError(f"no source has the number {number}: see `dateline sources list`", code="no_source")
    return found


@contextmanager
def _client() -> Iterator[Any]:
    """Open a polite client that needs no database: looking at a source is asking its server once or twice."""
    from dateline.fetch.client import Client
    from dateline.fetch.pace import LocalPace
    from dateline.fetch.polite import PoliteClient
    from dateline.fetch.robots import Robots
    from dateline.settings import load_settings

    settings = load_settings()
    with Client(user_agent=settings.user_agent, contact=settings.contact, allow_hosts=settings.allowed_hosts) as client:
        yield PoliteClient(client, LocalPace(), robots=Robots(client), min_pace=settings.min_pace_seconds)


@contextmanager
def _one_line() -> Iterator[None]:
    """Turn a source's error into the one line that ends the command."""
    from dateline.errors import ArticleError

    try:
        yield
    except ArticleError as error:
        Console(stderr=True).print(f"[red]{error.code}[/] {error.message}", highlight=False, soft_wrap=True)
        raise typer.Exit(FAILED) from error


def _now() -> datetime:
    return datetime.now(UTC)
