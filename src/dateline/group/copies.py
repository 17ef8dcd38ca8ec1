"""Decide which texts are copies of one another: the very same words, or most of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise

from dateline.group.signatures import Signature, similarity

NEAR_JACCARD = 0.75  # of all shingles in common: a reprint with its own headline and a line changed
NEAR_CONTAINED = 0.85  # of the shorter text's shingles in the longer: cut at the end, or a paragraph added
MIN_JACCARD = 0.35  # below that a short text inside a long one is a quotation, not a copy
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

    @property
    def rank(self) -> Order:
        """Order texts by who came first: time of publication, then the smaller id; unknown times come last."""
        tie = self.id if self.order is None else self.order
        return (
            (instant_of(self.published), 0, tie, "")
            if isinstance(tie, int)
            else (instant_of(self.published), 1, 0, tie)
        )


def instant_of(published: date | datetime | None) -> datetime:
    """Return an instant to order by: a day without a time is its beginning, a time without a zone is UTC."""
    if published is None:
        return datetime.max.replace(tzinfo=UTC)
    if isinstance(published, datetime):
        return published if published.tzinfo else published.replace(tzinfo=UTC)
    return datetime.combine(published, time.min, tzinfo=UTC)


def same_words(one: Signed, other: Signed) -> bool:
    """Say whether these are two articles with the very same words."""
    if one.article is not None and one.article == other.article:
        return False
    return one.signature.words > 0 and one.signature.sha256 == other.signature.sha256


def likeness(one: Signature, other: Signature) -> float | None:
    """Return how alike two copies are, None where they are none."""
    if one.words and one.sha256 == other.sha256:
        return 1.0
    if min(one.words, other.words) < MIN_WORDS:
        return None
    jaccard, contained = similarity(one, other)
    near = jaccard >= NEAR_JACCARD or (contained >= NEAR_CONTAINED and jaccard >= MIN_JACCARD)
    return jaccard if near else None


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


def candidate_pairs(signed: Sequence[Signed]) -> set[tuple[int, int]]:
    """Return the index pairs worth comparing: those that share a band or the very words.

    In each bucket a text meets the first and its neighbour, so that a thousand copies make two thousand pairs.
    """
    buckets: dict[object, list[int]] = {}
    for index, item in enumerate(signed):
        if item.signature.words:
            for key in (item.signature.sha256, *item.signature.bands):
                buckets.setdefault(key, []).append(index)
    pairs: set[tuple[int, int]] = set()
    for members in buckets.values():
        for before, index in pairwise(members):
            pairs.add((members[0], index))
            pairs.add((before, index))
    return pairs
