"""A place is in the country that the text speaks of, where its name is that of several."""

from __future__ import annotations

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.types import TextInput
from tests.events_nlp import loaded

HOMONYMS = [
    (
        "Bolivian police fired on miners. Two miners were shot in Santa Cruz, and the Bolivian president resigned.",
        "BOL",
    ),
    ("Venezuelan soldiers shot two protesters in Valencia. The Venezuelan opposition called a strike.", "VEN"),
    ("Spanish farmers blocked roads near Valencia. The Spanish agriculture minister met them.", "ESP"),
    ("Nicaraguan students threw stones at police in León. The Nicaraguan president called them vandals.", "NIC"),
    ("Peruvian miners blocked a road in Trujillo. The Peruvian government sent police.", "PER"),
    ("Pakistani police shot two students in Hyderabad. The Pakistani interior minister flew in.", "PAK"),
    ("Indian police beat lawyers in Hyderabad. Indian judges protested.", "IND"),
    ("South African police shot three miners in Newcastle. The South African president ordered an inquiry.", "ZAF"),
    ("Australian dockers went on strike in Newcastle. The Australian prime minister condemned them.", "AUS"),
    ("Rebels attacked an army post in Tripoli. Lebanese soldiers fired back, and the Lebanese cabinet met.", "LBN"),
    ("Cuban dissidents were arrested in Santiago. The Cuban government accused them of treason.", "CUB"),
    ("Dominican police fired on strikers in Santiago. The Dominican president imposed a curfew.", "DOM"),
    ("Polish police arrested forty protesters in Warsaw. The Polish opposition protested.", "POL"),
    ("Malaysian police arrested six men in Taiping. The Malaysian prime minister praised them.", "MYS"),
    ("American diplomats were attacked in Athens. American soldiers flew in.", "GRC"),
    ("Irish police arrested four men in Newcastle. The Irish justice minister praised them.", None),
]


def _layers(text: str):
    return layers_of(loaded()(make_doc(loaded(), TextInput(id="told", text=text, language="en"))))


@pytest.mark.model
@pytest.mark.parametrize(("text", "country"), HOMONYMS, ids=lambda value: str(value)[:30])
def test_a_homonym_is_where_the_text_is(text, country):
    (place,) = _layers(text).places
    assert place.country == country


@pytest.mark.model
def test_a_people_is_no_place():
    layers = _layers("Canadian police arrested ten men. Canadian lawyers protested.")
    assert not [place for place in layers.places if place.text == "Canadian"]
