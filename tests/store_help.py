"""Open a migrated store for tests, and walk articles through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
from sqlalchemy import Connection, text

from dateline.store import articles, captures, codings, frontier, sources
from dateline.types import AnnotatedArticle, Article, Ticket
from tests import factories as make

VERSIONS = codings.CoderVersions(coder="coder-1", model="model-1", actors="actors-1", gazetteer="places-1")
WORKER = "worker-1"


@contextmanager
def database(server: Any, name: str) -> Iterator[str]:
    """Make an empty database for a module's tests, and return its URL."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    try:
        yield server.url(name)
    finally:
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"drop database if exists {name} with (force)")


def ticket(conn: Connection, url: str = "http://news.example/a", **changes: Any) -> Ticket:
    """Enqueue and claim one URL."""
    frontier.enqueue(conn, [(url, make.ref(url, **changes))])
    return claim(conn, "queued", limit=1_000, url=url)


def claim(conn: Connection, state: Any, *, limit: int = 100, url: str | None = None) -> Any:
    """Claim tickets of a state; with `url` return that one."""
    taken = frontier.claim(conn, state, limit=limit, worker=WORKER, lease=timedelta(minutes=5), now=make.NOW)
    return taken if url is None else next(ticket for ticket in taken if ticket.url == url)


def read(
    conn: Connection, article: Article | None = None, *, at: Any = make.NOW, source_id: int | None = None
) -> Ticket:
    """Carry one article from its URL to a stored text."""
    article = article or make.article()
    known = (
        conn.execute(
            text("select ticket_id as id, url, state, source_id from dateline.frontier where key = :key"),
            {"key": article.url},
        )
        .mappings()
        .first()
    )
    found = Ticket(**known) if known else ticket(conn, article.url, source_id=source_id)
    found = captures.save_capture(
        conn, found, make.page(article.url, fetched_at=at, body=article.text.encode("utf-8", "replace"))
    )
    (found,) = articles.save_articles(conn, [(found, article)])
    frontier.advance(conn, [found], "extracted")
    return found


def code(
    conn: Connection, article: Article, *events: Any, versions: Any = VERSIONS, **changes: Any
) -> tuple[Ticket, AnnotatedArticle]:
    """Carry one article from its URL to a stored coding, and finish its ticket."""
    found = read(conn, article, **changes)
    record = make.annotated(article.text, events or None)
    codings.save_codings(conn, [(found.text_id, record)], versions)
    frontier.finish(conn, [found], "coded")
    return found, record


def add_source(conn: Connection, **changes: Any) -> int:
    """Add a source and return its id."""
    (saved,) = sources.save_sources(conn, [make.source(**changes)])
    assert saved.id is not None
    return saved.id


def counts(conn: Connection) -> dict[str, int]:
    """Count the rows of every table."""
    tables = conn.scalars(text("select tablename from pg_tables where schemaname = 'dateline' order by 1")).all()
    return {name: conn.scalar(text(f"select count(*) from dateline.{name}")) for name in tables}
