"""Read our own tables of places: what GeoNames' extract lacks, and which place a short name means first."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import get_args

from dateline.annotate.gazetteer.names import fold
from dateline.errors import RulesError
from dateline.types import PlacePrecision

COUNTRY = re.compile(r"^[A-Z]{3}$")
MOST_NORTH, MOST_EAST = 90.0, 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Add a place, or better the entry with the same GeoNames id."""

    name: str
    precision: PlacePrecision
    country: str | None
    admin1: str | None
    geonameid: int | None
    lat: float | None
    lon: float | None
    population: int
    names: tuple[str, ...]


def read_patches(text: str, *, table: str) -> list[Patch]:
    """Read patches.tsv. Raises RulesError, naming the line, where one is wrong."""
    return [_patch(cells, table=table, line=line) for line, cells in _rows(text, 8, table=table)]


def read_aliases(text: str, *, table: str) -> dict[str, int]:
    """Read aliases.tsv: a name, and the GeoNames id that it means first. Raises RulesError where a line is wrong."""
    aliases: dict[str, int] = {}
    for line, (name, geonameid) in _rows(text, 2, table=table):
        if not geonameid.isdecimal():
            raise RulesError(f"{geonameid!r} is no GeoNames id", table=table, line=line)
        if fold(name) in aliases:
            raise RulesError(f"{name!r} stands twice", table=table, line=line)
        aliases[fold(name)] = int(geonameid)
    return aliases


def _rows(text: str, width: int, *, table: str) -> Iterator[tuple[int, list[str]]]:
    for line, cells in enumerate(csv.reader(StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
        if line == 1 or not cells or cells[0].startswith("#"):
            continue
        if len(cells) != width:
            raise RulesError(f"{len(cells)} columns where {width} belong", table=table, line=line)
        if not cells[0].strip():
            raise RulesError("a place needs a name", table=table, line=line)
        yield line, [cell.strip() for cell in cells]


def _patch(cells: list[str], *, table: str, line: int) -> Patch:
    name, precision, country, admin1, geonameid, lat, lon, names = cells
    if precision not in get_args(PlacePrecision):
        raise RulesError(f"{precision!r} is no precision", table=table, line=line)
    if country and not COUNTRY.match(country):
        raise RulesError(f"{country!r} is no ISO 3166-1 alpha-3 code", table=table, line=line)
    if geonameid and not geonameid.isdecimal():
        raise RulesError(f"{geonameid!r} is no GeoNames id", table=table, line=line)
    return Patch(
        name=name,
        precision=precision,  # type: ignore[arg-type]
        country=country or None,
        admin1=admin1 or None,
        geonameid=int(geonameid) if geonameid else None,
        lat=_degrees(lat, MOST_NORTH, table=table, line=line),
        lon=_degrees(lon, MOST_EAST, table=table, line=line),
        population=1_000_000,  # named in our table because it is in the news
        names=tuple(part.strip() for part in names.split("|") if part.strip()),
    )


def _degrees(cell: str, most: float, *, table: str, line: int) -> float | None:
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError as error:
        raise RulesError(f"{cell!r} is no number of degrees", table=table, line=line) from error
    if not -most <= value <= most:
        raise RulesError(f"{cell} degrees do not exist", table=table, line=line)
    return value
