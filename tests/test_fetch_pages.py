from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from dateline.errors import FetchError
from dateline.fetch.client import Client
from dateline.fetch.limits import Limits
from dateline.fetch.pace import LocalPace
from dateline.fetch.pages import fetch_pages
from dateline.fetch.polite import PoliteClient
from dateline.fetch.retries import PATIENCE, next_attempt
from dateline.fetch.robots import Robots
from dateline.types import RawPage, Ticket

from . import hostile
from .hostile import PAGE, answer, redirect, serving

LIMITS = Limits(connect=1, read=1, total=1.5, body=300_000, decompressed=1_000_000)
NOW = datetime(2018, 8, 24, tzinfo=UTC)


def client_for(*sites, limits=LIMITS):
    return Client(user_agent="Dateline/0.1", allow_hosts=frozenset(site.host for site in sites), limits=limits)


def tickets_for(*urls):
    return [Ticket(id=number, url=url, state="queued") for number, url in enumerate(urls)]


def fetch(client, tickets, *, pace=None, robots=True, min_pace=0.0, workers=8):
    found = fetch_pages(
        tickets,
        client,
        pace or LocalPace(),
        robots=Robots(client) if robots else None,
        min_pace=min_pace,
        workers=workers,
    )
    return {ticket.url: (page.code if isinstance(page, FetchError) else page.status) for ticket, page in found}


def gaps(site):
    times = sorted(at for _, at, _ in site.asked)
    return [after - before for before, after in pairwise(times)]


def test_every_ticket_has_exactly_one_result():
    routes = {"/gone": answer(status=410), "/old": redirect("/new"), "*": PAGE, "/robots.txt": answer(status=404)}
    with serving(routes) as site, serving(dict(routes)) as other, client_for(site, other) as client:
        urls = [f"{each.url}/{path}" for each in (site, other) for path in ("a", "b", "gone", "old")]
        urls += ["ftp://example.com/", "http://10.0.0.1/a", "http://10.0.0.1/b"]
        found = [
            (ticket.url, page.code if isinstance(page, FetchError) else page.status)
            for ticket, page in fetch_pages(
                tickets_for(*urls), client, LocalPace(), robots=Robots(client), min_pace=0, workers=4
            )
        ]
        assert Counter(url for url, _ in found) == Counter(urls)
        assert Counter(outcome for _, outcome in found) == {200: 6, "gone": 2, "bad_url": 1, "private_address": 2}
        assert Counter(site.paths) == {"/robots.txt": 1, "/a": 1, "/b": 1, "/gone": 1, "/old": 1, "/new": 1}


def test_one_host_is_asked_at_its_pace_whatever_the_workers_and_redirects():
    with serving({"/robots.txt": b"", "/old": redirect("/new"), "*": PAGE}) as site, client_for(site) as client:
        fetch(client, tickets_for(*(f"{site.url}/{n}" for n in range(3)), f"{site.url}/old"), min_pace=0.1)
        assert len(site.asked) == 6  # robots.txt, three pages, and a redirect with its target
        assert min(gaps(site)) >= 0.1
        assert site.most_open == 1


def test_two_workers_with_twenty_hosts_never_exceed_a_hosts_pace_and_fetch_nothing_twice():
    with ExitStack() as stack:
        sites = [stack.enter_context(serving({"/robots.txt": answer(status=404), "*": PAGE})) for _ in range(20)]
        pace = LocalPace()
        client = stack.enter_context(client_for(*sites))
        urls = [f"{site.url}/{n}" for n in range(4) for site in sites]
        halves = [tickets_for(*urls[0::2]), tickets_for(*urls[1::2])]
        found: list[dict[str, object]] = []
        threads = [
            threading.Thread(target=lambda half=half: found.append(fetch(client, half, pace=pace, min_pace=0.1)))
            for half in halves
        ]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert time.monotonic() - start < 3  # side by side, or it would take ten seconds
        assert [len(each) for each in found] == [40, 40]
        for site in sites:
            pages = [path for path in site.paths if path != "/robots.txt"]
            assert sorted(pages) == ["/0", "/1", "/2", "/3"]
            assert site.most_open == 1
            assert min(gaps(site)) >= 0.099


def test_a_crawl_delay_is_kept_and_a_forbidden_part_not_read():
    robots = b"User-agent: dateline\nDisallow: /private\nCrawl-delay: 0.2\n\nUser-agent: *\nDisallow: /"
    with serving({"/robots.txt": answer(robots, kind="text/plain"), "*": PAGE}) as site, client_for(site) as client:
        found = fetch(client, tickets_for(*(f"{site.url}/{path}" for path in ("a", "private/b", "c"))))
        assert found == {f"{site.url}/a": 200, f"{site.url}/private/b": "robots", f"{site.url}/c": 200}
        assert "/private/b" not in site.paths
        assert min(gaps(site)) >= 0.2


def test_a_redirect_to_another_host_asks_that_hosts_robots():
    with serving({"/robots.txt": answer(b"User-agent: *\nDisallow: /secret", kind="text/plain"), "*": PAGE}) as there:
        routes = {
            "/robots.txt": answer(status=404),
            "/a": redirect(f"{there.url}/secret"),
            "/b": redirect(f"{there.url}/open"),
        }
        with serving(routes) as here, client_for(here, there) as client:
            found = fetch(client, tickets_for(f"{here.url}/a", f"{here.url}/b"))
            assert found == {f"{here.url}/a": "robots", f"{here.url}/b": 200}
        assert there.paths == ["/robots.txt", "/open"]


@pytest.mark.parametrize(
    ("route", "outcome"),
    [
        (answer(status=404), 200),
        (answer(status=403), 200),
        (answer(status=500), "robots"),
        (answer(status=429), "robots"),
        (hostile.hang_up, "connect"),
        (answer(b"<html>not a robots file</html>"), 200),
        (answer(b"User-agent: *\nDisallow: /a\n" + b"# filler\n" * 200_000, kind="text/plain"), "robots"),
        (answer(b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /a", kind="text/plain"), "robots"),
        (answer(b"\x00\xff\xfe" * 1000), 200),
        (answer(b"", kind="text/plain"), 200),
    ],
)
def test_what_a_robots_file_means(route, outcome):
    with serving({"/robots.txt": route, "*": PAGE}) as site, client_for(site) as client:
        assert fetch(client, tickets_for(f"{site.url}/a")) == {f"{site.url}/a": outcome}


def test_the_ground_of_a_decision_is_kept():
    with (
        serving({"/robots.txt": b"", "*": PAGE}) as site,
        serving({"/a": PAGE}) as bare,
        client_for(site, bare) as client,
    ):
        found = fetch_pages(
            tickets_for(f"{site.url}/a", f"{bare.url}/a"), client, LocalPace(), robots=Robots(client), min_pace=0
        )
        grounds = {ticket.url: page.robots for ticket, page in found if isinstance(page, RawPage)}
    assert grounds == {f"{site.url}/a": "allowed", f"{bare.url}/a": "no_robots"}


def test_robots_rules_are_remembered_for_a_while():
    with serving({"/robots.txt": b"", "*": PAGE}) as site, client_for(site) as client:
        robots = Robots(client, keep=timedelta(minutes=5))
        robots.rules(f"{site.url}/a", now=NOW)
        robots.rules(f"{site.url}/b", now=NOW + timedelta(minutes=4))
        assert len(site.asked) == 1
        robots.rules(f"{site.url}/c", now=NOW + timedelta(minutes=6))
        assert len(site.asked) == 2


def test_a_host_that_asks_for_time_is_left_alone_and_the_others_are_not():
    with (
        serving({"*": answer(status=429, Retry_After="600")}) as busy,
        serving() as fine,
        client_for(busy, fine) as client,
    ):
        urls = [f"{busy.url}/{n}" for n in range(20)] + [f"{fine.url}/{n}" for n in range(5)]
        found = fetch(client, tickets_for(*urls), robots=False)
        assert Counter(found.values()) == {"rate_limited": 1, "resting": 19, 200: 5}
        assert len(busy.asked) == 1


def test_a_host_that_cannot_be_reached_is_not_tried_for_every_page():
    with serving() as site:
        dead = site.url
    with client_for(site) as client:
        found = fetch(client, tickets_for(*(f"{dead}/{n}" for n in range(50))), robots=False)
    assert Counter(found.values()) == {"connect": 3, "resting": 47}


def test_hostile_hosts_leave_the_rest_of_the_batch_alone():
    bad = [hostile.endless_body, hostile.drip_headers, hostile.drip_body, hostile.bomb(5_000_000), hostile.header_flood,
           hostile.silent, hostile.endless_redirects]  # fmt: skip
    with ExitStack() as stack:
        sites = [stack.enter_context(serving({"/robots.txt": b"", "*": route})) for route in bad]
        good = stack.enter_context(serving())
        client = stack.enter_context(client_for(*sites, good))
        start = time.monotonic()
        found = fetch(client, tickets_for(*(f"{site.url}/a" for site in (*sites, good)), f"{good.url}/b"), workers=12)
        assert time.monotonic() - start < 4
    assert [found[f"{site.url}/a"] for site in sites] == [
        "too_large", "too_slow", "too_slow", "bomb", "headers_too_large", "timeout", "too_many_redirects",
    ]  # fmt: skip
    assert found[f"{good.url}/a"] == found[f"{good.url}/b"] == 200


def test_closing_ends_what_is_under_way():
    with serving({"/robots.txt": b"", "/slow": hostile.silent, "*": PAGE}) as site, serving() as other:
        with client_for(site, other, limits=Limits(read=30, total=30)) as client:
            found = fetch_pages(
                tickets_for(f"{site.url}/slow", f"{other.url}/a", f"{other.url}/b"),
                client,
                LocalPace(),
                robots=None,
                min_pace=0,
            )
            next(found)
            start = time.monotonic()
            found.close()
        assert time.monotonic() - start < 2
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("fetch-")]


def test_a_bug_ends_the_batch_where_it_is_seen():
    class Broken(LocalPace):
        def acquire(self, host, *, hold):  # noqa: ARG002
            raise RuntimeError("the database is gone")

    with serving() as site, client_for(site) as client, pytest.raises(RuntimeError, match="database is gone"):
        fetch(client, tickets_for(f"{site.url}/a"), pace=Broken())


def test_no_tickets_no_results():
    with client_for() as client:
        assert fetch(client, []) == {}


def test_a_polite_client_keeps_the_pace_too():
    with serving({"/robots.txt": b"Crawl-delay: 0.2\nUser-agent: *\nCrawl-delay: 0.2", "*": PAGE}) as site:
        with client_for(site) as client:
            polite = PoliteClient(client, LocalPace(), robots=Robots(client), min_pace=0.05)
            for path in ("/a", "/b"):
                polite.get(site.url + path)
            polite.get(site.url + "/feed", expect="feed")
        assert site.paths == ["/robots.txt", "/a", "/b", "/feed"]
        assert min(gaps(site)) >= 0.2


def test_local_pace():
    clock = iter([0.0, 1.0, 2.0, 3.0, 4.0, 200.0])
    pace = LocalPace(clock=lambda: next(clock))
    assert pace.acquire("a:80", hold=60) == 0
    assert pace.acquire("a:80", hold=60) == 59
    assert pace.acquire("b:80", hold=60) == 0
    pace.release("a:80", delay=10)
    assert pace.acquire("a:80", hold=60) == 9
    assert pace.acquire("b:80", hold=60) == 0  # whoever held it is dead


def attempts_of(code, *, retry=True, after=None):
    error = FetchError("x", code=code, retry=retry, after=after)
    times = []
    while (at := next_attempt(error, len(times), now=NOW, rng=random.Random(1))) is not None and len(times) < 50:
        times.append(at - NOW)
    return times


def test_waits_grow_and_end():
    for code, patience in PATIENCE.items():
        waits = attempts_of(code)
        assert len(waits) == patience.tries - 1
        assert waits == sorted(waits)


def test_final_errors_are_final_and_servers_are_obeyed():
    assert attempts_of("gone", retry=False) == []
    assert min(attempts_of("rate_limited", after=timedelta(hours=30))) >= timedelta(hours=30)
    assert len(attempts_of("resting", after=timedelta(minutes=10))) == 50  # the host was not asked
    assert len({*attempts_of("never heard of")}) == 2
