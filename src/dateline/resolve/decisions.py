"""Let a person decide what belongs together. What is decided here, no rule changes; every decision is dated and can be undone.

Each function marks the texts concerned, so that the next `resolve` brings the events' rows up to date.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from dateline.errors import UserError

_MEMBERS = text("""
    select mention_key from dateline.event_members where event_id = any(:events) and valid_to is null order by member_id
""")
_PIN = (
    text("update dateline.event_members set valid_to = :now where mention_key = any(:keys) and valid_to is null"),
    text("""
        insert into dateline.event_members (event_id, mention_key, text_id, valid_from, decided_by, decided_who, reason)
        select distinct on (k.mention_key) :event_id, k.mention_key, k.text_id, :now, 'person', :who, :reason
        from dateline.event_members k where k.mention_key = any(:keys) order by k.mention_key, k.member_id desc
    """),
)
_COPY = text("""
    insert into dateline.events (event_type, quad, modality, negated, confidence, mentions, articles, independent_sources,
        created_at, updated_at)
    select event_type, quad, modality, negated, confidence, 0, 0, 0, :now, :now from dateline.events where event_id = :event_id
    returning event_id
""")
_WAS_IN = text("""
    select mention_key from dateline.event_members
    where event_id = :event_id and valid_to >= (select superseded_at from dateline.events where event_id = :event_id)
""")
_REVIVE = text("update dateline.events set superseded_by = null, superseded_at = null where event_id = :event_id")
_MERGED = text("select superseded_by from dateline.events where event_id = :event_id")
_RELEASE = text("""
    update dateline.event_members set decided_by = 'rule', decided_who = null
    where event_id = any(:events) and valid_to is null and decided_by = 'person'
""")
_MARK = text("""
    insert into dateline.unresolved_texts as u (text_id, since)
    select distinct k.text_id, cast(:now as timestamptz) from dateline.event_members k
    where k.event_id = any(:events) order by k.text_id
    on conflict (text_id) do update set since = excluded.since
""")


def join_events(
    conn: Connection, events: Collection[int], *, who: str, now: datetime, reason: str | None = None
) -> int:
    """Make events one: the oldest, whose id is returned."""
    kept = min(events)
    keys = list(conn.execute(_MEMBERS, {"events": sorted(events)}).scalars())
    _pin(conn, keys, kept, who=who, now=now, reason=reason)
    conn.execute(_MARK, {"events": sorted(events), "now": now})
    for event_id in sorted(set(events) - {kept}):
        conn.execute(
            text("update dateline.events set superseded_by = :kept, superseded_at = :now where event_id = :event_id"),
            {"kept": kept, "now": now, "event_id": event_id},
        )
    return kept


def split_event(
    conn: Connection, event_id: int, keys: Collection[UUID], *, who: str, now: datetime, reason: str | None = None
) -> int:
    """Give some of an event's mentions an event of their own, whose id is returned; the others stay where they are."""
    members = set(conn.execute(_MEMBERS, {"events": [event_id]}).scalars())
    apart = members & set(keys)
    if not apart or apart == members:
        raise UserError(f"event {event_id} cannot be split so: name some of its mentions, not all", code="bad_split")
    new: int = conn.execute(_COPY, {"event_id": event_id, "now": now}).scalar_one()
    _pin(conn, sorted(apart, key=str), new, who=who, now=now, reason=reason)
    _pin(conn, sorted(members - apart, key=str), event_id, who=who, now=now, reason=reason)
    conn.execute(_MARK, {"events": [event_id, new], "now": now})
    return new


def unmerge_event(conn: Connection, event_id: int, *, who: str, now: datetime, reason: str | None = None) -> int:
    """Take back the merge of an event into another: both get the mentions that they had. Return the other's id."""
    other: int | None = conn.execute(_MERGED, {"event_id": event_id}).scalar_one_or_none()
    if other is None:
        raise UserError(f"event {event_id} was not merged into another", code="not_merged")
    back = set(conn.execute(_WAS_IN, {"event_id": event_id}).scalars())
    rest = set(conn.execute(_MEMBERS, {"events": [other]}).scalars()) - back
    conn.execute(_REVIVE, {"event_id": event_id})
    _pin(conn, sorted(back, key=str), event_id, who=who, now=now, reason=reason)
    _pin(conn, sorted(rest, key=str), other, who=who, now=now, reason=reason)
    conn.execute(_MARK, {"events": [event_id, other], "now": now})
    return other


def release_events(conn: Connection, events: Collection[int], *, now: datetime) -> None:
    """Leave events to the rules again."""
    conn.execute(_MARK, {"events": sorted(events), "now": now})
    conn.execute(_RELEASE, {"events": sorted(events)})


def _pin(
    conn: Connection, keys: Collection[UUID], event_id: int, *, who: str, now: datetime, reason: str | None
) -> None:
    values = {"keys": list(keys), "event_id": event_id, "who": who, "now": now, "reason": reason}
    for statement in _PIN:
        conn.execute(statement, values)
