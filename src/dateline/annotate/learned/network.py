"""Turn words into vectors by the weights of a spaCy network: each kind of word is embedded once, its neighbours are looked at anew.

a token's form, prefix, suffix, shape ─► its embedding, kept ─► four layers over the token and its neighbours ─► vector
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.api import Model, NumpyOps

from dateline.annotate.learned.blas import one_thread

MOST_KEPT = 40_000  # embeddings: some 15 MB; the words of a million words of news
BLOCK = 448  # rows at a time, so that what is computed of them stays in the core's own memory
TINY = 1e-08  # as thinc's layer norm adds to the variance
WINDOW = 1  # neighbours on each side of a token that a layer looks at
LAYER = "residual(expand_window>>maxout>>layernorm>>dropout)"
EMBED = ("extract_features", "list2ragged", "with_array", "with_array", "ragged2list")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Layer:
    """Hold the weights of one layer, those of a piece side by side."""

    weights: Floats  # inputs x (pieces x outputs)
    bias: Floats
    scale: Floats
    shift: Floats

    @property
    def width(self) -> int:
        """Return the width of what comes in and of what goes out."""
        return self.scale.size


class Network:
    """Be the network that turns the words of texts into vectors. It keeps the embeddings of the words it has seen."""

    def __init__(self, embed: Sequence[Model[Any, Any]], layers: Sequence[_Layer], gap: int) -> None:
        self._features, *self._mix = embed
        self._layers = layers
        self._known: dict[bytes, int] = {}
        self._rows: Floats = np.empty((0, layers[0].width), dtype=np.float32)
        self._gap: Floats = np.zeros((gap, layers[0].width), dtype=np.float32)

    @classmethod
    def of(cls, model: Model[Any, Any]) -> Network | None:
        """Take a tok2vec model apart; None where it is not built as we know it."""
        if not {"embed", "encode"} <= set(model.ref_names):
            return None
        embed, encode = model.get_ref("embed"), model.get_ref("encode")
        if len(embed.layers) != len(EMBED) or len(encode.layers) != 1:
            return None
        if any(not layer.name.startswith(name) for layer, name in zip(embed.layers, EMBED, strict=True)):
            return None
        stack, gap = encode.layers[0].layers, int(encode.attrs.get("pad", 0))
        if not stack or gap < len(stack) * WINDOW or any(layer.name != LAYER for layer in stack):
            return None
        if any(layer.layers[0].layers[0].attrs["window_size"] != WINDOW for layer in stack):
            return None
        use_numpy(embed)
        return cls(embed.layers, [_layer(layer) for layer in stack], gap)

    def read(self, docs: Sequence[Doc]) -> list[Floats]:
        """Return the vectors of each text's tokens."""
        with one_thread():
            parts, starts, at = [self._gap], [], len(self._gap)
            for doc in docs:  # between two texts stands nothing, as wide as the network can see
                starts.append(at)
                parts += [self._embedded(doc), self._gap]
                at += len(doc) + len(self._gap)
            found = np.concatenate(parts)
            for layer in self._layers:
                found = _applied(layer, found)
        return [found[start : start + len(doc)] for start, doc in zip(starts, docs, strict=True)]

    def _embedded(self, doc: Doc) -> Floats:
        """Return the embedding of each token; what is new is embedded and kept."""
        if not len(doc):
            return self._rows[:0]
        features = np.ascontiguousarray(self._features.predict([doc])[0])
        keys: list[bytes] = features.view(f"V{features.shape[1] * features.itemsize}").ravel().tolist()
        known = self._known
        new = dict.fromkeys(key for key in keys if key not in known)
        if new and len(known) + len(new) > MOST_KEPT:
            known.clear()
            new = dict.fromkeys(keys)
        if new:
            self._embed(new, features.dtype, features.shape[1])
        return self._rows[np.fromiter(map(known.__getitem__, keys), dtype=np.intp, count=len(keys))]

    def _embed(self, new: dict[bytes, None], dtype: np.dtype[Any], columns: int) -> None:
        mixed: Any = [np.frombuffer(b"".join(new), dtype=dtype).reshape(-1, columns)]
        for layer in self._mix:
            mixed = layer.predict(mixed)
        start = len(self._known)
        if start + len(new) > len(self._rows):
            grown = np.empty((2 * start + len(new), self._rows.shape[1]), dtype=np.float32)
            grown[:start] = self._rows[:start]
            self._rows = grown
        self._rows[start : start + len(new)] = mixed[0]
        self._known.update(zip(new, range(start, start + len(new)), strict=True))


def use_numpy(model: Model[Any, Any]) -> None:
    """Have the layers of a model multiply by numpy's library, which knows more processors than thinc's."""
    ops = NumpyOps(use_blis=False)
    for node in model.walk():
        node.ops = ops


def weights_of(layer: Model[Any, Any], name: str) -> Floats:
    """Return what a layer has learned, as a plain array."""
    return np.asarray(layer.get_param(name), dtype=np.float32)


def _layer(model: Model[Any, Any]) -> _Layer:
    maxout, norm = model.layers[0].layers[1].layers[0].layers
    weights, bias = weights_of(maxout, "W"), weights_of(maxout, "b")
    return _Layer(
        weights=np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(weights.shape[2], -1)),
        bias=np.ascontiguousarray(bias.T.ravel()),
        scale=weights_of(norm, "G"),
        shift=weights_of(norm, "b"),
    )


def _applied(layer: _Layer, rows: Floats) -> Floats:
    """Put one layer on rows, a block at a time. The first and the last row have but one neighbour and stay empty."""
    width, size = layer.width, rows.shape[0]
    made = np.zeros_like(rows)
    seen = np.empty((BLOCK, (2 * WINDOW + 1) * width), dtype=np.float32)
    pieces = np.empty((BLOCK, layer.bias.size), dtype=np.float32)
    for start in range(WINDOW, size - WINDOW, BLOCK):
        end = min(start + BLOCK, size - WINDOW)
        window, piece = seen[: end - start], pieces[: end - start]
        # a row, the one before and the one behind it lie one after another in memory
        np.copyto(window, as_strided(rows[start - WINDOW :], window.shape, rows.strides, writeable=False))
        np.matmul(window, layer.weights, out=piece)
        piece += layer.bias
        best = made[start:end]
        np.maximum(piece[:, :width], piece[:, width : 2 * width], out=best)
        for at in range(2 * width, layer.bias.size, width):
            np.maximum(best, piece[:, at : at + width], out=best)
        best -= best.mean(axis=1, keepdims=True)
        spread = np.square(best, out=window[:, :width]).mean(axis=1, keepdims=True) + TINY
        best *= spread ** (-1.0 / 2.0)
        best *= layer.scale
        best += layer.shift
        best += rows[start:end]
    return made
