"""Bring the schema to the newest migration; the migrations are package data, so that this works from any folder."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import errors
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from dateline.errors import DatabaseError

MIGRATIONS = Path(__file__).parent / "migrations"
OLDEST_SERVER = 150000  # unique nulls not distinct came with Postgres 15
LOCK = 5_064_215_601_133_009  # any number of our own: two upgrades at once wait for each other


def upgrade(engine: Engine) -> list[str]:
    """Apply what is missing, in one transaction, and return the revisions applied. Raises DatabaseError where we may not."""
    try:
        with engine.connect() as connection, connection.begin():
            _require_server(connection)
            connection.execute(text("reset role"))
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            _run_file(connection, "roles.sql")
            _become_owner(connection)
            applied = _migrate(connection, _current(connection))
            _run_file(connection, "grants.sql")
            connection.execute(text("reset role"))
        engine.dispose()  # connections opened before the roles existed know nothing of them
    except OperationalError as error:
        raise DatabaseError(f"the database does not answer: {_first_line(error)}") from error
    except DBAPIError as error:
        raise _refused(error.orig) from error
    except errors.Error as error:
        raise _refused(error) from error
    return applied


def current(engine: Engine) -> str | None:
    """Return the revision that the schema stands at, None where there is none."""
    try:
        with engine.connect() as connection:
            return _current(connection)
    except OperationalError as error:
        raise DatabaseError(f"the database does not answer: {_first_line(error)}") from error


def head() -> str:
    """Return the newest revision that this version of Dateline knows."""
    newest = _scripts().get_current_head()
    assert newest is not None
    return newest


def require_head(engine: Engine) -> None:
    """Raise DatabaseError, saying what to do, unless the schema is the one that this version of Dateline needs."""
    found = current(engine)
    if found == head():
        return
    if found is None:
        raise DatabaseError("the database holds no Dateline tables: run `dateline db upgrade`", code="needs_upgrade")
    if found not in {script.revision for script in _scripts().walk_revisions()}:
        raise DatabaseError(
            f"the database is at migration {found}, which this version of Dateline does not know: install a newer one",
            code="needs_newer_dateline",
        )
    raise DatabaseError(
        f"the database is at migration {found}, Dateline needs {head()}: run `dateline db upgrade`",
        code="needs_upgrade",
    )


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _migrate(connection: Connection, before: str | None) -> list[str]:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    steps = _scripts().iterate_revisions("head", before or "base")
    return [step.revision for step in steps][::-1]


def _current(connection: Connection) -> str | None:
    if connection.scalar(text("select to_regclass('dateline.alembic_version')")) is None:
        return None
    found: str | None = connection.scalar(text("select version_num from dateline.alembic_version"))
    return found


def _become_owner(connection: Connection) -> None:
    """Work as the schema's owner, so that all in it belongs to that role."""
    owner = connection.scalar(text("select pg_get_userbyid(nspowner) from pg_namespace where nspname = 'dateline'"))
    if owner == "dateline_owner":
        connection.execute(text("set role dateline_owner"))


def _run_file(connection: Connection, name: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute((MIGRATIONS / "sql" / name).read_text(encoding="utf-8"))


def _require_server(connection: Connection) -> None:
    version = int(connection.scalar(text("show server_version_num")) or 0)
    if version < OLDEST_SERVER:
        raise DatabaseError(f"Postgres {version // 10000} is too old: Dateline needs 15 or newer", code="old_server")


def _refused(error: BaseException | None) -> DatabaseError:
    if isinstance(error, errors.InsufficientPrivilege):
        return DatabaseError(
            f"this database user may not set up Dateline ({_first_line(error)}): give it CREATE on the database, or run "
            "`dateline db upgrade` as a user that has it",
            code="not_allowed",
        )
    return DatabaseError(f"the migration failed and changed nothing: {_first_line(error)}", code="migration_failed")


def _first_line(error: BaseException | None) -> str:
    return (str(error).strip().splitlines() or ["no message"])[0]
