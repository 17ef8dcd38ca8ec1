"""Say what a text tells that a given source did to a given target: the best event type, always, with its probability.

Readings of the coder, weighed by how well their sides fit the two spans, and what the network says of the words near the two
spans are added up; where both are silent the words of the frames vote, and last the commonest type answers with the little
confidence it has.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Token

from dateline.annotate import events
from dateline.annotate.events import syntax
from dateline.annotate.events.coder import QUAD_OF, readings
from dateline.annotate.events.confidence import Setting, confidence_of
from dateline.annotate.events.frames import IDLE, frames_of
from dateline.annotate.events.lexicon import noun_table, verb_table
from dateline.annotate.events.outer import outers_of
from dateline.annotate.events.phrases import noun_phrase
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.second import NOTHING, opinions
from dateline.annotate.layers import layers_of, sentences_of
from dateline.text import storable

DEFAULT = "CONSULT"  # of a text in which nothing is known
DEFAULT_CONFIDENCE = 0.1
BATCH = 16
SILENT = 0.02  # weight below which neither readings nor network say anything
NETWORK = 1.0  # what the network's votes weigh beside readings that fit well
POINTED = 10.0  # how much more a word counts whose parties are those asked about
LEAST_SURE, SURER = 0.31, 0.6  # confidence of an answer that has nothing for it, and what all for it adds
KIN = {"CONCEDE": ("CONCEDE", "RETREAT"), "RETREAT": ("CONCEDE", "RETREAT")}  # types whose words speak for each other
WORD_OF_CLASS = {"refuse": "REJECT", "reject": "REJECT", "ask": "REQUEST", "agree": "AGREE", "promise": "AGREE",
                 "threaten": "THREATEN", "welcome": "SUPPORT", "condemn": "ACCUSE", "allege": "ACCUSE"}  # fmt: skip
EMPTY_WORDS = frozenset(
    [
        "be",
        "is",
        "are",
        "was",
        "were",
        "been",
        "has",
        "have",
        "had",
        "do",
        "did",
        "go",
        "went",
        "get",
        "got",
        "make",
        "made",
        "put",
        "take",
        "took",
    ]
)
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """Be one answer that could be given."""

    event_type: str
    mode: str | None
    score: float
    confidence: float
    trigger: tuple[int, int] | None


def relate_lines(nlp: Language, items: list[Line]) -> list[Line]:
    """Answer each item (`text`, `source`, `target`) in order."""
    docs = []
    for item in items:
        doc = nlp.make_doc(storable(item["text"]))
        layers_of(doc).published = None
        docs.append(doc)
    read = nlp.pipe(docs, batch_size=BATCH, disable=[events.NAME])  # `choose` reads more of them by itself
    return [_line(item, doc) for item, doc in zip(items, read, strict=True)]


def _line(item: Line, doc: Doc) -> Line:
    choice = choose(doc, _ends(item.get("source")), _ends(item.get("target")))
    start, end = choice.trigger or (0, 0)
    return {
        "id": item.get("id"),
        "event_type": choice.event_type,
        "mode": choice.mode,
        "quad": QUAD_OF[choice.event_type],
        "confidence": choice.confidence,
        "trigger": {"start": start, "end": end, "text": doc.text[start:end]} if choice.trigger else None,
    }


def _ends(span: Line | None) -> tuple[int, int] | None:
    return (int(span["start"]), int(span["end"])) if span else None


def choose(doc: Doc, source: tuple[int, int] | None, target: tuple[int, int] | None) -> Choice:
    """Choose the best answer for a pair of stretches of a text: what readings and network say of each type, added up."""
    found = [*_from_readings(doc, source, target)]
    said = _from_network(doc, source, target)
    weights: dict[str, float] = defaultdict(float)
    for choice in found:
        weights[choice.event_type] = max(weights[choice.event_type], choice.confidence * _trust(choice.score))
    for event_type, (vote, _) in said.items():
        weights[event_type] += NETWORK * vote
    if not weights or max(weights.values()) < SILENT:
        return _from_words(doc, source, target) or Choice(DEFAULT, None, 0.0, DEFAULT_CONFIDENCE, None)
    kin = {name: sum(weights[other] for other in KIN.get(name, (name,)) if other in weights) for name in weights}
    best = max(sorted(kin), key=lambda name: (kin[name], weights[name]))
    share = kin[best] / sum(weights.values())
    read = max((c for c in found if c.event_type == best), key=lambda c: c.score, default=None)
    mode, trigger = (read.mode, read.trigger) if read is not None else (None, said[best][1])
    return Choice(best, mode, weights[best], round(LEAST_SURE + SURER * share * min(1.0, kin[best]), 3), trigger)


def _trust(score: float) -> float:
    """Return how far a reading is believed, by how well its sides fit."""
    return 1 / (1 + math.exp(-2 * (score - 0.8)))


def _from_readings(doc: Doc, source: tuple[int, int] | None, target: tuple[int, int] | None) -> Iterator[Choice]:
    for _, reading in readings(doc, relaxed=True):
        sides = (_overlap(reading.sources, source), _overlap(reading.targets, target))
        turned = (_overlap(reading.targets, source), _overlap(reading.sources, target)) if reading.both else (0.0, 0.0)
        if reading.both and len(reading.sources) > 1:
            turned = (_overlap(reading.sources, source), _overlap(reading.sources, target))
        fit = max(sum(sides), sum(turned))
        reverse = _overlap(reading.targets, source) + _overlap(reading.sources, target)
        span_bonus = 0.3 * _mentions(reading, target) + 0.3 * _mentions(reading, source)
        trigger = reading.trigger[0]
        near = -0.02 * min(_distance(trigger, source) + _distance(trigger, target), 40)
        score = fit * 1.5 + span_bonus + near - 0.5 * reverse * (0 if reading.both else 1) - 0.02 * _steps(trigger)
        if reading.modality in {"hypothetical", "conditional", "historical"} or reading.negated:
            score -= 0.3
        confidence = confidence_of(reading, Setting(bool(reading.sources), bool(reading.targets)))
        last = doc[trigger.i : trigger.i + 1]
        yield Choice(reading.event_type, reading.mode, score, confidence, (last.start_char, last.end_char))


def _overlap(heads: list[Token], span: tuple[int, int] | None) -> float:
    """Return 1 where a head stands in the stretch, a half where its phrase touches it."""
    if span is None:
        return 0.3
    best = 0.0
    for head in heads:
        if span[0] <= head.idx < span[1]:
            return 1.0
        phrase = noun_phrase(head)
        if phrase.start_char < span[1] and span[0] < phrase.end_char:
            best = 0.6
    return best


def _mentions(reading: Reading, span: tuple[int, int] | None) -> bool:
    if span is None or reading.clause is None:
        return False
    left, right = reading.clause.left_edge, reading.clause.right_edge
    return left.idx <= span[0] and span[1] <= right.idx + len(right)


def _distance(token: Token, span: tuple[int, int] | None) -> int:
    if span is None:
        return 0
    gap = span[0] - (token.idx + len(token)) if token.idx < span[0] else token.idx - span[1]
    return max(0, gap) // 6


def _steps(token: Token) -> int:
    steps = 0
    while token.head.i != token.i and steps < 10:  # noqa: PLR2004
        token, steps = token.head, steps + 1
    return steps


class _Votes:
    """Add up what words near the two spans say of each type, and which of them says it loudest."""

    def __init__(self, source: tuple[int, int] | None, target: tuple[int, int] | None) -> None:
        self._spans = source, target
        self._sums: dict[str, float] = defaultdict(float)
        self._loudest: dict[str, tuple[float, Token]] = {}

    def nearness(self, token: Token) -> float:
        """Return what the voice of a word is worth."""
        return math.exp(-0.08 * sum(_distance(token, span) for span in self._spans))

    def add(self, event_type: str, vote: float, token: Token) -> None:
        """Count a word's vote for a type; that of a word so far off that its voice underflows to 0 is none."""
        if vote <= 0:
            return
        self._sums[event_type] += vote
        if vote > self._loudest.get(event_type, (0.0, token))[0]:
            self._loudest[event_type] = (vote, token)

    def sums(self) -> dict[str, tuple[float, tuple[int, int]]]:
        """Return the votes for each type, and where its loudest word stands."""
        return {
            name: (vote, (token.idx, token.idx + len(token)))
            for name, vote in self._sums.items()
            for _, token in (self._loudest[name],)
        }

    def choice(self, weight: float, spread: float) -> Choice | None:
        """Return the type with most votes; score and confidence grow with its share of them all."""
        if not self._sums:
            return None
        best = max(self._sums, key=lambda name: self._sums[name])
        token = self._loudest[best][1]
        share = self._sums[best] / sum(self._sums.values())
        return Choice(best, None, weight * share, round(0.2 + spread * share, 3), (token.idx, token.idx + len(token)))


def _from_network(
    doc: Doc, source: tuple[int, int] | None, target: tuple[int, int] | None
) -> dict[str, tuple[float, tuple[int, int]]]:
    """Return the network's votes for each type with its loudest word: of the words near the two spans, most of those whose parties they are."""
    votes = _Votes(source, target)
    for sentence in sentences_of(doc):
        sides = [[t.i for t in sentence if span and span[0] <= t.idx < span[1]] for span in (source, target)]
        for opinion in opinions(sentence).values():
            token = doc[opinion.at]
            pointed = sum(p for (at, p), span in zip(opinion.sides, sides, strict=True) if at in span)
            weight = math.sqrt(votes.nearness(token)) * (1 + POINTED * pointed) / (1 + 2 * POINTED)
            for event_type, probable in opinion.types.items():
                if event_type != NOTHING:
                    votes.add(event_type, weight * probable, token)
    return votes.sums()


def _from_words(doc: Doc, source: tuple[int, int] | None, target: tuple[int, int] | None) -> Choice | None:
    """Let every word of the frame tables near the two spans vote for the types that it can tell of."""
    votes = _Votes(source, target)
    for token in doc:
        if token.dep_ in {"aux", "auxpass"} or token.lower_ in EMPTY_WORDS:
            continue
        verb = syntax.is_verb(token)
        table = verb_table() if verb else noun_table()
        lemma = table.get(token.lower_)
        pos = "verb" if verb else "noun"
        types = (
            {f.event_type for f in frames_of().get((lemma, pos), ()) if len(f.words) == 1 and f.event_type != IDLE}
            if lemma
            else set()
        )
        types |= (
            {WORD_OF_CLASS[o.cls] for o in outers_of().get((lemma, pos), ()) if o.cls in WORD_OF_CLASS}
            if lemma
            else set()
        )
        if not types:
            continue
        weight = votes.nearness(token) * (1.0 if verb else 0.8)
        for event_type in sorted(types):  # of two that tie, the same one wins every time
            votes.add(event_type, weight * (1 / len(types)), token)
    return votes.choice(0.6, 0.35)


__all__ = ["Choice", "choose", "relate_lines"]
