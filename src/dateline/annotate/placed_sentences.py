"""Tell where a sentence says at once that it is: "In Athens youths threw stones at the police, who fired tear gas"."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from spacy.attrs import SENT_START
from spacy.tokens import Doc

from dateline.annotate.layers import layers_of, offsets_of, text_of
from dateline.types import PlaceMention

KEY = "dateline_placed_sentences"
OPENER = re.compile(
    r"\W*(?:(?:but|and|meanwhile|elsewhere|later|also|further \w+|[\w ]{0,12}day),? )?"
    r"(?:in|across|throughout|outside|inside|near) (?:the (?:\w+ ){0,3}of |neighbou?ring |nearby |central |northern |southern |eastern |western )?$",
    re.IGNORECASE,
)  # fmt: skip
GOES_ON = re.compile(r"(?:['’]s?\b|(?:,| and| or) (?=[A-Z]\w+(?:,| and\b)))")
LONGEST = 60  # characters before the place


@dataclass(frozen=True, slots=True)
class Openings:
    """Hold where sentences begin, and the countries that some open with, by their number."""

    of: int  # whose places these are
    starts: list[int]
    countries: dict[int, str]


def opened_at(doc: Doc, at: int) -> str | None:
    """Return the country that the sentence of the character `at` opens with."""
    found = _openings(doc)
    return found.countries.get(bisect_right(found.starts, at) - 1) if found.countries else None


def _openings(doc: Doc) -> Openings:
    places = layers_of(doc).places
    known: Openings | None = doc.user_data.get(KEY)
    if known is None or known.of != id(places):
        known = doc.user_data[KEY] = _read(doc, places)
    return known


def _read(doc: Doc, places: list[PlaceMention]) -> Openings:
    text, offsets = text_of(doc), offsets_of(doc)
    starts = [offsets[at] for at in np.flatnonzero(doc.to_array(SENT_START) == 1).tolist()]
    found: dict[int, str] = {}
    named = [(place.start, place.end, place.country) for place in places]
    named += [(e.start, e.end, e.actor.country) for e in layers_of(doc).entities if e.label == "GPE" and e.actor]
    for start, end, country in named:
        number = bisect_right(starts, start) - 1
        if number < 0 or country is None or start - starts[number] > LONGEST:
            continue
        if OPENER.match(text, starts[number], start) and not GOES_ON.match(text, end):
            found.setdefault(number, country)
    return Openings(id(places), starts, found)
