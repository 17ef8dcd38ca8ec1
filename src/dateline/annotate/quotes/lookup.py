"""Answer who the text says a stretch of it comes from."""

from __future__ import annotations

from spacy.tokens import Doc

from dateline.annotate.layers import layers_of
from dateline.types import Quote


def attribution_at(doc: Doc, start: int, end: int) -> Quote | None:
    """Return the innermost quotation that holds the characters from `start` to `end`, or None where the text itself says it."""
    holding = [quote for quote in layers_of(doc).quotes if quote.start <= start and end <= quote.end]
    return min(holding, key=lambda quote: quote.end - quote.start) if holding else None
