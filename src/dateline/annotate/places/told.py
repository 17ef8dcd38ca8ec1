"""Weigh a chosen place against the countries that its text speaks of: its peoples, offices, persons and other places.

"Bolivian police … in Santa Cruz … the Bolivian president": a place in a country of which the text says nothing gives way
to one of the same name, and not much smaller, in the country that the text plainly speaks of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dateline.annotate.gazetteer import PlaceEntry
from dateline.annotate.places.mentions import Mention
from dateline.types import EntityMention

WEIGHTS = {"PERSON": 0.5}  # of one mention; of other labels 1: many a person is named far from home
ENOUGH = 2.0  # mentions of a country that may draw a place to itself
CLEARLY = 0.6  # share of all that is told that this country must have
SPOKEN_OF = 0.1  # a place stays in a country told at least this often, for each time that the other one is
COMPARABLE, COMPARABLE_TO_CAPITAL = 0.02, 0.1  # inhabitants, as a share of the first choice's
LARGE_ENOUGH = 200_000  # inhabitants of what may be meant by the name of a capital
RIVAL = 0.3  # inhabitants, as a share of the first choice's, of a place that may as well be meant
SMALL = 15_000  # inhabitants of a place that a text of another country hardly means without saying where it lies
REASON, OPEN = "in the country that the text speaks of", "left open: in none of which the text speaks"


@dataclass(frozen=True, slots=True)
class Told:
    """Hold how often a text speaks of each country without naming a place of it, and which names are capitals'."""

    countries: Counter[str]
    capitals: frozenset[int]  # where the name of a capital begins

    def better(
        self, mentions: Sequence[Mention], chosen: PlaceEntry, candidates: Sequence[PlaceEntry], others: Counter[str]
    ) -> tuple[PlaceEntry | None, str] | None:
        """Return what the text's country asks for in place of `chosen`, and why; None where `chosen` stays.

        `others`: the countries of the text's other places.
        """
        if chosen.precision == "country" or chosen.country is None:
            return None
        told = self.countries + others
        country, times = max(told.items(), key=lambda item: (item[1], item[0]), default=("", 0.0))
        capital = any(mention.start in self.capitals for mention in mentions)
        if times < ENOUGH or times < CLEARLY * sum(told.values()):
            return None
        if told[chosen.country] > SPOKEN_OF * times:
            return None
        least = chosen.population * (COMPARABLE_TO_CAPITAL if capital else COMPARABLE)
        if capital:
            least = max(least, LARGE_ENOUGH)
        fitting = [e for e in candidates if e.country == country and e.population >= least and e.precision != "admin2"]
        if fitting:
            return max(fitting, key=lambda e: e.population), REASON
        rivals = any(e.country != chosen.country and e.population >= RIVAL * chosen.population for e in candidates)
        return (
            (None, OPEN)
            if not capital and chosen.precision == "city" and (rivals or chosen.population < SMALL)
            else None
        )


def told(entities: Sequence[EntityMention], mentions: Sequence[Mention]) -> Told:
    """Return of which countries the entities of a text speak that are no places themselves."""
    taken = {at for mention in mentions for at in range(mention.start, mention.end)}
    countries: Counter[str] = Counter()
    capitals: set[int] = set()
    for entity in entities:
        country = entity.actor.country if entity.actor is not None else None
        if country is None or country == "IGO":
            continue
        if entity.start in taken:
            if entity.label == "GPE":
                capitals.add(entity.start)
        else:
            countries[country] += WEIGHTS.get(entity.label or "", 1.0)  # type: ignore[assignment]
    return Told(countries, frozenset(capitals))
