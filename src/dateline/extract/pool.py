"""Read many pages side by side, in processes that can be ended: one page never costs the others.

Each worker process is served by a thread of ours that only waits for it. A worker bounds the CPU time of each page, and the
kernel that of the worker (`bounds.py`); here is the watch by the clock. A page that takes too long, or whose process dies,
becomes an ExtractError; the process is replaced. Workers are kept between calls, for starting one costs as much
as twenty pages; they end with this process, because their stdin does.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO

from dateline.errors import ExtractError
from dateline.extract.bounds import CLOCK_SECONDS, PAGE_SECONDS
from dateline.extract.frames import HEADER, write_frame
from dateline.types import Article, RawPage, Ticket

START_SECONDS = 60.0  # a worker's first answer includes its imports
ENDING_SECONDS = 1.0  # between a process's last word and its end
PAGES_EACH = 2_000  # then a worker is replaced, so that a leak in a library stays small
AHEAD = 2  # pages per worker that wait in memory

Outcome = tuple[Ticket, Article | ExtractError]


class Worker:
    """Hold one process that reads pages, started when it is first asked."""

    def __init__(self, *, page_seconds: float = PAGE_SECONDS, clock_seconds: float = CLOCK_SECONDS) -> None:
        self._page_seconds = page_seconds  # of CPU
        self._clock_seconds = clock_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._answered = 0

    def read(self, page: RawPage) -> Article | ExtractError:
        """Ask for one page, and end the process if the answer does not come in time."""
        if self._answered >= PAGES_EACH:
            self.close()
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        limit = self._clock_seconds + (START_SECONDS if not self._answered else 0)
        try:
            write_frame(process.stdin, page)
            answer = _receive(process.stdout, time.monotonic() + limit)
        except TimeoutError:
            self.close()
            return ExtractError(f"page took longer than {self._clock_seconds:g} s", code="timeout")
        except (EOFError, OSError) as error:
            status = _status(process)
            self.close()
            if status == -signal.SIGXCPU:
                return ExtractError(f"page took longer than {self._page_seconds:g} s of CPU time", code="timeout")
            return ExtractError(f"the reading process ended (status {status}): {error or 'no answer'}", code="crashed")
        self._answered += 1
        if isinstance(answer, BaseException) and not isinstance(answer, ExtractError):
            raise answer
        assert isinstance(answer, Article | ExtractError)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        self._answered = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dateline.extract.worker", str(self._page_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self._process

    def close(self) -> None:
        """End the process."""
        process, self._process, self._answered = self._process, None, 0
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()


def _status(process: subprocess.Popen[bytes]) -> int | None:
    """Return how a process ended whose end of the pipe is closed: the kernel may tell a moment later."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(ENDING_SECONDS)
    return process.poll()


def _receive(stream: IO[bytes], deadline: float) -> object:
    """Receive one frame before `deadline`. Raises TimeoutError, EOFError."""
    size = int.from_bytes(_exactly(stream, HEADER, deadline), "big")
    return pickle.loads(_exactly(stream, size, deadline))  # noqa: S301 (our own worker wrote it)


def _exactly(stream: IO[bytes], size: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    missing = size
    while missing:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([stream], [], [], left)[0]:
            raise TimeoutError
        part = os.read(stream.fileno(), missing)
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


_kept: deque[Worker] = deque()  # workers that wait for the next call
_kept_lock = threading.Lock()


def extract_pages(
    pages: Iterable[tuple[Ticket, RawPage]], *, workers: int, page_seconds: float = PAGE_SECONDS
) -> Iterator[Outcome]:
    """Yield each page's article or error, in the order of `pages`, reading `workers` at once."""
    team: deque[Worker] = deque()
    with _kept_lock:
        while _kept and len(team) < workers and page_seconds == PAGE_SECONDS:
            team.append(_kept.popleft())
    team.extend(Worker(page_seconds=page_seconds) for _ in range(workers - len(team)))

    def read(page: RawPage) -> Article | ExtractError:
        worker = team.popleft()  # there are as many workers as threads
        try:
            return worker.read(page)
        finally:
            team.append(worker)

    waiting: deque[tuple[Ticket, Future[Article | ExtractError]]] = deque()
    threads = ThreadPoolExecutor(workers, thread_name_prefix="extract")
    try:
        for ticket, page in pages:
            waiting.append((ticket, threads.submit(read, page)))
            if len(waiting) >= workers * AHEAD:
                first, answer = waiting.popleft()
                yield first, answer.result()
        while waiting:
            first, answer = waiting.popleft()
            yield first, answer.result()
    finally:
        threads.shutdown(wait=True, cancel_futures=True)
        _dismiss(team, keep=page_seconds == PAGE_SECONDS)


def _dismiss(team: deque[Worker], *, keep: bool) -> None:
    if keep:
        with _kept_lock:
            _kept.extend(team)
        return
    for worker in team:
        worker.close()
