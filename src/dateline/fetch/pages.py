"""Fetch many pages: side by side where hosts differ, one request at a time where they do not."""

from __future__ import annotations

import heapq
import itertools
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dateline.errors import FetchError
from dateline.fetch.client import Client, utc_now
from dateline.fetch.polite import PATIENCE, RECHECK, Errand, Manners, resting
from dateline.fetch.robots import Robots
from dateline.types import HostPace, RawPage, Ticket

Result = tuple[Ticket, RawPage | FetchError]

FAILURES = 3  # times in a row that a host may be unreachable before the rest of its pages are put off
UNREACHABLE = frozenset({"dns", "connect", "tls", "timeout", "too_slow"})
REST = timedelta(minutes=10)  # for a host that cannot be reached
WAITING = 1  # results a worker may be ahead of whoever takes them: pages are large


def fetch_pages(
    tickets: Iterable[Ticket],
    client: Client,
    pace: HostPace,
    *,
    robots: Robots | None,
    min_pace: float,
    workers: int = 16,
    now: Callable[[], datetime] = utc_now,
) -> Iterator[Result]:
    """Yield exactly one page or error for every ticket, in the order in which they are had.

    A host is asked again `min_pace` seconds after its last answer, or the crawl delay of its robots.txt where that is longer.
    Closing the iterator ends what is under way.
    """
    manners = Manners(client, robots=robots, min_pace=min_pace, now=now)
    board = _Board()
    done: queue.Queue[Result | BaseException] = queue.Queue(maxsize=workers * WAITING)
    ready: list[Result] = []
    count = 0
    for ticket in tickets:
        try:
            board.add(_Task(ticket, Errand(client.begin(ticket.url))))
            count += 1
        except FetchError as error:
            ready.append((ticket, error))
    team = [_Worker(board, manners, pace, done) for _ in range(min(workers, board.hosts))]
    threads = [threading.Thread(target=worker.run, name=f"fetch-{n}", daemon=True) for n, worker in enumerate(team)]
    for thread in threads:
        thread.start()
    try:
        yield from ready
        for _ in range(count):
            result = done.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        board.stop()
        if any(thread.is_alive() for thread in threads):
            _end(threads, team, done)


def _end(threads: list[threading.Thread], team: list[_Worker], done: queue.Queue[Result | BaseException]) -> None:
    for thread in threads:
        while thread.is_alive():
            for worker in team:
                worker.abort()
            with suppress(queue.Empty):
                while True:
                    done.get_nowait()  # somebody may be waiting to put a result
            thread.join(0.05)


@dataclass(slots=True)
class _Task:
    ticket: Ticket
    errand: Errand


@dataclass(slots=True)
class _Host:
    name: str
    tasks: deque[_Task] = field(default_factory=deque)
    failures: int = 0


class _Board:
    """Know which host may be asked next. A host is either listed once, or in a worker's hands, or has nothing to do."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}
        self._heap: list[tuple[float, int, _Host]] = []
        self._listed: set[str] = set()
        self._change = threading.Condition()
        self._order = itertools.count()
        self._stopped = False

    @property
    def hosts(self) -> int:
        """Count the hosts."""
        return len(self._hosts)

    def add(self, task: _Task, *, first: bool = False) -> None:
        """Put a task into the queue of the host whose turn it is; one that has begun goes `first`."""
        with self._change:
            name = task.errand.host
            host = self._hosts.setdefault(name, _Host(name))
            (host.tasks.appendleft if first else host.tasks.append)(task)
            if name not in self._listed:
                self._list(host, time.monotonic())

    def take(self) -> _Host | None:
        """Wait for a host that may be asked; None when all is over."""
        with self._change:
            while not self._stopped:
                wait = self._heap[0][0] - time.monotonic() if self._heap else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._change.wait(wait)
            return None

    def pop(self, host: _Host) -> _Task:
        """Take a host's next task."""
        with self._change:
            return host.tasks.popleft()

    def give_back(self, host: _Host, wait: float) -> None:
        """List a host again, to be asked after `wait` seconds."""
        with self._change:
            if host.tasks:
                self._list(host, time.monotonic() + wait)
            else:
                self._listed.discard(host.name)

    def stop(self) -> None:
        """Send everybody home."""
        with self._change:
            self._stopped = True
            self._change.notify_all()

    def _list(self, host: _Host, at: float) -> None:
        self._listed.add(host.name)
        heapq.heappush(self._heap, (at, next(self._order), host))
        self._change.notify()


class _Worker:
    """Take turns at hosts until there are none."""

    def __init__(
        self, board: _Board, manners: Manners, pace: HostPace, done: queue.Queue[Result | BaseException]
    ) -> None:
        self._board = board
        self._manners = manners
        self._pace = pace
        self._done = done
        self._errand: Errand | None = None  # under way

    def abort(self) -> None:
        """End the request under way."""
        errand = self._errand
        if errand is not None:
            errand.abort()

    def run(self) -> None:
        """Work until the board says that all is over."""
        try:
            while (host := self._board.take()) is not None:
                self._board.give_back(host, self._turn(host))
        except BaseException as error:  # noqa: BLE001 (a bug or an outage: it ends the batch, in the caller's thread)
            self._done.put(error)

    def _turn(self, host: _Host) -> float:
        """Ask a host once, if it may be asked. Return the seconds to leave it alone."""
        if not self._prepared(host):
            return 0.0
        wait = self._pace.acquire(host.name, hold=self._manners.hold)
        if wait > max(PATIENCE, self._manners.hold):  # longer than any worker holds a host: it asked for that
            self._put_off(host, wait)
        if wait > 0:
            return min(wait, RECHECK)
        task = self._board.pop(host)
        asked = task.errand.visit.next_url
        delay = 0.0
        page: RawPage | FetchError | None
        self._errand = task.errand
        try:
            page = self._manners.turn(task.errand)
        except FetchError as error:
            page = error
            delay = self._pause_after(host, error)
        finally:
            self._errand = None
            delay = max(delay, self._manners.delay(asked))
            self._pace.release(host.name, delay=delay)
        if page is None:
            self._board.add(task, first=True)
            return delay
        if not isinstance(page, FetchError):
            host.failures = 0
        self._done.put((task.ticket, page))
        if delay > PATIENCE:
            self._put_off(host, delay)
        return delay

    def _prepared(self, host: _Host) -> bool:
        """Answer the tasks at the head of a host's queue that need no request. Say whether one is left that does."""
        while host.tasks:
            task = host.tasks[0]
            try:
                self._manners.prepare(task.errand)
            except FetchError as error:
                self._board.pop(host)
                self._done.put((task.ticket, error))
                continue
            if task.errand.host == host.name:
                return True
            self._board.add(self._board.pop(host), first=True)  # its robots.txt, which led elsewhere, came meanwhile
        return False

    def _pause_after(self, host: _Host, error: FetchError) -> float:
        """Return how long an error keeps us from a host: as it asks, or since it cannot be reached."""
        host.failures = host.failures + 1 if error.code in UNREACHABLE else 0
        if host.failures >= FAILURES:
            return REST.total_seconds()
        return error.after.total_seconds() if error.after is not None else 0.0

    def _put_off(self, host: _Host, wait: float) -> None:
        """Answer all that waits for a host, without asking it."""
        while host.tasks:
            self._done.put((self._board.pop(host).ticket, resting(host.name, wait)))
