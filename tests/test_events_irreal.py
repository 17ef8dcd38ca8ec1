"""What a text does not say to be so: conditions, orders, questions, and what is true of everybody at any time."""

from __future__ import annotations

import pytest

from dateline.annotate.layers import layers_of
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)


def asserted(nlp, text):
    return [
        (e.event_type, e.trigger.text)
        for e in layers_of(nlp(text)).events
        if e.modality == "asserted" and not e.negated
    ]


@pytest.mark.parametrize(
    "text",
    [
        # conditions
        "If the prime minister asked me, and he will not, I would stay.",
        "If Chad attacked Sudan, Kenya would send troops to the border.",
        "Should Chad attack Sudan, the union would expel its ambassador.",
        "Had Chad arrested the ministers, Kenya would have protested.",
        "The president, if he criticised Chad, would lose the election.",
        "Even if Chad freed the hostages, Kenya would not forgive it.",
        "A minister who criticised the army would be arrested.",
        "Chad said that it would attack Sudan if rebels killed its soldiers.",
        "Kenya asked whether Chad had attacked Sudan.",
        # would, could and might that nobody is told to have said
        "Chad could have attacked Sudan.",
        "Kenya might have expelled the ambassador.",
        "Such a law would ban the opposition in Chad.",
        # orders
        "So let them have their flags.",
        "Let the minister meet the rebels.",
        "Condemn the attack on Sudan, and move on.",
        "Tell the president to release the prisoners.",
        # kinds and habits
        "People who dislike summits complain that nothing happens.",
        "Dictators jail journalists.",
        "Protesters who march are beaten by police.",
        "Governments that lose elections blame the press.",
        # questions
        "Did Chad attack Sudan?",
        "Has Kenya expelled the Chadian ambassador?",
        "Why did the army attack the village?",
        "Who ordered the army to attack the village?",
    ],
)
def test_nothing_is_asserted(event_nlp, text):  # noqa: F811
    assert asserted(event_nlp, text) == []


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("Rebels attack a base in Mali.", "ASSAULT"),
        ("Kenya and Chad hold talks on Monday.", "CONSULT"),
        ("Chad attacked Sudan as if it were at war.", "ASSAULT"),
        ("Kenya said that it would send aid to Chad.", "AGREE"),
        ("Chad said on Monday that it would impose sanctions on Sudan.", "THREATEN"),
        ("Protesters attacked the embassy of Chad, and police arrested them.", "COERCE"),
    ],
)
def test_what_is_so_stays_asserted(event_nlp, text, event_type):  # noqa: F811
    assert event_type in {kind for kind, _ in asserted(event_nlp, text)}
