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


DAYS = """
arrested | Police arrested forty protesters when they marched on Tuesday. | 2026-11-17
killed | Two farmers were killed and nine wounded when a bomb exploded in Kampala on Tuesday. | 2026-11-17
refused | The talks began on Tuesday in Nairobi, when Chad refused to sign the accord. | 2026-11-17
freed | Chad released twelve soldiers on Tuesday, and Sudan freed thirty rebels. | 2026-11-17
refused | Only on Tuesday had the president refused to leave before elections in May. | 2026-11-17
promised | Chad promised to send troops by 2030. | 2026-11-20 published
attacked | The army attacked the rebels, hours after Sudan freed thirty soldiers on Tuesday. | 2026-11-17
arrested | Chad invaded Sudan on Tuesday. Hours later police arrested the minister. | 2026-11-17
arrested | Chad invaded Sudan on Tuesday. That night police had arrested the minister. | 2026-11-17
landed | Troops landed in Bangui on Tuesday night. At two in the morning soldiers arrested the minister. | 2026-11-17
arrested | Troops landed in Bangui on Tuesday night. At two in the morning soldiers arrested the minister. | 2026-11-18
accused | Chad invaded Sudan on Tuesday. A week earlier Sudan had accused Chad of spying. | 2026-11-10
expelled | Chad freed three Kenyans on Tuesday. Six days earlier it had expelled them. | 2026-11-11
""".strip().splitlines()

STORY = """
arrested | Police in Sudan arrested the minister. | 2026-11-18 2026-11-20
attacked | Rebels attacked a convoy and burned villages. | 2026-11-18 2026-11-20
beat | Crowds gathered in Khartoum, where soldiers beat two reporters. | 2026-11-18 2026-11-20
searching | Police are searching houses in Khartoum. | 2026-11-20 2026-11-20
arrested | Sudan has arrested several ministers. | none
arrested | The minister, whom Chad arrested, thanked Kenya. | none
praised | Kenya praised the army. | none
attacked | In May rebels raided Bangui. They attacked a convoy. | none
bought | Kenya bought half of its tanks from Sudan before the war. | none
""".strip().splitlines()


@pytest.mark.parametrize("line", DAYS)
def test_a_clause_has_the_day_of_what_it_stands_beside(event_nlp, line):  # noqa: F811
    trigger, text, day = line.split(" | ")
    events = [e for e in code(event_nlp, text) if trigger in e.trigger.text]
    assert events
    day, _, basis = day.partition(" ")
    assert {(str(e.date.from_), str(e.date.to)) if e.date else e.reasons["date"] for e in events} == {(day, day)}
    assert all((e.date.basis == "published") == bool(basis) for e in events)


@pytest.mark.parametrize("line", STORY)
def test_an_act_told_in_the_simple_past_is_of_the_storys_day(event_nlp, line):  # noqa: F811
    trigger, told, days = line.split(" | ")
    lead = "Chad invaded Sudan on Wednesday.\nThe border is long. It has few roads. Kenya lies to the south.\n"
    events = [e for e in code(event_nlp, lead + told) if trigger in e.trigger.text]
    assert events
    wanted = "none" if days == "none" else tuple(days.split())
    assert {(str(e.date.from_), str(e.date.to)) if e.date else "none" for e in events} == {wanted}
    assert all(e.date is not None or e.reasons["date"] for e in events)


def test_the_words_of_the_day_are_its_basis(event_nlp):  # noqa: F811
    text = "Chad invaded Sudan on Wednesday.\nThe border is long. It has few roads.\nPolice arrested the minister."
    event = next(e for e in code(event_nlp, text) if e.trigger.text == "arrested")
    assert text[event.date.basis.start : event.date.basis.end] == "Wednesday"


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
