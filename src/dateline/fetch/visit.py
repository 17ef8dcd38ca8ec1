"""Follow one fetch from its address to its answer: redirects, cookies, time."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin

from requests.cookies import RequestsCookieJar

from dateline.errors import FetchError
from dateline.fetch.keys import clean_url
from dateline.fetch.limits import Expectation, Limits
from dateline.fetch.watchdog import Deadline


@dataclass(slots=True, kw_only=True)
class Visit:
    """Be one fetch under way. `next_url` is what will be asked next; cookies live as long as the visit."""

    url: str
    next_url: str
    expect: Expectation
    limits: Limits
    etag: str | None = None
    last_modified: str | None = None
    redirects: list[str] = field(default_factory=list)
    elapsed: float = 0.0
    cookies: RequestsCookieJar = field(default_factory=RequestsCookieJar)
    seen: set[tuple[str, str]] = field(default_factory=set)
    deadline: Deadline | None = None  # of the request under way
    offset: int | None = None  # set where a file is streamed: the byte to begin with

    def abort(self) -> None:
        """End the request under way: it raises FetchError("too_slow")."""
        if self.deadline is not None:
            self.deadline.expire()

    def note(self) -> None:
        """Remember what is asked now, to tell a circle."""
        self.seen.add((self.next_url, self._cookies()))

    def follow(self, location: str) -> None:
        """Set the next address. Raises FetchError: bad_redirect, redirect_loop or too_many_redirects."""
        if not location.strip():
            raise FetchError(f"{self.next_url} redirects nowhere", code="bad_redirect")
        try:
            target = clean_url(urljoin(self.next_url, _decoded(location)))
        except (FetchError, ValueError) as error:
            raise FetchError(f"{self.next_url} redirects to no address: {error}", code="bad_redirect") from error
        self.redirects.append(target)
        if (target, self._cookies()) in self.seen:
            raise FetchError(f"{self.url} redirects in a circle", code="redirect_loop")
        if len(self.redirects) > self.limits.redirects:
            raise FetchError(f"{self.url} redirects more than {self.limits.redirects} times", code="too_many_redirects")
        self.next_url = target
        self.etag = self.last_modified = None  # they belong to the first address

    def too_slow(self) -> FetchError:
        """Say that the time is up."""
        return FetchError(f"{self.url} took longer than {self.limits.total:g} s in all", code="too_slow", retry=True)

    def _cookies(self) -> str:
        """Sum the cookies up: a site that sets one and asks again is in no circle."""
        return ";".join(sorted(f"{each.domain}{each.path}{each.name}={each.value}" for each in self.cookies))


def _decoded(location: str) -> str:
    """Undo what HTTP does to servers that send bytes of UTF-8: they are read as Latin-1."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
