"""Find ports on loopback that nobody listens on."""

from __future__ import annotations

import errno
import random
import socket
from collections.abc import Collection

import psutil

from dateline.errors import StackError

LOOPBACK = "127.0.0.1"
FIRST, LAST = (
    20_000,
    31_999,
)  # below the ephemeral range of Linux and macOS, so that no outgoing connection takes a kept port
ATTEMPTS = 200


def is_free(port: int, *, host: str = LOOPBACK) -> bool:
    """Say whether a server could listen on `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections in TIME_WAIT do not count
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def free_port(taken: Collection[int] = (), *, prefer: int | None = None) -> int:
    """Return `prefer` if it is free, else a free port that is not in `taken`."""
    if prefer is not None and prefer not in taken and is_free(prefer):
        return prefer
    choose = random.SystemRandom()
    for _ in range(ATTEMPTS):
        port = choose.randint(FIRST, LAST)
        if port not in taken and is_free(port):
            return port
    raise StackError(f"no free port between {FIRST} and {LAST} on {LOOPBACK}")


def require_free(port: int, *, purpose: str) -> None:
    """Raise StackError, naming who listens there, where `port` is not free."""
    if not is_free(port):
        raise StackError(
            f"port {port}, which {purpose} keeps, is in use by {_listener(port)}: end that program, then try again"
        )


def _listener(port: int) -> str:
    try:
        for found in psutil.net_connections("tcp"):
            if found.laddr and found.laddr.port == port and found.status == psutil.CONN_LISTEN and found.pid:
                return f"{psutil.Process(found.pid).name()} (pid {found.pid})"
    except psutil.Error:
        pass  # macOS tells only root
    return "another program"


def hostname() -> str:
    """Return the name under which Airflow's parts know this machine: never asked of DNS, which may be slow or away."""
    return "localhost"
