"""Write views to files again when something has changed since they were written last."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from dateline.export import Format, export_views
from dateline.tools import Counts, Tools, run_of

EXPORTED = "export"  # folder under the state folder
STAGE = "export"

_LAST = text("""
    select max(started_at) from dateline.runs where stage = :stage and ok and versions = :wanted
""")
_CHANGED = text("""
    select greatest((select max(updated_at) from dateline.events), (select max(activated_at) from dateline.codings),
        (select max(created_at) from dateline.texts))
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say what is to be written."""

    views: tuple[str, ...] = ("event_report",)
    formats: tuple[Format, ...] = ("csv",)
    since: date | None = None
    until: date | None = None

    @property
    def named(self) -> dict[str, str]:
        """Name it, so that a later run knows whether the same was written."""
        days = {"since": self.since, "until": self.until}
        return {"views": ",".join(self.views), "formats": ",".join(self.formats)} | {
            name: day.isoformat() for name, day in days.items() if day is not None
        }


def export_changed(tools: Tools, folder: Path, wanted: Wanted, *, always: bool = False) -> Counts:
    """Write `wanted` below `folder`, unless nothing has changed since it was last written there (or `always`)."""
    with tools.engine.connect() as conn:
        if not always and not _has_changed(conn, wanted):
            return Counter(files=0)
    with run_of(tools, STAGE, versions=wanted.named) as counts:
        for format_ in wanted.formats:
            files = export_views(
                tools.engine, folder, views=wanted.views, format=format_, since=wanted.since, until=wanted.until
            )
            counts.update(files=len(files), rows=sum(file.rows for file in files))
    return counts


def _has_changed(conn: Connection, wanted: Wanted) -> bool:
    last: datetime | None = conn.execute(_LAST, {"stage": STAGE, "wanted": Jsonb(wanted.named)}).scalar()
    changed: datetime | None = conn.execute(_CHANGED).scalar()
    return last is None or (changed is not None and changed >= last)
