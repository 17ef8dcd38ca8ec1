"""Say of words of a sentence what events they tell of, and of whom, by a small network trained on sentences of our own.

The network is the first layers of a public sentence encoder, trained further (docs/decisions/second-reader.md);
`bench/train_second.py` makes it. It runs one sentence at a time: its arithmetic is in whole numbers whose scale is taken
from what it is given, so that a sentence's answer would otherwise hang on its neighbours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from dateline.errors import RulesError

FOLDER = Path(__file__).parents[1] / "data" / "second"
PIECES, HINTS, MODEL = "pieces.txt", "hints.bin", "network.onnx"
MOST_PIECES = 256  # of a sentence; words behind them are not asked about
LONGEST_WORD = 40  # letters: what is longer is no word
CACHED = 50_000  # words whose pieces are remembered
STATUSES = ("asserted", "negated", "planned", "unreal", "denied", "historical")
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Answers:
    """Hold what the network says of the words asked about, in their order, as probabilities.

    types: (asked, outcomes()); statuses: (asked, STATUSES); sides: (asked, 2, 1 + words): source and target, the first for nobody.
    """

    types: Floats
    statuses: Floats
    sides: Floats


def status_of(modality: str, *, negated: bool) -> str:
    """Return what of STATUSES a modality is: what is threatened, conditional or hypothetical is "unreal"."""
    if modality == "asserted":
        return "negated" if negated else "asserted"
    return modality if modality in STATUSES else "unreal"


@cache
def pieces() -> dict[str, int]:
    """Load the pieces that words are made of, in order of their numbers. Raises RulesError where the marks are missing."""
    found = {piece: n for n, piece in enumerate((FOLDER / PIECES).read_text(encoding="utf-8").splitlines())}
    for mark in ("[CLS]", "[SEP]", "[UNK]"):
        if mark not in found:
            raise RulesError(f"has no piece {mark}", table=PIECES, line=0)
    return found


@lru_cache(maxsize=CACHED)
def split(word: str) -> tuple[int, ...]:
    """Split a word into the longest pieces that are known, from its beginning; a sign of punctuation stands alone."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")
    parts, part = [], ""
    for c in plain:
        if c.isalnum():
            part += c
            continue
        parts += [part, c]
        part = ""
    return tuple(n for p in (*parts, part) if p.strip() for n in _pieces_of(p)) or (pieces()["[UNK]"],)


def _pieces_of(part: str) -> list[int]:
    known = pieces()
    found: list[int] = []
    start = 0
    while start < len(part) <= LONGEST_WORD:
        for end in range(len(part), start, -1):
            number = known.get(part[start:end] if start == 0 else "##" + part[start:end])
            if number is not None:
                found.append(number)
                start = end
                break
        else:
            break
    return found if found and start == len(part) else [known["[UNK]"]]


@cache
def _hints() -> bytes:
    return (FOLDER / HINTS).read_bytes()


@lru_cache(maxsize=CACHED)
def hint(word: str) -> float:
    """Return how probable it is that a word tells of an event, whatever stands around it; 1 for one of several pieces."""
    own = split(word)
    return _hints()[own[0]] / 255 if len(own) == 1 else 1.0


def encode(words: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return a sentence's pieces between their marks, and where each word's first piece stands."""
    numbers, first = [pieces()["[CLS]"]], []
    for word in words:
        own = split(word)
        if len(numbers) + len(own) > MOST_PIECES:
            break
        first.append(len(numbers))
        numbers += own
    numbers.append(pieces()["[SEP]"])
    return numbers, first


@cache
def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(FOLDER / MODEL, options, providers=["CPUExecutionProvider"])


@cache
def outcomes() -> tuple[str, ...]:
    """Return the names of the network's answers, in order: "-" for no event, then the types."""
    return tuple(_session().get_modelmeta().custom_metadata_map["outcomes"].split())


def ask(words: Sequence[str], about: Sequence[int]) -> Answers:
    """Return what the network says of the words at the places `about`, which hangs a little on what else is asked about.

    Words behind the first MOST_PIECES pieces tell of nothing, and of nobody.
    """
    numbers, first = encode(words)
    types = np.zeros((len(about), len(outcomes())), dtype=np.float32)
    statuses = np.zeros((len(about), len(STATUSES)), dtype=np.float32)
    sides = np.zeros((len(about), 2, 1 + len(words)), dtype=np.float32)
    types[:, 0] = statuses[:, 0] = sides[:, :, 0] = 1
    within = [n for n, at in enumerate(about) if at < len(first)]
    if within:
        given = {
            "pieces": np.asarray([numbers], dtype=np.int64),
            "asked": np.asarray([first[about[n]] for n in within], dtype=np.int64),
            "words": np.asarray(first, dtype=np.int64),
        }
        types[within], statuses[within], found = _session().run(None, given)
        sides[within, :, : 1 + len(first)] = found
    return Answers(types, statuses, sides)
