"""Read what the text tells of an unknown person otherwise than by a title: "X is a Russian", "X, whose Liberals", "three Danes: X, Y"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from dateline.annotate.actors.lexicon import load_lexicon
from dateline.annotate.actors.normal import words_of
from dateline.annotate.actors.reading import read_phrase, trim
from dateline.annotate.actors.wordlists import listed
from dateline.annotate.references.spans import MentionIndex
from dateline.types import EntityMention, Resolution

_SUBJECTS = frozenset(["nsubj", "nsubjpass"])
_REACH = 12  # words of what is told
_LEFT_OUT = frozenset(["neg"])
_JOINED = re.compile(r"\s*(?:,|,?\s+and|,?\s+&)\s*", re.IGNORECASE)
_PARTY_AND_STATE = re.compile(r"\s*[,(]\s*[RD]-[A-Z][\w.]+")  # "Sen. Jane Doe, R-Ohio"
_OF_ALL = re.compile(r",\s+(?:both|all)\s+(?:of them\s+)?([^,.;:()\u2014]{1,60})")
_OPENERS = frozenset([":", ",", "-", "\u2013", "\u2014", "("])
_LOOSE = frozenset([",", "("])  # what may as well join one more to those before: "the officials, X and Y"
_PLURAL = frozenset(["NNS", "NNPS"])
_IN_CLAUSE = frozenset(["dobj", "nsubj", "nsubjpass", "pobj"])
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "both": 2}


def read_telling(doc: Doc, text: str, start: int, end: int, index: MentionIndex) -> tuple[Resolution, str] | None:
    """Return what the text tells of the bearer of the name at `start`..`end`, where it says a country, and the words."""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return None
    for first, last in (*_whose(span), *_membership(span), *_predicates(span)):
        if last <= first:
            continue
        told = (doc[first].idx, doc[last - 1].idx + len(doc[last - 1]))
        found = read_country(text, *told, index)
        if found is not None:
            return found, text[told[0] : told[1]]
    return None


def read_country(text: str, start: int, end: int, index: MentionIndex) -> Resolution | None:
    """Read a phrase that says of somebody where he is from, or None where it says no country, or another's."""
    words = trim(words_of(text[start:end]))
    if any(word.key in listed("titles.unplaced") for word in words):
        return None
    found = read_phrase(words, index.named(words, start), load_lexicon())
    return found if found.actor is not None and found.actor.country is not None else None


def in_congress(text: str, end: int) -> bool:
    """Say whether an American legislator's party and state follow a name: "Jane Doe, R-Ohio"."""
    return _PARTY_AND_STATE.match(text, end) is not None


def _whose(span: Span) -> Iterator[tuple[int, int]]:
    """Yield whom somebody leads: "X, whose Democratic Unionists boycotted the talks"; only names of bodies."""
    doc, at = span.doc, span.end
    if at + 2 >= len(doc) or doc[at].text != "," or doc[at + 1].lower_ != "whose":
        return
    noun = doc[at + 1].head
    if noun.i > at + 1 and noun.tag_ in {"NNP", "NNPS"}:
        yield at + 2, noun.i + 1


def _membership(span: Span) -> Iterator[tuple[int, int]]:
    """Yield what somebody belongs to: "X of the Ulster Unionists", "X, from Moldova,"."""
    doc, at = span.doc, span.end
    if at < len(doc) and doc[at].text == ",":
        at += 1
    if at + 1 >= len(doc) or doc[at].lower_ not in {"of", "from"}:
        return
    first = last = at + 1
    while last < min(len(doc), first + _REACH) and (doc[last].pos_ in {"DET", "PROPN"} or doc[last].tag_ == "POS"):
        last += 1
    if last < len(doc) and doc[last].pos_ == "NOUN" and last > first:
        last += 1
    yield first, last


def _predicates(span: Span) -> Iterator[tuple[int, int]]:
    """Yield what somebody is said to be or to lead: "X is a Russian", "X became Tunisia's leader", "X, who heads Chad's army"."""
    root = span.root
    for verb, passive in _acts_of(root):
        if any(child.dep_ in _LEFT_OUT or child.tag_ == "MD" for child in verb.children):
            continue
        word = verb.lower_
        if word in listed("titles.being"):
            yield from _phrases(verb, ("attr", "acomp"))
        elif word in listed("titles.naming"):
            yield from _phrases(verb, ("oprd", "attr", "xcomp"))
            yield from _as(verb)
        elif word in listed("titles.leading") and not passive:
            yield from _phrases(verb, ("dobj",))


def _acts_of(root: Token) -> Iterator[tuple[Token, bool]]:
    """Yield the verbs that a name is the subject of, also in "X, who leads"; and whether it undergoes them."""
    if root.dep_ in _SUBJECTS:
        yield root.head, root.dep_ == "nsubjpass"
    for child in root.rights:
        if child.dep_ == "relcl":
            who = next((c for c in child.lefts if c.dep_ in _SUBJECTS), None)
            if who is not None and who.lower_ == "who":
                yield child, who.dep_ == "nsubjpass"


def _phrases(verb: Token, deps: Sequence[str]) -> Iterator[tuple[int, int]]:
    for child in verb.rights:
        if child.dep_ in deps:
            yield child.left_edge.i, min(_end(child), child.left_edge.i + _REACH)


def _as(verb: Token) -> Iterator[tuple[int, int]]:
    for child in verb.rights:
        if child.dep_ == "prep" and child.lower_ == "as":
            for noun in child.rights:
                yield noun.left_edge.i, min(_end(noun), noun.left_edge.i + _REACH)


def _end(noun: Token) -> int:
    """Return where a noun phrase ends, clauses left out."""
    end = noun.i + 1
    for child in noun.rights:
        if child.dep_ != "prep" or child.i != end:
            break
        end = child.right_edge.i + 1
    return end


def read_lists(
    doc: Doc, text: str, entities: Sequence[EntityMention], index: MentionIndex
) -> Iterator[tuple[list[EntityMention], Resolution, str]]:
    """Yield names that stand in a row, and what is said of all: "three Americans: X, Y and Z", "X and Y, both French"."""
    for row in _rows(text, entities):
        for start, end in (*_before(doc, row), *_after(text, row)):
            found = read_country(text, start, end, index)
            if found is not None:
                yield row, found, text[start:end]
                break


def _rows(text: str, entities: Sequence[EntityMention]) -> Iterator[list[EntityMention]]:
    row: list[EntityMention] = []
    for mention in entities:
        if mention.label != "PERSON":
            continue
        if row and _JOINED.fullmatch(text, row[-1].end, mention.start) is None:
            if len(row) > 1:
                yield row
            row = []
        row.append(mention)
    if len(row) > 1:
        yield row


def _before(doc: Doc, row: Sequence[EntityMention]) -> Iterator[tuple[int, int]]:
    """Yield the plural phrase that a row of names spells out."""
    first = doc.char_span(row[0].start, row[0].end, alignment_mode="expand")
    if first is None or first.start < 2:  # noqa: PLR2004 (a word and a mark)
        return
    mark = doc[first.start - 1]
    begin = mark.sent.start
    if mark.text not in _OPENERS or mark.i == begin:
        return
    noun = doc[mark.i - 1]
    if mark.text == ":" and noun.tag_ not in _PLURAL:  # "let three Americans go: X, Y and Z"
        earlier = (t for t in reversed(doc[begin : mark.i]) if t.tag_ in _PLURAL and t.dep_ in _IN_CLAUSE)
        noun = next(earlier, noun)
    if noun.tag_ not in _PLURAL:
        return
    start = max(noun.left_edge.i, begin)
    counted = _count(doc[start : noun.i])
    if counted == len(row) or (counted is None and mark.text not in _LOOSE):
        yield doc[start].idx, noun.idx + len(noun)


def _count(words: Span) -> int | None:
    """Return the number that some words name."""
    for word in words:
        number = _COUNTS.get(word.lower_) or (int(word.text) if word.text.isdecimal() and len(word) == 1 else None)
        if number is not None:
            return number
    return None


def _after(text: str, row: Sequence[EntityMention]) -> Iterator[tuple[int, int]]:
    """Yield what is said of a row behind it: ", both French citizens"."""
    found = _OF_ALL.match(text, row[-1].end)
    if found is not None:
        yield found.span(1)
