"""Offer the five filters of FILTERS.md: extract, annotate, relate, resolve-actors, cluster."""

from __future__ import annotations

import sys

import typer

from dateline.cli.lines import Opener, run_filter, write

Workers = typer.Option(1, "--workers", "-w", min=1, help="Processes to use.")


def _utf8() -> None:
    """Read and write UTF-8 whatever the shell's locale is; bytes that are none become U+FFFD."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]


def _run(opener: Opener, workers: int) -> None:
    _utf8()
    raise typer.Exit(run_filter(opener, sys.stdin, sys.stdout, workers=workers))


def extract(workers: int = Workers) -> None:
    """Read articles from pages: JSON Lines in, JSON Lines out.

    Example: dateline extract < pages.jsonl > articles.jsonl
    """
    from dateline.extract.lines import open_extract

    _run(open_extract, workers)


def annotate(workers: int = Workers) -> None:
    """Read entities, places, times, quotes and events from texts.

    Example: dateline extract < pages.jsonl | dateline annotate > coded.jsonl
    """
    from dateline.annotate.lines import open_annotate

    _run(open_annotate, workers)


def relate(workers: int = Workers) -> None:
    """Say what a text tells that a given source did to a given target."""
    from dateline.annotate.lines import open_relate

    _run(open_relate, workers)


def resolve_actors(workers: int = Workers) -> None:
    """Say who a phrase means: country, sectors, and the named actor where there is one."""
    from dateline.annotate.lines import open_resolve_actors

    _run(open_resolve_actors, workers)


def cluster() -> None:
    """Say which articles are copies of one text, and which tell of one happening. Reads all before it answers.

    Example: dateline cluster < articles.jsonl > groups.jsonl
    """
    from dateline.group.lines import cluster_lines

    _utf8()
    raise typer.Exit(write(cluster_lines(sys.stdin), sys.stdout))
