"""What a text is dated from is no part of its first sentence."""

from __future__ import annotations

from datetime import date

import pytest

from dateline.annotate.layers import layers_of
from dateline.annotate.nlp import make_doc
from dateline.annotate.openings import DATELINE, place_of
from dateline.types import TextInput
from tests.events_nlp import loaded


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("MAPUTO - Soldiers shelled the camp.", "MAPUTO"),
        ("TOLEDO, Ohio -- Workers walked out.", "TOLEDO"),
        ("KYIV, Ukraine (AP) — Russian forces shelled the port.", "KYIV"),
        ("MOSCOW, June 28 (Reuters) - A court fined two banks.", "MOSCOW"),
        ("ABUJA/LAGOS, Nigeria, Jan. 3 (AFP) – Gunmen freed him.", "ABUJA/LAGOS"),
        ("Washington (CNN) — The Senate met.", "Washington"),
        ("PORT OF SPAIN — “We refuse,” she said.", "PORT OF SPAIN"),
        ("SÃO PAULO - Police arrested two men.", "SÃO PAULO"),
        ("A line above\nSUVA, Fiji - 300 marchers came.", "SUVA"),
    ],
)
def test_datelines(text: str, place: str) -> None:
    match = DATELINE.search(text)
    assert match is not None
    first, last = place_of(match)
    assert text[first:last] == place


@pytest.mark.parametrize(
    "text",
    [
        "Kim — North Korea's leader — said nothing.",
        "U.S. - China talks went on.",
        "F-16 - the jet that Turkey wants.",
        "NATO - the alliance - met.",
        "UN-backed forces - some of them boys - fled.",
        "President Kirchner (Peronist) - Argentina's leader - spoke.",
        "",
        "-",
    ],
)
def test_no_datelines(text: str) -> None:
    assert DATELINE.search(text) is None


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("QUITO, Ecuador - Peruvian troops attacked Ecuadorean positions on Wednesday.", "PER", "ECU"),
        ("LUANDA (Reuters) - The United Nations suspended its flights to Malawi on Monday.", "IGO", "MWI"),
        ("ATHENS — Turkish police arrested three Bulgarian journalists on Monday.", "TUR", "BGR"),
        ("VIENNA, 3 May - Kenya accused Uganda of theft.", "KEN", "UGA"),
    ],
)
def test_the_town_is_no_party(text: str, source: str, target: str) -> None:
    nlp = loaded()
    doc = nlp(make_doc(nlp, TextInput(id="t", text=text, published=date(2019, 5, 6))))
    events = layers_of(doc).events
    assert len(events) == 1
    assert events[0].source is not None
    assert events[0].target is not None
    assert (events[0].source.actor.country, events[0].target.actor.country) == (source, target)  # type: ignore[union-attr]
