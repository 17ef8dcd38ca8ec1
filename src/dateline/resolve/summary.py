"""Say what an event is, from the mentions that tell of it. Pure, and the same whatever order they come in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from dateline.resolve.acts import Mention, Place, Side

T = TypeVar("T")
FINENESS = {"feature": 0, "city": 0, "admin2": 1, "admin1": 2, "country": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Be a row of `events`, without its ids and times."""

    event_type: str
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    quad: int
    goldstein: float | None
    modality: str
    negated: bool
    confidence: float
    source: Side | None
    target: Side | None
    date_from: date | None
    date_to: date | None
    date_precision: str | None
    date_basis: str | None
    place: Place | None
    mentions: int
    articles: int
    independent_sources: int
    first_reported_on: date | None
    last_reported_on: date | None
    first_reported_at: datetime | None
    best_mention_key: UUID
    best_text_id: int


def summarize(mentions: Iterable[Mention]) -> Summary:
    """Summarize an event: its surest type, the sides, day and place that most mentions give, and how often it is told."""
    told = sorted(mentions, key=lambda it: str(it.key))
    event_type = _heaviest(told)
    best = max((it for it in told if it.event_type == event_type), key=_fullness)
    date_from, date_to, precision, basis = _date(told)
    days = [it.published_on for it in told if it.published_on is not None]
    moments = [it.published_at for it in told if it.published_at is not None]
    return Summary(
        event_type=event_type,
        mode=best.mode,
        contexts=tuple(sorted({context for it in told for context in it.contexts})),
        cameo=best.cameo,
        quad=best.quad,
        goldstein=best.goldstein,
        modality=best.modality,
        negated=best.negated,
        confidence=max(it.confidence for it in told if it.event_type == event_type),
        source=_side(told, best.source, lambda it: it.source),
        target=_side(told, best.target, lambda it: it.target),
        date_from=date_from,
        date_to=date_to,
        date_precision=precision,
        date_basis=basis,
        place=_place(told),
        mentions=len(told),
        articles=len({it.article_id for it in told}),
        independent_sources=len({_independent(it) for it in told}),
        first_reported_on=min(days, default=None),
        last_reported_on=max(days, default=None),
        first_reported_at=min(moments, default=None),
        best_mention_key=best.key,
        best_text_id=best.text_id,
    )


def _independent(mention: Mention) -> tuple[str, int]:
    """Return what stands for the source of a mention: copies of one text are one."""
    if mention.syndication_id is not None:
        return "copies", mention.syndication_id
    return "article", mention.article_id


def _heaviest(told: Sequence[Mention]) -> str:
    weights: dict[str, float] = defaultdict(float)
    for it in told:
        weights[it.event_type] += it.confidence
    return min(weights, key=lambda name: (-round(weights[name], 9), name))


def _fullness(mention: Mention) -> tuple[Any, ...]:
    known = (mention.source is not None) + (mention.target is not None)
    dated = mention.date_from is not None and not mention.date_published
    early = -(mention.published_on or date.max).toordinal()
    return round(mention.confidence, 1), known, mention.place is not None, dated, early, str(mention.key)


def _side(told: Sequence[Mention], best: Side | None, pick: Callable[[Mention], Side | None]) -> Side | None:
    """Take the best mention's side, or the named one that most mentions give where that one has no name."""
    if best is not None and best.id is not None:
        return best
    named = [side for it in told if (side := pick(it)) is not None and side.id is not None]
    return _commonest(named, lambda side: side.id) or best or next((side for it in told if (side := pick(it))), None)


def _date(told: Sequence[Mention]) -> tuple[date | None, date | None, str | None, str | None]:
    """Take the day that most texts name; else their narrowest span; else the first day of publication."""
    dated = [it for it in told if it.date_from is not None and it.date_to is not None]
    named = [it for it in dated if not it.date_published]
    single = [it for it in named if it.date_from == it.date_to]
    if found := _commonest(single, lambda it: it.date_from):
        return found.date_from, found.date_to, found.date_precision, "text"
    published = [it for it in dated if it.date_published]
    if published:
        first = min(published, key=lambda it: (it.date_from or date.max, str(it.key)))
        return first.date_from, first.date_to, first.date_precision, "published"
    if named:
        narrow = min(named, key=lambda it: ((it.date_to or date.max) - (it.date_from or date.min), str(it.key)))
        return narrow.date_from, narrow.date_to, narrow.date_precision, "text"
    return None, None, None, None


def _place(told: Sequence[Mention]) -> Place | None:
    """Take the finest place, of those the one that most mentions give."""
    places = [it.place for it in told if it.place is not None]
    finest = min((FINENESS.get(place.precision or "", 4) for place in places), default=4)
    return _commonest(
        [place for place in places if FINENESS.get(place.precision or "", 4) == finest],
        lambda place: (place.geonameid, place.name),
    )


def _commonest(items: Sequence[T], name: Callable[[T], object]) -> T | None:
    counts = Counter(name(item) for item in items)
    return max(items, key=lambda item: (counts[name(item)], str(name(item))), default=None)
