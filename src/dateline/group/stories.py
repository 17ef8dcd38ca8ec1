"""Join articles about one happening, by average link over names and rare words; pure decisions, no store.

A unit is a story as known so far, or one article. Two units join when they are alike enough for the days between them,
and, once both are stories of some size, when they are about as alike to each other as each is within itself: two
earthquakes in one place share most of their words, yet each is more like itself.

The most alike pair joins first, equal pairs in the order of their keys, so the order of arrival changes nothing.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from dateline.group.vectors import Hashes, Vector

MIN_SIMILARITY = 0.17  # mean cosine; articles about one happening lie between .25 and .6, unrelated ones below .1
DAYS_TO_DOUBLE = 7  # MIN_SIMILARITY doubles for articles so many days apart
MAX_GAP = 10  # days without an article after which a story is over
MAX_SPAN = 45  # days from a story's first article to its last
SETTLED = 4  # articles from which a story's likeness to itself means something
SELF_SHARE = 0.75  # of the likeness within, that settled stories must have to each other to be one
LONE_SHARE = 0.4  # the same for a unit that is not settled yet
NO_KEYS: Hashes = np.empty(0, dtype=np.uint64)


@dataclass(slots=True)
class Unit:
    """Be a story or an article: sum of its articles' unit vectors, and how alike they are."""

    vector: Vector
    size: int = 1
    within: float = 0.0  # sum of the similarities of all pairs of its articles
    first: date | None = None
    last: date | None = None
    texts: list[int] = field(default_factory=list)  # articles of this batch, earliest first
    stories: list[int] = field(default_factory=list)  # stories known before
    keys: Hashes = field(default_factory=NO_KEYS.copy)  # by which it is found
    settled_by_hand: bool = False  # a person placed an article in it: no rule merges it with another story

    @property
    def cohesion(self) -> float:
        """Return the mean similarity of its articles."""
        return self.within / (self.size * (self.size - 1) / 2) if self.size > 1 else 1.0

    def similarity(self, other: Unit) -> float:
        """Return the mean similarity of this unit's articles to the other's."""
        return _dot(self.vector.opened, other.vector.opened) / (self.size * other.size)

    def joined(self, other: Unit) -> Unit:
        """Return what the two are together."""
        days = [day for day in (self.first, self.last, other.first, other.last) if day is not None]
        return Unit(
            vector=self.vector + other.vector,
            size=self.size + other.size,
            within=self.within + other.within + self.similarity(other) * self.size * other.size,
            first=min(days, default=None),
            last=max(days, default=None),
            texts=self.texts + other.texts,
            stories=sorted(self.stories + other.stories),
            keys=self.keys,
            settled_by_hand=self.settled_by_hand or other.settled_by_hand,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Record that units became one: the batch's articles in them, how alike they were and by which words."""

    texts: tuple[int, ...]
    stories: tuple[int, ...]
    similarity: float
    terms: tuple[str, ...]


def agglomerate(units: Sequence[Unit], pairs: Iterable[tuple[int, int]]) -> tuple[list[Unit], list[Join]]:
    """Join units until none is alike enough; return what they are then, and the joins in order.

    `pairs` are the indices of those worth comparing. Equal pairs join in the order of `units`, so give known stories
    first, then articles by time of publication.
    """
    return _Agglomeration(units, pairs).run()


class _Agglomeration:
    """Keep what is alive, what is near what, and which pair is the most alike."""

    def __init__(self, units: Sequence[Unit], pairs: Iterable[tuple[int, int]]) -> None:
        self.alive: dict[int, Unit] = dict(enumerate(units))
        self.order = {index: index for index in self.alive}  # of a joined unit: its first part's
        self.near: dict[int, set[int]] = {index: set() for index in self.alive}
        self.apart: dict[int, set[int]] = {index: set() for index in self.alive}  # refused: stay apart
        self.heap: list[tuple[float, int, int, int, int]] = []
        for one, other in pairs:
            if one != other and other not in self.near[one]:
                self.near[one].add(other)
                self.near[other].add(one)
                self._offer(one, other)

    def _offer(self, one: int, other: int) -> None:
        similarity = self.alive[one].similarity(self.alive[other])
        if similarity >= MIN_SIMILARITY:
            low, high = sorted((one, other), key=self.order.__getitem__)
            # rounded, so that sums added in another order compare equal
            heapq.heappush(self.heap, (-round(similarity, 9), self.order[low], self.order[high], low, high))

    def run(self) -> tuple[list[Unit], list[Join]]:
        joins: list[Join] = []
        while self.heap:
            negative, _, _, low, high = heapq.heappop(self.heap)
            if low not in self.alive or high not in self.alive:
                continue
            if may_join(self.alive[low], self.alive[high], -negative):
                joins.append(self._join(low, high, -negative))
            else:
                self.apart[low].add(high)
                self.apart[high].add(low)
        return [self.alive[index] for index in sorted(self.alive, key=self.order.__getitem__)], joins

    def _join(self, low: int, high: int, similarity: float) -> Join:
        a, b = self.alive.pop(low), self.alive.pop(high)
        index = len(self.order)
        self.order[index] = self.order[low]
        self.alive[index] = a.joined(b)
        around = {other for part in (low, high) for other in self.near.pop(part) if other in self.alive}
        apart = {other for part in (low, high) for other in self.apart.pop(part) if other in self.alive}
        around.discard(index)
        self.near[index], self.apart[index] = around, apart
        for other in around:
            self.near[other] -= {low, high}
            self.near[other].add(index)
        for other in apart:
            self.apart[other].add(index)
        for other in sorted(around - apart, key=self.order.__getitem__):
            self._offer(index, other)
        together = self.alive[index]
        return Join(
            texts=tuple(together.texts), stories=tuple(together.stories), similarity=round(similarity, 4),
            terms=_shared(a.vector, b.vector),
        )  # fmt: skip


def may_join(a: Unit, b: Unit, similarity: float) -> bool:
    """Say whether two units that are so alike tell of one happening."""
    if a.stories and b.stories and (a.settled_by_hand or b.settled_by_hand):
        return False
    gap = days_between(a, b)
    if gap is not None and (gap > MAX_GAP or _span(a, b) > MAX_SPAN):
        return False
    if similarity < MIN_SIMILARITY * (1 + (gap or 0) / DAYS_TO_DOUBLE):
        return False
    if min(a.size, b.size) >= SETTLED:
        return similarity >= SELF_SHARE * min(a.cohesion, b.cohesion)
    larger = a if a.size >= b.size else b
    return larger.size < SETTLED or similarity >= LONE_SHARE * larger.cohesion


def days_between(a: Unit, b: Unit) -> int | None:
    """Return the days from the end of one to the beginning of the other, 0 where they overlap, None where unknown."""
    if a.first is None or a.last is None or b.first is None or b.last is None:
        return None
    return max(0, (b.first - a.last).days, (a.first - b.last).days)


def _span(a: Unit, b: Unit) -> int:
    days = [day for day in (a.first, b.first, a.last, b.last) if day is not None]
    return (max(days) - min(days)).days if days else 0


def _dot(a: Mapping[int, float], b: Mapping[int, float]) -> float:
    return math.fsum([a[term] * b[term] for term in a.keys() & b.keys()])  # exact, in whatever order


def _shared(a: Vector, b: Vector) -> tuple[str, ...]:
    one, two, names = a.opened, b.opened, a.names
    found = sorted((-one[term] * two[term], names[term]) for term in one.keys() & two.keys())
    return tuple([word for _, word in found[:5]])
