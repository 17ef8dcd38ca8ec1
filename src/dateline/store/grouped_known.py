"""Load what is known that may concern a batch of texts to be grouped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from dateline.group import Copies, KnownText, Signature, Signed
from dateline.group.signatures import bands_of
from dateline.group.stories import NO_KEYS, Unit
from dateline.group.terms import Terms
from dateline.group.vectors import Hashes, Vector
from dateline.store.grouped_keys import BAND_LOOK_UP, STORY_LOOK_UP, bare_keys, sought_keys
from dateline.store.numbers import fetch, sorted_numbers

MOST_TERMS = 1 << 18  # of which it is remembered in how many texts they stand: 4 MB
NO_TERMS = Terms()
MOST = 60  # texts that one key leads to; a key that more share tells of no one happening

# An array that comes from a sub-select keeps the planner from estimating each of its fifty thousand numbers.
_BANDED = "select distinct text_id from dateline.text_bands where band = any((select %b::bigint[])::bigint[])"
_SAME = text(
    "select text_id from dateline.text_signatures where sha256 = any(cast(string_to_array(:digests, ' ') as bytea[]))"
)
_COPIES = """
    select s.text_id, s.article_id, s.words, s.sha256, s.minhash, s.published_on, s.published_at,
        c.syndication_id, c.duplicate_of, m.story_id
    from unnest(%b::bigint[]) as found (text_id) join dateline.text_signatures s using (text_id)
        join dateline.syndication_members c on c.text_id = s.text_id and c.valid_to is null
        join dateline.story_members m on m.text_id = s.text_id and m.valid_to is null
"""
_FREQUENCIES = "select term, texts from dateline.term_counts where term = any((select %b::bigint[])::bigint[])"
COUNTED = text("select coalesce((select texts from dateline.term_counts where term = 0), 0)")
_KEYED = "select key, text_id from dateline.text_story_keys where key = any((select %b::bigint[])::bigint[])"
_STORIES_OF = """
    select text_id, story_id from dateline.story_members
    where text_id = any((select %b::bigint[])::bigint[]) and valid_to is null
"""
_STORIES = """
    select s.story_id, s.articles, s.likeness, s.terms, s.weights, s.first_reported_on, s.last_reported_on,
        exists (select from dateline.story_members m
            where m.story_id = s.story_id and m.valid_to is null and m.decided_by = 'person') as by_hand
    from dateline.stories s where s.story_id = any((select %b::bigint[])::bigint[])
"""


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
        self._terms: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)  # those known, in order
        self._counts: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._texts = -1

    def load(self, conn: Connection, terms: NDArray[np.uint64]) -> tuple[NDArray[np.int64], int]:
        """Return in how many texts each of these terms stands, by hash, each given once, and how many texts were counted."""
        counted: int = conn.scalar(COUNTED) or 0
        if counted != self._texts or len(self._terms) > MOST_TERMS:
            self.__init__()  # type: ignore[misc]
            self._texts = counted
        missing = np.setdiff1d(terms, self._terms, assume_unique=True)
        if len(missing):
            self._learn(missing, fetch(conn, _FREQUENCIES, missing))
        return self._counts[np.searchsorted(self._terms, terms)], counted

    def _learn(self, missing: NDArray[np.uint64], rows: Sequence[tuple[int, int]]) -> None:
        """Remember what was found of terms; those that were not found stand nowhere."""
        found = np.array(rows, dtype=np.int64).reshape(-1, 2)
        counts = np.zeros(len(missing), dtype=np.int64)
        missing = np.sort(missing)
        counts[np.searchsorted(missing, found[:, 0].view(np.uint64))] = found[:, 1]
        terms = np.concatenate([self._terms, missing])
        order = np.argsort(terms)
        self._terms, self._counts = terms[order], np.concatenate([self._counts, counts])[order]


def load_copies(conn: Connection, batch: Sequence[Signed], *, today: date) -> list[KnownText]:
    """Return the texts of some weeks that share a band with some text of the batch, and those with the very words."""
    worded = [item for item in batch if item.signature.minhash]
    bands = bands_of([item.signature.minhash for item in worded])
    sought = sought_keys(bands, days_of(worded, today), **BAND_LOOK_UP)
    found = {text_id for (text_id,) in fetch(conn, _BANDED, sought)}
    digests = " ".join(sorted({f"\\x{item.signature.sha256.hex()}" for item in worded}))
    found |= set(conn.scalars(_SAME, {"digests": digests}))
    return [
        KnownText(
            signed=Signed(
                id=text_id,
                signature=Signature(words=words, sha256=sha256, minhash=minhash or b"", terms=NO_TERMS),
                published=instant or day,
                day=day,
                article=article,
            ),
            syndication=syndication,
            story=story,
            original=original,
        )
        for text_id, article, words, sha256, minhash, day, instant, syndication, original, story in fetch(
            conn, _COPIES, sorted_numbers(found)
        )
    ]


def load_stories(conn: Connection, copies: Copies, *, today: date) -> dict[int, Unit]:
    """Return the stories of these days that share a key with the batch, and those that hold a copy of one of its texts."""
    keys = _keyed(conn, copies, today)
    for family in copies.families:
        for known in family.old:
            keys.setdefault(known.story, NO_KEYS)
    return _stories(conn, keys, copies.weighed.names)


def days_of(batch: Iterable[Signed], today: date) -> list[date]:
    """Return the day of each text; one without a date is taken to be of the day on which it came."""
    return [item.day or today for item in batch]


def _keyed(conn: Connection, copies: Copies, today: date) -> dict[int, Hashes]:
    """Return the stories that share a key with the batch, and which keys."""
    leaders = [family.new[0] for family in copies.founding]
    rows = fetch(conn, _KEYED, sought_keys(copies.weighed.keys, days_of(leaders, today), **STORY_LOOK_UP))
    if not rows:
        return {}
    found = _latest(np.array(rows, dtype=np.int64))
    homes = np.array(fetch(conn, _STORIES_OF, np.unique(found[:, 1])), dtype=np.int64).reshape(-1, 2)
    homes = homes[np.argsort(homes[:, 0])]
    found = found[np.isin(found[:, 1], homes[:, 0])]  # a forgotten text's keys stay, and lead nowhere
    stories = homes[np.searchsorted(homes[:, 0], found[:, 1]), 1]
    keys = bare_keys(found[:, 0].astype(np.uint64))
    order = np.lexsort((keys, stories))
    stories, keys = stories[order], keys[order]
    numbers, starts = np.unique(stories, return_index=True)
    return dict(zip(numbers.tolist(), map(np.unique, np.split(keys, starts[1:])), strict=True))


def _latest(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return of each key's texts the MOST that were stored last."""
    rows = rows[np.lexsort((-rows[:, 1], rows[:, 0]))]
    if len(rows) <= MOST:
        return rows
    kept: NDArray[np.int64] = rows[np.concatenate([np.full(MOST, True), rows[MOST:, 0] != rows[:-MOST, 0]])]
    return kept


def _stories(conn: Connection, keys: Mapping[int, Hashes], names: dict[int, str]) -> dict[int, Unit]:
    return {
        story: Unit(
            vector=Vector(terms, unpacked_weights(weights), names=names),
            size=max(1, articles),
            within=likeness,
            first=first,
            last=last,
            stories=[story],
            keys=keys[story],
            settled_by_hand=by_hand,
        )
        for story, articles, likeness, terms, weights, first, last, by_hand in fetch(
            conn, _STORIES, sorted_numbers(keys)
        )
    }


def packed_weights(weights: NDArray[np.float64]) -> bytes:
    """Write a story's weights as they are stored."""
    return weights.astype(">f4").tobytes()


def unpacked_weights(stored: bytes) -> NDArray[np.float64]:
    """Return a story's weights."""
    return np.frombuffer(stored, dtype=">f4").astype(np.float64)
