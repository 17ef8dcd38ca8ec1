"""Give persons whom the registry does not know what the text says of them: by titles, nationality, party, kin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from dateline.annotate.actors.normal import words_of
from dateline.annotate.actors.wordlists import listed
from dateline.annotate.layers import Layers
from dateline.annotate.references.figures import Cast, Figure, keys
from dateline.annotate.references.spans import MentionIndex
from dateline.annotate.references.tellings import in_congress, read_lists, read_telling
from dateline.annotate.references.titles import as_person, read_title
from dateline.types import Actor, EntityMention, Resolution

STATE = (("GOV",), ("MIL",), ("LEG",), ("JUD",), ("COP",), ("SPY",))  # what a state has of its own
_IDLE = ("former", "role")  # how the reasons end of those who hold no office on the day
_PRIVATE = (("CVL",), ("MED",), ("AGR",), ("LAB",), ("EDU",), ("REL",))  # what statesmen are not after their terms
_AFTER = 400  # characters: how near the one must be named whose wife "his wife" is
_GENDERS = {"his": "male", "her": "female"}


def with_titles(doc: Doc, text: str, entities: list[EntityMention], cast: Cast, layers: Layers) -> list[EntityMention]:
    """Give persons that the registry does not know what the text says of them, at their every mention."""
    reader = _Reader(doc, text, cast, MentionIndex(entities, layers.places))
    persons = [(mention, figure) for mention in entities if (figure := reader.figure_of(mention)) is not None]
    for mention, figure in persons:
        reader.read_title(mention, figure)
    for mention, figure in persons:
        reader.read_telling(mention, figure)
    reader.read_lists(entities)
    reader.join_kin(persons)
    told = reader.told
    if not told:
        return entities
    return [
        replace(mention, actor=told[mention.name].actor, reason=told[mention.name].reason)
        if mention.label == "PERSON"
        and mention.name in told
        and (mention.actor is None or mention.name in reader.namesakes)
        else mention
        for mention in entities
    ]


class _Reader:
    """Gather what one text says of its persons."""

    def __init__(self, doc: Doc, text: str, cast: Cast, index: MentionIndex) -> None:
        self._doc, self._text, self._cast, self._index = doc, text, cast, index
        self._named = {figure.name: figure for figure in reversed(cast.figures) if figure.sort == "person"}
        self.told: dict[str | None, Figure] = {}
        self.namesakes: set[str | None] = set()

    def figure_of(self, mention: EntityMention) -> Figure | None:
        """Return the person of a mention."""
        if mention.label != "PERSON":
            return None
        if mention.actor is not None and mention.actor.id:
            return self._cast.figure(mention.actor.id)
        return self._named.get(mention.name)

    def read_title(self, mention: EntityMention, figure: Figure) -> None:
        """Read the title or apposition that stands by a name."""
        found = read_title(self._doc, self._text, mention.start, mention.end, self._index)
        if found is None:
            return
        resolution, words = found
        known = figure.actor if _is_otherwise(figure, resolution) else None
        if known is not None or _is_namesake(mention, figure, resolution.actor):
            figure.actor = None
            self.namesakes.add(figure.name)
        figure.titles.update(_titles_in(words))
        if figure.actor is None:
            figure.actor = as_person(resolution, figure.name or mention.text, known)
            figure.reason = f"title in the text: {' '.join(words.split())}"
            self.told[figure.name] = figure
        elif self._is_open(figure):
            self._complete(figure, mention, resolution, words)
        if self._is_open(figure):
            self._of_kin(mention, figure, words)

    def read_telling(self, mention: EntityMention, figure: Figure) -> None:
        """Read what else the text tells of somebody whose country is not known yet."""
        if not self._is_open(figure):
            return
        if in_congress(self._text, mention.end):
            senator = Actor(country="USA", sectors=("LEG",))
            self._complete(figure, mention, Resolution(actor=senator, reason="party and state"), "in Congress")
            return
        found = read_telling(self._doc, self._text, mention.start, mention.end, self._index)
        if found is not None:
            self._complete(figure, mention, *found)

    def read_lists(self, entities: Sequence[EntityMention]) -> None:
        """Read what is said of several persons at once."""
        for row, resolution, words in read_lists(self._doc, self._text, entities, self._index):
            for mention in row:
                figure = self.figure_of(mention)
                if figure is not None and self._is_open(figure):
                    self._complete(figure, mention, resolution, words)

    def join_kin(self, persons: Sequence[tuple[EntityMention, Figure]]) -> None:
        """Take it that those of one rare surname are of one country: "Fred and Cindy Dorn", parents of Otto Dorn."""
        families: dict[str, set[str]] = {}
        for _, figure in persons:
            if figure.actor is not None and figure.actor.country and (surname := _surname(figure)):
                families.setdefault(surname, set()).add(figure.actor.country)
        for at, (mention, figure) in enumerate(persons):
            if not self._is_open(figure):
                continue
            bearer = figure
            if len(keys(mention.text)) == 1 and at + 1 < len(persons):
                other, beside = persons[at + 1]
                bearer = beside if self._text[mention.end : other.start].strip() == "and" else figure
            countries = families.get(_surname(bearer) or "", set())
            if len(countries) == 1:
                (country,) = countries
                resolution = Resolution(actor=Actor(country=country, sectors=("CVL",)), reason="surname")
                self._complete(figure, mention, resolution, f"the surname of others of {country}")

    def _is_open(self, figure: Figure) -> bool:
        return figure.actor is None or (figure.name in self.told and figure.actor.country is None)

    def _complete(self, figure: Figure, mention: EntityMention, found: Resolution, words: str) -> None:
        """Give a person the country that the text tells, and the sectors where none were told before."""
        actor = found.actor
        if actor is None or actor.country is None:
            return
        if figure.actor is None:
            figure.actor = as_person(found, figure.name or mention.text)
        else:
            figure.actor = replace(figure.actor, country=actor.country)
        figure.reason = f"title in the text: {' '.join(words.split())}"
        self.told[figure.name] = figure

    def _of_kin(self, mention: EntityMention, figure: Figure, words: str) -> None:
        """Give "his wife, X" the country of the man named before."""
        found = [word.key for word in words_of(words)]
        gender = _GENDERS.get(found[0]) if found else None
        if gender is None or listed("titles.kin").isdisjoint(found[1:3]):
            return
        for start, _, other in self._cast.before(mention.start, most=4):
            if other is figure or other.sort != "person" or mention.start - start > _AFTER:
                continue
            if other.gender not in {None, gender}:
                continue
            if other.actor is not None and other.actor.country:
                kin = Resolution(actor=Actor(country=other.actor.country), reason="kin")
                self._complete(figure, mention, kin, f"{words} of {other.name}")
            return


def _surname(figure: Figure) -> str | None:
    """Return a surname that says of what family somebody is, unless it is a common one or the family's name comes first."""
    words = keys(figure.name or "")
    if len(words) < 2 or words[-1] in listed("naming.common") or len(words[-1]) < 4:  # noqa: PLR2004 (a name, a surname; "Kim")
        return None
    return words[-1]


def _is_namesake(mention: EntityMention, figure: Figure, told: Actor | None) -> bool:
    """Say whether the text speaks of another than the registry's: "George Mitchell, a nurse from Leeds"."""
    actor = mention.actor
    if actor is None or figure.actor is None or told is None or (mention.reason or "").rsplit(" ", 1)[-1] not in _IDLE:
        return False  # who holds an office is the one who is meant
    return told.sectors[:1] in _PRIVATE and told.country not in {None, "IGO", actor.country}


def _is_otherwise(figure: Figure, title: Resolution) -> bool:
    """Say whether the text gives an office of another country to somebody who by the registry holds none of this one's.

    "Georgian President Eduard Shevardnadze" is of Georgia, whatever he once was.
    """
    actor, told = figure.actor, title.actor
    if not title.reason.startswith("agent:"):
        return False  # another's name: "Macron and Putin"
    if actor is None or told is None or told.country is None or told.sectors[:1] not in STATE:
        return False
    if "IGO" in {told.country, actor.country}:
        return told.country != "IGO" and figure.reason.partition(" role ")[2][:3] == "igo"
    return told.country != actor.country and figure.reason.rsplit(" ", 1)[-1] in {*_IDLE, "date)"}


def _titles_in(words: str) -> set[str]:
    found = [word.key for word in words_of(words)]
    return {" ".join(found[at : at + size]) for size in (1, 2, 3) for at in range(len(found) - size + 1)}
