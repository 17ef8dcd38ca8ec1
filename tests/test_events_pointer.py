"""Check that the network names the other side where a frame's own places leave it out, and only then."""

from __future__ import annotations

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.types import TextInput
from tests.events_nlp import loaded

TOLD = [
    ("Egypt refused to join the Emiratis in closing the port.", "REJECT", "EGY", "ARE"),
    ("Chile declined to follow the Argentines in cutting duties on copper.", "REJECT", "CHL", "ARG"),
    ("Hungary promised the Slovaks not to dam the river again.", "AGREE", "HUN", "SVK"),
    ("Investigators promised Kenya not to publish the names.", "AGREE", None, "KEN"),
    (
        "Turkey threatened to scrap the talks itself and said it was up to Greece whether they went on.",
        "THREATEN",
        "TUR",
        "GRC",
    ),
]
UNSAID = [
    "Kenya agreed in Oslo to cut its army by half.",  # where it was, not whom it was done to
    "Peru rejected the plan.",
    "Ghana promised to hold an election.",
]


def _sides(text):
    doc = loaded()(make_doc(loaded(), TextInput(id="pointer", text=text, language="en")))
    return [
        (
            event.event_type,
            *((p.actor.country if p is not None and p.actor else None) for p in (event.source, event.target)),
        )
        for event in layers_of(doc).events
    ]


@pytest.mark.parametrize(("text", "event_type", "source", "target"), TOLD)
def test_other_side_is_pointed_at(text, event_type, source, target):
    assert (event_type, source, target) in _sides(text)


@pytest.mark.parametrize("text", UNSAID)
def test_no_other_side_is_made_up(text):
    sides = _sides(text)
    assert sides
    assert all(target is None or target == source for _, source, target in sides)
