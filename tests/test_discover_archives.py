from __future__ import annotations

import gzip
import io
import tracemalloc
from datetime import UTC, datetime

import pytest
import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dateline.discover.archives import read_archives
from dateline.discover.receive import receive
from dateline.errors import DiscoverError, FetchError
from dateline.fetch.client import Client
from dateline.types import Source

from .hostile import PAGE, answer, send, serving

NOW = datetime(2018, 8, 25, 12, tzinfo=UTC)


def record(writer, url, body=PAGE, *, status="200 OK", kind="text/html", type_="response", warc=(), **headers):
    http = StatusAndHeaders(
        status, [("Content-Type", kind), *((k.replace("_", "-"), v) for k, v in headers.items())], "HTTP/1.1"
    )
    made = writer.create_warc_record(
        url,
        type_,
        payload=io.BytesIO(body),
        http_headers=http if type_ in ("response", "request") else None,
        warc_headers_dict={"WARC-Date": "2018-08-24T17:05:00Z", **dict(warc)},
        warc_content_type=kind if type_ == "resource" else "",
    )
    writer.write_record(made)


def archive(path, count=10, *, first=0, zipped=True):
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=zipped)
        for number in range(first, first + count):
            record(writer, f"http://x.example/{number}", PAGE + str(number).encode(), ETag=f'"{number}"')
    return path


def urls(found):
    return [each.page.url.removeprefix("http://x.example/") if each.page else each.rejected.code for each in found]


def test_responses_become_pages(tmp_path):
    found = list(read_archives(str(archive(tmp_path / "a.warc.gz"))))
    page = found[3].page
    assert urls(found) == [str(n) for n in range(10)]
    assert (page.url, page.final_url, page.status, page.body) == ("http://x.example/3", page.url, 200, PAGE + b"3")
    assert (page.fetched_at, page.robots, page.etag) == (datetime(2018, 8, 24, 17, 5, tzinfo=UTC), "archived", '"3"')
    assert page.header("content-type") == "text/html"


@pytest.mark.parametrize("kind", ["warc", "warc.gz", "warc.zst"])
def test_reading_goes_on_after_a_place(tmp_path, kind):
    path = archive(tmp_path / f"a.{kind}", zipped=kind == "warc.gz")
    if kind == "warc.zst":
        parts = path.read_bytes().split(b"WARC/1.0\r\n")[1:]
        path.write_bytes(b"".join(zstandard.compress(b"WARC/1.0\r\n" + part) for part in parts))
    found = list(read_archives(str(path)))
    for number in (0, 4, 9):
        assert urls(read_archives(str(path), after=found[number].place)) == [str(n) for n in range(number + 1, 10)]


def test_a_glob_is_read_in_order_and_goes_on_with_new_files(tmp_path):
    archive(tmp_path / "2018-08-24.warc.gz", 3)
    archive(tmp_path / "2018-08-25.warc.gz", 3, first=3)
    found = list(read_archives(str(tmp_path / "*.warc.gz")))
    assert urls(found) == ["0", "1", "2", "3", "4", "5"]
    archive(tmp_path / "2018-08-26.warc.gz", 1, first=6)
    assert urls(read_archives(str(tmp_path / "*.warc.gz"), after=found[-1].place)) == ["6"]
    assert urls(read_archives(str(tmp_path), after=found[1].place)) == ["2", "3", "4", "5", "6"]


def test_only_pages_are_taken_and_faults_are_said(tmp_path):
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "test"}))
        record(writer, "http://x.example/request", type_="request")
        record(writer, "http://x.example/redirect", status="301 Moved")
        record(writer, "http://x.example/picture", kind="image/png")
        record(writer, "http://x.example/zipped", gzip.compress(PAGE), Content_Encoding="gzip")
        record(writer, "http://x.example/unzipped-already", PAGE, Content_Encoding="gzip")
        record(writer, "http://x.example/chunked", b"3\r\n<p>\r\n2\r\nhi\r\n0\r\n\r\n", Transfer_Encoding="chunked")
        record(writer, "http://x.example/broken", b"\x1f\x8brubbish", Content_Encoding="gzip")
        record(writer, "http://x.example/bomb", gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")
        record(writer, "http://x.example/cut", warc={"WARC-Truncated": "length"})
        record(writer, "http://x.example/empty", b"")
        record(writer, "urn:x", PAGE)
        record(writer, "http://x.example/saved", PAGE, type_="resource")
    assert urls(read_archives(str(path))) == [
        "zipped", "unzipped-already", "chunked", "bad_encoding", "bomb", "truncated", "empty", "bad_url", "saved",
    ]  # fmt: skip


def test_archives_on_the_web_are_streamed_and_resumed(tmp_path):
    body = archive(tmp_path / "a.warc.gz").read_bytes()

    def parts(handler):
        wanted = handler.headers["Range"]
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        send(handler, body[start:], status=206 if wanted else 200, kind="application/octet-stream")

    with (
        serving({"/a.warc.gz": parts, "/whole.warc.gz": answer(body, kind="application/gzip")}) as site,
        Client(user_agent="Dateline/0.1", allow_hosts=frozenset([site.host])) as client,
    ):
        for name in ("a", "whole"):
            url = f"{site.url}/{name}.warc.gz"
            found = list(read_archives(url, open_stream=client.stream))
            assert urls(found) == [str(n) for n in range(10)]
            rest = read_archives(url, after=found[5].place, open_stream=client.stream)
            assert urls(rest) == ["6", "7", "8", "9"]
        with pytest.raises(FetchError, match="404"):
            list(read_archives(f"{site.url}/none.warc.gz", open_stream=client.stream))


@pytest.mark.parametrize("body", [b"garbage" * 1000, b"\x1f\x8b" + b"x" * 100])
def test_what_is_no_archive_is_said_to_be_broken(tmp_path, body):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(body)
    with pytest.raises(DiscoverError) as caught:
        list(read_archives(str(path)))
    assert caught.value.code == "bad_archive"


def test_a_cut_archive_gives_what_is_there(tmp_path):
    path = archive(tmp_path / "a.warc.gz")
    path.write_bytes(path.read_bytes()[:-200])
    found = urls(read_archives(str(path)))
    assert found[:9] == [str(n) for n in range(9)]
    assert found[9:] in ([], ["truncated"])


def test_no_archive_is_an_error(tmp_path):
    with pytest.raises(DiscoverError) as caught:
        list(read_archives(str(tmp_path / "*.warc.gz")))
    assert caught.value.code == "no_file"


def test_a_source_is_received_in_parts_each_with_its_mark(tmp_path):
    path = archive(tmp_path / "a.warc.gz", 120)
    deliveries = list(receive(Source(id=3, url=str(path), kind="archive"), now=NOW))
    assert [len(each.pages) for each in deliveries] == [50, 50, 20]
    resumed = Source(id=3, url=str(path), kind="archive", etag=deliveries[0].mark)
    assert sum(len(each.pages) for each in receive(resumed, now=NOW)) == 70
    finished = Source(id=3, url=str(path), kind="archive", etag=deliveries[-1].mark)
    assert list(receive(finished, now=NOW)) == []


def test_memory_stays_flat(tmp_path):
    path = archive(tmp_path / "a.warc.gz", 400)
    peaks = []
    tracemalloc.start()
    for number, _ in enumerate(read_archives(str(path))):
        if number in (40, 399):
            peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.05 + 20_000
