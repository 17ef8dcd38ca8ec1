"""Ask robots.txt what may be read and how fast (RFC 9309), and remember the answer for a while."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from protego import Protego

from dateline.encoding import decode_html
from dateline.errors import FetchError
from dateline.fetch.client import Client
from dateline.fetch.keys import clean_url
from dateline.fetch.visit import Visit
from dateline.types import RawPage

KEEP = timedelta(hours=1)  # RFC 9309 allows a day; publishers expect less
KEEP_FAILURE = timedelta(minutes=10)  # a server that could not answer is asked again soon, and not for every page
MOST_HOSTS = 10_000  # answers kept in memory
NO_FILE = frozenset({"not_found", "gone", "blocked", "bad_status", "soft_404", "redirect_loop", "too_many_redirects"})


@dataclass(frozen=True, slots=True)
class HostRules:
    """Hold what one host's robots.txt says to us. `fault`: it could not be read, so nothing may be asked for now."""

    until: datetime
    parser: Protego | None = None  # None: there is no file
    fault: FetchError | None = None

    def check(self, url: str, name: str) -> str:
        """Return on what ground `url` may be read ("allowed", "no_robots"). Raises FetchError("robots") where it may not."""
        if self.fault is not None:
            raise self.fault
        if self.parser is None:
            return "no_robots"
        if not self.parser.can_fetch(url, name):
            raise FetchError(f"robots.txt of {urlsplit(url).netloc} forbids {url}", code="robots")
        return "allowed"

    def delay(self, name: str) -> float:
        """Return the seconds between two requests that the file asks for, 0 where it asks for none."""
        if self.parser is None:
            return 0.0
        rate = self.parser.request_rate(name)
        return max(float(self.parser.crawl_delay(name) or 0), rate.seconds / rate.requests if rate else 0.0)


class Robots:
    """Remember the rules of hosts. Safe to use from several threads."""

    def __init__(self, client: Client, *, keep: timedelta = KEEP) -> None:
        self.name = client.robots_name
        self._client = client
        self._keep = keep
        self._rules: dict[str, HostRules] = {}
        self._lock = threading.Lock()

    def known(self, url: str, *, now: datetime) -> HostRules | None:
        """Return the rules for `url`, or None where they must be fetched (again)."""
        with self._lock:
            rules = self._rules.get(_origin(url))
        return rules if rules is not None and rules.until > now else None

    def begin(self, url: str) -> Visit:
        """Prepare to fetch the robots.txt that governs `url`."""
        return self._client.begin(_origin(url) + "/robots.txt", expect="robots")

    def learn(self, url: str, answer: RawPage | FetchError, *, now: datetime) -> HostRules:
        """Remember what the fetch of a robots.txt gave."""
        rules = self._read(answer, now)
        with self._lock:
            if len(self._rules) >= MOST_HOSTS:
                self._rules.clear()  # simple, and rarer than once a day
            self._rules[_origin(url)] = rules
        return rules

    def rules(self, url: str, *, now: datetime) -> HostRules:
        """Return the rules for `url`, fetching them at once where they are not known."""
        known = self.known(url, now=now)
        if known is not None:
            return known
        visit = self.begin(url)
        answer: RawPage | FetchError | None = None
        while answer is None:
            try:
                answer = self._client.step(visit)
            except FetchError as error:
                answer = error
        return self.learn(url, answer, now=now)

    def _read(self, answer: RawPage | FetchError, now: datetime) -> HostRules:
        if isinstance(answer, FetchError):
            return self._without_file(answer, now)
        if answer.status != HTTPStatus.OK:
            return HostRules(now + self._keep)
        text = decode_html(answer.body, answer.header("Content-Type"))
        return HostRules(now + self._keep, Protego.parse(text))

    def _without_file(self, error: FetchError, now: datetime) -> HostRules:
        """Allow all where the server says that there is no file, nothing where it cannot say (RFC 9309, 2.3.1)."""
        if error.code in NO_FILE:
            return HostRules(now + self._keep)
        after = error.after or KEEP_FAILURE
        if error.code in {"server_error", "rate_limited", "challenge"}:
            fault = FetchError(f"robots.txt cannot be read: {error.message}", code="robots", retry=True, after=after)
        else:  # the host itself cannot be reached: its pages get the same code
            fault = FetchError(error.message, code=error.code, retry=error.retry, after=error.after)
        return HostRules(now + KEEP_FAILURE, fault=fault)


def _origin(url: str) -> str:
    parts = urlsplit(clean_url(url))
    return f"{parts.scheme}://{parts.netloc}"
