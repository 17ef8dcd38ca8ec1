"""Mentions of one article joined: names, titles, roles, pronouns."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import pairwise

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.annotate.references.genders import gender_of
from dateline.annotate.references.quoted import Quoted
from dateline.types import TextInput
from tests.context_nlp import references_model

pytestmark = pytest.mark.model
DAY = date(2018, 8, 24)


@lru_cache(maxsize=64)
def read(text, day=DAY):
    doc = references_model()(make_doc(references_model(), TextInput(id="t", text=text, published=day)))
    return layers_of(doc).entities


def meant(text, phrase, day=DAY, nth=0):
    """Return whom the nth mention written `phrase` means: its name, or its country where it has none."""
    found = [e for e in read(text, day) if e.text == phrase]
    assert found, f"{phrase!r} is no mention: {[e.text for e in read(text, day)]}"
    actor = found[nth].actor
    return None if actor is None else actor.name or actor.country


ARTICLE = (
    "Secretary of State Mike Pompeo said on Thursday that he would travel to Pyongyang. A day later Pompeo’s boss, "
    "Donald Trump, called the trip off. The president wrote that the North had not done enough, and that it had to do more. "
    "Kim Jong Un has met Trump once. Trump urged Kim to write to him. Kim Yong Chol, an aide, visited Washington in June."
)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("he", "Mike Pompeo"),
        ("boss", "Donald Trump"),
        ("president", "Donald Trump"),
        ("North", "North Korea"),
        ("it", "North Korea"),
        ("Kim", "Kim Jong Un"),
        ("Kim Yong Chol", "Kim Yong Chol"),
        ("Pyongyang", "North Korea"),
    ],
)
def test_references_of_one_article(phrase, name):
    assert meant(ARTICLE, phrase) == name


def test_references_have_no_label_and_names_have_one():
    labels = {e.text: e.label for e in read(ARTICLE)}
    assert labels["he"] is None
    assert labels["boss"] is None
    assert labels["Mike Pompeo"] == "PERSON"
    assert labels["Pyongyang"] == "GPE"


def test_mentions_are_sorted_fit_the_text_and_never_overlap():
    entities = read(ARTICLE)
    assert all(ARTICLE[e.start : e.end] == e.text and e.reason for e in entities)
    assert all(a.end <= b.start for a, b in pairwise(entities))


@pytest.mark.parametrize(
    ("text", "phrase", "country", "sectors"),
    [
        ("Nuclear envoy Anna Fictum of Finland arrived. Fictum smiled.", "Fictum", "FIN", ("GOV",)),
        ("Pieter Haarsma, a spokesman for the Dutch army, said so. He left.", "Pieter Haarsma", "NLD", ("MIL",)),
        ("Opposition leader Peter Ficta met the press in Nairobi.", "Peter Ficta", None, ("OPP",)),
    ],
)
def test_titles_in_the_text_say_who_unknown_people_are(text, phrase, country, sectors):
    mention = next(e for e in read(text) if e.text == phrase)
    assert mention.actor is not None
    assert (mention.actor.country, mention.actor.sectors) == (country, sectors)
    assert mention.actor.id is None


def test_office_is_resolved_by_the_day():
    text = "Brazil votes today. Brazil is tired. The president will not run in Brazil again, officials in Brazil said."
    assert meant(text, "president", date(2014, 6, 1)) == "Dilma Rousseff"
    assert meant(text, "president", date(2020, 6, 1)) == "Jair Bolsonaro"


def test_unknown_stays_unknown():
    text = "Jon Smithers met Tom Blakely. Smithers said he was glad."
    mentions = [e for e in read(text) if e.text == "Smithers"]
    assert all(e.actor is None and e.reason for e in mentions)


@pytest.mark.parametrize(
    ("text", "phrase", "name"),
    [
        ("Angela Merkel met Emmanuel Macron. She left early.", "She", "Angela Merkel"),
        ("Angela Merkel met Emmanuel Macron. He left early.", "He", "Emmanuel Macron"),
        ("Theresa May told Jean-Claude Juncker that she would leave.", "she", "Theresa May"),
        ("Iran tested a missile. It threatened Israel.", "It", "Iran"),
        ("Iran closed its embassy in Ottawa.", "its", "Iran"),
        ("Syrian rebels took Idlib. They freed dozens of prisoners.", "They", "SYR"),
    ],
)
def test_pronouns(text, phrase, name):
    assert meant(text, phrase, date(2018, 3, 1)) == name


@pytest.mark.parametrize(
    "text",
    ["It is unclear what happens.", "It rained in Iran.", "Iran waited. It was the first time that talks failed."],
)
def test_it_can_mean_nothing(text):
    assert not [e for e in read(text) if e.text.lower() == "it"]


def test_nobody_is_his_own_object():
    text = "Vladimir Putin praised Recep Tayyip Erdogan. Erdogan thanked him."
    assert meant(text, "him") == "Vladimir Putin"


def test_a_speaker_is_not_he_within_his_own_words():
    text = "Boris Johnson praised Donald Trump. “I like him,” Johnson said."
    assert meant(text, "him", date(2020, 1, 1)) == "Donald Trump"


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "Él fue a Madrid.", "Kim " * 300, "he " * 500, "“" * 300])
def test_strange_texts_are_read(text):
    for mention in read(text):
        assert text[mention.start : mention.end] == mention.text


def test_genders():
    assert gender_of("Park Geun-hye", "kor.park-geun-hye") == "female"
    assert gender_of("Angela Nobody", None) == "female"
    assert gender_of("Xyz Nobody", None) is None
    assert gender_of("Xi Jinping", "chn.xi-jinping") == "male"


def test_quotations_are_found():
    quoted = Quoted('He said “yes” and "no".\nAn "open one\nends there.')
    assert quoted.at(9) == (8, 13)
    assert quoted.at(19) is not None
    assert quoted.at(30) is None
