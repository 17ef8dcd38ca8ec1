"""Weigh the evidence that words of the gazetteer name a place here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dateline.annotate.gazetteer import PlaceEntry
from dateline.annotate.places.scan import PLACE_LABELS, Scan, is_abbreviated, is_division, is_strong

NAME_LABELS = frozenset({"ORG", "FAC"})  # may hold a place's name
COMPASS = frozenset({"north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "central"})
NEWSPAPERS = frozenset(
    "Times Post News Journal Tribune Herald Globe Chronicle Magazine Review Daily Weekly Examiner Gazette Observer Sun Star".split()  # noqa: SIM905 (words in a row read best as one)
)
DASHES = frozenset({"—", "–", "--", "-"})
SHORT = 3  # letters: in capitals more often an abbreviation


@dataclass(frozen=True, slots=True)
class _Case:
    scan: Scan
    first: int
    last: int
    text: str
    candidates: tuple[PlaceEntry, ...]
    before: str
    after: str
    label: str  # of the entity; PERSON counts for nothing, those that are people were taken out before
    head: str | None  # what the word behind makes of the name
    located: bool  # after a preposition of place
    strong: bool

    @property
    def single(self) -> bool:
        return self.last - self.first == 1

    @property
    def whole(self) -> bool:
        """Say whether the name ends here."""
        return not self.after[:1].isupper() or self.head is not None or self.after in {"'s", "’s"}


def evidence(scan: Scan, first: int, last: int, text: str, candidates: tuple[PlaceEntry, ...]) -> str | None:
    """Return why these words are a place; "" where only another mention could say so; None where they are not."""
    case = _case(scan, first, last, text, candidates)
    words = scan.words
    common = case.single and text.lower() in words.common_words
    if case.head == "street" and case.after not in {"Court", "Highway"}:
        return None
    if case.after == "," and is_division(scan, last + 1):
        return None if common and not is_abbreviated(scan, last + 1) else "followed by its state or country"
    if common:
        ent = scan.ents[first]
        alone = case.label == "GPE" and ent is not None and len(ent) == 1
        return "entity" if alone and case.before in {"in", "near"} else None
    if any(_refutations(case)):
        return None
    if case.single and text.lower() in words.given_names and not case.located and case.head is None:
        return "" if case.strong else None
    return next((reason for holds, reason in _proofs(case) if holds), "")


def _case(scan: Scan, first: int, last: int, text: str, candidates: tuple[PlaceEntry, ...]) -> _Case:
    before, after, label = scan.text(first - 1).lower(), scan.text(last), scan.label(first)
    return _Case(
        scan=scan,
        first=first,
        last=last,
        text=text,
        candidates=candidates,
        before=before,
        after=after,
        label="" if label == "PERSON" else label,
        head=scan.words.heads.get(after),
        located=before in scan.words.locatives,
        strong=is_strong(text, candidates),
    )


def _refutations(case: _Case) -> Iterator[bool]:
    scan, words = case.scan, case.scan.words
    top = case.candidates[0]
    yield case.text in scan.surnames and not case.located
    yield case.single and len(case.text) <= SHORT and case.text.isupper() and top.precision != "country"
    yield all(word.lower() in COMPASS for word in case.text.replace("-", " ").split())
    yield case.single and case.before in words.given_names and scan.text(case.first - 1)[0].isupper()
    people = case.single and scan.starts[case.first] in scan.peoples
    yield people and top.precision in {"city", "admin2"} and not case.located  # "Canadian police"
    yield case.label == "ORG" and top.precision == "feature" and not case.located  # "the White House said"
    yield case.label in NAME_LABELS and case.strong and case.after in NEWSPAPERS
    yield case.label in NAME_LABELS and case.before == "of" and case.text == "America"


def _proofs(case: _Case) -> Iterator[tuple[bool, str]]:
    scan, words = case.scan, case.scan.words
    ent, lower = scan.ents[case.first], case.after.lower()
    yield case.label in PLACE_LABELS and ent is not None and ent.end >= case.last, "entity"
    named = not case.single and words.heads.get(scan.texts[case.last - 1]) == "division"
    yield named, "a division by its name"
    body = case.head in {"body", "division"} or lower in {"county", "counties", "parish", "township"}
    yield body, "names a body of the place"
    yield case.whole and case.located, "after a preposition of place"
    people = case.whole and lower in words.residents and case.after[:1].islower()
    yield people, "before people or a body of the place"
    wide = case.candidates[0].precision in {"country", "admin1", "feature"}
    yield case.label in NAME_LABELS and case.strong and (wide or case.whole), "inside a name"
    yield case.whole and case.strong, "well known"
    yield _is_dateline(scan, case.first, case.last), "dateline"
    yield case.whole and case.before == "of" and case.label != "ORG", "after of"


def _is_dateline(scan: Scan, first: int, last: int) -> bool:
    starts = first == 0 or "\n" in scan.text(first - 1) or scan.texts[first].isupper() or scan.doc[first].is_sent_start
    return bool(starts) and (scan.text(last) in DASHES or (scan.text(last) == "(" and scan.text(last + 2) == ")"))
