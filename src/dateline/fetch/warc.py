"""Write captures as standard WARC 1.1, which other tools read."""

from __future__ import annotations

import io
from collections.abc import Iterable
from http import HTTPStatus
from typing import BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dateline import __version__
from dateline.types import RawPage

UNDONE = frozenset(
    {"content-encoding", "transfer-encoding", "content-length"}
)  # true of what was sent, not of what we keep
GIVEN = frozenset({"given"})  # pages that no server sent


def write_warc(pages: Iterable[RawPage], target: BinaryIO, *, name: str, zipped: bool = True) -> int:
    """Write pages, one at a time, as `response` records (`resource` for what no server sent). Return their number."""
    writer = WARCWriter(target, gzip=zipped, warc_version="WARC/1.1")
    said = {"software": f"dateline/{__version__}", "format": "WARC File Format 1.1"}
    writer.write_record(writer.create_warcinfo_record(name, said))
    count = 0
    for page in pages:
        writer.write_record(_record(writer, page))
        count += 1
    return count


def _record(writer: WARCWriter, page: RawPage) -> object:
    moment = page.fetched_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    more = {"WARC-Date": moment, "X-Dateline-URL": page.url, "X-Dateline-Robots": page.robots}
    more |= {"X-Dateline-Elapsed": f"{page.elapsed:g}"}
    if page.redirects:
        more["X-Dateline-Redirects"] = " ".join(page.redirects)
    payload = io.BytesIO(page.body)
    if page.robots in GIVEN:
        kind = page.header("Content-Type") or "text/html"
        return writer.create_warc_record(
            page.final_url, "resource", payload=payload, warc_content_type=kind, warc_headers_dict=more
        )
    return writer.create_warc_record(
        page.final_url, "response", payload=payload, http_headers=_http(page), warc_headers_dict=more
    )


def _http(page: RawPage) -> StatusAndHeaders:
    """Write the answer's head; headers that describe the body as it was sent are kept under another name, as crawlers do."""
    kept = [(f"X-Crawler-{name}" if name.lower() in UNDONE else name, _one_line(value)) for name, value in page.headers]
    kept.append(("Content-Length", str(len(page.body))))
    phrase = HTTPStatus(page.status).phrase if page.status in set(HTTPStatus) else "Unknown"
    return StatusAndHeaders(f"{page.status} {phrase}", kept, protocol="HTTP/1.1")


def _one_line(value: str) -> str:
    return " ".join(value.split())
