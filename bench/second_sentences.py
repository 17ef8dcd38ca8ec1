"""Gather the sentences of our own that the second reader is trained on, word by word.

They are the sentences of tests/data/news, the examples of the frames, and the development half of the demo newsroom
(docs/newsroom.md). No evaluation set is read, nor the sentences that are no event (tests/data/no_events.txt): they are a test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from tests.news_sentences import read_table, tables

from dateline.annotate.events.frames import frames_of
from dateline.annotate.events.lexicon import noun_table, verb_table
from dateline.annotate.events.second import may_tell
from dateline.annotate.layers import sentences_of
from dateline.stack.newsroom import load_expected
from dateline.stack.newsroom.agreement import in_development
from dateline.stack.newsroom.content import load_outlets

NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Hold the words of a sentence, and what those among them tell of that could tell of an event."""

    origin: str
    words: tuple[str, ...]
    told: dict[int, str]  # place of a word -> an event type, or NOTHING


def gather(nlp: Language) -> Iterator[Sentence]:
    """Yield every sentence that teaches."""
    yield from _news(nlp)
    yield from _examples(nlp)
    yield from newsroom(nlp, development=True)


def _news(nlp: Language) -> Iterator[Sentence]:
    told = defaultdict(list)
    for path in tables():
        for line in read_table(path):
            told[line.sentence].append(line)
    for doc in nlp.pipe(told, batch_size=16):
        events = {
            _head(doc, *line.trigger[0]).i: line.event_type
            for line in told[doc.text]
            if line.event_type and line.trigger
        }
        yield _sentence("news", doc[:], events)


def _examples(nlp: Language) -> Iterator[Sentence]:
    frames = defaultdict(list)
    for frame in (frame for known in frames_of().values() for frame in known):
        frames[frame.example].append(frame)
    for doc in nlp.pipe(frames, batch_size=16):
        events = {}
        for frame in frames[doc.text]:
            table = verb_table() if frame.pos == "verb" else noun_table()
            word = next((t for t in doc if table.get(t.lower_) == frame.words[0]), None)
            if word is not None:
                events[word.i] = frame.event_type
        if events:
            yield _sentence("examples", doc[:], events)


def newsroom(nlp: Language, *, development: bool) -> Iterator[Sentence]:
    """Yield the sentences of one half of the newsroom's articles, with the first type that a reader accepts."""
    pages = [
        page
        for page in load_expected(dict.fromkeys(load_outlets(), 1), shift_weeks=0)
        if page.text and page.outcome == "coded" and page.language == "en" and in_development(page.id) == development
    ]
    for page, doc in zip(pages, nlp.pipe([page.text or "" for page in pages], batch_size=16), strict=True):
        events = {}
        for gold in page.events:
            where = gold["trigger_within"]
            events[_head(doc, where["start"], where["end"]).i] = gold["accept"][0]["event_type"]
        for sentence in sentences_of(doc):
            inside = {at: name for at, name in events.items() if sentence.start <= at < sentence.end}
            yield _sentence("newsroom", sentence, inside)


def _head(doc: Doc, start: int, end: int) -> Token:
    """Return the word of a stretch that governs the others, a verb, noun or adjective where there is one."""
    inside = [t for t in doc if t.idx < end and t.idx + len(t) > start and not t.is_space]
    places = {t.i for t in inside}
    heads = [t for t in inside if t.head.i not in places or t.head.i == t.i]
    return next((t for t in heads if may_tell(t)), (heads or inside)[0])


def _sentence(origin: str, span: Span | Doc, events: dict[int, str]) -> Sentence:
    tokens: Sequence[Token] = list(span)
    told = {n: events.get(t.i, NOTHING) for n, t in enumerate(tokens) if t.i in events or may_tell(t)}
    return Sentence(origin, tuple(t.text for t in tokens), told)
