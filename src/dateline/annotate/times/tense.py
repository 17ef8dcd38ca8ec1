"""Tell whether the clause round a time looks back or ahead."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from dateline.annotate.times.context import Direction

FUTURE_AUXILIARIES = frozenset(
    {"will", "shall", "wo", "'ll", "’ll", "may", "might", "can", "could", "should", "must", "would"}
)
# "plans to meet on Monday", "is due on Monday": what these govern lies ahead
AHEAD = frozenset(
    "plan plans planned planning expect expected expects schedule scheduled due hope hopes hoped intend intends agree agreed agrees want"
    " wants wanted promise promised promises vow vowed vows pledge pledged set slated prepare preparing prepares aim aims ready likely"
    " going about propose proposes proposed decide decided threaten threatened threatens urge urged ask asked call called calls invite"
    " invited deadline ahead upcoming until by".split()
)
SCHEDULED = frozenset({"scheduled", "slated", "due", "upcoming"})
CLIMB = 12  # steps to the verb: deeper trees are lists


def direction_at(doc: Doc, start: int, end: int) -> Direction:
    """Return where the clause that holds the characters from `start` to `end` looks."""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return "unknown"
    token = span.root
    if token.head.lower_ in {"until", "by"} and token.dep_ == "pobj" and _tense(_verb(token), token.i) != "past":
        return "future"
    verb = _verb(token)
    return _tense(verb, token.i)


def _verb(token: Token) -> Token | None:
    for _ in range(CLIMB):
        if token.pos_ in {"VERB", "AUX"}:
            return token
        if token.head.i == token.i:
            return None
        token = token.head
    return None


def _tense(verb: Token | None, at: int) -> Direction:
    """Return the tense of a verb, or of the one above where it has none; `at`: the token of the time itself."""
    for _ in range(CLIMB):
        if verb is None:
            return "unknown"
        if verb.lower_ in SCHEDULED:
            return "future"
        auxiliaries = {child.lower_: child.tag_ for child in verb.children if child.dep_ in {"aux", "auxpass"}}
        to = next((child.i for child in verb.children if child.dep_ == "aux" and child.lower_ == "to"), None)
        if to is not None and to > at and verb.head.i != verb.i:  # "the move in May to cancel": the month is the move's
            verb = _verb(verb.head)
            continue
        if "should" in auxiliaries and _is_inverted(verb):  # "should circumstances allow": no time of its own
            verb = _verb(verb.head) if verb.head.i != verb.i else None
            continue
        if FUTURE_AUXILIARIES & auxiliaries.keys():
            return "past" if auxiliaries.keys() & {"have", "'ve", "’ve"} else "future"
        if verb.tag_ == "VBD" or auxiliaries.keys() & {"has", "have", "had", "'ve", "’ve", "was", "were"}:
            return "past"
        if verb.tag_ in {"VBZ", "VBP"}:
            return "unknown"
        if "to" in auxiliaries and (verb.dep_ in {"acl", "relcl"} or verb.head.lower_ in AHEAD):
            return "future"
        if verb.tag_ == "VBG" and set(auxiliaries.values()) & {"VBZ", "VBP"}:
            return "future"
        if verb.tag_ == "VBN" and (verb.dep_ == "acl" or set(auxiliaries.values()) & {"VBZ", "VBP"}):
            return "past"
        if verb.head.i == verb.i:
            return "unknown"
        verb = _verb(verb.head)
    return "unknown"


def _is_inverted(verb: Token) -> bool:
    aux = next((child.i for child in verb.children if child.lower_ == "should"), verb.i)
    return any(child.dep_ in {"nsubj", "nsubjpass"} and child.i > aux for child in verb.children)
