"""Give every way in which a server can fail its one code, and say whether asking again can help."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import requests
import urllib3.exceptions

from dateline.errors import FetchError

LONGEST_WAIT = timedelta(days=7)  # a server that asks for more has made a mistake
CHALLENGED = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
SAMPLE = 32_768  # bytes of an error page that are looked at

_CHALLENGE_HEADERS = ("cf-mitigated", "x-datadome", "x-amzn-waf-action", "x-px-block")
_CHALLENGE = re.compile(
    rb"cdn-cgi/challenge-platform|<title>\s*Just a moment|Attention Required! \| Cloudflare|captcha-delivery\.com"
    rb"|px-captcha|_Incapsula_Resource|/_sec/cp_challenge|Pardon Our Interruption|awswaf\.com|g-recaptcha|h-captcha|hcaptcha\.com"
    rb"|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot",
    re.IGNORECASE,
)
_CODES: dict[int, tuple[str, bool]] = {  # status: our code, and whether to ask again
    HTTPStatus.UNAUTHORIZED: ("blocked", True),
    HTTPStatus.PAYMENT_REQUIRED: ("blocked", True),
    HTTPStatus.FORBIDDEN: ("blocked", True),
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS: ("blocked", True),
    HTTPStatus.NOT_FOUND: ("not_found", True),
    HTTPStatus.GONE: ("gone", False),
    HTTPStatus.REQUEST_TIMEOUT: ("server_error", True),
    HTTPStatus.TOO_EARLY: ("server_error", True),
    HTTPStatus.TOO_MANY_REQUESTS: ("rate_limited", True),
}
_FAULTS: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (  # the first that fits says what it was
    (
        (ssl.SSLError, urllib3.exceptions.SSLError, requests.exceptions.SSLError),
        "tls",
        "offers no connection that can be trusted",
    ),
    ((TimeoutError, urllib3.exceptions.TimeoutError), "timeout", "fell silent"),
    ((http.client.IncompleteRead, urllib3.exceptions.IncompleteRead), "truncated", "sent less than it had said"),
    ((http.client.RemoteDisconnected, ConnectionError), "connect", "broke the connection off"),
    (
        (urllib3.exceptions.LocationParseError, requests.exceptions.InvalidURL, UnicodeError),
        "bad_url",
        "is no address",
    ),
)
_TOO_MANY_HEADERS = "got more than"  # http.client has no type of its own for it


def status_error(url: str, status: int, headers: Mapping[str, str], sample: bytes, *, now: datetime) -> FetchError:
    """Say what an answer that is no success means."""
    code, retry = _CODES.get(status, ("bad_status", False))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        code, retry = "server_error", True
    if status in CHALLENGED and is_challenge(headers, sample):
        code, retry = "challenge", True
    after = retry_after(headers.get("Retry-After"), now=now) if retry else None
    return FetchError(f"{url} answered {status}", code=code, retry=retry, after=after)


def is_challenge(headers: Mapping[str, str], sample: bytes) -> bool:
    """Say whether a page wants to know that a person reads it."""
    return any(name in headers for name in _CHALLENGE_HEADERS) or bool(_CHALLENGE.search(sample))


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """Read a Retry-After header: seconds, or a date. None where it says nothing that can be."""
    if not value:
        return None
    try:
        wait = timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        try:
            at = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError):
            return None
        wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), LONGEST_WAIT)


def transport_error(url: str, error: Exception, *, reading: bool) -> FetchError:
    """Say what an exception of the transport means. `reading`: the answer had begun."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, FetchError):
            return cause
    for cause in causes:
        if isinstance(cause, http.client.LineTooLong) or str(cause).startswith(_TOO_MANY_HEADERS):
            return FetchError(f"{url} sent too many or too long headers", code="headers_too_large")
    last = (str(causes[-1]) or type(causes[-1]).__name__)[:200]
    for kinds, code, message in _FAULTS:
        if any(isinstance(cause, kinds) for cause in causes):
            code = "truncated" if reading and code == "connect" else code  # noqa: PLW2901
            return FetchError(f"{url[:200]} {message}: {last}", code=code, retry=code != "bad_url")
    return FetchError(f"{url} answered what is no HTTP: {last}", code="bad_response", retry=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that it was made of: libraries wrap them in four ways."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [getattr(cause, "reason", None), *cause.args, cause.__cause__, cause.__context__]
