"""Run an embedded Postgres: initdb, start, stop, with a password on loopback and its data kept in one folder.

The wheel's own `get_server()` is not used: as root it opens every parent folder to all, and it trusts whoever connects.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from dateline.errors import StackError
from dateline.stack.account import Account, find_account
from dateline.stack.binaries import FOLDERS, reachable_binaries, shared_folder
from dateline.stack.cluster import USER, configure, last_lines, make_cluster
from dateline.stack.files import locked, make_folder, read_json, write_json
from dateline.stack.ports import LOOPBACK, free_port, is_free
from dateline.stack.processes import family, is_alive, wait_gone, working_in

log = logging.getLogger(__name__)

STATE = "postgres.json"  # port, password and where the data lie
DATABASE = "dateline"
START_SECONDS = 60  # crash recovery of a large database may take a while
STOP_SECONDS = 30
LOOK_SECONDS = 0.02
PORT_ATTEMPTS = 3  # somebody may take the port between our look and the server's start


class Postgres:
    """Own one Postgres server whose state lies under `home`. Constructing it touches nothing.

    `durable=False` trades safety for speed, for tests. `version` is 18 or 16 and cannot change once data exist.
    """

    def __init__(self, home: Path, *, durable: bool = True, version: int = 18) -> None:
        self.home = home.expanduser().absolute()
        self.durable = durable
        self.version = version
        self._child: subprocess.Popen[bytes] | None = None  # the server, where it was started by us

    # ------------------------------------------------------------------------------------------------ public

    def start(self) -> str:
        """Start the server unless it runs already; return the URL of the database `dateline`, which exists then."""
        if self.version not in FOLDERS:
            raise StackError(f"no embedded Postgres {self.version}: set DATELINE_POSTGRES_VERSION to 16 or 18")
        make_folder(self.home)
        with locked(self._file("postgres.lock")):
            if not self.running():
                state = self._prepare()
                self._launch(state)
            self.create_database(DATABASE)
        return self.url()

    def stop(self) -> None:
        """Stop the server and wait until it has gone: politely, then at once, then by force."""
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # Postgres: fast, immediate, kill
            process = self.process()
            if process is None:
                return
            relatives = family(process)
            try:
                process.send_signal(how)
            except psutil.NoSuchProcess:
                continue
            left = wait_gone([process], STOP_SECONDS)
            if self._child:
                self._child.poll()  # reaps it
            if not left:
                wait_gone(relatives, STOP_SECONDS)  # backends notice by themselves that their parent has gone
                return
            log.warning("postgres pid=%s did not stop on signal=%s", process.pid, how.name)

    def running(self) -> bool:
        """Say whether the server's process is there and ready."""
        return self.process() is not None and self._status_line() == "ready"

    def url(self, database: str = DATABASE) -> str:
        """Return `postgresql://user:password@127.0.0.1:port/database`. Raises StackError before the first start."""
        state = self._state()
        if not state.get("port"):
            raise StackError(f"no Postgres was ever started in {self.home}: run `dateline stack up`")
        return f"postgresql://{USER}:{state['password']}@{LOOPBACK}:{state['port']}/{database}"

    def process(self) -> psutil.Process | None:
        """Return the running server, or None; a pid file left by a crash, or a pid that is somebody else's by now, is None."""
        lines, data = self._pid_file(), self.data
        try:
            process = psutil.Process(int(lines[0]))
            # a pid is reused one day; only this folder's server works in this folder
            ours = data is not None and is_alive(process) and Path(process.cwd()) == data.resolve()
        except (IndexError, ValueError, psutil.Error):
            return None
        return process if ours else None

    def create_database(self, name: str) -> None:
        """Create a database unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=START_SECONDS) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def remove(self) -> None:
        """Stop the server and delete its data for good."""
        self.stop()
        if data := self.data:
            shutil.rmtree(data.parent if self.moved else data, ignore_errors=True)
        self._file(STATE).unlink(missing_ok=True)

    @property
    def data(self) -> Path | None:
        """Return the data folder; None before the first start. It lies outside `home` where Postgres cannot reach that."""
        data = self._state().get("data")
        return Path(data) if data else None

    @property
    def moved(self) -> bool:
        """Say whether the data lie outside `home`, because the account that runs Postgres cannot pass through to it."""
        return self.data is not None and not self.data.is_relative_to(self.home)

    @property
    def log_folder(self) -> Path | None:
        """Return where the server's log files lie."""
        return self.data / "log" if self.data and self.durable else self.home

    # ----------------------------------------------------------------------------------------------- prepare

    def _prepare(self) -> dict[str, Any]:
        """Make data folder, password and port where they are not there yet; return the state."""
        state = self._state()
        data = Path(state["data"]) if state.get("data") else self._choose_data()
        account = find_account(data)
        programs = reachable_binaries(self.version, account)
        if (data / "PG_VERSION").is_file() and "password" not in state:
            raise StackError(f"{data} is there, but its password in {self._file(STATE)} is gone: move the folder away")
        state = {
            "password": secrets.token_urlsafe(24),
            "port": None,
            **state,
            "data": str(data),
            "programs": str(programs),
        }
        write_json(self._file(STATE), state)
        if (data / "PG_VERSION").is_file():
            found = (data / "PG_VERSION").read_text().strip()
            if found != str(self.version):
                raise StackError(
                    f"{data} was made by Postgres {found}: set DATELINE_POSTGRES_VERSION={found}, or move the folder away"
                )
        else:
            make_cluster(
                account, programs, data, password=state["password"], version=self.version, durable=self.durable
            )
        return state

    def _choose_data(self) -> Path:
        account = find_account(self.home / "postgres")
        if account.can_enter(self.home):
            return self.home / "postgres"
        # a new one each time: what an earlier stack in this folder left there has a password that nobody knows
        data = make_folder(shared_folder() / f"data-{secrets.token_hex(6)}") / "postgres"
        log.warning("postgres data=%s because uid=%s cannot pass through %s", data, account.uid, self.home)
        return data

    # ------------------------------------------------------------------------------------------------ launch

    def _launch(self, state: dict[str, Any]) -> None:
        data = Path(state["data"])
        account = find_account(data)
        self._clear_dead(data)
        out = ""
        for _ in range(PORT_ATTEMPTS):
            port = free_port(prefer=state["port"])
            if state["port"] not in (None, port):
                log.warning("postgres port=%s is taken, using port=%s", state["port"], port)
            state["port"] = port
            write_json(self._file(STATE), state)
            configure(account, data, port=port, durable=self.durable)
            out = self._run(account, Path(state["programs"]), data)
            if not out:
                return
            if is_free(port):
                break  # not the port's fault: trying again would fail again
            state["port"] = None
        raise StackError(f"Postgres did not start: {out}")

    def _clear_dead(self, data: Path) -> None:
        """Remove the pid file of a server that was killed but never reaped: Postgres would take the zombie for a server.

        Only once none of its backends is left, because they share its memory.
        """
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return
        try:
            zombie = psutil.Process(int(lines[0])).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return  # Postgres sees that by itself
        if zombie and not wait_gone(working_in(data), STOP_SECONDS):
            log.warning("postgres pid=%s was killed and not reaped; removing its pid file", lines[0])
            (data / "postmaster.pid").unlink(missing_ok=True)

    def _run(self, account: Account, programs: Path, data: Path) -> str:
        """Start the server in the background and wait until it is ready; return why it failed, or nothing.

        Not by pg_ctl, which hands the folder's name to a shell.
        """
        start_log = data / "start.log"
        start_log.unlink(missing_ok=True)
        with start_log.open("ab") as out:
            account.own(start_log)
            self._child = account.spawn([programs / "postgres", "-D", data], out=out)
        end = time.monotonic() + START_SECONDS
        while self._child.poll() is None:
            if self._pid_file()[:1] == [str(self._child.pid)] and self._status_line() == "ready":
                return ""
            if time.monotonic() > end:
                self._child.kill()
                return f"not ready within {START_SECONDS} s"
            time.sleep(LOOK_SECONDS)
        return last_lines(start_log.read_text(encoding="utf-8", errors="replace"))

    # ------------------------------------------------------------------------------------------------- state

    def _file(self, name: str) -> Path:
        return self.home / name

    def _state(self) -> dict[str, Any]:
        return read_json(self._file(STATE))

    def _pid_file(self) -> list[str]:
        data = self.data
        if data is None:
            return []
        try:
            return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []
        except PermissionError as error:
            raise StackError(f"{data} belongs to another user: run as the user who started the stack") from error

    def _status_line(self) -> str:
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""  # noqa: PLR2004 (line 8 of postmaster.pid: starting, ready, stopping)
