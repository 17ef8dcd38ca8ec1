"""The frontier: every URL is one worker's at a time, nothing is lost, and each ends in exactly one outcome."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import text

from dateline.store import captures, frontier, migrate
from dateline.store.engine import open_engine
from dateline.store.pace import PostgresPace
from dateline.types import Rejected
from tests import factories as make
from tests import store_help as walk

LEASE = timedelta(minutes=5)
GONE = Rejected(stage="fetch", code="gone", message="the server says that it is gone")


@pytest.fixture
def engine(database_url):
    engine = open_engine(database_url)
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


def add(conn, *urls, **changes):
    return frontier.enqueue(conn, [(url, make.ref(url, **changes)) for url in urls])


def claim(conn, state="queued", *, limit=100, worker="w1", now=make.NOW, lease=LEASE):
    return frontier.claim(conn, state, limit=limit, worker=worker, lease=lease, now=now)


def outcomes(conn):
    return dict(conn.execute(text("select url, outcome from dateline.frontier where state = 'done'")).all())


def test_a_url_is_added_once(store):
    assert add(store, "http://a.example/1", "http://a.example/2", "http://a.example/1") == frontier.Enqueued(new=2)
    assert add(store, "http://a.example/2", "http://a.example/3", title="Later hint") == frontier.Enqueued(
        new=1, known=1
    )
    hint = store.scalar(text("select hint_title from dateline.frontier where url = 'http://a.example/2'"))
    assert hint == "Later hint"


def test_a_finished_url_is_fetched_again_only_when_asked(store):
    add(store, "http://a.example/1")
    frontier.finish(store, claim(store), "coded")
    assert add(store, "http://a.example/1").again == 0
    assert claim(store) == []
    assert frontier.enqueue(store, [("http://a.example/1", make.ref("http://a.example/1"))], again=True).again == 1
    assert [ticket.state for ticket in claim(store)] == ["queued"]


def test_a_claim_is_one_workers_until_its_lease_ends(store):
    add(store, "http://a.example/1", "http://a.example/2")
    (first,) = claim(store, limit=1)
    assert first.text_policy == "full"
    (second,) = claim(store, worker="w2")
    assert second.id != first.id
    assert claim(store, worker="w3") == []
    later = make.NOW + LEASE
    assert {ticket.id for ticket in claim(store, worker="w3", now=later)} == {first.id, second.id}


def test_nothing_is_claimed_before_its_time(store):
    add(store, "http://a.example/1")
    (ticket,) = claim(store)
    frontier.retry_later(store, ticket, GONE, at=make.NOW + make.HOUR)
    assert claim(store) == []
    assert frontier.waiting(store, now=make.NOW) == {}
    (again,) = claim(store, now=make.NOW + make.HOUR)
    assert (again.id, again.attempts) == (ticket.id, 1)


@pytest.mark.parametrize("hosts", [1, 3, 40, 3_000])
def test_a_claim_is_spread_over_hosts_and_full(store, hosts):
    big = [(f"http://big.example/{n}", make.ref(f"http://big.example/{n}")) for n in range(1_000)]
    small = [
        (f"http://h{n}.example/{m}", make.ref(f"http://h{n}.example/{m}")) for n in range(hosts - 1) for m in range(3)
    ]
    frontier.enqueue(store, big + small)
    taken = claim(store, limit=200)
    names = Counter(frontier.host_of(ticket.url) for ticket in taken)
    assert len(taken) == 200
    assert len(names) >= min(hosts, 100)
    rest = claim(store, limit=10_000)
    assert len(rest) + len(taken) == len(big) + len(small)


def test_two_workers_never_hold_the_same_ticket(engine):
    with engine.begin() as conn:
        frontier.enqueue(
            conn, [(f"http://h{n % 7}.example/{n}", make.ref(f"http://h{n % 7}.example/{n}")) for n in range(500)]
        )
    taken, lock, gate = [], threading.Lock(), threading.Barrier(4)

    def work(name):
        gate.wait()
        empty = 0
        while empty < 3:
            with engine.begin() as conn:
                mine = claim(conn, limit=20, worker=name)
                frontier.advance(conn, mine[:10], "fetched")
            empty = 0 if mine else empty + 1
            with lock:
                taken.extend(ticket.id for ticket in mine)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 500


def test_a_ticket_moves_on_with_what_it_gathered_and_never_back(store):
    add(store, "http://a.example/1")
    (queued,) = claim(store)
    fetched = captures.save_capture(store, queued, make.page("http://a.example/1"))
    frontier.advance(store, [fetched], "fetched")
    (ticket,) = claim(store, "fetched")
    assert (ticket.capture_id, ticket.captured_at, ticket.state) == (fetched.capture_id, make.NOW, "fetched")
    frontier.advance(store, [ticket], "extracted")
    frontier.advance(store, [queued], "fetched")  # a worker whose lease ran out
    assert frontier.waiting(store, now=make.NOW) == {"extracted": 1}


def test_every_ticket_has_one_outcome(store):
    add(store, "http://a.example/1", "http://a.example/2")
    one, two = claim(store)
    frontier.finish(store, [one], "coded")
    frontier.finish(store, [one], "duplicate")
    frontier.reject(store, two, GONE)
    frontier.finish(store, [two], "coded")
    frontier.advance(store, [two], "fetched")
    assert sorted(outcomes(store).values()) == ["coded", "gone"]


def test_a_reject_is_resolved_by_a_later_success(store):
    add(store, "http://a.example/1")
    frontier.reject(store, claim(store)[0], GONE)
    opened = text("select count(*) from dateline.rejects_open")
    assert store.scalar(opened) == 1
    frontier.enqueue(store, [("http://a.example/1", make.ref("http://a.example/1"))], again=True)
    frontier.finish(store, claim(store), "coded")
    assert store.scalar(opened) == 0


def test_dead_workers_give_back_at_once(store):
    add(store, "http://a.example/1", "http://a.example/2")
    claim(store, limit=1, worker="dead")
    claim(store, limit=1, worker="alive")
    assert frontier.release_workers(store, lambda worker: worker == "dead") == 1
    assert len(claim(store)) == 1
    assert frontier.release_workers(store, lambda _: False) == 0


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://A.example/x", "a.example:80"), ("https://a.example", "a.example:443"), ("http://a.example:8080/", "a.example:8080"),
        ("http://[::1]:81/", "::1:81"), ("http://a.example:x/", ""), ("nonsense", ""), ("http://a\x00b/", "a\ufffdb:80"),
    ],
)  # fmt: skip
def test_hosts_are_told_with_their_ports(url, host):
    assert frontier.host_of(url) == host


def test_strange_urls_are_kept(store):
    strange = ["nonsense", "http://[", "http://a\x00b/", "http://a.example/\ud800", "http://x/" + "y" * 100_000]
    assert add(store, *strange).new == len(strange)
    assert len(claim(store)) == len(strange)


# --------------------------------------------------------------------------------------------------------- pace


def test_a_host_is_one_users_until_it_is_given_back(store_engine):
    mine, yours = PostgresPace(store_engine), PostgresPace(store_engine)
    assert mine.acquire("a.example:80", hold=30) == 0.0
    assert 25 < yours.acquire("A.example:80", hold=30) <= 30
    assert yours.acquire("b.example:80", hold=0.1) == 0.0
    yours.release("a.example:80", delay=0)  # not theirs to give
    assert mine.acquire("a.example:80", hold=30) > 0
    mine.release("a.example:80", delay=0.2)
    assert 0 < yours.acquire("a.example:80", hold=30) <= 0.2
    time.sleep(0.21)
    assert yours.acquire("a.example:80", hold=30) == 0.0
    yours.release("a.example:80", delay=0)


def test_a_hold_that_ran_out_cannot_be_released_over_the_next_ones_head(store_engine):
    slow, quick = PostgresPace(store_engine), PostgresPace(store_engine)
    assert slow.acquire("c.example:80", hold=0.05) == 0.0
    time.sleep(0.06)
    assert quick.acquire("c.example:80", hold=30) == 0.0
    slow.release("c.example:80", delay=0)
    assert slow.acquire("c.example:80", hold=1) > 1
    quick.release("c.example:80", delay=0)


def test_a_pace_holds_across_workers(store_engine):
    asked, lock, delay = [], threading.Lock(), 0.05

    def work():
        pace = PostgresPace(store_engine)
        for _ in range(4):
            while wait := pace.acquire("paced.example:80", hold=5):
                time.sleep(min(wait, 0.02))
            with lock:
                asked.append(time.monotonic())
            pace.release("paced.example:80", delay=delay)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert len(asked) == 12
    assert min(gaps) >= delay * 0.9


def test_forgotten_urls_are_never_added(store):
    store.execute(
        text("insert into dateline.tombstones (key, url, forgotten_at) values ('http://a.example/1', 'u', now())")
    )
    assert add(store, "http://a.example/1", "http://a.example/2") == frontier.Enqueued(new=1, forgotten=1)
    assert len(claim(store)) == 1
    assert walk.counts(store)["frontier"] == 1
