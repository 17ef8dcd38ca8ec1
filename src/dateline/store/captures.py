"""Keep the bytes that servers sent, compressed, before anything is made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import zstandard
from psycopg.types.json import Jsonb
from sqlalchemy import Connection, RowMapping, text

from dateline.store.rows import clean, clean_all, clean_json
from dateline.types import RawPage, Ticket

LEVEL = 6  # a third smaller than level 1 on news pages, and still 100 MB/s
PAGES_AT_ONCE = 50  # rows held in memory while streaming

_COLUMNS = """c.captured_at, c.capture_id, c.ticket_id, c.url, c.final_url, c.redirects, c.status, c.headers, c.body,
    c.elapsed, c.robots, c.noarchive, c.tdm_reserved, c.etag, c.last_modified, c.marks"""

_MONTH = text("select dateline.ensure_captures_month(:moment)")

_SAVE = text("""
    insert into dateline.captures as c (captured_at, ticket_id, url, url_hash, final_url, redirects, status, headers, body,
        body_bytes, sha256, elapsed, robots, noarchive, tdm_reserved, etag, last_modified, warc_file, warc_offset, marks)
    values (:captured_at, :ticket_id, :url, dateline.digest(:url), :final_url, :redirects, :status, :headers, :body,
        :body_bytes, :sha256, :elapsed, :robots, :noarchive, :tdm_reserved, :etag, :last_modified, :warc_file, :warc_offset,
        :marks)
    on conflict (captured_at, url_hash) do update set ticket_id = coalesce(c.ticket_id, excluded.ticket_id)
    returning capture_id
""")

_LOAD = text(f"""
    select g.place, {_COLUMNS}
    from unnest(cast(:places as integer[]), cast(:moments as timestamptz[]), cast(:ids as bigint[]))
        as g(place, captured_at, capture_id)
    join dateline.captures c on c.captured_at = g.captured_at and c.capture_id = g.capture_id and c.body is not null
    order by g.place
""")  # noqa: S608 (all parts are ours)

_STREAM = text(f"""
    select {_COLUMNS} from dateline.captures c
    where c.body is not null and (cast(:since as timestamptz) is null or c.captured_at >= :since)
        and (cast(:until as timestamptz) is null or c.captured_at < :until)
    order by c.captured_at, c.capture_id
""")  # noqa: S608


def save_capture(
    conn: Connection, ticket: Ticket, page: RawPage, *, warc_file: str | None = None, warc_offset: int | None = None
) -> Ticket:
    """Store a page and return the ticket with its capture. The same answer stored again keeps its id."""
    conn.execute(_MONTH, {"moment": page.fetched_at})
    capture_id = conn.execute(
        _SAVE,
        {
            "captured_at": page.fetched_at,
            "ticket_id": ticket.id,
            "url": clean(page.url),
            "final_url": clean(page.final_url),
            "redirects": clean_all(page.redirects),
            "status": page.status,
            "headers": Jsonb(clean_json(page.headers)),
            "body": zstandard.ZstdCompressor(level=LEVEL).compress(page.body),
            "body_bytes": len(page.body),
            "sha256": hashlib.sha256(page.body).digest(),
            "elapsed": page.elapsed,
            "robots": page.robots,
            "noarchive": page.noarchive,
            "tdm_reserved": page.tdm_reserved,
            "etag": clean(page.etag),
            "last_modified": clean(page.last_modified),
            "warc_file": clean(warc_file),
            "warc_offset": warc_offset,
            "marks": clean_all(page.marks),
        },
    ).scalar_one()
    return replace(ticket, captured_at=page.fetched_at, capture_id=capture_id)


def load_pages(conn: Connection, tickets: Sequence[Ticket]) -> list[tuple[Ticket, RawPage]]:
    """Return the tickets' pages in the tickets' order; a ticket whose page is not kept is left out."""
    rows = conn.execute(
        _LOAD,
        {
            "places": list(range(len(tickets))),
            "moments": [ticket.captured_at for ticket in tickets],
            "ids": [ticket.capture_id for ticket in tickets],
        },
    ).mappings()
    return [(tickets[row["place"]], _page(row)) for row in rows]


def iter_captures(
    conn: Connection, *, since: datetime | None = None, until: datetime | None = None
) -> Iterator[RawPage]:
    """Stream the pages captured from `since` until before `until`, oldest first, few in memory at a time."""
    options: dict[str, Any] = {"stream_results": True, "yield_per": PAGES_AT_ONCE}
    result = conn.execute(_STREAM, {"since": since, "until": until}, execution_options=options)
    for row in result.mappings():
        yield _page(row)


def _page(row: RowMapping) -> RawPage:
    return RawPage(
        url=row["url"],
        final_url=row["final_url"],
        status=row["status"],
        headers=tuple((str(name), str(value)) for name, value in row["headers"]),
        body=zstandard.ZstdDecompressor().decompress(row["body"]),
        fetched_at=row["captured_at"],
        elapsed=row["elapsed"],
        redirects=tuple(row["redirects"]),
        robots=row["robots"],
        noarchive=row["noarchive"],
        tdm_reserved=row["tdm_reserved"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        marks=tuple(row["marks"]),
    )
