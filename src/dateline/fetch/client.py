"""Fetch one address over real HTTP, within limits, from public addresses only; each way to fail has its own code.

A fetch is a `Visit`: a chain of requests, each made by `Client.step`, so that whoever keeps the pace can wait between them
and ask robots.txt again where a redirect leads to another host. `Client.get` makes all the steps at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import certifi
import requests
import urllib3.exceptions
from requests.cookies import extract_cookies_to_jar

from dateline.bodies import Readable, accept_encoding, decompressed, pieces
from dateline.errors import FetchError
from dateline.fetch.adapter import GuardedAdapter
from dateline.fetch.addresses import AddressGuard, Lookup
from dateline.fetch.answers import CHALLENGED, SAMPLE, status_error, transport_error
from dateline.fetch.keys import clean_url
from dateline.fetch.limits import EXPECTATIONS, Expected, Limits
from dateline.fetch.marks import check_page, marks, refresh_target
from dateline.fetch.sent import Sent
from dateline.fetch.visit import Visit
from dateline.fetch.watchdog import Deadline, Watchdog
from dateline.reservations import reservations
from dateline.types import RawPage

REDIRECTS = (
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
)
KEEPING = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)  # redirects after which a form is sent again
SAID = 200  # bytes of a refusal that are passed on


def utc_now() -> datetime:
    """Return the present instant; what clocks default to."""
    return datetime.now(UTC)


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
        self._adapter = GuardedAdapter(guard, certificates or certifi.where())

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
            raise visit.too_slow()
        began = time.monotonic()
        try:
            with self._watchdog.watch(left) as deadline:
                visit.deadline = deadline
                page = self._ask(visit, deadline)
                visit.elapsed += time.monotonic() - began
                return page if page is None else self._finished(visit, page)
        except FetchError as error:
            # shutting the socket down looks like an error of the server's, or like the end of its answer
            raise (visit.too_slow() if deadline.expired else error) from error

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
            source = Sent(response.raw, visit.next_url)
            if offset and response.status_code != HTTPStatus.PARTIAL_CONTENT:
                source.skip(offset)  # a server that gives no parts gives the whole
            yield source
        finally:
            response.close()

    def post(self, url: str, form: Mapping[str, str]) -> None:
        """Send a form, through redirects that keep it one (307, 308); whatever the answer says, it is one of success.

        Raises FetchError; the message of one of status has the first words of the answer.
        """
        visit = self.begin(url, expect="robots")  # whose limits fit: little, soon
        with self._watchdog.watch(visit.limits.total) as deadline:
            try:
                while (response := self._send(self._request(visit, form), visit, deadline)).status_code in KEEPING:
                    response.close()
                    visit.follow(response.headers.get("Location", ""))
                self._accepted(visit, response)
            except FetchError as error:
                raise (visit.too_slow() if deadline.expired else error) from error

    def _accepted(self, visit: Visit, response: requests.Response) -> None:
        try:
            if not response.ok or response.status_code in REDIRECTS:
                error = status_error(visit.next_url, response.status_code, response.headers, b"", now=self.clock())
                words = " ".join(self._sample(visit, response)[:SAID].decode("utf-8", "replace").split())
                raise FetchError(
                    f"{error.message}: {words}" if words else error.message,
                    code=error.code,
                    retry=error.retry,
                    after=error.after,
                )
        finally:
            response.close()

    def _sent_on(self, visit: Visit, deadline: Deadline) -> requests.Response:
        """Follow redirects to the answer itself, unread."""
        while True:
            response = self._send(self._request(visit), visit, deadline)
            if response.status_code not in REDIRECTS:
                break
            response.close()
            visit.follow(response.headers.get("Location", ""))
        if not response.ok:
            response.close()
            raise status_error(visit.next_url, response.status_code, response.headers, b"", now=self.clock())
        return response

    def _finished(self, visit: Visit, page: RawPage) -> RawPage | None:
        """Follow what a page itself says of where it is, and refuse pages that are none."""
        is_article = visit.expect is EXPECTATIONS["html"]
        target = refresh_target(page) if is_article else None
        if target is not None:
            visit.follow(target)
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
                visit.follow(response.headers.get("Location", ""))
                return None
            return self._answer(visit, response, deadline)
        finally:
            response.close()

    def _request(self, visit: Visit, form: Mapping[str, str] | None = None) -> requests.PreparedRequest:
        coding = accept_encoding() if visit.offset is None else "identity"
        headers = {"User-Agent": self.user_agent, "Accept": visit.expect.accept, "Accept-Encoding": coding}
        if visit.offset:
            headers["Range"] = f"bytes={visit.offset}-"
        if visit.etag:
            headers["If-None-Match"] = visit.etag
        if visit.last_modified:
            headers["If-Modified-Since"] = visit.last_modified
        try:
            method = "GET" if form is None else "POST"
            request = requests.Request(
                method, visit.next_url, headers=headers, cookies=visit.cookies, data=form
            ).prepare()
        except (requests.exceptions.RequestException, UnicodeError) as error:
            raise transport_error(visit.next_url, error, reading=False) from error
        visit.note()
        return request

    def _send(self, request: requests.PreparedRequest, visit: Visit, deadline: Deadline) -> requests.Response:
        """Send a request; once more on a new connection where the server had closed the one that we had kept."""
        try:
            return self._send_once(request, visit)
        except FetchError as error:
            if not deadline.reused or error.code != "connect" or deadline.expired:
                raise
        deadline.reused = False
        return self._send_once(request, visit)

    def _send_once(self, request: requests.PreparedRequest, visit: Visit) -> requests.Response:
        try:
            return self._adapter.send(request, stream=True, timeout=(visit.limits.connect, visit.limits.read))
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise transport_error(visit.next_url, error, reading=False) from error

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
        sent = pieces(Sent(response.raw, visit.next_url), limits.body, cut=cut)
        return decompressed(sent, response.headers.get("Content-Encoding"), limits.decompressed, cut=cut)

    def _page(self, visit: Visit, response: requests.Response, body: bytes, deadline: Deadline) -> RawPage:
        if deadline.expired:
            raise visit.too_slow()  # the body ended because we ended it
        headers = tuple((str(name), str(value)) for name, value in response.raw.headers.items())
        noarchive, reserved = reservations(headers, body, self.robots_name)
        return RawPage(
            url=visit.url,
            final_url=visit.next_url,
            status=response.status_code,
            headers=headers,
            body=body,
            fetched_at=self.clock(),
            elapsed=round(visit.elapsed + deadline.taken, 4),
            redirects=tuple(visit.redirects),
            noarchive=noarchive,
            tdm_reserved=reserved,
            etag=response.headers.get("ETag"),
            last_modified=response.headers.get("Last-Modified"),
        )
