"""The place of an event: that of its own clause, then of its sentence, and never one that is only named in passing."""

from __future__ import annotations

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.types import TextInput
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
visited | The Kenyan president visited Ukraine on Monday. | Ukraine
threw | In Athens youths threw stones at the police. | Athens
saluted | From the balcony of Lima's city hall the president saluted the army. | Lima
shot | The troops reached Malakal, and they shot forty prisoners there. | Malakal
killed | Paratroopers entered Malakal, where they killed hundreds of farmers. | Malakal
signed | Kenya and Chad signed a truce on Friday, on the sidelines of a summit in Geneva. | Geneva
exchanged | Kenya and Chad exchanged forty prisoners on the tarmac of Ankara airport. | Ankara
ordered | The president ordered 5,000 troops to Haiti. | Haiti
went off | A bomb went off in London's Docklands. | Docklands
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
criticised | Spain's prime minister criticised the number of dead in Lima during a visit to Cusco. | Lima
imposed | Kenya imposed sanctions on Uganda. | Uganda
called on | Kenya called on Uganda to withdraw. | Uganda
accused | Democrats in Washington accused the president of lying. | Washington
freed | Kenya freed a man who in 2019 shot a reporter in Lima. | Lima
attacked | Soldiers attacked a convoy with rockets made in Russia. | Russia
attacked | In the largest attack in Europe in years, soldiers attacked a convoy. | Europe
expelled | Kenya expelled twelve diplomats in answer to the use of poison against a spy in England. | England
accused | The minister accused them of interfering in Canadian politics. | Canadian
freed | Kenya freed forty men hours after a truce began in Chad. | Chad
""".strip().splitlines()


PASSAGES = """
arrested | Soldiers shot two protesters in Khartoum on Tuesday. Sudanese police then arrested forty students. | Khartoum
blocked | Students gathered in Khartoum. The night was cold. They blocked two bridges. | Khartoum
arrested | Soldiers shot two men in Khartoum.\\nThe night was cold. Sudanese police arrested forty students. | Sudanese
arrested | Rebels attacked Bangui. Kenya lies far away. Kenyan police arrested forty students. | Kenya
attacked | Israel bombed Damascus. The talks are over. American soldiers attacked a convoy. | none
banned | Students gathered in London. The talks are over. Britain banned Russian airlines. | none
praised | Students gathered in London. The talks are over. Britain praised the police. | none
signed | Chad and Sudan signed a truce on Tuesday. Their presidents met in Nairobi for two hours. Chad's president met his Sudanese counterpart in Nairobi. | Nairobi
signed | Chad and Sudan signed a truce. Chad's president met his Sudanese counterpart in Nairobi and in May in Cairo. Sudan's president met his Chadian counterpart in Lima. | none
signed | NAIROBI (Reuters) - Chad and Sudan signed a truce on Tuesday. | NAIROBI
resigned | The Egyptian president resigned on Friday. The night was cold. People cheered. | Egyptian
telephoned | Chad's president met his Sudanese counterpart in Nairobi. He telephoned the Sudanese president. | none
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


@pytest.mark.parametrize("line", PASSAGES)
def test_an_act_without_a_place_takes_its_scenes(event_nlp, line):  # noqa: F811
    trigger, text, place = line.split(" | ")
    text = text.replace("\\n", "\n")
    events = coded(event_nlp, text, trigger)
    assert events
    assert {event.place.basis.text if event.place else "none" for event in events} == {place}
    for event in events:
        assert ("place" in event.reasons) == (event.place is None)
        assert event.place is None or text[event.place.basis.start : event.place.basis.end] == place


def test_a_country_alone_is_said_to_be_one(event_nlp):  # noqa: F811
    text = "Rebels attacked Bangui. Kenya lies far away. Kenyan police arrested forty students."
    (event,) = coded(event_nlp, text, "arrested")
    assert (event.place.country, event.place.precision) == ("KEN", "country")


def test_the_headlines_town_holds_for_what_was_signed(event_nlp):  # noqa: F811
    text = "Chad and Sudan signed a truce on Tuesday. The talks in Nairobi had lasted two weeks."
    doc = make_doc(event_nlp, TextInput(id="t", text=text, title="Chad and Sudan sign truce in Nairobi"))
    (event, *_) = [e for e in layers_of(event_nlp(doc)).events if e.trigger.text == "signed"]
    assert event.place.basis.text == "Nairobi"


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


UNLISTED = """
Kibera | Police shot two men in Kibera, a slum of Nairobi. | KEN
Kibera | Police shot two men in Nairobi's Kibera slum. | KEN
Zarbula | Police shot two men in Zarbula, a suburb of Lima. The mayor of Zarbula resigned. | PER
Zarbula | Rebels killed nine farmers in Zarbula, a village in eastern Congo. | COD
Zarbula | Gunmen killed a mayor in the Colombian town of Zarbula. | COL
Zarbula | Villagers in the Afghan district of Zarbula were killed by a drone. | AFG
Zarbula | Soldiers shot two men in Zarbula, a township outside Cape Town. | ZAF
Zarbula | A bomb killed four people in the Zarbula district of Gaza City. | PSE
Kibera | Police shot two men in Kibera, a slum of Nairobi. On Friday gunmen killed a nurse in Kibera. | KEN
Kibera | Police shot two men in Kibera. Lawmakers in Nairobi met. | -
""".strip().splitlines()


@pytest.mark.model
@pytest.mark.parametrize("line", UNLISTED)
def test_an_unlisted_place_has_the_country_that_the_text_gives_it(event_nlp, line):  # noqa: F811
    words, text, country = (part.strip() for part in line.split("|"))
    doc = event_nlp(make_doc(event_nlp, TextInput(id="unlisted", text=text, language="en")))
    events = [e for e in layers_of(doc).events if e.place is not None and e.place.basis.text == words]
    assert events
    for event in events:
        assert (event.place.country or "-") == country
        assert event.reasons.get("place") == ("place_unlisted" if country == "-" else None)
