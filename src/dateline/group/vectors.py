"""Weigh texts' terms by how rare they are, for a whole batch at once, and make the keys by which stories are found.

A term is a hash of 64 bits here; its word is looked up only where a person will read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dateline.group.signatures import HASH_MASK, mix
from dateline.group.terms import UNIT, Terms, hashes_of

Hashes = NDArray[np.uint64]
Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Frequencies = Callable[
    [Hashes], tuple[Whole, int]
]  # in how many texts known so far each term stands, and how many they are

KEY_TERMS = 10  # heaviest terms; every pair of them is a key by which candidates are found
PRIOR_TEXTS = 200  # imagined texts beside those counted, so that words weigh something in an empty store,
PRIOR_COUNT = 5.0  # and in how many of them a word stands, so that one text does not make a word the rarest
NO_WEIGHTS: Reals = np.empty(0)
LEAST_RARITY = 1e-6  # of a word that stands everywhere, or was counted in more texts than there are by now
VECTOR = 100  # terms kept of a story


class Vector:
    """Be the weighed terms of a text or story. It is opened when it is compared: most texts are like no other.

    `names` has the word of each term of the vectors opened so far; those that are compared share it.
    """

    __slots__ = ("_hashes", "_opened", "_order", "_weights", "_words", "names")

    def __init__(
        self,
        words: str,
        weights: Reals,
        *,
        names: dict[int, str],
        hashes: Hashes | None = None,
        order: Whole | None = None,
        opened: dict[int, float] | None = None,
    ) -> None:
        """Take words with blanks between, in this order or in `order`, and the weights, which come heaviest first."""
        self._words, self._weights, self._hashes, self._order = words, weights, hashes, order
        self._opened = opened
        self.names = names

    @property
    def opened(self) -> Mapping[int, float]:
        """Return the weight of each term."""
        if self._opened is None:
            words = self._ranked()
            hashes = (hashes_of(words) if self._hashes is None else self._hashes).tolist()
            self._opened = dict(zip(hashes, self._weights.tolist(), strict=True))
            self.names.update(zip(hashes, words, strict=True))
        return self._opened

    def __add__(self, other: Vector) -> Vector:
        """Return the sum."""
        one, two = self.opened, other.opened
        opened = {**one, **two}
        for term in one.keys() & two.keys():
            opened[term] = one[term] + two[term]
        names = self.names if self.names is other.names else {**self.names, **other.names}
        return Vector("", NO_WEIGHTS, names=names, opened=opened)

    def heaviest(self, most: int = VECTOR) -> tuple[list[str], Reals]:
        """Return the terms that matter most with their weights, heaviest first."""
        if self._words or not self._opened:
            return self._ranked(most), self._weights[:most]
        terms = np.fromiter(self._opened, dtype=np.uint64)
        weights = np.fromiter(self._opened.values(), dtype=np.float64)
        order = np.lexsort((terms, -weights))[:most]
        return [self.names[term] for term in terms[order].tolist()], weights[order]

    def _ranked(self, most: int | None = None) -> list[str]:
        words = self._words.split()
        return words[:most] if self._order is None else [words[at] for at in self._order[:most].tolist()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Hold the vectors of several texts, the keys of each, and in how many of these texts each term stands."""

    vectors: list[Vector]
    keys: list[Hashes]
    terms: Hashes  # each once
    counts: Whole
    names: dict[int, str]  # of the vectors


def none_known(terms: Hashes) -> tuple[Whole, int]:
    """Be the frequencies of an empty store."""
    return np.zeros(len(terms), dtype=np.int64), 0


def weigh(found: Sequence[Terms], frequencies: Frequencies = none_known, *, counted: bool = True) -> Weighed:
    """Return each text's unit vector.

    A term weighs by how often it stands in the text, and by how rare it is among these and the texts known before. Where these
    were `counted` before, they do not count again (pass False).
    """
    hashes = np.frombuffer(b"".join([own.hashes for own in found]), dtype="<u8").astype(np.uint64)
    weights = np.frombuffer(b"".join([own.weights for own in found]), dtype="<i4") / UNIT
    terms, places = _numbered(hashes)
    counts = np.bincount(places, minlength=len(terms)) if counted else np.zeros(len(terms), dtype=np.int64)
    known, texts = frequencies(terms)
    rarity = np.log((texts + len(found) * counted + PRIOR_TEXTS) / (counts + known + PRIOR_COUNT)).clip(
        min=LEAST_RARITY
    )
    lengths = np.array([len(own) for own in found], dtype=np.int64)
    filled = np.arange(lengths.max(initial=0)) < lengths[:, None]  # a row a text
    order, unit = _ranked(_grid(filled, weights * rarity[places]), _grid(filled, places), most=len(terms))
    ranked = np.take_along_axis(_grid(filled, hashes), order, axis=1)
    sizes = lengths.tolist()
    names: dict[int, str] = {}
    vectors = [
        Vector(own.words, unit[row, :size], names=names, hashes=ranked[row, :size], order=order[row, :size])
        for row, (own, size) in enumerate(zip(found, sizes, strict=True))
    ]
    return Weighed(vectors=vectors, keys=keys_of(ranked, lengths), terms=terms, counts=counts, names=names)


def keys_of(ranked: Hashes, lengths: Whole) -> list[Hashes]:
    """Return the keys by which texts find others: a hash of each pair of the heaviest terms, which come first in a text's row."""
    keys: list[Hashes] = [np.empty(0, dtype=np.uint64)] * len(ranked)
    sizes = np.minimum(lengths, KEY_TERMS)
    for size in set(sizes.tolist()) - {0, 1}:
        (rows,) = np.nonzero(sizes == size)
        top = np.sort(ranked[rows, :size], axis=1)
        one, other = np.triu_indices(size, 1)
        mixed = mix(mix(np.zeros((len(rows), len(one)), dtype=np.uint64), top[:, one]), top[:, other]) & HASH_MASK
        for row, own in zip(rows.tolist(), mixed, strict=True):
            keys[row] = own
    return keys


def _numbered(hashes: Hashes) -> tuple[Hashes, Whole]:
    """Return each hash once, in order, and the place there of each that was given."""
    order = np.argsort(hashes)
    ordered = hashes[order]
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    places = np.empty(len(ordered), dtype=np.int64)
    places[order] = np.cumsum(fresh) - 1
    return ordered[fresh], places


def _grid(filled: NDArray[np.bool_], flat: NDArray[Any]) -> NDArray[Any]:
    """Put what stands in a row, text after text, into a row a text."""
    grid = np.zeros(filled.shape, dtype=flat.dtype)
    grid[filled] = flat
    return grid


def _ranked(grid: Reals, ties: Whole, *, most: int) -> tuple[Whole, Reals]:
    """Return each row's places, heaviest first, ties as `ties` (below `most`) go, and its weights in that order, of length one.

    Weight and tie make one whole number, since sorting numbers once is fast: a positive real's bits grow with it. The lowest
    of them give way, which part weights that differ by less than a billionth.
    """
    kept = np.int64(-1) << np.int64(most.bit_length())
    order = np.argsort(-(grid.view(np.int64) & kept) + ties, axis=1)
    ranked = np.take_along_axis(grid, order, axis=1)
    norms = np.sqrt((ranked * ranked).sum(axis=1, keepdims=True))
    return order, ranked / np.where(norms > 0, norms, 1.0)
