"""
### Take archives

Reads WARC archives, `.warc`, `.warc.gz` and `.warc.zst`, as if their pages had just been fetched: nothing is asked of a
publisher. Paths, globs (`/srv/news/*.warc.gz`) and addresses; files of CC-NEWS work as they are. Choose days, and files whose
names say that they hold none of them are not opened. Then `ingest` is woken.

How far each archive was read is stored after every batch: a run that was ended, or is started again, goes on at that record.
`dateline captures import` does the same in a shell.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, task

from dateline.airflow.assets import FRONTIER
from dateline.airflow.defaults import BY_HAND

DAY = ["null", "string"]
FORM = {
    "archives": Param(
        [], type="array", items={"type": "string"}, title="Archives", description="Paths on the worker, globs or addresses, one a line."
    ),
    "since": Param(None, type=DAY, format="date", title="From", description="First day on which a page was archived."),
    "until": Param(None, type=DAY, format="date", title="To", description="Last day on which a page was archived."),
    "again": Param(False, type="boolean", title="From the start", description="Also what was read before.", section="More"),
}  # fmt: skip


@task(outlets=[FRONTIER])
def take(params: dict[str, Any] | None = None) -> dict[str, int]:
    """Store the pages of the archives."""
    from dateline.airflow.upkeep import take_archives

    return take_archives(params or {})


@dag(schedule=None, params=FORM, doc_md=__doc__, **BY_HAND)
def backfill_archive() -> None:
    """Take the form's archives."""
    take()


backfill_archive()
