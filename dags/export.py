"""
### Write events to files

Writes views as CSV or Parquet, one folder a view and one file a month, to `export/` in the state folder, whenever `ingest` or
`recode` changed events. It is paused unless `DATELINE_EXPORT_FORMATS` names formats (`csv`, `parquet`); by hand it writes what the
form asks for. A run that finds no event changed since the last one writes nothing.

A file appears whole or not at all, and the same rows give the same files. `dateline export` does the same in a shell.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, task

from dateline.airflow.assets import EVENTS
from dateline.airflow.defaults import DEFAULTS, START
from dateline.settings import load_settings

FORMATS = ["csv", "parquet"]
VIEWS = [
    "event_report", "mention_report", "gdelt_events", "gdelt_mentions", "polecat_events", "icews_events", "phoenix_events",
    "dyad_month", "exposure_day",
]  # fmt: skip
DAY = ["null", "string"]
FORM = {
    "views": Param(["event_report"], type="array", items={"type": "string", "enum": VIEWS}, examples=VIEWS, title="Views"),
    "formats": Param(
        [], type="array", items={"type": "string", "enum": FORMATS}, examples=FORMATS, title="Formats",
        description="None: those of DATELINE_EXPORT_FORMATS, else csv.",
    ),
    "since": Param(None, type=DAY, format="date", title="From", description="Its whole month is written."),
    "until": Param(None, type=DAY, format="date", title="To", description="Its whole month is written."),
    "always": Param(False, type="boolean", title="Also unchanged", description="Write although no event has changed.", section="More"),
}  # fmt: skip


@task
def write(params: dict[str, Any] | None = None) -> dict[str, int]:
    """Write the views."""
    from dateline.airflow.upkeep import export

    return export(params or {})


@dag(
    schedule=EVENTS,
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULTS,
    params=FORM,
    is_paused_upon_creation=not load_settings().formats,
    doc_md=__doc__,
    tags=["dateline"],
)
def export() -> None:
    """Write what the form asks for."""
    write()


export()
