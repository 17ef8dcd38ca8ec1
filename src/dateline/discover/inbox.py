"""Take what people put into a folder: `.html`, `.txt`, `.jsonl`, `.warc.gz`, `.eml`.

A file is moved to `taken/` while it is read, then to `done/`, or to `failed/` with the reason in a file beside it. So a file
is read by one worker, and one that a crash left behind is found again.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dateline.discover.archives import read_archive
from dateline.discover.documents import READERS, read_document
from dateline.errors import ArticleError, DiscoverError
from dateline.types import RawPage, Rejected

SETTLED = 1.0  # seconds since the last write; a younger file may still be growing
ABANDONED = 3600.0  # seconds after which a taken file was left behind by a crash
PAGES_AT_ONCE = 50
PARTS = (".part", ".tmp", ".crdownload", ".swp")
ARCHIVES = (".warc", ".warc.gz", ".warc.zst")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Be some pages that came without the network. Call `done` when they are stored."""

    pages: tuple[RawPage, ...]
    rejected: tuple[Rejected, ...]
    mark: str | None  # how far this is, to be kept in the source's `etag`
    done: Callable[[], None]
    places: tuple[str, ...] = ()  # of the pages in an archive (`FILE@OFFSET`), where they come from one


def read_inbox(
    folder: Path, *, now: datetime, source_id: int | None = None, settled: float = SETTLED
) -> Iterator[Delivery]:
    """Yield what lies in a folder, file by file. Raises DiscoverError("no_file") where there is no folder."""
    if not folder.is_dir():
        raise DiscoverError(f"{folder} is no folder", code="no_file")
    _recover(folder)
    for path in sorted(folder.iterdir()):
        taken = _take(path, folder, settled)
        if taken is not None:
            yield from _read(taken, folder, now=now, source_id=source_id)


def _take(path: Path, folder: Path, settled: float) -> Path | None:
    """Move a file out of the others' sight. None where it is not ours to take."""
    if path.name.startswith(".") or path.suffix in PARTS or not path.is_file():
        return None
    if time.time() - path.stat().st_mtime < settled:
        return None
    target = _free(folder / "taken" / path.name)
    try:
        path.rename(target)
    except FileNotFoundError:
        return None  # another worker was faster
    os.utime(target)  # from now on its age is that of our taking it
    return target


def _recover(folder: Path) -> None:
    for path in (folder / "taken").glob("*"):
        if time.time() - path.stat().st_mtime > ABANDONED:
            path.rename(_free(folder / path.name))


def _read(path: Path, folder: Path, *, now: datetime, source_id: int | None) -> Iterator[Delivery]:
    pages: list[RawPage] = []
    rejected: list[Rejected] = []
    faults: list[Rejected] = []
    try:
        for found in _contents(path, now):
            if isinstance(found, RawPage):
                pages.append(found)
            else:
                fault = _rejected(found, path, source_id)
                rejected.append(fault)
                faults.append(fault)
            if len(pages) + len(rejected) >= PAGES_AT_ONCE:
                yield Delivery(tuple(pages), tuple(rejected), None, _nothing)
                pages, rejected = [], []
    except ArticleError as error:
        fault = _rejected(error, path, source_id)
        rejected.append(fault)
        faults.append(fault)
    yield Delivery(tuple(pages), tuple(rejected), None, lambda: _finish(path, folder, faults))


def _contents(path: Path, now: datetime) -> Iterator[RawPage | ArticleError]:
    if path.name.endswith(ARCHIVES):
        for record in read_archive(str(path)):
            if record.page is not None:
                yield record.page
            elif record.rejected is not None:
                yield DiscoverError(record.rejected.message, code=record.rejected.code)
        return
    if path.suffix.lower() not in READERS:
        known = ", ".join(sorted(READERS))
        raise DiscoverError(f"{path.name}: not one of {known} or {ARCHIVES[1]}", code="unknown_kind")
    yield from read_document(path, now=now)


def _finish(path: Path, folder: Path, faults: list[Rejected]) -> None:
    """Put a file where its outcome says."""
    target = _free(folder / ("failed" if faults else "done") / path.name)
    shutil.move(path, target)
    if faults:
        reasons = "".join(f"{fault.code}: {fault.message}\n" for fault in faults)
        target.with_name(target.name + ".reason.txt").write_text(reasons, encoding="utf-8")


def _rejected(error: ArticleError, path: Path, source_id: int | None) -> Rejected:
    return Rejected(stage="discover", code=error.code, message=error.message, url=path.name, source_id=source_id)


def _free(target: Path) -> Path:
    """Return a name that no file has yet, and make its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    number, free = 1, target
    while free.exists():
        free = target.with_name(f"{number}-{target.name}")
        number += 1
    return free


def _nothing() -> None:
    """Do nothing: the file is not read to its end yet."""
