"""Decide which place each mention means, by the article as a whole.

Names are decided together: each candidate starts with what is known without the article (its precision, its population,
whether it goes by this very name), then gains from the candidates of the other names that lie near it or hold it, in
proportion to how likely those are themselves. A state or country written behind a name decides at once. Population alone
decides only where nothing else does. (The idea: Lieberman and Samet's proximate and sibling toponyms; the form is ours.)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dateline.annotate.gazetteer import Gazetteer, PlaceEntry, fold
from dateline.annotate.places.mentions import Mention
from dateline.annotate.places.told import Told, told
from dateline.types import EntityMention, PlaceMention

Array = npt.NDArray[np.float64]
MOST_CANDIDATES = 40  # a name: beyond are hamlets that share it
MOST_NAMES = 60  # decided together; what an article names later is decided by those
ROUNDS = 3
NEAR_KM = 80.0  # how fast nearness fades
PRECISION = {"country": 3.0, "admin1": 2.0, "admin2": -0.5, "city": 0.0, "feature": 2.0}
POPULATION_WEIGHT = 1.0
MEANS_FIRST = 4.0  # our table says so
HELD_BY_COUNTRY = 0.5
OTHER_NAME = -1.5  # goes by this name only among others
NEARNESS, SAME_DIVISION, SAME_COUNTRY, HOLDS = 5.0, 0.7, 0.4, 1.6
TWIN_SHARE = 0.25  # a city this large in its province takes the bare name


@dataclass(slots=True)
class _Name:
    text: str
    mentions: list[Mention]
    candidates: list[PlaceEntry]
    first: int | None = None  # the GeoNames id that our table gives it
    decided: str = ""


def resolve(
    mentions: Sequence[Mention], gazetteer: Gazetteer, entities: Sequence[EntityMention] = ()
) -> list[PlaceMention]:
    """Return a record for each mention. `entities`: of which countries the text speaks beside its places."""
    names = _names(mentions, gazetteer)
    chosen = _decide(names)
    _weigh(names, chosen, told(entities, mentions))
    return [_record(mention, *chosen.get(_key(mention), (None, "not in the gazetteer"))) for mention in mentions]


def _weigh(
    names: dict[tuple[str, str], _Name], chosen: dict[tuple[str, str], tuple[PlaceEntry | None, str]], text: Told
) -> None:
    """Move places out of countries of which nothing else in the text speaks."""
    counts: Counter[str] = Counter()
    for key, (entry, _) in chosen.items():
        if entry is not None and entry.country is not None:
            counts[entry.country] += len(names[key].mentions)
    for key, (entry, _) in list(chosen.items()):
        if entry is None or entry.country is None or names[key].decided:
            continue
        others = counts.copy()
        others[entry.country] -= len(names[key].mentions)
        better = text.better(names[key].mentions, entry, names[key].candidates, others)
        if better is not None:
            chosen[key] = better


def _key(mention: Mention) -> tuple[str, str]:
    """Return what mentions of one place share: its name and, where it is given, what holds it."""
    outer = mention.container
    return fold(mention.text), fold(outer.text) if outer is not None else ""


def _names(mentions: Sequence[Mention], gazetteer: Gazetteer) -> dict[tuple[str, str], _Name]:
    names: dict[tuple[str, str], _Name] = {}
    for mention in mentions:
        if not mention.candidates:
            continue
        key = _key(mention)
        if key not in names:
            names[key] = _Name(mention.text, [], _candidates(mention), gazetteer.means_first(mention.text))
            if mention.container is not None:
                _keep_inside(names[key], mention.container)
        names[key].mentions.append(mention)
    for (text, outer), name in list(names.items()):  # once "Paris, Texas", all Paris is in Texas
        if outer and name.decided:
            bare = names.get((text, ""))
            if bare is not None and len([k for k in names if k[0] == text and k[1]]) == 1:
                bare.candidates, bare.decided = name.candidates, name.decided
    return names


def _candidates(mention: Mention) -> list[PlaceEntry]:
    found = list(mention.candidates[:MOST_CANDIDATES])
    for province in [
        e for e in found if e.precision == "admin1"
    ]:  # "Idlib": the city, unless the province is much more
        seat = next((e for e in found if e.precision == "city" and _is_seat(e, province)), None)
        if seat is not None and seat.population >= TWIN_SHARE * province.population:
            found = [e for e in found if e is not province and (e.precision != "admin2" or e.admin1 != seat.admin1)]
    return found


def _is_seat(city: PlaceEntry, province: PlaceEntry) -> bool:
    """Say whether a city lies in a province, or in the middle of it as a division of its own."""
    if city.country != province.country or city.lat is None or province.lat is None:
        return False
    if city.admin1 == province.admin1:
        return True
    return abs(city.lat - province.lat) < 1 and abs((city.lon or 0.0) - (province.lon or 0.0)) < 1


def _keep_inside(name: _Name, outer: Mention) -> None:
    holders = [e for e in outer.candidates if e.precision in {"country", "admin1", "admin2"}]
    inside = [e for e in name.candidates if any(_holds(o, e) for o in holders[:3])]
    if inside:
        name.candidates, name.decided = inside, f"inside {outer.text}"
    elif holders:
        name.candidates, name.decided = [_unlisted(name.text, holders[0])], f"in no list; inside {outer.text}"


def _unlisted(text: str, outer: PlaceEntry) -> PlaceEntry:
    """Return a place that the gazetteer lacks, of which the text says what holds it."""
    return PlaceEntry(
        geonameid=None,
        name=text,
        country=outer.country,
        admin1=outer.admin1,
        lat=None,
        lon=None,
        precision="city",
        population=0,
    )


def _holds(outer: PlaceEntry, inner: PlaceEntry) -> bool:
    if outer is inner or outer.country != inner.country:
        return False
    if outer.precision == "country":
        return inner.precision != "country"
    if outer.precision == "admin1":
        return inner.admin1 == outer.admin1 and inner.precision != "admin1"
    return outer.precision == "admin2" and inner.admin2 == outer.name and inner.admin1 == outer.admin1


def _decide(names: dict[tuple[str, str], _Name]) -> dict[tuple[str, str], tuple[PlaceEntry | None, str]]:
    keys = list(names)[:MOST_NAMES]
    flat = [(n, entry) for n, key in enumerate(keys) for entry in names[key].candidates]
    if not flat:
        return {}
    owner = np.array([n for n, _ in flat])
    entries = [entry for _, entry in flat]
    prior = np.array([_prior(names[keys[n]], entry) for n, entry in flat])
    weight = np.array([1.0 + 0.3 * min(len(names[keys[n]].mentions) - 1, 4) for n, _ in flat])
    ties = _ties(entries)
    ties[owner[:, None] == owner[None, :]] = 0.0
    belief = _softmax(prior, owner)
    score = prior
    for _ in range(ROUNDS):
        support = _best_of_each(ties * (belief * weight)[None, :], owner, len(keys))
        score = prior + support
        belief = _softmax(score, owner)
    chosen: dict[tuple[str, str], tuple[PlaceEntry | None, str]] = {}
    for n, key in enumerate(keys):
        mine = np.flatnonzero(owner == n)
        best = int(mine[np.argmax(score[mine])])
        chosen[key] = entries[best], _reason(names[key], mine, prior, best)
    for key in list(names)[MOST_NAMES:]:
        chosen[key] = _alone(names[key], chosen)
    return chosen


def _prior(name: _Name, entry: PlaceEntry) -> float:
    score = PRECISION[entry.precision] + POPULATION_WEIGHT * float(np.log10(entry.population + 100))
    key = fold(name.text)
    if entry.precision in {"city", "admin2"} and fold(entry.name) != key:
        score += OTHER_NAME
    if name.first is not None and entry.geonameid == name.first and entry.precision == "city":
        score += MEANS_FIRST
    return score


def _ties(entries: list[PlaceEntry]) -> Array:
    """Return how much each candidate (row) gains if another (column) is meant."""
    lat = np.radians(np.array([e.lat if e.lat is not None else np.nan for e in entries]))
    lon = np.radians(np.array([e.lon if e.lon is not None else np.nan for e in entries]))
    half = np.sin((lat[:, None] - lat[None, :]) / 2) ** 2
    half = half + np.cos(lat)[:, None] * np.cos(lat)[None, :] * np.sin((lon[:, None] - lon[None, :]) / 2) ** 2
    km = 2 * 6371.0 * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    precision = np.array([e.precision for e in entries])
    point = (precision != "country") & (precision != "admin1")
    near = np.nan_to_num(np.exp(-km / NEAR_KM)) * (point[:, None] & point[None, :])
    country = np.array([e.country or "" for e in entries])
    same_country = (country[:, None] == country[None, :]) & (country != "")[:, None]
    admin1 = np.array([f"{e.country}/{e.admin1}" if e.admin1 else "" for e in entries])
    same_admin1 = (admin1[:, None] == admin1[None, :]) & (admin1 != "")[:, None]
    is_country, is_admin1 = precision == "country", precision == "admin1"
    held = same_country & is_country[None, :] & ~is_country[:, None]
    held_closely = same_admin1 & is_admin1[None, :] & ~is_admin1[:, None]
    ties = (
        NEARNESS * near + SAME_COUNTRY * same_country + SAME_DIVISION * (same_admin1 & point[:, None] & point[None, :])
    )
    ties += HOLDS * (held_closely + held_closely.T) + HELD_BY_COUNTRY * held
    return np.asarray(ties, dtype=np.float64)


def _best_of_each(gains: Array, owner: npt.NDArray[np.int_], names: int) -> Array:
    """Return, for each candidate, the sum over the other names of the best that one of their candidates gives."""
    total = np.zeros(len(gains))
    for n in range(names):
        columns = gains[:, owner == n]
        if columns.size:
            total += columns.max(axis=1)
    return total


def _softmax(score: Array, owner: npt.NDArray[np.int_]) -> Array:
    belief = np.zeros_like(score)
    for n in np.unique(owner):
        mine = owner == n
        power = np.exp(score[mine] - score[mine].max())
        belief[mine] = power / power.sum()
    return belief


def _reason(name: _Name, mine: npt.NDArray[np.int_], prior: Array, best: int) -> str:
    if name.decided:
        return name.decided
    if len(mine) == 1:
        return "only place of that name"
    return (
        "most likely by itself" if best == int(mine[np.argmax(prior[mine])]) else "near the other places of the article"
    )


def _alone(name: _Name, chosen: dict[tuple[str, str], tuple[PlaceEntry | None, str]]) -> tuple[PlaceEntry | None, str]:
    countries: dict[str, int] = defaultdict(int)
    for entry, _ in chosen.values():
        if entry is not None and entry.country:
            countries[entry.country] += 1
    best = max(name.candidates, key=lambda e: _prior(name, e) + min(countries[e.country or ""], 5) * SAME_COUNTRY)
    return best, name.decided or "by the countries that the article names"


def _record(mention: Mention, entry: PlaceEntry | None, reason: str) -> PlaceMention:
    return PlaceMention(
        start=mention.start,
        end=mention.end,
        text=mention.text,
        geonameid=entry.geonameid if entry else None,
        name=entry.name if entry else None,
        country=entry.country if entry else None,
        admin1=entry.admin1 if entry else None,
        lat=entry.lat if entry else None,
        lon=entry.lon if entry else None,
        precision=entry.precision if entry else None,
        reason=f"{mention.reason}; {reason}",
    )
