"""End a fetch at its total deadline, whatever the server does.

Time limits of sockets bound the wait between two bytes, so a server that drips one byte a second holds a reader for ever, in
the headers as well as in the body. The watchdog shuts the socket down from another thread; the reader sees its end.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar

current_deadline: ContextVar[Deadline | None] = ContextVar("current_deadline", default=None)  # of this thread's fetch


class Deadline:
    """Know until when one request may take, and which sockets it uses."""

    def __init__(self, at: float) -> None:
        self.at = at
        self._began = time.monotonic()
        self.expired = False
        self.reused = False  # the request went over a connection that had served before
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()

    @property
    def left(self) -> float:
        """Return the seconds that are left, at least a little: zero means "for ever" to a socket."""
        return max(0.01, self.at - time.monotonic())

    @property
    def taken(self) -> float:
        """Return the seconds that have gone by."""
        return time.monotonic() - self._began

    def attach(self, sock: socket.socket) -> None:
        """Watch a socket. A second handle is kept: it survives TLS wrapping, and what closes the first."""
        handle = socket.fromfd(sock.fileno(), sock.family, sock.type)
        with self._lock:
            self._sockets.append(handle)
            late = self.expired
        if late:
            self.expire()

    def expire(self) -> None:
        """Shut every socket down."""
        with self._lock:
            self.expired = True
            for handle in self._sockets:
                with contextlib.suppress(OSError):  # the server was faster
                    handle.shutdown(socket.SHUT_RDWR)

    def done(self) -> None:
        """Let go of the sockets."""
        with self._lock:
            for handle in self._sockets:
                handle.close()
            self._sockets.clear()


class Watchdog:
    """Expire deadlines when their time comes, in one thread that starts with the first."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Deadline]] = []
        self._live: set[Deadline] = set()
        self._wake = threading.Condition()
        self._count = itertools.count()
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextlib.contextmanager
    def watch(self, seconds: float) -> Iterator[Deadline]:
        """Bound what happens inside to `seconds`."""
        deadline = Deadline(time.monotonic() + seconds)
        self._add(deadline)
        token = current_deadline.set(deadline)
        try:
            yield deadline
        finally:
            current_deadline.reset(token)
            with self._wake:
                self._live.discard(deadline)
            deadline.done()

    def close(self) -> None:
        """Stop watching."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    def _add(self, deadline: Deadline) -> None:
        with self._wake:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="fetch-watchdog", daemon=True)
                self._thread.start()
            self._live.add(deadline)
            heapq.heappush(self._heap, (deadline.at, next(self._count), deadline))
            if self._heap[0][2] is deadline:
                self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                if self._closed:
                    return
                while self._heap and self._heap[0][2] not in self._live:
                    heapq.heappop(self._heap)
                wait = self._heap[0][0] - time.monotonic() if self._heap else None
                if wait is None or wait > 0:
                    self._wake.wait(wait)
                    continue
                late = heapq.heappop(self._heap)[2]
            late.expire()
