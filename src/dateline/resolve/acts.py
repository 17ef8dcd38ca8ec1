"""Join the mentions of one article: one happening's mentions of one act of one source towards one target are one Act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from dateline.resolve.families import load_families


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Be one side of a mention, as far as it is known. A mention that names nobody has no Side."""

    id: str | None
    name: str | None
    country: str | None
    sectors: tuple[str, ...]
    text: str | None

    @property
    def identity(self) -> tuple[str | None, ...]:
        """Return what must agree for two sides to be the same beyond doubt."""
        if self.id is not None:
            return ("id", self.id)
        if self.country is not None or self.sectors:
            return ("agent", self.country, self.sectors[0] if self.sectors else None)
        return ("words", (self.text or "").casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Be where a mention says that it happened."""

    geonameid: int | None
    name: str | None
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    precision: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Be an event mention with what is known of its article: what resolving looks at."""

    key: UUID
    text_id: int
    article_id: int
    happening: int
    event_type: str
    mode: str | None
    contexts: tuple[str, ...]
    cameo: str | None
    quad: int
    goldstein: float | None
    modality: str
    negated: bool
    confidence: float
    sentence: int
    source: Side | None
    target: Side | None
    date_from: date | None
    date_to: date | None
    date_precision: str | None
    date_published: bool  # the day was taken from the publication
    place: Place | None
    published_on: date | None
    published_at: datetime | None
    story_id: int | None
    syndication_id: int | None
    event_id: int | None = None  # the event that it is in now, or was in last
    pinned: bool = False  # a person put it there
    live: bool = False  # it is in there now


@dataclass(frozen=True)
class Act:
    """Hold the mentions by which one article tells of one act; never empty, in the order of the text."""

    mentions: tuple[Mention, ...]

    @cached_property
    def key(self) -> tuple[int, int, str]:
        """Order acts the same way whatever order they come in."""
        return (self.first.text_id, self.first.sentence, str(min(mention.key for mention in self.mentions)))

    @cached_property
    def first(self) -> Mention:
        """Return the first mention that knows most: both sides, then the place."""
        return max(
            self.mentions,
            key=lambda it: (
                it.source is not None,
                it.target is not None,
                it.place is not None,
                it.confidence,
                str(it.key),
            ),
        )

    @cached_property
    def family(self) -> str:
        """Return the family of its type."""
        return load_families()[self.first.event_type]

    @cached_property
    def day(self) -> date | None:
        """Return the one day on which a text says that it happened."""
        return next(
            (it.date_from for it in self.mentions if it.date_from == it.date_to and not it.date_published), None
        )

    @cached_property
    def span(self) -> tuple[date, date] | None:
        """Return the days that a text gives for it, where they are more than one."""
        spans = [
            (it.date_from, it.date_to)
            for it in self.mentions
            if it.date_from is not None and it.date_to is not None and not it.date_published
        ]
        return min(spans, key=lambda span: (span[1] - span[0], span)) if spans else None

    @cached_property
    def published_day(self) -> date | None:
        """Return the day of publication where it stands for the day of the act."""
        return next((it.date_from for it in self.mentions if it.date_published), None)

    @cached_property
    def reported(self) -> date | None:
        """Return the day on which it was published."""
        return self.first.published_on

    @cached_property
    def place(self) -> Place | None:
        """Return the place that the first mention with one gives."""
        return next((it.place for it in (self.first, *self.mentions) if it.place is not None), None)

    @cached_property
    def pin(self) -> int | None:
        """Return the event that a person put it into."""
        return self.first.event_id if self.first.pinned else None


def join_mentions(mentions: Iterable[Mention]) -> list[Act]:
    """Join mentions of the same article into acts; the order in which they come does not matter."""
    families = load_families()
    groups: dict[tuple[object, ...], list[Mention]] = defaultdict(list)
    for it in mentions:
        pin = it.event_id if it.pinned else None
        groups[it.text_id, it.happening, families[it.event_type], it.modality, it.negated, pin].append(it)
    acts = [act for group in groups.values() for act in _by_dyad(sorted(group, key=_text_order))]
    return sorted(acts, key=lambda act: act.key)


def _text_order(mention: Mention) -> tuple[int, str]:
    return mention.sentence, str(mention.key)


def _by_dyad(group: Sequence[Mention]) -> list[Act]:
    """Split a happening by who did it to whom; a mention that leaves a side open joins the first that fits."""
    dyads: dict[tuple[object, object], list[Mention]] = {}
    full_first = sorted(group, key=lambda it: ((it.source is None) + (it.target is None), _text_order(it)))
    for it in full_first:
        source, target = _identity(it.source), _identity(it.target)
        fits = [dyad for dyad in dyads if source in {dyad[0], None} and target in {dyad[1], None}]
        dyads.setdefault(fits[0] if fits else (source, target), []).append(it)
    return [Act(tuple(sorted(found, key=_text_order))) for found in dyads.values()]


def _identity(side: Side | None) -> object:
    return None if side is None else side.identity
