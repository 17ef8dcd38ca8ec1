"""Find what prepositions and particles bring: the nouns that hang on a verb or noun by them, wherever the parser put them."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from dateline.annotate.events.syntax import antecedent, is_passive, is_verb, with_conjuncts

BESIDE = frozenset({"outside", "inside", "near"})


def prepositional(head: Token, preposition: str, *, reach: int = 3) -> list[Token]:
    """Return the nouns of the first such preposition of `every_prepositional`."""
    return next(every_prepositional(head, preposition, reach=reach), [])


def every_prepositional(head: Token, preposition: str, *, reach: int = 3) -> Iterator[list[Token]]:
    """Yield the nouns of a preposition that hangs on `head`, on its particle, or (within `reach` steps) on its objects."""
    if preposition in BESIDE:  # "gathered outside parliament": the tagger takes the preposition for an adjective
        for child in head.children:
            if child.dep_ == "dobj" and any(
                c.lower_ == preposition and c.dep_ in {"amod", "advmod"} for c in child.lefts
            ):
                yield with_conjuncts(child)
    layer = [head]
    for step in range(reach):
        following: list[Token] = []
        for token in layer:
            for child in token.children:
                if child.lower_ == preposition and child.dep_ in {
                    "prep",
                    "dative",
                    "agent",
                    "prt",
                    "aux",
                    "mark",
                    "pcomp",
                    "advmod",
                }:
                    nouns = [n for n in child.children if n.dep_ in {"pobj", "pcomp", "dobj"} and not is_verb(n)]
                    if nouns:
                        yield with_conjuncts(antecedent(nouns[0]))
                if child.dep_ in {"prep", "prt", "advmod", "dative", "agent", "acomp"} or (
                    child.dep_ in {"pobj", "dobj", "attr", "oprd", "nsubjpass"}
                    and (step or child.dep_ != "nsubjpass" or is_passive(head))
                ):
                    following.append(child)
        layer = following


def preposition_complement(head: Token, preposition: str) -> Token | None:
    """Return the gerund or noun that a preposition of `head` governs."""
    for child in head.children:
        if child.lower_ == preposition and child.dep_ in {"prep", "dative", "prt", "agent", "advmod", "mark"}:
            return next((c for c in child.children if c.dep_ in {"pcomp", "pobj"}), None)
    return None


def has_particle(verb: Token, word: str) -> Token | None:
    """Return the particle or preposition `word` of a verb."""
    for child in verb.children:
        if child.lower_ == word and child.dep_ in {
            "prt",
            "prep",
            "advmod",
            "dative",
            "agent",
            "advcl",
            "acomp",
            "amod",
            "oprd",
            "aux",
        }:
            return child
    for child in verb.children:  # the parser may hang it on the object: "pulled troops out of"
        if child.dep_ in {"dobj", "prep", "prt", "advmod"}:
            for grandchild in child.children:
                if (
                    grandchild.lower_ == word
                    and grandchild.dep_ in {"prep", "prt", "advmod"}
                    and grandchild.i <= child.i + 3
                ):
                    return grandchild
    return None
