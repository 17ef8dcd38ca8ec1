"""Read what a headline tells, so that the text's own telling of it is known to be the news.

Headlines of many papers have Every Word With a Capital, which a parser takes for one long name. The article's own text
says which of those words are names: they stand with a capital inside its sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate import events, places, quotes, references, times
from dateline.annotate.events.coder import readings
from dateline.annotate.events.lexicon import noun_table, verb_table
from dateline.annotate.layers import layers_of
from dateline.text import storable

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
NAME = re.compile(r"(?<=[^\W\d_.!?:”\"][ ,])[^\W\d_a-z][^\W\d_]+(?:[-'’][^\W\d_]+)*")
CAPITALS = 0.7  # share of the longer words with a capital from which on a headline is in title case
LONGER = 3  # letters above which a word of a title-case headline has its capital
UNREAD = [
    "ner",
    times.NAME,
    places.NAME,
    references.NAME,
    quotes.NAME,
    events.NAME,
]  # what only texts need: two thirds of the cost
MOST_CHARS = 300  # of a headline; what is longer is none
LEAD = 4_000  # characters of the text that say which words are names
SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "into",
        "is",
        "its",
        "not",
        "of",
        "off",
        "on",
        "or",
        "out",
        "over",
        "per",
        "the",
        "their",
        "to",
        "up",
        "via",
        "was",
        "were",
        "will",
        "with",
        "after",
        "amid",
        "amidst",
        "against",
        "before",
        "could",
        "may",
        "might",
        "should",
        "than",
        "that",
        "under",
        "until",
        "while",
    ]
)


def as_sentence(title: str, text: str) -> str:
    """Return a title-case headline in sentence case; any other as it is.

    A word keeps its capital where the text writes it so inside a sentence, or where nothing is known of it.
    """
    longer = [word for word in WORD.findall(title) if len(word) > LONGER]
    if not longer or sum(word[0].isupper() for word in longer) < CAPITALS * len(longer):
        return title
    names, plain = set(NAME.findall(text)), {word for word in WORD.findall(text) if word.islower()}
    first = WORD.search(title)
    known = (plain, SMALL, verb_table(), noun_table())

    def lowered(match: re.Match[str]) -> str:
        word = match.group()
        low = word.lower()
        if (first is not None and match.start() == first.start()) or not word[1:].islower():
            return word
        if word in names and low not in plain:
            return word
        return low if any(low in words for words in known) else word

    return WORD.sub(lowered, title)


def read_headlines(nlp: Language, docs: list[Doc]) -> None:
    """Read the titles of some texts in one go, and leave in each text's layers the event types that its headline tells of."""
    titled = [doc for doc in docs if layers_of(doc).title]
    heads = [nlp.make_doc(_headline(doc)) for doc in titled]
    for doc, head in zip(titled, heads, strict=True):
        layers_of(head).published = layers_of(doc).published
    for doc, head in zip(titled, nlp.pipe(heads, batch_size=max(1, len(heads)), disable=UNREAD), strict=True):
        layers_of(doc).headline = tuple(dict.fromkeys(_types(head)))


def _headline(doc: Doc) -> str:
    title = storable(layers_of(doc).title or "")[:MOST_CHARS]
    return as_sentence(" ".join(title.split()), doc.text[:LEAD])


def _types(head: Doc) -> Iterator[str]:
    """Yield the event types of a headline, those of its first predicates first."""
    yield from (reading.event_type for _, reading in readings(head, relaxed=True))
