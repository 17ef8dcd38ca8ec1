"""Fit the weights of the coder's confidence on texts of our own, and write them as data.

    python bench/fit_confidence.py            fit, and print the weights and how reliable they are
    python bench/fit_confidence.py --write    also write annotate/data/events/confidence.tsv

What is fitted on: every event that the coder reads in the held-out half of the demo newsroom, whose expected events nobody
who writes rules looks at (docs/newsroom.md); an event is right when an expected one at its words accepts its type. Some 600
events are few, and their readers accept several types where they were in doubt: the weights are drawn towards those that
were set by hand (a Gaussian prior, `HAND` and `PRIOR`). The evaluation sets are not read.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate import events
from dateline.annotate.events.circumstance import Circumstance
from dateline.annotate.events.coder import readings, records
from dateline.annotate.events.confidence import FEATURES, TABLE, Setting, features, weights
from dateline.annotate.events.passage import REASON, Passage
from dateline.annotate.events.whereabouts import Whereabouts
from dateline.annotate.headline import read_headlines
from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import load_nlp, make_doc
from dateline.stack.newsroom.agreement import touches
from dateline.types import TextInput
from halves import half

PRIOR = 100.0  # how strongly a weight is drawn to what it was: as much as this many events of even odds would
HAND = {
    "base": 1.1, "both_sides": 0.5, "specific": 0.25, "composed": -0.2, "unsure": -0.6, "noun": 0.0, "no_source": 0.0,
    "headline": 1.5, "lead": 0.2, "network": 0.5,
}  # fmt: skip
ROUNDS = 60  # of Newton's method; it settles in about ten
BINS = 10
Row = tuple[list[float], bool]  # features, right


def rows(nlp: Language) -> Iterator[Row]:
    """Yield the features of every event read in the held-out articles, and whether its type is right."""
    pages = half(development=False)
    texts = [TextInput(id=p.id, text=p.text or "", title=p.title, published=p.published_at) for p in pages]
    docs = [make_doc(nlp, item) for item in texts]
    read_headlines(nlp, docs)
    for page, doc in zip(pages, nlp.pipe(docs, batch_size=16, disable=[events.NAME]), strict=True):
        yield from _rows(doc, page.events)


def _rows(doc: Doc, expected: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    circumstance, whereabouts, passage = Circumstance(doc), Whereabouts(doc), Passage(doc)
    for index, reading in readings(doc):
        told = records(doc, index, reading, circumstance, whereabouts, passage)
        passage.note(told)
        if not told or reading.probable is not None:  # a network's reading says itself how probable it is
            continue
        first = told[0]
        near = [gold for gold in expected if touches(first.trigger.start, first.trigger.end, gold)]
        if not near and first.modality != "asserted":
            continue  # the readers wrote down what happened; of the rest only some
        named = first.target is not None and first.reasons.get("target") != REASON
        setting = Setting(first.source is not None, named, headline=layers_of(doc).headline, sentence=index)
        right = any(first.event_type == accepted["event_type"] for gold in near for accepted in gold["accept"])
        yield features(reading, setting), right


def fit(seen: np.ndarray, right: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Fit a logistic regression whose weights are drawn to `prior`, by Newton's method."""
    found = prior.copy()
    pull = np.diag([PRIOR / 4] * seen.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-seen @ found))
        slope = seen.T @ (right - chance) - pull @ (found - prior)
        curve = (seen * (chance * (1 - chance))[:, None]).T @ seen + pull
        found += np.linalg.solve(curve, slope)
    return found


def reliability(seen: np.ndarray, right: np.ndarray, by: np.ndarray) -> tuple[list[str], float]:
    """Return the lines of a reliability table, and the expected calibration error."""
    chance = 1 / (1 + np.exp(-seen @ by))
    lines, error = [], 0.0
    for at in range(BINS):
        inside = (chance * BINS).astype(int) == at
        if not inside.any():
            continue
        stated, true = chance[inside].mean(), right[inside].mean()
        error += inside.sum() * abs(stated - true) / len(right)
        lines.append(
            f"{at / BINS:.1f}-{(at + 1) / BINS:.1f}\t{inside.sum()} events\tstated {stated:.2f}\tright {true:.2f}"
        )
    return lines, float(error)


def main() -> int:
    """Fit and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    call = parser.parse_args()
    found = list(rows(load_nlp()))
    seen, right = np.array([row for row, _ in found]), np.array([float(yes) for _, yes in found])
    prior = np.array([HAND[name] for name in FEATURES])
    fitted = fit(seen, right, prior)
    sys.stdout.write(f"{len(found)} events, {int(right.sum())} right\n")
    for name, old, new in zip(FEATURES, prior, fitted, strict=True):
        sys.stdout.write(f"{name}\t{old:.3f} -> {new:.3f}\n")
    for label, by in (("by hand", prior), ("fitted", fitted), ("in the table", np.array(weights()))):
        lines, error = reliability(seen, right, by)
        sys.stdout.write("\n".join([f"{label}: expected calibration error {error:.3f}", *lines]) + "\n")
    if call.write:
        table = "".join(f"{name}\t{weight:.3f}\n" for name, weight in zip(FEATURES, fitted, strict=True))
        head = "# Log-odds that the type is right, by the shape of a reading; written by bench/fit_confidence.py.\nfeature\tweight\n"
        TABLE.write_text(head + table, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
