"""Resolve references by office or by other words: "the president", "the North", "Pompeo's boss"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from dateline.annotate.actors.normal import Word, keys_of
from dateline.annotate.actors.registry import Registry
from dateline.annotate.actors.tables import DATA, read_table
from dateline.annotate.actors.wordlists import listed
from dateline.annotate.references.bodies import BodyReader
from dateline.annotate.references.figures import Cast, Figure
from dateline.types import Actor, EntityMention

MAIN = 0.5  # share of a country's mentions from which "the president" can be its, though no president was named
_LONGEST = 4  # words of a title
_CHIEFS = ("president", "prime minister", "supreme leader", "leader")  # whose subordinates ministers are
_NEAR = 6  # mentions back to whose counterpart it is
_LOOSE = frozenset(("leader", "secretary", "minister", "chief", "director", "general", "official"))  # of many offices
_BOSSES = frozenset(["boss", "superior", "chief"])


@dataclass(frozen=True, slots=True)
class Reference:
    """Mark a reference by words, and whom it means."""

    start: int
    end: int
    name: str
    actor: Actor
    figure: Figure | None
    reason: str


@lru_cache(maxsize=1)
def load_shorthands(data: Path = DATA) -> dict[tuple[str, ...], tuple[str, tuple[str, ...]]]:
    """Read shorthands.tsv: what "the North" means where certain countries are spoken of. Raises RulesError."""
    table: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    for row in read_table(data / "shorthands.tsv", ("phrase", "country", "where")):
        keys, (country, *more) = keys_of(row["phrase"]), row.countries("country")
        if not keys or keys in table or more:
            raise row.wrong(f"{row['phrase']!r} is empty, stands here twice, or means more than one country")
        table[keys] = (country, row.countries("where"))
    return table


class RoleReader:
    """Read references by office in one article."""

    def __init__(self, registry: Registry, cast: Cast, day: date | None) -> None:
        self._registry = registry
        self._cast = cast
        self._day = day
        self._titles = _titles(registry)
        self._bodies = BodyReader(registry, cast)

    def find(self, words: list[Word], mentions: list[EntityMention]) -> Iterator[Reference]:
        """Yield the references among the words of the text that are no named mention."""
        taken = {
            mention.start for mention in mentions if mention.label not in ("LOC", "ORG") or mention.actor is not None
        }
        starts = {mention.start: mention for mention in mentions}
        shorthands = load_shorthands()
        for at in range(1, len(words)):
            word = words[at]
            if word.start in taken:
                continue
            before = words[at - 1]
            if before.key == "the":
                shorthand = shorthands.get((word.key,)) if word.capitalized else None
                if shorthand is not None and not _goes_on(words, at + 1):
                    found = self._shorthand(word, *shorthand)
                    if found is not None:
                        yield found
                    continue
                found = self._by_title(words, at) or self._body(words, at)
            elif before.possessed and word.key in _BOSSES:
                found = self._boss(words, at, starts)
            elif word.key == "counterpart":
                found = self._counterpart(words, at, starts)
            else:
                continue
            if found is not None:
                yield found

    def _shorthand(self, word: Word, country: str, where: tuple[str, ...]) -> Reference | None:
        if not any(self._cast.countries.get(code) for code in where):
            return None
        entry = self._registry.get(country.lower())
        if entry is None:
            return None
        actor, _ = self._registry.as_of(entry, self._day)
        figure = self._cast.figure(entry.id)
        return Reference(word.start, word.end, entry.name, actor, figure, f"shorthand for {entry.name}")

    def _by_title(self, words: list[Word], at: int) -> Reference | None:
        title = self._title_at(words, at)
        if title is None or not _stands_alone(words, at + title[1]):
            return None
        return self._bare(words, at, *title)

    def _body(self, words: list[Word], at: int) -> Reference | None:
        found = self._bodies.at(words, at)
        if found is None or not _stands_alone(words, at + found[0]):
            return None
        length, figure, actor, reason = found
        name = actor.name or (figure.name if figure is not None else None) or words[at].text
        return Reference(words[at].start, words[at + length - 1].end, name, actor, figure, reason)

    def _counterpart(self, words: list[Word], at: int, starts: dict[int, EntityMention]) -> Reference | None:
        """Resolve "his Russian counterpart": who holds there the office that the person named last holds here."""
        state = starts.get(words[at - 1].start)
        if state is None or state.label != "NORP" or state.actor is None or self._day is None:
            return None
        for _, _, figure in self._cast.before(words[at].start, most=_NEAR):
            if figure.sort != "person" or figure.actor is None or figure.actor.id is None:
                continue
            held = [role for role in self._registry.roles_of(figure.actor.id) if role.held_on(self._day)]
            if not held or state.actor.country in (None, held[0].country):
                return None
            office = min(held, key=lambda role: role.rank)
            for title in office.titles:
                holders = self._registry.holders(state.actor.country or "", title, self._day)
                if holders and title not in _LOOSE:
                    entry, _ = holders[0]
                    actor, _ = self._registry.as_of(entry, self._day)
                    reason = f"counterpart of {figure.name}: {title}"
                    return Reference(
                        words[at].start, words[at].end, entry.name, actor, self._cast.figure(entry.id), reason
                    )
            return None
        return None

    def _title_at(self, words: list[Word], at: int) -> tuple[str, int] | None:
        for length in range(_LONGEST, 0, -1):
            piece = words[at : at + length]
            if len(piece) == length and not any(word.possessed for word in piece[:-1]):
                title = self._titles.get(tuple(word.key for word in piece))
                if title is not None:
                    return title, length
        return None

    def _bare(self, words: list[Word], at: int, title: str, length: int) -> Reference | None:
        """Resolve "the president": who is so called in the article, else who was it in the article's main country."""
        start, end = words[at].start, words[at + length - 1].end
        figure = self._titled_figure(title, start)
        if figure is not None and figure.actor is not None:
            return Reference(start, end, figure.name or title, figure.actor, figure, f"the {title} of the article")
        country = self._cast.main_country(share=MAIN)
        if country is None or self._day is None or title in _LOOSE:
            return None
        holders = self._registry.holders(country, title, self._day)
        if not holders:
            return None
        entry, role = holders[0]
        actor, _ = self._registry.as_of(entry, self._day)
        return Reference(start, end, entry.name, actor, None, f"{title} of {country} on {self._day}: {role.office}")

    def _titled_figure(self, title: str, at: int) -> Figure | None:
        """Return the person last named before `at` who holds the title, else the first one named later."""
        best: tuple[int, int, Figure] | None = None
        for figure in self._cast.figures:
            if figure.sort != "person" or figure.actor is None or not self._is_called(figure, title):
                continue
            before = figure.mentions_before(at)
            distance = at - figure.starts[before - 1] if before else 1_000_000
            score = (distance > 3000, -before, figure)  # noqa: PLR2004 (characters: some paragraphs back)
            if best is None or score[:2] < best[:2]:
                best = score
        return best[2] if best is not None else None

    def _is_called(self, figure: Figure, title: str) -> bool:
        if title in figure.titles:
            return True
        if figure.actor is None or figure.actor.id is None:
            return False
        roles = self._registry.roles_of(figure.actor.id)
        return any(title in role.titles and (self._day is None or role.held_on(self._day)) for role in roles)

    def _boss(self, words: list[Word], at: int, starts: dict[int, EntityMention]) -> Reference | None:
        """Resolve "Pompeo's boss": the head of the government that the person serves."""
        owner = next((starts[w.start] for w in reversed(words[max(0, at - 4) : at]) if w.start in starts), None)
        if owner is None or owner.actor is None or owner.actor.id is None or self._day is None:
            return None
        roles = [role for role in self._registry.roles_of(owner.actor.id) if role.held_on(self._day)]
        if not roles or min(role.rank for role in roles) < 2 or roles[0].country is None:  # noqa: PLR2004 (rank 1: nobody above)
            return None
        for title in _CHIEFS:
            for entry, _ in self._registry.holders(roles[0].country, title, self._day):
                if entry.id != owner.actor.id:
                    actor, _ = self._registry.as_of(entry, self._day)
                    figure = self._cast.figure(entry.id)
                    return Reference(
                        words[at].start, words[at].end, entry.name, actor, figure, f"whom {owner.name} serves"
                    )
        return None


@lru_cache(maxsize=4)
def _titles(registry: Registry) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for role in registry.roles():
        for title in role.titles:
            found.setdefault(keys_of(title), title)
    return found


def _goes_on(words: list[Word], at: int) -> bool:
    """Say whether a name goes on here: "the North Atlantic"."""
    return at < len(words) and words[at].capitalized and words[at].start - words[at - 1].end <= 1


def _stands_alone(words: list[Word], at: int) -> bool:
    """Say whether a reference ends here: no noun, name or "of" goes on with it."""
    if at >= len(words):
        return True
    after = words[at]
    if not after.text[:1].isalnum():
        return after.text != "&"
    if words[at - 1].possessed:
        return True
    if after.capitalized:
        return False
    return after.key in listed("roles.followers") or (after.key.endswith("ed") and len(after.key) > len("need"))
