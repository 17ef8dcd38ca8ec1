"""Keep a record of every run of a stage: what it did, how long it took, and with which versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

LONGEST = timedelta(days=1)  # no run takes so long; of a worker on another host nothing else can be known
KILLED = "its worker ended before it did"

_START = text("""
    insert into dateline.runs (stage, started_at, versions, worker) values (:stage, :now, :versions, :worker)
    returning run_id
""")
_FINISH = text("""
    update dateline.runs set finished_at = :now, ok = :ok, counts = :counts, message = :message where run_id = :id
""")
_OPEN = text("select run_id, worker, started_at from dateline.runs where finished_at is null")
_CLOSE = text("""
    update dateline.runs set finished_at = :now, ok = false, message = :message
    where run_id = any(:ids) and finished_at is null
""")


def start_run(
    conn: Connection, stage: str, *, now: datetime, versions: Mapping[str, str], worker: str | None = None
) -> int:
    """Note that a stage began, and return the run's id."""
    values = {"stage": stage, "now": now, "versions": Jsonb(dict(versions)), "worker": worker}
    run_id: int = conn.execute(_START, values).scalar_one()
    return run_id


def finish_run(
    conn: Connection, run_id: int, *, counts: Mapping[str, int], now: datetime, ok: bool, message: str | None = None
) -> None:
    """Note how a run ended; `message` says why where it did not end as it should."""
    conn.execute(_FINISH, {"id": run_id, "counts": Jsonb(dict(counts)), "now": now, "ok": ok, "message": message})


def close_dead(conn: Connection, dead: Callable[[str], bool], *, now: datetime) -> int:
    """Close the runs whose worker is dead, or that began too long ago to be running still; return how many that were."""
    gone = [
        row.run_id
        for row in conn.execute(_OPEN)
        if now - row.started_at > LONGEST or (row.worker is not None and dead(row.worker))
    ]
    return conn.execute(_CLOSE, {"ids": gone, "now": now, "message": KILLED}).rowcount if gone else 0
