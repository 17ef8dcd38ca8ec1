"""Find mentions by where they stand, and hand them to the phrase rules."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from dateline.annotate.actors.naming import Named, join_places
from dateline.annotate.actors.normal import Word
from dateline.types import Actor, EntityMention, PlaceMention

_KINDS = {"PERSON": "person", "GPE": "state", "NORP": "state", "LOC": "place", "FAC": "organisation"}


class MentionIndex:
    """Answer which mentions lie in a stretch of a text."""

    def __init__(self, entities: Sequence[EntityMention], places: Sequence[PlaceMention] = ()) -> None:
        self._entities = entities
        self._starts = [entity.start for entity in entities]
        self._places = {place.start: place for place in places if place.country}

    def within(self, start: int, end: int) -> Sequence[EntityMention]:
        """Return the mentions that lie wholly in `start`..`end`."""
        first = bisect_left(self._starts, start)
        found = []
        while first < len(self._entities) and self._starts[first] < end:
            if self._entities[first].end <= end:
                found.append(self._entities[first])
            first += 1
        return found

    def at(self, start: int) -> EntityMention | None:
        """Return the mention that begins at `start`."""
        first = bisect_left(self._starts, start)
        if first < len(self._entities) and self._starts[first] == start:
            return self._entities[first]
        return None

    def covering(self, at: int) -> EntityMention | None:
        """Return the mention that the character `at` lies in."""
        first = bisect_right(self._starts, at) - 1
        if first >= 0 and self._entities[first].end > at:
            return self._entities[first]
        return None

    def named(self, words: Sequence[Word], offset: int) -> list[Named]:
        """Return the names among `words`, whose offsets count from the character `offset`."""
        if not words:
            return []
        starts = {word.start: number for number, word in enumerate(words)}
        ends = {word.end: number + 1 for number, word in enumerate(words)}
        found = []
        for entity in self.within(offset + words[0].start, offset + words[-1].end):
            first, last = starts.get(entity.start - offset), ends.get(entity.end - offset)
            if first is None or last is None or last <= first:
                continue
            named = self._named(entity, first, last)
            if named is not None:
                found.append(named)
        return join_places(words, found)

    def _named(self, entity: EntityMention, first: int, last: int) -> Named | None:
        place = self._places.get(entity.start)
        reason = entity.reason or "mention"
        if entity.actor is None or (place is not None and entity.actor.id is None):
            if place is None:
                return None
            form = "division" if place.precision == "admin1" else "name"
            return Named(first, last, Actor(country=place.country), "place", form, f"place {place.name}")
        if entity.label == "NORP":
            form = "people" if entity.text.endswith(("s", "men")) else "adjective"
            kind = "state" if entity.actor.id is None or "." not in entity.actor.id else "organisation"
            return Named(first, last, entity.actor, kind, form, reason)
        kind = _KINDS.get(entity.label or "", "organisation")
        if entity.label is None:  # a reference ("its") is no place name
            state = entity.actor.id is not None and "." not in entity.actor.id
            return Named(first, last, entity.actor, "state" if state else "person", "reference", reason)
        return Named(first, last, entity.actor, kind, "name", reason)
