from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dateline.annotate.places import places_component
from dateline.annotate.places.tables import (
    CONTEXT,
    CONTEXT_KINDS,
    HEAD_KINDS,
    load_words,
    read_abbreviations,
    read_kinds,
    read_list,
)
from dateline.errors import RulesError
from tests.context_nlp import read

CASES = list(
    csv.DictReader((Path(__file__).parent / "data" / "places_cases.tsv").open(encoding="utf-8"), delimiter="\t")
)


@pytest.mark.model
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['span']} in {case['country'] or 'no country'}")
def test_decides_which_place_is_meant(case):
    found = {place.text: place for place in read(case["text"], places_component).places}
    assert case["span"] in found, list(found)
    place = found[case["span"]]
    assert (place.name, place.country, place.admin1) == (case["name"], case["country"] or None, case["admin1"] or None)
    assert case["text"][place.start : place.end] == place.text
    assert place.reason


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "Paris Hilton smiled.",
        "Mr. Jordan denied it.",
        "Andrew Jackson was president.",
        "The Russian foreign minister spoke.",
        "He reads the Washington Post.",
        "They walked down Lincoln Avenue.",
        "The White House said nothing.",
        "She put the money in the bank.",
    ],
)
def test_people_peoples_and_bodies_are_no_places(text):
    assert [(place.text, place.reason) for place in read(text, places_component).places] == []


@pytest.mark.model
def test_one_name_means_one_place_in_an_article():
    text = "The fair opens in Paris, Texas. Visitors to Paris come from Dallas."
    assert {place.admin1 for place in read(text, places_component).places} == {"Texas"}


@pytest.mark.model
def test_neighbours_decide_between_namesakes():
    text = "Fire crews from Newark helped. The blaze in Granville, Ohio, was seen in Heath and in Columbus."
    assert {place.admin1 for place in read(text, places_component).places} == {"Ohio"}


@pytest.mark.model
def test_a_place_that_the_gazetteer_lacks_keeps_what_the_text_says():
    places = {place.text: place for place in read("He was born in Aardvarkville, Ohio.", places_component).places}
    if "Aardvarkville" in places:
        place = places["Aardvarkville"]
        assert (place.geonameid, place.lat) == (None, None)


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["", "\n", "Он живёт в Москве.", "\ufffd", "Paris " * 500, "Smith, Jones, Brown. " * 200]
)
def test_odd_texts_end(text):
    for place in read(text, places_component).places:
        assert text[place.start : place.end] == place.text


def test_the_lists_load():
    words = load_words()
    assert words.abbreviations["Ga."].place == "Georgia"
    assert words.abbreviations["IN"].only_after_comma
    assert words.heads["County"] == "division"
    assert "near" in words.locatives


def test_a_wrong_list_names_its_line():
    with pytest.raises(RulesError, match=r"context_words\.tsv:3: 'place' is none of"):
        read_kinds("word\tkind\nnear\tlocative\nParis\tplace\n", CONTEXT_KINDS, table=CONTEXT)
    with pytest.raises(RulesError, match=r"context_words\.tsv:3: 'near' stands twice"):
        read_kinds("word\tkind\nnear\tlocative\nnear\ttitle\n", CONTEXT_KINDS, table=CONTEXT)
    with pytest.raises(RulesError, match=r"heads\.tsv:2: 'town' is none of"):
        read_kinds("word\tkind\nCounty\ttown\n", HEAD_KINDS, table="heads.tsv")
    with pytest.raises(RulesError, match=r"given_names\.txt:3: 'Ann' is no word or stands twice"):
        read_list("# names\nAnn Bob\nAnn\n", table="given_names.txt")
    with pytest.raises(RulesError, match=r"common_words\.txt:1: '12' is no word"):
        read_list("12 garden\n", table="common_words.txt")
    with pytest.raises(RulesError, match=r"a\.tsv:2: form, GeoNames id"):
        read_abbreviations("h\nGa.\tGeorgia\n", table="a.tsv")
