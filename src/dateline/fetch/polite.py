"""Ask one host at a time, no faster than it likes, and only for what its robots.txt allows.

An errand is one page to be had: perhaps robots.txt first, then the page, each perhaps through redirects. Every request of an
errand is a turn of its own at the host that it goes to, so the pace holds for all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dateline.errors import FetchError
from dateline.fetch.client import Client, utc_now
from dateline.fetch.keys import host_port
from dateline.fetch.limits import Expected
from dateline.fetch.robots import Robots
from dateline.fetch.visit import Visit
from dateline.types import HostPace, RawPage

LONGEST_DELAY = 30.0  # seconds; some files ask for hours, by mistake
PATIENCE = 60.0  # seconds that one host may keep us waiting before its pages are put off
RECHECK = (
    0.3  # seconds after which a taken host is asked for again: its holder is mostly done long before the hold ends
)
MARGIN = 10.0  # seconds that a host is held longer than its request may take


@dataclass(slots=True)
class Errand:
    """Be one page on its way; `asking` is set while robots.txt is being fetched for it."""

    visit: Visit
    asking: Visit | None = None
    ground: str | None = None  # why its next address may be read; None: not known yet

    @property
    def host(self) -> str:
        """Return whose turn it is."""
        return host_port((self.asking or self.visit).next_url)

    def abort(self) -> None:
        """End the request under way."""
        (self.asking or self.visit).abort()


class Manners:
    """Know what may be asked of hosts and how long to wait in between. `robots` None: every page may be read."""

    def __init__(
        self,
        client: Client,
        *,
        robots: Robots | None,
        min_pace: float,
        longest_delay: float = LONGEST_DELAY,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.client = client
        self.hold = client.limits.total + MARGIN
        self._robots = robots
        self._min_pace = min_pace
        self._longest_delay = longest_delay
        self._now = now

    def prepare(self, errand: Errand) -> None:
        """See whether the errand's next address may be read, or has to be asked about. Raises FetchError("robots")."""
        if errand.ground is not None:
            return
        url = errand.visit.next_url
        if self._robots is None or not errand.visit.expect.heeds_robots:
            errand.ground = "allowed"
            return
        rules = self._robots.known(url, now=self._now())
        if rules is not None:
            errand.asking = None
            errand.ground = rules.check(url, self._robots.name)
        elif errand.asking is None:
            errand.asking = self._robots.begin(url)

    def turn(self, errand: Errand) -> RawPage | None:
        """Make one request of an errand that is prepared. Return the page when it is done, else None. Raises FetchError."""
        if errand.asking is not None:
            self._learn(errand)
            return None
        page = self.client.step(errand.visit)
        if page is None:
            errand.ground = None  # the redirect's target is another address
            return None
        return replace(page, robots=errand.ground or "allowed")

    def delay(self, url: str) -> float:
        """Return the seconds to leave alone the host of `url`."""
        rules = self._robots.known(url, now=self._now()) if self._robots is not None else None
        asked = rules.delay(self._robots.name) if rules is not None and self._robots is not None else 0.0
        return max(self._min_pace, min(asked, self._longest_delay))

    def _learn(self, errand: Errand) -> None:
        assert errand.asking is not None
        assert self._robots is not None
        answer: RawPage | FetchError | None
        try:
            answer = self.client.step(errand.asking)
        except FetchError as error:
            answer = error
        if answer is not None:
            errand.asking = None
            self._robots.learn(errand.visit.next_url, answer, now=self._now())


class PoliteClient:
    """Fetch one address after another as `Client` does, keeping pace and robots.txt: what sources are looked at with."""

    def __init__(
        self,
        client: Client,
        pace: HostPace,
        *,
        robots: Robots | None,
        min_pace: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._manners = Manners(client, robots=robots, min_pace=min_pace)
        self._pace = pace
        self._sleep = sleep

    def get(
        self, url: str, *, expect: Expected = "html", etag: str | None = None, last_modified: str | None = None
    ) -> RawPage:
        """Fetch `url`; see `Client.get`. Raises FetchError("resting") where its host asks for more patience than we have."""
        errand = Errand(self._manners.client.begin(url, expect=expect, etag=etag, last_modified=last_modified))
        page: RawPage | None = None
        while page is None:
            self._manners.prepare(errand)
            page = self._turn(errand)
        return page

    def post(self, url: str, form: Mapping[str, str]) -> None:
        """Send a form in its host's turn; see `Client.post`. Raises FetchError."""
        host = host_port(url)
        self._wait_for(host)
        try:
            self._manners.client.post(url, form)
        finally:
            self._pace.release(host, delay=self._manners.delay(url))

    def _turn(self, errand: Errand) -> RawPage | None:
        host, asked = errand.host, errand.visit.next_url
        self._wait_for(host)
        rest = 0.0
        try:
            return self._manners.turn(errand)
        except FetchError as error:
            rest = error.after.total_seconds() if error.after else 0.0
            raise
        finally:
            self._pace.release(host, delay=max(rest, self._manners.delay(asked)))

    def _wait_for(self, host: str) -> None:
        waited = 0.0
        while (wait := self._pace.acquire(host, hold=self._manners.hold)) > 0:
            if waited + wait > PATIENCE + self._manners.hold:
                raise resting(host, wait)
            nap = min(wait, RECHECK)
            waited += nap
            self._sleep(nap)


def resting(host: str, wait: float) -> FetchError:
    """Say that a host is not to be asked for so long that its pages are put off."""
    return FetchError(
        f"{host} is not to be asked for another {wait:.0f} s", code="resting", retry=True, after=timedelta(seconds=wait)
    )
