"""Find attributions that a noun makes: "Trump's claim that …", "criticism of the deal from Beijing"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from dateline.annotate.quotes.phrases import Chars, noun_phrase

SOURCES = frozenset({"by", "from", "of", "among"})


def from_noun(
    noun: Token, prepositions: frozenset[str], text: str
) -> Iterator[tuple[Chars | None, Chars, list[Chars]]]:
    """Yield source, cue and content where the noun has a clause, or a preposition of its content and a source."""
    source: Chars | None = None
    content: list[Chars] = []
    for child in noun.children:
        if child.dep_ == "poss":
            source = _without_possessive(child, text)
        elif child.dep_ == "prep" and child.i > noun.i:
            held = next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
            if held is None:
                continue
            if child.lower_ in prepositions:
                content.append((held.left_edge.idx, child.right_edge.idx + len(child.right_edge)))
            elif child.lower_ in SOURCES and held.dep_ == "pobj" and source is None:
                source = noun_phrase(held)
        elif child.dep_ in {"acl", "relcl", "ccomp"} and child.i > noun.i and _is_content(child):
            content = [(child.left_edge.idx, child.right_edge.idx + len(child.right_edge))]
            break
    if content and (source is not None or text.startswith("that ", content[0][0])):
        yield source, (noun.idx, noun.idx + len(noun)), content


def _is_content(verb: Token) -> bool:
    """Say whether a clause tells what is claimed ("that …" with a subject of its own, "to …")."""
    first = verb.left_edge
    if first.lower_ == "that":
        return first.dep_ == "mark" or any(c.dep_ in {"nsubj", "nsubjpass"} and c.i != first.i for c in verb.children)
    return first.lower_ == "to" and verb.dep_ == "acl"


def _without_possessive(owner: Token, text: str) -> Chars:
    start, end = noun_phrase(owner)
    for ending in ("'s", "’s", "'", "’"):
        if text.endswith(ending, start, end):
            return start, end - len(ending)
    return start, end
