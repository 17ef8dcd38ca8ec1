"""Ask the second reader's network whom an act is done to, where the frame that reads it finds nobody in its places.

The network is believed only where it is sure and points at somebody of another country by name or description: not at a
pronoun, whose meaning it does not know, nor at a word of a phrase that is somebody else, nor at where the act was done.
"""

from __future__ import annotations

from spacy.tokens import Span, Token

from dateline.annotate.events.groups import key_of
from dateline.annotate.events.parties import acts
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.second import opinions
from dateline.annotate.events.whom import source_party, target_party
from dateline.types import Party

SURE = 0.7  # probability from which the network is believed
PRONOUNS = frozenset({"PRP", "PRP$", "WP", "WP$", "WDT"})
MODIFIERS = frozenset({"amod", "compound", "nmod", "poss"})
WHERE = frozenset({"in", "at", "near", "from", "of", "into"})  # before a place: not whom an act is done to
PLACES = frozenset({"GPE", "LOC", "FAC"})


def pointed_target(reading: Reading, sentence: Span, keys: frozenset[str | None]) -> Party | None:
    """Return the party of another country that the network surely points at as the target of a reading, or None."""
    if reading.both:
        return None
    opinion = opinions(sentence).get(reading.trigger[0].i)
    if opinion is None or opinion.sides[1][1] < SURE:
        return None
    token = sentence.doc[opinion.sides[1][0]]
    if token.tag_ in PRONOUNS or token.dep_ in MODIFIERS or _is_where(token):
        return None
    party = source_party(token) if acts(token) else target_party(token)
    if party is None or key_of(party) is None or key_of(party) in keys:
        return None
    return party


def _is_where(token: Token) -> bool:
    """Say whether a place is only where something was done: "signed in Oslo", "flew from Chad"."""
    if token.ent_type_ not in PLACES:
        return False
    first = next((t for t in (token, *token.ancestors) if t.dep_ != "conj"), token)
    return first.dep_ == "pobj" and first.head.lower_ in WHERE
