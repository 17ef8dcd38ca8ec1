"""Read and write actors as CSV: what a user adds, and what `dateline actors export` gives.

    actors.csv   id, name, kind, country, sectors, wikidata, source    sectors: codes separated by spaces
    aliases.csv  actor, alias, from, to                                a day, a month (2017-01), a year, or nothing
    roles.csv    actor, office, country, sectors, from, to

An actor with an id of the package replaces it; aliases and roles may be added to the package's actors by their ids.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from dateline.annotate.actors.build import Entries
from dateline.annotate.actors.entries import ActorEntry, AliasEntry, Form, RoleEntry
from dateline.annotate.actors.tables import Row, read_table

ACTOR_COLUMNS = ("id", "name", "kind", "country", "sectors", "wikidata", "source")
ALIAS_COLUMNS = ("actor", "alias", "from", "to")
ROLE_COLUMNS = ("actor", "office", "country", "sectors", "from", "to")
USER_RANK = 0  # a user's role decides over the package's
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_WIKIDATA = re.compile(r"Q[1-9]\d*\Z")


def add_entries(entries: Entries, folder: Path) -> None:
    """Add the user's own actors, aliases and roles from the CSV files in `folder`; each of the three may be missing.

    Raises RulesError, naming file and line.
    """
    for row in _rows(folder / "actors.csv", ACTOR_COLUMNS):
        _add_actor(entries, row)
    for row in _rows(folder / "aliases.csv", ALIAS_COLUMNS, optional=("form",)):
        entries.aliases.append(_alias(entries, row))
    for row in _rows(folder / "roles.csv", ROLE_COLUMNS, optional=("rank", "titles")):
        entries.roles.append(_role(entries, row))


def _rows(path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[Row]:
    return read_table(path, columns, optional=optional) if path.exists() else iter(())


def _add_actor(entries: Entries, row: Row) -> None:
    if not _ID.match(row["id"]):
        raise row.wrong(f"id {row['id']!r}: small letters, digits, dots and hyphens only")
    if not row["name"]:
        raise row.wrong("the name is missing")
    if row["kind"] not in entries.labels:
        raise row.wrong(f"kind {row['kind']!r} is none of {', '.join(sorted(entries.labels))}")
    if row["wikidata"] and not _WIKIDATA.match(row["wikidata"]):
        raise row.wrong(f"wikidata {row['wikidata']!r} is no item like Q42")
    if row["wikidata"] and not row["source"]:
        raise row.wrong("a Wikidata id needs the source it was checked against")
    entries.actors[row["id"]] = ActorEntry(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        country=_country(entries, row),
        sectors=row.sectors(),
        wikidata=row["wikidata"] or None,
        source=row["source"] or row.table,
    )
    entries.alias(row["id"], (row["name"],))


def _country(entries: Entries, row: Row) -> str | None:
    if row["country"] and row["country"] not in entries.countries:
        raise row.wrong(f"unknown country {row['country']!r}: ISO 3166-1 alpha-3, or IGO")
    return row["country"] or None


def _known(entries: Entries, row: Row) -> str:
    if row["actor"] not in entries.actors:
        raise row.wrong(f"unknown actor {row['actor']!r}: see `dateline actors lookup NAME`")
    return row["actor"]


def _check_dates(row: Row) -> None:
    first, last = row.first_day(), row.last_day()
    if first and last and first > last:
        raise row.wrong(f"begins on {first} and ends on {last}")


def _alias(entries: Entries, row: Row) -> AliasEntry:
    if not row["alias"]:
        raise row.wrong("the alias is empty")
    _check_dates(row)
    form = row["form"] or "name"
    if form not in ("name", "short", "adjective", "people", "capital"):
        raise row.wrong(f"form {form!r} is none of name, short, adjective, people, capital")
    return AliasEntry(
        actor_id=_known(entries, row), alias=row["alias"], valid_from=row.first_day(), valid_to=row.last_day(),
        form=cast("Form", form),
    )  # fmt: skip


def _role(entries: Entries, row: Row) -> RoleEntry:
    if not row["office"]:
        raise row.wrong("the office is missing")
    _check_dates(row)
    rank = row["rank"] or str(USER_RANK)
    if not rank.isdigit():
        raise row.wrong(f"rank {rank!r} is no number")
    return RoleEntry(
        actor_id=_known(entries, row),
        office=row["office"],
        country=_country(entries, row),
        sectors=row.sectors(),
        from_=row.first_day(),
        to=row.last_day(),
        rank=int(rank),
        titles=row.many("titles") or entries.titles.get(row["office"], (row["office"].replace("_", " "),)),
    )


def write_csv(
    folder: Path, actors: Iterable[ActorEntry], aliases: Iterable[AliasEntry], roles: Iterable[RoleEntry]
) -> None:
    """Write actors, aliases and roles as the three CSV files that `add_entries` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder / "actors.csv",
        ACTOR_COLUMNS,
        ((a.id, a.name, a.kind, a.country, " ".join(a.sectors), a.wikidata, a.source) for a in actors),
    )
    _write(
        folder / "aliases.csv",
        (*ALIAS_COLUMNS, "form"),
        ((a.actor_id, a.alias, a.valid_from, a.valid_to, a.form) for a in aliases),
    )
    _write(
        folder / "roles.csv",
        (*ROLE_COLUMNS, "rank", "titles"),
        (
            (r.actor_id, r.office, r.country, " ".join(r.sectors), r.from_, r.to, r.rank, "|".join(r.titles))
            for r in roles
        ),
    )


def _write(path: Path, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
