"""Read lists of addresses: text, CSV, JSON Lines, and GDELT's export and mentions files, also zipped or gzipped."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from dateline.bodies import gunzipped
from dateline.discover.dates import read_date
from dateline.discover.feeds import language_code
from dateline.discover.web import Findings, Getter
from dateline.encoding import decode_html
from dateline.errors import DiscoverError, FetchError

MOST_ENTRIES = 200_000
ZIP = b"PK\x03\x04"  # what a zip file begins with
LARGEST = 500_000_000  # bytes of an unpacked list
URL_COLUMNS = ("url", "link", "sourceurl", "source_url", "mentionidentifier", "loc", "address")
TITLE_COLUMNS = ("title", "headline")
DATE_COLUMNS = ("published_at", "published", "date", "pubdate", "publication_date")
LANGUAGE_COLUMNS = ("language", "lang")

EXPORT_COLUMNS = (58, 61)  # GDELT 1.0 and 2.0; the address is the last, the day it was added the one before
MENTION_COLUMNS = 16  # GDELT 2.0: event, times, type of source, its name, its address, …
MENTION_TYPE, MENTION_NAME, MENTION_TIME = 3, 5, 2
WEB = "1"  # a mention that is a web page, not a citation or a journal

_FILES = re.compile(r"^\d+\s+[0-9a-f]{32}\s+(https?://\S+)$")  # GDELT's lists of its files: size, sum, address
_WANTED = (".export.csv.zip", ".mentions.csv.zip")

Say = Callable[..., bool]


def read_list(body: bytes, content_type: str | None, findings: Findings, client: Getter | None = None) -> None:
    """Add the addresses of a list, whichever of the forms it has. Raises DiscoverError("not_a_list")."""
    text = decode_html(_unpacked(body), content_type)
    lines = text.lstrip("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    if not first:
        return
    if _FILES.match(first) and client is not None:
        _read_files(lines, findings, client)
        return
    rows = _rows(first, lines, findings)
    if rows is None:
        raise DiscoverError("the address gives no list of addresses", code="not_a_list")
    for row in rows:
        if not findings.add(row.get("url"), title=row.get("title"), at=row.get("at"), language=row.get("language")):
            return


def _unpacked(body: bytes) -> bytes:
    """Undo gzip and zip (its first file). Raises FetchError or DiscoverError."""
    if not body.startswith(ZIP):
        return gunzipped(body, LARGEST)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            inside = packed.infolist()[0]
            with packed.open(inside) as file:
                found = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, IndexError, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise DiscoverError(f"the list cannot be unpacked: {error}", code="bad_encoding") from error
    if len(found) > LARGEST:
        raise DiscoverError(f"the list is larger than {LARGEST:,} bytes when unpacked", code="bomb")
    return found


def _rows(first: str, lines: list[str], findings: Findings) -> Iterator[dict[str, Any]] | None:
    columns = first.count("\t") + 1
    if columns in EXPORT_COLUMNS:
        return _export(lines)
    if columns == MENTION_COLUMNS:
        return _mentions(lines)
    if first.lstrip().startswith("{"):
        return _json_lines(lines, findings)
    heading = _heading(first)
    if heading is not None:
        return _csv(lines, heading)
    if re.match(r"\s*(?:#|https?://)", first, re.IGNORECASE):
        return _text(lines)
    return None


def _read_files(lines: list[str], findings: Findings, client: Getter) -> None:
    """Read the files that one of GDELT's lists names, of the kinds that hold addresses of articles."""
    named = [found.group(1) for line in lines if (found := _FILES.match(line.strip()))]
    wanted = [url for url in named if url.lower().endswith(_WANTED)]
    for url in wanted[-MOST_FILES:]:
        try:
            page = client.get(url, expect="feed")
            read_list(page.body, page.header("Content-Type"), findings)
        except (FetchError, DiscoverError) as error:
            findings.reject(error.code, error.message, url)


MOST_FILES = 8  # of GDELT's master list, the newest


def _text(lines: list[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        address = line.partition(" #")[0].strip()
        if address and not address.startswith("#"):
            yield {"url": address}


def _heading(first: str) -> tuple[str, dict[str, int]] | None:
    """Recognise the first line of a table: its delimiter, and where its columns are."""
    for delimiter in ("\t", ";", ","):
        names = [name.strip().strip('"').lower() for name in first.split(delimiter)]
        if any(name in URL_COLUMNS for name in names):
            return delimiter, {name: place for place, name in reversed(list(enumerate(names)))}
    return None


def _csv(lines: list[str], heading: tuple[str, dict[str, int]]) -> Iterator[dict[str, Any]]:
    delimiter, places = heading
    rows = csv.reader(lines, delimiter=delimiter)
    next(rows, None)
    for row in _valid(rows):
        found = {name: row[place].strip() for name, place in places.items() if place < len(row)}
        if any(found.values()):
            yield _said(found)


def _valid(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    while True:
        try:
            yield next(rows)
        except StopIteration:
            return
        except csv.Error:
            continue  # a cell beyond all bounds


def _json_lines(lines: list[str], findings: Findings) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            findings.reject("bad_json", f"line {number} is not JSON: {error}")
            continue
        if isinstance(row, dict):
            yield _said({str(key).lower(): str(value) for key, value in row.items() if isinstance(value, str)})
        else:
            findings.reject("bad_json", f"line {number} is no object")


def _said(row: dict[str, str]) -> dict[str, Any]:
    def first(names: tuple[str, ...]) -> str | None:
        return next((row[name] for name in names if row.get(name)), None)

    return {
        "url": first(URL_COLUMNS),
        "title": first(TITLE_COLUMNS),
        "at": read_date(first(DATE_COLUMNS)),
        "language": language_code(first(LANGUAGE_COLUMNS)),
    }


def _export(lines: list[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        cells = line.split("\t")
        if len(cells) in EXPORT_COLUMNS and cells[-1].startswith("http"):
            yield {"url": cells[-1].strip(), "at": _stamp(cells[-2])}


def _mentions(lines: list[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        cells = line.split("\t")
        if len(cells) == MENTION_COLUMNS and cells[MENTION_TYPE] == WEB:
            yield {"url": cells[MENTION_NAME].strip(), "at": _stamp(cells[MENTION_TIME])}


def _stamp(value: str) -> datetime | None:
    """Read `20180824170500` or `20180824`."""
    try:
        return datetime.strptime((value + "000000")[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
