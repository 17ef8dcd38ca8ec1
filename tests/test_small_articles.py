"""Whom the mentions of small articles mean: tests/data/references.tsv."""

from __future__ import annotations

import csv
import time
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest

from dateline.annotate.actors.phrases import resolve_phrase
from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.types import TextInput
from tests.context_nlp import references_model

pytestmark = pytest.mark.model
SOON = 20  # CPU seconds: many times what it takes, so that only a run-away fails
TABLE = Path(__file__).parent / "data" / "references.tsv"
CASES = list(
    csv.DictReader((line for line in TABLE.open(encoding="utf-8") if line[0] != "#"), delimiter="\t", quoting=3)
)


@lru_cache(maxsize=8)
def read(text, day):
    doc = references_model()(
        make_doc(references_model(), TextInput(id="t", text=text, published=date.fromisoformat(day)))
    )
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


ODD = {
    "only names": " ".join(
        f"Vladimir Putin, Kim{at % 7} Jong-un, Paris, the UN Security Council, the council," for at in range(60)
    ),
    "one word": "counterpart " * 1500,
    "another language": "Президент Владимир Путин встретил министра. " * 150,
    "bodies": "The alliance met. The council met. The House met his Russian counterpart. " * 150,
    "empty": "",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_articles_end_soon_and_fit_their_text(text):
    began = time.process_time()
    entities = read(text, "2018-08-24")
    assert time.process_time() - began < SOON
    assert all(text[entity.start : entity.end] == entity.text for entity in entities)
    assert all(first.end <= second.start for first, second in pairwise(entities))


def test_a_phrase_of_a_hundred_thousand_words_is_cut():
    began = time.process_time()
    assert resolve_phrase("the Russian soldiers of " + "Kim Jong Un and " * 25_000).actor is not None
    assert time.process_time() - began < SOON
