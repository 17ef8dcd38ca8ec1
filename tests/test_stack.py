"""The whole embedded stack, for real: it comes up, survives a killed component, and goes without a trace."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from dateline.stack.control import processes
from dateline.stack.home import load_secrets, open_home
from dateline.stack.processes import family, is_alive
from dateline.stack.rest import open_airflow
from dateline.stack.status import read_status

pytestmark = [pytest.mark.stack, pytest.mark.timeout(280)]

CODE = "from dateline.cli import main; main()"


@pytest.fixture(scope="module")
def home():
    folder = Path(tempfile.mkdtemp(prefix="dateline-stack-"))
    folder.chmod(0o711)
    place = open_home(folder / "state of the stack")
    yield place
    dateline(place, "stack", "down")
    shutil.rmtree(folder, ignore_errors=True)


def dateline(home, *argv, **options):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    return subprocess.run(
        [sys.executable, "-c", CODE, *argv],
        env={**environment, "DATELINE_HOME": str(home.path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        **options,
    )


def pid_of(home, component):
    return next(row["pid"] for row in read_status(home).components if row["name"] == component)


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.2)


def listening(everyone):
    found = set()
    for process in everyone:
        with suppress(psutil.NoSuchProcess):  # tasks come and go
            connections = process.net_connections("tcp")
            found |= {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}
    return found


def test_stack_lives_and_dies(home):
    """One story, because a start takes its time: up, up again, a crash, its restart, down."""
    up = dateline(home, "stack", "up")
    assert up.returncode == 0, up.stderr + up.stdout
    secrets = load_secrets(home)
    assert secrets.admin_password in up.stdout  # shown this once
    status = dateline(home, "stack", "status", "--json")
    assert status.returncode == 0
    found = json.loads(status.stdout)
    assert {row["name"]: row["state"] for row in found["components"]} == dict.fromkeys(
        ["postgres", "newsroom", "api-server", "scheduler", "dag-processor", "triggerer"], "up"
    )

    airflow = open_airflow(found["url"], secrets.admin_password)
    wait_for(lambda: airflow.dag("discover") is not None)
    assert airflow.dag("discover")["is_paused"] is False
    assert airflow.import_errors() == []

    assert listening(processes(home)) == {"127.0.0.1"}

    pids = {row["name"]: row["pid"] for row in found["components"]}
    again = dateline(home, "stack", "up")
    assert again.returncode == 0
    assert "already up" in again.stdout
    assert secrets.admin_password not in again.stdout
    assert {row["name"]: row["pid"] for row in read_status(home).components} == pids

    before = family(psutil.Process(pids["scheduler"]))
    os.kill(pids["scheduler"], signal.SIGKILL)
    wait_for(lambda: read_status(home).phase == "partly", 10)
    assert dateline(home, "stack", "status").returncode == 1
    wait_for(lambda: read_status(home).phase == "up")
    assert pid_of(home, "scheduler") != pids["scheduler"]
    assert not any(is_alive(process) for process in before)
    assert "scheduler crashed killed by signal 9" in dateline(home, "stack", "logs").stdout

    everyone = processes(home)
    down = dateline(home, "stack", "down")
    assert down.returncode == 0, down.stderr
    assert processes(home) == []
    assert not any(is_alive(process) for process in everyone)
    assert dateline(home, "stack", "status").returncode == 3
    assert dateline(home, "stack", "down").stdout.strip() == "not running"


def test_killed_supervisor_is_noticed_and_cleared(home):
    """The half-started stack of a supervisor that was killed is gone after `down`."""
    assert dateline(home, "stack", "down").returncode == 0
    starting = subprocess.Popen(
        [sys.executable, "-c", CODE, "stack", "up"],
        env={**os.environ, "DATELINE_HOME": str(home.path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: any(row["name"] == "scheduler" and row["pid"] for row in read_status(home).components), 30)
    everyone = processes(home)
    os.kill(read_status(home).pid, signal.SIGKILL)
    _, said = starting.communicate(timeout=60)
    assert starting.returncode == 2
    assert "the stack did not start: its supervisor has gone" in said
    assert processes(home) == []
    assert not any(is_alive(process) for process in everyone)
