"""Tell which talks a text says in passing to have been held: "after 12 days of talks", "talks that lasted nine hours"."""

from __future__ import annotations

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.reading import Reading

ROUNDS = frozenset({"round", "day", "hour", "week", "month", "session", "series", "phase", "year", "night", "weekend"})
SEVERAL = frozenset({"several", "many", "numerous", "repeated", "marathon", "all-night", "overnight"})
LASTED = frozenset({"lasted", "stretched", "dragged", "ran", "went", "began", "ended", "failed", "collapsed"})
HELD_AT = frozenset({"after", "following", "during"})
ENDINGS = frozenset(
    {"ending", "ended", "concluding", "concluded", "capping", "capped", "crowning", "crowned", "following", "followed"}
)


def whole_of(noun: Token) -> Token:
    """Return what was held in all, of a part: of "a third round of talks" the round, else the noun itself."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun_lemma(noun.head.head) in ROUNDS:
        return noun.head.head
    return noun


def was_held(noun: Token) -> bool:
    """Say whether talks were held by the time that a past clause tells of: they are counted, lasted, or came before it."""
    whole = whole_of(noun)
    if ends_it(whole):
        return True
    if whole.dep_ != "pobj":
        return False
    at = whole.head
    if at.lower_ in HELD_AT:
        return _is_past(at.head) or (_is_parted(at) and _is_past(at.head.head))
    return at.lower_ == "in" and (whole.i != noun.i or _is_counted(whole)) and _is_past(at.head)


def in_passing(reading: Reading) -> bool:
    """Say whether a reading is of talks that were held before: no outer predicate makes another act of them."""
    return any(need.place == "held" for need in reading.frame.needs)


def ends_it(whole: Token) -> bool:
    """Say whether talks are what something ended or followed: "ending three weeks of talks"."""
    return whole.dep_ == "dobj" and whole.head.lower_ in ENDINGS and _is_past(whole.head)


def has_lasted(noun: Token) -> bool:
    """Say whether a relative clause tells how talks went: "talks that lasted nine hours"."""
    return any(c.dep_ in {"relcl", "acl"} and c.lower_ in LASTED for c in noun.rights)


def _is_parted(preposition: Token) -> bool:
    """Say whether a phrase behind a comma hangs on an infinitive: it is the main verb's, "agreed to open a road, after talks"."""
    return preposition.head.dep_ == "xcomp" and preposition.i > 0 and preposition.nbor(-1).text == ","


def _is_counted(noun: Token) -> bool:
    return any(c.dep_ == "nummod" or c.lower_ in SEVERAL for c in noun.lefts)


def _is_past(verb: Token) -> bool:
    if not syntax.is_verb(verb):
        return False
    if any(c.tag_ == "MD" or (c.tag_ == "TO" and c.i < verb.i) for c in verb.lefts):
        return False
    if verb.tag_ in {"VBD", "VBN"}:
        return True
    joined = verb.dep_ in {"advcl", "xcomp", "conj", "ccomp"} and verb.head.i != verb.i
    return verb.tag_ == "VBG" and joined and _is_past(verb.head)
