"""Find the names of places that an event may be at: those of the gazetteer, of the tagger, and those that their words give away.

"The hamlet of Tal Rifa" and "Tal Rifa district" name a place whether or not a gazetteer has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token

from dateline.annotate.events.tables import rows_of
from dateline.annotate.layers import layers_of
from dateline.types import PlaceMention

PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
NO_PLACE_LABELS = frozenset({"DATE", "TIME", "NORP", "EVENT", "LAW", "LANGUAGE", "MONEY", "ORG", "WORK_OF_ART"})
NAME_TAGS = frozenset({"NNP", "NNPS"})
LONGEST_NAME = 6  # tokens
HYPHENS = frozenset({"-", "–"})


@dataclass(frozen=True, slots=True)
class Toponym:
    """Be a name of a place on tokens, with what the gazetteer knows of it."""

    start: int
    end: int  # token after the last
    root: Token
    mention: PlaceMention | None
    sure: bool  # more than the tagger says that it is a place


@cache
def scene_words() -> dict[str, frozenset[str]]:
    """Return the words of `scene.tsv`, by class."""
    found: dict[str, frozenset[str]] = {}
    for row in rows_of("scene.tsv", ("class", "words")):
        if row["class"] in found:
            raise row.wrong(f"class {row['class']} stands twice")
        found[row["class"]] = frozenset(row["words"].split())
    return found


def toponyms(doc: Doc) -> list[Toponym]:
    """Return the names of places in a text, in order; none overlaps another."""
    times = [doc.char_span(time.start, time.end, alignment_mode="expand") for time in layers_of(doc).times]
    taken = {token.i for span in times if span is not None for token in span}  # "on Palm Sunday"
    found: list[Toponym] = []

    def add(start: int, end: int, mention: PlaceMention | None, *, sure: bool = True) -> None:
        if end - start == 1 and doc[start].lower_ in scene_words()["building"] | scene_words()["part"]:
            return
        if (mention is None or mention.country is None) and all(
            t.lower_ in scene_words()["vague"] | {"the"} for t in doc[start:end]
        ):
            return  # "in Europe": no place that an event was at
        if start < end and not taken & set(range(start, end)):
            taken.update(range(start, end))
            found.append(Toponym(start, end, doc[start:end].root, mention, sure))

    for mention in layers_of(doc).places:
        span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
        if span is None or _is_inside_body(doc, span.start, span.end) or span.root.tag_ == "JJ":
            continue
        first, last = _whole_name(doc, span.start, span.end)
        same = (first, last) == (span.start, span.end) or doc[last - 1].lower_ in scene_words()["building"]
        add(first, last, mention if same else None)
    for entity in doc.ents:
        if entity.label_ in PLACE_LABELS:
            first, last = _bare(doc, entity.start, entity.end)
            if first < last and not _is_demonym(doc[last - 1]) and any(t.tag_ in NAME_TAGS for t in doc[first:last]):
                add(*_whole_name(doc, first, last), None, sure=False)
    for token in doc:
        if token.tag_ in NAME_TAGS and token.i not in taken:
            first, last = _whole_name(doc, token.i, token.i + 1)
            if _is_given_away(doc, first, last):
                add(first, last, None)
    return sorted(found, key=lambda name: name.start)


def _is_demonym(token: Token) -> bool:
    """Say whether a word that the tagger takes for a place only says of which country a place is: "the Angolan port of …"."""
    return token.dep_ in {"amod", "compound", "nmod"} and any(
        c.dep_ == "prep" and c.lower_ == "of" and token.head.lower_ in scene_words()["settlement"]
        for c in token.head.children
    )


def _bare(doc: Doc, start: int, end: int) -> tuple[int, int]:
    while start < end and doc[start].tag_ not in NAME_TAGS:
        start += 1
    while end > start and doc[end - 1].tag_ not in NAME_TAGS:
        end -= 1
    return start, end


def _whole_name(doc: Doc, start: int, end: int) -> tuple[int, int]:
    """Widen a name over its hyphens and over the proper nouns that it is one name with."""
    first, last = start, end
    while last < len(doc) and not doc[last].is_sent_start and last - first < LONGEST_NAME:
        token = doc[last]
        if token.lower_ in HYPHENS and last + 1 < len(doc) and _glued(doc, last):
            last += 2
        elif token.tag_ in NAME_TAGS and _is_one_name(doc, first, last, token):
            last += 1
        else:
            break
    while first and not doc[first].is_sent_start and last - first < LONGEST_NAME:
        before = doc[first - 1]
        if before.lower_ in HYPHENS and first > 1 and _glued(doc, first - 1):
            first -= 2
        elif before.tag_ in NAME_TAGS and _is_one_name(doc, first - 1, last, doc[first]) and before.is_title:
            first -= 1
        else:
            break
    return first, last


def _glued(doc: Doc, hyphen: int) -> bool:
    """Say whether a hyphen joins two parts of one name, without blanks: "Al-Bab"."""
    before, after = doc[hyphen - 1], doc[hyphen + 1]
    if before.whitespace_ or doc[hyphen].whitespace_:
        return False
    return before.tag_ in NAME_TAGS and after.tag_ in NAME_TAGS


def _is_one_name(doc: Doc, first: int, last: int, token: Token) -> bool:
    """Say whether proper nouns on both sides of a border are one name: one is the other's modifier, and no mark parts them."""
    if token.lower_ in scene_words()["never"] or token.ent_type_ in {"PERSON", "NORP", "DATE", "TIME"}:
        return False
    earlier = doc[first : token.i] if token.i < last + 1 and token.i > first else doc[first : first + 1]
    if any(t.ent_type_ in {"NORP", "DATE", "TIME", "PERSON"} or t.lower_ in scene_words()["never"] for t in earlier):
        return False
    return any(t.dep_ == "compound" and t.head.i in {token.i, token.head.i} for t in earlier)


def _is_inside_body(doc: Doc, start: int, end: int) -> bool:
    """Say whether a name is only part of a body's or a person's name ("Islamic State of Iraq", "Bank of England")."""
    token = doc[start]
    if token.ent_type_ not in {"ORG", "PERSON"}:
        return False
    before = start > 0 and doc[start - 1].ent_type_ == token.ent_type_ and token.ent_iob_ == "I"
    after = end < len(doc) and doc[end].ent_type_ == token.ent_type_ and doc[end].ent_iob_ == "I"
    if not (before or after):
        return False
    return doc[end].lower_ not in scene_words()["building"] if after else doc[start - 1].lower_ != "the"


def _is_given_away(doc: Doc, start: int, end: int) -> bool:  # noqa: PLR0911
    """Say whether the words around a proper noun say that it is a place."""
    words = scene_words()
    name = doc[start:end]
    if any(t.lower_ in words["never"] for t in name):
        return False
    root = name.root
    labels = {t.ent_type_ for t in name}
    places = words["settlement"] | words["building"]
    after = doc[end : end + 3]
    if root.dep_ in {"compound", "nmod", "poss"} and not labels & {"NORP", "DATE"} and name[0].is_title:
        if any(t.lower_ in places and not t.is_title for t in after[:1]):
            return True
        return (
            root.head.lower_ in places and not root.head.is_title and root.head.i < end + 3 and root.dep_ == "compound"
        )
    if root.dep_ == "compound":
        return False
    if root.dep_ == "appos" and root.head.lower_ in words["settlement"]:
        return True
    anchor = _first_of_list(root)
    if anchor.dep_ != "pobj":
        return False
    preposition = anchor.head
    if preposition.lower_ == "of" and preposition.head.lower_ in words["settlement"] | {"cities", "villages", "towns"}:
        return True
    if name[-1].lower_ in words["building"] and labels <= {"", "ORG", "FAC"}:
        return True
    if any(c.dep_ == "appos" and c.lower_ in words["settlement"] for c in root.children):
        return True  # "in Kibera, a slum of Nairobi"
    if labels & NO_PLACE_LABELS or not name[0].is_title:
        return False
    return preposition.lower_ in {"in", "at", "near", "outside", "inside", "around"} and "PERSON" not in labels


def _first_of_list(token: Token) -> Token:
    for _ in range(LONGEST_NAME):
        if token.dep_ != "conj":
            break
        token = token.head
    return token
