"""Offer the first component of ours in the pipeline: named entities, cleaned, and what the registry knows of them."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.actors.lexicon import load_lexicon
from dateline.annotate.actors.mentions import find_mentions
from dateline.annotate.actors.registry import load_registry
from dateline.annotate.layers import layers_of

NAME = "dateline_actors"


@Language.component(NAME, requires=["doc.ents"])
def actors_component(doc: Doc) -> Doc:
    """Fill `layers.entities` with the named mentions of `doc`."""
    layers = layers_of(doc)
    layers.entities = find_mentions(doc, load_registry(), load_lexicon(), layers.published_on)
    return doc
