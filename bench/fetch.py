"""Measure fetching and archive reading on this machine: no network, no pace limits.

    python bench/fetch.py [--pages 5000] [--hosts 50] [--records 10000] [--json]

Pages: from that many hosts on loopback, through robots.txt and every check and limit, in one process; the servers run in
processes of their own, on the same cores. The pages are stored in a throw-away Postgres, as `pipeline.fetch` stores them.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import multiprocessing
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
from sqlalchemy import Engine
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from dateline.discover.archives import read_archives
from dateline.fetch.client import Client
from dateline.fetch.pace import LocalPace
from dateline.fetch.pages import fetch_pages
from dateline.fetch.robots import Robots
from dateline.stack.postgres import Postgres
from dateline.store import migrate
from dateline.store.captures import save_capture
from dateline.store.engine import open_engine
from dateline.types import RawPage, Ticket

WORDS = (
    "talks",
    "envoy",
    "minister",
    "border",
    "ceasefire",
    "summit",
    "sanctions",
    "aid",
    "troops",
    "parliament",
    "accord",
)
PAGE_BYTES = 120_000  # of a usual news page, before compression
STORE_EVERY = 20  # pages in a transaction, as in the pipeline
SERVERS = 2  # processes that the hosts share
GOAL_PAGES, GOAL_RECORDS, GOAL_GROWTH = 150, 400, 0.05


def page(number: int) -> bytes:
    chance = random.Random(number)
    text = "".join(f"<p>{' '.join(chance.choices(WORDS, k=60))}.</p>\n" for _ in range(PAGE_BYTES // 500))
    return f"<!doctype html><html><head><title>Story {number}</title></head><body><h1>Story</h1>{text}</body></html>".encode()


class Handler(BaseHTTPRequestHandler):
    """Answer with one of twenty pages."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    bodies: tuple[bytes, ...] = ()

    def do_GET(self) -> None:  # noqa: D102
        if self.path == "/robots.txt":
            self.answer(b"User-agent: *\nDisallow: /private\n", "text/plain", packed=False)
        else:
            self.answer(self.bodies[hash(self.path) % len(self.bodies)], "text/html; charset=utf-8", packed=True)

    def answer(self, body: bytes, kind: str, *, packed: bool) -> None:  # noqa: D102
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:  # noqa: D102
        pass


def serve(hosts: int, pipe: multiprocessing.connection.Connection) -> None:
    Handler.bodies = tuple(gzip.compress(page(number), 6) for number in range(20))
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(hosts)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send([server.server_port for server in servers])
    pipe.recv()


def measure_pages(pages: int, hosts: int, workers: int) -> dict[str, float]:
    context = multiprocessing.get_context("spawn")
    pipes, processes, ports = [], [], []
    for _ in range(SERVERS):
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(hosts // SERVERS, theirs), daemon=True)
        process.start()
        ports += ours.recv()
        pipes.append(ours)
        processes.append(process)
    names = [f"127.0.0.1:{port}" for port in ports]
    tickets = [
        Ticket(id=number, url=f"http://{names[number % len(names)]}/story-{number}", state="queued")
        for number in range(pages)
    ]
    with database() as engine, Client(user_agent="Dateline-bench/0.1", allow_hosts=frozenset(names)) as client:
        store = Store(engine)
        began, cpu = time.perf_counter(), time.process_time()
        good = 0
        for ticket, found in fetch_pages(
            tickets, client, LocalPace(), robots=Robots(client), min_pace=0, workers=workers
        ):
            if isinstance(found, RawPage):
                good += 1
                store.take(ticket, found)
        store.flush()
        taken, used = time.perf_counter() - began, time.process_time() - cpu
    for pipe in pipes:
        pipe.send(None)
    for process in processes:
        process.join(5)
    assert good == pages, f"only {good} of {pages} pages came"
    return {"pages_per_second": pages / taken, "cpu_ms_per_page": used / pages * 1000}


class Store:
    """Store pages as the pipeline does, twenty in a transaction, in a database of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: list[tuple[Ticket, RawPage]] = []

    def take(self, ticket: Ticket, found: RawPage) -> None:  # noqa: D102
        self._waiting.append((ticket, found))
        if len(self._waiting) >= STORE_EVERY:
            self.flush()

    def flush(self) -> None:  # noqa: D102
        with self._engine.begin() as conn:
            for ticket, found in self._waiting:
                save_capture(conn, ticket, found)
        self._waiting.clear()


@contextmanager
def database() -> Iterator[Engine]:
    """Run a throw-away Postgres."""
    home = Path(tempfile.mkdtemp(prefix="dateline-bench-"))
    home.chmod(0o711)  # the account that runs Postgres passes through
    server = Postgres(home, durable=False)
    try:
        server.start()
        engine = open_engine(server.url("postgres"))
        migrate.upgrade(engine)
        yield engine
        engine.dispose()
    finally:
        server.remove()
        shutil.rmtree(home, ignore_errors=True)


def measure_archive(records: int) -> dict[str, float]:
    process = psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.warc.gz"
        bodies = [page(number) for number in range(20)]
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for number in range(records):
                http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
                payload = io.BytesIO(bodies[number % len(bodies)])
                url = f"http://x.example/{number}"
                writer.write_record(writer.create_warc_record(url, "response", payload=payload, http_headers=http))
        sizes = []
        began = time.perf_counter()
        for number, found in enumerate(read_archives(str(path))):
            assert found.page is not None
            if number in (records // 10, records - 1):
                sizes.append(process.memory_info().rss)
        taken = time.perf_counter() - began
    return {"records_per_second": records / taken, "memory_growth": sizes[1] / sizes[0] - 1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--workers", type=int, default=16, help="threads that fetch")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure_pages(asked.pages, asked.hosts, asked.workers) | measure_archive(asked.records)
    if asked.json:
        print(json.dumps(found))
        return
    print(
        f"pages fetched and stored: {found['pages_per_second']:.0f}/s from {asked.hosts} hosts (goal {GOAL_PAGES}),",
        end=" ",
    )
    print(f"{found['cpu_ms_per_page']:.1f} ms of CPU each")
    print(f"WARC records: {found['records_per_second']:.0f}/s (goal {GOAL_RECORDS}),", end=" ")
    print(f"memory {found['memory_growth']:+.1%} from first to last tenth (goal under {GOAL_GROWTH:.0%})")


if __name__ == "__main__":
    main()
