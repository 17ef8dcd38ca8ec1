"""
### Code these articles

Give URLs (one a line), a feed, or the text of an article, and press **Trigger**. They take the same path as everything
else: onto the frontier, then `ingest` is woken. An article that is known already is not fetched again unless you ask.

The events are in the view `dateline.event_report`; `dateline events` lists them with the sentence each was read from.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, task

from dateline.airflow.assets import FRONTIER
from dateline.airflow.defaults import DEFAULTS, START

TEXT = ["null", "string"]
FORM = {
    "urls": Param([], type="array", items={"type": "string"}, title="URLs", description="Addresses of articles, one a line."),
    "feed": Param(None, type=TEXT, title="Feed", description="Address of a feed or sitemap: everything in it is taken."),
    "text": Param(None, type=TEXT, format="multiline", title="Text", description="An article's text, pasted."),
    "title": Param(None, type=TEXT, title="Title", description="Its headline. For pasted text only.", section="Pasted text"),
    "published": Param(
        None, type=TEXT, format="date", title="Published", description="Its day: relative dates are read from it.",
        section="Pasted text",
    ),
    "url": Param(None, type=TEXT, title="Address", description="Where it stands, if anywhere.", section="Pasted text"),
    "again": Param(False, type="boolean", title="Fetch again", description="Also what is known already.", section="More"),
}  # fmt: skip


@task(outlets=[FRONTIER])
def put(params: dict[str, Any] | None = None) -> dict[str, int]:
    """Put what the form says on the frontier."""
    from dateline.airflow.stages import put_on_frontier

    return put_on_frontier(params or {})


@dag(
    schedule=None,
    start_date=START,
    catchup=False,
    default_args=DEFAULTS,
    params=FORM,
    doc_md=__doc__,
    tags=["dateline"],
)
def ingest_urls() -> None:
    """Take the form's articles."""
    put()


ingest_urls()
