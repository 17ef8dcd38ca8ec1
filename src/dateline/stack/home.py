"""Name the files of a stack's state folder, and keep what is chosen once: ports, passwords, addresses."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from dateline.errors import StackError
from dateline.settings import STATE_FILE
from dateline.stack.files import make_folder, read_json, write_json, write_secret

MARKER = "DATELINE_STACK_ID"  # in the environment of every process of a stack, so that none of them is ever lost
COMPONENT = "DATELINE_COMPONENT"
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Home:
    """Be the state folder of one stack."""

    path: Path

    @property
    def id(self) -> str:
        """Return what tells this stack's processes from another's."""
        return hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]

    @property
    def state(self) -> Path:
        """Return the file that `settings.py` reads as well: addresses and ports."""
        return self.path / STATE_FILE

    @property
    def secrets(self) -> Path:
        """Return the file of keys and passwords."""
        return self.path / "secrets.json"

    @property
    def password(self) -> Path:
        """Return the file that holds the UI's password and nothing else, for a person to read."""
        return self.path / "airflow-password"

    @property
    def status(self) -> Path:
        """Return the file in which the supervisor says how things stand."""
        return self.path / "supervisor.json"

    @property
    def lock(self) -> Path:
        """Return the file that a living supervisor holds locked."""
        return self.path / "supervisor.lock"

    @property
    def control(self) -> Path:
        """Return the file that whoever starts or stops the stack locks for that time."""
        return self.path / "control.lock"

    @property
    def logs(self) -> Path:
        """Return the folder of all log files."""
        return self.path / "logs"

    @property
    def events(self) -> Path:
        """Return the file of what happened to components, one JSON object a line."""
        return self.logs / "events.jsonl"

    @property
    def airflow(self) -> Path:
        """Return AIRFLOW_HOME."""
        return self.path / "airflow"

    def log_of(self, component: str) -> Path:
        """Return the file that a component's output goes to."""
        return self.logs / f"{component}.log"

    def create(self) -> Home:
        """Make the folders. Raises StackError where we may not write."""
        for folder in (self.path, self.logs, self.airflow):
            make_folder(folder)
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise StackError(f"{self.path} cannot be written: set DATELINE_HOME to another folder")
        return self


def open_home(path: Path) -> Home:
    """Return the home at an absolute path without links, so that one folder is always one stack."""
    return Home(path.expanduser().resolve())


@dataclass(frozen=True, slots=True, kw_only=True)
class StackState:
    """Hold what a stack chose once and keeps. `settings` feeds dateline.settings.Settings."""

    settings: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    metadata_url: str | None = None  # Airflow's own database
    told: bool = False  # the UI's password was shown
    migrated: str | None = None  # the Airflow version that `metadata_url` was last migrated for


def load_state(home: Home) -> StackState:
    """Read the state; a fresh one where there is none."""
    content = read_json(home.state)
    return StackState(**{name: content[name] for name in StackState.__dataclass_fields__ if name in content})


def save_state(home: Home, state: StackState, **changes: Any) -> StackState:
    """Write the state, changed; return it."""
    changed = replace(state, **changes)
    write_json(home.state, asdict(changed))
    return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class StackSecrets:
    """Hold the keys that a stack generated for itself."""

    admin_password: str
    jwt_secret: str
    fernet_key: str
    api_secret_key: str


def load_secrets(home: Home) -> StackSecrets:
    """Return the secrets, made now where there are none."""
    content = read_json(home.secrets)
    if not content:
        content = {
            "admin_password": secrets.token_urlsafe(12),
            "jwt_secret": secrets.token_urlsafe(48),
            "fernet_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "api_secret_key": secrets.token_urlsafe(32),
        }
        write_json(home.secrets, content)
        write_secret(home.password, content["admin_password"] + "\n")
    try:
        return StackSecrets(**content)
    except TypeError as error:
        raise StackError(f"{home.secrets} is damaged: move it away and start again") from error
