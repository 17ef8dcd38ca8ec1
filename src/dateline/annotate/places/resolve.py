"""Decide which place each mention means, by the article as a whole."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from dateline.annotate.gazetteer import Gazetteer, PlaceEntry, fold
from dateline.annotate.places.mentions import Mention
from dateline.types import PlaceMention


def resolve(mentions: Sequence[Mention], gazetteer: Gazetteer, text: str) -> list[PlaceMention]:
    """Return a record for each mention."""
    countries: Counter[str] = Counter()
    divisions: Counter[tuple[str, str]] = Counter()
    for mention in mentions:
        if mention.candidates:
            top = mention.candidates[0]
            if top.precision == "country" and top.country:
                countries[top.country] += 1
            elif top.precision == "admin1" and top.country and top.admin1:
                divisions[top.country, top.admin1] += 1
                countries[top.country] += 1
    chosen: dict[str, PlaceEntry] = {}
    for mention in mentions:
        if mention.container is not None and mention.container.candidates:
            outer = mention.container.candidates
            for entry in mention.candidates:
                if any(_inside(entry, o) for o in outer):
                    chosen.setdefault(fold(mention.text), entry)
                    break
    places = []
    for mention in mentions:
        key = fold(mention.text)
        entry = chosen.get(key)
        if entry is None and mention.candidates:
            entry = max(mention.candidates[:60], key=lambda e: _score(e, countries, divisions))
            chosen[key] = entry
        places.append(_record(mention, entry))
    return places


def _inside(entry: PlaceEntry, outer: PlaceEntry) -> bool:
    if outer.precision == "country":
        return entry.country == outer.country and entry.precision != "country"
    return (
        outer.precision == "admin1"
        and (entry.country, entry.admin1) == (outer.country, outer.admin1)
        and entry != outer
    )


def _score(entry: PlaceEntry, countries: Counter[str], divisions: Counter[tuple[str, str]]) -> float:
    score = math.log10(entry.population + 10)
    score += 3.0 * (entry.precision == "country") + 1.0 * (entry.precision == "admin1")
    if entry.country:
        score += 0.7 * math.log1p(countries[entry.country])
        if entry.admin1:
            score += 1.5 * math.log1p(divisions[entry.country, entry.admin1])
    return score


def _record(mention: Mention, entry: PlaceEntry | None) -> PlaceMention:
    if entry is None:
        return PlaceMention(
            start=mention.start, end=mention.end, text=mention.text, geonameid=None, name=None, country=None,
            admin1=None, lat=None, lon=None, precision=None, reason="not in the gazetteer",
        )  # fmt: skip
    return PlaceMention(
        start=mention.start,
        end=mention.end,
        text=mention.text,
        geonameid=entry.geonameid,
        name=entry.name,
        country=entry.country,
        admin1=entry.admin1,
        lat=entry.lat,
        lon=entry.lon,
        precision=entry.precision,
        reason="score",
    )
