"""Whom the mentions of small articles mean: tests/data/references.tsv."""

from __future__ import annotations

import csv
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import load_nlp, make_doc
from dateline.types import TextInput

pytestmark = pytest.mark.model
TABLE = Path(__file__).parent / "data" / "references.tsv"
CASES = list(
    csv.DictReader((line for line in TABLE.open(encoding="utf-8") if line[0] != "#"), delimiter="\t", quoting=3)
)


@lru_cache(maxsize=1)
def pipeline():
    nlp = load_nlp()
    for name in ("dateline_times", "dateline_quotes", "dateline_events"):
        nlp.disable_pipe(name)
    return nlp


@lru_cache(maxsize=8)
def read(text, day):
    doc = pipeline()(make_doc(pipeline(), TextInput(id="t", text=text, published=date.fromisoformat(day))))
    return layers_of(doc).entities


def meant(entity):
    """Return the name of whom a mention means, or country and first sector."""
    actor = entity.actor
    if actor is None:
        return "-"
    if actor.id is not None:
        return actor.name
    return " ".join(filter(None, (actor.country, *actor.sectors[:1])))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['mention']} {case['text'][:30]}")
def test_the_mention_means(case):
    phrase, _, number = case["mention"].partition("#")
    found = [entity for entity in read(case["text"], case["day"]) if entity.text == phrase]
    at = int(number or 1) - 1
    assert (meant(found[at]) if at < len(found) else "-") == case["meant"], [
        (entity.text, meant(entity), entity.reason) for entity in read(case["text"], case["day"])
    ]
