"""Receive pages that need no fetching: from archives and from the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from dateline.discover.archives import Archived, Opener, read_archives
from dateline.discover.files import local_path
from dateline.discover.inbox import PAGES_AT_ONCE, Delivery, read_inbox
from dateline.errors import DiscoverError
from dateline.types import Source


def receive(source: Source, *, now: datetime, open_stream: Opener | None = None) -> Iterator[Delivery]:
    """Yield the pages of an archive or inbox, some at a time.

    The caller stores a delivery's pages and rejects, keeps its `mark` as the source's `etag` (reading goes on there), and calls
    its `done`. Raises DiscoverError or FetchError where the source cannot be read.
    """
    if source.kind == "inbox":
        folder = local_path(source.url)
        if folder is None:
            raise DiscoverError(f"{source.url} is no folder", code="bad_source")
        yield from read_inbox(folder, now=now, source_id=source.id)
        return
    if source.kind != "archive":
        raise DiscoverError(f"{source.url} gives addresses, not pages", code="bad_source")
    batch: list[Archived] = []
    for record in read_archives(source.url, after=source.etag, open_stream=open_stream, source_id=source.id):
        batch.append(record)
        if len(batch) >= PAGES_AT_ONCE:
            yield _delivery(batch)
            batch = []
    if batch:
        yield _delivery(batch)


def _delivery(batch: list[Archived]) -> Delivery:
    return Delivery(
        tuple(record.page for record in batch if record.page is not None),
        tuple(record.rejected for record in batch if record.rejected is not None),
        batch[-1].place,
        lambda: None,
    )
