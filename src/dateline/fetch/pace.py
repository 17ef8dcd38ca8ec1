"""Keep the pace of hosts in memory: for the command line and for tests (across workers the store keeps it)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class LocalPace:
    """Be a `HostPace` within one process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def acquire(self, host: str, *, hold: float) -> float:
        """Take `host` for at most `hold` seconds. Return 0.0 when taken, else the seconds to wait before trying again."""
        with self._lock:
            now = self._clock()
            wait = self._free_at.get(host, now) - now
            if wait > 0:
                return wait
            self._free_at[host] = now + hold
            return 0.0

    def release(self, host: str, *, delay: float) -> None:
        """Give `host` back; nobody may ask it again for `delay` seconds."""
        with self._lock:
            self._free_at[host] = self._clock() + delay
