"""Find the words of a text that name a place: what the entity recognizer says, and what the gazetteer and the context say.

A name counts only with evidence: a label, a preposition of place before it, a state after it, a word such as "police" or
"County" behind it, or another mention in the same text that has such evidence. Names of people are not places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span

from dateline.annotate.gazetteer import Gazetteer, PlaceEntry, fold
from dateline.annotate.places.tables import PlaceWords, load_words
from dateline.types import EntityMention

PLACE_LABELS = frozenset({"GPE", "LOC"})
NAME_LABELS = frozenset({"ORG", "FAC"})  # may hold a place's name
CONNECTORS = frozenset({"of", "the", "de", "la", "del", "da", "do", "du", "des", "el", "al", "upon", "on", "and", "-"})
LONGEST = 6  # tokens in the name of a place
LARGE = 100_000  # inhabitants: a city that needs no introduction
COMPASS = frozenset({"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "central"})
NEWSPAPERS = frozenset(
    "Times Post News Journal Tribune Herald Globe Chronicle Magazine Review Daily Weekly Examiner Gazette Observer Sun Star".split()
)
PLURAL_DIVISIONS = {"counties": "County", "parishes": "Parish", "provinces": "Province", "districts": "District"}
LONGEST_LIST = 40  # tokens
DASHES = frozenset({"—", "–", "--", "-"})


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


@dataclass(slots=True)
class _Scan:
    doc: Doc
    gazetteer: Gazetteer
    words: PlaceWords
    body: str  # doc.text is put together anew on each call: once is enough
    texts: list[str]
    starts: list[int]
    ents: list[Span | None]  # the entity that holds each token
    persons: set[int] = field(default_factory=set)  # tokens in names of people
    surnames: set[str] = field(default_factory=set)

    def text(self, at: int) -> str:
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def label(self, at: int) -> str:
        ent = self.ents[at] if 0 <= at < len(self.ents) else None
        return ent.label_ if ent is not None else ""


def find_mentions(doc: Doc, entities: Sequence[EntityMention], gazetteer: Gazetteer) -> list[Mention]:
    """Return the mentions of places, in order, not overlapping."""
    scan = _scan(doc, entities, gazetteer)
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


def _scan(doc: Doc, entities: Sequence[EntityMention], gazetteer: Gazetteer) -> _Scan:
    words = load_words()
    ents: list[Span | None] = [None] * len(doc)
    for ent in doc.ents:
        ents[ent.start : ent.end] = [ent] * (ent.end - ent.start)
    scan = _Scan(doc, gazetteer, words, doc.text, [token.text for token in doc], [token.idx for token in doc], ents)
    for ent in doc.ents:
        if ent.label_ == "PERSON" and _is_person(scan, ent):
            scan.persons.update(range(ent.start, ent.end))
            last = ent[-1].text if ent[-1].text not in {"'s", "’s"} else ent[-2].text if len(ent) > 1 else ""
            sure = ent[0].text.lower() in words.given_names or scan.text(ent.start - 1).lower() in words.titles
            places = () if sure else scan.gazetteer.lookup(last)
            if len(ent) > 1 and not (places and _is_strong(last, places)):
                scan.surnames.add(last)
    for mention in entities:
        if mention.label == "PERSON" and mention.actor is not None and (mention.name or mention.text):
            scan.surnames.add((mention.name or mention.text).split()[-1])
    _add_people(scan)
    for at, word in enumerate(scan.texts):
        if word in scan.surnames and scan.label(at) == "PERSON":
            scan.persons.add(at)
    return scan


def _add_people(scan: _Scan) -> None:
    """Add people that the recognizer missed: "coach Ripley", "Jane Fairfield"."""
    titles, given = scan.words.titles, scan.words.given_names
    for at, word in enumerate(scan.texts[:-1]):
        following, third = scan.texts[at + 1], scan.text(at + 2)
        if not following[0].isupper() or following in scan.words.heads or third in scan.words.heads:
            continue
        lower = word.lower()
        if lower in titles:
            if not word.isupper() and (word[-1] == "." or not third[:1].isupper()):
                scan.persons.add(at + 1)
                scan.surnames.add(following)
        elif lower in given and word[0].isupper() and len(following) > 2 and not third[:1].isupper():  # noqa: PLR2004
            if not scan.gazetteer.lookup(f"{word} {following}"):
                scan.persons.update((at, at + 1))
                scan.surnames.add(following)


def _is_person(scan: _Scan, ent: Span) -> bool:
    """Say whether a PERSON is one: by a given name, a title before, an age behind."""
    first, before = ent[0].text.lower(), scan.text(ent.start - 1).lower()
    if before in scan.words.titles:
        return True
    if any(scan.words.heads.get(token.text) in {"body", "division"} for token in ent[1:]):
        return False
    if before in scan.words.locatives and scan.gazetteer.lookup(ent.text):
        return False
    if len(ent) == 1:
        return before not in scan.words.locatives and not scan.gazetteer.lookup(ent[0].text)
    if first in scan.words.given_names or (len(first) <= 2 and first.endswith(".")):  # noqa: PLR2004 (an initial)
        return not (scan.text(ent.end) == "," and _is_division(scan, ent.end + 1))
    if scan.text(ent.end) == "," and scan.text(ent.end + 1).isdecimal():
        return True
    return not any(scan.gazetteer.lookup(token.text) for token in ent[:1]) or ent[-1].text not in scan.words.heads


def _listed(scan: _Scan) -> dict[int, Mention]:
    """Return, by first token, the names in "Clarke, Madison and Oconee counties"."""
    found: dict[int, Mention] = {}
    for at, word in enumerate(scan.texts):
        kind = PLURAL_DIVISIONS.get(word.lower())
        if kind is None:
            continue
        last, first = at, at - 1
        while first >= 0 and at - first < LONGEST_LIST:
            word = scan.texts[first]
            if not word[0].isupper():
                if last > first + 1:
                    _add_listed(scan, first + 1, last, kind, found)
                if word not in {",", "and", "&"}:
                    break
                last = first
            first -= 1
    return found


def _add_listed(scan: _Scan, first: int, last: int, kind: str, found: dict[int, Mention]) -> None:
    text = _slice(scan, first, last)
    candidates = scan.gazetteer.lookup(f"{text} {kind}")
    if candidates:
        found[first] = _make(scan, first, last, candidates, "one of a list of divisions")


def _abbreviation(scan: _Scan, at: int) -> Mention | None:
    for length in (2, 1):
        form = _slice(scan, at, at + length)
        found = scan.words.abbreviations.get(form)
        if found is None and length == 1 and scan.text(at + 1) == ".":
            found, length = scan.words.abbreviations.get(form + "."), 2
            form += "."
        if found is None:
            continue
        bare = scan.text(at - 1) not in {",", "("} and not (scan.label(at) == "GPE" and form[-1] == ".")
        if found.only_after_comma and bare:
            continue
        entries = [e for e in scan.gazetteer.lookup(found.place) if e.geonameid == found.geonameid]
        return _make(scan, at, at + length, tuple(entries), "abbreviation")
    return None


def _longest(scan: _Scan, at: int) -> Mention | None:
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
        text = _slice(scan, at, last)
        candidates = scan.gazetteer.lookup(text)
        if candidates:
            reason = _evidence(scan, at, last, text, candidates)
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


def _evidence(scan: _Scan, first: int, last: int, text: str, candidates: tuple[PlaceEntry, ...]) -> str | None:
    """Return why these words are a place; "" where only another mention could say so; None where they are not."""
    words = scan.words
    before, after = scan.text(first - 1).lower(), scan.text(last)
    label, ent = scan.label(first), scan.ents[first]
    if label == "PERSON":
        label = ""  # those that are people were taken out before
    common = last - first == 1 and text.lower() in words.common_words
    head = words.heads.get(after)
    if head == "street" and after[-1:] == "." or (head == "street" and not _heads_body(after)):
        return None
    if after == "," and _is_division(scan, last + 1):
        return None if common and not _is_abbreviated(scan, last + 1) else "followed by its state or country"
    if common:
        return "entity" if label == "GPE" and ent is not None and len(ent) == 1 and before in {"in", "near"} else None
    located = before in words.locatives
    single = last - first == 1
    if text in scan.surnames and not located:
        return None
    if single and text.lower() in words.given_names and not located and head is None:
        return "" if _is_strong(text, candidates) else None
    if single and len(text) <= 3 and text.isupper() and candidates[0].precision != "country":  # noqa: PLR2004
        return None
    if all(word.lower() in COMPASS for word in text.replace("-", " ").split()):
        return None
    if last - first == 1 and before in words.given_names and scan.text(first - 1)[0].isupper():
        return None
    whole = not after[:1].isupper() or head is not None or after in {"'s", "’s"}
    if label in PLACE_LABELS and ent is not None and ent.end >= last:
        return "entity"
    if not single and words.heads.get(scan.texts[last - 1]) == "division":
        return "a division by its name"
    if head in {"body", "division"} or after.lower() in {"county", "counties", "parish", "township"}:
        return "names a body of the place"
    if whole and before in words.locatives and label != "PERSON":
        return "after a preposition of place"
    if whole and after.lower() in words.residents and after[:1].islower():
        return "before people or a body of the place"
    if label == "ORG" and candidates[0].precision == "feature" and not located:
        return None  # "the White House said": a body, not its building
    strong = _is_strong(text, candidates)
    if label in NAME_LABELS and strong:
        return None if after in NEWSPAPERS or (before == "of" and text == "America") else "inside a name"
    if whole and strong and label != "PERSON":
        return "well known"
    if _is_dateline(scan, first, last):
        return "dateline"
    if whole and before == "of" and label not in {"PERSON", "ORG"}:
        return "after of"
    return ""


def _heads_body(word: str) -> bool:
    return word in {"Court", "Highway"}


def _is_strong(text: str, candidates: tuple[PlaceEntry, ...]) -> bool:
    top = candidates[0]
    if top.precision in {"country", "feature"} or (top.precision == "admin1" and top.population > LARGE):
        return len(text) > 3 or "." in text or text == "US"  # noqa: PLR2004 (short names are other words)
    return any(e.precision == "city" and e.population >= LARGE and fold(e.name) == fold(text) for e in candidates[:3])


def _is_dateline(scan: _Scan, first: int, last: int) -> bool:
    starts = first == 0 or "\n" in scan.text(first - 1) or scan.texts[first].isupper() or scan.doc[first].is_sent_start
    return bool(starts) and (scan.text(last) in DASHES or (scan.text(last) == "(" and scan.text(last + 2) == ")"))


def _is_division(scan: _Scan, at: int) -> bool:
    """Say whether a state, province or country begins at this token."""
    if _is_abbreviated(scan, at):
        return True
    if not scan.text(at)[:1].isupper() or at in scan.persons:
        return False
    for length in (3, 2, 1):
        if at + length <= len(scan.texts):
            found = scan.gazetteer.lookup(_slice(scan, at, at + length))
            if found and found[0].precision in {"country", "admin1"}:
                return True
    return False


def _is_abbreviated(scan: _Scan, at: int) -> bool:
    form = scan.text(at)
    if form in scan.words.abbreviations or (scan.text(at + 1) == "." and form + "." in scan.words.abbreviations):
        return True
    return at + 1 < len(scan.texts) and _slice(scan, at, at + 2) in scan.words.abbreviations


def _may_repeat(scan: _Scan, mention: Mention) -> bool:
    after = scan.text(mention.last)
    return scan.label(mention.first) != "PERSON" or not after[:1].isupper()


def _link_containers(scan: _Scan, mentions: list[Mention]) -> None:
    """Link "Paris" to "Texas" in "Paris, Texas", "Paris (Texas)" and "Texas' Paris"."""
    for first, second in zip(mentions, mentions[1:], strict=False):
        between = scan.body[first.end : second.start]
        outer = second.candidates[0].precision if second.candidates else ""
        if between == ", " and second.text in {"D.C.", "DC"} and first.text == "Washington":
            first.candidates = second.candidates
        elif (
            between in {", ", " ("} and outer in {"country", "admin1"} or (between == ", " and "County" in second.text)
        ):
            first.container = second


def _slice(scan: _Scan, first: int, last: int) -> str:
    last = min(last, len(scan.texts)) - 1
    return scan.body[scan.starts[first] : scan.starts[last] + len(scan.texts[last])]


def _make(scan: _Scan, first: int, last: int, candidates: tuple[PlaceEntry, ...], reason: str) -> Mention:
    start = scan.starts[first]
    text = _slice(scan, first, last)
    return Mention(start, start + len(text), text, candidates, reason, first, last)
