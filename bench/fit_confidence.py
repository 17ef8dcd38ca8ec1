"""Fit the weights of the coder's confidence on sentences of our own, and write them as data.

    python bench/fit_confidence.py            fit, and print what each weight rests on
    python bench/fit_confidence.py --write    also write annotate/data/events/confidence.tsv

What is fitted on: every event read in the example sentence of a frame *without that frame* (so that a sentence does not
vouch for the row that was written for it), the same with it, and what is read in the sentences that tell of no event. The
first and the second count for as much, since a text's sentences are partly such as a frame was written for.
A reading is right when its type is the example's. The evaluation sets are not read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from spacy.language import Language

from dateline.annotate.events.check import examples
from dateline.annotate.events.coder import readings
from dateline.annotate.events.confidence import FEATURES, TABLE, Setting, features
from dateline.annotate.events.frames import frames_of
from dateline.annotate.events.reading import Reading
from dateline.annotate.nlp import load_nlp

NO_EVENTS = Path(__file__).parents[1] / "tests" / "data" / "no_events.txt"
RIDGE = 1.0  # of the weights but the first: features are few, and some are rare
ROUNDS = 60  # of Newton's method; it settles in about ten
Row = tuple[list[float], bool, bool]  # features, right, read with the frame that the sentence was written for


def rows(nlp: Language) -> Iterator[Row]:
    """Yield the features of every reading, and whether its type is right."""
    known = [example for example in examples() if example.event_type]
    index = frames_of()
    for example, doc in zip(known, nlp.pipe([example.sentence for example in known], batch_size=64), strict=True):
        yield from ((features_of(r), r.event_type == example.event_type, True) for _, r in readings(doc))
        taken = {
            key: frames
            for key, frames in index.items()
            if any((f.table, f.line) == (example.table, example.line) for f in frames)
        }
        for key, frames in taken.items():
            index[key] = tuple(f for f in frames if (f.table, f.line) != (example.table, example.line))
        for _, reading in readings(doc):
            yield features_of(reading), reading.event_type == example.event_type, False
        index.update(taken)
    lines = [line for line in NO_EVENTS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    for doc in nlp.pipe(lines, batch_size=64):
        yield from ((features_of(reading), False, False) for _, reading in readings(doc, relaxed=True))


def features_of(reading: Reading) -> list[float]:
    """Return the features as the coder computes them."""
    return features(reading, Setting(bool(reading.sources), bool(reading.targets)))


def fit(found: list[Row]) -> np.ndarray:
    """Fit a logistic regression by Newton's method."""
    seen = np.array([row for row, _, _ in found])
    right = np.array([float(yes) for _, yes, _ in found])
    own = np.array([with_it for _, _, with_it in found])
    share = np.where(own, (~own).sum() / max(own.sum(), 1), 1.0)
    weights = np.zeros(seen.shape[1])
    penalty = np.diag([0.0] + [RIDGE] * (seen.shape[1] - 1))
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (share * (right - chance)) - penalty @ weights
        curve = (seen * (share * chance * (1 - chance))[:, None]).T @ seen + penalty
        weights += np.linalg.solve(curve, slope)
    return weights


def main() -> int:
    """Fit and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    call = parser.parse_args()
    found = list(rows(load_nlp()))
    weights = fit(found)
    table = "".join(f"{name}\t{weight:.3f}\n" for name, weight in zip(FEATURES, weights, strict=True))
    sys.stdout.write(f"{len(found)} readings, {sum(yes for _, yes, _ in found)} right\n{table}")
    if call.write:
        TABLE.write_text(
            "# Log-odds that the type is right; written by bench/fit_confidence.py.\nfeature\tweight\n" + table,
            encoding="utf-8",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
