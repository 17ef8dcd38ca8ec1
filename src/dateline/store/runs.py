"""Keep a record of every run of a stage: what it did, how long it took, and with which versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

_START = text("""
    insert into dateline.runs (stage, started_at, versions) values (:stage, :now, :versions) returning run_id
""")
_FINISH = text("""
    update dateline.runs set finished_at = :now, ok = :ok, counts = :counts where run_id = :id
""")


def start_run(conn: Connection, stage: str, *, now: datetime, versions: Mapping[str, str]) -> int:
    """Note that a stage began, and return the run's id."""
    run_id: int = conn.execute(_START, {"stage": stage, "now": now, "versions": Jsonb(dict(versions))}).scalar_one()
    return run_id


def finish_run(conn: Connection, run_id: int, *, counts: Mapping[str, int], now: datetime, ok: bool) -> None:
    """Note how a run ended."""
    conn.execute(_FINISH, {"id": run_id, "counts": Jsonb(dict(counts)), "now": now, "ok": ok})
