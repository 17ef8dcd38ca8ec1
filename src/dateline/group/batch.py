"""Group a batch of texts with what is known already: copies first, then stories. Pure: the same answer in any order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dateline.group.copies import Groups, Signed, candidate_pairs, likeness, same_words, to_neighbours
from dateline.group.stories import NO_KEYS, Join, Unit, agglomerate
from dateline.group.vectors import Frequencies, Hashes, Vector, Weighed, none_known, weigh

WIDEST_KEY = 60  # texts that share a pair of terms and are all compared; beyond it each meets its neighbours only


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """Be a text that was grouped before."""

    signed: Signed
    syndication: int
    story: int
    original: int | None = None  # the text it is an exact copy of


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
    copy_reason: str
    story: int | None = None
    story_founder: int = 0
    story_similarity: float | None = None
    story_reason: str = "tells of nothing known"

    @property
    def reason(self) -> str:
        """Say why it is where it is."""
        return f"{self.copy_reason}; {self.story_reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Hold the decisions for a batch, what merged, and what the stories are now."""

    decisions: list[Decision]
    merged_syndications: list[tuple[int, int]]  # (kept, absorbed)
    merged_stories: list[tuple[int, int]]  # (kept, absorbed)
    stories: list[Unit]  # those that are new or changed
    weighed: Weighed  # the texts that are no copies; of them the terms are counted
    keys: Mapping[int, Hashes]  # by text: the keys by which later texts find its story; copies have none


@dataclass(slots=True)
class Family:
    """Be the copies of one text: those of the batch, earliest first, and those known."""

    new: list[Signed]
    old: list[KnownText]

    @property
    def syndications(self) -> list[int]:
        """Return the known syndications that hold some of them."""
        return sorted({item.syndication for item in self.old})

    @property
    def stories(self) -> list[int]:
        """Return the known stories that hold some of them."""
        return sorted({item.story for item in self.old})


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Hold a batch in which copies have been found, and for each text without known copy its terms, weighed."""

    batch: list[Signed]  # earliest first
    families: list[Family]
    alike: Mapping[int, float]  # by text: to the copy it was found by
    founding: list[Family]  # those of which no text is known, earliest first
    weighed: Weighed  # of their first texts, with the keys by which known stories may be found


def find_copies(
    batch: Sequence[Signed],
    known: Sequence[KnownText] = (),
    *,
    frequencies: Frequencies = none_known,
) -> Copies:
    """Find the copies in a batch. `known` are the texts that share a band or the very words with some text of it.

    `frequencies` tells in how many of the texts known so far each term stands.
    """
    ordered = sorted(batch, key=lambda item: item.rank)
    families, alike = _families(ordered, known)
    founding = sorted((family for family in families if not family.old), key=lambda family: family.new[0].rank)
    weighed = weigh([family.new[0].signature.terms for family in founding], frequencies)
    return Copies(batch=ordered, families=families, alike=alike, founding=founding, weighed=weighed)


def find_stories(copies: Copies, known: Mapping[int, Unit] | None = None) -> Outcome:
    """Join the batch's texts with one another and with known stories: those that share a key, or hold a copy."""
    stories = known or {}
    decisions = {item.id: _decide(item, family, copies.alike) for family in copies.families for item in family.new}
    forced = [found for family in copies.families if len(found := family.stories) > 1]
    units = [
        *_known_units(stories, forced),
        *map(_new_unit, copies.founding, copies.weighed.vectors, copies.weighed.keys),
    ]
    final, joins = agglomerate(units, _pairs(units))
    _place(final, joins, copies.families, decisions)
    return Outcome(
        decisions=[decisions[item.id] for item in copies.batch],
        merged_syndications=[pair for family in copies.families for pair in _to_first(family.syndications)],
        merged_stories=[pair for unit in final for pair in _to_first(sorted(unit.stories))],
        stories=[unit for unit in final if unit.texts or len(unit.stories) > 1],
        weighed=copies.weighed,
        keys={unit.texts[0]: unit.keys for unit in units if unit.texts},
    )


def _to_first(numbers: list[int]) -> list[tuple[int, int]]:
    return [(numbers[0], other) for other in numbers[1:]]


def _families(batch: Sequence[Signed], known: Sequence[KnownText]) -> tuple[list[Family], dict[int, float]]:
    """Gather copies; also return how alike each text is to the copy it was found by."""
    everyone = [item.signed for item in known] + list(batch)
    old = {item.signed.id: item for item in known}
    new = {item.id: item for item in batch}
    groups = Groups(item.id for item in everyone)
    first_of: dict[int, int] = {}
    for text in known:
        groups.join(first_of.setdefault(text.syndication, text.signed.id), text.signed.id)
    alike: dict[int, float] = {}
    for one, other in candidate_pairs(everyone):
        a, b = everyone[one], everyone[other]
        if a.id in old and b.id in old:
            continue
        found = likeness(a, b)
        if found is not None:
            groups.join(a.id, b.id)
            for id_ in (a.id, b.id):
                alike[id_] = max(found, alike.get(id_, 0.0))
    families = [
        Family(
            sorted((new[id_] for id_ in ids if id_ in new), key=lambda item: item.rank),
            sorted((old[id_] for id_ in ids if id_ in old), key=lambda item: item.signed.rank),
        )
        for ids in groups.groups()
    ]
    return [family for family in families if family.new], alike


def _decide(item: Signed, family: Family, alike: Mapping[int, float]) -> Decision:
    """Say which text this one is a copy of. What is stored stays the original: it may have been coded already."""
    same = (text for text in family.old if same_words(text.signed, item))
    original = next((text.signed.id if text.original is None else text.original for text in same), None)
    if original is None:
        earlier = (text for text in family.new if text.rank < item.rank)
        original = next((text.id for text in earlier if same_words(text, item)), None)
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
        copy_reason=reason,
    )


def _new_unit(family: Family, vector: Vector, keys: Hashes) -> Unit:
    leader = family.new[0]
    return Unit(vector=vector, first=leader.day, last=leader.day, texts=[leader.id], keys=keys)


def _known_units(known: Mapping[int, Unit], forced: list[list[int]]) -> Iterator[Unit]:
    """Yield known stories, those joined by copies of one text as one, unless a person said which is which."""
    groups = Groups(known)
    for numbers in forced:
        for first, other in pairwise(found for found in numbers if found in known and not known[found].settled_by_hand):
            groups.join(first, other)
    for numbers in sorted(sorted(group) for group in groups.groups()):
        unit = known[numbers[0]]
        for other in numbers[1:]:
            unit = unit.joined(known[other])
        yield unit


def _pairs(units: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Yield the index pairs that share a key, one of them new: known stories met when the later of them was new."""
    keys = np.concatenate([NO_KEYS, *(unit.keys for unit in units)])
    members = np.repeat(np.arange(len(units)), [len(unit.keys) for unit in units])
    pairs = to_neighbours(keys, members, reach=WIDEST_KEY)
    known = sum(1 for unit in units if unit.stories)  # they stand first
    yield from map(tuple, pairs[pairs[:, 1] >= known].tolist())


def _place(
    final: Sequence[Unit], joins: Sequence[Join], families: Sequence[Family], decisions: Mapping[int, Decision]
) -> None:
    """Write into the decisions which story each text belongs to, and why."""
    first_join: dict[int, Join] = {}  # the one that brought a text into its story, not those that made the story wider
    for join in joins:
        for text in join.texts:
            first_join.setdefault(text, join)
    homes = {text: unit for unit in final for text in unit.texts}
    merged = {story: min(unit.stories) for unit in final for story in unit.stories}
    for family in families:
        leader = family.new[0].id
        for item in family.new:
            decision = decisions[item.id]
            if family.stories:
                decision.story = merged.get(family.stories[0], family.stories[0])
                decision.story_reason = "copy of a text in it"
                continue
            unit = homes[leader]
            decision.story = min(unit.stories, default=None)
            decision.story_founder = unit.texts[0]
            if item.id != leader:
                decision.story_reason = "copy of a text in it"
            elif leader in first_join:
                join = first_join[leader]
                decision.story_similarity = join.similarity
                decision.story_reason = f"{join.similarity:.2f} alike by {', '.join(join.terms)}"
