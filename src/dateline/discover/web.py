"""Say what discovery asks of the network, and shape what it finds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, Protocol
from urllib.parse import urljoin, urlsplit

from dateline.types import ArticleRef, RawPage, Rejected, Source

FUTURE = timedelta(days=1)  # clocks and zones go wrong by hours
OLD = timedelta(days=365)
LONGEST = 2048  # characters of a URL
LONGEST_TITLE = 1000


class Getter(Protocol):
    """Fetch one address: `fetch.client.Client`, or the one that keeps pace and robots.txt."""

    def get(
        self,
        url: str,
        *,
        expect: Literal["html", "feed", "robots"] = "html",
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> RawPage:
        """Return the answer; status 304 where nothing changed. Raises FetchError."""
        ...


class Findings:
    """Collect what one look at a source gives: each address once, at most `most` of them, faults beside them."""

    def __init__(self, source: Source, *, now: datetime, since: date | None = None, most: int = 10_000) -> None:
        self.source = source
        self.now = now
        self.since = since
        self.refs: dict[str, ArticleRef] = {}
        self.rejected: list[Rejected] = []
        self._most = most
        self._full = False

    def add(
        self,
        url: str | None,
        *,
        base: str = "",
        title: str | None = None,
        at: datetime | None = None,
        language: str | None = None,
    ) -> bool:
        """Take an address that the source names. Return False when no more are taken."""
        target = absolute(url, base)
        if target is None:
            self.reject("bad_url", f"an entry without a usable address: {str(url)[:200]!r}, {(title or '')[:100]!r}")
            return not self._full
        if self.since is not None and at is not None and at.date() < self.since:
            return True
        if target not in self.refs and len(self.refs) >= self._most:
            if not self._full:
                self._full = True
                self.reject("too_many_entries", f"more than {self._most:,} entries; the first ones were taken")
            return False
        self.refs.setdefault(target, self._ref(target, title, at, language))
        return True

    def reject(self, code: str, message: str, url: str | None = None) -> None:
        """Note a fault; of the same kind only the first ten."""
        if sum(1 for each in self.rejected if each.code == code) < MOST_FAULTS:
            source = self.source
            fault = Rejected(stage="discover", code=code, message=message, url=url or source.url, source_id=source.id)
            self.rejected.append(fault)

    def _ref(self, url: str, title: str | None, at: datetime | None, language: str | None) -> ArticleRef:
        short = " ".join(title.split())[:LONGEST_TITLE] if title else None
        return ArticleRef(
            url=url,
            discovered_at=self.now,
            source_id=self.source.id,
            title=short or None,
            published_at=at,
            language=language or self.source.language,
            marks=date_marks(at, self.now),
        )


MOST_FAULTS = 10


def absolute(url: str | None, base: str) -> str | None:
    """Return an http(s) address, resolved against `base`, or None where there is none."""
    if not url or len(url) > LONGEST or not url.strip():
        return None
    try:
        target = urljoin(base, url.strip()) if base else url.strip()
        parts = urlsplit(target)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return target if usable else None


def date_marks(at: datetime | None, now: datetime) -> tuple[str, ...]:
    """Mark dates that are probably wrong, or that make an item no news."""
    if at is None:
        return ()
    if at > now + FUTURE:
        return ("future",)
    return ("old",) if at < now - OLD else ()
