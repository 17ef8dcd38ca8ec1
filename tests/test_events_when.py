"""When an event was: the narrative's time, nothing told as past after publication, and no place for what was called off."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.types import TextInput
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)

PUBLISHED = date(2026, 11, 20)


def code(nlp, text):
    return layers_of(nlp(make_doc(nlp, TextInput(id="t", text=text, published=PUBLISHED)))).events


def last(nlp, text):
    return code(nlp, text)[-1]


@pytest.mark.parametrize(
    ("text", "modality", "start", "end"),
    [
        # what follows a past time belongs to it
        (
            "In September 1993 Chad and Sudan met in Oslo. The army then arrested the rebels.",
            "historical", date(1993, 9, 1), date(1993, 9, 30),
        ),
        (
            "In September 1993 Chad and Sudan met in Oslo. A month later rebels attacked the capital.",
            "historical", date(1993, 10, 1), date(1993, 10, 31),
        ),
        (
            "Three decades ago the army seized power in Chad. Soldiers arrested the president.",
            "historical", date(1996, 1, 1), date(1996, 12, 31),
        ),
        ("Chad was poor in 1995. A year later it attacked Sudan.", "historical", date(1996, 1, 1), date(1996, 12, 31)),
        # a paragraph, the present tense and a day near publication go back to the day
        ("In 1995 Chad invaded Sudan. Chad now blames Sudan for the war.", "asserted", PUBLISHED, PUBLISHED),
        (
            "In 1995 Chad invaded Sudan.\nKenya criticised Chad on Thursday.",
            "asserted", date(2026, 11, 19), date(2026, 11, 19),
        ),
        # no time that is still to come for what has been
        ("The government was formed. Seven weeks later it attacked Sudan.", "asserted", None, None),
        # a plan may be ahead
        ("Chad announced that it would attack Sudan next week.", "asserted", date(2026, 11, 23), date(2026, 11, 29)),
        # background in the pluperfect, with no time named
        ("Chad had bombed the rebels for years. Sudan had attacked the army in the hills.", "historical", None, None),
    ],
)  # fmt: skip
def test_when(event_nlp, text, modality, start, end):  # noqa: F811
    event = last(event_nlp, text)
    assert event.modality == modality
    assert (event.date.from_, event.date.to) == (start, end) if start else event.date is None
    assert (event.date is None) == ("date" in event.reasons)


def test_history_is_not_dated_by_publication(event_nlp):  # noqa: F811
    text = "Decades ago the army ruled Chad. Soldiers arrested students and attacked the rebels."
    assert {(e.modality, e.date) for e in code(event_nlp, text)} == {("historical", None)}


@pytest.mark.parametrize(
    "text",
    [
        "The president cancelled his trip to Paris.",
        "The minister refused to travel to Paris.",
        "Kenya plans to hold talks with Chad in Paris.",
        "Chad's president postponed his visit to Nairobi.",
    ],
)
def test_what_did_not_take_place_has_no_place(event_nlp, text):  # noqa: F811
    for event in code(event_nlp, text):
        assert (event.place, event.reasons["place"]) == (None, "not_carried_out")


def test_what_took_place_has_one(event_nlp):  # noqa: F811
    assert last(event_nlp, "Kenya and Chad held talks in Paris.").place.country == "FRA"
