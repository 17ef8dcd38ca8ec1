"""Which states have which offices."""

from __future__ import annotations

import pytest

from dateline.annotate.actors.state_offices import has_such, may_have, of_the_hague, office_in, tells_of_courts
from dateline.types import Actor, Party


@pytest.mark.parametrize(
    ("country", "phrase", "has"),
    [
        ("USA", "Congress", True),
        ("RUS", "Congress", False),
        ("USA", "a deputy prime minister", False),
        ("NOR", "the crown prince", True),
        ("FRA", "the king", False),
        ("DEU", "the chancellor", True),
        ("FRA", "lawmakers", True),
    ],
)
def test_offices_of_states(country, phrase, has):
    assert has_such(country, phrase) is has


def test_the_longest_office_counts():
    assert office_in("the deputy prime ministers of both lands") == "deputy prime minister"
    assert office_in("the kingfisher") is None
    assert not may_have("USA", "foreign minister")


@pytest.mark.parametrize(
    ("text", "sectors", "is_court"),
    [
        ("The Hague", (), True),
        ("the tribunal in The Hague", ("JUD",), True),
        ("a district court in The Hague", ("JUD",), False),
        ("nurses in The Hague", ("MED",), False),
    ],
)
def test_courts_in_the_hague(text, sectors, is_court):
    party = Party(start=0, end=len(text), text=text, actor=Actor(country="NLD", sectors=sectors), reason="")
    assert (of_the_hague(party) is not None) is is_court


def test_texts_on_international_courts():
    assert tells_of_courts("The war crimes tribunal indicted him.")
    assert not tells_of_courts("A court in Utrecht jailed him.")
