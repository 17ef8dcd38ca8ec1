"""Measure the whole path: from stored pages to committed rows, one process, in a real Postgres."""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from dateline import pipeline
from dateline.runtime import open_tools, prepare_database
from dateline.settings import load_settings
from dateline.store import captures, frontier
from dateline.types import ArticleRef, RawPage


def main() -> None:
    """Store pages (a JSON file of [url, html]), time the stages after fetch, and print what they took, as JSON."""
    pages = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    settings = load_settings(database_url=sys.argv[2], workers=1)
    prepare_database(settings)
    with open_tools(settings) as tools:
        _store(tools, pages)
        tools.nlp()  # the floor's clock does not count loading either
        wall, cpu = time.perf_counter(), _cpu()
        done = {stage.__name__: stage(tools) for stage in STAGES}
        took = {"wall": time.perf_counter() - wall, "cpu": _cpu() - cpu}
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    found = {"articles": len(pages), "found": done["annotate"]["events"], "peak_mb": peak}
    print(json.dumps(took | found | {"counts": {name: dict(counts) for name, counts in done.items()}}))


STAGES = (pipeline.extract, pipeline.group, pipeline.annotate, pipeline.resolve)


def _store(tools: pipeline.Tools, pages: list[tuple[str, str]]) -> None:
    now = datetime.now(UTC)
    refs = [ArticleRef(url=url, discovered_at=now) for url, _ in pages]
    pipeline.enqueue(tools, refs)
    bodies = dict(pages)
    with tools.engine.begin() as conn:
        tickets = frontier.claim(
            conn, "queued", limit=len(pages), worker=tools.worker, lease=pipeline.LEASE, now=tools.now()
        )
        stored = [captures.save_capture(conn, ticket, _page(ticket.url, bodies[ticket.url], now)) for ticket in tickets]
        frontier.advance(conn, stored, "fetched")


def _page(url: str, html: str, now: datetime) -> RawPage:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    body = html.encode()
    return RawPage(url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=now, elapsed=0.0)


def _cpu() -> float:
    """Return the CPU seconds of this process and its ended children; Postgres has its own cores' time."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


if __name__ == "__main__":
    main()
