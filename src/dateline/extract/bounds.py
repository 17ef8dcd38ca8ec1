"""Keep a page from taking for ever, and the libraries from remembering every page."""

from __future__ import annotations

import gc
import math
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from dateline.errors import ExtractError

PAGE_SECONDS = (
    10.0  # CPU seconds: a page takes 0.03; what takes three hundred times that is broken, however busy the machine
)
CLOCK_SECONDS = 60.0  # by the clock: a page that waits, or whose process stands still, ends here
AGAIN = 1.0  # seconds after which a signal comes again, where a library swallowed the first
GRACE = 5  # CPU seconds above a page's bound after which the kernel ends a process that no signal could reach


@contextmanager
def time_limit(seconds: float = PAGE_SECONDS, *, clock: float = CLOCK_SECONDS) -> Iterator[None]:
    """End the block with ExtractError `timeout` when it has used so many CPU seconds, or when `clock` seconds have gone by.

    By timer signals, so in the main thread of a POSIX process only; elsewhere there is no limit, and the pool's own
    watch (`pool.py`), which ends the whole process, is the one that holds.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, _frame: FrameType | None) -> None:
        told = f"{seconds:g} s of CPU time" if number == signal.SIGPROF else f"{clock:g} s"
        raise ExtractError(f"page took longer than {told}", code="timeout")

    timers = ((signal.ITIMER_PROF, signal.SIGPROF, seconds), (signal.ITIMER_REAL, signal.SIGALRM, clock))
    before = [signal.signal(number, ring) for _, number, _ in timers]
    try:
        for timer, _, limit in timers:
            signal.setitimer(timer, limit, AGAIN)
        yield
    finally:
        for (timer, number, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def cpu_limit(seconds: float = PAGE_SECONDS, *, grace: int = GRACE) -> None:
    """Have the kernel end this process when it has used so many CPU seconds more, and some grace.

    `time_limit` waits for Python to look at its signals; a library's loop in C may never let it. Call it again for each page.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    limit = math.ceil(time.process_time() + seconds) + grace
    resource.setrlimit(resource.RLIMIT_CPU, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def calm_collector() -> None:
    """Let the garbage collector run less often: a page makes some ten thousand objects, nearly all without cycles.

    For processes that read pages and nothing else; `release_caches` collects what is left.
    """
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


def release_caches() -> None:
    """Empty the caches of trafilatura, htmldate, courlan and justext, so that memory stays flat."""
    from trafilatura.meta import reset_caches

    reset_caches()
    gc.collect()
