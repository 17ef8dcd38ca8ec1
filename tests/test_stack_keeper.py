"""The keeper: restarts, giving up, and leaving no process behind, with small programs in place of real ones."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dateline.stack.home import COMPONENT, MARKER
from dateline.stack.keeper import Keeper, Kept, set_aside
from dateline.stack.processes import is_alive, marked, wait_gone
from dateline.stack.service import Program

SLEEP = "import time; time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)
CRASH = "import sys; print('no such table: weather'); sys.exit(3)"
PARENT = f"""
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {STUBBORN!r}], start_new_session=True)
time.sleep(60)
"""


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def mark():
    """Mark the processes of this test, and end those that a failed test leaves."""
    name = f"test-{os.getpid()}-{time.monotonic_ns()}"
    yield name
    for process in marked(name):
        process.kill()


@pytest.fixture
def said():
    return []


@pytest.fixture
def keeper(said):
    return Keeper(say=lambda *event: said.append(event), pauses=(0.05, 0.1))


def program(code, tmp_path, mark, *, name="program", answers=lambda _: True, before=None):
    env = {**os.environ, MARKER: mark, COMPONENT: name}
    log = tmp_path / f"{name}.log"
    service = Program([sys.executable, "-c", code], log=log, env=env, cwd=tmp_path, answers=answers, before=before)
    return Kept(name, service, log=log)


def step_until(keeper, condition, seconds=15.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        keeper.step()
        time.sleep(0.01)


def test_program_comes_up_when_it_answers(keeper, said, tmp_path, mark):
    ready = []
    keeper.add(program(SLEEP, tmp_path, mark, answers=lambda _: bool(ready)))
    keeper.start("program")
    keeper.step()
    assert keeper.kept["program"].state == "starting"
    ready.append(True)
    keeper.step()
    assert keeper.all_up()
    assert said[-1][:2] == ("program", "up")
    keeper.stop({"program": 5})
    assert keeper.kept["program"].state == "stopped"
    assert marked(mark) == []


def test_killed_program_is_said_and_started_again(keeper, said, tmp_path, mark):
    keeper.add(program(SLEEP, tmp_path, mark))
    keeper.start("program")
    keeper.step()
    first = keeper.kept["program"].service.pid()
    psutil.Process(first).kill()
    step_until(keeper, lambda: keeper.kept["program"].restarts == 1 and keeper.all_up())
    row = keeper.kept["program"].row()
    assert row["pid"] not in (None, first)
    assert row["crash"] == "killed by signal 9"
    assert [what for _, what, _ in said] == ["up", "crashed", "up"]
    assert "program.log" in said[1][2]
    keeper.stop({"program": 5})


def test_program_that_always_fails_is_given_up_with_its_log_named(keeper, said, tmp_path, mark):
    keeper.add(program(CRASH, tmp_path, mark, answers=lambda _: False))
    keeper.start("program")
    step_until(keeper, lambda: bool(keeper.failed()))
    kept = keeper.failed()[0]
    assert kept.restarts == 2
    assert kept.message == "ended with status 3; gave up after 3 tries"
    assert said[-1][1] == "failed"
    assert str(kept.log) in said[-1][2]
    assert kept.log.read_text().count("no such table") == 3
    keeper.step()  # and nothing more happens
    assert kept.service.pid() is None


def test_crashes_long_ago_are_forgiven(said, tmp_path, mark):
    clock = Clock()
    keeper = Keeper(say=lambda *event: said.append(event), clock=clock, pauses=(1.0,))
    keeper.add(program(SLEEP, tmp_path, mark))
    keeper.start("program")
    for _ in range(3):
        keeper.step()
        psutil.Process(keeper.kept["program"].service.pid()).kill()
        step_until(keeper, lambda: keeper.kept["program"].state == "restarting")
        clock.now += 2
        step_until(keeper, lambda: keeper.kept["program"].state == "up")
        clock.now += 1000
        keeper.step()
    assert not keeper.failed()
    keeper.stop({"program": 5})


def test_program_that_never_answers_is_started_again(said, tmp_path, mark):
    clock = Clock()
    keeper = Keeper(say=lambda *event: said.append(event), clock=clock, pauses=(1.0,))
    keeper.add(program(SLEEP, tmp_path, mark, answers=lambda _: False))
    keeper.start("program")
    clock.now += 121
    keeper.step()
    assert keeper.kept["program"].state == "restarting"
    assert "not ready after 120 s" in keeper.kept["program"].crash
    assert wait_gone(marked(mark), 5) == []


def test_what_keeps_a_program_from_its_first_start_is_raised(keeper, tmp_path, mark):
    def refuse():
        raise OSError("the port is taken")

    keeper.add(program(SLEEP, tmp_path, mark, before=refuse))
    with pytest.raises(OSError, match="the port is taken"):
        keeper.start("program")


def test_stop_ends_the_deaf_and_the_orphans(keeper, tmp_path, mark):
    keeper.add(program(PARENT, tmp_path, mark, name="parent"))
    keeper.add(program(STUBBORN, tmp_path, mark, name="deaf"))
    keeper.start("parent", "deaf")
    step_until(keeper, lambda: len(marked(mark)) == 3)
    step_until(keeper, lambda: "deaf" in (tmp_path / "deaf.log").read_text() + (tmp_path / "parent.log").read_text())
    began = time.monotonic()
    keeper.stop({"parent": 0.5, "deaf": 0.5})
    assert marked(mark) == []
    assert time.monotonic() - began < 5


def test_crash_of_a_parent_ends_its_children_before_it_starts_again(keeper, tmp_path, mark):
    keeper.add(program(PARENT, tmp_path, mark))
    keeper.start("program")
    step_until(keeper, lambda: len(marked(mark)) == 2)
    before = marked(mark)
    psutil.Process(keeper.kept["program"].service.pid()).kill()
    step_until(keeper, lambda: keeper.kept["program"].restarts == 1)
    assert not any(is_alive(process) for process in before)
    keeper.stop({"program": 1})


def test_marked_finds_children_of_the_dead_but_not_others(tmp_path, mark):
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True)"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, MARKER: mark, COMPONENT: "a"}, check=True)
    assert len(marked(mark)) == 1
    assert len(marked(mark, component="a")) == 1
    assert marked(mark, component="b") == []
    assert marked("another") == []
    assert marked("") == []


def test_long_logs_are_set_aside_while_the_program_writes_on(tmp_path):
    log = tmp_path / "a.log"
    with log.open("ab") as writer:
        writer.write(b"x" * 2000)
        writer.flush()
        set_aside(log, limit=1000)
        writer.write(b"next")
    assert log.read_bytes() == b"next"
    assert len(Path(f"{log}.1").read_bytes()) == 2000
    set_aside(tmp_path / "missing.log")
