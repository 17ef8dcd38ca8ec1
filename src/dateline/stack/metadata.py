"""Look after the databases that the stack needs on a server: ours and, beside it, Airflow's."""

from __future__ import annotations

import importlib.metadata
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from dateline.errors import DatabaseError

OLDEST = 15  # Postgres versions before this one are not tried
SUFFIX = "_airflow"
CONNECT_SECONDS = 10


def plain_url(url: str) -> str:
    """Return `url` in the form that psycopg itself reads: postgresql://…, without SQLAlchemy's driver."""
    scheme, mark, rest = url.partition("://")
    if not mark or scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise DatabaseError(f"not a Postgres URL: {scheme}://…; expected postgresql://user:password@host:port/database")
    return f"postgresql://{rest}"


def hide_password(url: str) -> str:
    """Return `url` as it may be shown."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(parts._replace(netloc=f"{parts.username}:***@{parts.netloc.rpartition('@')[2]}"))


def server_version(url: str) -> int:
    """Return the server's major version. Raises DatabaseError where it cannot be reached or is too old."""
    with _connect(url) as connection:
        version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise DatabaseError(f"Postgres {version} at {hide_password(url)} is too old: {OLDEST} or newer is needed")
    return version


def beside(url: str) -> str:
    """Return the URL of the database for Airflow: on the same server, named after ours."""
    parts = urlsplit(plain_url(url))
    name = parts.path.strip("/") or (parts.username or "dateline")
    return urlunsplit(parts._replace(path=f"/{name}{SUFFIX}"))


def ensure_database(url: str, *, admin_url: str) -> None:
    """Create the database of `url` unless it is there, connected to `admin_url`. Raises DatabaseError where we may not."""
    name = urlsplit(url).path.strip("/")
    with _connect(admin_url) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            user = urlsplit(admin_url).username
            raise DatabaseError(
                f'{user} may not create the database for Airflow: have an administrator run CREATE DATABASE "{name}" OWNER "{user}"'
            ) from error
        except psycopg.errors.DuplicateDatabase:
            return


def airflow_version() -> str:
    """Return the installed Airflow's version. Raises DatabaseError where it is not installed."""
    try:
        return importlib.metadata.version("apache-airflow-core")
    except importlib.metadata.PackageNotFoundError:
        raise DatabaseError("Airflow is not installed: install `dateline[airflow,stack]`") from None


def has_schema(url: str) -> bool:
    """Say whether Airflow's tables are in its database."""
    with _connect(url) as connection:
        return connection.execute("SELECT to_regclass('public.alembic_version') IS NOT NULL").fetchone() == (True,)


def end_jobs(url: str, *kinds: str) -> int:
    """Mark jobs whose processes are known to be dead, so that a new scheduler takes over their tasks at once.

    Airflow by itself waits until their heartbeats are old. `kinds` are Airflow's job types; none: all.
    """
    with _connect(url) as connection:
        if connection.execute("SELECT to_regclass('public.job')").fetchone() == (None,):
            return 0
        ended = connection.execute(
            "UPDATE job SET state = 'failed', end_date = now() WHERE state = 'running'"
            " AND (cardinality(%(kinds)s::text[]) = 0 OR job_type = ANY(%(kinds)s::text[]))",
            {"kinds": list(kinds)},
        )
        return ended.rowcount


def job_runs(url: str, kind: str, *, since: float) -> bool:
    """Say whether a job of that type has registered itself since `since` (seconds since the epoch) and runs."""
    with _connect(url) as connection:
        query = "SELECT 1 FROM job WHERE job_type = %s AND state = 'running' AND start_date >= to_timestamp(%s)"
        return connection.execute(query, [kind, since]).fetchone() is not None


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(plain_url(url), autocommit=True, connect_timeout=CONNECT_SECONDS)
    except psycopg.OperationalError as error:
        raise DatabaseError(
            f"cannot reach the database at {hide_password(plain_url(url))}: {reason_of(error)}"
        ) from error


def reason_of(error: psycopg.OperationalError) -> str:
    """Return why a connection failed, in a few words."""
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return first.rpartition("failed: ")[2]
