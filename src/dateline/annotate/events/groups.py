"""Tell which phrases mean two parties without naming them, and which two a text names together.

"The two leaders", "both sides", "each country", "the pair" are groups of two; "Trump and Kim", "the Armenian and Azerbaijani
presidents" name two together.
"""

from __future__ import annotations

import re
from itertools import pairwise

from spacy.tokens import Doc, Token

from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.parties import acts
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.tables import classes
from dateline.annotate.layers import layers_of
from dateline.types import Party

GAP = 40  # characters between "A" and "B" of "A and President B"
MUTUAL = frozenset({"AGREE", "CONCEDE", "CONSULT", "COOPERATE"})  # what two do, they do with each other
NUMBERS = frozenset({"two", "both", "pair", "couple", "duo"})
PLURALS = frozenset({"they", "them"})
ENDS = frozenset(
    {"side", "party", "neighbour", "neighbor", "rival", "foe", "power"}
)  # who can stand on an end of something
LANDS = frozenset({"country", "nation", "state", "government", "capital"})
MEN = frozenset({"man", "woman", "team", "delegation", "enemy", "ally", "negotiator", "force"})
EACH = frozenset({"each", "either", "neither"})
OWNED = re.compile(r"['’]s?(?: [a-z-]+){0,5},? and (?:[a-z]+ ){0,4}", re.ASCII)  # "Peru's president and her Bolivian …"


def key_of(party: Party | None) -> str | None:
    """Return what a party counts as: its country, an intergovernmental body as itself, None where that is unknown."""
    if party is None or party.actor is None or party.actor.country is None:
        return None
    return party.actor.id if party.actor.country == "IGO" else party.actor.country


def joined(doc: Doc) -> list[tuple[int, Party, Party]]:
    """Find the mentions of two countries that stand together, each with where it ends."""
    found = []
    named = [e for e in layers_of(doc).entities if e.actor is not None and e.actor.country is not None]
    text = doc.text
    before = 0  # where the mention before the two ends: of "A, B and C" no two are meant
    for one, other in pairwise(named):
        listed = before > 0 and text[before : one.start].strip() == ","
        before = one.end
        between = text[one.end : other.start]
        if listed or len(between) > GAP or "." in between:
            continue
        if not between.lstrip(", ").startswith("and ") and not OWNED.fullmatch(between):
            continue
        first, second = (Party(start=e.start, end=e.end, text=e.text, actor=e.actor) for e in (one, other))
        if key_of(first) != key_of(second):
            found.append((other.end, first, second))
    return found


def is_pair(token: Token) -> bool:
    """Say whether a noun phrase speaks of two without naming them: "the two", "both leaders", "the pair", "each side"."""
    head = token
    if head.lower_ in NUMBERS and head.dep_ not in {"nummod", "det", "predet", "preconj", "cc"}:
        told = head.lower_ == "both" or any(c.lower_ in {"the", "these", "those"} for c in head.lefts)
        return told and not any(c.dep_ == "prep" for c in head.children)
    if head.ent_type_ in {"PERSON", "GPE", "ORG", "NORP"} or not _can_deal(head):
        return False
    if any(c.dep_ in {"relcl", "acl", "prep"} for c in head.rights):
        return False
    lefts = {c.lower_ for c in head.lefts}
    if lefts & EACH and not lefts - EACH:
        return noun_lemma(head) in ENDS | LANDS | {"leader", "president", "minister"}
    if lefts == {"the"} and head.tag_ == "NNS":
        return noun_lemma(head) in {"side", "neighbour", "neighbor", "foe"}  # "the sides agreed"
    count = bool(lefts & {"two", "both"})
    told = bool(lefts & {"the", "both", "these", "those"})
    other = any(c.dep_ in {"amod", "compound", "poss"} and c.lower_ not in {"two", "both"} for c in head.lefts)
    return count and told and not other


def _can_deal(noun: Token) -> bool:
    """Say whether a noun is one for those who deal with each other: "the two robbers" are no states."""
    lemma = noun_lemma(noun)
    return (
        lemma in ENDS
        or lemma in LANDS
        or lemma in MEN
        or lemma in classes()["leaders"]
        or lemma in classes()["soldiers"]
    )


def is_theirs(token: Token) -> bool:
    """Say whether a phrase is "their foreign ministers": people of each of those spoken of."""
    return token.tag_ == "NNS" and acts(token) and any(c.lower_ == "their" and c.dep_ == "poss" for c in token.lefts)


def is_mutual(reading: Reading) -> bool:
    """Say whether two sources of an act act on each other when nobody else is named."""
    return reading.both or reading.event_type in MUTUAL
