"""Open a pool of connections to Postgres."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from dateline.errors import DatabaseError

Role = Literal["owner", "writer", "reader"]
SCHEMES = ("postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2", "postgresql+asyncpg")

# A role is taken only where it exists, where we may, and where this very database was set up with it.
_MAY = """
    select exists (
        select from pg_roles r join pg_namespace n on n.nspname = 'dateline'
        where r.rolname = %(role)s and pg_get_userbyid(n.nspowner) = 'dateline_owner'
            and pg_has_role(current_user, r.oid,
                case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) and has_schema_privilege(r.oid, n.oid, 'usage')
    )
"""


def open_engine(url: str, *, role: Role = "writer") -> Engine:
    """Open a pool on `url` that works as `dateline_<role>` where the server has that role, in UTC.

    Raises DatabaseError where `url` is no Postgres URL. Nothing is connected to yet.
    """
    engine = create_engine(
        normal_url(url),
        pool_pre_ping=True,
        connect_args={"application_name": "dateline", "connect_timeout": 10, "prepare_threshold": 5},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set time zone 'UTC'")
            cursor.execute("set search_path to dateline, pg_temp")
            name = f"dateline_{role}"
            if cursor.execute(_MAY, {"role": name}).fetchone()[0]:
                cursor.execute(f"set role {name}")
        connection.commit()

    return engine


def normal_url(url: str) -> URL:
    """Return `url` with the driver that we use. Raises DatabaseError where it is no Postgres URL."""
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError) as error:
        raise DatabaseError(
            "DATELINE_DATABASE_URL is no URL: it should look like postgresql://user:password@host:5432/name",
            code="bad_url",
        ) from error
    if parsed.drivername not in SCHEMES:
        raise DatabaseError(f"{parsed.drivername}:// is not Postgres: use postgresql://…", code="bad_url")
    return parsed.set(drivername="postgresql+psycopg")
