"""Look at a text's words once, and take out those that name people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span

from dateline.annotate.gazetteer import Gazetteer, PlaceEntry, fold
from dateline.annotate.layers import offsets_of, text_of
from dateline.annotate.places.tables import PlaceWords, load_words
from dateline.types import EntityMention

PLACE_LABELS = frozenset({"GPE", "LOC"})
LARGE = 100_000  # inhabitants: a city that needs no introduction


@dataclass(slots=True)
class Scan:
    """Hold the words of a text, the entity that holds each, and which of them name people."""

    doc: Doc
    gazetteer: Gazetteer
    words: PlaceWords
    body: str
    texts: list[str]
    starts: list[int]
    ents: list[Span | None]  # the entity that holds each token
    persons: set[int] = field(default_factory=set)  # tokens in names of people
    surnames: set[str] = field(default_factory=set)
    peoples: set[int] = field(default_factory=set)  # characters at which a people that we know is named: "Canadian"

    def text(self, at: int) -> str:
        """Return a word, or nothing beyond the text."""
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def label(self, at: int) -> str:
        """Return the label of the entity that holds a word."""
        ent = self.ents[at] if 0 <= at < len(self.ents) else None
        return ent.label_ if ent is not None else ""


def look_at(doc: Doc, entities: Sequence[EntityMention], gazetteer: Gazetteer) -> Scan:
    """Return the words of `doc`, with the people in them found."""
    words = load_words()
    ents: list[Span | None] = [None] * len(doc)
    for ent in doc.ents:
        ents[ent.start : ent.end] = [ent] * (ent.end - ent.start)
    scan = Scan(doc, gazetteer, words, text_of(doc), [token.text for token in doc], offsets_of(doc), ents)
    for ent in doc.ents:
        if ent.label_ == "PERSON" and _is_person(scan, ent):
            scan.persons.update(range(ent.start, ent.end))
            last = ent[-1].text if ent[-1].text not in {"'s", "’s"} else ent[-2].text if len(ent) > 1 else ""
            sure = ent[0].text.lower() in words.given_names or scan.text(ent.start - 1).lower() in words.titles
            places = () if sure else scan.gazetteer.lookup(last)
            if len(ent) > 1 and not (places and is_strong(last, places)):
                scan.surnames.add(last)
    for mention in entities:
        if mention.label == "PERSON" and mention.actor is not None and (mention.name or mention.text):
            scan.surnames.add((mention.name or mention.text).split()[-1])
        if mention.label == "NORP" and mention.actor is not None and mention.actor.country is not None:
            scan.peoples.add(mention.start)
    _add_people(scan)
    for at, word in enumerate(scan.texts):
        if word in scan.surnames and scan.label(at) == "PERSON":
            scan.persons.add(at)
    return scan


def _add_people(scan: Scan) -> None:
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
        elif lower in given and word[0].isupper() and _is_surname(following, third):
            if scan.gazetteer.lookup(f"{word} {following}"):
                continue
            scan.persons.update((at, at + 1))
            scan.surnames.add(following)


def _is_surname(word: str, after: str) -> bool:
    return len(word) > 2 and not after[:1].isupper()  # noqa: PLR2004 (shorter ones are initials)


def _is_person(scan: Scan, ent: Span) -> bool:
    """Say whether a PERSON is one: by a given name, a title before, an age behind."""
    first, before, words = ent[0].text.lower(), scan.text(ent.start - 1).lower(), scan.words
    if before in words.titles:
        return True
    located = before in words.locatives and bool(scan.gazetteer.lookup(ent.text))
    if located or any(words.heads.get(token.text) in {"body", "division"} for token in ent[1:]):
        return False
    if len(ent) == 1:
        return before not in words.locatives and not scan.gazetteer.lookup(ent[0].text)
    followed = scan.text(ent.end) == ","
    if first in words.given_names or (len(first) <= 2 and first.endswith(".")):  # noqa: PLR2004 (an initial)
        return not (followed and is_division(scan, ent.end + 1))
    aged = followed and scan.text(ent.end + 1).isdecimal()
    return aged or not scan.gazetteer.lookup(ent[0].text) or ent[-1].text not in words.heads


def is_strong(text: str, candidates: tuple[PlaceEntry, ...]) -> bool:
    """Say whether a name needs no introduction: a country, a state, a large city."""
    top = candidates[0]
    if top.precision in {"country", "feature"} or (top.precision == "admin1" and top.population > LARGE):
        return len(text) > 3 or "." in text or text == "US"  # noqa: PLR2004 (short names are other words)
    return any(e.precision == "city" and e.population >= LARGE and fold(e.name) == fold(text) for e in candidates[:3])


def is_division(scan: Scan, at: int) -> bool:
    """Say whether a state, province or country begins at this token."""
    if is_abbreviated(scan, at):
        return True
    if not scan.text(at)[:1].isupper() or at in scan.persons:
        return False
    for length in (3, 2, 1):
        if at + length <= len(scan.texts):
            found = scan.gazetteer.lookup(cut(scan, at, at + length))
            if found and found[0].precision in {"country", "admin1"}:
                return True
    return False


def is_abbreviated(scan: Scan, at: int) -> bool:
    """Say whether a state's short form begins at this token."""
    form = scan.text(at)
    if form in scan.words.abbreviations or (scan.text(at + 1) == "." and form + "." in scan.words.abbreviations):
        return True
    return at + 1 < len(scan.texts) and cut(scan, at, at + 2) in scan.words.abbreviations


def cut(scan: Scan, first: int, last: int) -> str:
    """Return the text of some tokens."""
    last = min(last, len(scan.texts)) - 1
    return scan.body[scan.starts[first] : scan.starts[last] + len(scan.texts[last])]
