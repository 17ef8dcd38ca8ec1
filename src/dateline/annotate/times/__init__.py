"""Read time expressions and their TIMEX3 values, with a grammar of our own over tables."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.layers import layers_of
from dateline.annotate.times.grammar import read_times

NAME = "dateline_times"


@Language.component(NAME)
def times_component(doc: Doc) -> Doc:
    """Read the time expressions of `doc` into its layers."""
    layers = layers_of(doc)
    layers.times = read_times(doc, layers.published_on)
    return doc
