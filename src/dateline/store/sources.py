"""Keep the sources: what they are, their validators, and how they fare."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from dateline.store import rejects
from dateline.store.rows import clean
from dateline.types import Discovery, Rejected, Source

_SAVE = text("""
    insert into dateline.sources (url, kind, name, country, language, poll_minutes, text_policy, licence, enabled)
    values (:url, :kind, :name, :country, :language, :poll_minutes, :text_policy, :licence, :enabled)
    on conflict (url_hash) do update set
        kind = excluded.kind, name = coalesce(excluded.name, sources.name),
        country = coalesce(excluded.country, sources.country), language = coalesce(excluded.language, sources.language),
        adapted_minutes = case when sources.poll_minutes = excluded.poll_minutes then sources.adapted_minutes end,
        poll_minutes = excluded.poll_minutes, text_policy = excluded.text_policy,
        licence = coalesce(excluded.licence, sources.licence), enabled = excluded.enabled
    returning source_id, name, country, language, licence, etag, last_modified, body_sha256, last_polled_at, last_success_at,
        last_body_at, adapted_minutes
""")

_LOAD = text("""
    select source_id, url, kind, name, country, language, poll_minutes, text_policy, licence, enabled, etag, last_modified,
        body_sha256, last_polled_at, last_success_at, last_body_at, adapted_minutes
    from dateline.sources
    where (cast(:ids as bigint[]) is null or source_id = any(:ids))
        and (not :enabled or enabled)
        and (cast(:due_at as timestamptz) is null or last_polled_at is null
            or dateline.next_poll(last_polled_at, coalesce(adapted_minutes, poll_minutes), failures) <= :due_at)
    order by source_id
""")

_LOOKED = text("""
    update dateline.sources set
        etag = :etag, last_modified = :last_modified, body_sha256 = :body_sha256, last_polled_at = :now,
        last_success_at = :now, first_success_at = coalesce(first_success_at, :now),
        last_body_at = coalesce(:body_at, last_body_at), adapted_minutes = coalesce(:minutes, adapted_minutes),
        last_new_at = case when :new > 0 then :now else last_new_at end,
        failures = 0, failure_code = null, failure_message = null
    where source_id = :id
""")

_DELIVERED = text("update dateline.sources set last_new_at = :now where source_id = :id")

_FAILED = text("""
    update dateline.sources set last_polled_at = :now, failures = failures + 1, failure_code = :code,
        failure_message = :message
    where source_id = :id
""")


def save_sources(conn: Connection, sources: Iterable[Source]) -> list[Source]:
    """Add sources, or change those that have the same URL, and return them with their ids and stored validators."""
    return [_save(conn, source) for source in sources]


def _save(conn: Connection, source: Source) -> Source:
    row = (
        conn.execute(
            _SAVE,
            {
                "url": clean(source.url),
                "kind": source.kind,
                "name": clean(source.name),
                "country": source.country,
                "language": source.language,
                "poll_minutes": source.poll_minutes,
                "text_policy": source.text_policy,
                "licence": clean(source.licence),
                "enabled": source.enabled,
            },
        )
        .mappings()
        .one()
    )
    stored = dict(row)
    return replace(source, id=stored.pop("source_id"), **stored)


def load_sources(
    conn: Connection,
    *,
    ids: Collection[int] | None = None,
    due_at: datetime | None = None,
    enabled: bool = True,
) -> list[Source]:
    """Return sources by id: all, those of `ids`, those due at a time; a failing one is due ever less often."""
    values: dict[str, Any] = {
        "ids": None if ids is None else list(ids),
        "due_at": due_at,
        "enabled": enabled,
    }
    return [_source(row) for row in conn.execute(_LOAD, values).mappings()]


def _source(row: RowMapping) -> Source:
    values = dict(row)
    return Source(id=values.pop("source_id"), **values)


def record_look(conn: Connection, discovery: Discovery, *, now: datetime, new: int, minutes: int | None = None) -> None:
    """Note a look that succeeded: its validators, how many URLs were new, the adapted minutes to the next. Its failures are over."""
    source = discovery.source
    conn.execute(
        _LOOKED,
        {
            "id": source.id,
            "etag": clean(source.etag),
            "last_modified": clean(source.last_modified),
            "body_sha256": source.body_sha256,
            "now": now,
            "new": new,
            "minutes": minutes,
            "body_at": source.last_body_at,
        },
    )
    rejects.resolve_source(conn, source.id, now=now)
    for rejected in discovery.rejected:
        rejects.record(conn, replace(rejected, source_id=rejected.source_id or source.id), now=now)


def record_delivery(conn: Connection, source: Source, *, now: datetime) -> None:
    """Note that the source's hub delivered something new; when it is asked next does not change."""
    conn.execute(_DELIVERED, {"id": source.id, "now": now})


def record_failure(conn: Connection, source: Source, rejected: Rejected, *, now: datetime) -> None:
    """Note a look that failed."""
    values = {"id": source.id, "now": now, "code": rejected.code, "message": clean(rejected.message)}
    conn.execute(_FAILED, values)
    rejects.record(conn, replace(rejected, source_id=source.id, url=rejected.url or source.url), now=now)
