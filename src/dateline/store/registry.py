"""Load the package's lists of actors and places into their tables, when their version changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Connection, text

from dateline.store.rows import clean, clean_all, copy_rows

LOCK = 5_064_215_601_133_012  # any number of our own: two loads at once wait for each other


class ActorLike(Protocol):
    """Be one actor of a list."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def country(self) -> str | None: ...  # noqa: D102
    @property
    def sectors(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def wikidata(self) -> str | None: ...  # noqa: D102
    @property
    def source(self) -> str | None: ...  # noqa: D102


class AliasLike(Protocol):
    """Be one way to write an actor."""

    @property
    def actor_id(self) -> str: ...  # noqa: D102
    @property
    def alias(self) -> str: ...  # noqa: D102
    @property
    def form(self) -> str: ...  # noqa: D102
    @property
    def valid_from(self) -> date | None: ...  # noqa: D102
    @property
    def valid_to(self) -> date | None: ...  # noqa: D102


class RoleLike(Protocol):
    """Be one office that an actor held."""

    @property
    def actor_id(self) -> str: ...  # noqa: D102
    @property
    def office(self) -> str: ...  # noqa: D102
    @property
    def country(self) -> str | None: ...  # noqa: D102
    @property
    def sectors(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def from_(self) -> date | None: ...  # noqa: D102
    @property
    def to(self) -> date | None: ...  # noqa: D102
    @property
    def rank(self) -> int: ...  # noqa: D102
    @property
    def titles(self) -> tuple[str, ...]: ...  # noqa: D102


class ActorList(Protocol):
    """Be a list of actors: the registry of `annotate`, or one that a test makes."""

    version: str

    def actors(self) -> Iterable[ActorLike]: ...  # noqa: D102
    def aliases(self) -> Iterable[AliasLike]: ...  # noqa: D102
    def roles(self) -> Iterable[RoleLike]: ...  # noqa: D102


class PlaceLike(Protocol):
    """Be one place of a gazetteer."""

    @property
    def geonameid(self) -> int | None: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def country(self) -> str | None: ...  # noqa: D102
    @property
    def admin1(self) -> str | None: ...  # noqa: D102
    @property
    def admin2(self) -> str | None: ...  # noqa: D102
    @property
    def lat(self) -> float | None: ...  # noqa: D102
    @property
    def lon(self) -> float | None: ...  # noqa: D102
    @property
    def precision(self) -> str: ...  # noqa: D102
    @property
    def population(self) -> int: ...  # noqa: D102


class PlaceList(Protocol):
    """Be a gazetteer."""

    version: str

    def entries(self) -> Iterable[PlaceLike]: ...  # noqa: D102


_VERSION = text("select version from dateline.registry_versions where registry = :registry")
_LOADED = text("""
    insert into dateline.registry_versions (registry, version, rows, loaded_at) values (:registry, :version, :rows, now())
    on conflict (registry) do update set version = excluded.version, rows = excluded.rows, loaded_at = excluded.loaded_at
""")

_ACTORS = ("actor_id", "name", "kind", "country", "sectors", "wikidata", "checked", "origin", "version")
_ALIASES = ("actor_id", "alias", "kind", "valid_from", "valid_to")
_ROLES = ("actor_id", "role", "country", "sectors", "valid_from", "valid_to", "rank", "titles")
_PLACES = (
    "geonameid", "name", "country", "admin1", "admin2", "lat", "lon", "precision", "population", "version",
)  # fmt: skip


def sync_actors(conn: Connection, actors: ActorList) -> int:
    """Load actors with their aliases and roles; return how many, 0 where this version is loaded already."""

    def load() -> int:
        conn.execute(text("delete from dateline.actors"))  # aliases and roles go with them
        found = {it.id: it for it in actors.actors()}
        copy_rows(conn, "dateline.actors", _ACTORS, (_actor(it, actors.version) for it in found.values()))
        copy_rows(conn, "dateline.actor_aliases", _ALIASES, _unique(map(_alias, actors.aliases()), lambda row: row))
        # two entries for one term are one role: the first says its rank and titles
        copy_rows(
            conn, "dateline.actor_roles", _ROLES, _unique(map(_role, actors.roles()), lambda row: (*row[:3], *row[4:6]))
        )
        return len(found)

    return _sync(conn, "actors", actors.version, load)


def sync_places(conn: Connection, places: PlaceList) -> int:
    """Load the gazetteer; return how many places, 0 where this version is loaded already."""

    def load() -> int:
        conn.execute(text("delete from dateline.places"))
        rows = {row[0]: row for row in (_place(it, places.version) for it in places.entries())}
        copy_rows(conn, "dateline.places", _PLACES, rows.values())
        return len(rows)

    return _sync(conn, "places", places.version, load)


def _sync(conn: Connection, registry: str, version: str, load: Callable[[], int]) -> int:
    conn.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if conn.execute(_VERSION, {"registry": registry}).scalar() == version:
        return 0
    loaded = load()
    conn.execute(_LOADED, {"registry": registry, "version": version, "rows": loaded})
    return loaded


def _actor(it: ActorLike, version: str) -> tuple[Any, ...]:
    origin = "user" if it.source is not None and it.source.endswith(".csv") else "package"
    return (
        clean(it.id), clean(it.name), it.kind, it.country, clean_all(it.sectors), it.wikidata, clean(it.source), origin, version,
    )  # fmt: skip


def _alias(it: AliasLike) -> tuple[Any, ...]:
    return clean(it.actor_id), clean(it.alias), it.form, it.valid_from, it.valid_to


def _role(it: RoleLike) -> tuple[Any, ...]:
    return (
        clean(it.actor_id), clean(it.office), it.country, clean_all(it.sectors), it.from_, it.to, it.rank, clean_all(it.titles),
    )  # fmt: skip


def _place(it: PlaceLike, version: str) -> tuple[Any, ...]:
    return (
        it.geonameid if it.geonameid is not None else _own_id(it), clean(it.name), it.country, clean(it.admin1),
        clean(it.admin2), it.lat, it.lon, it.precision, it.population, version,
    )  # fmt: skip


def _own_id(it: PlaceLike) -> int:
    """Return a negative number for a place that GeoNames does not have, the same in every version."""
    digest = hashlib.sha256(f"{it.name}|{it.country}|{it.precision}".encode()).digest()
    return -1 - int.from_bytes(digest[:6], "big")


def _unique(
    rows: Iterable[tuple[Any, ...]], key: Callable[[tuple[Any, ...]], tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """Leave out rows that the tables take for the same."""
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        if key(row) not in seen:
            seen.add(key(row))
            yield row
