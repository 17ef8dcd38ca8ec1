"""Choose the account that Postgres runs under: ourselves, or an unprivileged one where we are root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dateline.errors import StackError

CANDIDATES = ("dateline", "postgres", "nobody")  # unprivileged accounts that we use as they are
CREATED = "dateline"  # made only where none of them exists


@dataclass(frozen=True, slots=True)
class Account:
    """Name who runs a program. `uid` None: whoever we are."""

    uid: int | None = None
    gid: int | None = None

    def run(self, argv: Sequence[str | Path], *, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a program to its end as this account, from `/` (our own folder may be closed to it)."""
        return subprocess.run(
            [str(part) for part in argv],
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=timeout,
            umask=0o077,
        )

    def spawn(self, argv: Sequence[str | Path], *, out: BinaryIO) -> subprocess.Popen[bytes]:
        """Start a program that goes on after us, in a session of its own, with its output appended to `out`."""
        return subprocess.Popen(
            [str(part) for part in argv],
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
        )

    def can_run(self, program: Path) -> bool:
        """Say whether the account reaches and may execute `program`."""
        if self.uid is None:
            return os.access(program, os.X_OK)
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def can_enter(self, folder: Path) -> bool:
        """Say whether the account may pass through `folder` and all its parents."""
        if self.uid is None:
            return os.access(folder, os.X_OK)
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0

    def own(self, path: Path) -> None:
        """Give `path` to the account."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def find_account(owned: Path) -> Account:
    """Return who shall run Postgres. Where `owned` is there already, its owner; Postgres refuses to run as root."""
    if os.geteuid() != 0:
        return Account()
    if owned.exists() and (owner := owned.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return Account(found.pw_uid, found.pw_gid)
    return _create()


def _create() -> Account:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd:
        subprocess.run(
            [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", CREATED],
            check=False,
            capture_output=True,
        )
    try:
        found = pwd.getpwnam(CREATED)
    except KeyError:
        raise StackError(
            "Postgres does not run as root, and no unprivileged account was found or could be made: "
            f"create one (`useradd --system {CREATED}`) or run as an ordinary user"
        ) from None
    return Account(found.pw_uid, found.pw_gid)


def _environment() -> dict[str, str]:
    """Leave out what would change initdb and the server (PG…, locales), and our own: the server is no child of the stack."""
    foreign = ("PG", "LC_", "LANG", "DATELINE_", "AIRFLOW")
    keep = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**keep, "LC_ALL": "C"}
