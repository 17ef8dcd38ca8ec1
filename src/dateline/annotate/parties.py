"""Say whom a noun phrase means: the article's own mentions, the registry, agents without a name."""

from __future__ import annotations

from spacy.tokens import Doc, Span

from dateline.annotate.actors.lexicon import load_lexicon
from dateline.annotate.actors.normal import words_of
from dateline.annotate.actors.phrases import read_phrase, trim
from dateline.annotate.layers import layers_of
from dateline.annotate.references.spans import MentionIndex
from dateline.types import Resolution

_FIRST = frozenset("i me my myself mine we us our ourselves ours".split())
_PRONOUNS = _FIRST | frozenset(
    "he him his himself she her hers herself it its itself they them their themselves you your who whom which that this"
    " these those".split()
)


def resolve_party(span: Span) -> Resolution:
    """Answer whom the noun phrase `span` means, through the article's own mentions, the registry and generic agents.

    `span` is a whole noun phrase, or a pronoun, of a Doc that has passed the `references` component.
    """
    index = mention_index(span.doc)
    if len(span) == 1 and span.text.casefold() in _PRONOUNS:
        return _pronoun(span, index)
    offset = span.start_char
    words = trim(words_of(span.text))
    if not words:
        return Resolution(actor=None, reason="empty phrase")
    return read_phrase(words, index.named(words, offset), load_lexicon())


def mention_index(doc: Doc) -> MentionIndex:
    """Return the index of the mentions of `doc`, made once for each state of its layers."""
    layers = layers_of(doc)
    key = (id(layers.entities), len(layers.entities), id(layers.places), len(layers.places))
    cached = doc.user_data.get("dateline_mentions")
    if cached is None or cached[0] != key:
        cached = (key, MentionIndex(layers.entities, layers.places))
        doc.user_data["dateline_mentions"] = cached
    index: MentionIndex = cached[1]
    return index


def _pronoun(span: Span, index: MentionIndex) -> Resolution:
    mention = index.at(span.start_char)
    if mention is not None and mention.actor is not None:
        return Resolution(actor=mention.actor, reason=mention.reason or "pronoun")
    if span.text.casefold() in _FIRST:
        for quote in layers_of(span.doc).quotes:
            if quote.start <= span.start_char < quote.end and quote.speaker is not None:
                return Resolution(actor=quote.speaker, reason="speaker of the quotation")
    return Resolution(actor=None, reason=f"unresolved pronoun {span.text!r}")
