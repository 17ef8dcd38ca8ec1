"""Carry what the components have read so far, on `doc._.layers`.

Components run in the order of `nlp.COMPONENTS`. Each reads the layers before it and replaces its own. Offsets are
characters of `doc.text`, which is the article's text unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from spacy.tokens import Doc, Span, Token

from dateline.types import EntityMention, EventMention, PlaceMention, Quote, TimeMention

_SLOT = ("._.", "layers", None, None)  # where spaCy keeps `doc._.layers`: the short way is ten times as fast


@dataclass(slots=True)
class Layers:
    """Hold the layers of one text while it is being read."""

    published: date | datetime | None = None  # the anchor of relative dates, as its publisher wrote it
    title: str | None = None
    text: str | None = None  # as `text_of` found it
    sentences: list[Span] | None = None  # as `sentences_of` found them
    sentence_numbers: list[int] = field(default_factory=list)  # of each token
    headline: tuple[str, ...] = ()  # event types that the title tells of
    entities: list[EntityMention] = field(default_factory=list)  # sorted by start; never overlapping
    places: list[PlaceMention] = field(default_factory=list)
    times: list[TimeMention] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    events: list[EventMention] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def published_on(self) -> date | None:
        """Return the publisher's calendar day."""
        return self.published.date() if isinstance(self.published, datetime) else self.published


def text_of(doc: Doc) -> str:
    """Return `doc.text`, which spaCy puts together anew at every call."""
    layers = layers_of(doc)
    if layers.text is None:
        layers.text = doc.text
    return layers.text


def offsets_of(doc: Doc) -> list[int]:
    """Return where each token begins, in characters."""
    offsets: list[int] = doc.to_array("IDX").tolist()
    return offsets


def sentences_of(doc: Doc) -> list[Span]:
    """Return the sentences of a text, cut once."""
    layers = layers_of(doc)
    if layers.sentences is None:
        layers.sentences = list(doc.sents)
        layers.sentence_numbers = [n for n, sentence in enumerate(layers.sentences) for _ in range(len(sentence))]
    return layers.sentences


def sentence_of(token: Token) -> Span:
    """Return the sentence of a token."""
    doc = token.doc
    sentences = sentences_of(doc)
    return sentences[layers_of(doc).sentence_numbers[token.i]]


def layers_of(doc: Doc) -> Layers:
    """Return the layers of `doc`, made empty on first use."""
    known: Layers | None = doc.user_data.get(_SLOT)  # type: ignore[call-overload]  # spaCy's own keys are tuples
    if known is not None:
        return known
    if not Doc.has_extension("layers"):
        Doc.set_extension("layers", default=None)
    if doc._.layers is None:
        doc._.layers = Layers()
    layers: Layers = doc._.layers
    return layers
