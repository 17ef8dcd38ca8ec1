"""Load what is known that may concern a batch of texts to be grouped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import Any, LiteralString

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from dateline.group import Copies, KnownText, Signature, Signed
from dateline.group.signatures import bands_of
from dateline.group.stories import Unit
from dateline.store.grouped_keys import (
    BAND_LOOK_UP,
    STORY_LOOK_UP,
    Numbers,
    NumbersDumper,
    bare_keys,
    sought_keys,
)
from dateline.store.rows import driver

MOST_TERMS = 1 << 18  # of which it is remembered in how many texts they stand: some 30 MB
MOST = 60  # texts that one key leads to; a key that more share tells of no one happening

# An array that comes from a sub-select keeps the planner from estimating each of its fifty thousand numbers.
_BANDED = "select distinct text_id from dateline.text_bands where band = any((select %b::bigint[])::bigint[])"
_SAME = text(
    "select text_id from dateline.text_signatures where sha256 = any(cast(string_to_array(:digests, ' ') as bytea[]))"
)
_COPIES = text("""
    select s.text_id, s.article_id, s.words, s.sha256, s.minhash, s.published_on, s.published_at,
        c.syndication_id, c.duplicate_of, m.story_id
    from unnest(cast(string_to_array(:ids, ' ') as bigint[])) as found (text_id) join dateline.text_signatures s using (text_id)
        join dateline.syndication_members c on c.text_id = s.text_id and c.valid_to is null
        join dateline.story_members m on m.text_id = s.text_id and m.valid_to is null
""")
_FREQUENCIES = text("select term, texts from dateline.term_counts where term = any(string_to_array(:terms, ' '))")
COUNTED = text("select coalesce((select texts from dateline.term_counts where term = ''), 0)")
_KEYED = "select key, text_id from dateline.text_story_keys where key = any((select %b::bigint[])::bigint[])"
_STORIES_OF = """
    select text_id, story_id from dateline.story_members
    where text_id = any((select %b::bigint[])::bigint[]) and valid_to is null
"""
_STORIES = text("""
    select s.story_id, s.articles, s.likeness, s.terms, s.weights, s.first_reported_on, s.last_reported_on,
        exists (select from dateline.story_members m
            where m.story_id = s.story_id and m.valid_to is null and m.decided_by = 'person') as by_hand
    from dateline.stories s where s.story_id = any(cast(string_to_array(:ids, ' ') as bigint[]))
""")


@contextmanager
def by_index(conn: Connection) -> Iterator[None]:
    """Let the planner look each key up. It takes ten thousand of them for a reason to read a table of millions whole."""
    names = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_bitmapscan", "jit")
    for name in names:
        conn.execute(text(f"set local {name} = off"))
    try:
        yield
    finally:
        for name in names:
            conn.execute(text(f"set local {name} to default"))


class TermCounts:
    """Know in how many texts terms stand, and remember it as long as no more texts are counted."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._texts = -1

    def load(self, conn: Connection, terms: Collection[str]) -> tuple[Mapping[str, int], int]:
        """Return in how many texts each term stands, others beside them, and how many texts were counted."""
        counted: int = conn.scalar(COUNTED) or 0
        if counted != self._texts or len(self._known) > MOST_TERMS:
            self._known, self._texts = {}, counted
        missing = terms - self._known.keys() if isinstance(terms, set) else set(terms) - self._known.keys()
        if missing:
            self._known.update(dict.fromkeys(missing, 0))
            # one string: adapting each of fifty thousand terms costs more than looking it up; none holds a blank
            self._known.update(conn.execute(_FREQUENCIES, {"terms": " ".join(sorted(missing))}).all())
        return self._known, counted


def terms_of(batch: Iterable[Signed]) -> set[str]:
    """Return all terms of a batch."""
    return set(chain.from_iterable(item.signature.terms for item in batch))


def load_copies(conn: Connection, batch: Sequence[Signed], *, today: date) -> list[KnownText]:
    """Return the texts of some weeks that share a band with some text of the batch, and those with the very words."""
    worded = [item for item in batch if item.signature.minhash]
    bands = bands_of([item.signature.minhash for item in worded])
    sought = sought_keys(bands, days_of(worded, today), **BAND_LOOK_UP)
    found = {text_id for (text_id,) in _fetch(conn, _BANDED, sought)}
    digests = " ".join(sorted({f"\\x{item.signature.sha256.hex()}" for item in worded}))
    found |= set(conn.scalars(_SAME, {"digests": digests}))
    rows = conn.execute(_COPIES, {"ids": listed(found)}).mappings()
    return [
        KnownText(
            signed=Signed(
                id=row["text_id"],
                signature=Signature(
                    words=row["words"], sha256=bytes(row["sha256"]), minhash=bytes(row["minhash"] or b""), terms=(),
                    weights=(),
                ),
                published=row["published_at"] or row["published_on"],
                day=row["published_on"],
                article=row["article_id"],
            ),
            syndication=row["syndication_id"],
            story=row["story_id"],
            original=row["duplicate_of"],
        )
        for row in rows
    ]  # fmt: skip


def load_stories(conn: Connection, copies: Copies, *, today: date) -> dict[int, Unit]:
    """Return the stories of these days that share a key with the batch, and those that hold a copy of one of its texts."""
    keys = _keyed(conn, copies, today)
    for family in copies.families:
        for story in family.stories:
            keys.setdefault(story, set())
    return _stories(conn, keys)


def listed(ids: Iterable[int]) -> str:
    """Return numbers as one string, for string_to_array: adapting each by itself takes longer than all else."""
    return " ".join(map(str, sorted(ids)))


def days_of(batch: Iterable[Signed], today: date) -> list[date]:
    """Return the day of each text; one without a date is taken to be of the day on which it came."""
    return [item.day or today for item in batch]


def _keyed(conn: Connection, copies: Copies, today: date) -> dict[int, set[int]]:
    """Return the stories that share a key with the batch, and which keys."""
    leaders = [family.new[0] for family in copies.founding]
    rows = _fetch(conn, _KEYED, sought_keys(copies.keys, days_of(leaders, today), **STORY_LOOK_UP))
    found = _latest(np.array(rows, dtype=np.int64).reshape(-1, 2))
    ids = np.unique(found[:, 1])
    story_of: dict[int, int] = dict(_fetch(conn, _STORIES_OF, ids))
    keys: dict[int, set[int]] = {}
    for key, text_id in zip(bare_keys(found[:, 0].view(np.uint64)).tolist(), found[:, 1].tolist(), strict=True):
        if text_id in story_of:  # a forgotten text's keys stay, and lead nowhere
            keys.setdefault(story_of[text_id], set()).add(key)
    return keys


def _latest(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return of each key's texts the MOST that were stored last."""
    rows = rows[np.lexsort((-rows[:, 1], rows[:, 0]))]
    if len(rows) <= MOST:
        return rows
    kept: NDArray[np.int64] = rows[np.concatenate([np.full(MOST, True), rows[MOST:, 0] != rows[:-MOST, 0]])]
    return kept


def _fetch(conn: Connection, statement: LiteralString, keys: NDArray[Any]) -> list[Any]:
    if not len(keys):
        return []
    with driver(conn).cursor(binary=True) as cursor:
        cursor.adapters.register_dumper(Numbers, NumbersDumper)
        return cursor.execute(statement, [Numbers(keys)]).fetchall()


def _stories(conn: Connection, keys: dict[int, set[int]]) -> dict[int, Unit]:
    rows = conn.execute(_STORIES, {"ids": listed(keys)}).mappings()
    return {
        row["story_id"]: Unit(
            vector=dict(zip(row["terms"], row["weights"], strict=True)),
            size=max(1, row["articles"]),
            within=row["likeness"],
            first=row["first_reported_on"],
            last=row["last_reported_on"],
            stories=[row["story_id"]],
            keys=sorted(keys[row["story_id"]]),
            settled_by_hand=row["by_hand"],
        )
        for row in rows
    }
