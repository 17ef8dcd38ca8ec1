"""Take in what there is to read: look at sources, and put references and given pages on the frontier."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path

from dateline import subscriptions
from dateline.arrivals import put, unusable
from dateline.discover import discover as look
from dateline.discover.archives import archive_names
from dateline.discover.cadence import adapted_minutes
from dateline.discover.inbox import Delivery, read_inbox
from dateline.discover.receive import Days, receive
from dateline.errors import ArticleError, FetchError
from dateline.extract.given import is_given
from dateline.fetch.keys import canonical_key
from dateline.fetch.marks import check_page, marks
from dateline.fetch.polite import PoliteClient
from dateline.store import captures, frontier, rejects, sources, websub
from dateline.store.pace import PostgresPace
from dateline.tools import LEASE, Counts, Tools, run_of
from dateline.types import ArticleRef, Discovery, RawPage, Source

log = logging.getLogger(__name__)

SOURCES_AT_ONCE = 8  # sources looked at side by side; each is one connection, to its own host
GIVING = ("archive", "inbox")  # kinds of source that give pages, not references


def discover(
    tools: Tools, *, only: Sequence[int] | None = None, due: bool = False, since: date | None = None
) -> Counts:
    """Look at sources (all enabled ones, those in `only`, or those due now) and put what is new on the frontier.

    Then ask the hubs that feeds name for what is due, where hubs can reach us.
    """
    with run_of(tools, "discover") as counts:
        with tools.engine.begin() as conn:
            wanted = sources.load_sources(conn, ids=only, due_at=tools.now() if due else None)
        pace = PostgresPace(tools.engine)
        client = PoliteClient(tools.client(), pace, robots=tools.robots(), min_pace=tools.min_pace)

        def attempt(source: Source) -> tuple[Source, Discovery | ArticleError]:
            try:
                return source, look(source, client, now=tools.now(), since=since)
            except ArticleError as error:
                return source, error

        with ThreadPoolExecutor(SOURCES_AT_ONCE) as pool:
            for source, found in pool.map(attempt, (source for source in wanted if source.kind not in GIVING)):
                counts.update(_store_look(tools, source, found))
        for source in wanted:
            if source.kind in GIVING:
                counts.update(_receive(tools, source))
        counts.update(subscriptions.keep(tools, only=only))
    return counts


def enqueue(tools: Tools, refs: Sequence[ArticleRef], *, again: bool = False) -> Counts:
    """Put references on the frontier. One whose URL cannot be used becomes a reject."""
    with tools.engine.begin() as conn:
        return put(conn, refs, now=tools.now(), again=again)


def give(tools: Tools, pages: Sequence[RawPage], *, source_id: int | None = None, places: Sequence[str] = ()) -> Counts:
    """Take pages that came without the network (pasted text, inbox files, archives) as if they had just been fetched.

    `places`: where in an archive each page stands.
    """
    counts: Counts = Counter()
    with tools.engine.begin() as conn:
        for given, place in zip_longest(pages, places[: len(pages)]):
            page, (file, offset) = given, _place(place)
            try:
                key = canonical_key(page.url)
                page = _marked(page, archived=place is not None)
            except FetchError as error:
                rejects.record(conn, unusable(error, page.url, source_id), now=tools.now())
                counts["rejected"] += 1
                continue
            ref = ArticleRef(url=page.url, discovered_at=page.fetched_at, source_id=source_id)
            added = frontier.enqueue(conn, [(key, ref)], again=True)
            tickets = frontier.claim_keys(conn, [key], worker=tools.worker, lease=LEASE, now=tools.now())
            stored = [
                captures.save_capture(conn, ticket, page, warc_file=file, warc_offset=offset) for ticket in tickets
            ]
            frontier.advance(conn, stored, "fetched")
            counts.update(given=1, new=added.new, known=added.known)
    return counts


def _place(place: str | None) -> tuple[str | None, int | None]:
    file, _, offset = (place or "").rpartition("@")
    return file or None, int(offset) if offset.isdigit() else None


def _marked(page: RawPage, *, archived: bool) -> RawPage:
    """Mark a page as the client marks what it fetches. Raises FetchError for an archived page that is no article page."""
    if is_given(page):
        return page
    if archived:
        check_page(page)
    return replace(page, marks=page.marks or marks(page))


def backfill(
    tools: Tools,
    archives: Sequence[str],
    *,
    days: Days | None = None,
    again: bool = False,
    tell: Callable[[Counts], None] = lambda _counts: None,
) -> Counts:
    """Take the pages of WARC archives: paths, globs or addresses. How far it came is stored after every batch.

    An archive that was read to its end, or half of it, goes on from there, unless `again`. Each becomes a source that no
    look at all sources touches. `tell` hears what each batch gave. Raises DiscoverError("no_file"), before anything is
    taken, where there is no such file.
    """
    for url in archives:
        archive_names(url)
    with run_of(tools, "backfill") as counts:
        with tools.engine.begin() as conn:
            known = {source.url: source for source in sources.load_sources(conn, enabled=False)}
            new = [Source(url=url, kind="archive", enabled=False) for url in archives if url not in known]
            known |= {source.url: source for source in sources.save_sources(conn, new)}
        for url in archives:
            source = replace(known[url], etag=None) if again else known[url]
            counts.update(_receive(tools, source, days=days, tell=tell))
    return counts


def take_inbox(tools: Tools, folder: Path) -> Counts:
    """Take the files that lie in the inbox; a folder that is not there is an empty one."""
    counts: Counts = Counter()
    if folder.is_dir():
        for delivery in read_inbox(folder, now=tools.now()):
            counts.update(_take(tools, delivery, None))
    return counts


def _receive(
    tools: Tools, source: Source, *, days: Days | None = None, tell: Callable[[Counts], None] = lambda _counts: None
) -> Counts:
    """Take the pages of an archive or a folder, as far as it was not read before."""
    counts: Counts = Counter(sources=1)
    looked = False
    try:
        for delivery in receive(source, now=tools.now(), open_stream=tools.client().stream, days=days):
            done = _take(tools, delivery, source)
            counts.update(found=done["given"], new=done["new"], rejected=done["rejected"])
            looked = True
            tell(done)
    except ArticleError as error:
        return counts + _store_failure(tools, source, error)
    if not looked:
        with tools.engine.begin() as conn:
            sources.record_look(conn, Discovery(source=source), now=tools.now(), new=0)
    return counts


def _take(tools: Tools, delivery: Delivery, source: Source | None) -> Counts:
    counts = give(tools, delivery.pages, source_id=source.id if source else None, places=delivery.places)
    counts["rejected"] += len(delivery.rejected)
    now = tools.now()
    with tools.engine.begin() as conn:
        for fault in delivery.rejected:
            rejects.record(conn, fault, now=now)
        if source is not None:
            looked = Discovery(source=replace(source, etag=delivery.mark, last_polled_at=now))
            sources.record_look(conn, looked, now=now, new=counts["new"])
    delivery.done()
    return counts


def _store_look(tools: Tools, source: Source, found: Discovery | ArticleError) -> Counts:
    """Store what one look at a source gave, in one transaction."""
    if isinstance(found, ArticleError):
        return Counter(sources=1) + _store_failure(tools, source, found)
    with tools.engine.begin() as conn:
        websub.lock(conn, source.id)  # first, as deliveries do: what both write is never locked crosswise
        if source.id is not None and (found.hub is not None or not found.not_modified):
            websub.note_hub(conn, source.id, found.hub, now=tools.now())
        counts = put(conn, found.refs, now=tools.now())
        for fault in found.rejected:
            rejects.record(conn, fault, now=tools.now())
        now = tools.now()
        sources.record_look(conn, found, now=now, new=counts["new"], minutes=_next(tools, source, counts["new"], now))
    counts.update(sources=1, rejected=len(found.rejected))
    return counts


def _next(tools: Tools, source: Source, new: int, now: datetime) -> int | None:
    """Return the minutes to the next look at a source, after one that found `new` articles."""
    elapsed = now - source.last_success_at if source.last_success_at is not None else None
    return adapted_minutes(
        source.interval_minutes, given=source.poll_minutes, elapsed=elapsed, new=new, between=tools.poll_between
    )


def _store_failure(tools: Tools, source: Source, error: ArticleError) -> Counts:
    with tools.engine.begin() as conn:
        websub.lock(conn, source.id)
        sources.record_failure(conn, source, unusable(error, source.url, source.id), now=tools.now())
    log.warning("source url=%s code=%s %s", source.url, error.code, error.message)
    return Counter(failed=1)
