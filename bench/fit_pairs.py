"""Fit how sure `relate` is of its answers, on pairs of our own: sides of expected events in the newsroom's unseen half.

    python bench/fit_pairs.py     print the best LEAST_SURE and SURER of annotate/relate.py, and how reliable they are

A pair is what names somebody of the source's countries and somebody of the target's in the sentence of an expected event; the
answer is right where the readers accept its type. A straight line from what `relate` finds for its answer (0 to 1) to how
often it is right, by least squares. The evaluation sets are not read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from dateline.annotate import events
from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import load_nlp
from dateline.annotate.relate import LEAST_SURE, SURER, relate_lines
from halves import half

BATCH, BINS = 16, 5
Pair = tuple[dict[str, Any], frozenset[str]]  # an item for `relate`, the types that the readers accept


def pairs(nlp: Language) -> Iterator[Pair]:
    """Yield the pairs of the newsroom's unseen half."""
    pages = half(development=False)
    docs = nlp.pipe([page.text or "" for page in pages], batch_size=BATCH)
    for page, doc in zip(pages, docs, strict=True):
        for gold in page.events:
            item = _item(doc, gold)
            if item is not None:
                yield item, frozenset(accepted["event_type"] for accepted in gold["accept"])


def _item(doc: Doc, gold: Mapping[str, Any]) -> dict[str, Any] | None:
    where = doc.char_span(gold["trigger_within"]["start"], gold["trigger_within"]["end"], alignment_mode="expand")
    sentence = where.root.sent
    source, target = (_named(doc, sentence, gold[side]) for side in ("source", "target"))
    if source is None or target is None or source == target:
        return None
    return {"text": sentence.text, "source": source, "target": target}


def _named(doc: Doc, sentence: Span, side: list[dict[str, Any]]) -> dict[str, int] | None:
    countries = {party["country"] for party in side} - {None}
    for mention in layers_of(doc).entities:
        inside = sentence.start_char <= mention.start and mention.end <= sentence.end_char
        if inside and mention.actor is not None and mention.actor.country in countries:
            return {"start": mention.start - sentence.start_char, "end": mention.end - sentence.start_char}
    return None


def main() -> int:
    """Fit and say what came out."""
    nlp = load_nlp()
    with nlp.select_pipes(disable=[events.NAME]):  # names are wanted of pages; `relate` reads events by itself
        found = list(pairs(nlp))
        answers = relate_lines(nlp, [item for item, _ in found])
    right = np.array([float(a["event_type"] in types) for a, (_, types) in zip(answers, found, strict=True)])
    stated = np.array([answer["confidence"] for answer in answers])
    strength = (stated - LEAST_SURE) / SURER
    least, slope = np.linalg.lstsq(np.stack([np.ones_like(strength), strength], axis=1), right, rcond=None)[0]
    sys.stdout.write(f"{len(found)} pairs, {right.mean():.3f} right; LEAST_SURE {least:.2f}, SURER {slope:.2f}\n")
    for low in np.arange(0, 1, 1 / BINS):
        inside = (stated >= low) & (stated < low + 1 / BINS)
        if inside.any():
            sys.stdout.write(
                f"{low:.1f}-{low + 1 / BINS:.1f}\t{inside.sum()} pairs\tstated {stated[inside].mean():.2f}\tright {right[inside].mean():.2f}\n"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
