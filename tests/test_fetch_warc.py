from __future__ import annotations

import gzip
import io
from dataclasses import replace
from datetime import UTC, datetime

from warcio.archiveiterator import ArchiveIterator

from dateline.discover.archives import read_archives
from dateline.fetch.warc import write_warc
from dateline.types import RawPage

from .hostile import PAGE

CAPTURE = RawPage(
    url="http://x.example/old",
    final_url="http://x.example/new",
    status=200,
    headers=(
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "99"),
        ("ETag", '"1"'),
        ("X-Odd", "a\r\n b"),
    ),
    body=PAGE,
    fetched_at=datetime(2018, 8, 24, 17, 5, 1, 250000, tzinfo=UTC),
    elapsed=0.25,
    redirects=("http://x.example/new",),
    robots="no_robots",
    etag='"1"',
)
GIVEN = replace(CAPTURE, url="https://inbox.invalid/a", final_url="https://inbox.invalid/a", redirects=(), robots="given",
                headers=(("Content-Type", "application/vnd.dateline.article+json"),), body=b'{"text": "x"}', elapsed=0.0, etag=None)  # fmt: skip


def test_other_tools_read_what_we_write():
    out = io.BytesIO()
    assert write_warc([CAPTURE, GIVEN], out, name="a.warc.gz") == 2
    out.seek(0)
    records = []
    for record in ArchiveIterator(out, check_digests="raise"):
        records.append(
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
        )
        if record.rec_type == "response":
            assert record.http_headers.get_statuscode() == "200"
            assert record.http_headers.get_header("Content-Length") == str(len(PAGE))
            assert record.http_headers.get_header("X-Crawler-Content-Encoding") == "gzip"
            assert record.rec_headers.get_header("WARC-Date") == "2018-08-24T17:05:01.250000Z"
            assert record.rec_headers.get_header("WARC-Payload-Digest")
    assert records[0][0] == "warcinfo"
    assert records[1:] == [("response", CAPTURE.final_url, PAGE), ("resource", GIVEN.final_url, GIVEN.body)]


def test_what_we_write_we_read_back(tmp_path):
    for name in ("a.warc.gz", "b.warc"):
        with (tmp_path / name).open("wb") as file:
            write_warc([CAPTURE, GIVEN], file, name=name, zipped=name.endswith(".gz"))
        page, given = (found.page for found in read_archives(str(tmp_path / name)))
        assert replace(page, headers=()) == replace(CAPTURE, headers=())
        assert replace(given, headers=()) == replace(GIVEN, headers=())
    assert gzip.decompress((tmp_path / "a.warc.gz").read_bytes()).startswith(b"WARC/1.1")
