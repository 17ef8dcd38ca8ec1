"""Read times."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

NAME = "dateline_times"


@Language.component(NAME)
def times_component(doc: Doc) -> Doc:
    """Read the time expressions of `doc` into its layers."""
    return doc
