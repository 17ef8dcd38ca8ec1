"""Read what somebody calls somebody else's act, and what a speaker says that another has done."""

from __future__ import annotations

import pytest

from dateline.annotate.events.judging_words import parse_judgements
from dateline.annotate.layers import layers_of
from dateline.errors import RulesError
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)


def read(nlp, text):
    return {
        (e.event_type, e.source.text if e.source else None, e.target.text if e.target else None)
        for e in layers_of(nlp(text)).events
        if e.modality == "asserted" and not e.negated
    }


@pytest.mark.parametrize(
    ("text", "event_type", "source", "target"),
    [
        ("Kenya called the raid barbaric.", "ACCUSE", "Kenya", None),
        ("Lukashenko called the protesters sheep.", "ACCUSE", "Lukashenko", "the protesters"),
        ("Kenya branded the vote a sham.", "ACCUSE", "Kenya", None),
        ("Turkey was branded an aggressor by Greece.", "ACCUSE", "Greece", "Turkey"),
        ("Kenya called the agreement a triumph.", "SUPPORT", "Kenya", None),
        ("Germany described the talks as useful.", "SUPPORT", "Germany", None),
        ("Kenya called the report untrue.", "REJECT", "Kenya", None),
        ("Officials in Brussels spoke of blackmail.", "ACCUSE", "Officials in Brussels", None),
        ("Poland said the move was a breach of international law.", "ACCUSE", "Poland", None),
        ("Norway said that Chile was responsible for the attack.", "ACCUSE", "Norway", "Chile"),
        ("“It is an outrage,” said the Greek foreign minister.", "ACCUSE", "the Greek foreign minister", None),
        ("Kenya said it was deeply concerned about the arrests in Chad.", "ACCUSE", "Kenya", "Chad"),
        ("Norway said that Chile had no right to judge its soldiers.", "ACCUSE", "Norway", "Chile"),
        ("Norway said that the raid would not go unpunished.", "THREATEN", "Norway", None),
        ("Norway cannot accept the Russian plan.", "REJECT", "Norway", "the Russian plan"),
    ],
)
def test_a_judgement_is_read(event_nlp, text, event_type, source, target):  # noqa: F811
    assert (event_type, source, target) in read(event_nlp, text)


@pytest.mark.parametrize(
    "text",
    [
        "The weather was terrible, Maria said.",
        "The bridge was dangerous, engineers said.",
        "The president is a great man.",
        "He called her beautiful.",
        "The judge asked whether the deal was bad.",
        "It was a wonderful day.",
        "They call the hill the Sleeping Lion.",
        "The critic called the opera dull.",
        "The minister spoke of danger.",
    ],
)
def test_what_judges_nobody_is_no_event(event_nlp, text):  # noqa: F811
    assert read(event_nlp, text) == set()


def test_what_was_told_before_says_who_is_judged(event_nlp):  # noqa: F811
    text = "Chad expelled two French diplomats on Monday. Kenya called the expulsion regrettable."
    assert ("ACCUSE", "Kenya", "Chad") in read(event_nlp, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stance\tpos\twords\nugly\tadj\tbad\n", "stance must be"),
        ("stance\tpos\twords\nbad\tverb\tbad\n", "part of speech of bad"),
        ("stance\tpos\twords\nbad\tadj\t-\n", "no word"),
    ],
)
def test_a_wrong_line_is_named(text, message):
    with pytest.raises(RulesError, match=message) as caught:
        parse_judgements(text)
    assert caught.value.line == 2


def test_each_other_is_said_of_both_sides(event_nlp):  # noqa: F811
    found = read(event_nlp, "Chile and Peru criticised each other.")
    assert {("ACCUSE", "Chile", "Peru"), ("ACCUSE", "Peru", "Chile")} <= found


def test_at_the_request_of_names_who_asked_and_whom(event_nlp):  # noqa: F811
    text = "American troops took over the airport at the request of the Haitian president."
    assert ("REQUEST", "the Haitian president", "American troops") in read(event_nlp, text)


def test_there_will_be_no_deal_is_a_refusal(event_nlp):  # noqa: F811
    assert ("REJECT", "The president", "the rebels") in read(
        event_nlp, "The president said there would be no deal with the rebels."
    )
    assert read(event_nlp, "Officials said there was no evidence of fraud.") == set()
