"""Offer the first component of ours in the pipeline: named entities, cleaned, and what the registry knows of them."""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.actors.lexicon import load_lexicon
from dateline.annotate.actors.mentions import find_mentions
from dateline.annotate.actors.registry import load_registry
from dateline.annotate.layers import layers_of

NAME = "dateline_actors"


class ActorsComponent:
    """Fill `layers.entities` with the named mentions of a text."""

    def __init__(self, extra: Path | None = None) -> None:
        self.extra = extra  # a folder with the user's own actors

    def __call__(self, doc: Doc) -> Doc:
        """Read the named mentions of `doc`."""
        layers = layers_of(doc)
        layers.entities = find_mentions(doc, load_registry(self.extra), load_lexicon(), layers.published_on)
        return doc


@Language.factory(NAME, default_config={"extra": None}, requires=["doc.ents"])
def make_actors(nlp: Language, name: str, extra: str | None) -> ActorsComponent:  # noqa: ARG001 (spaCy's signature)
    """Make the component; `extra` is a folder with the user's own actors."""
    return ActorsComponent(Path(extra) if extra else None)
