"""Look after what runs every day: partitions, what is kept no longer, runs whose worker died, and a report of the day.

Nothing here reads or codes articles, so that it may be left out for a week without harm.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from dateline.store import frontier, queries, runs, upkeep
from dateline.tools import Tools, run_of

log = logging.getLogger(__name__)

KEPT_HISTORY = timedelta(days=90)  # of ended runs and resolved rejects
REPORTS = "reports"  # folder under the state folder
KEPT_REPORTS = 400  # a year and some
TROUBLED = ("failing", "silent", "low")  # states of a source that a person should look at
MOST_LISTED = 20
STEPS = ("found", "fetched", "extracted", "duplicates", "annotated", "mentions", "events", "waiting", "rejected")

_TROUBLED = text("""
    select coalesce(name, url) as source, state, failure_code, failure_message, last_new_at from dateline.source_health
    where enabled and state = any(:states) order by state, 1 limit :limit
""")
_FAILED_RUNS = text("""
    select stage, count(*) as failed, (array_agg(message order by started_at desc))[1] as message
    from dateline.runs where not ok and finished_at >= :since group by stage order by stage
""")
_CHANGED = text("""
    select coalesce(r.outlet, 'unknown') as outlet, r.number, r.note_kind, r.title, r.url from dateline.revision_report r
    where r.article_id = any(array(select article_id from dateline.revisions where created_at >= :since)) and r.is_current
        and (r.number > 1 or r.note_kind is not null)
    order by r.note_kind nulls last, r.title limit :limit
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintained:
    """Say what was done, and how the day was."""

    at: datetime
    freed: int  # tickets of dead workers
    closed: int  # runs of dead workers
    dropped: tuple[str, ...]  # months of captures
    deleted: int  # rows of history
    report: str  # Markdown
    alerts: tuple[str, ...] = ()  # what a person should look at, a line each


def maintain(
    tools: Tools, *, owner: Engine, dead: Callable[[str], bool], keep_pages: timedelta | None = None
) -> Maintained:
    """Do what is to be done daily. `owner` may drop tables; `keep_pages`: how long stored pages are kept, None: for ever."""
    now = tools.now()
    with run_of(tools, "maintain") as counts:
        with tools.engine.begin() as conn:
            freed = frontier.release_workers(conn, dead)
            closed = runs.close_dead(conn, dead, now=now)
            deleted = upkeep.drop_history(conn, before=now - KEPT_HISTORY)
            upkeep.ensure_months(conn, now=now)
        dropped, refused = _drop_pages(owner, now - keep_pages) if keep_pages is not None else ([], [])
        with tools.engine.connect() as conn:
            report, alerts = daily_report(conn, now=now, refused=refused)
        counts.update(freed=freed, closed=closed, deleted=deleted, dropped=len(dropped), alerts=len(alerts))
    for alert in alerts:
        log.warning("alert %s", alert)
    return Maintained(
        at=now, freed=freed, closed=closed, dropped=tuple(dropped), deleted=deleted, report=report, alerts=tuple(alerts)
    )


def _drop_pages(owner: Engine, before: datetime) -> tuple[list[str], list[str]]:
    """Drop months of stored pages. Where somebody holds the table, or we may not, that is an alert: tomorrow is another day."""
    try:
        with owner.begin() as conn:
            return upkeep.drop_captures(conn, before=before), []
    except (OperationalError, ProgrammingError) as error:
        return [], [f"old pages were not dropped: {_line(str(error.orig))}"]


def write_report(done: Maintained, home: Path) -> Path:
    """Write the report of the day below the state folder, whole or not at all; one a day."""
    folder = home / REPORTS
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{done.at:%Y-%m-%d}.md"
    part = path.with_suffix(".part")
    part.write_text(done.report, encoding="utf-8")
    part.replace(path)
    for old in sorted(folder.glob("*.md"))[:-KEPT_REPORTS]:
        old.unlink()
    return path


def daily_report(
    conn: Connection, *, now: datetime, hours: int = 24, refused: Sequence[str] = ()
) -> tuple[str, list[str]]:
    """Return a report of the last hours in Markdown, and what in it a person should look at, `refused` with it."""
    since = now - timedelta(hours=hours)
    done = queries.report(conn, since=since)
    troubled = conn.execute(_TROUBLED, {"states": list(TROUBLED), "limit": MOST_LISTED}).all()
    failed = conn.execute(_FAILED_RUNS, {"since": since}).all()
    changed = conn.execute(_CHANGED, {"since": since, "limit": MOST_LISTED}).all()
    alerts = [
        f"source {row.source} is {row.state}"
        + (f": {row.failure_code} {row.failure_message}" if row.failure_code else "")
        for row in troubled
    ]
    alerts += refused
    alerts += [f"{row.failed} run(s) of {row.stage} failed: {row.message or 'no reason known'}" for row in failed]
    lines = [f"# Dateline, {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC", "", f"The last {hours} hours.", ""]
    lines += _table(("what became of URLs", "number"), ((step, getattr(done.funnel, step)) for step in STEPS))
    lines += _section("To look at", [f"- {_line(alert)}" for alert in alerts])
    lines += _section("Rejects", _rejects(done.funnel))
    lines += _section("Changed articles", [f"- {_changed(row)}" for row in changed])
    states = Counter(dict(done.sources))
    lines += _section("Sources", [f"- {number} {state}" for state, number in states.most_common()])
    return "\n".join(lines).rstrip() + "\n", alerts


def _rejects(funnel: queries.Funnel) -> list[str]:
    rows = ((it.stage, it.code, it.rejects, _line(it.message)) for it in funnel.rejects[:MOST_LISTED])
    return _table(("stage", "code", "number", "latest"), rows) if funnel.rejects else []


def _changed(row: Row[Any]) -> str:
    return f"{_line(row.outlet)}: {_line(row.title or row.url)} ({row.note_kind or f'version {row.number}'})"


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"## {title}", "", *lines] if lines else []


def _table(head: tuple[str, ...], rows: Iterable[Sequence[object]]) -> list[str]:
    body = [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *body]


def _line(words: str) -> str:
    """Return words on one line that no table is broken by."""
    return " ".join(words.split()).replace("|", "\\|")
