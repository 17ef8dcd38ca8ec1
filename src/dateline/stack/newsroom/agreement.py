"""Compare what a coder read in the newsroom's articles with what a careful reader codes.

An expected event is found when a coded event's trigger touches `trigger_within`, its type and modality are one of `accept`,
`negated` agrees, and the countries of source and target agree (no target expected: none given, or one of the source's own
country). A coded event counts against precision when it stands among those that happened (asserted, not negated) and no
expected event accepts it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Event = Mapping[str, Any]
Span = Mapping[str, Any]

MOST_TYPES = 2  # a trigger that says more than two things says nothing


@dataclass(slots=True, kw_only=True)
class Agreement:
    """Count how far a coder agrees with the readers."""

    must: int = 0  # events that have to be found
    found: int = 0  # of these
    asserted: int = 0  # coded events that stand among those that happened
    right: int = 0  # of these
    planned_as_consult: int = 0  # meetings coded as held where the reader codes none
    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Return the share of the events to be found that were found."""
        return self.found / self.must if self.must else 1.0

    @property
    def precision(self) -> float:
        """Return the share of the coded events that a careful reader would code."""
        return self.right / self.asserted if self.asserted else 1.0


def in_development(article: str) -> bool:
    """Say whether those who write rules may look at an article's events: half of them, by a digest of the name."""
    return hashlib.sha256(article.encode()).digest()[0] % 2 == 0


def compare(pages: Iterable[tuple[str, Sequence[Event], Sequence[Event]]]) -> Agreement:
    """Compare (article id, coded events, expected events) for all articles. Events are FILTERS.md's."""
    total = Agreement()
    for name, coded, expected in pages:
        _compare_article(total, name, coded, expected)
    return total


def _compare_article(total: Agreement, name: str, coded: Sequence[Event], expected: Sequence[Event]) -> None:
    kept = _without_fans(coded)
    for gold in expected:
        if not gold["must"]:
            continue
        total.must += 1
        if any(_finds(event, gold) for event in kept):
            total.found += 1
        else:
            total.missed.append(f"{name}: {gold['name']}")
    for event in coded:
        if event["modality"] != "asserted" or event["negated"]:
            continue
        total.asserted += 1
        if event in kept and any(_accepted(event, gold) and _touches(event, gold) for gold in expected):
            total.right += 1
        else:
            total.planned_as_consult += event["event_type"] == "CONSULT"
            total.extra.append(f"{name}: {event['event_type']} “{event['trigger']['text']}”")


def _finds(event: Event, gold: Event) -> bool:
    return _touches(event, gold) and _accepted(event, gold) and _agrees(event, gold)


def _touches(event: Event, gold: Event) -> bool:
    return touches(event["trigger"]["start"], event["trigger"]["end"], gold)


def touches(start: int, end: int, gold: Event) -> bool:
    """Say whether a trigger from `start` to `end` touches the words of an expected event."""
    within = gold["trigger_within"]
    return bool(start < within["end"] and within["start"] < end)


def _accepted(event: Event, gold: Event) -> bool:
    return event["negated"] == gold["negated"] and any(
        event["event_type"] == reading["event_type"] and event["modality"] in reading["modality"]
        for reading in gold["accept"]
    )


def _agrees(event: Event, gold: Event) -> bool:
    source, target = _country(event["source"]), _country(event["target"])
    if source not in ({party["country"] for party in gold["source"]} or {None}):
        return False
    if gold["target"]:
        return target in {party["country"] for party in gold["target"]}
    return target in {None, source}


def _country(party: Mapping[str, Any] | None) -> str | None:
    return ((party or {}).get("actor") or {}).get("country")


def _without_fans(coded: Sequence[Event]) -> list[Event]:
    """Leave out the events of a trigger that says more than two things."""
    types: dict[tuple[int, int], set[str]] = defaultdict(set)
    for event in coded:
        types[event["trigger"]["start"], event["trigger"]["end"]].add(event["event_type"])
    return [event for event in coded if len(types[event["trigger"]["start"], event["trigger"]["end"]]) <= MOST_TYPES]
