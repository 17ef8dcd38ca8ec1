"""Read pages in a process of its own: `python -m dateline.extract.worker [CPU seconds a page]`, asked by `pool.py`.

Frames on stdin and stdout carry pages and answers (`frames.py`). The process ends when its stdin does, so that none
outlives its parent.
"""

from __future__ import annotations

import os
import resource
import sys

from dateline.errors import DatelineError, ExtractError
from dateline.extract.bounds import PAGE_SECONDS, calm_collector, cpu_limit, release_caches, time_limit
from dateline.extract.frames import read_frame, write_frame
from dateline.extract.read import extract_page
from dateline.types import Article, RawPage

MEMORY = 3 << 30  # bytes of address space; a page that wants more ends with an error, not the machine
CACHES_EVERY = 200  # pages


def read_one(page: RawPage, seconds: float = PAGE_SECONDS) -> Article | ExtractError:
    """Read one page within so many CPU seconds; whatever is wrong with it is the answer."""
    try:
        with time_limit(seconds):
            return extract_page(page)
    except ExtractError as error:
        return error
    except DatelineError as error:
        return ExtractError(error.message, code=error.code)
    except MemoryError:
        return ExtractError("page needs more memory than a page may", code="too_large")
    except RecursionError:
        return ExtractError("page nests too deep", code="too_deep")


def main(seconds: float = PAGE_SECONDS) -> None:
    """Answer pages until there are none."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not write into our frames
    calm_collector()
    done = 0
    while True:
        try:
            page = read_frame(source)
        except EOFError:
            return
        assert isinstance(page, RawPage)
        cpu_limit(seconds)
        answer = read_one(page, seconds)
        done += 1
        if done % CACHES_EVERY == 0:
            release_caches()
        write_frame(sink, answer)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
