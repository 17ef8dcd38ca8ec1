"""The event coder on sentences of our own: composition, status, sides, time and place, and what is no event."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.types import TextInput
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)

DATA = Path(__file__).parent / "data"
MOST_WRONG = 0.02  # of the sentences that tell of no event


def code(nlp, text, published=None):
    return layers_of(nlp(make_doc(nlp, TextInput(id="t", text=text, published=published)))).events


def short(event):
    source = event.source.text if event.source else "-"
    target = event.target.text if event.target else "-"
    return event.event_type, event.modality, event.negated, source, target


@pytest.mark.parametrize(
    ("text", "event_type", "modality", "source", "target"),
    [
        # what the outer predicate makes of the inner act
        ("Chad refused to meet the Sudanese delegation.", "REJECT", "asserted", "Chad", "Sudanese"),
        ("Chad agreed to send aid to Sudan.", "AGREE", "asserted", "Chad", "Sudan"),
        ("Chad promised to lift the curfew.", "CONCEDE", "asserted", "Chad", "-"),
        ("Chad cancelled the minister's visit to Sudan.", "SANCTION", "asserted", "Chad", "Sudan"),
        ("Chad halted its airstrikes on the rebels.", "RETREAT", "asserted", "Chad", "rebels"),
        ("Chad threatened to expel the Sudanese ambassador.", "THREATEN", "asserted", "Chad", "Sudanese ambassador"),
        ("Chad urged Sudan to release the hostages.", "REQUEST", "asserted", "Chad", "Sudan"),
        ("Chad denied attacking the camp in Darfur.", "ASSAULT", "denied", "Chad", "camp"),
        ("Chad called for talks with Sudan.", "REQUEST", "asserted", "Chad", "Sudan"),
        ("The president asked his minister not to travel to Sudan.", "REJECT", "asserted", "president", "Sudan"),
        ("Chad said that Sudan must end its attacks on the camps.", "REQUEST", "asserted", "Chad", "Sudan"),
        ("Chad will send aid to Sudan.", "AGREE", "asserted", "Chad", "Sudan"),
        ("Chad will impose sanctions on Sudan.", "THREATEN", "asserted", "Chad", "Sudan"),
        ("Chad will not lift the sanctions on Sudan.", "REJECT", "asserted", "Chad", "Sudan"),
        ("Chad did not accept Sudan's offer.", "REJECT", "asserted", "Chad", "Sudan"),
        ("Chad announced that it had suspended aid to Sudan.", "SANCTION", "asserted", "it", "Sudan"),
        # status
        ("Chad may attack Sudan.", "ASSAULT", "hypothetical", "Chad", "Sudan"),
        ("Chad is considering sanctions against Sudan.", "SANCTION", "hypothetical", "Chad", "Sudan"),
        ("Chad marked the anniversary of Sudan's attack on the town of Adre.", "ASSAULT", "historical", "Sudan", "Adre"),
        # sides
        ("Two Kenyan nurses were kidnapped by Somali gunmen.", "ASSAULT", "asserted", "Somali gunmen", "Two Kenyan nurses"),
        ("The rebels who attacked the base fled.", "ASSAULT", "asserted", "The rebels", "base"),
        ("Airstrikes on Aleppo by Russia lasted all night.", "ASSAULT", "asserted", "Russia", "Aleppo"),
        ("Kenya criticised and sanctioned Chad.", "SANCTION", "asserted", "Kenya", "Chad"),
        ("The army, which besieged the town, arrested six rebels.", "COERCE", "asserted", "The army", "six rebels"),
        # numbers and crowds that stand for people
        ("Chad expelled 13.", "SANCTION|COERCE", "asserted", "Chad", "13"),
        ("Police detained more than 50 outside the court.", "COERCE", "asserted", "Police", "50"),
        ("The rebels freed most of them.", "RETREAT", "asserted", "The rebels", "them"),
        ("Thousands marched on Sunday to the presidential palace.", "PROTEST", "asserted", "Thousands", "-"),
        ("About 3,000 people had gathered outside parliament.", "PROTEST", "asserted", "3,000 people", "-"),
        # nobody need be named
        ("Fighting broke out in the Kenyan town of Garissa.", "ASSAULT", "asserted", "-", "-"),
        ("Protests erupted in the capital.", "PROTEST", "asserted", "-", "-"),
        ("The internet was shut off across Chad.", "COERCE", "asserted", "-", "Chad"),
        ("A ceasefire began in Gaza.", "RETREAT", "asserted", "-", "-"),
        ("The siege was lifted in June.", "RETREAT", "asserted", "-", "-"),
        ("The attack occurred near the Kenyan embassy.", "ASSAULT", "asserted", "-", "Kenyan embassy"),
        ("Two nurses were killed and eight wounded in an ambush.", "ASSAULT", "asserted", "-", "eight"),
        ("Rallies were held in forty cities.", "PROTEST", "asserted", "-", "-"),
        # caused motion
        ("Riot police pushed supporters out of the terminal.", "COERCE", "asserted", "Riot police", "supporters"),
        ("Soldiers pulled the general from a cellar.", "COERCE", "asserted", "Soldiers", "the general"),
        ("The president ordered 60 Russians out.", "SANCTION", "asserted", "president", "60 Russians"),
        ("The army drove the rebels back.", "ASSAULT", "asserted", "The army", "the rebels"),
        ("Belarus let go a German, Otto Brandt.", "RETREAT", "asserted", "Belarus", "a German"),
        ("Columns crossed the border before dawn.", "ASSAULT", "asserted", "Columns", "-"),
        ("The parliament voted to lift the sanctions on Peru.", "RETREAT", "asserted", "The parliament", "Peru"),
    ],
)  # fmt: skip
def test_reading(event_nlp, text, event_type, modality, source, target):  # noqa: F811
    found = [short(event) for event in code(event_nlp, text)]
    assert any(
        kind in event_type.split("|")
        and status == modality
        and (source == "-" or source in who)
        and (target == "-" or target in whom)
        for kind, status, _, who, whom in found
    ), found


def test_a_planned_visit_is_never_an_asserted_meeting(event_nlp):  # noqa: F811
    for text in (
        "Anna Holm will visit Chad next week.",
        "Anna Holm plans to travel to Chad.",
        "Anna Holm looks forward to visiting Chad.",
        "Anna Holm is ready to meet the Chadian president.",
        "Anna Holm cancelled her trip to Chad.",
    ):
        assert not [e for e in code(event_nlp, text) if e.event_type == "CONSULT" and e.modality == "asserted"], text


def test_a_meeting_goes_both_ways(event_nlp):  # noqa: F811
    found = code(event_nlp, "The Kenyan president met the Chadian foreign minister.")
    assert {(e.source.text, e.target.text) for e in found} == {
        ("The Kenyan president", "the Chadian foreign minister"),
        ("the Chadian foreign minister", "The Kenyan president"),
    }
    assert len({e.happening for e in found}) == 1
    assert len({(e.trigger.start, e.trigger.end) for e in found}) == 1


def test_the_two_sides_of_a_list_are_sides_of_each_other(event_nlp):  # noqa: F811
    found = code(event_nlp, "Kenya and Chad held talks on Monday.")
    assert {(e.source.text, e.target.text) for e in found} == {("Kenya", "Chad"), ("Chad", "Kenya")}


def test_negation_is_kept_apart(event_nlp):  # noqa: F811
    [event] = code(event_nlp, "Chad did not attack Sudan.")
    assert (event.event_type, event.negated) == ("ASSAULT", True)


def test_date_place_and_numbers(event_nlp):  # noqa: F811
    [event] = code(event_nlp, "Police arrested a Kenyan reporter in Nairobi on Monday.", date(2024, 5, 8))
    assert (event.date.from_, event.date.precision) == (date(2024, 5, 6), "day")
    assert event.place.country == "KEN"
    assert (event.quad, event.cameo, event.goldstein, event.mode) == (4, "173", -5.0, "arrest")
    assert 0 < event.confidence < 1


def test_what_was_long_ago_is_history(event_nlp):  # noqa: F811
    events = code(event_nlp, "In 2003 American troops invaded Iraq.", date(2024, 5, 8))
    assert [e.modality for e in events] == ["historical"]


def test_the_time_of_a_cancelled_act_is_not_that_of_the_cancelling(event_nlp):  # noqa: F811
    [event] = code(event_nlp, "Chad cancelled talks with Sudan that had been set for June.", date(2024, 5, 8))
    assert event.date is None or event.date.basis == "published"


def test_every_null_has_a_reason(event_nlp):  # noqa: F811
    for event in code(event_nlp, "Two nurses were kidnapped. Chad met Sudan."):
        for name in ("source", "target", "date", "place", "attribution"):
            assert (getattr(event, name) is None) == (name in event.reasons), (name, event)


def test_spans_are_stretches_of_the_text(event_nlp):  # noqa: F811
    text = (
        "“We will not meet them,” the Chadian minister said. Sudan’s army shelled the town of Adre (population 12,000)."
    )
    for event in code(event_nlp, text):
        for span in (event.trigger, event.source, event.target, event.attribution):
            assert span is None or text[span.start : span.end] == span.text


def test_sentences_that_tell_of_no_event(event_nlp):  # noqa: F811
    lines = (DATA / "no_events.txt").read_text(encoding="utf-8").splitlines()
    sentences = [line for line in lines if line.strip() and not line.startswith("#")]
    assert len(sentences) >= 300
    wrong = []
    for doc in event_nlp.pipe(sentences, batch_size=64):
        if any(e.modality == "asserted" and not e.negated for e in layers_of(doc).events):
            wrong.append(doc.text)  # noqa: PERF401
    assert len(wrong) <= MOST_WRONG * len(sentences), wrong


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "\x00\ufffd",
        "Anna, Bert, Carl, Dora, Emil, Fritz, " * 60,
        "def attack(ball):\n    return kill(ball) if meet(ball) else None\n" * 40,
        "Le président a rencontré son homologue à Paris. Die Regierung verurteilte den Angriff scharf.",
        "O rose, thou art sick!\nThe invisible worm,\nThat flies in the night,\nIn the howling storm.",
        "attack " * 500,
    ],
)
def test_strange_text_gives_no_event_in_bounded_time(event_nlp, text):  # noqa: F811
    began = time.monotonic()
    assert code(event_nlp, text) == []
    assert time.monotonic() - began < 10


def test_a_sentence_of_two_thousand_words_is_bounded(event_nlp):  # noqa: F811
    text = "Chad attacked " + ", and Sudan which met the rebels who threatened Kenya, attacked " * 200 + "Mali."
    began = time.monotonic()
    code(event_nlp, text)
    assert time.monotonic() - began < 15


def test_coding_twice_gives_the_same(event_nlp):  # noqa: F811
    text = "Chad and Sudan signed an agreement in Geneva on Monday. Kenya criticised the deal."
    assert code(event_nlp, text) == code(event_nlp, text)
