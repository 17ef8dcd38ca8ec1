"""Decide which texts are copies of one another: the very same words, or most of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from dateline.group.signatures import Signature, bands_of, day_of, similarity

NEAR_JACCARD = 0.75  # of all shingles in common: a reprint with its own headline and a line changed
NEAR_CONTAINED = 0.85  # of the shorter text's shingles in the longer: cut at the end, or a paragraph added
MIN_JACCARD = 0.35  # below that a short text inside a long one is a quotation, not a copy
NEAR_DAYS = 30  # a reprint comes within weeks; later, only the very same words are a copy
MIN_WORDS = 20  # shorter texts are captions and notices: only the very same words make them copies

Order = tuple[datetime, int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Be a text among which copies and stories are looked for. `order` settles who is first among equals in time."""

    id: int
    signature: Signature
    published: date | datetime | None = None
    order: int | str | None = None  # the id that users know; the text's own where None
    article: int | None = None  # of which it is a text; another text of one article is no copy of it
    day: date | None = None  # of publication on the publisher's calendar; that of `published` unless given
    rank: Order = field(init=False)  # who came first: time of publication, then the smaller id; unknown times come last

    def __post_init__(self) -> None:
        tie = self.id if self.order is None else self.order
        place = (0, tie, "") if isinstance(tie, int) else (1, 0, tie)
        object.__setattr__(self, "rank", (instant_of(self.published), *place))
        if self.day is None:
            object.__setattr__(self, "day", day_of(self.published))


LAST = datetime.max.replace(tzinfo=UTC)


def instant_of(published: date | datetime | None) -> datetime:
    """Return an instant to order by: a day without a time is its beginning, a time without a zone is UTC."""
    if published is None:
        return LAST
    if isinstance(published, datetime):
        return published if published.tzinfo else published.replace(tzinfo=UTC)
    return datetime(published.year, published.month, published.day, tzinfo=UTC)


def same_words(one: Signed, other: Signed) -> bool:
    """Say whether these are two articles with the very same words."""
    if one.article is not None and one.article == other.article:
        return False
    return one.signature.words > 0 and one.signature.sha256 == other.signature.sha256


def likeness(one: Signed, other: Signed) -> float | None:
    """Return how alike two copies are, None where they are none."""
    a, b = one.signature, other.signature
    if a.words and a.sha256 == b.sha256:
        return 1.0
    if min(a.words, b.words) < MIN_WORDS or not _near_in_time(one.day, other.day):
        return None
    jaccard, contained = similarity(a, b)
    near = jaccard >= NEAR_JACCARD or (contained >= NEAR_CONTAINED and jaccard >= MIN_JACCARD)
    return jaccard if near else None


def _near_in_time(one: date | None, other: date | None) -> bool:
    return one is None or other is None or abs((one - other).days) <= NEAR_DAYS


class Groups:
    """Join ids into groups (union-find)."""

    def __init__(self, ids: Iterable[int]) -> None:
        self._parent = {id_: id_ for id_ in ids}

    def find(self, id_: int) -> int:
        """Return the group's representative: its smallest id."""
        root = id_
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[id_] != root:
            self._parent[id_], id_ = root, self._parent[id_]
        return root

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        low, high = sorted((self.find(one), self.find(other)))
        self._parent[high] = low

    def groups(self) -> list[list[int]]:
        """Return the groups."""
        found: dict[int, list[int]] = {}
        for id_ in self._parent:
            found.setdefault(self.find(id_), []).append(id_)
        return list(found.values())


def candidate_pairs(signed: Sequence[Signed]) -> list[tuple[int, int]]:
    """Return the index pairs worth comparing, in order: those that share a band or the very words.

    In each bucket a text meets the first and its neighbour, so that a thousand copies make two thousand pairs.
    """
    worded = [index for index, item in enumerate(signed) if item.signature.minhash]
    if not worded:
        return []
    bands = bands_of([signed[index].signature.minhash for index in worded])
    digests = [int.from_bytes(signed[index].signature.sha256[:8], "little") for index in worded]
    buckets = np.column_stack([bands, np.array(digests, dtype=np.uint64)])
    members = np.repeat(np.array(worded), buckets.shape[1])
    pairs = to_neighbours(buckets.ravel(), members, first=True)
    return [(one, other) for one, other in pairs.tolist()]


def to_neighbours(
    keys: NDArray[np.uint64], members: NDArray[np.int64], *, reach: int = 1, first: bool = False
) -> NDArray[np.int64]:
    """Pair those that share a key, lower member first: each with the `reach` before it, and with the `first` of all."""
    keys, members = _shared(keys, members)
    order = np.lexsort((members, keys))
    keys, members = keys[order], members[order]
    found: list[NDArray[np.int64]] = []
    for step in range(1, min(reach, len(keys) - 1) + 1):
        (at,) = np.nonzero(keys[step:] == keys[:-step])
        if not len(at):
            break
        found.append(_pairs(members[at], members[at + step]))
    if first and found:
        starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
        begin = np.repeat(members[starts], np.diff([*starts, len(keys)]))
        found.append(_pairs(begin, members))
    pairs = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    return np.column_stack([pairs >> 32, pairs & 0xFFFFFFFF])


def _shared(keys: NDArray[np.uint64], members: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Leave out the keys that stand once, as most do: sorting numbers is fast, sorting them with what hangs on them is not."""
    ordered = np.sort(keys)
    shared = np.isin(keys, ordered[1:][ordered[1:] == ordered[:-1]])
    return keys[shared], members[shared]


def _pairs(low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """Write each pair as one number, those of one with itself left out."""
    apart = low < high
    return low[apart] << 32 | high[apart]
