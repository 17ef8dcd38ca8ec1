"""Say whom a noun phrase means."""

from __future__ import annotations

from spacy.tokens import Span

from dateline.types import Resolution


def resolve_party(span: Span) -> Resolution:
    """Answer whom the noun phrase `span` means, through the article's own mentions, the registry and generic agents.

    `span` is a whole noun phrase, or a pronoun, of a Doc that has passed the `references` component.
    """
    return Resolution(actor=None, reason="not_implemented")
