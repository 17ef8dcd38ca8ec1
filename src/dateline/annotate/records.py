"""Turn records into the JSON objects of FILTERS.md, and a read Doc into an AnnotatedArticle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from spacy.tokens import Doc

from dateline.annotate.layers import layers_of
from dateline.types import AnnotatedArticle, Sentence


def to_json(value: Any) -> Any:
    """Turn a record, and all in it, into plain JSON values; a field's trailing underscore (`from_`) is dropped."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name.rstrip("_"): to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    return value


def annotated(doc: Doc, *, id: str, coder: str) -> AnnotatedArticle:  # noqa: A002 (the interface's own name)
    """Collect the layers of `doc` into a record."""
    layers = layers_of(doc)
    return AnnotatedArticle(
        id=id,
        coder=coder,
        sentences=tuple(Sentence(sent.start_char, sent.end_char) for sent in doc.sents),
        entities=tuple(layers.entities),
        places=tuple(layers.places),
        times=tuple(layers.times),
        quotes=tuple(layers.quotes),
        events=tuple(layers.events),
        warnings=tuple(layers.warnings),
    )
