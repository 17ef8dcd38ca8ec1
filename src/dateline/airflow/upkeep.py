"""Do, as bodies of Airflow tasks, what is not the path itself: archives, rejects, exports, the daily upkeep."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, get_args

from dateline import pipeline
from dateline.discover.receive import Days
from dateline.errors import DiscoverError, UserError
from dateline.export import Format
from dateline.exporting import EXPORTED, Wanted, export_changed
from dateline.maintenance import write_report
from dateline.runtime import maintain, open_tools
from dateline.settings import load_settings
from dateline.store import rejects
from dateline.tools import Counts

log = logging.getLogger(__name__)


def take_archives(form: Mapping[str, Any]) -> dict[str, int]:
    """Take the archives that the form of `backfill_archive` names. Raises UserError where it names none, or none can be read."""
    archives = [name.strip() for name in form.get("archives") or [] if name.strip()]
    if not archives:
        raise UserError("no archive was given: fill in paths, globs or addresses", code="nothing_given")
    days = Days(_day(form, "since"), _day(form, "until"))
    total = Counts()

    def tell(counts: Counts) -> None:
        total.update(counts)
        log.info("backfill pages=%d new=%d rejected=%d", total["given"], total["new"], total["rejected"])

    with open_tools(load_settings()) as tools:
        try:
            counts = pipeline.backfill(tools, archives, days=days, again=bool(form.get("again")), tell=tell)
        except DiscoverError as error:
            raise UserError(error.message, code=error.code) from error
    if counts["failed"] == len(archives):
        raise UserError("none of the archives could be read: see rejects, or the log", code="no_archive")
    return dict(counts)


def retry_rejects(form: Mapping[str, Any]) -> dict[str, int]:
    """Put back on the frontier what the form of `retry_rejects` chooses."""
    since = _day(form, "since")
    choice = rejects.RejectChoice(
        codes=[code.strip() for code in form.get("codes") or [] if code.strip()],
        stages=form.get("stages") or [],
        source_id=form.get("source"),
        since=datetime(since.year, since.month, since.day, tzinfo=UTC) if since else None,
        limit=form.get("limit") or rejects.MOST,
    )
    with open_tools(load_settings()) as tools, tools.engine.begin() as conn:
        return dict(rejects.retry(conn, choice, now=tools.now(), fetch=bool(form.get("fetch"))))


def look_after() -> dict[str, int]:
    """Do the daily upkeep, write the report of the day, and log it."""
    settings = load_settings()
    with open_tools(settings) as tools:
        done = maintain(tools, settings)
    path = write_report(done, settings.home)
    log.info("report path=%s\n%s", path, done.report)
    return {
        "freed": done.freed, "closed": done.closed, "dropped": len(done.dropped), "deleted": done.deleted,
        "alerts": len(done.alerts),
    }  # fmt: skip


def export(form: Mapping[str, Any]) -> dict[str, int]:
    """Write the views that the form names, unless no event has changed since they were written last."""
    settings = load_settings()
    asked = form.get("formats") or settings.formats or ("csv",)
    formats = tuple(name for name in get_args(Format) if name in asked)
    views = tuple(form.get("views") or ("event_report",))
    wanted = Wanted(views=views, formats=formats, since=_day(form, "since"), until=_day(form, "until"))
    with open_tools(settings) as tools:
        return dict(export_changed(tools, settings.home / EXPORTED, wanted, always=bool(form.get("always"))))


def _day(form: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(form[name]) if form.get(name) else None
