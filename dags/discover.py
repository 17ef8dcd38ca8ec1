"""
### Look for new articles

Looks at every enabled source (feeds, sitemaps, lists) and puts what is new on the **frontier**, the table of URLs that wait.
Then it wakes `ingest`, which fetches and codes them.

- **discover** runs every day at 03:00 UTC and looks at all sources. Start it by hand to look now.
- **poll** runs every ten minutes and looks only at the sources that are due: those that change often are asked often. It is paused
  unless `DATELINE_POLL=true`. Its task is *skipped* where nothing waits for `ingest` afterwards.
- Both ask the hubs that feeds offer to push what is new, and renew that in time, where `DATELINE_PUBLIC_URL` is set.

Add a source: `dateline sources add https://example.org/feed.xml`. What each source gave: view `dateline.source_health`.
A source that cannot be read never stops the others; the reason stands in `dateline.rejects_open`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task

from dateline.airflow.assets import FRONTIER
from dateline.airflow.defaults import DEFAULTS
from dateline.settings import load_settings


@task(outlets=[FRONTIER])
def look(*, due: bool, params: dict[str, str | None] | None = None) -> dict[str, int]:
    """Look at the sources, and put what is new on the frontier."""
    from airflow.sdk.exceptions import AirflowSkipException

    from dateline import pipeline
    from dateline.airflow.stages import run
    from dateline.runtime import waiting

    day = (params or {}).get("since")
    since = datetime.fromisoformat(day).date() if day else None
    counts = run(lambda tools: pipeline.discover(tools, due=due, since=since))
    if due and not any(waiting(load_settings()).values()):
        raise AirflowSkipException(f"nothing waits, so `ingest` sleeps on: {counts}")
    return counts


SINCE = Param(None, type=["null", "string"], format="date", title="Since", description="Leave out what is older.")


@dag(
    schedule=CronTriggerTimetable("0 3 * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params={"since": SINCE},
    doc_md=__doc__,
    tags=["dateline"],
)
def discover() -> None:
    """Look at all sources."""
    look(due=False)


@dag(
    schedule=CronTriggerTimetable("5-55/10 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"execution_timeout": timedelta(minutes=50)},
    is_paused_upon_creation=not load_settings().poll,
    doc_md=__doc__,
    tags=["dateline"],
)
def poll() -> None:
    """Look at the sources that are due."""
    look(due=True)


discover()
poll()
