"""Gather the sentences of our own that the second reader is trained on, word by word, with the parties of their events.

They are the tables of tests/data/teaching and tests/data/news, the examples of the frames, and the development half of the demo
newsroom (docs/newsroom.md). No evaluation set is read, nor the sentences that are no event (tests/data/no_events.txt): they are a test.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from tests.news_sentences import read_table, tables
from tests.teaching import TOGETHER, modality_of, taught

from dateline.annotate.events.check import parts_of
from dateline.annotate.events.frames import IDLE, Frame, frames_of
from dateline.annotate.events.lexicon import noun_table, verb_table
from dateline.annotate.events.network import status_of
from dateline.annotate.events.second import may_tell
from dateline.annotate.layers import layers_of, sentences_of
from halves import half

BATCH = 16
Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Be one event that a sentence tells of. Sides: places of words, any of which is right; () nobody is named, None not known."""

    at: int
    event_type: str
    status: str | None  # of STATUSES; None: not known
    sides: tuple[Places | None, Places | None]  # source, target


@dataclass(frozen=True, slots=True)
class Sentence:
    """Hold the words of a sentence, which of them can tell of an event, and those events that they do tell of."""

    origin: str
    words: tuple[str, ...]
    telling: Places
    events: tuple[Event, ...]


def gather(nlp: Language) -> Iterator[Sentence]:
    """Yield every sentence that teaches. Raises RulesError where a table is wrong."""
    yield from _taught(nlp)
    yield from _news(nlp)
    yield from _examples(nlp)
    yield from newsroom(nlp, development=True)


def _taught(nlp: Language) -> Iterator[Sentence]:
    told = taught()
    for doc in nlp.pipe(told, batch_size=BATCH):
        events = []
        for row in told[doc.text]:
            if not row["type"]:
                continue
            begin = doc.text.casefold().find(row["trigger"].casefold())
            at = _telling(doc, begin, begin + len(row["trigger"]))
            modality, negated = modality_of(row)
            source, target = (
                (_places(doc, row[name].split(TOGETHER), at.idx) or None) if row[name] else ()
                for name in ("source", "target")
            )
            events.append(Event(at.i, row["type"], status_of(modality, negated=negated), (source, target)))
        yield _sentence("teaching", doc[:], events)


def _news(nlp: Language) -> Iterator[Sentence]:
    told = defaultdict(list)
    for path in tables():
        for line in read_table(path):
            told[line.sentence].append(line)
    for doc in nlp.pipe(told, batch_size=BATCH):
        events = []
        for line in told[doc.text]:
            if not line.event_type or not line.trigger:
                continue
            at = _telling(doc, *line.trigger[0])
            source, target = (_places(doc, words, at.idx) or None for words in (line.source, line.target))
            status = status_of(line.modality, negated=line.negated)
            events.append(Event(at.i, line.event_type, status, (source, target)))
        yield _sentence("news", doc[:], events)


def _examples(nlp: Language) -> Iterator[Sentence]:
    frames: dict[str, list[Frame]] = defaultdict(list)
    for frame in (frame for known in frames_of().values() for frame in known if frame.event_type != IDLE):
        frames[frame.example].append(frame)
    for doc in nlp.pipe(frames, batch_size=BATCH):
        events = []
        for frame in frames[doc.text]:
            table = verb_table() if frame.pos == "verb" else noun_table()
            word = next((t for t in doc if table.get(t.lower_) == frame.words[0]), None)
            if word is not None:
                _, source, target = parts_of(frame.reads)
                sides = tuple(
                    (_places(doc, [name], word.idx) or None) if name != "-" else None for name in (source, target)
                )
                events.append(Event(word.i, frame.event_type, None, (sides[0], sides[1])))
        if events:
            yield _sentence("examples", doc[:], events)


def newsroom(nlp: Language, *, development: bool) -> Iterator[Sentence]:
    """Yield the sentences of one half of the newsroom's articles, with the first type that a reader accepts."""
    pages = half(development=development)
    for page, doc in zip(pages, nlp.pipe([page.text or "" for page in pages], batch_size=BATCH), strict=True):
        events = []
        for gold in page.events:
            where, accepted = gold["trigger_within"], gold["accept"][0]
            at = _telling(doc, where["start"], where["end"])
            status = status_of(accepted["modality"][0], negated=gold["negated"])
            source, target = (_of_countries(at, gold[name]) for name in ("source", "target"))
            events.append(Event(at.i, accepted["event_type"], status, (source, target)))
        for sentence in sentences_of(doc):
            yield _sentence("newsroom", sentence, [e for e in events if sentence.start <= e.at < sentence.end])


def _of_countries(event: Token, accepted: Sequence[dict[str, Any]]) -> Places | None:
    """Return the words of the sentence that name somebody of the countries of a side."""
    if not accepted:
        return ()
    countries = {party["country"] for party in accepted} - {None}
    named = [e for e in layers_of(event.doc).entities if e.actor is not None and e.actor.country in countries]
    return tuple(t.i for t in event.sent if any(e.start <= t.idx < e.end for e in named)) or None


def _places(doc: Doc, parts: Iterable[str], near: int) -> Places:
    """Return the heads of some words of a text; of words that stand twice those nearest to `near`."""
    found = set()
    for part in parts:
        words = re.escape(part.casefold())
        text = doc.text.casefold()
        hits = [m.span() for m in re.finditer(rf"(?<!\w){words}(?!\w)", text)]
        hits = hits or [m.span() for m in re.finditer(words, text)]
        if hits:
            found.add(_head(doc, *min(hits, key=lambda hit: abs(hit[0] - near)))[0].i)
    return tuple(sorted(found))


def _telling(doc: Doc, start: int, end: int) -> Token:
    """Return the word of a stretch that governs the others, a verb, noun or adjective where there is one."""
    heads = _head(doc, start, end)
    return next((t for t in heads if may_tell(t)), heads[0])


def _head(doc: Doc, start: int, end: int) -> list[Token]:
    """Return the words of a stretch that hang on none of it."""
    inside = [t for t in doc if t.idx < end and t.idx + len(t) > start and not t.is_space]
    places = {t.i for t in inside}
    return [t for t in inside if t.head.i not in places or t.head.i == t.i] or inside


def _sentence(origin: str, span: Span | Doc, events: Sequence[Event]) -> Sentence:
    tokens: Sequence[Token] = list(span)
    first = tokens[0].i if tokens else 0
    here = [
        Event(
            e.at - first, e.event_type, e.status,
            tuple(None if side is None else tuple(i - first for i in side if 0 <= i - first < len(tokens)) for side in e.sides),  # type: ignore[arg-type]
        )
        for e in events
    ]  # fmt: skip
    own = {e.at for e in here}
    telling = tuple(n for n, t in enumerate(tokens) if n in own or may_tell(t))
    return Sentence(origin, tuple(t.text for t in tokens), telling, tuple(here))


__all__ = ["Event", "Sentence", "gather", "newsroom"]
