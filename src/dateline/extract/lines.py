"""Offer extraction as the filter `dateline extract` (FILTERS.md): a page a line in, an article a line out."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dateline.encoding import decode_html
from dateline.errors import DatelineError, ExtractError
from dateline.extract.bounds import calm_collector, release_caches, time_limit
from dateline.extract.page import MAX_CHARACTERS
from dateline.extract.read import EXTRACTOR, read_page
from dateline.types import Article, PubDate

Line = dict[str, Any]

GZIP_MAGIC = b"\x1f\x8b"
CACHES_EVERY = 200  # pages between two clearings of what the libraries remember


def open_extract() -> Callable[[list[Line]], list[Line]]:
    """Return the filter's batch function. An article's own fault becomes its error line; it never raises for it."""
    done = 0
    calm_collector()

    def work(lines: list[Line]) -> list[Line]:
        nonlocal done
        answers = [_answer(line) for line in lines]
        done += len(lines)
        if done >= CACHES_EVERY:
            release_caches()
            done = 0
        return answers

    return work


def _answer(line: Line) -> Line:
    try:
        url = line.get("url")
        if url is not None and not isinstance(url, str):
            raise ExtractError("`url` is no text", code="bad_line")
        with time_limit():
            return article_line(read_page(_html_of(line), url=url, seen_at=datetime.now(UTC)), line.get("id"))
    except DatelineError as error:
        return {"id": line.get("id"), "error": {"code": error.code, "message": error.message}}


def _html_of(line: Line) -> str:
    html, path = line.get("html"), line.get("path")
    if isinstance(html, str):
        return html
    if not isinstance(path, str):
        raise ExtractError("line has neither `html` nor `path`", code="bad_line")
    return decode_html(_read_file(Path(path)))


def _read_file(path: Path) -> bytes:
    """Read a page's file, unpacked if it is packed, within the limit of a page. Raises ExtractError `unreadable`."""
    limit = MAX_CHARACTERS * 2  # bytes: more cannot be a page within the limit of characters, save in exotic encodings
    try:
        with path.open("rb") as file:
            body = file.read(limit + 1)
        if body.startswith(GZIP_MAGIC):
            with gzip.open(path) as packed:
                body = packed.read(limit + 1)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise ExtractError(f"cannot read {path}: {error}", code="unreadable") from error
    if len(body) > limit:
        raise ExtractError(f"{path} holds more than {limit:,} bytes", code="too_large")
    return body


def article_line(article: Article, id_: object = None) -> Line:
    """Shape an article as FILTERS.md wants it."""
    return {
        "id": id_,
        "url": article.url or None,
        "canonical_url": article.canonical_url,
        "title": article.title,
        "standfirst": article.standfirst,
        "authors": list(article.authors),
        "published_at": _written(article.published),
        "modified_at": _written(article.modified),
        "site_name": article.site_name,
        "language": article.language,
        "text": article.text,
        "captions": list(article.captions),
        "links": list(article.links),
        "section": article.section,
        "tags": list(article.tags),
        "image": article.image,
        "paywalled": article.paywalled,
        "kind": article.kind,
        "corrected": article.corrected,
        "published_basis": article.published.basis if article.published else None,
        "extractor": EXTRACTOR,
        "warnings": list(article.warnings),
    }


def _written(when: PubDate | None) -> str | None:
    return when.value.isoformat() if when else None
