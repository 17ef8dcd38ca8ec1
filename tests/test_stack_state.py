"""What a stack keeps and says: files, secrets, ports, status, logs, Airflow's configuration, the databases it needs."""

from __future__ import annotations

import configparser
import fcntl
import io
import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from dateline.errors import DatabaseError, StackError
from dateline.settings import load_settings
from dateline.stack.airflow_home import airflow_config, render, write_airflow_home
from dateline.stack.checkout import find_checkout
from dateline.stack.components import child_environment
from dateline.stack.files import locked, make_folder, read_json, write_json, write_secret
from dateline.stack.home import MARKER, StackState, load_secrets, load_state, open_home, save_state
from dateline.stack.launch import wait_for_listener
from dateline.stack.metadata import beside, ensure_database, hide_password, plain_url, server_version
from dateline.stack.ports import free_port, is_free, require_free
from dateline.stack.prune import prune_logs
from dateline.stack.psql import psql_command
from dateline.stack.status import read_status
from dateline.stack.tail import component_logs, tail


@pytest.fixture
def home(tmp_path):
    return open_home(tmp_path / "state").create()


@pytest.fixture
def listener():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


# ------------------------------------------------------------------------------------------------------- files


def test_secrets_are_for_their_owner_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        write_secret(tmp_path / "a", "one")
        write_secret(tmp_path / "a", "two")
        make_folder(tmp_path / "deep" / "er")
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_text() == "two"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "deep" / "er").stat().st_mode) == 0o711
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "deep"]


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_damaged_file_says_what_to_do(tmp_path, content):
    (tmp_path / "stack.json").write_text(content)
    with pytest.raises(StackError, match="is damaged: move it away"):
        read_json(tmp_path / "stack.json")
    assert read_json(tmp_path / "missing.json") == {}
    assert read_json(tmp_path / "stack.json" / "below") == {}


def test_folder_in_the_way_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StackError, match="in the way"):
        make_folder(tmp_path / "file")
    with pytest.raises(StackError, match="DATELINE_HOME"):
        make_folder(tmp_path / "file" / "below")


def test_lock_is_for_one_at_a_time(tmp_path):
    order = []

    def second():
        with locked(tmp_path / "lock"):
            order.append("second")

    with locked(tmp_path / "lock"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.1)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


# ------------------------------------------------------------------------------------------------------- state


def test_state_feeds_settings_and_is_kept(home, monkeypatch):
    monkeypatch.delenv("DATELINE_DATABASE_URL", raising=False)
    assert load_state(home) == StackState()
    save_state(home, StackState(), settings={"database_url": "postgresql://u:p@127.0.0.1:1/d"}, ports={"api": 2})
    assert load_state(home).ports == {"api": 2}
    assert load_settings(home=home.path).database_url == "postgresql://u:p@127.0.0.1:1/d"
    content = json.loads(home.state.read_text())
    home.state.write_text(json.dumps({**content, "of a later version": 1}))
    assert load_state(home).ports == {"api": 2}


def test_secrets_are_made_once(home):
    first = load_secrets(home)
    assert load_secrets(home) == first
    assert home.password.read_text().strip() == first.admin_password
    assert stat.S_IMODE(home.password.stat().st_mode) == 0o600
    write_json(home.secrets, {"admin_password": "x"})
    with pytest.raises(StackError, match="damaged"):
        load_secrets(home)


def test_one_folder_is_one_stack(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert open_home(tmp_path / "link").id == open_home(tmp_path / "real").id
    assert open_home(tmp_path / "other").id != open_home(tmp_path / "real").id


def test_checkout_is_found_from_the_package_and_missed_plainly(monkeypatch, tmp_path):
    assert (find_checkout(tmp_path) / "dags").is_dir()
    fake = tmp_path / "site-packages" / "dateline"
    fake.mkdir(parents=True)
    monkeypatch.setattr("dateline.__file__", str(fake / "__init__.py"))
    with pytest.raises(StackError, match="checkout"):
        find_checkout(tmp_path)
    assert find_checkout(Path(__file__).parent) == Path(__file__).parents[1]


# ------------------------------------------------------------------------------------------------------- ports


def test_port_in_use_is_left_alone_and_named(listener):
    assert not is_free(listener)
    assert free_port(prefer=listener) != listener
    with pytest.raises(StackError, match=rf"port {listener}, which the newsroom keeps, is in use by .*{os.getpid()}"):
        require_free(listener, purpose="the newsroom")


def test_free_port_is_kept_when_it_may_be():
    port = free_port()
    assert free_port(prefer=port) == port
    assert free_port({port}, prefer=port) != port
    require_free(port, purpose="nothing")


# ------------------------------------------------------------------------------------------------------ status


def status_file(home, **content):
    me = psutil.Process()
    write_json(home.status, {"pid": me.pid, "started": me.create_time(), "phase": "up", "components": [], **content})


def test_status_believes_only_a_supervisor_that_holds_its_lock(home):
    assert read_status(home).phase == "down"
    status_file(home, components=[{"name": "scheduler", "state": "up", "pid": 2**22 + 1}])
    assert read_status(home).phase == "crashed"
    assert read_status(home).components[0]["state"] == "gone"
    with home.lock.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert read_status(home).phase == "up"
        assert read_status(home).alive
        status_file(home, started=12345.0)  # a pid that is somebody else's by now
        assert read_status(home).phase == "crashed"


def test_status_of_a_stack_that_ended_is_down(home):
    status_file(home, phase="down")
    assert read_status(home).phase == "down"
    status_file(home, phase="failed", message="the port is taken")
    assert read_status(home).message == "the port is taken"


# ----------------------------------------------------------------------------------------------------- airflow


def test_airflow_reads_back_what_was_written(home):
    keys = load_secrets(home)
    url = "postgresql://me:p%40ss@127.0.0.1:5432/meta"
    write_airflow_home(home, root=Path("/checkout/100% new"), metadata_url=url, port=4321, secrets=keys, workers=3)
    parser = configparser.ConfigParser()
    parser.read(home.airflow / "airflow.cfg")
    assert parser["database"]["sql_alchemy_conn"] == "postgresql+psycopg://me:p%40ss@127.0.0.1:5432/meta"
    assert parser["database"]["sql_alchemy_conn_async"] == parser["database"]["sql_alchemy_conn"]
    assert parser["core"]["dags_folder"] == "/checkout/100% new/dags"
    assert parser["core"]["executor"] == "LocalExecutor"
    assert parser["api"]["host"] == "127.0.0.1"
    assert parser["core"]["execution_api_server_url"] == "http://127.0.0.1:4321/execution/"
    for name in ("airflow.cfg", "passwords.json"):
        assert stat.S_IMODE((home.airflow / name).stat().st_mode) == 0o600
    assert json.loads((home.airflow / "passwords.json").read_text()) == {"admin": keys.admin_password}


def test_every_option_is_one_that_airflow_knows(home):
    import importlib.util

    import yaml

    folder = Path(importlib.util.find_spec("airflow").origin).parent
    known = yaml.safe_load((folder / "config_templates" / "config.yml").read_text(encoding="utf-8"))
    sections = airflow_config(
        home, root=Path("/c"), metadata_url="postgresql://x/y", port=1, secrets=load_secrets(home), workers=2
    )
    assert not [(s, o) for s, options in sections.items() for o in options if o not in known[s]["options"]]
    assert "%%" in render({"core": {"a": "100%"}})


def test_children_know_their_stack_and_no_proxy_stands_between(home, monkeypatch):
    monkeypatch.setenv("AIRFLOW_HOME", "/somewhere/else")
    monkeypatch.setenv("NO_PROXY", "example.org")
    env = child_environment(home, allow_hosts="127.0.0.1:1", database_url="postgresql://x/y")
    assert env["AIRFLOW_HOME"] == str(home.airflow)
    assert env[MARKER] == home.id
    assert env["NO_PROXY"] == "example.org,127.0.0.1,localhost"
    assert env["DATELINE_HOME"] == str(home.path)


def test_scheduler_waits_for_the_server_its_tasks_talk_to(listener):
    assert wait_for_listener(listener, seconds=5) < 1
    assert wait_for_listener(free_port(), seconds=0.3) >= 0.3


# --------------------------------------------------------------------------------------------------- databases


def test_urls_are_read_and_shown_without_password():
    assert plain_url("postgresql+psycopg://a:b@h/d") == "postgresql://a:b@h/d"
    assert plain_url("postgres://a:b@h/d") == "postgresql://a:b@h/d"
    assert hide_password("postgresql://a:s3cret@h:5/d") == "postgresql://a:***@h:5/d"
    assert beside("postgresql://a:b@h/news?sslmode=require") == "postgresql://a:b@h/news_airflow?sslmode=require"
    for wrong in ("mysql://a/b", "news", "", "postgresql:/x"):
        with pytest.raises(DatabaseError, match="not a Postgres URL"):
            plain_url(wrong)


def test_server_that_is_not_there_is_one_clear_line():
    with pytest.raises(
        DatabaseError, match=r"^cannot reach the database at postgresql://a:\*\*\*@127.0.0.1:1/d: .*refused$"
    ):
        server_version("postgresql://a:b@127.0.0.1:1/d")


def test_database_for_airflow_is_made_beside_ours(database_url, postgres_url):
    assert server_version(database_url) >= 15
    url = beside(database_url)
    ensure_database(url, admin_url=database_url)
    ensure_database(url, admin_url=database_url)  # once more is harmless
    name = url.rpartition("/")[2]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}")


def test_missing_right_to_make_it_is_said_with_the_statement(database_url, postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS modest")
        connection.execute("CREATE ROLE modest LOGIN PASSWORD 'modest'")
    modest = "postgresql://modest:modest@" + database_url.partition("@")[2]
    with pytest.raises(
        DatabaseError, match=r'modest may not create .* CREATE DATABASE "test_.*_airflow" OWNER "modest"'
    ):
        ensure_database(beside(modest), admin_url=modest)


def test_psql_command_keeps_the_password_off_the_command_line(home):
    url = "postgresql://dateline:s3cr%3Aet@127.0.0.1:5432/dateline"
    command = psql_command(home, url)
    assert "s3cr" not in command
    assert command.endswith("postgresql://dateline@127.0.0.1:5432/dateline")


# -------------------------------------------------------------------------------------------------------- logs


def test_logs_are_pruned_by_age_and_size(tmp_path):
    now = time.time()
    for number, (age_days, size) in enumerate([(20, 10), (3, 600), (2, 500), (1, 400)]):
        path = tmp_path / f"dag_id={number}" / "attempt=1.log"
        path.parent.mkdir()
        path.write_bytes(b"x" * size)
        os.utime(path, (now - age_days * 86_400,) * 2)
    assert prune_logs(tmp_path, days=14, limit=1000, now=now) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dag_id=2", "dag_id=3"]
    assert prune_logs(tmp_path / "missing") == 0


def test_tail_shows_the_last_lines_and_follows_through_a_rotation(home):
    log = home.log_of("scheduler")
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    out = io.StringIO()
    looks = iter([False, False, True])

    def until():
        answer = next(looks)
        log.write_text("new\n")  # shorter: it was set aside
        return answer

    tail(component_logs(home, "scheduler"), lines=2, follow=True, out=out, until=until)
    assert out.getvalue().startswith("line 98\nline 99\nnew\n")


def test_events_are_shown_in_words(home):
    event = {"at": 0, "component": "scheduler", "event": "crashed", "message": "killed by signal 9"}
    home.events.write_text(json.dumps(event) + "\n{broken\n")
    out = io.StringIO()
    tail(component_logs(home, ""), lines=10, follow=False, out=out)
    assert "scheduler crashed killed by signal 9\n{broken\n" in out.getvalue()


def test_unknown_component_lists_the_known_ones(home):
    with pytest.raises(StackError, match="one of postgres, newsroom, api-server"):
        component_logs(home, "webserver")
    with pytest.raises(StackError, match="nothing"):
        component_logs(home, "triggerer")


def test_collector_rests_only_while_a_component_starts():
    code = (
        "import gc\nfrom dateline.stack.launch import RESTING, rest_collector\nusual = gc.get_threshold()\n"
        "rest_collector(seconds=0.0)\nassert gc.get_threshold() == RESTING\ngc.collect()\n"
        "assert gc.get_threshold() == usual\nassert gc.get_freeze_count() > 0\nprint('rested')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "rested\n", done.stderr
