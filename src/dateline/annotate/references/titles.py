"""Read from the text itself what an unknown person is: "special envoy X of Y", "X, a spokesman for the army"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from dateline.annotate.actors.lexicon import load_lexicon
from dateline.annotate.actors.naming import Named
from dateline.annotate.actors.normal import Word, words_of
from dateline.annotate.actors.reading import read_phrase, trim
from dateline.annotate.actors.wordlists import listed
from dateline.annotate.references.spans import MentionIndex
from dateline.types import Actor, Resolution

_BEFORE = (
    8  # words of title before a name: "the former Iranian deputy foreign minister for legal affairs" is long enough
)
_BEHIND = 12  # words of apposition behind it
_PEOPLE = 4  # words of a mere nationality: "an elderly Russian"
_NOT_OF = frozenset(["ethnic", "born"])


def read_title(doc: Doc, text: str, start: int, end: int, index: MentionIndex) -> tuple[Resolution, str] | None:
    """Return what the words round the name at `start`..`end` of `text` say of its bearer, and those words.

    `text` is that of `doc`, which spaCy puts together anew each time it is asked.
    """
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return None
    for text_start, text_end in (*_ahead(span), *_apposed(span), *_behind(span)):
        words = trim([w for w in words_of(text[text_start:text_end]) if not start <= text_start + w.start < end])
        named = index.named(words, text_start)
        found = read_phrase(words, named, load_lexicon())
        if found.actor is not None and found.actor.sectors:
            return found, text[text_start:text_end]
        if found.actor is not None and found.actor.country and _is_nationality(words, named):
            one_of_them = Actor(country=found.actor.country, sectors=("CVL",))
            return Resolution(actor=one_of_them, reason=found.reason), text[text_start:text_end]
    return None


def _is_nationality(words: Sequence[Word], named: Sequence[Named]) -> bool:
    """Say whether a phrase only tells whose citizen somebody is: "a Slovene", "the Briton", "who is Russian"."""
    if not named or named[-1].last != len(words) or len(words) > _PEOPLE:
        return False
    return named[-1].kind == "state" and named[-1].form in {"people", "adjective"} and words[0].key not in _NOT_OF


def _ahead(span: Span) -> Sequence[tuple[int, int]]:
    """Return the words before a name that belong to it: its title."""
    doc, first = span.doc, span.start
    at = first
    while at > 0 and first - at < _BEFORE and _title_word(doc[at - 1]):
        at -= 1
    while at < first and doc[at].pos_ in ("ADP", "CCONJ", "PUNCT"):
        at += 1
    if at == first:
        return ()
    last = _owner_behind(span)
    return ((doc[at].idx, doc[last - 1].idx + len(doc[last - 1])),)


def _apposed(span: Span) -> Sequence[tuple[int, int]]:
    """Return the phrase that a name explains: "the Algerian foreign minister, X," and "Japan's envoy in Paris, X,"."""
    doc, first = span.doc, span.start
    if first < 2 or doc[first - 1].text != ",":  # noqa: PLR2004 (a word and a comma)
        return ()
    named = next((t for t in span if t.dep_ == "appos" and t.head.i < first - 1), None)
    if named is None:
        return _nationality(doc, first - 2)
    start = named.head.left_edge.i
    if not 0 < first - 1 - start <= _BEHIND:
        return ()
    return ((doc[start].idx, doc[first - 2].idx + len(doc[first - 2])),)


def _nationality(doc: Doc, at: int) -> Sequence[tuple[int, int]]:
    """Return the mere nationality that ends at a token before a comma: "a Russian, X,"."""
    if doc[at].ent_type_ != "NORP" or doc[at - 1].lower_ not in {"a", "an", "the", "another"}:
        return ()
    return ((doc[at].idx, doc[at].idx + len(doc[at])),)


def _owner_behind(span: Span) -> int:
    """Return where a title ends that goes on behind the name: "special envoy X of Finland"; else where it began to."""
    doc, at = span.doc, span.end
    if at + 1 >= len(doc) or doc[at].lower_ not in ("of", "for"):
        return span.start
    at += 1
    while at < len(doc) and at - span.end < _BEFORE and doc[at].pos_ in ("DET", "PROPN", "NOUN", "ADJ"):
        at += 1
    return at


def _title_word(token: Token) -> bool:
    if token.is_space or token.is_sent_end:
        return False
    if token.pos_ in ("NOUN", "PROPN", "ADJ", "NUM", "PART"):
        return True
    return (
        token.lower_ in ("of", "for", "-", "'s", "\u2019s", "and")
        and token.i > 0
        and token.nbor(-1).pos_ in ("NOUN", "PROPN")
    )


def _behind(span: Span) -> Sequence[tuple[int, int]]:
    """Return the apposition behind a name: ", the head of the agency,"."""
    doc, at = span.doc, span.end
    if at + 1 >= len(doc) or doc[at].text not in (",", "(", "\u2013", "\u2014"):
        return ()
    first = _past_age(doc, at + 1)
    if first >= len(doc):
        return ()
    if doc[first].lower_ not in ("a", "an", "the", "its", "their", "his", "her") and doc[first].pos_ not in (
        "NOUN",
        "ADJ",
        "PROPN",
    ):
        return ()
    last = first
    while (
        last < len(doc)
        and last - first < _BEHIND
        and doc[last].text not in {",", ")", ".", ";", "\u2013", "\u2014"}
        and (last == first or doc[last].lower_ not in {"who", "whom", "whose", "which"})
        and not doc[last].is_space
    ):
        last += 1
    if last == first:
        return ()
    return ((doc[first].idx, doc[last - 1].idx + len(doc[last - 1])),)


def _past_age(doc: Doc, at: int) -> int:
    """Step over an age and a word of time: ", 62, a Moldovan lawyer", ", now the envoy of Chad"."""
    if at + 1 < len(doc) and doc[at].text.isdecimal() and doc[at + 1].text == ",":
        at += 2
    while at < len(doc) and doc[at].lower_ in listed("titles.meanwhile"):
        at += 1
    return at


def as_person(found: Resolution, name: str, known: Actor | None = None) -> Actor:
    """Give the person the country and sectors of the title; `known` is whom the registry has under this name."""
    assert found.actor is not None
    if known is not None:
        return replace(known, country=found.actor.country, sectors=found.actor.sectors)
    return Actor(name=name, country=found.actor.country, sectors=found.actor.sectors)
