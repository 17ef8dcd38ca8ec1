"""Tell whether the clause round a time looks back or ahead."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from dateline.annotate.times.context import Direction

FUTURE_AUXILIARIES = frozenset(
    {"will", "shall", "wo", "'ll", "’ll", "may", "might", "can", "could", "should", "must", "would"}
)
# "plans to meet on Monday", "is due on Monday": what these govern lies ahead
AHEAD = frozenset(
    "plan plans planned planning expect expected expects schedule scheduled due hope hopes hoped intend intends agree agreed agrees want"  # noqa: SIM905 (words in a row read best as one)
    " wants wanted promise promised promises vow vowed vows pledge pledged set slated prepare preparing prepares aim aims ready likely"
    " going about propose proposes proposed decide decided threaten threatened threatens urge urged ask asked call called calls invite"
    " invited deadline ahead upcoming until by".split()
)
SCHEDULED = frozenset({"scheduled", "slated", "due", "upcoming"})
BE = frozenset({"is", "are", "was", "were"})  # "is to be held"
PAST_AUXILIARIES = frozenset({"has", "have", "had", "'ve", "’ve", "was", "were"})
CLIMB = 12  # steps to the verb: deeper trees are lists


def direction_at(doc: Doc, start: int, end: int) -> Direction:
    """Return where the clause that holds the characters from `start` to `end` looks."""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return "unknown"
    token = span.root
    if token.dep_ == "pobj" and token.head.lower_ == "until":
        return "future"
    if token.dep_ == "pobj" and token.head.lower_ == "by" and _tense(_verb(token), token.i) != "past":
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
            break
        said = _own_tense(verb, at)
        if said is not None:
            return said
        verb = _verb(verb.head) if verb.head.i != verb.i else None
    return "unknown"


def _own_tense(verb: Token, at: int) -> Direction | None:
    """Return the tense that a verb's own form tells; None: look at the verb above."""
    if verb.lower_ in SCHEDULED:
        return "future"
    auxiliaries = {child.lower_: child for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    to = auxiliaries.get("to")
    apart = to is not None and to.i > at  # "the move in May to cancel": the month is the move's
    inverted = "should" in auxiliaries and _is_inverted(verb)  # "should circumstances allow": no time of its own
    if inverted or (apart and verb.head.i != verb.i):
        return None
    tags = {child.tag_ for child in auxiliaries.values()}
    if FUTURE_AUXILIARIES & auxiliaries.keys():
        return "past" if auxiliaries.keys() & {"have", "'ve", "’ve"} else "future"
    if verb.tag_ == "VBD" or auxiliaries.keys() & PAST_AUXILIARIES:
        return "past"
    return _other_tense(verb, tags, infinitive=to is not None)


def _other_tense(verb: Token, tags: set[str], *, infinitive: bool) -> Direction | None:
    present = bool(tags & {"VBZ", "VBP"})
    if verb.tag_ in {"VBZ", "VBP"}:
        return "unknown"
    ahead = infinitive and (verb.dep_ in {"acl", "relcl"} or verb.head.lower_ in AHEAD | BE)
    if ahead or (verb.tag_ == "VBG" and present):
        return "future"
    return "past" if verb.tag_ == "VBN" and (verb.dep_ == "acl" or present) else None


def _is_inverted(verb: Token) -> bool:
    aux = next((child.i for child in verb.children if child.lower_ == "should"), verb.i)
    return any(child.dep_ in {"nsubj", "nsubjpass"} and child.i > aux for child in verb.children)
