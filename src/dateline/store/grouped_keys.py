"""Look up and keep the keys by which copies and stories are found: one B-tree each, parted by days.

A stored key is a hash of HASH_BITS below the number of a span of days. Texts of one time so lie together in the index: what
arrives today touches the few pages of these weeks, and a look-up reads them only, however large the store has grown.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dateline.group.copies import NEAR_DAYS
from dateline.group.signatures import HASH_BITS, HASH_MASK
from dateline.group.stories import MAX_GAP
from dateline.store.rows import driver

Keys = NDArray[np.uint64]
KeysOf = Sequence[Keys] | Keys  # of each text
Days = Sequence[date]

BAND_DAYS = 64  # a span of bands; with NEAR_DAYS a look-up concerns two
STORY_DAYS = 32  # a span of story keys; with MAX_GAP a look-up concerns one or two

_COPY_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_ROW = np.dtype([("fields", ">i2"), ("size", ">i4"), ("key", ">i8"), ("size_2", ">i4"), ("text_id", ">i8")])
_COPY_END = b"\xff\xff"


def stored_keys(keys: KeysOf, days: Days, *, span: int) -> Keys:
    """Return each text's keys as the index holds them, one after the other."""
    flat, counts = _flat(keys)
    parts = np.array([day.toordinal() // span for day in days], dtype=np.uint64)
    return _placed(flat, np.repeat(parts, counts))


def sought_keys(keys: KeysOf, days: Days, *, span: int, reach: int) -> Keys:
    """Return all keys that may hold a text like one of these, up to `reach` days before or after it, sorted, each once."""
    flat, counts = _flat(keys)
    around = timedelta(days=reach)
    first = np.array([(max(day, date.min + around) - around).toordinal() // span for day in days], dtype=np.uint64)
    last = np.array([(min(day, date.max - around) + around).toordinal() // span for day in days], dtype=np.uint64)
    found: list[Keys] = []
    for step in range(2 * reach // span + 2):
        parts = first + np.uint64(step)
        within = np.repeat(parts <= last, counts)
        found.append(_placed(flat, np.repeat(parts, counts))[within])
    sought: Keys = np.sort(np.concatenate(found))
    fresh: Keys = sought[np.concatenate([[True], sought[1:] != sought[:-1]])[: len(sought)]]
    return fresh


def bare_keys(stored: Keys) -> Keys:
    """Return the hashes in stored keys."""
    return stored & HASH_MASK


def copy_keys(writer: Writer, table: str, keys: Keys, text_ids: NDArray[np.int64]) -> None:
    """COPY a text's number for each key, in the order of the index."""
    order = np.argsort(keys)
    rows = np.empty(len(keys), dtype=_COPY_ROW)
    rows["fields"], rows["size"], rows["size_2"] = 2, 8, 8
    rows["key"], rows["text_id"] = keys[order].astype(np.int64), text_ids[order]
    writer.copy(f"copy {table} from stdin (format binary)", _COPY_SIGNATURE + rows.tobytes() + _COPY_END)


class Writer:
    """COPY in a thread of its own, in the order given, so that the server stores what is ready while we go on deciding.

    Leaving the block waits. Who else uses the connection waits first.
    """

    def __init__(self, conn: Connection) -> None:
        self._connection = driver(conn)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="copy")
        self._given: list[Future[None]] = []

    def copy(self, statement: str, data: str | bytes) -> None:
        """Have `data` copied."""
        self._given.append(self._thread.submit(self._copy, statement, data))

    def wait(self) -> None:
        """Wait until all is stored. Raises what the server said to the first that was not."""
        given, self._given = self._given, []
        for future in given:
            future.result()

    def _copy(self, statement: str, data: str | bytes) -> None:
        with self._connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.write(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._thread.shutdown(wait=True)
        if kind is None:
            self.wait()


def _flat(keys: KeysOf) -> tuple[Keys, NDArray[np.int64]]:
    """Return all keys in one row, and how many each text has."""
    if isinstance(keys, np.ndarray):
        return keys.ravel(), np.full(len(keys), keys.shape[1] if keys.ndim > 1 else 1)
    flat = np.concatenate([np.empty(0, dtype=np.uint64), *keys])
    return flat, np.array([len(own) for own in keys], dtype=np.int64)


def _placed(flat: Keys, parts: NDArray[np.uint64]) -> Keys:
    return (parts << np.uint64(HASH_BITS)) | flat


BAND_LOOK_UP = {"span": BAND_DAYS, "reach": NEAR_DAYS}
STORY_LOOK_UP = {"span": STORY_DAYS, "reach": MAX_GAP}
