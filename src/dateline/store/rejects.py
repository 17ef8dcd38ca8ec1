"""Keep what could not be processed, with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
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


MOST = 10_000  # rejects put back at once, unless asked otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectChoice:
    """Choose open rejects: empty means all."""

    codes: Collection[str] = ()
    stages: Collection[str] = ()
    source_id: int | None = None
    since: datetime | None = None  # last seen at or after it
    limit: int = MOST


# Back to the stage that failed, as far as what it needs is kept: nothing is asked of a publisher twice without need.
_RETRY = text("""
    with chosen as (
        select distinct on (f.ticket_id) f.ticket_id, r.stage, f.text_id, f.captured_at, f.capture_id
        from dateline.rejects r join dateline.frontier f on f.ticket_id = r.ticket_id and f.state = 'done'
        where r.resolved_at is null and f.outcome = r.code
            and (cast(:codes as text[]) is null or r.code = any(:codes))
            and (cast(:stages as text[]) is null or r.stage = any(:stages))
            and (cast(:source_id as bigint) is null or f.source_id = :source_id)
            and (cast(:since as timestamptz) is null or r.last_seen_at >= :since)
        order by f.ticket_id, r.last_seen_at desc limit :limit
    ), placed as (
        select c.ticket_id, case
            when c.stage in ('group', 'annotate') and exists (
                select from dateline.texts t where t.text_id = c.text_id and t.text is not null) then 'extracted'
            when c.stage not in ('discover', 'fetch') and not :fetch and exists (
                select from dateline.captures x where x.captured_at = c.captured_at and x.capture_id = c.capture_id
                    and x.body is not null) then 'fetched'
            else 'queued' end as state
        from chosen c
    )
    update dateline.frontier f set state = placed.state, outcome = null, attempts = 0, finished_at = null, worker = null,
        leased_at = null, last_code = null, last_message = null, next_attempt_at = :now
    from placed where f.ticket_id = placed.ticket_id
    returning placed.state
""")


def retry(conn: Connection, choice: RejectChoice, *, now: datetime, fetch: bool = False) -> Counter[str]:
    """Put the tickets of open rejects back, each to the stage that failed; return how many went to which state.

    `fetch`: ask the publisher again even where the page is stored. A reject is resolved when its ticket ends well.
    """
    rows = conn.execute(
        _RETRY,
        {
            "codes": list(choice.codes) or None,
            "stages": list(choice.stages) or None,
            "source_id": choice.source_id,
            "since": choice.since,
            "limit": choice.limit,
            "fetch": fetch,
            "now": now,
        },
    )
    return Counter(rows.scalars())
