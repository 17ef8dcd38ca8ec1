"""Find the words of a text that name a place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from dateline.annotate.gazetteer import Gazetteer, PlaceEntry
from dateline.types import EntityMention

PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
_LEAD = re.compile(r"^(?:[Tt]he\s+)")
_TAIL = re.compile(r"(?:['’]s?|[\s,.;:—–-]+)$")


@dataclass(slots=True)
class Mention:
    """Be words that name a place, and the places that they may mean."""

    start: int
    end: int
    text: str
    candidates: tuple[PlaceEntry, ...]
    container: Mention | None = None  # "Texas" in "Paris, Texas"


def find_mentions(doc: Doc, entities: Sequence[EntityMention], gazetteer: Gazetteer) -> list[Mention]:
    """Return the mentions of places, in order, not overlapping."""
    found: list[Mention] = []
    for ent in doc.ents:
        if ent.label_ not in PLACE_LABELS:
            continue
        start, end = ent.start_char, ent.end_char
        text = doc.text[start:end]
        if lead := _LEAD.match(text):
            start += lead.end()
        if text[-1:] != "." and (tail := _TAIL.search(doc.text[start:end])):
            end = start + tail.start()
        text = doc.text[start:end]
        if not text or not text[0].isupper():
            continue
        candidates = gazetteer.lookup(text)
        if candidates or ent.label_ == "GPE":
            found.append(Mention(start, end, text, candidates))
    for first, second in zip(found, found[1:], strict=False):
        if doc.text[first.end : second.start] == ", ":
            first.container = second
    return found
