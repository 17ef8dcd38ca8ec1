"""Whom noun phrases mean inside an article."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.annotate.parties import resolve_parties, resolve_party
from dateline.types import Actor, Quote, TextInput
from tests.context_nlp import references_model

pytestmark = pytest.mark.model


def party(text, phrase, day=date(2018, 8, 24)):
    doc = references_model()(make_doc(references_model(), TextInput(id="t", text=text, published=day)))
    start = text.rindex(phrase)
    span = doc.char_span(start, start + len(phrase), alignment_mode="expand")
    return resolve_party(span)


@pytest.mark.parametrize(
    ("text", "phrase", "country", "sectors"),
    [
        ("Iraqi soldiers fired at protesters in Basra.", "Iraqi soldiers", "IRQ", "MIL"),
        ("Iraqi soldiers fired at protesters in Basra.", "protesters in Basra", "IRQ", "CVL"),
        ("A Hamas spokesman denied it.", "A Hamas spokesman", "PSE", "REB"),
        ("The army of Chad withdrew.", "The army of Chad", "TCD", "MIL"),
        ("Peru's opposition leader spoke.", "Peru's opposition leader", "PER", "OPP"),
        ("Emmanuel Macron defended his government.", "his government", "FRA", "GOV"),
        ("Syrian rebels took a town. The rebels freed prisoners.", "The rebels", "SYR", "REB"),
        ("Kenya voted. In Kenya, the army stayed in its barracks, Kenya said.", "the army", "KEN", "MIL"),
        ("Police fired tear gas.", "Police", None, "COP"),
        ("The man who shot two Kenyan policemen fled.", "The man who shot two Kenyan policemen", None, "CVL"),
        ("Troops who had occupied Goma left.", "Troops who had occupied Goma", None, "MIL"),
        ("The heavy rain stopped.", "The heavy rain", None, ""),
        ("Pompeo, the U.S. secretary of state, left.", "Pompeo, the U.S. secretary of state,", "USA", "GOV"),
    ],
)
def test_party(text, phrase, country, sectors):
    found = party(text, phrase)
    assert found.reason
    assert (found.actor.country if found.actor else None) == country
    assert " ".join(found.actor.sectors if found.actor else ()) == sectors


def test_who_is_the_noun_before_it():
    found = party("Malian soldiers who mutinied on Friday left Bamako.", "who")
    assert (found.actor.country, found.actor.sectors) == ("MLI", ("MIL",))


def test_i_is_the_speaker():
    text = "“I will go,” Ali Bongo said."
    doc = references_model()(make_doc(references_model(), TextInput(id="t", text=text, published=date(2018, 1, 1))))
    speaker = Actor(id="gab.ali-bongo", name="Ali Bongo", country="GAB", sectors=("GOV",))
    quote = Quote(start=0, end=12, text=text[:12], direct=True, source=None, cue=None, speaker=speaker)
    layers_of(doc).quotes = [quote]
    assert resolve_party(doc[1:2]).actor == speaker
    layers_of(doc).quotes = [replace(quote, speaker=None)]
    assert resolve_party(doc[1:2]).actor is None


@pytest.mark.parametrize(
    ("text", "phrase", "countries"),
    [
        ("The two Koreas agreed to talk.", "The two Koreas", ["PRK", "KOR"]),
        ("Australian and Indonesian troops began exercises.", "Australian and Indonesian troops", ["AUS", "IDN"]),
        ("China, Russia and Iran held drills.", "China, Russia and Iran", ["CHN", "RUS", "IRN"]),
        ("Norway signed.", "Norway", ["NOR"]),
    ],
)
def test_all_of_a_coordination(text, phrase, countries):
    doc = references_model()(make_doc(references_model(), TextInput(id="t", text=text, published=None)))
    start = text.index(phrase)
    found = resolve_parties(doc.char_span(start, start + len(phrase), alignment_mode="expand"))
    assert [answer.actor.country for answer in found] == countries
