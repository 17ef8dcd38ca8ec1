"""Look at one source: ask it only for what changed, and read what its kind of source gives."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from http import HTTPStatus

from dateline.discover import feeds, links, lists, sitemaps
from dateline.discover.files import STDIN, read_local
from dateline.discover.web import Findings, Getter
from dateline.discover.websub import find_hub
from dateline.errors import DiscoverError
from dateline.types import Discovery, RawPage, Source

WHOLE_AFTER = timedelta(hours=20)  # less than a day, or a look at the same hour each day would come a moment too early
MOST = {
    "feed": feeds.MOST_ENTRIES,
    "sitemap": sitemaps.MOST_ENTRIES,
    "links": links.MOST_LINKS,
    "list": lists.MOST_ENTRIES,
}


def discover(source: Source, client: Getter, *, now: datetime, since: date | None = None) -> Discovery:
    """Return what a source gives now that is not older than `since`; without it, what is new enough for its kind.

    What is wrong with single entries is among the rejected. Raises DiscoverError or FetchError where the source as a whole
    cannot be read. Archives and folders give pages, not references: see `discover.given`.
    """
    findings = Findings(source, now=now, since=since, most=MOST.get(source.kind, 0))
    page = _answer(source, client, now)
    if page.status == HTTPStatus.NOT_MODIFIED:
        return Discovery(
            source=replace(source, last_polled_at=now, last_body_at=source.last_body_at or now), not_modified=True
        )
    looked = replace(
        source,
        etag=page.etag,
        last_modified=page.last_modified,
        body_sha256=page.sha256,
        last_polled_at=now,
        last_body_at=now,
    )
    hub = find_hub(page) if source.kind == "feed" else None
    # some servers' validators change with every answer, others' never: the body itself decides. A sitemap's index may
    # stay the same while what it names changes.
    if page.sha256 == source.body_sha256 and since is None and source.kind != "sitemap":
        return Discovery(source=looked, not_modified=True, hub=hub)
    _read(page, client, findings)
    return Discovery(source=looked, refs=tuple(findings.refs.values()), rejected=tuple(findings.rejected), hub=hub)


def _answer(source: Source, client: Getter, now: datetime) -> RawPage:
    if source.kind not in MOST:
        raise DiscoverError(f"{source.url} gives pages, not addresses", code="bad_source")
    body = read_local(source.url)
    if body is not None:
        return RawPage(
            url=source.url, final_url=source.url, status=200, headers=(), body=body, fetched_at=now, elapsed=0.0,
            etag=hashlib.sha256(body).hexdigest() if source.url != STDIN else None,
        )  # fmt: skip
    # a sitemap's index is asked for whole: that it did not change says nothing of its parts. So is, once a day, what says
    # that it did not change: a server that never says anything else would hide all that is new.
    whole = source.kind == "sitemap" or (source.last_body_at is not None and now - source.last_body_at >= WHOLE_AFTER)
    validators = {} if whole else {"etag": source.etag, "last_modified": source.last_modified}
    return client.get(source.url, expect="html" if source.kind == "links" else "feed", **validators)


def _read(page: RawPage, client: Getter, findings: Findings) -> None:
    kind = page.header("Content-Type")
    match findings.source.kind:
        case "feed":
            feeds.read_feed(page.body, kind, page.final_url, findings)
        case "sitemap":
            sitemaps.read_sitemap(page, client, findings)
        case "links":
            links.read_links(page, findings)
        case _:
            lists.read_list(page.body, kind, findings, client)
