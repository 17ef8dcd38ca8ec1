"""Keep what could not be processed, with its reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, text

from dateline.store.rows import clean
from dateline.types import Rejected

_RECORD = text("""
    insert into dateline.rejects (stage, code, message, url, ticket_id, source_id, text_id, first_seen_at, last_seen_at)
    values (:stage, :code, :message, :url, :ticket_id, :source_id, :text_id, :now, :now)
    on conflict (stage, code, url_hash, ticket_id, source_id, text_id) do update set
        times_seen = rejects.times_seen + 1, message = excluded.message, resolved_at = null,
        last_seen_at = greatest(rejects.last_seen_at, excluded.last_seen_at)
""")

_RESOLVE_TICKETS = text("""
    update dateline.rejects set resolved_at = now() where ticket_id = any(:ids) and resolved_at is null
""")

_RESOLVE_SOURCE = text("""
    update dateline.rejects set resolved_at = :now
    where source_id = :id and stage = 'discover' and ticket_id is null and resolved_at is null
""")


def record(conn: Connection, rejected: Rejected, *, now: datetime) -> None:
    """Note a reject; the same one again is counted, not added, and is open again."""
    conn.execute(
        _RECORD,
        {
            "stage": rejected.stage,
            "code": rejected.code,
            "message": clean(rejected.message),
            "url": clean(rejected.url),
            "ticket_id": rejected.ticket_id,
            "source_id": rejected.source_id,
            "text_id": rejected.text_id,
            "now": now,
        },
    )


def resolve_tickets(conn: Connection, ids: Collection[int]) -> None:
    """Mark the rejects of tickets as done after all."""
    conn.execute(_RESOLVE_TICKETS, {"ids": list(ids)})


def resolve_source(conn: Connection, source_id: int | None, *, now: datetime) -> None:
    """Mark the rejects of a source's looks as done after all."""
    conn.execute(_RESOLVE_SOURCE, {"id": source_id, "now": now})
