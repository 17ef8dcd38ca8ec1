"""Who stands in an event: those who can act, each of a pair, and nobody whom the text does not name."""

from __future__ import annotations

import pytest

from dateline.annotate.layers import layers_of
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)


def code(nlp, text):
    return layers_of(nlp(text)).events


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("Colombians rejected the peace accord with the FARC rebels by a hair in a referendum.", "the FARC rebels"),
        ("The parliament of Chad rejected the bill by a wide margin.", None),
        ("Chad rejected the demand by the union.", "the union"),
        ("Kenya criticised Chad in strong words.", "Chad"),
        ("Rebels attacked the town with mortars.", "the town"),
    ],
)
def test_target_can_act(event_nlp, text, target):  # noqa: F811
    [event] = code(event_nlp, text)
    assert (event.target.text if event.target else None) == target


def test_each_of_two_nations_is_a_side(event_nlp):  # noqa: F811
    found = code(event_nlp, "Thai and Lao troops attacked a base of the rebels.")
    assert {e.source.actor.country for e in found} == {"THA", "LAO"}
    assert len({e.trigger.start for e in found}) == 1


@pytest.mark.parametrize("text", ["They met him.", "She criticised the plan.", "They criticised it."])
def test_pronouns_that_stand_for_nobody_are_no_sides(event_nlp, text):  # noqa: F811
    assert code(event_nlp, text) == []


def test_a_time_is_no_part_of_a_party(event_nlp):  # noqa: F811
    [event] = code(event_nlp, "A month later rebels attacked the base.")
    assert event.source.text == "rebels"
