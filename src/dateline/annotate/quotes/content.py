"""Find the words that a verb gives to its subject: a clause, an infinitive, an object, what a preposition holds."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from dateline.annotate.quotes.cues import Cue
from dateline.annotate.quotes.phrases import Chars

OPENING = "“\"'‘``("
FURTHER = frozenset({"for", "as", "over", "of", "about"})  # what belongs to an object: "attacked him for his vote"


def content_of(verb: Token, cue: Cue) -> list[Chars]:
    """Return the stretches of text that `verb` gives to its subject, in order."""
    found = list(_stretches(verb, cue))
    if not found and "clause" in cue.kinds and (around := _sentence_around(verb)):
        found = around
    return sorted(found)


def _stretches(verb: Token, cue: Cue) -> Iterator[Chars]:
    children = list(verb.children)
    clausal = any(child.dep_ in {"ccomp", "xcomp"} for child in children)
    for child in children:
        dep = child.dep_
        if dep == "ccomp" and not cue.kinds.isdisjoint({"clause", "quote", "name"}):
            yield from _clause(child, verb)
        elif dep == "xcomp" and not cue.kinds.isdisjoint({"order", "infinitive"}):
            addressee = next((c for c in children if c.dep_ in {"dobj", "prep"} and verb.i < c.i < child.i), None)
            yield (_start(addressee) if addressee is not None and cue.lemma in CALLS else _start(child)), _end(child)
        elif dep == "oprd" and "name" in cue.kinds:
            named = next((c for c in children if c.dep_ == "dobj" and verb.i < c.i < child.i), child)
            yield _start(named), _end(child)
        elif clausal:
            continue
        elif dep == "dobj" and ("object" in cue.kinds or ("name" in cue.kinds and _has_as(children))):
            yield _start(child), max(_end(child), *(_end(c) for c in children if _belongs(c, child)), _end(child))
        elif dep == "prep" and child.lower_ in cue.prepositions:
            inner = next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
            if inner is not None:
                yield _start(inner), _end(child)
        elif dep == "nsubjpass" and "object" in cue.kinds and any(c.dep_ == "agent" for c in children):
            yield _start(child), _end(child)


CALLS = frozenset({"call", "ask", "urge", "beg", "implore", "want", "expect"})


def _has_as(children: list[Token]) -> bool:
    return any(child.dep_ == "prep" and child.lower_ == "as" for child in children)


def _belongs(child: Token, to: Token) -> bool:
    return child.dep_ == "prep" and child.lower_ in FURTHER and child.i > to.i


def _start(token: Token) -> int:
    left = token.left_edge
    while left.i < token.i and left.is_punct and left.text not in OPENING:
        left = left.nbor(1)
    return left.idx


def _end(token: Token) -> int:
    right = token.right_edge
    return right.idx + len(right)


def _clause(child: Token, verb: Token) -> Iterator[Chars]:
    """Yield a clause, or its two parts where verb and subject stand inside it."""
    left, right = child.left_edge, child.right_edge
    if not left.i < verb.i < right.i:
        yield _start(child), _end(child)
        return
    first, last = _own(verb, child)
    if left.i < first:
        before = verb.doc[first - 1]
        yield _start(child) if child.i < verb.i else left.idx, before.idx + len(before)
    if last < right.i:
        yield verb.doc[last + 1].idx, _end(child)


def _own(verb: Token, clause: Token | None) -> tuple[int, int]:
    """Return the tokens of the verb and what belongs to it, without `clause`."""
    tokens = [verb.i]
    for child in verb.children:
        if (clause is not None and child.i == clause.i) or child.dep_ in {"punct", "ccomp", "cc", "conj"}:
            continue
        if child.dep_ in {"nsubj", "aux", "advmod", "dobj", "dative", "npadvmod", "prep", "neg"}:
            tokens += [child.left_edge.i, child.right_edge.i]
    near = [at for at in tokens if abs(at - verb.i) <= NEARBY]
    return min(near), max(near)


NEARBY = 12  # tokens round a verb that is put into another's sentence: ", she told reporters on Friday,"


def _sentence_around(verb: Token) -> list[Chars]:
    """Return the rest of the sentence where verb and subject are put between commas: "It was, the president said, late"."""
    if not any(child.dep_ == "nsubj" for child in verb.children) or verb.tag_ not in {"VBD", "VBZ", "VBP"}:
        return []
    sent, doc = verb.sent, verb.doc
    first, last = _own(verb, None)
    before = doc[first - 1].text if first > sent.start else ""
    after = doc[last + 1].text if last + 1 < sent.end else ""
    if before not in {",", "-", "--", "—"}:
        return []
    start, end = doc[sent.start].idx, doc[first - 1].idx
    parts = [(start, end)] if end > start else []
    if after in {",", "-", "--", "—"} and last + 2 < sent.end:
        final = doc[sent.end - 1]
        parts.append((doc[last + 2].idx, final.idx + (0 if final.is_punct else len(final))))
    return parts
