"""Say who a phrase means that comes alone: the core of `dateline resolve-actors`. No model is needed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dateline.annotate.actors.lexicon import load_lexicon
from dateline.annotate.actors.naming import find_named
from dateline.annotate.actors.normal import words_of
from dateline.annotate.actors.reading import read_phrase, trim
from dateline.annotate.actors.registry import load_registry
from dateline.annotate.actors.whereabouts import load_gazette
from dateline.types import Resolution

MAX_WORDS = 60  # a longer phrase is no noun phrase; its first words decide


def resolve_phrase(
    phrase: str, *, date: date | None = None, context: str | None = None, extra: Path | None = None
) -> Resolution:
    """Say who a phrase means, from its words, the day and what stands round it; no model is needed.

    `extra`: a folder with a user's own actors. An agent without a name has an Actor with country and sectors only.
    """
    registry, gazette = load_registry(extra), load_gazette()
    words = trim(words_of(phrase)[:MAX_WORDS])
    if not words:
        return Resolution(actor=None, reason="empty phrase")
    named = find_named(words, registry, gazette, day=date, context=context)
    return read_phrase(words, named, load_lexicon())
