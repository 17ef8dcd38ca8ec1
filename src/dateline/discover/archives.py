"""Read WARC archives (plain, `.gz`, `.zst`): their responses become pages, without the network.

Archives are streamed, so their size does not matter. A place (`news.warc.gz@1234`) names a record by its file and the offset
at which it begins; reading goes on after a place.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Protocol

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from dateline.bodies import Readable, decompressed
from dateline.discover.files import local_path
from dateline.errors import ArticleError, DiscoverError, FetchError
from dateline.reservations import reservations
from dateline.types import RawPage, Rejected

LARGEST_PAGE = 20_000_000  # bytes of one page, unpacked
ROBOTS_NAME = "dateline"
PAGE_TYPES = ("text/html", "application/xhtml+xml", "application/vnd.dateline.article+json")


class Opener(Protocol):
    """Open an address on the web as a stream: `fetch.client.Client.stream`."""

    def __call__(self, url: str, *, offset: int = 0) -> AbstractContextManager[Readable]:
        """Return the bytes from `offset` on. Raises FetchError."""
        ...


@dataclass(frozen=True, slots=True)
class Archived:
    """Be one record of an archive: a page, or why it is none."""

    place: str
    page: RawPage | None = None
    rejected: Rejected | None = None


def read_archives(
    url: str,
    *,
    after: str | None = None,
    open_stream: Opener | None = None,
    source_id: int | None = None,
    wanted: Callable[[str], bool] = lambda _name: True,
) -> Iterator[Archived]:
    """Yield the pages of the archives at a path, a glob (`/srv/news/*.warc.gz`) or an address, in order of their names.

    `after`: the place of the last record that is done; `wanted` chooses files by name. Raises DiscoverError or FetchError where an archive cannot be read.
    """
    done_file, _, done_offset = (after or "").rpartition("@")
    for name in archive_names(url):
        if (done_file and name < done_file) or not wanted(name):
            continue
        offset = int(done_offset) if name == done_file and done_offset.isdigit() else None
        yield from read_archive(name, after=offset, open_stream=open_stream, source_id=source_id)


def archive_names(url: str) -> list[str]:
    """Return the files that a path or glob names, sorted; an address on the web is one. Raises DiscoverError("no_file")."""
    path = local_path(url)
    if path is None:
        return [url]
    names = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 (the path is absolute or relative, as it was given)
    if path.is_dir():
        names = sorted(str(each) for each in path.iterdir() if ".warc" in each.name)
    if not names:
        raise DiscoverError(f"no archive at {path}", code="no_file")
    return names


def read_archive(
    name: str, *, after: int | None = None, open_stream: Opener | None = None, source_id: int | None = None
) -> Iterator[Archived]:
    """Yield the pages of one archive that come after the record at offset `after`."""
    start = after or 0
    with _open(name, start, open_stream) as stream:
        records = ArchiveIterator(
            stream,
            record_types=WarcRecordType.response | WarcRecordType.resource,
            parse_http=True,
            auto_decode="transfer",
        )
        walk = iter(records)
        while True:
            try:
                record = next(walk, None)
            except (OSError, ValueError, RuntimeError) as error:
                if isinstance(error.__cause__ or error.__context__, FetchError):
                    raise
                raise DiscoverError(f"{name}: the archive is broken: {error}", code="bad_archive") from error
            if record is None:
                return
            offset = start + record.stream_pos
            if after is not None and offset <= after:
                continue
            found = _archived(record, f"{name}@{offset}", source_id)
            if found is not None:
                yield found


@contextmanager
def _open(name: str, start: int, open_stream: Opener | None) -> Iterator[Any]:
    path = local_path(name)
    if path is None:
        if open_stream is None:
            raise DiscoverError(f"{name}: archives on the web cannot be read here", code="bad_source")
        with open_stream(name, offset=start) as stream:
            yield _Stream(stream)
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise DiscoverError(f"{name}: {error.strerror}", code="no_file") from error
    with file:
        file.seek(start)
        yield _Stream(file)


class _Stream:
    """Offer bytes as the WARC reader wants them; offsets count from where the stream begins."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._read = 0

    def read(self, size: int = 65_536) -> bytes:
        data = self._source.read(size)
        self._read += len(data)
        return data

    def tell(self) -> int:
        return self._read

    def seek(self, offset: int, whence: int = 0) -> int:
        raise OSError(f"a stream cannot be moved to {offset} ({whence})")

    def close(self) -> None:
        """Do nothing: whoever opened the source closes it."""


def _archived(record: WarcRecord, place: str, source_id: int | None) -> Archived | None:
    """Make a page of a record; None for records that are no pages, such as pictures and redirects."""
    headers = _headers(record)
    if headers is None:
        return None
    url = record.headers.get("WARC-Target-URI") or ""
    try:
        return Archived(place, page=_page(record, url.strip("<>"), headers))
    except ArticleError as error:
        rejected = Rejected(
            stage="discover", code=error.code, message=error.message, url=url or place, source_id=source_id
        )
        return Archived(place, rejected=rejected)


def _headers(record: WarcRecord) -> tuple[tuple[str, str], ...] | None:
    """Return the headers of a record that is a page, else None."""
    if record.record_type == WarcRecordType.resource:
        kind = record.headers.get("Content-Type") or ""
        return (("Content-Type", kind),) if kind.startswith(PAGE_TYPES) else None
    if not record.is_http_parsed or record.http_headers.status_code != HTTPStatus.OK:
        return None
    kind = (record.http_content_type or "").lower()
    return record.http_headers.to_tuples() if kind.startswith(PAGE_TYPES) or not kind else None


def _page(record: WarcRecord, url: str, headers: tuple[tuple[str, str], ...]) -> RawPage:
    """Read a record's page. Raises FetchError: bad_url, too_large, bomb, truncated, bad_encoding, empty."""
    if not url.startswith(("http://", "https://")):
        raise FetchError(f"a record of no address: {url[:200]!r}", code="bad_url")
    sent = record.reader.read(LARGEST_PAGE + 1)
    if len(sent) > LARGEST_PAGE:
        raise FetchError(f"{url} is larger than {LARGEST_PAGE:,} bytes", code="too_large")
    said = record.headers.get("WARC-Truncated")
    if said:
        raise FetchError(f"{url} was cut when it was archived: {said}", code="truncated")
    said_of = {name.lower(): value for name, value in headers}
    body = _unpacked(sent, said_of.get("content-encoding"))
    if not body:
        raise FetchError(f"{url} is empty", code="empty")
    noarchive, reserved = reservations(headers, body, ROBOTS_NAME)
    ours = record.headers.get("X-Dateline-URL")  # in archives that we wrote ourselves
    return RawPage(
        url=ours or url,
        final_url=url,
        status=200,
        headers=headers,
        body=body,
        fetched_at=_date(record),
        elapsed=float(record.headers.get("X-Dateline-Elapsed") or 0),
        redirects=tuple((record.headers.get("X-Dateline-Redirects") or "").split()),
        robots=record.headers.get("X-Dateline-Robots") or "archived",
        noarchive=noarchive,
        tdm_reserved=reserved,
        etag=said_of.get("etag"),
        last_modified=said_of.get("last-modified"),
    )


def _unpacked(sent: bytes, coding: str | None) -> bytes:
    """Undo the content encoding; some archivers undo it themselves and leave the header as it was."""
    try:
        return decompressed([sent], coding, LARGEST_PAGE)
    except FetchError as error:
        if error.code == "bad_encoding" and sent.lstrip()[:1] == b"<":
            return sent
        raise


def _date(record: WarcRecord) -> datetime:
    at: datetime | None = record.record_date
    if at is None:
        raise FetchError("a record without a date", code="bad_date")
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
