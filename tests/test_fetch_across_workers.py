"""What holds across processes, held by Postgres: a host's pace, and that nothing is fetched twice."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import psycopg
import pytest

from dateline.fetch.client import Client
from dateline.fetch.keys import canonical_key
from dateline.fetch.pages import fetch_pages
from dateline.fetch.robots import Robots
from dateline.store import frontier, migrate
from dateline.store.engine import open_engine
from dateline.store.pace import PostgresPace
from dateline.types import ArticleRef, RawPage

from .hostile import PAGE, answer, serving

HOSTS, PAGES = 20, 4
PACE = 0.15


@pytest.fixture
def engine(postgres_server, postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE across_workers")
    engine = open_engine(postgres_server.url("across_workers"))
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


def test_two_workers_keep_every_hosts_pace_and_fetch_nothing_twice(engine):
    with ExitStack() as stack:
        sites = [stack.enter_context(serving({"/robots.txt": answer(status=404), "*": PAGE})) for _ in range(HOSTS)]
        urls = [f"{site.url}/{number}" for number in range(PAGES) for site in sites]
        now = datetime.now(UTC)
        with engine.begin() as conn:
            frontier.enqueue(conn, [(canonical_key(url), ArticleRef(url=url, discovered_at=now)) for url in urls])
        outcomes: list[object] = []
        failures: list[BaseException] = []

        def work(name):
            allowed = frozenset(site.host for site in sites)
            try:
                with Client(user_agent="Dateline/0.1", allow_hosts=allowed) as client:
                    robots = Robots(client)
                    while True:
                        with engine.begin() as conn:
                            lease = timedelta(minutes=5)
                            tickets = frontier.claim(
                                conn, "queued", limit=25, worker=name, lease=lease, now=datetime.now(UTC)
                            )
                        if not tickets:
                            return
                        for ticket, page in fetch_pages(
                            tickets, client, PostgresPace(engine), robots=robots, min_pace=PACE
                        ):
                            outcomes.append(page)
                            with engine.begin() as conn:
                                frontier.finish(conn, [ticket], "coded")
            except BaseException as error:  # noqa: BLE001 (a thread's error would be lost)
                failures.append(error)

        threads = [threading.Thread(target=work, args=(f"worker-{number}",)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert failures == []
        assert [type(page) for page in outcomes] == [RawPage] * (HOSTS * PAGES)
        for site in sites:
            asked = Counter(site.paths)
            assert {path: count for path, count in asked.items() if path != "/robots.txt"} == {
                f"/{n}": 1 for n in range(PAGES)
            }
            assert asked["/robots.txt"] <= 2  # one a process
            assert site.most_open == 1
            times = sorted(at for _, at, _ in site.asked)
            assert min(after - before for before, after in pairwise(times)) >= PACE * 0.98
