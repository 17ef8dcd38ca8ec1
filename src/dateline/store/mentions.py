"""Turn what a coder read into rows of the mention tables. Pure: no database here."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from psycopg.types.json import Jsonb

from dateline.store.rows import clean, clean_all, clean_json
from dateline.types import Actor, AnnotatedArticle, EventDate, EventPlace, Party, Span

Row = tuple[Any, ...]

_ACTOR = ("id", "name", "country", "sectors", "wikidata")
_PARTY = ("start", "end", "text", *_ACTOR, "reason")


def _named(prefix: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{prefix}_{name}" for name in names)


ENTITY_COLUMNS = (
    "coding_id",
    "n",
    "start_char",
    "end_char",
    "text",
    "label",
    "name",
    *_named("actor", _ACTOR),
    "reason",
)
PLACE_COLUMNS = (
    "coding_id", "n", "start_char", "end_char", "text", "geonameid", "name", "country", "admin1", "lat", "lon",
    "precision", "reason",
)  # fmt: skip
TIME_COLUMNS = ("coding_id", "n", "start_char", "end_char", "text", "type", "value", "from_date", "to_date")
QUOTE_COLUMNS = (
    "coding_id", "n", "start_char", "end_char", "text", "direct", "source_start", "source_end", "source_text",
    "cue_start", "cue_end", "cue_text", *_named("speaker", _ACTOR),
)  # fmt: skip
EVENT_COLUMNS = (
    "coding_id", "n", "text_id", "mention_key", "happening", "event_type", "mode", "contexts", "cameo", "quad",
    "goldstein", "modality", "negated", "tense", "confidence", "frame", "sentence", "sentence_start", "sentence_text",
    "trigger_start", "trigger_end", "trigger_text", *_named("source", _PARTY), *_named("target", _PARTY), "date_from",
    "date_to", "date_precision", "date_basis", "date_start", "date_end", "place_geonameid", "place_name",
    "place_country", "place_admin1", "place_lat", "place_lon", "place_precision", "place_start", "place_end",
    "place_text", "attribution_start", "attribution_end", "attribution_text", *_named("attributed", _ACTOR), "reasons",
)  # fmt: skip

RowMaker = Callable[[int, int, str | None, AnnotatedArticle], Iterator[Row]]


def entity_rows(coding_id: int, _text_id: int, _text: str | None, record: AnnotatedArticle) -> Iterator[Row]:
    """Yield rows of `entity_mentions`."""
    for n, it in enumerate(record.entities):
        yield (
            coding_id, n, it.start, it.end, clean(it.text), clean(it.label), clean(it.name), *_actor(it.actor),
            clean(it.reason),
        )  # fmt: skip


def place_rows(coding_id: int, _text_id: int, _text: str | None, record: AnnotatedArticle) -> Iterator[Row]:
    """Yield rows of `place_mentions`."""
    for n, it in enumerate(record.places):
        yield (
            coding_id, n, it.start, it.end, clean(it.text), it.geonameid, clean(it.name), it.country, clean(it.admin1),
            it.lat, it.lon, it.precision, clean(it.reason),
        )  # fmt: skip


def time_rows(coding_id: int, _text_id: int, _text: str | None, record: AnnotatedArticle) -> Iterator[Row]:
    """Yield rows of `time_mentions`."""
    for n, it in enumerate(record.times):
        yield coding_id, n, it.start, it.end, clean(it.text), it.type, clean(it.value), it.from_, it.to


def quote_rows(coding_id: int, _text_id: int, _text: str | None, record: AnnotatedArticle) -> Iterator[Row]:
    """Yield rows of `quotes`."""
    for n, it in enumerate(record.quotes):
        yield (
            coding_id,
            n,
            it.start,
            it.end,
            clean(it.text),
            it.direct,
            *_span(it.source),
            *_span(it.cue),
            *_actor(it.speaker),
        )


def event_rows(coding_id: int, text_id: int, text: str | None, record: AnnotatedArticle) -> Iterator[Row]:
    """Yield rows of `event_mentions`; `text` gives each its sentence."""
    for n, (it, key) in enumerate(zip(record.events, mention_keys(text_id, record), strict=True)):
        sentence = record.sentences[it.sentence] if 0 <= it.sentence < len(record.sentences) else None
        words = (
            clean(text[sentence.start : sentence.end].strip()) if sentence is not None and text is not None else None
        )
        yield (
            coding_id, n, text_id, key, it.happening, it.event_type, clean(it.mode), clean_all(it.contexts), clean(it.cameo),
            it.quad, it.goldstein, it.modality, it.negated, it.tense, it.confidence, clean(it.frame), it.sentence,
            sentence.start if sentence else None, words, *_span(it.trigger), *_party(it.source), *_party(it.target),
            *_date(it.date), *_place(it.place), *_span(it.attribution), *_actor(it.attributed_to),
            Jsonb(clean_json(dict(it.reasons))),
        )  # fmt: skip


TABLES: tuple[tuple[str, tuple[str, ...], RowMaker], ...] = (
    ("dateline.entity_mentions", ENTITY_COLUMNS, entity_rows),
    ("dateline.place_mentions", PLACE_COLUMNS, place_rows),
    ("dateline.time_mentions", TIME_COLUMNS, time_rows),
    ("dateline.quotes", QUOTE_COLUMNS, quote_rows),
    ("dateline.event_mentions", EVENT_COLUMNS, event_rows),
)


def mention_keys(text_id: int, record: AnnotatedArticle) -> list[uuid.UUID]:
    """Name each event mention by its text, trigger, type and role spans, so that the name survives another coding.

    Where one coding says the same twice (two modalities of one trigger), the second gets a number.
    """
    seen: Counter[tuple[Any, ...]] = Counter()
    keys = []
    for it in record.events:
        parts = (text_id, it.event_type, _ends(it.trigger), _ends(it.source), _ends(it.target))
        digest = hashlib.sha256(repr((*parts, seen[parts])).encode()).digest()
        keys.append(uuid.UUID(bytes=digest[:16]))
        seen[parts] += 1
    return keys


def record_digest(record: AnnotatedArticle) -> bytes:
    """Return a digest of everything that was read: the same reading again need not be stored again."""
    parts = (
        record.sentences,
        record.entities,
        record.places,
        record.times,
        record.quotes,
        record.events,
        record.warnings,
    )
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).digest()


def _ends(span: Span | Party | None) -> tuple[int, int] | None:
    return None if span is None else (span.start, span.end)


def _span(span: Span | None) -> Row:
    return (None, None, None) if span is None else (span.start, span.end, clean(span.text))


def _actor(actor: Actor | None) -> Row:
    if actor is None:
        return (None,) * len(_ACTOR)
    return clean(actor.id), clean(actor.name), clean(actor.country), clean_all(actor.sectors), clean(actor.wikidata)


def _party(party: Party | None) -> Row:
    if party is None:
        return (None,) * len(_PARTY)
    return party.start, party.end, clean(party.text), *_actor(party.actor), clean(party.reason)


def _date(date: EventDate | None) -> Row:
    if date is None:
        return (None,) * 6
    if isinstance(date.basis, Span):
        return date.from_, date.to, date.precision, clean(date.basis.text), date.basis.start, date.basis.end
    return date.from_, date.to, date.precision, date.basis, None, None


def _place(place: EventPlace | None) -> Row:
    if place is None:
        return (None,) * 10
    return (
        place.geonameid, clean(place.name), place.country, clean(place.admin1), place.lat, place.lon, place.precision,
        *_span(place.basis),
    )  # fmt: skip
