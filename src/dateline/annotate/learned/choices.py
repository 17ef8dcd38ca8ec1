"""Choose the names of texts by the weights of a spaCy entity recognizer, as its greedy search does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IS_SPACE, SENT_START
from spacy.strings import StringStore
from spacy.tokens import Doc
from thinc.api import Model

from dateline.annotate.learned.network import Floats, Network, weights_of

FEATURES = 3  # the token, the first of its name, the one before it in the name
PIECES = 2
TOGETHER = 12  # steps for which all begun names are followed; longer ones are followed once it is known that they stand
BEGIN, INSIDE, LAST, UNIT, OUT = "BILUO"
BLOCKED = "U-"  # spaCy's own, for words that somebody says are no name: never taken here

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Found = tuple[int, int, int]  # first token, end, label


@dataclass(frozen=True, slots=True)
class _Actions:
    """Name the actions by their columns among the scores."""

    free: Ints  # those that can be taken outside a name: begin, unit, out
    begins: Bools  # of `free`
    names: Bools  # of `free`: those that make a name, be it of one token or of more
    inside: Ints  # of each action: the one that goes on with the name that it begins
    last: Ints  # of each action: the one that ends it
    labels: list[int]


class Chooser:
    """Hold what decides on names."""

    def __init__(self, network: Network, model: Model[Any, Any], actions: _Actions) -> None:
        linear, (lower, upper) = model.layers[0].layers[-1], model.layers[1:]
        hidden, pieces, inner = (lower.get_dim(name) for name in ("nO", "nP", "nI"))
        self._network = network
        self._actions = actions
        self._words: tuple[Floats, Floats] = (weights_of(linear, "W").T.copy(), weights_of(linear, "b"))
        by_piece = weights_of(lower, "W").transpose(3, 0, 2, 1)  # the pieces of all hidden numbers side by side
        self._lower: Floats = np.ascontiguousarray(by_piece.reshape(inner, FEATURES * pieces * hidden))
        self._pad: Floats = np.ascontiguousarray(weights_of(lower, "pad")[0].transpose(0, 2, 1)).reshape(FEATURES, -1)
        self._bias: Floats = np.ascontiguousarray(weights_of(lower, "b").T).ravel()
        self._upper: tuple[Floats, Floats] = (weights_of(upper, "W"), weights_of(upper, "b"))
        self._free: tuple[Floats, Floats] = (self._upper[0][actions.free].T.copy(), self._upper[1][actions.free])

    @classmethod
    def of(cls, model: Model[Any, Any], moves: Sequence[str], strings: StringStore) -> Chooser | None:
        """Take a recognizer's model apart; None where it is not built as we know it."""
        if not model.attrs.get("has_upper") or model.attrs.get("unseen_classes") or len(model.layers) != 3:  # noqa: PLR2004
            return None
        words, lower, upper = model.layers
        if [layer.name for layer in words.layers[1:]] != ["list2array", "linear"]:
            return None
        if lower.name != "precomputable_affine" or lower.get_dim("nF") != FEATURES or lower.get_dim("nP") != PIECES:
            return None
        network, actions = Network.of(words.layers[0]), _actions(moves, strings)
        if network is None or actions is None or upper.name != "linear" or upper.get_dim("nO") != len(moves):
            return None
        return cls(network, model, actions)

    def choose(self, docs: Sequence[Doc], *, together: int = TOGETHER) -> Iterator[list[Found]]:
        """Yield the names of each text. `together`: steps that are taken for all begun names at once."""
        lengths = [len(doc) for doc in docs]
        if not any(lengths):
            yield from ([] for _ in docs)
            return
        words: Floats = np.concatenate([vectors for vectors in self._network.read(docs) if len(vectors)])
        weights, bias = self._words
        features: Floats = np.matmul(words @ weights + bias, self._lower).reshape(len(words), FEATURES, -1)
        space, open_ended = _limits(docs)
        taken = self._free_choices(features, space, open_ended)
        begun = np.flatnonzero(self._actions.begins[taken])
        walk = _Walk(self, features, open_ended)
        ends = dict(
            zip(begun.tolist(), walk.together(begun, self._actions.free[taken[begun]], together).tolist(), strict=True)
        )
        chosen = np.flatnonzero(self._actions.names[taken])
        actions = self._actions.free[taken[chosen]].tolist()
        found: list[Found] = []
        free = 0
        for start, action in zip(chosen.tolist(), actions, strict=True):
            if start < free:
                continue
            free = ends.get(start, start + 1)
            if free < 0:
                free = walk.alone(start, action)
            found.append((start, free, self._actions.labels[action]))
        yield from _by_text(found, lengths)

    def _free_choices(self, features: Floats, space: Bools, open_ended: Bools) -> Ints:
        """Return what each token would do outside a name, as a column of the free actions."""
        sums = features[:, 0] + self._pad[1]
        sums += self._pad[2]
        weights, bias = self._free
        scores = self._hidden(sums) @ weights
        scores += bias
        scores[np.ix_(~open_ended, self._actions.begins)] = -np.inf
        scores[np.ix_(space, self._actions.names)] = -np.inf
        taken: Ints = scores.argmax(axis=1)
        return taken

    def _hidden(self, sums: Floats) -> Floats:
        sums += self._bias
        half = sums.shape[1] // PIECES
        hidden: Floats = np.maximum(sums[:, :half], sums[:, half:])
        return hidden

    def goes_on(self, features: Floats, at: Ints, starts: Ints, actions: Ints) -> Bools:
        """Say of each begun name whether it goes on behind the token `at`, rather than ending with it."""
        sums = features[at, 0] + features[starts, 1]
        sums += features[at - 1, 2]
        hidden = self._hidden(sums)
        weights, bias = self._upper
        inside, last = self._actions.inside[actions], self._actions.last[actions]
        stay = np.einsum("ij,ij->i", hidden, weights[inside]) + bias[inside]
        end = np.einsum("ij,ij->i", hidden, weights[last]) + bias[last]
        going: Bools = np.where(inside < last, stay >= end, stay > end)  # of two equals the first is taken
        return going


@dataclass(frozen=True, slots=True)
class _Walk:
    """Follow begun names to their ends."""

    chooser: Chooser
    features: Floats
    open_ended: Bools

    def together(self, starts: Ints, actions: Ints, steps: int) -> Ints:
        """Return the end of each begun name, -1 where it is not reached in so many steps."""
        ends = np.full(len(starts), -1, dtype=np.intp)
        left = np.arange(len(starts))
        for step in range(1, steps + 1):
            if not len(left):
                break
            at = starts[left] + step
            on = self.chooser.goes_on(self.features, at, starts[left], actions[left])
            on &= self.open_ended[at]
            ends[left[~on]] = at[~on] + 1
            left = left[on]
        return ends

    def alone(self, start: int, action: int) -> int:
        """Return the end of one begun name."""
        at, starts, actions = start + 1, np.array([start]), np.array([action])
        while self.open_ended[at] and self.chooser.goes_on(self.features, np.array([at]), starts, actions)[0]:
            at += 1
        return at + 1


def _actions(moves: Sequence[str], strings: StringStore) -> _Actions | None:
    """Sort the actions by what they do; None where there are others than we know, or some are missing."""
    kinds = [move.split("-", 1)[0] for move in moves]
    labels = [move.split("-", 1)[1] if "-" in move else "" for move in moves]
    columns = {move: at for at, move in enumerate(moves)}
    named = {label for label in labels if label}
    wanted = {OUT, *(f"{kind}-{label}" for kind in (BEGIN, INSIDE, LAST, UNIT) for label in named)}
    if len(columns) != len(moves) or columns.keys() - {BLOCKED} != wanted:
        return None
    free = [at for at, kind in enumerate(kinds) if kind in {BEGIN, UNIT, OUT} and moves[at] != BLOCKED]
    return _Actions(
        free=np.array(free),
        begins=np.array([kinds[at] == BEGIN for at in free]),
        names=np.array([kinds[at] != OUT for at in free]),
        inside=np.array([columns.get(f"{INSIDE}-{label}", 0) for label in labels]),
        last=np.array([columns.get(f"{LAST}-{label}", 0) for label in labels]),
        labels=[strings[label] if label else 0 for label in labels],
    )


def _limits(docs: Sequence[Doc]) -> tuple[Bools, Bools]:
    """Say of each token whether it is white space, and whether a name may go on behind it: not beyond sentence or text."""
    spaces, ends = [], []
    for doc in docs:
        if not len(doc):
            continue
        space, start = doc.to_array([IS_SPACE, SENT_START]).T
        spaces.append(space != 0)
        ends.append(np.append(start[1:] != 1, False))
    return np.concatenate(spaces), np.concatenate(ends)


def _by_text(found: Sequence[Found], lengths: Sequence[int]) -> Iterator[list[Found]]:
    """Yield the names of each text, counted from its own first token."""
    at, offset = 0, 0
    for length in lengths:
        own: list[Found] = []
        while at < len(found) and found[at][0] < offset + length:
            start, end, label = found[at]
            own.append((start - offset, end - offset, label))
            at += 1
        yield own
        offset += length
