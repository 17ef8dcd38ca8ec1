"""Offer the five filters of FILTERS.md: extract, annotate, relate, resolve-actors, cluster."""

from __future__ import annotations

import sys
from datetime import date, datetime
from functools import partial
from pathlib import Path

import typer

from dateline.cli.lines import Opener, run_filter, write
from dateline.settings import load_settings

Workers = typer.Option(1, "--workers", "-w", min=1, help="Processes to use.")


def _utf8() -> None:
    """Read and write UTF-8 whatever the shell's locale is; bytes that are none become U+FFFD."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]


def _run(opener: Opener, workers: int) -> None:
    _utf8()
    raise typer.Exit(run_filter(opener, sys.stdin, sys.stdout, workers=workers))


def extract(
    workers: int = Workers,
    explain: Path = typer.Option(None, "--explain", metavar="PAGE", help="Show how one HTML file is read, and why."),
) -> None:
    """Read articles from pages: JSON Lines in, JSON Lines out.

    Example: dateline extract < pages.jsonl > articles.jsonl

    Or see how a page is read: dateline extract --explain page.html
    """
    if explain is not None:
        from dateline.cli.explain_extract import explain as show

        raise typer.Exit(show(explain))
    from dateline.extract.lines import open_extract

    _run(open_extract, workers)


def annotate(
    workers: int = Workers,
    explain: bool = typer.Option(False, "--explain", help="Read plain text and show why each event was read."),
    published: datetime = typer.Option(None, formats=["%Y-%m-%d"], help="With --explain: the day it was published."),
) -> None:
    """Read entities, places, times, quotes and events from texts.

    Example: dateline extract < pages.jsonl | dateline annotate > coded.jsonl

    Or see how a sentence is read: echo "Iran rejected the offer." | dateline annotate --explain
    """
    if explain:
        _explain_text(published.date() if published else None)
        return
    from dateline.annotate.lines import open_annotate

    _run(partial(open_annotate, own_actors=load_settings().own_actors), workers)


def _explain_text(published: date | None) -> None:
    from rich.console import Console

    from dateline.annotate.nlp import load_nlp
    from dateline.cli.explain_annotate import explain

    _utf8()
    explain(load_nlp(own_actors=load_settings().own_actors), sys.stdin.read(), Console(), published=published)


def relate(workers: int = Workers) -> None:
    """Say what a text tells that a given source did to a given target."""
    from dateline.annotate.lines import open_relate

    _run(partial(open_relate, own_actors=load_settings().own_actors), workers)


def resolve_actors(workers: int = Workers) -> None:
    """Say who a phrase means: country, sectors, and the named actor where there is one."""
    from dateline.annotate.lines import open_resolve_actors

    _run(partial(open_resolve_actors, own_actors=load_settings().own_actors), workers)


def cluster() -> None:
    """Say which articles are copies of one text, and which tell of one happening. Reads all before it answers.

    Example: dateline cluster < articles.jsonl > groups.jsonl
    """
    from dateline.group.lines import cluster_lines

    _utf8()
    raise typer.Exit(write(cluster_lines(sys.stdin), sys.stdout))
