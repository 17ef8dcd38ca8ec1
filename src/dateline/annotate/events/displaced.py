"""Find objects that do not stand where objects stand: "what he called a sham", "rejected as baseless a report"."""

from __future__ import annotations

from functools import cache
from typing import Final

from spacy.tokens import Token

from dateline.annotate.events.frames import Frame, frames
from dateline.annotate.events.lexicon import verb_lemma

CALLED: Final = frozenset({"called", "described", "termed", "labelled", "labeled", "dubbed", "considered", "calls"})
PARTICLES: Final = frozenset({"aside", "away", "back", "down", "off", "out", "over", "up"})


def so_called(verb: Token) -> Token | None:
    """Return what is meant by "denounced what he called a sham": the sham."""
    for child in verb.children:
        if child.dep_ == "ccomp" and child.lower_ in CALLED and any(c.lower_ == "what" for c in child.lefts):
            return next((c for c in child.children if c.dep_ in {"oprd", "dobj", "attr"} and c.i > child.i), None)
    return None


def after_predicate(verb: Token) -> Token | None:
    """Return the object of "rejected as baseless a report", "deplored as an insult the bill", as the parser may have it."""
    link = next((c for c in verb.children if c.lower_ == "as" and c.i == verb.i + 1), None)
    if link is None:
        return None
    for child in [*link.children, *(c for c in verb.children if c.dep_ == "advcl" and c.i == link.i + 1)]:
        if child.dep_ == "pobj":
            added = next((c for c in child.children if c.dep_ == "appos"), None)
            if added is not None:
                return added
            article = next((c.i for c in child.lefts if c.tag_ in {"DT", "PRP$"} or c.dep_ == "poss"), link.i)
            if any(link.i < c.i < article and c.tag_ == "JJ" for c in child.lefts):
                return child
        if child.dep_ in {"advcl", "amod"}:
            inside = next((c for c in child.children if c.dep_ == "dobj"), None)
            if inside is not None:
                return inside
    return None


def after_particle(verb: Token) -> Token | None:
    """Return the object of "set aside the claim", "switched off the power", where the parser hangs it on the particle."""
    for child in verb.children:
        if child.i == verb.i + 1 and child.dep_ in {"prt", "prep"}:
            if child.dep_ == "prep" and (verb_lemma(verb), child.lower_) not in _phrasal():
                return None
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


@cache
def _phrasal() -> frozenset[tuple[str, str]]:
    """Return the verbs with a particle that take an object: "switch off", not "switch over"."""
    return frozenset(
        (frame.words[0], frame.words[1])
        for frame in frames()
        if frame.pos == "verb" and frame.words[1:] and frame.words[1] in PARTICLES and _takes_object(frame)
    )


def _takes_object(frame: Frame) -> bool:
    return any(need.place == "obj" and not need.absent for need in frame.needs)
