"""The place of an event: that of its own clause, then of its sentence, and never one that is only named in passing."""

from __future__ import annotations

import pytest

from dateline.annotate.layers import layers_of
from tests.events_nlp import event_nlp  # noqa: F401

PLACES = """
shot | Soldiers shot two protesters in Nairobi on Monday. | Nairobi
shot | In Nairobi, soldiers shot two protesters. | Nairobi
shot | Two protesters were shot by soldiers near Nairobi. | Nairobi
shot | Two protesters were shot in a Nairobi hotel. | Nairobi
killed | Gunmen killed three farmers in the village of Ombara. | Ombara
killed | Gunmen killed three farmers in Ombara district. | Ombara
killed | Three farmers were killed in the northern town of Kisumu. | Kisumu
killed | Three farmers were killed during clashes in the city of Kisumu. | Kisumu
killed | Three farmers were killed when a bomb exploded in Kampala. | Kampala
killing | A bomb exploded in Kampala, killing three farmers. | Kampala
killing | A suicide bomber blew himself up at a market in Kampala, killing nine people. | Kampala
killed | A bomb that went off in Kampala killed nine people. | Kampala
attacked | Rebels attacked army positions in Bangui. | Bangui
attacked | Rebels attacked a police base near Bangui. | Bangui
attacked | Rebels attacked a police base on the outskirts of Bangui. | Bangui
launched | Rebels launched an attack on Bangui on Sunday. | Bangui
launched | The army launched an offensive in southern Bangui on Sunday. | Bangui
bombed | Warplanes bombed the suburbs of Khartoum. | Khartoum
bombed | Warplanes bombed Khartoum overnight. | Khartoum
shelled | The army shelled the rebel-held town of Malakal. | Malakal
shelled | Malakal was shelled by the army for three days. | Malakal
captured | The rebels captured Malakal after heavy fighting. | Malakal
captured | The rebels captured the strategic town of Malakal in South Sudan. | Malakal
patrolled | Soldiers patrolled the streets of Lagos. | Lagos
patrolled | Soldiers patrolled Lagos on Friday. | Lagos
marched | Thousands of workers marched through the streets of Athens. | Athens
protested | Thousands of workers protested outside the parliament in Athens. | Athens
protested | In Athens, where shops stayed closed, thousands of workers protested against the cuts. | Athens
demonstrated | Students demonstrated in Lima and Cusco. | Lima
clashed | Police clashed with protesters in central Minsk. | Minsk
arrested | Police arrested forty protesters in Minsk. | Minsk
arrested | Forty protesters were arrested at a rally in Minsk, officials said. | Minsk
arrested | Forty protesters were arrested in Minsk, Belarus. | Minsk
held | Kenya and Chad held talks in Geneva. | Geneva
met | The Kenyan president met his Chadian counterpart in Geneva. | Geneva
visited | The Kenyan president visited troops in Mogadishu. | Mogadishu
""".strip().splitlines()

NOWHERE = """
killed | Gunmen killed the governor of Kandahar. | Kandahar
killed | Gunmen killed a reporter from Kandahar. | Kandahar
arrested | Police arrested forty protesters, Washington said. | Washington
attacked | Rebels backed by Uganda attacked an army convoy. | Uganda
attacked | Rebels attacked an army convoy, a spokesman said in Nairobi. | Nairobi
attacked | Rebels attacked an army convoy, the Foreign Ministry in Paris said. | Paris
killed | A soldier of the Islamic State of Iraq was killed. | Iraq
protested | Farmers protested against imports from Brazil. | Brazil
marched | Veterans of the Vietnam War marched against the government. | Vietnam
shot | Soldiers shot two protesters, and the United States condemned it. | United States
protested | Workers protested in front of the Singaporean embassy. | Singaporean
cancelled | The president cancelled his trip to Paris. | Paris
""".strip().splitlines()


def coded(nlp, text: str, trigger: str) -> list:
    return [event for event in layers_of(nlp(text)).events if trigger in event.trigger.text]


@pytest.mark.parametrize("line", PLACES)
def test_an_event_is_where_its_words_say(event_nlp, line):  # noqa: F811
    trigger, text, place = line.split(" | ")
    events = coded(event_nlp, text, trigger)
    assert events
    assert {event.place.basis.text if event.place else event.reasons["place"] for event in events} == {place}


@pytest.mark.parametrize("line", NOWHERE)
def test_a_place_named_in_passing_is_not_the_events(event_nlp, line):  # noqa: F811
    trigger, text, place = line.split(" | ")
    for event in coded(event_nlp, text, trigger):
        assert event.place is None or place not in event.place.basis.text
        assert event.place is not None or event.reasons["place"]


def test_a_place_that_the_gazetteer_lacks_has_the_country_it_is_said_to_be_in(event_nlp):  # noqa: F811
    (event,) = coded(event_nlp, "Gunmen killed three farmers in Ombara district of Kenya.", "killed")
    place = event.place
    assert (place.basis.text, place.geonameid, place.name, place.country) == ("Ombara", None, None, "KEN")


def test_the_narrower_place_is_the_better_answer(event_nlp):  # noqa: F811
    (event,) = coded(event_nlp, "In Kenya, gunmen killed three farmers in Kisumu.", "killed")
    assert event.place.basis.text == "Kisumu"


def test_the_basis_is_where_the_text_has_it(event_nlp):  # noqa: F811
    text = "The rebels captured the strategic town of Malakal."
    (event,) = coded(event_nlp, text, "captured")
    basis = event.place.basis
    assert text[basis.start : basis.end] == basis.text == "Malakal"


def test_two_sentences_keep_their_places_apart(event_nlp):  # noqa: F811
    doc = event_nlp("Soldiers shot two protesters in Nairobi. Police arrested forty protesters in Minsk.")
    assert [event.place.basis.text for event in layers_of(doc).events if event.place] == ["Nairobi", "Minsk"]
