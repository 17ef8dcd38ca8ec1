"""
### Look after the store

Every day at 04:30 UTC: frees what killed workers held and closes their runs, makes next month's partition of stored pages, drops
the months that are older than `DATELINE_KEEP_PAGES_DAYS` (not set: none), and deletes ended runs and resolved rejects after
90 days. A month with pages that still wait to be read stays.

Then it writes the report of the last 24 hours to `reports/` in the state folder and into the task's log: what became of the URLs
found, sources that fail or fell silent, failed runs, rejects, corrected articles. `dateline maintain` does the same in a shell.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from dateline.airflow.defaults import DEFAULTS


@task
def look_after() -> dict[str, int]:
    """Do the upkeep and write the report."""
    from dateline.airflow.upkeep import look_after

    return look_after()


@dag(
    schedule=CronTriggerTimetable("30 4 * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS | {"execution_timeout": timedelta(hours=1)},
    doc_md=__doc__,
    tags=["dateline"],
)
def maintain() -> None:
    """Do what is to be done daily."""
    look_after()


maintain()
