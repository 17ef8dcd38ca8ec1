"""Look after the tables: partitions ahead of time, what is kept no longer, hosts that nobody asks any more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, text

PATIENCE = "5s"  # to wait for a lock: who writes captures just now goes first, and tomorrow is another day

_MONTHS = text("select dateline.ensure_captures_month(:moment)")
_PARTITIONS = text("""
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass('dateline.captures') and c.relname ~ '^captures_\\d{4}_\\d{2}$' order by 1
""")
# A page that nobody has read yet must not go.
_NEEDED = text("""
    select exists (select from dateline.frontier f where f.state = 'fetched' and f.captured_at >= :first
        and f.captured_at < :end)
""")
_OTHERS = text("""
    delete from dateline.captures_other c where c.captured_at < :before and not exists (
        select from dateline.frontier f where f.state = 'fetched' and f.captured_at = c.captured_at
            and f.capture_id = c.capture_id)
""")
_OLD_RUNS = text("delete from dateline.runs where finished_at < :before")
_OLD_REJECTS = text("delete from dateline.rejects where resolved_at < :before")
_OLD_HOSTS = text("delete from dateline.host_pace where free_at < :before")


def ensure_months(conn: Connection, *, now: datetime) -> None:
    """Make the partitions of captures for this month and the next."""
    for moment in (now, (now.replace(day=1) + timedelta(days=32)).replace(day=1)):
        conn.execute(_MONTHS, {"moment": moment})


def drop_captures(conn: Connection, *, before: datetime) -> list[str]:
    """Drop the months of captures that ended before a time, and return their partitions' names. For the schema's owner.

    A month with pages that still wait to be read stays. What lies in no month of its own goes row by row.
    """
    conn.execute(text(f"set local lock_timeout = '{PATIENCE}'"))
    dropped = []
    for name in conn.execute(_PARTITIONS).scalars().all():
        first, end = _bounds(name)
        if end > before or conn.execute(_NEEDED, {"first": first, "end": end}).scalar_one():
            continue
        conn.execute(text(f"drop table dateline.{name}"))  # its name is ours: the pattern says so
        dropped.append(name)
    conn.execute(_OTHERS, {"before": before})
    return dropped


def drop_history(conn: Connection, *, before: datetime) -> int:
    """Delete ended runs, resolved rejects and the turns of hosts from before a time, and return how many that were."""
    return sum(
        conn.execute(statement, {"before": before}).rowcount for statement in (_OLD_RUNS, _OLD_REJECTS, _OLD_HOSTS)
    )


def _bounds(name: str) -> tuple[datetime, datetime]:
    first = date.fromisoformat(name.removeprefix("captures_").replace("_", "-") + "-01")
    start = datetime(first.year, first.month, 1, tzinfo=UTC)
    return start, (start + timedelta(days=32)).replace(day=1)
