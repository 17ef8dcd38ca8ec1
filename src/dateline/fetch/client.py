"""Fetch one address over real HTTP, within limits, from public addresses only; each way to fail has its own code.

A fetch is a `Visit`: a chain of requests, each made by `Client.step`, so that whoever keeps the pace can wait between them
and ask robots.txt again where a redirect leads to another host. `Client.get` makes all the steps at once.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import certifi
import requests
import urllib3.exceptions
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar

from dateline.bodies import PIECE, Readable, accept_encoding, decompressed, pieces
from dateline.errors import FetchError
from dateline.fetch.adapter import GuardedAdapter
from dateline.fetch.addresses import AddressGuard, Lookup
from dateline.fetch.answers import CHALLENGED, SAMPLE, status_error, transport_error
from dateline.fetch.keys import clean_url
from dateline.fetch.limits import EXPECTATIONS, Expectation, Expected, Limits
from dateline.fetch.marks import check_page, marks, refresh_target
from dateline.fetch.watchdog import Deadline, Watchdog
from dateline.reservations import noarchive, tdm_reserved
from dateline.types import RawPage

REDIRECTS = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)


def utc_now() -> datetime:
    """Return the present instant; what clocks default to."""
    return datetime.now(UTC)


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


class Client:
    """Ask servers for pages. Use as a context manager; safe to use from several threads.

    `allow_hosts`: the `host:port` that may be asked although their addresses are private. `certificates`: a bundle to trust
    instead of certifi's. `lookup` and `clock` are passed in by tests.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        contact: str | None = None,
        allow_hosts: frozenset[str] = frozenset(),
        limits: Limits | None = None,
        certificates: str | None = None,
        lookup: Lookup | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.user_agent = f"{user_agent} (+{contact})" if contact else user_agent
        self.limits = limits or Limits()
        self.clock = clock
        self._watchdog = Watchdog()
        guard = AddressGuard(allow_hosts, lookup) if lookup is not None else AddressGuard(allow_hosts)
        context = ssl.create_default_context(cafile=certificates or certifi.where())
        self._adapter = GuardedAdapter(guard, context)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._watchdog.close()
        self._adapter.close()

    @property
    def robots_name(self) -> str:
        """Return the name by which robots.txt knows us."""
        return self.user_agent.split("/")[0].split()[0].lower()

    def get(
        self,
        url: str,
        *,
        expect: Expected = "html",
        limits: Limits | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> RawPage:
        """Fetch `url`, through redirects. A page that did not change since `etag` or `last_modified` has status 304.

        Raises FetchError with the code of what went wrong.
        """
        visit = self.begin(url, expect=expect, limits=limits, etag=etag, last_modified=last_modified)
        while (page := self.step(visit)) is None:
            pass
        return page

    def begin(
        self,
        url: str,
        *,
        expect: Expected = "html",
        limits: Limits | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Visit:
        """Prepare to fetch `url`; asks nobody yet. Raises FetchError("bad_url")."""
        return Visit(
            url=url,
            next_url=clean_url(url),
            expect=EXPECTATIONS[expect],
            limits=limits or self.limits.fit(expect),
            etag=etag,
            last_modified=last_modified,
        )

    def step(self, visit: Visit) -> RawPage | None:
        """Make one request of a visit. Return the page, or None after a redirect: then `visit.next_url` says where to.

        Raises FetchError.
        """
        left = visit.limits.total - visit.elapsed
        if left <= 0:
            raise _too_slow(visit)
        began = time.monotonic()
        try:
            with self._watchdog.watch(left) as deadline:
                visit.deadline = deadline
                page = self._ask(visit, deadline)
                visit.elapsed += time.monotonic() - began
                return page if page is None else self._finished(visit, page)
        except FetchError as error:
            # shutting the socket down looks like an error of the server's, or like the end of its answer
            raise (_too_slow(visit) if deadline.expired else error) from error

    @contextmanager
    def stream(self, url: str, *, offset: int = 0) -> Iterator[Readable]:
        """Open a large file, from `offset` on, without a limit on its size or on the time in all: archives are streamed.

        Only redirects, look-up and silence are bounded. Raises FetchError, also while the file is read.
        """
        visit = self.begin(url, expect="feed")
        visit.offset = offset
        with self._watchdog.watch(visit.limits.total) as deadline:
            response = self._sent_on(visit, deadline)
        try:
            source = _Guarded(response.raw, visit.next_url)
            if offset and response.status_code != HTTPStatus.PARTIAL_CONTENT:
                _skip(source, offset)  # a server that gives no parts gives the whole
            yield source
        finally:
            response.close()

    def _sent_on(self, visit: Visit, deadline: Deadline) -> requests.Response:
        """Follow redirects to the answer itself, unread."""
        while True:
            response = self._send(self._request(visit), visit, deadline)
            if response.status_code not in REDIRECTS:
                break
            response.close()
            self._follow(visit, response.headers.get("Location", ""))
        if not response.ok:
            response.close()
            raise status_error(visit.next_url, response.status_code, response.headers, b"", now=self.clock())
        return response

    def _finished(self, visit: Visit, page: RawPage) -> RawPage | None:
        """Follow what a page itself says of where it is, and refuse pages that are none."""
        is_article = visit.expect is EXPECTATIONS["html"]
        target = refresh_target(page) if is_article else None
        if target is not None:
            self._follow(visit, target)
            return None
        if is_article and page.status != HTTPStatus.NOT_MODIFIED:
            check_page(page)
            return replace(page, marks=marks(page))
        return page

    def _ask(self, visit: Visit, deadline: Deadline) -> RawPage | None:
        request = self._request(visit)
        response = self._send(request, visit, deadline)
        try:
            extract_cookies_to_jar(visit.cookies, request, response.raw)  # type: ignore[no-untyped-call]
            if response.status_code in REDIRECTS:
                self._follow(visit, response.headers.get("Location", ""))
                return None
            return self._answer(visit, response, deadline)
        finally:
            response.close()

    def _request(self, visit: Visit) -> requests.PreparedRequest:
        coding = accept_encoding() if visit.offset is None else "identity"
        headers = {"User-Agent": self.user_agent, "Accept": visit.expect.accept, "Accept-Encoding": coding}
        if visit.offset:
            headers["Range"] = f"bytes={visit.offset}-"
        if visit.etag:
            headers["If-None-Match"] = visit.etag
        if visit.last_modified:
            headers["If-Modified-Since"] = visit.last_modified
        try:
            request = requests.Request("GET", visit.next_url, headers=headers, cookies=visit.cookies).prepare()
        except (requests.exceptions.RequestException, UnicodeError) as error:
            raise transport_error(visit.next_url, error, reading=False) from error
        visit.seen.add((visit.next_url, _cookies_of(visit)))
        return request

    def _send(self, request: requests.PreparedRequest, visit: Visit, deadline: Deadline) -> requests.Response:
        try:
            return self._adapter.send(request, stream=True, timeout=_timeouts(visit.limits))
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            fault = transport_error(visit.next_url, error, reading=False)
            if not (deadline.reused and fault.code == "connect" and not deadline.expired):
                raise fault from error
        deadline.reused = False  # the server had closed the connection that we had kept: ask once on a new one
        try:
            return self._adapter.send(request, stream=True, timeout=_timeouts(visit.limits))
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise transport_error(visit.next_url, error, reading=False) from error

    def _follow(self, visit: Visit, location: str) -> None:
        """Set a visit's next address. Raises FetchError: bad_redirect, redirect_loop or too_many_redirects."""
        source = visit.next_url
        if not location.strip():
            raise FetchError(f"{source} redirects nowhere", code="bad_redirect")
        try:
            # servers send bytes of UTF-8, which HTTP reads as Latin-1
            target = clean_url(urljoin(source, location.encode("latin-1").decode("utf-8")))
        except (UnicodeError, ValueError):
            target = self._joined(source, location)
        except FetchError as error:
            raise FetchError(f"{source} redirects to {error.message}", code="bad_redirect") from error
        visit.redirects.append(target)
        if (target, _cookies_of(visit)) in visit.seen:
            raise FetchError(f"{visit.url} redirects in a circle", code="redirect_loop")
        if len(visit.redirects) > visit.limits.redirects:
            raise FetchError(
                f"{visit.url} redirects more than {visit.limits.redirects} times", code="too_many_redirects"
            )
        visit.next_url = target
        visit.etag = visit.last_modified = None  # they belong to the first address

    @staticmethod
    def _joined(source: str, location: str) -> str:
        try:
            return clean_url(urljoin(source, location))
        except (FetchError, ValueError) as error:
            raise FetchError(f"{source} redirects to no address", code="bad_redirect") from error

    def _answer(self, visit: Visit, response: requests.Response, deadline: Deadline) -> RawPage:
        status = response.status_code
        if status == HTTPStatus.NOT_MODIFIED:
            return self._page(visit, response, b"", deadline)
        if not response.ok:
            sample = self._sample(visit, response) if status in CHALLENGED else b""
            raise status_error(visit.next_url, status, response.headers, sample, now=self.clock())
        media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not visit.expect.wants(media_type):
            raise FetchError(f"{visit.next_url} is {media_type}, not {visit.expect.name}", code="not_html")
        body = self._body(visit, response, visit.limits, cut=visit.expect.cut)
        if not body and not visit.expect.cut:
            raise FetchError(f"{visit.next_url} sent an empty body", code="empty", retry=True)
        return self._page(visit, response, body, deadline)

    def _sample(self, visit: Visit, response: requests.Response) -> bytes:
        """Read the beginning of an error page; whether it can be read changes nothing."""
        try:
            return self._body(visit, response, Limits(body=SAMPLE, decompressed=SAMPLE), cut=True)
        except FetchError:
            return b""

    @staticmethod
    def _body(visit: Visit, response: requests.Response, limits: Limits, *, cut: bool) -> bytes:
        raw: Any = response.raw
        try:
            sent = pieces(_Sent(raw), limits.body, cut=cut)
            return decompressed(sent, response.headers.get("Content-Encoding"), limits.decompressed, cut=cut)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise transport_error(visit.next_url, error, reading=True) from error

    def _page(self, visit: Visit, response: requests.Response, body: bytes, deadline: Deadline) -> RawPage:
        if deadline.expired:
            raise _too_slow(visit)  # the body ended because we ended it
        headers = tuple((str(name), str(value)) for name, value in response.raw.headers.items())
        return RawPage(
            url=visit.url,
            final_url=visit.next_url,
            status=response.status_code,
            headers=headers,
            body=body,
            fetched_at=self.clock(),
            elapsed=round(visit.elapsed + (deadline.taken), 4),
            redirects=tuple(visit.redirects),
            noarchive=noarchive(headers, body, self.robots_name),
            tdm_reserved=tdm_reserved(headers, body, self.robots_name),
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )


class _Sent:
    """Read an answer's bytes as they were sent, before decompression."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def read(self, amount: int, /) -> bytes:
        data: bytes = self._raw.read(amount, decode_content=False)
        return data


class _Guarded(_Sent):
    """Read an answer's bytes, and say what went wrong in our own words."""

    def __init__(self, raw: Any, url: str) -> None:
        super().__init__(raw)
        self._url = url

    def read(self, amount: int, /) -> bytes:
        try:
            return super().read(amount)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise transport_error(self._url, error, reading=True) from error


def _skip(source: Readable, count: int) -> None:
    """Read past the first bytes of a file."""
    while count > 0 and (piece := source.read(min(count, PIECE))):
        count -= len(piece)


def _timeouts(limits: Limits) -> tuple[float, float]:
    return limits.connect, limits.read


def _cookies_of(visit: Visit) -> str:
    """Sum the visit's cookies up: a site that sets one and asks again is in no circle."""
    return ";".join(sorted(f"{cookie.domain}{cookie.path}{cookie.name}={cookie.value}" for cookie in visit.cookies))


def _too_slow(visit: Visit) -> FetchError:
    return FetchError(f"{visit.url} took longer than {visit.limits.total:g} s in all", code="too_slow", retry=True)
