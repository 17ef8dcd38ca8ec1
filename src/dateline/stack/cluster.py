"""Make the data folder of a Postgres server, and write its settings."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from dateline.errors import StackError
from dateline.stack.account import Account
from dateline.stack.ports import LOOPBACK

USER = "dateline"  # the superuser
TAIL_LINES = 5

DURABLE = {
    "shared_buffers": "128MB",
    "wal_compression": "off",  # most full pages are of hashed keys: a fifth of the server's time saved a twentieth of their bytes
    "logging_collector": "on",
    "log_directory": "'log'",
    "log_filename": "'postgres-%a.log'",  # one file a weekday, overwritten a week later: bounded
    "log_truncate_on_rotation": "on",
    "log_rotation_size": "0",
}
THROWAWAY = {  # for tests: a crash may lose everything
    "shared_buffers": "32MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "autovacuum_naptime": "1h",
}
ALWAYS = {
    "listen_addresses": f"'{LOOPBACK}'",
    "unix_socket_directories": "''",  # a socket's path may have 107 bytes only; TCP works from any folder
    "max_connections": "100",
    "password_encryption": "'scram-sha-256'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_line_prefix": "'%m [%p] %q%u@%d/%a '",
}
HBA = f"""# written by dateline: a password for everyone, loopback only
host all all {LOOPBACK}/32 scram-sha-256
"""


def make_cluster(account: Account, programs: Path, data: Path, *, password: str, version: int, durable: bool) -> None:
    """Create the cluster beside its place and move it there whole, so that a broken-off initdb leaves nothing."""
    scratch = Path(tempfile.mkdtemp(dir=data.parent, prefix=".initdb-"))
    try:
        account.own(scratch)
        secret = scratch / "password"
        secret.touch(0o600)
        secret.write_text(password)
        account.own(secret)
        fresh = scratch / "data"
        argv: list[str | Path] = [
            programs / "initdb",
            "-D",
            fresh,
            "-U",
            USER,
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
        ]
        argv += ["--encoding=UTF8", "--no-instructions"]
        if not durable:
            argv.append("--no-sync")
        if version >= 17:  # noqa: PLR2004 (the first with a collation of its own, the same on every system)
            argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = account.run([*argv, "--locale=C.UTF-8"])
        if done.returncode and "locale" in done.stdout:  # a system without C.UTF-8
            shutil.rmtree(fresh, ignore_errors=True)
            done = account.run([*argv, "--locale=C"])
        if done.returncode:
            raise StackError(f"initdb failed: {last_lines(done.stdout)}")
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude_if_exists = 'dateline.conf'  # rewritten at every start\n")
        (fresh / "pg_hba.conf").write_text(HBA, encoding="utf-8")
        fresh.rename(data)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def configure(account: Account, data: Path, *, port: int, durable: bool) -> None:
    """Write the settings that the server reads at its next start."""
    settings = {**ALWAYS, **(DURABLE if durable else THROWAWAY), "port": str(port)}
    path = data / "dateline.conf"
    path.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()), encoding="utf-8")
    path.chmod(0o600)
    account.own(path)


def last_lines(text: str) -> str:
    """Return the end of what a program said, in one line."""
    return " / ".join(line.strip() for line in text.strip().splitlines()[-TAIL_LINES:])
