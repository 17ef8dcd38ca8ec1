"""
### Try again what failed

Puts chosen rejects back, each to the stage that failed, and wakes `ingest`: a page that is stored is extracted again, a text is
coded again, and only what was never fetched is asked of its publisher. A reject is resolved when its article ends well;
otherwise it stands there once more.

Choose codes (`dateline.rejects_open` lists them), stages, one source, or the last days; nothing chosen means all that is open.
`dateline rejects retry` does the same in a shell.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, task

from dateline.airflow.assets import FRONTIER
from dateline.airflow.defaults import BY_HAND

STAGES = ["fetch", "extract", "group", "annotate", "load"]
FORM = {
    "codes": Param([], type="array", items={"type": "string"}, title="Codes", description="Such as timeout or no_article, one a line; none: all."),
    "stages": Param([], type="array", items={"type": "string", "enum": STAGES}, examples=STAGES, title="Stages", description="None: all."),
    "source": Param(None, type=["null", "integer"], title="Source", description="Number of a source; empty: all."),
    "since": Param(None, type=["null", "string"], format="date", title="Since", description="Last seen on this day or later."),
    "limit": Param(10000, type="integer", minimum=1, title="At most", section="More"),
    "fetch": Param(False, type="boolean", title="Fetch again", description="Ask the publisher although the page is stored.", section="More"),
}  # fmt: skip


@task(outlets=[FRONTIER])
def put_back(params: dict[str, Any] | None = None) -> dict[str, int]:
    """Put the chosen rejects back."""
    from dateline.airflow.upkeep import retry_rejects

    return retry_rejects(params or {})


@dag(schedule=None, params=FORM, doc_md=__doc__, **BY_HAND)
def retry_rejects() -> None:
    """Put back what the form chooses."""
    put_back()


retry_rejects()
