"""Give clusters their event ids, so that ids stay what they were as far as possible. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dateline.resolve.acts import Act, Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Say which event a cluster is (None: a new one), and which older events it has taken in."""

    mentions: tuple[Mention, ...]
    event_id: int | None
    absorbed: tuple[int, ...]


def assign(clusters: Sequence[Sequence[Act]]) -> list[Assigned]:
    """Give each cluster the oldest event that is its own: the one that a person named, or of which it holds most mentions."""
    told = [tuple(mention for act in group for mention in act.mentions) for group in clusters]
    shares: dict[int, list[tuple[bool, int, int, int]]] = defaultdict(list)
    for number, mentions in enumerate(told):
        for event_id in {it.event_id for it in mentions if it.event_id is not None}:
            mine = [it for it in mentions if it.event_id == event_id]
            pinned = any(it.pinned for it in mine)
            shares[event_id].append((pinned, sum(it.live for it in mine), len(mine), -number))
    owned: dict[int, list[int]] = defaultdict(list)
    for event_id, found in shares.items():
        owned[-max(found)[3]].append(event_id)
    return [_assigned(mentions, sorted(owned[number])) for number, mentions in enumerate(told)]


def _assigned(mentions: tuple[Mention, ...], owned: Sequence[int]) -> Assigned:
    pins = [it.event_id for it in mentions if it.pinned and it.event_id in owned]
    kept = pins[0] if pins else next(iter(owned), None)
    return Assigned(
        mentions=mentions, event_id=kept, absorbed=tuple(event_id for event_id in owned if event_id != kept)
    )
