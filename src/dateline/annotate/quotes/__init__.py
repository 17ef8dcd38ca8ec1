"""Read quotations: direct, mixed and indirect speech; who says it, and with which words the text gives it to them."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.layers import layers_of, text_of
from dateline.annotate.parties import resolve_party
from dateline.annotate.quotes.attribution import Attribution, find_attributions
from dateline.annotate.quotes.lookup import attribution_at
from dateline.types import Actor, Quote, Span

__all__ = ["NAME", "attribution_at", "quotes_component"]
NAME = "dateline_quotes"


@Language.component(NAME)
def quotes_component(doc: Doc) -> Doc:
    """Read the quotations of `doc` into its layers."""
    text = text_of(doc)
    quotes = [quote for found in find_attributions(doc) for quote in _records(doc, text, found)]
    layers_of(doc).quotes = sorted(quotes, key=lambda quote: (quote.start, -quote.end))
    return doc


def _records(doc: Doc, text: str, found: Attribution) -> list[Quote]:
    speaker = _speaker(doc, found)
    source = _span(text, found.source) if found.source else None
    cue = _span(text, found.cue) if found.cue else None
    return [
        Quote(
            start=start,
            end=end,
            text=text[start:end],
            direct=found.direct,
            source=source,
            cue=cue,
            speaker=speaker,
        )
        for start, end in found.content
    ]


def _speaker(doc: Doc, found: Attribution) -> Actor | None:
    if not found.source:
        return None
    span = doc.char_span(*found.source, alignment_mode="expand")
    return resolve_party(span).actor if span is not None else None


def _span(text: str, at: tuple[int, int]) -> Span:
    return Span(at[0], at[1], text[at[0] : at[1]])
