"""Group a batch of texts with what is known already: copies first, then stories. Pure: the same answer in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dateline.group.copies import Groups, Signed, candidate_pairs, likeness
from dateline.group.signatures import day_of
from dateline.group.stories import Join, Unit, agglomerate, keys_of, weigh

WIDEST_KEY = 60  # texts that share a pair of terms and are all compared; beyond it each meets its neighbours only


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """Be a text that was grouped before."""

    signed: Signed
    syndication: int
    story: int
    original: int | None = None  # the text it is an exact copy of


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Hold what the store knows that may concern a batch."""

    texts: Sequence[KnownText] = ()  # those that share a band or the very words with some text of the batch
    stories: Mapping[int, Unit] = field(default_factory=dict)  # those that share a key, or hold one of `texts`
    frequencies: Mapping[str, int] = field(default_factory=dict)  # in how many texts each term of the batch stands
    counted: int = 0  # texts that were counted


@dataclass(slots=True, kw_only=True)
class Decision:
    """Say what was decided of one text.

    A syndication or story is the known one of that number, or (None) the one that the text named as founder founds.
    """

    text: int
    duplicate_of: int | None
    syndication: int | None
    syndication_founder: int
    similarity: float | None  # to the copy it was found by
    story: int | None = None
    story_founder: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Hold the decisions for a batch, what merged, and what the stories are now."""

    decisions: list[Decision]
    merged_syndications: list[tuple[int, int]]  # (kept, absorbed)
    merged_stories: list[tuple[int, int]]  # (kept, absorbed)
    stories: list[Unit]  # those that are new or changed
    counted: Counter[str]  # the terms of texts that are no copies, for the frequencies
    keys: Mapping[int, list[int]]  # by text: the keys by which later texts find its story


@dataclass(slots=True)
class _Family:
    """Be the copies of one text: those of the batch, earliest first, and those known."""

    new: list[Signed]
    old: list[KnownText]

    @property
    def syndications(self) -> list[int]:
        return sorted({item.syndication for item in self.old})

    @property
    def stories(self) -> list[int]:
        return sorted({item.story for item in self.old})


def group_batch(batch: Sequence[Signed], known: Known) -> Outcome:
    """Decide copies and stories of a batch."""
    batch = sorted(batch, key=lambda item: item.rank)
    families, alike = _families(batch, known)
    decisions = {item.id: _decide(item, family, alike) for family in families for item in family.new}
    founding = sorted((family for family in families if not family.stories), key=lambda family: family.new[0].rank)
    terms = [family.new[0].signature.terms for family in founding]
    counted = Counter(term for found in terms for term, _ in found)
    frequencies = {term: count + known.frequencies.get(term, 0) for term, count in counted.items()}
    total = known.counted + len(founding)
    vectors = [weigh(found, frequencies=frequencies, texts=total) for found in terms]
    forced = [stories for family in families if len(stories := family.stories) > 1]
    units = [*_known_units(known, forced), *map(_new_unit, founding, vectors)]
    final, joins = agglomerate(units, _pairs(units))
    _place(final, joins, families, decisions)
    return Outcome(
        decisions=[decisions[item.id] for item in batch],
        merged_syndications=[(kept, other) for family in families for kept, other in _to_first(family.syndications)],
        merged_stories=[pair for unit in final for pair in _to_first(sorted(unit.stories))],
        stories=[unit for unit in final if unit.texts or len(unit.stories) > 1],
        counted=counted,
        keys={family.new[0].id: keys_of(vector) for family, vector in zip(founding, vectors, strict=True)},
    )


def _to_first(numbers: list[int]) -> list[tuple[int, int]]:
    return [(numbers[0], other) for other in numbers[1:]]


def _families(batch: Sequence[Signed], known: Known) -> tuple[list[_Family], dict[int, float]]:
    """Gather copies; also return how alike each text is to the copy it was found by."""
    everyone = [item.signed for item in known.texts] + list(batch)
    old = {item.signed.id: item for item in known.texts}
    new = {item.id: item for item in batch}
    groups = Groups(item.id for item in everyone)
    first_of: dict[int, int] = {}
    for text in known.texts:
        groups.join(first_of.setdefault(text.syndication, text.signed.id), text.signed.id)
    alike: dict[int, float] = {}
    for one, other in sorted(candidate_pairs(everyone)):
        a, b = everyone[one], everyone[other]
        if a.id in old and b.id in old:
            continue
        found = likeness(a.signature, b.signature)
        if found is not None:
            groups.join(a.id, b.id)
            for id_ in (a.id, b.id):
                alike[id_] = max(found, alike.get(id_, 0.0))
    families = [
        _Family(
            sorted((new[id_] for id_ in ids if id_ in new), key=lambda item: item.rank),
            sorted((old[id_] for id_ in ids if id_ in old), key=lambda item: item.signed.rank),
        )
        for ids in groups.groups()
    ]
    return [family for family in families if family.new], alike


def _decide(item: Signed, family: _Family, alike: Mapping[int, float]) -> Decision:
    """Say which text this one is a copy of. What is stored stays the original: it may have been coded already."""
    same = [text for text in family.old if text.signed.signature.sha256 == item.signature.sha256]
    original = next((text.signed.id if text.original is None else text.original for text in same), None)
    if original is None and item.signature.words:
        earliest = next(text.id for text in family.new if text.signature.sha256 == item.signature.sha256)
        original = earliest if earliest != item.id else None
    founder = family.new[0].id
    copies = len(family.new) + len(family.old)
    similarity = alike.get(item.id)
    if original is not None:
        reason = "the same words"
    elif copies > 1:
        reason = f"near copy, {similarity or 0:.0%} of the shingles in common"
    else:
        reason = "no copy known"
    return Decision(
        text=item.id,
        duplicate_of=original,
        syndication=next(iter(family.syndications), None),
        syndication_founder=founder,
        similarity=similarity,
        reason=reason,
    )


def _new_unit(family: _Family, vector: dict[str, float]) -> Unit:
    leader = family.new[0]
    day = day_of(leader.published)
    return Unit(vector=vector, first=day, last=day, texts=[leader.id], keys=keys_of(vector))


def _known_units(known: Known, forced: list[list[int]]) -> Iterator[Unit]:
    """Yield known stories, those joined by copies of one text as one."""
    groups = Groups(known.stories)
    for first, *others in forced:
        for other in others:
            if first in known.stories and other in known.stories:
                groups.join(first, other)
    for numbers in sorted(sorted(group) for group in groups.groups()):
        unit = known.stories[numbers[0]]
        for other in numbers[1:]:
            unit = unit.joined(known.stories[other])
        yield unit


def _pairs(units: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Yield the index pairs that share a key."""
    buckets: dict[int, list[int]] = {}
    for index, unit in enumerate(units):
        for key in unit.keys:
            buckets.setdefault(key, []).append(index)
    for members in buckets.values():
        for position, index in enumerate(members):
            for other in members[max(0, position - WIDEST_KEY) : position]:
                yield other, index


def _place(
    final: Sequence[Unit], joins: Sequence[Join], families: Sequence[_Family], decisions: Mapping[int, Decision]
) -> None:
    """Write into the decisions which story each text belongs to, and why."""
    why = {text: join for join in joins for text in join.texts}  # the last join of a text is the widest
    homes = {text: unit for unit in final for text in unit.texts}
    merged = {story: min(unit.stories) for unit in final for story in unit.stories}
    for family in families:
        leader = family.new[0].id
        for item in family.new:
            decision = decisions[item.id]
            if family.stories:
                decision.story = merged.get(family.stories[0], family.stories[0])
                continue
            unit = homes[leader]
            decision.story = min(unit.stories, default=None)
            decision.story_founder = unit.texts[0]
            if leader in why:
                decision.reason += f"; story by {', '.join(why[leader].terms)} ({why[leader].similarity:.2f} alike)"
