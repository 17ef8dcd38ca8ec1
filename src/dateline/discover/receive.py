"""Receive pages that need no fetching: from archives and from the inbox."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateline.discover.archives import Archived, Opener, read_archives
from dateline.discover.files import local_path
from dateline.discover.inbox import PAGES_AT_ONCE, Delivery, read_inbox
from dateline.errors import DiscoverError
from dateline.types import Source

_STAMP = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{6}(?!\d)"
)  # as WARC files are named


@dataclass(frozen=True, slots=True)
class Days:
    """Be the days from `since` to `until`, both included; None sets no limit."""

    since: date | None = None
    until: date | None = None

    @property
    def label(self) -> str:
        """Name the days; empty where there is no limit."""
        return "" if self == Days() else f"{self.since or ''}..{self.until or ''}"

    def hold(self, day: date) -> bool:
        """Say whether a day is one of them."""
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def in_file(self, name: str) -> bool:
        """Say whether a file may hold such days, by the time stamp in its name, when its first record was written.

        `CC-NEWS-20180824113045-00123.warc.gz` begins on that day and may reach into the next.
        """
        found = _STAMP.search(name.rpartition("/")[2])
        if found is None:
            return True
        try:
            begins = date(*(int(part) for part in found.groups()))
        except ValueError:
            return True
        return self.hold(begins) or self.hold(begins + timedelta(days=1))


def receive(
    source: Source, *, now: datetime, open_stream: Opener | None = None, days: Days | None = None
) -> Iterator[Delivery]:
    """Yield the pages of an archive or inbox, some at a time.

    The caller stores a delivery's pages and rejects, keeps its `mark` as the source's `etag` (reading goes on there), and calls
    its `done`. `days`: of an archive, only what was archived then. Raises DiscoverError or FetchError where the source cannot be read.
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
    wanted = days or Days()
    after, label = _split(source.etag)
    if label and label != wanted.label:
        after = None  # that was how far other days were taken
    for record in read_archives(
        source.url, after=after, open_stream=open_stream, source_id=source.id, wanted=wanted.in_file
    ):
        if record.page is not None and not wanted.hold(record.page.fetched_at.date()):
            record = Archived(record.place)  # noqa: PLW2901 (its place counts, the page does not)
        batch.append(record)
        if len(batch) >= PAGES_AT_ONCE:
            yield _delivery(batch, wanted)
            batch = []
    if batch:
        yield _delivery(batch, wanted)


def _split(mark: str | None) -> tuple[str | None, str]:
    """Split a mark, `FILE@OFFSET#DAYS`, into place and days."""
    file, _, rest = (mark or "").rpartition("@")
    offset, _, label = rest.partition("#")
    return (f"{file}@{offset}" if file else None), label


def _delivery(batch: list[Archived], days: Days) -> Delivery:
    return Delivery(
        tuple(record.page for record in batch if record.page is not None),
        tuple(record.rejected for record in batch if record.rejected is not None),
        batch[-1].place + (f"#{days.label}" if days.label else ""),
        lambda: None,
        tuple(record.place for record in batch if record.page is not None),
    )
