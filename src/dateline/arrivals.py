"""Put references on the frontier: the one way in, for looks at sources, hubs' deliveries and forms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from dateline.errors import ArticleError, FetchError
from dateline.fetch.keys import canonical_key
from dateline.store import frontier, rejects
from dateline.types import ArticleRef, Rejected


def put(conn: Connection, refs: Iterable[ArticleRef], *, now: datetime, again: bool = False) -> Counter[str]:
    """Put references on the frontier, counted as found, new, known, again, forgotten. An unusable URL becomes a reject."""
    counts: Counter[str] = Counter(found=0, new=0)
    good: list[tuple[str, ArticleRef]] = []
    for ref in refs:
        counts["found"] += 1
        try:
            good.append((canonical_key(ref.url), ref))
        except FetchError as error:
            rejects.record(conn, unusable(error, ref.url, ref.source_id), now=now)
            counts["rejected"] += 1
    added = frontier.enqueue(conn, good, again=again)
    counts.update(new=added.new, known=added.known, again=added.again, forgotten=added.forgotten)
    return counts


def unusable(error: ArticleError, url: str, source_id: int | None) -> Rejected:
    """Turn the error that a reference or a source met into its row in `rejects`."""
    return Rejected(stage="discover", code=error.code, message=error.message, url=url, source_id=source_id)
