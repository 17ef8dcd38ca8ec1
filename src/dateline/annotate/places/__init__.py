"""Read places: find the words that name one, and decide by the article as a whole which entry of the gazetteer it is."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.gazetteer import load_gazetteer
from dateline.annotate.layers import layers_of
from dateline.annotate.places.mentions import find_mentions
from dateline.annotate.places.resolve import resolve

NAME = "dateline_places"


@Language.component(NAME)
def places_component(doc: Doc) -> Doc:
    """Read the places of `doc` into its layers."""
    gazetteer = load_gazetteer()
    layers = layers_of(doc)
    layers.places = resolve(find_mentions(doc, layers.entities, gazetteer), gazetteer, layers.entities)
    return doc
