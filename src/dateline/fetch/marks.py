"""Recognise pages that answer 200 and are no page: tests for robots, consent walls, soft 404s; and paywall stubs.

Only sure signs refuse a page; what may still hold an article is marked and goes on.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from dateline.errors import FetchError
from dateline.fetch.answers import SAMPLE, is_challenge
from dateline.fetch.keys import canonical_key
from dateline.types import RawPage

SMALL = 15_000  # bytes; a page of markup only, such as a redirect or a test for robots
HEAD = 20_000  # bytes in which a title stands
SOON = 10  # seconds; a page that reloads itself later than that is a page

_TITLE = re.compile(rb"<title[^>]*>([^<]{0,300})</title", re.IGNORECASE)
_REFRESH = re.compile(
    rb"<meta[^>]{0,100}http-equiv\s*=\s*[\"']?refresh[\"']?[^>]{0,100}content\s*=\s*([\"'])\s*(\d{1,4})\s*[;,]\s*url\s*=\s*(.{1,2000}?)\1",
    re.IGNORECASE | re.DOTALL,
)
_CONSENT_HOST = re.compile(r"(?:^|\.)(?:consent|guce|myprivacy|privacy-?gate|cmp|gdpr)\.[\w.-]+$")
_CONSENT_PATH = re.compile(r"/(?:consent|collectConsent|privacy-gate|cookie-?wall|gdpr)(?:/|$|\?)", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"\b(?:404|page (?:was |is )?not found|page can'?t be found|page no longer (?:exists|available)|page does not exist|"
    r"article not found|story not found|content not found|seite nicht gefunden|page (?:introuvable|non trouvée)|"
    r"p[aá]gina no encontrada|p[aá]gina n[aã]o encontrada|pagina non trovata|страница не найдена)\b",
    re.IGNORECASE,
)
_PAYWALLED = re.compile(
    rb"\"isAccessibleForFree\"\s*:\s*\"?(?i:false)|<meta[^>]{0,80}content_tier[\"'][^>]{0,40}(?:metered|locked)"
)
_BINARY = (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"RIFF", b"\x1f\x8b", b"\x00\x00\x00")
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|title|meta|article|div|p|h1|!--)", re.IGNORECASE)
_DECLARED_HTML = ("text/html", "application/xhtml+xml")


def check_page(page: RawPage) -> None:
    """Refuse what is no article page at all. Raises FetchError: not_html, challenge, consent or soft_404."""
    if not _is_html(page):
        kind = page.header("Content-Type") or "of no declared type"
        raise FetchError(f"{page.final_url} is {kind}, and its body no HTML", code="not_html")
    if len(page.body) < SMALL and is_challenge({}, page.body[:SAMPLE]) and not _has_paragraphs(page.body):
        raise FetchError(f"{page.final_url} tests for robots", code="challenge", retry=True)
    if page.redirects and _is_consent(page.final_url) and not _is_consent(page.url):
        raise FetchError(f"{page.url} leads to a consent wall: {page.final_url}", code="consent", retry=True)
    if _sent_home(page):
        raise FetchError(f"{page.url} leads to the home page", code="soft_404", retry=True)
    if _NOT_FOUND.search(title(page.body)) and not _has_paragraphs(page.body):
        raise FetchError(f"{page.final_url} says that it was not found", code="soft_404", retry=True)


def marks(page: RawPage) -> tuple[str, ...]:
    """Say what a page that is kept looks like: `paywall` where the publisher says that not all of it can be read."""
    hinted = any(word in page.body for word in (b"isAccessibleForFree", b"content_tier"))  # far faster than the pattern
    return ("paywall",) if hinted and _PAYWALLED.search(page.body) else ()


def refresh_target(page: RawPage) -> str | None:
    """Return where a page without content sends its reader, if it does."""
    if len(page.body) > SMALL or _has_paragraphs(page.body):
        return None
    found = _REFRESH.search(page.body)
    if found is None or int(found.group(2)) > SOON:
        return None
    target = unescape(found.group(3).decode("latin-1")).strip(" \"'")
    return target if target and target != page.final_url else None


def title(body: bytes) -> str:
    """Return the text of `<title>`, for a look at it only."""
    found = _TITLE.search(body[:HEAD])
    return unescape(found.group(1).decode("utf-8", errors="replace")).strip() if found else ""


def _is_html(page: RawPage) -> bool:
    start = page.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if start.startswith(_BINARY):
        return False
    wide = page.body[:2] in (b"\xff\xfe", b"\xfe\xff") or page.body[1:40:2].count(0) > SOON
    declared = (page.header("Content-Type") or "").strip().lower().startswith(_DECLARED_HTML)
    if wide or declared:
        return wide or page.body[:1024].count(0) < SOON
    return bool(_MARKUP.search(start))


def _has_paragraphs(body: bytes) -> bool:
    return body.lower().count(b"<p") >= 4  # noqa: PLR2004 (an error page apologises in fewer)


def _is_consent(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_CONSENT_HOST.search(parts.hostname or "") or _CONSENT_PATH.search(parts.path))


def _sent_home(page: RawPage) -> bool:
    """Say whether an article's address led to its site's home page, as removed articles do."""
    if not page.redirects or urlsplit(page.url).path.count("-") + urlsplit(page.url).path.count("/") < 2:  # noqa: PLR2004
        return False
    key = urlsplit(canonical_key(page.final_url))
    return key.path == "/" and not key.query and urlsplit(canonical_key(page.url)).path != "/"
