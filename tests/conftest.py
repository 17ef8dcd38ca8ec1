"""Give tests a real Postgres: one throw-away server a pytest process, one fresh database a test."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import Connection, Engine

from dateline.stack.postgres import Postgres
from dateline.store import migrate
from dateline.store.engine import open_engine

PREFIX = "dateline-test-"  # followed by the pid of the pytest process, so that what a killed run left can be told

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """Run a server for this pytest process (each xdist worker has its own); nothing is kept."""
    _sweep()
    home = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    home.chmod(0o711)  # the account that runs Postgres passes through
    server = Postgres(home, durable=False)
    try:
        server.start()
        yield server
    finally:
        server.remove()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Postgres) -> str:
    """Return the superuser's URL of the server's maintenance database."""
    return postgres_server.url("postgres")


@pytest.fixture
def database_url(postgres_server: Postgres, postgres_url: str) -> Iterator[str]:
    """Return the superuser's URL of a fresh, empty database that lives as long as the test."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield postgres_server.url(name)
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def store_engine(postgres_server: Postgres, postgres_url: str) -> Iterator[Engine]:
    """Return an engine on a database that holds Dateline's tables, empty as long as tests leave nothing behind."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE store")
    engine = open_engine(postgres_server.url("store"))
    migrate.upgrade(engine)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def store(store_engine: Engine) -> Iterator[Connection]:
    """Return a connection to an empty store in a transaction that is undone after the test: fast, for one connection."""
    with store_engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            transaction.rollback()


@pytest.fixture(scope="session")
def prepared_template(postgres_server: Postgres, postgres_url: str) -> str:
    """Return the name of a database with schema, actors and places: copied in a moment, made in seconds."""
    from dateline.runtime import prepare_database
    from dateline.settings import Settings

    name = "prepared"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    prepare_database(Settings(database_url=postgres_server.url(name)))
    return name


@pytest.fixture
def prepared_url(postgres_server: Postgres, postgres_url: str, prepared_template: str) -> Iterator[str]:
    """Return the superuser's URL of a fresh database that `dateline db upgrade` has prepared."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {prepared_template}")
    try:
        yield postgres_server.url(name)
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _sweep() -> None:
    """Remove the servers of test runs that were killed."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = home.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)) and home.stat().st_uid == os.geteuid():
            Postgres(home, durable=False).remove()
            shutil.rmtree(home, ignore_errors=True)
