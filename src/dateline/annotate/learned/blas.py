"""Keep matrix products on one thread: those of a sentence are too small to share, and a waiting thread costs as much as a working one."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

PLACES = ("../numpy.libs/*openblas*", ".dylibs/*openblas*")  # of the library, beside numpy
NAMES = (
    "scipy_openblas_{}_num_threads64_",
    "scipy_openblas_{}_num_threads",
    "openblas_{}_num_threads64_",
    "openblas_{}_num_threads",
)


@contextmanager
def one_thread() -> Iterator[None]:
    """Have numpy's matrix products run on one thread meanwhile; where its library is another than OpenBLAS, change nothing."""
    switches = _switches()
    if switches is None:
        yield
        return
    get, put = switches
    before = get()
    if before == 1:
        yield
        return
    put(1)
    try:
        yield
    finally:
        put(before)


@cache
def _switches() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """Return how to ask for, and how to set, the number of threads."""
    home = Path(np.__file__).parent
    for path in sorted(found for place in PLACES for found in home.glob(place)):
        try:
            library = ctypes.CDLL(str(path))
        except OSError:
            continue
        for name in NAMES:
            if hasattr(library, name.format("set")) and hasattr(library, name.format("get")):
                return getattr(library, name.format("get")), getattr(library, name.format("set"))
    return None
