"""Keep the figures of an article: everybody and everything that it names, with what is known of each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from dateline.annotate.actors.normal import keys_of
from dateline.types import Actor, EntityMention

Gender = Literal["male", "female"]
SUBJECTS = frozenset(["nsubj", "nsubjpass"])  # dependencies of whom or what a clause tells
Sort = Literal["person", "body", "plural"]  # body: a state or an organisation ("it"); plural: several ("they")


@dataclass(slots=True)
class Figure:
    """Be one person or body of an article."""

    name: str | None  # None: an agent without a name
    keys: tuple[str, ...]
    sort: Sort
    actor: Actor | None = None
    reason: str = ""
    gender: Gender | None = None
    titles: set[str] = field(default_factory=set)  # what the text itself calls the person, casefolded
    starts: list[int] = field(default_factory=list)  # where it is mentioned, in order
    many: bool = False  # a body that is people: "the crew … they"
    members: tuple[int, ...] = ()  # of several named in a row: the tokens of their names

    def mentions_before(self, at: int) -> int:
        """Return how often the figure was mentioned before the character `at`."""
        return bisect_left(self.starts, at)


class Cast:
    """Hold the figures of an article, and answer which was mentioned where."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self._by_identity: dict[object, Figure] = {}
        self._by_key: dict[str, list[Figure]] = {}
        self._timeline: list[tuple[int, int, Figure]] = []  # start, end, figure; sorted
        self.countries: Counter[str] = Counter()

    def figure(self, identity: object) -> Figure | None:
        """Return the figure with this identity (an actor's id, or the keys of a name)."""
        return self._by_identity.get(identity)

    def add(self, identity: object, figure: Figure) -> Figure:
        """Add a figure, findable by each word of its name."""
        self.figures.append(figure)
        self._by_identity[identity] = figure
        for key in dict.fromkeys(figure.keys):
            self._by_key.setdefault(key, []).append(figure)
        return figure

    def alias(self, identity: object, figure: Figure) -> None:
        """Let a figure be found by another identity as well; the latest one given it keeps it."""
        self._by_identity[identity] = figure

    def named_with(self, key: str) -> list[Figure]:
        """Return the figures that have this word in their names."""
        return self._by_key.get(key, [])

    def mention(self, figure: Figure, start: int, end: int) -> None:
        """Note a mention. Call `settle` after mentions were noted out of order."""
        self._timeline.append((start, end, figure))

    def settle(self) -> None:
        """Put the mentions in order."""
        self._timeline.sort(key=lambda item: item[0])
        for figure in self.figures:
            figure.starts.clear()
        for start, _, figure in self._timeline:
            figure.starts.append(start)

    def before(self, at: int, *, most: int) -> Iterator[tuple[int, int, Figure]]:
        """Yield the `most` latest mentions that begin before the character `at`, the latest first."""
        last = bisect_right(self._timeline, at - 1, key=lambda item: item[0])
        yield from reversed(self._timeline[max(0, last - most) : last])

    def main_country(self, *, share: float) -> str | None:
        """Return the country that has at least `share` of all mentions of countries."""
        if not self.countries:
            return None
        country, count = self.countries.most_common(1)[0]
        return country if count >= share * self.countries.total() else None


def sort_of(mention: EntityMention) -> Sort | None:
    """Say how a pronoun can speak of a named mention."""
    if mention.label == "PERSON":
        return "person"
    if mention.label in ("GPE", "ORG") or (mention.label == "NORP" and mention.actor is not None):
        return "body"
    return None


def keys(name: str) -> tuple[str, ...]:
    """Return the words of a name that compare equal, marks left out."""
    return tuple(key for key in keys_of(name) if key[:1].isalnum())


def count_countries(mentions: Iterable[EntityMention]) -> Counter[str]:
    """Count the countries of all mentions; states count twice, since people and firms are named in passing."""
    counts: Counter[str] = Counter()
    for mention in mentions:
        if mention.actor is not None and mention.actor.country and mention.actor.country != "IGO":
            counts[mention.actor.country] += 2 if mention.label in ("GPE", "NORP") else 1
    return counts
