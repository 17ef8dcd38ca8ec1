"""Read and write lists of sources: OPML, as feed readers have it, and CSV, with everything we know of a source."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, get_args
from xml.sax.saxutils import quoteattr

from dateline.discover.markup import elements, xml_text
from dateline.discover.web import absolute
from dateline.encoding import decode_html
from dateline.errors import UserError
from dateline.types import Source, SourceKind, TextPolicy

COLUMNS = ("url", "kind", "name", "country", "language", "poll_minutes", "text_policy", "licence", "enabled")
CODES = {"country": 3, "language": 2}  # letters
TRUE, FALSE = frozenset({"true", "yes", "1", "t", "y", "on"}), frozenset({"false", "no", "0", "f", "n", "off"})


def read_sources(body: bytes, name: str) -> list[Source]:
    """Read sources from OPML or CSV. Raises UserError naming file and line."""
    text = decode_html(body).lstrip("\ufeff \r\n\t")
    if text.startswith("<"):
        found = list(_opml(body, name))
        if not found:
            raise UserError(f"{name}: no feeds in it (an outline with xmlUrl is one)", code="bad_sources")
        return found
    return list(_csv(text, name))


def write_csv(sources: Iterable[Source]) -> str:
    """Write sources as CSV that `read_sources` takes."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for source in sources:
        rows.writerow([_cell(getattr(source, column)) for column in COLUMNS])
    return out.getvalue()


def write_opml(sources: Iterable[Source]) -> str:
    """Write feeds as OPML 2.0, for feed readers; sources of other kinds stand in it with their kind as `type`."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "<head><title>Dateline's sources</title></head>",
        "<body>",
    ]
    for source in sources:
        name, url = quoteattr(source.name or source.url), quoteattr(source.url)
        kind = "rss" if source.kind == "feed" else source.kind
        language = f" language={quoteattr(source.language)}" if source.language else ""
        lines.append(f'<outline type="{kind}" text={name} title={name} xmlUrl={url}{language}/>')
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _cell(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _opml(body: bytes, name: str) -> Iterator[Source]:
    text, _ = xml_text(body, None)
    seen: set[str] = set()
    for outline in elements(text, "outline"):
        said = {key.lower(): value for key, value in outline.attrib.items()}
        url = said.get("xmlurl")
        if not url or url in seen:
            continue
        seen.add(url)
        kind = said.get("type", "rss").lower()
        yield checked(
            {
                "url": url,
                "kind": kind if kind in get_args(SourceKind) else "feed",
                "name": said.get("title") or said.get("text"),
                "language": (said.get("language") or "")[:2],
            },
            name,
        )


def _csv(text: str, name: str) -> Iterator[Source]:
    lines = text.splitlines()
    delimiter = max(",;\t", key=(lines[0] if lines else "").count)
    rows = csv.DictReader(lines, delimiter=delimiter)
    columns = [column.strip().lower() for column in rows.fieldnames or ()]
    rows.fieldnames = columns
    if "url" not in columns:
        raise UserError(f"{name}:1: no column `url`; known columns are {', '.join(COLUMNS)}", code="bad_sources")
    for column in columns:
        if column not in COLUMNS:
            raise UserError(f"{name}:1: unknown column {column!r}; known are {', '.join(COLUMNS)}", code="bad_sources")
    for row in rows:
        said = {key: (value or "").strip() for key, value in row.items() if key in COLUMNS}
        if any(said.values()):
            yield checked(
                {"kind": "feed", **{key: value for key, value in said.items() if value}}, f"{name}:{rows.line_num}"
            )


def checked(row: dict[str, Any], where: str) -> Source:
    """Make a source of what somebody wrote. Raises UserError that begins with `where`."""
    said = {key: value for key, value in row.items() if value not in (None, "")}

    def wrong(message: str) -> UserError:
        return UserError(f"{where}: {message}", code="bad_sources")

    kind = said.get("kind", "feed")
    if kind not in get_args(SourceKind):
        raise wrong(f"{kind!r} is no kind of source; kinds are {', '.join(get_args(SourceKind))}")
    local = kind in ("list", "archive", "inbox")
    if not said.get("url") or not (local or absolute(str(said["url"]), "")):
        raise wrong(f"{said.get('url')!r} is no http or https address")
    if said.get("text_policy", "full") not in get_args(TextPolicy):
        raise wrong(f"{said['text_policy']!r} is no text policy; they are {', '.join(get_args(TextPolicy))}")
    for column, letters in CODES.items():
        if column in said and not (len(said[column]) == letters and said[column].isascii() and said[column].isalpha()):
            raise wrong(f"{said[column]!r} is no {column} code of {letters} letters")
    if "poll_minutes" in said:
        said["poll_minutes"] = _minutes(str(said["poll_minutes"]), wrong)
    if "enabled" in said:
        word = str(said["enabled"]).lower()
        if word not in TRUE | FALSE:
            raise wrong(f"{said['enabled']!r} is neither true nor false")
        said["enabled"] = word in TRUE
    said["country"] = str(said["country"]).upper() if "country" in said else None
    said["language"] = str(said["language"]).lower() if "language" in said else None
    known = {field.name for field in fields(Source)}
    return Source(**{key: value for key, value in said.items() if key in known})


def _minutes(value: str, wrong: Any) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 60 * 24 * 31:
        raise wrong(f"{value!r} is no number of minutes between 1 and a month")
    return int(value)
