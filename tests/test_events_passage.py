"""Who stands on the other side where a clause does not say so: groups, objects that point back, and the counterpart."""

from __future__ import annotations

import pytest

from dateline.annotate.events.passage import REASON
from dateline.annotate.layers import layers_of
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)


def read(nlp, text, trigger):
    events = [e for e in layers_of(nlp(text)).events if trigger in e.trigger.text]
    assert events, f"nothing read at {trigger!r}"
    return events


def country(party):
    return party.actor.country if party is not None and party.actor is not None else None


def dyads(events):
    return {(country(e.source), country(e.target)) for e in events}


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        (
            "Kenya expelled the ambassador of Somalia. Somalia threatened to respond in kind.",
            "threatened",
            ("SOM", "KEN"),
        ),
        ("Chile held talks with Bolivia on Monday. Bolivia agreed to close the camp.", "agreed", ("BOL", "CHL")),
        ("Peru asked Chile for help. Chile refused to send a reply.", "refuse", ("CHL", "PER")),
        ("Norway accused Iceland of theft. Iceland rejected the charge.", "rejected", ("ISL", "NOR")),
        ("Latvia imposed sanctions on Belarus. Poland welcomed the decision.", "welcomed", ("POL", "LVA")),
        ("Mali bombed a village in Niger. Ghana condemned the brutality.", "condemned", ("GHA", "MLI")),
    ],
)
def test_the_other_side_comes_from_the_passage(event_nlp, text, trigger, expected):  # noqa: F811
    [event] = read(event_nlp, text, trigger)
    assert (country(event.source), country(event.target)) == expected
    assert event.reasons["target"] == REASON
    assert event.target.reason.startswith("passage: ")
    assert event.target.end <= event.trigger.start


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("Somalia threatened to respond in kind.", "threatened"),  # nobody before it
        ("Kenya met Chad. Peru threatened to respond in kind.", "threatened"),  # Peru dealt with neither
        ("Kenya met Chad and Somalia on Monday. Kenya agreed to close the camp.", "agreed"),  # two to choose from
        (
            "Kenya accused Chad of theft. Opposition MPs in Kenya refused to send a reply.",
            "refuse",
        ),  # they deal at home
        ("Kenya accused Chad of theft. Kenya condemned the attack.", "condemned"),  # no attack was told of
    ],
)
def test_without_one_answer_it_stays_unknown(event_nlp, text, trigger):  # noqa: F811
    found = [e for e in layers_of(event_nlp(text)).events if trigger in e.trigger.text]
    assert all(e.target is None and e.reasons["target"] != REASON for e in found)


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        (
            "Emmanuel Macron and Vladimir Putin spoke on Monday. The two leaders met in Helsinki on Tuesday.",
            "met",
            {("FRA", "RUS"), ("RUS", "FRA")},
        ),
        (
            "Kenya held talks with Somalia on Monday. The two countries agreed to name negotiators.",
            "agreed",
            {("KEN", "SOM"), ("SOM", "KEN")},
        ),
        ("Kenya held talks with Somalia on Monday. Norway urged both sides to stop the shelling.", "urged",
         {("NOR", "KEN"), ("NOR", "SOM")}),
        ("Kenya and Somalia held talks on Monday. Norway congratulated both countries.", "congratulated",
         {("NOR", "KEN"), ("NOR", "SOM")}),
    ],
)  # fmt: skip
def test_groups_are_the_two_that_dealt_with_each_other(event_nlp, text, trigger, expected):  # noqa: F811
    assert dyads(read(event_nlp, text, trigger)) == expected


def test_a_group_of_which_nothing_was_said_stays_unknown(event_nlp):  # noqa: F811
    events = layers_of(event_nlp("The two leaders met in Helsinki on Tuesday.")).events
    assert dyads(events) <= {(None, None)}


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("Ukraine threatened Russia with sanctions.", "threatened", ("UKR", "RUS")),
        ("Mali promised Niger not to close the border.", "promised", ("MLI", "NER")),
        ("Kenya agreed to help Somalia sell its fish.", "agreed", ("KEN", "SOM")),
        ("The Danish donors are expected to pledge aid to Serbia.", "pledge", ("DNK", "SRB")),
        ("Rebels were tortured at the hands of the Syrian police.", "tortured", ("SYR", "SYR")),
        ("Peru expelled more than 100 Chilean diplomats on Monday.", "expelled", ("PER", "CHL")),
        ("Chad, whose government expelled the Libyan envoy, sent aid to Niger.", "expelled", ("TCD", "LBY")),
        ("The prime minister of Japan is determined to meet Vladimir Putin himself.", "meet", ("JPN", "RUS")),
        ("Macron shook the hand of Vladimir Putin.", "shook", ("FRA", "RUS")),
        ("Norway used the meeting to ask Sweden to free the men.", "ask", ("NOR", "SWE")),
    ],
)
def test_arguments_that_stand_elsewhere_in_the_sentence(event_nlp, text, trigger, expected):  # noqa: F811
    assert expected in dyads(read(event_nlp, text, trigger))


def test_a_summit_is_no_matter_of_the_city_it_is_held_in(event_nlp):  # noqa: F811
    events = layers_of(event_nlp("Canada pulled out of the Singapore summit on Friday.")).events
    assert all(country(e.target) != "SGP" for e in events)


def test_who_asked_for_an_act_does_not_suffer_it(event_nlp):  # noqa: F811
    events = layers_of(event_nlp("The strikes were carried out at the request of the Iraqi government.")).events
    assert all(country(e.target) != "IRQ" for e in events)


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("Peru freed three Chileans on Monday. Bolivia had arrested the three men in May.", "arrested", ("BOL", "CHL")),
        ("Togo expelled the envoy of Benin. Benin called the measures hostile.", "called", ("BEN", "TGO")),
        (
            "The minister of Finance of Norway said he would travel to Iceland with his deputy.",
            "travel",
            ("NOR", "ISL"),
        ),
        ("Saudi Arabia lifted its blockade of Yemen.", "lifted", ("SAU", "YEM")),
        ("Serbia rejected the call of the European Parliament.", "rejected", ("SRB", "IGO")),
        ("Macron invited Putin in May. He invited him in June too.", "invited", ("FRA", "RUS")),
    ],
)
def test_what_the_text_says_of_them_before(event_nlp, text, trigger, expected):  # noqa: F811
    assert expected in dyads(read(event_nlp, text, trigger))


@pytest.mark.parametrize(
    ("text", "trigger", "role"),
    [
        ("Relatives of the dead man criticised the decision of the German chancellor.", "criticised", "source"),
        ("Russia released 16 people on Thursday.", "released", "target"),
        ("Moscow told foreign politicians to mind their own business.", "told", "target"),
    ],
)
def test_people_of_unclear_country_take_none_from_the_other_side(event_nlp, text, trigger, role):  # noqa: F811
    events = [e for e in layers_of(event_nlp(text)).events if trigger in e.trigger.text]
    assert all(country(getattr(e, role)) is None for e in events)


def test_whose_pronouns_are_two(event_nlp):  # noqa: F811
    events = read(event_nlp, "Lukashenko won. Vladimir Putin and Xi Jinping congratulated him.", "congratulated")
    assert dyads(events) == {("RUS", "BLR"), ("CHN", "BLR")}


def test_a_long_text_is_looked_back_on_in_bounded_time(event_nlp):  # noqa: F811
    text = (
        "Kenya and Somalia held talks. The two countries agreed to name negotiators. Somalia refused to reply. " * 150
    )
    events = layers_of(event_nlp(text)).events
    assert len(events) > 300
