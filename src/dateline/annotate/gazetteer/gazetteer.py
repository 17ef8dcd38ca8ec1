"""Look up places by name."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from dateline.annotate.gazetteer.names import digest, fold
from dateline.annotate.gazetteer.patches import Patch, read_aliases, read_patches
from dateline.annotate.gazetteer.store import NONE, PRECISIONS, Columns, unpack
from dateline.types import PlacePrecision

FILE = "gazetteer.zst"
PATCHES = "patches.tsv"
ALIASES = "aliases.tsv"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEntry:
    """Be one place of the gazetteer. `country` is ISO 3166-1 alpha-3, None for seas and regions of the world."""

    geonameid: int | None
    name: str
    country: str | None
    admin1: str | None
    lat: float | None
    lon: float | None
    precision: PlacePrecision
    population: int
    admin2: str | None = None
    code: str | None = None  # GeoNames' code of the first-order division that it is or lies in


class Gazetteer:
    """Hold the gazetteer in memory (about 60 MB) and answer who is called what."""

    def __init__(self, columns: Columns, patches: list[Patch], aliases: dict[str, int], *, version: str) -> None:
        self.version = version
        self._columns = columns
        self._keys = memoryview(columns.keys.astype("=u8").tobytes()).cast("Q")
        self._aliases = aliases  # folded name to the GeoNames id that it means first
        self._row_of = self._rows_of({*aliases.values(), *(p.geonameid for p in patches if p.geonameid is not None)})
        self._entries: dict[int, PlaceEntry] = {}
        self._patched: dict[str, list[PlaceEntry]] = {}
        self._own: list[PlaceEntry] = []
        self._known: dict[str, tuple[PlaceEntry, ...]] = {}
        for patch in patches:
            self._add(patch)

    def __len__(self) -> int:
        return len(self._columns.geonameid) + len(self._own)

    def lookup(self, name: str) -> tuple[PlaceEntry, ...]:
        """Return all places of that name, our own patches first, then by population; accents and case do not matter."""
        key = fold(name)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._find(key)
        return found

    def means_first(self, name: str) -> int | None:
        """Return the GeoNames id that our table says a name means first, where it says so."""
        return self._aliases.get(fold(name))

    def entries(self) -> Iterator[PlaceEntry]:
        """Yield every place."""
        yield from self._own
        for row in range(len(self._columns.geonameid)):
            yield self._make(row)

    def _find(self, key: str) -> tuple[PlaceEntry, ...]:
        rows: list[int] = []
        columns, wanted = self._columns, digest(key)
        at = bisect_left(self._keys, wanted)
        if at < len(self._keys) and self._keys[at] == wanted:
            rows = columns.postings[columns.starts[at] : columns.starts[at + 1]].tolist()
        first = self._row_of.get(self._aliases.get(key, -1))
        if first is not None:
            rows = [first, *(row for row in rows if row != first)]
        own = self._patched.get(key, [])
        taken = {entry.geonameid for entry in own if entry.geonameid is not None}
        return (*own, *(entry for entry in map(self._entry, rows) if entry.geonameid not in taken))

    def _rows_of(self, ids: set[int]) -> dict[int, int]:
        column = self._columns.geonameid
        rows = np.flatnonzero(np.isin(column, np.array(sorted(ids), column.dtype))).tolist()
        return {int(column[row]): row for row in rows}

    def _entry(self, row: int) -> PlaceEntry:
        entry = self._entries.get(row)
        if entry is None:
            entry = self._entries[row] = self._make(row)
        return entry

    def _make(self, row: int) -> PlaceEntry:
        columns = self._columns
        admin1, admin2 = int(columns.admin1[row]), int(columns.admin2[row])
        precision = PRECISIONS[columns.precision[row]]
        itself = row if precision == "admin1" else admin1
        lat, lon = float(columns.lat[row]), float(columns.lon[row])
        return PlaceEntry(
            geonameid=int(columns.geonameid[row]),
            name=columns.names[row],
            country=columns.countries[columns.country[row]],
            admin1=columns.names[itself] if itself != NONE else None,
            admin2=columns.names[admin2] if admin2 != NONE else None,
            lat=None if lat != lat else round(lat, 5),  # noqa: PLR0124 (NaN: a division without towns)
            lon=None if lon != lon else round(lon, 5),  # noqa: PLR0124
            precision=precision,  # type: ignore[arg-type]
            population=int(columns.population[row]),
            code=columns.codes.get(itself),
        )

    def _add(self, patch: Patch) -> None:
        row = self._row_of.get(patch.geonameid) if patch.geonameid is not None else None
        if row is not None:  # the patch betters an entry
            entry = self._make(row)
            entry = replace(entry, name=patch.name, lat=patch.lat or entry.lat, lon=patch.lon or entry.lon)
            self._entries[row] = entry
        else:
            entry = PlaceEntry(
                geonameid=patch.geonameid,
                name=patch.name,
                country=patch.country,
                admin1=patch.name if patch.precision == "admin1" else patch.admin1,
                lat=patch.lat,
                lon=patch.lon,
                precision=patch.precision,
                population=patch.population,
            )
            self._own.append(entry)
        for name in (patch.name, *patch.names):
            self._patched.setdefault(fold(name), []).append(entry)


@cache
def load_gazetteer() -> Gazetteer:
    """Read the gazetteer that ships with Dateline, once a process. Raises RulesError where a file of it is damaged."""
    folder = files("dateline.annotate") / "data" / "places"
    columns = unpack((folder / FILE).read_bytes(), table=FILE)
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in (PATCHES, ALIASES)}
    patches = read_patches(texts[PATCHES], table=PATCHES)
    aliases = read_aliases(texts[ALIASES], table=ALIASES)
    own = hashlib.sha256("".join(texts.values()).encode()).hexdigest()[:6]
    return Gazetteer(columns, patches, aliases, version=f"{columns.version}+{own}")
