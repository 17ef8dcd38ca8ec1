"""Read an article that needs no extraction: its text and what is known of it came as JSON, not as a page.

Pasted text, records of other tools and files of the inbox are stored as captures of this type, so that they take the same
path as fetched pages and can be coded again like them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from dateline.errors import ExtractError
from dateline.extract import language
from dateline.text import storable
from dateline.types import Article, PubDate, RawPage

CONTENT_TYPE = "application/vnd.dateline.article+json"
EXTRACTOR = "given/1"


def is_given(page: RawPage) -> bool:
    """Say whether a capture holds an article as JSON."""
    return (page.header("content-type") or "").partition(";")[0].strip().lower() == CONTENT_TYPE


def given_page(fields: Mapping[str, Any], *, url: str, now: datetime) -> RawPage:
    """Make the capture of an article that was given: `text`, and `title`, `published_at`, `authors`, `language` if known."""
    body = json.dumps(dict(fields), ensure_ascii=False, default=str).encode("utf-8", "replace")
    headers = (("Content-Type", CONTENT_TYPE),)
    return RawPage(
        url=url, final_url=url, status=200, headers=headers, body=body, fetched_at=now, elapsed=0.0, robots="given"
    )


def read_given(page: RawPage) -> Article:
    """Read such a capture. Raises ExtractError: `bad_json`, `empty`, `bad_date`."""
    try:
        fields = json.loads(page.body)
    except ValueError as error:
        raise ExtractError(f"not JSON: {error}", code="bad_json") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("text"), str):
        raise ExtractError("no text was given", code="empty")
    lines = (" ".join(line.split()) for line in storable(fields["text"]).splitlines())
    text = "\n".join(line for line in lines if line)
    if not text:
        raise ExtractError("the text that was given is empty", code="empty")
    claimed = _string(fields, "language")
    code, warning = language.detect_language(text, claimed)
    authors = fields.get("authors") or ()
    return Article(
        url=page.url,
        canonical_url=page.url,
        text=text,
        extractor=EXTRACTOR,
        title=_string(fields, "title"),
        authors=tuple(str(author) for author in authors) if isinstance(authors, list) else (),
        published=_published(_string(fields, "published_at")),
        language=code or claimed,
        warnings=(warning,) if warning else (),
    )


def _string(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return " ".join(storable(value).split()) or None if isinstance(value, str) else None


def _published(value: str | None) -> PubDate | None:
    """Read an ISO 8601 date or date-time; one without a zone is a day, since its instant is not known."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise ExtractError(f"{value!r} is no ISO 8601 date or date-time", code="bad_date") from error
    aware = moment if moment.tzinfo is not None else date(moment.year, moment.month, moment.day)
    return PubDate(value=aware, basis="given")
