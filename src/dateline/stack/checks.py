"""Look over an installation: what is wrong with it, and what to do about it. Nothing is changed, nothing is raised."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil
import psycopg
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from dateline.errors import DatelineError
from dateline.settings import Settings
from dateline.stack.checkout import find_checkout
from dateline.stack.home import Home, load_state, open_home
from dateline.stack.metadata import OLDEST, hide_password, plain_url, reason_of
from dateline.stack.newsroom import is_answering, prepare
from dateline.stack.ports import is_free
from dateline.stack.status import read_status

Level = Literal["ok", "warn", "fail"]

PYTHONS = ((3, 11), (3, 13))  # first and last minor version that the lock was made for
GIGABYTE = 1_000_000_000
DISK_FAIL, DISK_WARN = 1 * GIGABYTE, 5 * GIGABYTE
MEMORY_WARN = 2 * GIGABYTE  # Airflow's four components take 1.1 GB, the language model 0.5 GB a worker
CLOCK_WARN = 5.0  # seconds between our clock and the server's
CONNECT_SECONDS = 5
NAMED = 5  # packages that are named one by one
ROLES = ("dateline_owner", "dateline_writer", "dateline_reader")
SECRET_FILES = (
    "stack.json",
    "secrets.json",
    "postgres.json",
    "airflow-password",
    "pgpass",
    "airflow/airflow.cfg",
    "airflow/passwords.json",
)
START = "dateline stack up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Say how one thing is; `advice` says what to do where it is not well."""

    name: str
    level: Level
    message: str
    advice: str | None = None


def examine(settings: Settings) -> Iterator[Check]:
    """Yield every check in turn. One that breaks is itself a failure that is reported."""
    home = open_home(settings.home)
    checks: tuple[tuple[str, Callable[[], Iterator[Check]]], ...] = (
        ("python", check_python),
        ("packages", check_packages),
        ("model", lambda: check_model(settings.spacy_model)),
        ("machine", lambda: check_machine(home)),
        ("stack", lambda: check_stack(home)),
        ("secrets", lambda: check_secrets(home)),
        ("database", lambda: check_database(settings)),
    )
    for name, check in checks:
        try:
            yield from check()
        except DatelineError as error:
            yield Check(name=name, level="fail", message=error.message)
        except Exception as error:  # noqa: BLE001 (a doctor that falls ill over one thing still looks at the others)
            yield Check(name=name, level="fail", message=f"the check itself failed: {type(error).__name__}: {error}")


def check_python() -> Iterator[Check]:
    """Look at the interpreter."""
    version = sys.version.split()[0]
    if PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        yield Check(name="python", level="ok", message=f"{version} at {sys.executable}")
    else:
        yield Check(
            name="python", level="fail", message=f"{version} at {sys.executable}", advice="use Python 3.11 to 3.13"
        )


def check_packages(lock: Path | None = None) -> Iterator[Check]:
    """Compare what is installed with requirements.lock."""
    lock = lock or find_checkout() / "requirements.lock"
    if not lock.is_file():
        yield Check(name="packages", level="warn", message=f"no {lock.name} to compare with in {lock.parent}")
        return
    missing, other = [], []
    wanted = list(locked_versions(lock.read_text(encoding="utf-8")))
    for name, version in wanted:
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(f"{name} {version}")
            continue
        if found != version:
            other.append(f"{name} {found} instead of {version}")
    advice = "`make env` installs exactly what is locked"
    if missing:
        yield Check(name="packages", level="fail", message=f"{len(missing)} missing: {_some(missing)}", advice=advice)
    if other:
        yield Check(name="packages", level="warn", message=f"{len(other)} differ: {_some(other)}", advice=advice)
    if not missing and not other:
        yield Check(name="packages", level="ok", message=f"all {len(wanted)} as in {lock.name}")


def locked_versions(lock: str) -> Iterator[tuple[str, str]]:
    """Yield name and version of every locked package that this Python and system need."""
    for line in lock.splitlines():
        text = line.split(" \\")[0].strip()
        if not text or text.startswith(("#", "-")) or "==" not in text:
            continue
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate():
            pinned = next(iter(requirement.specifier))
            yield canonicalize_name(requirement.name), pinned.version


def check_model(name: str) -> Iterator[Check]:
    """Look for the spaCy pipeline, without loading it."""
    if Path(name).exists():
        yield Check(name="model", level="ok", message=f"{name} (a folder)")
        return
    if importlib.util.find_spec(name) is None:
        advice = "`make env` installs it, or set DATELINE_SPACY_MODEL to one that is installed"
        yield Check(name="model", level="fail", message=f"{name} is not installed", advice=advice)
        return
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        version = ""
    yield Check(name="model", level="ok", message=f"{name} {version}".strip())


def check_machine(home: Home) -> Iterator[Check]:
    """Look at disk, memory and the time zone."""
    folder = next(path for path in (home.path, *home.path.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    level: Level = "fail" if free < DISK_FAIL else "warn" if free < DISK_WARN else "ok"
    advice = None if level == "ok" else "make room, or set DATELINE_HOME to a larger disk"
    yield Check(name="disk", level=level, message=f"{free / GIGABYTE:.1f} GB free at {folder}", advice=advice)
    memory = psutil.virtual_memory().available
    running = read_status(home).alive
    scarce = memory < MEMORY_WARN and not running
    yield Check(
        name="memory",
        level="warn" if scarce else "ok",
        message=f"{memory / GIGABYTE:.1f} GB available",
        advice="the stack with two workers needs about 2 GB: set DATELINE_WORKERS=1, or end other programs"
        if scarce
        else None,
    )
    yield Check(name="time zone", level="ok", message=f"{time.strftime('%Z %z')}; all times are kept in UTC")


def check_stack(home: Home) -> Iterator[Check]:
    """Look at the embedded stack: its state, its ports and the demo newsroom."""
    found = read_status(home)
    if found.phase in ("down", "failed") and not home.state.exists():
        yield Check(name="stack", level="ok", message=f"never started in {home.path}", advice=f"`{START}` starts it")
        return
    if found.phase == "crashed":
        advice = "`dateline stack down` clears what is left"
        yield Check(name="stack", level="fail", message="its supervisor has gone", advice=advice)
    elif found.phase == "failed":
        yield Check(name="stack", level="fail", message=f"did not start: {found.message}", advice=f"then `{START}`")
    elif found.phase == "partly":
        bad = [
            f"{row['name']} {row['state']} {row['message']}".strip() for row in found.components if row["state"] != "up"
        ]
        advice = "`dateline stack logs` says what happened; `dateline stack down`, then `up`, starts afresh"
        yield Check(name="stack", level="fail", message="; ".join(bad), advice=advice)
    else:
        yield Check(name="stack", level="ok", message=f"up at {found.url}" if found.phase == "up" else found.phase)
    if found.alive:
        yield _check_newsroom(home)
        return
    for name, port in load_state(home).ports.items():
        if not is_free(port):
            message = f"port {port} of {name} is in use by another program"
            yield Check(name="ports", level="warn", message=message, advice=f"`{START}` takes another one")


def check_secrets(home: Home) -> Iterator[Check]:
    """Look whether others can read what holds passwords."""
    files = [home.path / name for name in SECRET_FILES if (home.path / name).exists()]
    for path in files:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            advice = f"chmod 600 {path}, and change what it holds"
            yield Check(name="secrets", level="fail", message=f"{path} can be read by others", advice=advice)
            return
    if files:
        yield Check(name="secrets", level="ok", message=f"{len(files)} files, readable by their owner only")


def check_database(settings: Settings) -> Iterator[Check]:
    """Look whether the database can be reached, is new enough, migrated, and has our roles."""
    embedded = not os.environ.get("DATELINE_DATABASE_URL")
    if embedded and not settings.database_url:
        advice = f"`{START}` starts the embedded one; or set DATELINE_DATABASE_URL"
        yield Check(name="database", level="warn", message="none yet", advice=advice)
        return
    url = plain_url(settings.require_database_url())
    try:
        connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS, autocommit=True)
    except psycopg.OperationalError as error:
        message = f"{hide_password(url)}: {reason_of(error)}"
        if embedded and not read_status(open_home(settings.home)).alive:
            yield Check(
                name="database", level="warn", message=message, advice=f"the stack is down: `{START}` starts it"
            )
        else:
            advice = "see that the server runs and that DATELINE_DATABASE_URL is right"
            yield Check(name="database", level="fail", message=message, advice=advice)
        return
    with connection:
        version = connection.info.server_version // 10_000
        if version < OLDEST:
            advice = f"use Postgres {OLDEST} or newer"
            yield Check(name="database", level="fail", message=f"Postgres {version} is too old", advice=advice)
            return
        yield Check(name="database", level="ok", message=f"Postgres {version} at {hide_password(url)}")
        yield _check_clock(connection)
        yield _check_roles(connection)
    yield _check_schema(url)


def _check_clock(connection: psycopg.Connection[tuple[object, ...]]) -> Check:
    row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
    off = abs(time.time() - float(str(row[0]))) if row else 0.0
    if off > CLOCK_WARN:
        advice = "set both clocks by NTP: schedules and leases go by them"
        return Check(name="clock", level="warn", message=f"{off:.0f} s apart from the database's", advice=advice)
    return Check(name="clock", level="ok", message="agrees with the database's")


def _check_roles(connection: psycopg.Connection[tuple[object, ...]]) -> Check:
    query = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND pg_has_role(current_user, oid, 'member')"
    found = {str(row[0]) for row in connection.execute(query, [list(ROLES)])}
    missing = [role for role in ROLES if role not in found]
    if not missing:
        return Check(name="roles", level="ok", message=", ".join(ROLES))
    message = f"{', '.join(missing)} missing or not ours: one role does all"
    return Check(
        name="roles", level="warn", message=message, advice="`dateline db upgrade` as a role that may create roles"
    )


def _check_schema(url: str) -> Check:
    from dateline.store import migrate
    from dateline.store.engine import open_engine

    engine = open_engine(url, role="writer")
    try:
        migrate.require_head(engine)
    finally:
        engine.dispose()
    return Check(name="schema", level="ok", message=f"at {migrate.head()}, the newest")


def _check_newsroom(home: Home) -> Check:
    newsroom = prepare(home.path)
    if is_answering(newsroom):
        return Check(name="newsroom", level="ok", message=f"{len(newsroom.allow_hosts)} outlets answer")
    advice = "`dateline stack logs newsroom` says why"
    return Check(name="newsroom", level="fail", message="not all outlets answer", advice=advice)


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
