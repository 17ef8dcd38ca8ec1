"""Placeholder of the component's owner."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

NAME = "dateline_quotes"


@Language.component(NAME)
def quotes_component(doc: Doc) -> Doc:
    """Read quotes."""
    return doc
