"""Keep a page from taking for ever, and the libraries from remembering every page."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from dateline.errors import ExtractError

PAGE_SECONDS = 10.0  # a page takes 0.03 s; what takes three hundred times that is broken


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End the block with ExtractError `timeout` when its time is up.

    By a timer signal, so in the main thread of a POSIX process only; elsewhere there is no limit, and the pool's own
    watch (`pool.py`), which ends the whole process, is the one that holds.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise ExtractError(f"page took longer than {seconds:g} s", code="timeout")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


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
