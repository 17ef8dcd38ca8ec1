"""Say how to open the database with psql: the wheel's own, and without the password on the command line."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dateline.errors import StackError
from dateline.stack.binaries import find_binaries
from dateline.stack.files import write_secret
from dateline.stack.home import Home
from dateline.stack.postgres import Postgres


def psql_command(home: Home, url: str) -> str:
    """Return a command line that opens `url`; the password lies in a file that only its owner can read."""
    parts = urlsplit(url)
    shown = f"postgresql://{parts.username or ''}@{parts.hostname or ''}:{parts.port or 5432}{parts.path}"
    program = _program()
    if Postgres(home.path).data is None:
        return f"{program} {shlex.quote(shown)}"
    passwords = home.path / "pgpass"
    fields = (parts.hostname or "", str(parts.port or 5432), "*", parts.username or "", unquote(parts.password or ""))
    write_secret(passwords, ":".join(field.replace("\\", "\\\\").replace(":", "\\:") for field in fields) + "\n")
    return f"PGPASSFILE={shlex.quote(str(passwords))} {program} {shlex.quote(shown)}"


def _program() -> str:
    found = shutil.which("psql")
    if found:
        return "psql"
    try:
        return shlex.quote(str(Path(find_binaries(18)) / "psql"))
    except StackError:
        return "psql"
