"""Tell who can act: names, pronouns, and words for people, forces and bodies; and who stands inside a phrase that is none."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from spacy.tokens import Doc, Token

from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.syntax import is_verb, real_head, with_conjuncts
from dateline.annotate.events.tables import classes
from dateline.annotate.layers import layers_of
from dateline.types import EntityMention, PlaceMention

ACTING_LABELS = frozenset({"PERSON", "NORP", "ORG", "GPE"})
OTHER_LABELS = frozenset(
    {"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"}
)
PRONOUNS = frozenset(
    [
        "he",
        "she",
        "they",
        "we",
        "i",
        "you",
        "him",
        "her",
        "them",
        "us",
        "me",
        "it",
        "his",
        "its",
        "their",
        "our",
        "my",
        "your",
        "who",
        "himself",
        "herself",
        "themselves",
    ]
)
INNER_PREPOSITIONS = (
    "by",
    "of",
    "from",
    "against",
    "with",
    "between",
    "on",
    "to",
    "for",
    "in",
    "among",
    "over",
    "across",
    "inside",
)
TIME_WORDS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "week",
        "month",
        "year",
        "day",
        "morning",
        "evening",
        "night",
        "weekend",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "decade",
        "century",
        "hour",
        "minute",
        "season",
    ]
)
CROWDS = frozenset(
    [
        "hundreds",
        "thousands",
        "dozens",
        "scores",
        "others",
        "many",
        "tens",
        "crowds",
        "everyone",
        "both",
        "residents",
        "locals",
        "those",
        "both",
        "several",
        "some",
    ]
)
MEDIA = frozenset(
    {"twitter", "facebook", "telegram", "instagram", "weibo", "youtube", "television", "tv", "radio", "x"}
)
NOMINAL = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "dative", "poss"})
LONGEST_NAME = 40  # characters of a place's name
CITY_STATES = frozenset({"SGP", "MCO", "VAT", "HKG", "MAC"})
STYLES = frozenset(
    "mr mrs ms dr mr. mrs. ms. dr. gen. col. general colonel president minister premier king sheikh sir judge".split()  # noqa: SIM905
)
UNITS = frozenset(
    {"percent", "%", "per", "points", "point", "cents", "degrees", "miles", "km", "kilometers", "kilometres"}
)
SIGNS = frozenset("$£€¥#%")


def acts(token: Token) -> bool:
    """Say whether a noun can be somebody who acts: a name, a pronoun, or a word for people, forces or bodies."""
    known = _known(token.doc)
    found = known.acts.get(token.i)
    if found is None:
        found = known.acts[token.i] = _acts(token, known.starts)
    return found


def _acts(token: Token, mentioned: frozenset[int]) -> bool:
    if token.lower_ in PRONOUNS or (token.lower_ in CROWDS and not any(c.lower_ == "of" for c in token.rights)):
        return True
    if token.ent_type_ in ACTING_LABELS or is_mutual(token):
        return True
    if token.tag_ == "CD":
        named = token.dep_ in NOMINAL and any(c.lower_ == "the" for c in token.lefts)  # "the two", "the eight agreed"
        counted = any(c.dep_ == "prep" or c.tag_ == "$" for c in token.children)
        return (named and not counted) or counts_people(token)
    if token.ent_type_ in OTHER_LABELS or (
        token.lower_ == "force" and not any(c.dep_ == "compound" for c in token.lefts)
    ):
        return False  # "the use of force"
    if noun_lemma(token) in classes()["actors"] or token.idx in mentioned:
        return True
    return token.tag_ in {"NNP", "NNPS"} and token.ent_type_ == ""


def is_mutual(token: Token) -> bool:
    """Say whether a word is the head of "each other", "one another", or of "the other" of which "each side" speaks."""
    if token.lower_ not in {"other", "another"}:
        return False
    if any(c.lower_ in {"each", "one"} for c in token.lefts):
        return True
    return token.dep_ == "dobj" and any(is_each(c) for c in token.head.lefts)


def is_each(noun: Token) -> bool:
    """Say whether a noun speaks of each of two: "each side", "either country"."""
    return noun.dep_ == "nsubj" and any(c.lower_ in {"each", "either", "neither"} for c in noun.lefts)


def counts_people(number: Token) -> bool:
    """Say whether a number stands for so many people: "expelled 13", "six were arrested", "the eight agreed"."""
    if number.dep_ not in {"dobj", "nsubj", "nsubjpass", "conj"} or number.ent_type_ not in {"CARDINAL", ""}:
        return False
    if number.i + 1 < len(number.doc) and number.nbor(1).lower_ in UNITS:
        return False
    return not any(child.dep_ in {"nmod", "quantmod"} and child.text in SIGNS for child in number.lefts)


@dataclass(slots=True)
class _Known:
    """Hold what is known of a text's tokens as long as its entities stay as they are."""

    state: tuple[int, int]
    starts: frozenset[int]  # where words of resolved mentions begin
    acts: dict[int, bool] = field(default_factory=dict)
    kinds: dict[int, frozenset[str]] = field(default_factory=dict)


def _known(doc: Doc) -> _Known:
    entities = layers_of(doc).entities
    state = (id(entities), len(entities))
    known: _Known | None = doc.user_data.get("dateline_acting")
    if known is None or known.state != state:
        known = doc.user_data["dateline_acting"] = _Known(state, _mentioned(entities))
    return known


def _mentioned(entities: Sequence[EntityMention]) -> frozenset[int]:
    """Return where words of resolved mentions begin, so that what the tagger missed ("Bahrain revoked …") still acts."""
    starts: set[int] = set()
    for mention in entities:
        if mention.actor is not None and mention.label is not None:
            at = mention.start
            for word in mention.text.replace("-", " ").split(" "):
                starts.add(at)
                at += len(word) + 1
    return frozenset(starts)


def fits(token: Token, words: frozenset[str]) -> bool:
    """Say whether a noun is of a class: by lemma, or by the special words ACTOR, PERSON, GPE, ORG, NORP, LOC, FAC."""
    return not words.isdisjoint(kinds_of(token))


def kinds_of(token: Token) -> frozenset[str]:
    """Return what a noun is to the conditions of frames: its lemma and form, its label, and the special words."""
    known = _known(token.doc).kinds
    found = known.get(token.i)
    if found is None:
        found = known[token.i] = frozenset(_kinds(real_head(token)))
    return found


def _kinds(head: Token) -> Iterator[str]:
    form, label = head.lower_, head.ent_type_
    yield from (noun_lemma(head), form)
    if label:
        yield label
    if acts(head):
        yield "ACTOR"
    pronoun = form in PRONOUNS and form != "it"
    styled = head.tag_ == "NNP" and not label and any(c.lower_ in STYLES for c in head.lefts)
    if pronoun or styled:  # "Mr Sisi": a name that the model does not know
        yield "PERSON"
    if (pronoun and head.tag_ == "PRP") or _is_people(head):
        yield "person"
    if head.tag_ in {"NNP", "NNPS"} and label in {"LOC", "FAC", ""}:
        yield "GPE"


def _is_people(noun: Token) -> bool:
    """Say whether a number, a word for a crowd or a name of a nation stands for people: "13", "thousands", "60 Russians"."""
    if noun.tag_ == "CD":
        return counts_people(noun)
    if noun.ent_type_ == "NORP":
        return noun.dep_ in {"dobj", "nsubj", "nsubjpass", "pobj", "conj"}
    return noun.lower_ in CROWDS


def inner_actors(head: Token, depth: int = 0) -> list[Token]:  # noqa: PLR0911, PLR0912
    """Find who stands inside a phrase that is no actor: its owner, its adjective of nation, its "by" or "of" phrase."""
    for child in head.children:
        if child.dep_ == "poss" and acts(child):
            return with_conjuncts(child)
    by_preposition: dict[str, Token] = {}
    for child in head.children:
        if child.dep_ in {"prep", "agent"}:
            noun = next((n for n in child.children if n.dep_ == "pobj"), None)
            if noun is not None:
                by_preposition.setdefault(child.lower_, noun)
    if (agent := by_preposition.get("by")) is not None and acts(agent):
        return with_conjuncts(agent)
    for child in head.lefts:
        if child.dep_ in {"amod", "compound", "nmod"} and child.ent_type_ in ACTING_LABELS:
            if is_venue(head, child):
                continue
            return [child]
    for child in head.children:  # "Israeli-backed", "the UN human rights office": a name deeper in the modifiers
        if child.dep_ == "poss" and depth < 2:  # noqa: PLR2004
            found = inner_actors(child, depth + 1)
            if found:
                return found
    for preposition in INNER_PREPOSITIONS:
        noun = by_preposition.get(preposition)
        if noun is None or (preposition == "on" and noun.lower_ in MEDIA):
            continue
        if acts(noun):
            return with_conjuncts(noun)
        if depth < 2 and (found := inner_actors(noun, depth + 1)):  # noqa: PLR2004
            return found
    if depth < 2:  # noqa: PLR2004
        for child in head.children:
            if child.dep_ == "acl" and is_verb(child):
                for part in child.children:
                    if part.dep_ in {"dobj", "agent", "prep"}:
                        nouns = [part] if part.dep_ == "dobj" else [n for n in part.children if n.dep_ == "pobj"]
                        for noun in nouns:
                            if acts(noun):
                                return [noun]
    return []


def is_venue(head: Token, name: Token) -> bool:
    """Say whether a name before a noun says where it is, not whose: "the Singapore summit", "the Paris accord"."""
    noun = noun_lemma(head)
    if name.tag_ != "NNP" or (noun not in classes()["agreements"] and noun not in classes()["talks"]):
        return False
    return any(
        place.start <= name.idx < place.end and (place.precision == "city" or place.country in CITY_STATES)
        for place in places_within(
            layers_of(name.doc).places, name.idx - LONGEST_NAME, name.idx + len(name) + LONGEST_NAME
        )
    )


def places_within(places: Sequence[PlaceMention], start: int, end: int) -> Sequence[PlaceMention]:
    """Return the places that begin and end within a stretch of the text; they stand in order."""
    first = bisect_left(places, start, key=attrgetter("start"))
    last = bisect_left(places, end, lo=first, key=attrgetter("start"))
    return [place for place in places[first:last] if place.end <= end]


def is_time(noun: Token) -> bool:
    """Say whether a noun names a day, a month or another time."""
    return noun.ent_type_ in {"DATE", "TIME"} or noun.lower_ in TIME_WORDS


def is_measure(token: Token) -> bool:
    """Say whether a phrase only measures or says by what means ("by a hair", "by a wide margin")."""
    return noun_lemma(real_head(token)) in classes()["measures"]


def may_suffer(token: Token) -> bool:
    """Say whether a phrase that is no actor may be a target: a place or building of somebody, or one with an actor inside."""
    head = real_head(token)
    lemma, known = noun_lemma(head), classes()
    if is_measure(token):
        return False
    if head.ent_type_ in {"GPE", "LOC", "FAC", "NORP"} or lemma in known["territory"] or lemma in known["buildings"]:
        return True
    return bool(inner_actors(head, 1) or inner_actors(token, 1))
