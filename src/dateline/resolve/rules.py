"""Decide which acts of different articles are one event. Pure, and the same whatever order the acts come in.

Two acts can be one only if type, status, both sides, place and date agree. Within one story that is enough, with types of
one family and looser sides; between stories type, sides and day must agree exactly. The surest pairs are joined first; an
event never has two days that texts name, two happenings of one text, or two places where a person put its mentions.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

from dateline.resolve.acts import Act, Place, Side

LATE_DAYS = 3  # a story is retold for some days without saying again when it happened
NEXT_DAY = 1  # between stories: papers print in the morning what happened the day before
NEAR_KM = 50.0  # two names of one place: a town and its district
EARTH_KM = 6371.0
NOBODY = ("words", "")
EXACT_PRECISIONS = frozenset({"city", "feature"})


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Say that two acts may be one event; the surest link is the smallest."""

    other_story: bool
    distance: int  # days between what they give as the day
    apart: int  # sentences: copies tell the same things in the same places


@dataclass(slots=True)
class _Group:
    """Hold acts joined so far, and what forbids to join more."""

    members: list[int]
    days: set[date] = field(default_factory=set)
    pins: set[int] = field(default_factory=set)
    happenings: dict[int, int] = field(default_factory=dict)  # by text

    def fits(self, other: _Group) -> bool:
        """Say whether one event could hold both groups."""
        if len(self.days | other.days) > 1 or len(self.pins | other.pins) > 1:
            return False
        small, large = sorted((self.happenings, other.happenings), key=len)
        return all(large.get(text, happening) == happening for text, happening in small.items())

    def take(self, other: _Group) -> None:
        """Take in another group."""
        self.members += other.members
        self.days |= other.days
        self.pins |= other.pins
        self.happenings |= other.happenings


def cluster(acts: Sequence[Act]) -> list[list[Act]]:
    """Return the acts grouped by event; groups and their members are ordered by key."""
    ordered = sorted(acts, key=lambda act: act.key)
    groups = [_group(number, act) for number, act in enumerate(ordered)]
    pins: dict[int, int] = {}
    for number, act in enumerate(ordered):
        if act.pin is not None:
            _join(groups, pins.setdefault(act.pin, number), number)
    links = {pair: found for pair in _pairs(ordered) if (found := link(ordered[pair[0]], ordered[pair[1]])) is not None}
    for one, other in sorted(links, key=lambda pair: (links[pair], pair)):
        if groups[one] is not groups[other] and groups[one].fits(groups[other]):
            _join(groups, one, other)
    done = {id(group): group for group in groups}
    return sorted(
        ([ordered[n] for n in sorted(group.members)] for group in done.values()), key=lambda found: found[0].key
    )


def _group(number: int, act: Act) -> _Group:
    return _Group(
        members=[number],
        days=set() if act.day is None else {act.day},
        pins=set() if act.pin is None else {act.pin},
        happenings={act.first.text_id: act.first.happening},
    )


def _join(groups: list[_Group], one: int, other: int) -> None:
    kept, gone = groups[one], groups[other]
    if kept is gone:
        return
    if len(kept.members) < len(gone.members):
        kept, gone = gone, kept
    kept.take(gone)
    for number in gone.members:
        groups[number] = kept


def _pairs(acts: Sequence[Act]) -> Iterator[tuple[int, int]]:
    """Yield the pairs worth a look: acts that share a story, a text, its copies, or type, dyad and day."""
    buckets: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, act in enumerate(acts):
        it = act.first
        status = (act.family, it.modality, it.negated)
        if it.story_id is not None:
            buckets["story", it.story_id, *status].append(number)
        if it.syndication_id is not None:
            buckets["copies", it.syndication_id, *status].append(number)
        buckets["text", it.text_id, it.happening, *status].append(number)
        for day in _days(act):
            buckets["dyad", day, _identity(it.source), _identity(it.target), it.event_type, *status].append(number)
    for (kind, *_), bucket in buckets.items():
        yield from _pairs_of_bucket(acts, bucket, copies=kind == "copies")


def _pairs_of_bucket(acts: Sequence[Act], bucket: Sequence[int], *, copies: bool) -> Iterator[tuple[int, int]]:
    """Pair acts that say different things, one for each thing said, and the others with the first that says the same.

    A thousand articles on one summit say a few things between them, so that this stays far below the square of their
    number. What one text says twice is told apart by its rank in the text.
    """
    ranks: Counter[tuple[object, ...]] = Counter()
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number in bucket:
        said = _said(acts[number], copies=copies)
        own = (said, acts[number].first.text_id)
        alike[said, ranks[own]].append(number)
        ranks[own] += 1
    for first, *others in alike.values():
        for other in others:
            yield first, other
    yield from combinations([members[0] for members in alike.values()], 2)


def _said(act: Act, *, copies: bool) -> tuple[object, ...]:
    """Return all that linking looks at, except what its bucket has in common."""
    it, place = act.first, act.place
    where = None if place is None else (place.geonameid, place.name, place.country, place.precision)
    when = (act.day, act.span, act.published_day, act.reported)
    return it.event_type, it.mode, _who(it.source), _who(it.target), where, when, it.sentence if copies else None


def _who(side: Side | None) -> tuple[object, ...] | None:
    return None if side is None else (side.identity, side.country, side.sectors[:1])


def _days(act: Act) -> list[int]:
    """Return the days under which an act can meet those of other stories."""
    if act.day is not None:
        return [act.day.toordinal()]
    if act.span is not None or act.published_day is None:
        return []
    return [act.published_day.toordinal() - days for days in range(NEXT_DAY + 1)]


def link(one: Act, other: Act) -> Link | None:
    """Say whether two acts may be one event, and how surely."""
    first, second = one.first, other.first
    if (one.family, first.modality, first.negated) != (other.family, second.modality, second.negated):
        return None
    if first.text_id == second.text_id:
        # The coder tells happenings of one text apart; only loosely equal sides or a pin can have parted one.
        same = first.happening == second.happening and _dyads_agree(one, other, loose=True)
        return Link(other_story=False, distance=0, apart=0) if same else None
    copies = first.syndication_id is not None and first.syndication_id == second.syndication_id
    story = copies or (first.story_id is not None and first.story_id == second.story_id)
    if not _dyads_agree(one, other, loose=story) or not places_agree(one.place, other.place):
        return None
    if not story and not _sure_enough(one, other):
        return None
    distance = days_apart(one, other, story=story)
    if distance is None:
        return None
    apart = abs(first.sentence - second.sentence) if copies else 0
    return Link(other_story=not story, distance=distance, apart=apart)


def _dyads_agree(one: Act, other: Act, *, loose: bool) -> bool:
    first, second = one.first, other.first
    return sides_agree(first.source, second.source, loose=loose) and sides_agree(
        first.target, second.target, loose=loose
    )


def sides_agree(one: Side | None, other: Side | None, *, loose: bool) -> bool:
    """Say whether two sides can be the same. `loose`: a state, its government and its president act as one."""
    if one is None or other is None:
        return one is other
    if one.identity == other.identity:
        return one.identity != NOBODY  # words that the source's text policy did not let us keep
    if not loose or one.country is None or one.country != other.country:
        return False
    return not one.sectors or not other.sectors or one.sectors[0] == other.sectors[0]


def places_agree(one: Place | None, other: Place | None) -> bool:
    """Say whether two places can be the same: unknown fits all, a country holds its cities, near ones are one."""
    if one is None or other is None:
        return True
    if one.geonameid is not None and one.geonameid == other.geonameid:
        return True
    if one.country is not None and other.country is not None and one.country != other.country:
        return False
    if not (one.precision in EXACT_PRECISIONS and other.precision in EXACT_PRECISIONS):
        return True
    distance = _kilometres(one, other)
    return one.name == other.name if distance is None else distance <= NEAR_KM


def _kilometres(one: Place, other: Place) -> float | None:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _sure_enough(one: Act, other: Act) -> bool:
    """Say whether enough is known to join acts that share no story: type and mode, who, and whom or where."""
    first, second = one.first, other.first
    if first.event_type != second.event_type or (first.mode and second.mode and first.mode != second.mode):
        return False
    known = [side for side in (first.source, first.target) if side is not None and (side.id or side.country)]
    if len(known) == 2:  # noqa: PLR2004 (both sides)
        return True
    exact = [act.place for act in (one, other) if act.place is not None and act.place.precision in EXACT_PRECISIONS]
    return bool(known) and len(exact) == 2  # noqa: PLR2004 (both acts)


def days_apart(one: Act, other: Act, *, story: bool) -> int | None:
    """Return how many days lie between two acts, or None where they cannot be one event."""
    if one.day is not None and other.day is not None:
        return 0 if one.day == other.day else None
    if one.day is not None or other.day is not None:
        fixed, loose = (one, other) if one.day is not None else (other, one)
        return _apart_from_fixed(fixed.day, loose, story=story)
    if one.span is not None or other.span is not None:
        return _spans_apart(one, other) if story else None
    if one.reported is None or other.reported is None:
        return LATE_DAYS if story else None
    apart = abs((one.reported - other.reported).days)
    return apart if apart <= (LATE_DAYS if story else 0) else None


def _apart_from_fixed(day: date | None, loose: Act, *, story: bool) -> int | None:
    assert day is not None
    if loose.span is not None:
        inside = story and loose.span[0] <= day <= loose.span[1]
        return LATE_DAYS if inside else None
    if loose.reported is None:
        return LATE_DAYS if story else None
    late = (loose.reported - day).days
    return late if 0 <= late <= (LATE_DAYS if story else NEXT_DAY) else None


def _spans_apart(one: Act, other: Act) -> int | None:
    first, second = one.span or _reported(one), other.span or _reported(other)
    if first is None or second is None:
        return LATE_DAYS
    return LATE_DAYS if first[0] <= second[1] and second[0] <= first[1] else None


def _reported(act: Act) -> tuple[date, date] | None:
    return None if act.reported is None else (act.reported, act.reported)


def _identity(side: Side | None) -> object:
    return None if side is None else side.identity
