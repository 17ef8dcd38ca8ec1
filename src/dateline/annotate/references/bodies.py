"""Resolve bodies that an article has named before: "the council" after "UN Security Council", "the alliance" after NATO."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dateline.annotate.actors.lexicon import load_groups
from dateline.annotate.actors.normal import Word, keys_of
from dateline.annotate.actors.registry import Registry
from dateline.annotate.actors.tables import DATA, read_table
from dateline.annotate.references.figures import Cast, Figure, keys
from dateline.types import Actor

_PHRASE = 2  # words of a phrase in the table, at most
_FAR = 3000  # characters: what was named longer ago is hardly meant


@dataclass(frozen=True, slots=True)
class Body:
    """Be a row of the table: whom a phrase means where one of some actors or countries is spoken of."""

    actor: str
    where: tuple[str, ...]
    capital: bool


@lru_cache(maxsize=1)
def load_bodies(data: Path = DATA) -> dict[tuple[str, ...], Body]:
    """Read bodies.tsv. Raises RulesError, naming table and line."""
    table: dict[tuple[str, ...], Body] = {}
    for row in read_table(data / "bodies.tsv", ("phrase", "actor", "where")):
        phrase = keys_of(row["phrase"])
        if not 0 < len(phrase) <= _PHRASE or phrase in table:
            raise row.wrong(f"{row['phrase']!r} stands here twice, or has not one or {_PHRASE} words")
        if not row["actor"] or not row.many("where"):
            raise row.wrong("actor and where must be given")
        table[phrase] = Body(row["actor"], row.many("where"), capital=row["phrase"][0].isupper())
    return table


class BodyReader:
    """Read references to bodies in one article."""

    def __init__(self, registry: Registry, cast: Cast) -> None:
        self._registry = registry
        self._cast = cast

    def at(self, words: list[Word], at: int) -> tuple[int, Figure | None, Actor, str] | None:
        """Return how many words from `at`, behind "the", mean a body, its figure, its actor and why; or None."""
        for length in range(_PHRASE, 0, -1):
            body = load_bodies().get(tuple(word.key for word in words[at : at + length]))
            if body is not None and body.capital == words[at].capitalized:
                found = self._listed(body, words[at].start)
                if found is not None:
                    return length, *found
        word = words[at]
        if word.capitalized or word.key not in load_groups():
            return None
        figure = self._named_so(word.key, word.start)
        if figure is None or figure.actor is None:
            return None
        return 1, figure, figure.actor, f"the {word.key} named before: {figure.name}"

    def _listed(self, body: Body, at: int) -> tuple[Figure | None, Actor, str] | None:
        if not any(self._spoken_of(name, at) for name in body.where):
            return None
        entry = self._registry.get(body.actor)
        if entry is None:
            return None
        actor, _ = self._registry.as_of(entry, None)
        return self._cast.figure(entry.id), actor, f"the body spoken of: {entry.name}"

    def _spoken_of(self, name: str, at: int) -> bool:
        if name.isupper():
            return bool(self._cast.countries.get(name))
        figure = self._cast.figure(name)
        return figure is not None and figure.mentions_before(at) > 0

    def _named_so(self, noun: str, at: int) -> Figure | None:
        """Return the body last named before `at` whose name ends with the noun, or begins "Noun of"."""
        best, last = None, at - _FAR
        for figure in self._cast.named_with(noun):
            if figure.sort != "body" or figure.actor is None or not _called(figure, noun):
                continue
            before = figure.mentions_before(at)
            if before and figure.starts[before - 1] > last:
                best, last = figure, figure.starts[before - 1]
        return best


def _called(figure: Figure, noun: str) -> bool:
    words = keys(figure.name or "")
    return len(words) > 1 and (words[-1] == noun or (words[0] == noun and words[1] in ("of", "for")))
