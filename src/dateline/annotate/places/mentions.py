"""Find the words of a text that name a place: what the entity recognizer says, and what the gazetteer and the context say.

A name counts only with evidence: a label, a preposition of place before it, a state after it, a word such as "police" or
"County" behind it, or another mention in the same text that has such evidence. Names of people are not places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from spacy.tokens import Doc

from dateline.annotate.gazetteer import Gazetteer, PlaceEntry, fold
from dateline.annotate.places.evidence import evidence
from dateline.annotate.places.scan import Scan, cut, look_at
from dateline.types import EntityMention

CONNECTORS = frozenset(
    "of the de la del da do du des el al upon on and - es ez los las dos das der am sur les".split()  # noqa: SIM905
)
LONGEST = 6  # tokens in the name of a place
LONGEST_LIST = 40  # tokens in "Clarke, Madison and Oconee counties"
PLURAL_DIVISIONS = {"counties": "County", "parishes": "Parish", "provinces": "Province", "districts": "District"}


@dataclass(slots=True)
class Mention:
    """Be words that name a place, the places that they may mean, and why they count."""

    start: int
    end: int
    text: str
    candidates: tuple[PlaceEntry, ...]
    reason: str
    first: int  # tokens
    last: int
    container: Mention | None = None  # "Texas" in "Paris, Texas"


def find_mentions(doc: Doc, entities: Sequence[EntityMention], gazetteer: Gazetteer) -> list[Mention]:
    """Return the mentions of places, in order, not overlapping."""
    scan = look_at(doc, entities, gazetteer)
    sure: list[Mention] = []
    maybe: list[Mention] = []
    listed = _listed(scan)
    at, size = 0, len(scan.texts)
    while at < size:
        word = scan.texts[at]
        if not word[0].isupper() or at in scan.persons:
            at += 1
            continue
        mention = listed.get(at) or _abbreviation(scan, at) or _longest(scan, at)
        if mention is None:
            at += 1
            continue
        (sure if mention.reason else maybe).append(mention)
        at = mention.last
    names = {fold(mention.text) for mention in sure if mention.candidates}
    for mention in maybe:
        if fold(mention.text) in names and _may_repeat(scan, mention):
            mention.reason = "named as a place elsewhere in the text"
            sure.append(mention)
    sure.sort(key=lambda mention: mention.start)
    _link_containers(scan, sure)
    return sure


def _listed(scan: Scan) -> dict[int, Mention]:
    """Return, by first token, the names in "Clarke, Madison and Oconee counties"."""
    found: dict[int, Mention] = {}
    for at, word in enumerate(scan.texts):
        kind = PLURAL_DIVISIONS.get(word.lower())
        if kind is None:
            continue
        last, first = at, at - 1
        while first >= 0 and at - first < LONGEST_LIST:
            listed = scan.texts[first]
            if not listed[0].isupper():
                if last > first + 1:
                    _add_listed(scan, first + 1, last, kind, found)
                if listed not in {",", "and", "&"}:
                    break
                last = first
            first -= 1
    return found


def _add_listed(scan: Scan, first: int, last: int, kind: str, found: dict[int, Mention]) -> None:
    text = cut(scan, first, last)
    candidates = scan.gazetteer.lookup(f"{text} {kind}")
    if candidates:
        found[first] = _make(scan, first, last, candidates, "one of a list of divisions")


def _abbreviation(scan: Scan, at: int) -> Mention | None:
    for length, ending in ((2, ""), (1, ""), (1, ".")):
        if ending and scan.text(at + 1) != ending:
            continue
        form = cut(scan, at, at + length) + ending
        found = scan.words.abbreviations.get(form)
        if found is None:
            continue
        bare = scan.text(at - 1) not in {",", "("} and not (scan.label(at) == "GPE" and form[-1] == ".")
        if found.only_after_comma and bare:
            continue
        entries = tuple(e for e in scan.gazetteer.lookup(found.place) if e.geonameid == found.geonameid)
        return _make(scan, at, at + length + len(ending), entries, "abbreviation")
    return None


def _longest(scan: Scan, at: int) -> Mention | None:
    """Return the longest name of the gazetteer that begins here, with its evidence, if it may be a place."""
    stop = at + 1
    while stop < len(scan.texts) and stop - at < LONGEST and stop not in scan.persons:
        word = scan.texts[stop]
        if not word[0].isupper() and word not in CONNECTORS and not word.isdecimal():
            break
        stop += 1
    for last in range(stop, at, -1):
        if not scan.texts[last - 1][0].isupper():
            continue
        text = cut(scan, at, last)
        candidates = scan.gazetteer.lookup(text)
        if candidates:
            reason = evidence(scan, at, last, text, candidates)
            if reason is None:
                continue
            return _make(scan, at, last, candidates, reason)
    ent = scan.ents[at]
    if (
        ent is not None
        and ent.label_ == "GPE"
        and ent.start == at
        and scan.text(at - 1).lower() in {"in", "near", "at"}
    ):
        return _make(scan, at, ent.end, (), "entity after a preposition of place")
    return None


def _may_repeat(scan: Scan, mention: Mention) -> bool:
    after = scan.text(mention.last)
    return scan.label(mention.first) != "PERSON" or not after[:1].isupper()


def _link_containers(scan: Scan, mentions: list[Mention]) -> None:
    """Link "Paris" to "Texas" in "Paris, Texas", "Paris (Texas)" and "Texas' Paris"."""
    for first, second in pairwise(mentions):
        if _are_countries(first, second):
            continue
        between = scan.body[first.end : second.start]
        outer = second.candidates[0].precision if second.candidates else ""
        if between == ", " and second.text in {"D.C.", "DC"} and first.text == "Washington":
            first.candidates = second.candidates
        elif (between in {", ", " ("} and outer in {"country", "admin1"}) or (
            between == ", " and "County" in second.text
        ):
            first.container = second


def _are_countries(first: Mention, second: Mention) -> bool:
    """Say whether two names are countries that stand in a row: in "Canada, Ukraine and Sweden" no town is named Canada."""
    if not first.candidates or not second.candidates:
        return False
    outer = second.candidates[0]
    if first.candidates[0].precision != "country" or outer.precision != "country":
        return False
    return not any(e.precision == "admin1" and e.country == outer.country for e in first.candidates)


def _make(scan: Scan, first: int, last: int, candidates: tuple[PlaceEntry, ...], reason: str) -> Mention:
    start = scan.starts[first]
    text = cut(scan, first, last)
    return Mention(start, start + len(text), text, candidates, reason, first, last)
