"""Make pages of documents that people have: a saved page, a text with a small header, JSON Lines, a newsletter's mail."""

from __future__ import annotations

import email
import email.policy
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dateline.discover.dates import read_date
from dateline.discover.web import absolute
from dateline.encoding import decode_html
from dateline.errors import ArticleError, DiscoverError
from dateline.types import RawPage

LARGEST = 100_000_000  # bytes of a document; archives are streamed
GIVEN = "application/vnd.dateline.article+json"  # an article that needs no extraction; `extract` reads it
NOWHERE = "inbox.invalid"  # the host of what has no address; such a name can never be (RFC 2606)
HEAD = 200_000  # characters of a page in which it says its own address

_HEADER = re.compile(r"([A-Za-z][A-Za-z_ -]{1,30}):[ \t]*(.*)")
_FIELDS = {
    "title": "title", "headline": "title", "url": "url", "link": "url", "date": "published_at", "published": "published_at",
    "published_at": "published_at", "author": "authors", "authors": "authors", "by": "authors", "language": "language", "lang": "language",
    "site": "site_name", "source": "site_name",
}  # fmt: skip
_CANONICAL = re.compile(
    r"<link\b(?=[^>]{0,500}\brel\s*=\s*[\"']?canonical\b)[^>]{0,1000}?\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE
)
_OG_URL = re.compile(r"<meta\b(?=[^>]{0,500}\bog:url\b)[^>]{0,1000}?\bcontent\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_SAVED = re.compile(
    r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile[^>]*?url:)\s*(https?://\S+)", re.IGNORECASE
)

Found = Iterator[RawPage | ArticleError]


def read_document(path: Path, *, now: datetime) -> Found:
    """Yield the pages of a document, and an error for each part of it that is none. Raises DiscoverError for the whole."""
    if path.stat().st_size > LARGEST:
        raise DiscoverError(f"{path.name} is larger than {LARGEST:,} bytes", code="too_large")
    body = path.read_bytes()
    if not body.strip():
        raise DiscoverError(f"{path.name} is empty", code="empty")
    yield from READERS[path.suffix.lower()](body, path.name, now)


def _html(body: bytes, name: str, now: datetime) -> Found:
    head = decode_html(body)[:HEAD]
    for pattern in (_SAVED, _CANONICAL, _OG_URL):
        found = pattern.search(head)
        url = absolute(unescape(found.group(1)), "") if found else None
        if url is not None:
            break
    else:
        url = _nowhere(body, name)
    yield _page(url, body, "text/html", now)


def _text(body: bytes, name: str, now: datetime) -> Found:
    """Read a text: lines `Title: …`, `URL: …`, `Date: …`, an empty line, paragraphs. Without header, its first line is the title."""
    text = decode_html(body).lstrip("\ufeff")
    fields: dict[str, str] = {}
    lines = text.splitlines()
    place = 0
    while place < len(lines) and (found := _HEADER.fullmatch(lines[place].strip())) is not None:
        field = _FIELDS.get(found.group(1).strip().lower().replace(" ", "_"))
        if field is None:
            break
        fields[field] = found.group(2).strip()
        place += 1
    rest = "\n".join(lines[place:]).strip()
    if not fields and "\n" in rest and not rest.partition("\n")[0].rstrip().endswith((".", "!", "?")):
        title, _, rest = rest.partition("\n")
        fields["title"] = title.strip()
    yield _given(fields, rest.strip(), body, name, now)


def _json_lines(body: bytes, name: str, now: datetime) -> Found:
    for number, line in enumerate(decode_html(body).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield _json_line(json.loads(line), line.encode(), f"{name}:{number}", now)
        except (ValueError, RecursionError) as error:
            yield DiscoverError(f"line {number} is not JSON: {error}", code="bad_json")
        except ArticleError as error:
            yield error


def _json_line(row: Any, raw: bytes, name: str, now: datetime) -> RawPage:
    if not isinstance(row, dict):
        raise DiscoverError(f"{name} is no JSON object", code="bad_json")
    html = row.get("html")
    if isinstance(html, str) and html.strip():
        url = absolute(str(row.get("url") or ""), "") or _nowhere(raw, name)
        return _page(url, html.encode("utf-8", "replace"), "text/html; charset=utf-8", now)
    fields = {_FIELDS[key]: value for key, value in row.items() if key in _FIELDS}
    return _given(fields, str(row.get("text") or ""), raw, name, now)


def _mail(body: bytes, name: str, now: datetime) -> Found:
    """Read a newsletter: what it says is the article, its subject the title; its address on the web if it names one."""
    try:
        kind, content, said = _mail_parts(body)
    except (
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:  # the parser meets broken mail with any of them
        raise DiscoverError(f"{name} cannot be read as mail: {error}", code="bad_mail") from error
    if not content.strip():
        raise DiscoverError(f"{name} has no text", code="empty")
    url = absolute(said["Archived-At"].strip("<>"), "") or _nowhere(
        said["Message-ID"].encode("utf-8", "replace") or body, name
    )
    at = read_date(said["Date"])
    sender = said["From"].partition("<")[0].strip().strip('"')
    if kind != "text/html":
        fields = {
            "title": said["Subject"],
            "site_name": sender,
            "url": url,
            "published_at": at.isoformat() if at else None,
        }
        yield _given(fields, content, body, name, now)
        return
    head = f"<title>{_escaped(said['Subject'])}</title>"
    head += f'<meta property="article:published_time" content="{at.isoformat()}">' if at else ""
    head += f'<meta property="og:site_name" content="{_escaped(sender)}">' if sender else ""
    yield _page(url, f"<!doctype html>{head}\n{content}".encode("utf-8", "replace"), "text/html; charset=utf-8", now)


def _mail_parts(body: bytes) -> tuple[str, str, dict[str, str]]:
    """Return type and text of a mail's best part, and its headers that say something of it."""
    message = email.message_from_bytes(body, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    said = {key: str(message.get(key) or "") for key in ("Subject", "Date", "From", "Message-ID", "Archived-At")}
    part = message.get_body(("html", "plain"))
    if part is None:
        return "text/plain", "", said
    try:
        content = str(part.get_content())
    except (LookupError, ValueError):
        payload = part.get_payload(decode=True)  # its charset is one that nobody knows
        content = decode_html(payload) if isinstance(payload, bytes) else ""
    return part.get_content_type(), content, said


def _given(fields: dict[str, Any], text: str, raw: bytes, name: str, now: datetime) -> RawPage:
    if not text.strip():
        raise DiscoverError(f"{name} holds no text", code="empty")
    known = {key: value for key, value in fields.items() if value}
    stated = known.pop("url", None)
    url = absolute(str(stated), "") if stated else None
    if stated and url is None:
        raise DiscoverError(f"{name}: {stated!r} is no address", code="bad_url")
    if isinstance(known.get("authors"), str):
        known["authors"] = [part.strip() for part in re.split(r"[,;]| and ", known["authors"]) if part.strip()]
    if (date := known.get("published_at")) is not None:
        known["published_at"] = _iso(str(date), name)
    body = json.dumps({"text": text, **known}, ensure_ascii=False).encode("utf-8", "replace")
    return _page(url or _nowhere(raw, name), body, GIVEN, now)


def _iso(value: str, name: str) -> str:
    """Keep a day a day: what gives no time of day must not gain one."""
    at = read_date(value)
    if at is None:
        raise DiscoverError(f"{name}: {value[:100]!r} is no date", code="bad_date")
    return value.strip() if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()) else at.isoformat()


def _page(url: str, body: bytes, kind: str, now: datetime) -> RawPage:
    return RawPage(
        url=url, final_url=url, status=200, headers=(("Content-Type", kind),), body=body, fetched_at=now, elapsed=0.0, robots="given"
    )  # fmt: skip


def _nowhere(raw: bytes, name: str) -> str:
    """Name what has no address by its content, so that the same thing given twice is one."""
    plain = quote(Path(name).stem[:80], safe="")
    return f"https://{NOWHERE}/{plain}/{hashlib.sha256(raw).hexdigest()[:32]}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


READERS: dict[str, Callable[[bytes, str, datetime], Found]] = {
    ".html": _html,
    ".htm": _html,
    ".txt": _text,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".eml": _mail,
}
