"""Feeds that offer a hub push to us: found, subscribed, verified, delivered, renewed, ended; and nobody else can."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
import requests
from sqlalchemy import text

from dateline import intake, subscriptions
from dateline.airflow import websub as route
from dateline.airflow.websub import Bucket
from dateline.discover.websub import find_hub, is_genuine
from dateline.errors import SettingsError, UserError
from dateline.runtime import open_tools
from dateline.settings import Settings, load_settings
from dateline.store import migrate, sources
from dateline.store.engine import open_engine
from dateline.types import Hub, RawPage, Source
from dateline.websub import lease_of

from .hostile import answer, serving
from .websub_parties import TIMEOUT, Clock, running_app, running_hub

BEGIN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FEED = "application/rss+xml"
UNKNOWN = "A" * 43


def rss(site: str, hub: str, *names: str) -> bytes:
    items = "".join(f"<item><title>{name}</title><link>{site}/{name}</link></item>" for name in names)
    links = f'<atom:link rel="hub" href="{hub}"/><atom:link rel="self" href="{site}/feed.xml"/>' if hub else ""
    return (
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>t</title>{links}{items}</channel></rss>'
    ).encode()


@pytest.fixture(scope="module")
def database(postgres_server, postgres_url):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE websub")
    url = postgres_server.url("websub")
    engine = open_engine(url, role="owner")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


class World:
    """Be everything at once: a feed, its hub, our app, and the tools of a run of `discover`."""

    def __init__(self, tools, site, hub, public, clock) -> None:
        self.tools, self.site, self.hub, self.public, self.clock = tools, site, hub, public, clock

    def publish(self, *names, hub=None):
        self.site.routes["/feed.xml"] = answer(
            rss(self.site.url, self.hub.url if hub is None else hub, *names), kind=FEED
        )

    def feed(self, *names):
        return rss(self.site.url, self.hub.url, *names)

    def discover(self, **how):
        return intake.discover(self.tools, **how)

    def subscribed(self):
        """Carry the one source to an active subscription."""
        self.publish("one")
        self.discover()
        assert self.hub.verify().status_code == 200
        return self

    def row(self, columns="*"):
        with self.tools.engine.connect() as conn:
            return conn.execute(text(f"select {columns} from dateline.websub_subscriptions")).mappings().one_or_none()

    def all(self, statement):
        with self.tools.engine.connect() as conn:
            return list(conn.scalars(text(statement)))

    def urls(self):
        return [url.rpartition("/")[2] for url in self.all("select url from dateline.frontier order by ticket_id")]


@pytest.fixture(scope="module")
def served(database):
    """Serve the app for all tests; yield its address and its clock."""
    clock = Clock(BEGIN)
    engine = open_engine(address_of(database))
    with running_app(engine, clock, bucket=Bucket(1000, 1000)) as public:
        yield public, clock
    engine.dispose()


def address_of(engine):
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def world(database, served, tmp_path):
    public, clock = served
    clock.at = BEGIN
    with serving({"/robots.txt": answer(status=404)}) as site, running_hub() as hub:
        settings = Settings(
            home=tmp_path, database_url=address_of(database), allow_hosts=f"{site.host},{hub.host}", min_pace_seconds=0
        )
        with open_tools(settings) as tools:
            with database.begin() as conn:
                conn.execute(
                    text("truncate dateline.sources, dateline.frontier, dateline.rejects restart identity cascade")
                )
                sources.save_sources(conn, [Source(url=f"{site.url}/feed.xml", kind="feed")])
            yield World(replace(tools, now=clock, public_url=public), site, hub, public, clock)


# --------------------------------------------------------------------------------------------------- discovery


def page(body: bytes = b"", *, kind: str = FEED, **headers: str) -> RawPage:
    said = (("Content-Type", kind), *((name, value) for name, value in headers.items()))
    url = "http://x.example/feed"
    return RawPage(url=url, final_url=url, status=200, headers=said, body=body, fetched_at=BEGIN, elapsed=0.0)


ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="alternate" href="/"/><link rel="hub" href="https://hub.example/"/>
<link rel="self" href="https://x.example/atom"/><entry><link rel="hub" href="https://evil.example/"/></entry></feed>"""


@pytest.mark.parametrize(
    ("looked_at", "hub"),
    [
        (page(ATOM), Hub(url="https://hub.example/", topic="https://x.example/atom")),
        (
            page(rss("http://x.example", "http://hub.example/a?b=1")),
            Hub(url="http://hub.example/a?b=1", topic="http://x.example/feed.xml"),
        ),
        (
            page(ATOM, Link='<https://h2.example/>; rel="hub", </s>; rel=self, <https://h3.example/>; rel=hub'),
            Hub(url="https://h2.example/", topic="http://x.example/s"),
        ),
        (page(b"<rss/>", link="<https://h.example/>;rel=hub"), Hub(url="https://h.example/", topic="http://x.example/feed")),
        (
            page(b'{"feed_url": "http://x.example/j", "hubs": [{"type": "rssCloud", "url": "http://no.example"}, 3, '
                 b'{"type": "WebSub", "url": "https://h.example/"}], "items": []}'),
            Hub(url="https://h.example/", topic="http://x.example/j"),
        ),
        (page(b'<feed><entry><link rel="hub" href="https://evil.example/"/></entry></feed>'), None),
        (page(b'<feed><link rel="hub" href="ftp://h.example/"/><link rel="hub"/></feed>'), None),
        (page(b'<feed><link rel="github" href="https://h.example/"/></feed>'), None),
        (page(b"{hub"), None),
        (page(b'[{"hub": 1}]', kind="application/json"), None),
        (page(b"\0\xff hub <<<"), None),
        (page(b"<rss/>", Link="rel=hub, <>; rel=hub, <https://h.example/>; rel"), None),
    ],
)  # fmt: skip
def test_a_feed_names_its_hub(looked_at, hub):
    assert find_hub(looked_at) == hub


@pytest.mark.parametrize("method", ["sha256", "sha384", "sha512"])
def test_signatures(method):
    import hmac

    digest = hmac.new(b"key", b"body", method).hexdigest()
    assert is_genuine(b"body", f"{method}={digest}", "key")
    assert is_genuine(b"body", f" {method.upper()}={digest.upper()} ", "key")
    for body, said, key in ((b"bodY", f"{method}={digest}", "key"), (b"body", f"{method}={digest}", "kez"),
                            (b"body", f"{method}={digest[:-1]}", "key"), (b"body", f"{method}=", "key"),
                            (b"body", f"{method}=ü\udcff", "key")):  # fmt: skip
        assert not is_genuine(body, said, key)


@pytest.mark.parametrize("said", [None, "", "=", "md5=9d5c", "shake_128=ab", "sha256", "none=", "new=00"])
def test_what_is_no_signature_is_none(said):
    assert not is_genuine(b"body", said, "key", weak=True)


def test_sha1_is_enough_only_where_tls_protects_the_way():
    import hmac

    said = "sha1=" + hmac.new(b"key", b"body", "sha1").hexdigest()
    assert is_genuine(b"body", said, "key", weak=True)
    assert not is_genuine(b"body", said, "key")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("864000", 864_000),
        (None, 86_400),
        ("soon", 86_400),
        ("-5", 86_400),
        ("0", 300),
        ("9" * 500, 2_592_000),
        ("٣", 86_400),
    ],
)
def test_a_lease_is_believed_within_reason(said, seconds):
    assert lease_of(said).total_seconds() == seconds


# ------------------------------------------------------------------------------------------ subscribing, renewing


def test_from_the_feed_to_a_delivery(world):
    world.publish("one")
    counts = world.discover()
    assert (counts["new"], counts["hub_asked"]) == (1, 1)
    (form,) = world.hub.forms
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", f"{world.site.url}/feed.xml")
    assert form["hub.lease_seconds"] == "864000"
    assert len(form["hub.secret"]) == 43
    assert form["hub.callback"].startswith(f"{world.public}/websub/")
    assert world.row()["state"] == "asked"

    verified = world.hub.verify()
    assert (verified.status_code, verified.text) == (200, "abc<script>")
    assert verified.headers["Content-Type"].startswith("text/plain")
    assert verified.headers["X-Content-Type-Options"] == "nosniff"
    assert (world.row()["state"], world.row()["expires_at"].timestamp()) == ("active", BEGIN.timestamp() + 864_000)

    world.clock.on(minutes=5)
    for method, names in (("sha256", ("two", "one")), ("sha384", ("three",)), ("sha512", ("four",))):
        assert world.hub.deliver(world.feed(*names), method=method).status_code == 202
    assert world.urls() == ["one", "two", "three", "four"]
    row = world.row()
    assert (row["deliveries"], row["delivered_new"], row["refused"]) == (3, 3, 0)
    assert world.all("select last_new_at from dateline.sources") == [world.clock()]
    assert world.all("select count(*) from dateline.frontier where source_id = 1") == [4]
    assert world.discover()["hub_asked"] == 0  # nothing is due


def test_a_delivery_wakes_ingest(world, database):
    world.subscribed()
    with psycopg.connect(address_of(database), autocommit=True) as listener:
        listener.execute("listen dateline_frontier")
        world.hub.deliver(world.feed("two"))
        world.hub.deliver(world.feed("two", "one"))  # nothing new: nobody is woken
        assert [notice.payload for notice in listener.notifies(timeout=0.5)] == ["websub"]


def test_a_hub_may_verify_before_it_answers(world):
    world.hub.verifies_first = True
    world.publish("one")
    world.discover()
    assert world.row()["state"] == "active"


def test_a_lease_is_renewed_when_half_of_it_is_over(world):
    world.subscribed()
    first = world.hub.forms[0]
    world.clock.on(days=4, hours=23)
    assert world.discover()["hub_asked"] == 0
    world.clock.on(hours=2)
    assert world.discover()["hub_asked"] == 1
    assert world.hub.forms[1] == first  # the same address and secret: the hub replaces the subscription
    assert world.hub.deliver(world.feed("two")).status_code == 202  # taken while it is being renewed
    world.clock.on(minutes=1)
    assert world.hub.verify().status_code == 200
    assert world.row()["expires_at"] == world.clock() + subscriptions.LEASE


def test_a_hub_that_does_not_verify_is_asked_ever_more_seldom(world):
    world.publish("one")
    asked = []
    for hour in range(24):
        if world.discover()["hub_asked"]:
            asked.append(hour)
        world.clock.on(hours=1)
    assert asked == [0, 1, 3, 7, 15]


def test_a_hub_that_fails_is_told_of_and_polling_goes_on(world):
    world.hub.answers = [(422, b"no such\n topic", {})]
    world.publish("one")
    counts = world.discover()
    assert (counts["new"], counts["hub_failed"]) == (1, 1)
    row = world.row()
    assert row["failure_code"] == "bad_status"
    assert row["failure_message"].endswith("answered 422: no such topic")
    world.clock.on(hours=1)
    world.discover()
    world.hub.verify()
    assert (world.row()["state"], world.row()["failure_code"]) == ("active", None)


def test_a_hub_may_send_us_to_another_address(world):
    world.hub.answers = [(308, b"", {"Location": "/other"})]
    world.publish("one")
    assert world.discover()["hub_asked"] == 1
    assert world.hub.forms[0] == world.hub.forms[1]
    world.clock.on(hours=1)
    world.hub.answers = [(302, b"", {"Location": "/other"})]
    assert world.discover()["hub_failed"] == 1  # 302 would make a GET of it


def test_a_hub_within_is_not_asked(world):
    world.publish("one", hub="http://127.0.0.1:9/hub")  # private, not allowed
    assert world.discover()["hub_failed"] == 1
    assert world.row()["failure_code"] == "private_address"


@pytest.mark.parametrize(
    ("hub", "asked"),
    [
        ("https://h.example/x", "https://h.example/x"),
        ("http://h.example/x?y=z", "https://h.example/x?y=z"),
        ("http://h.example:80/", "https://h.example/"),
        ("HTTP://127.0.0.1:8080/", "HTTP://127.0.0.1:8080/"),
        ("http://127.0.0.1:8081/", "https://127.0.0.1:8081/"),
    ],
)
def test_a_secret_travels_over_tls_only(hub, asked):
    assert subscriptions.secure(hub, frozenset({"127.0.0.1:8080"})) == asked


def test_without_a_public_url_nothing_is_asked(world):
    world.tools = replace(world.tools, public_url=None)
    world.publish("one")
    assert world.discover()["hub_asked"] == 0
    assert world.hub.forms == []
    assert world.row()["state"] == "offered"  # noted, so that it is shown
    with pytest.raises(UserError, match="DATELINE_PUBLIC_URL"):
        subscriptions.subscribe(world.tools, [1])


def test_another_hub_is_another_subscription(world):
    world.subscribed()
    old = world.hub.forms[0]
    world.clock.on(hours=1)
    world.publish("one", hub=world.hub.url + "2")
    assert world.discover()["hub_asked"] == 1
    new = world.hub.forms[1]
    assert new["hub.callback"] != old["hub.callback"]
    assert new["hub.secret"] != old["hub.secret"]
    world.hub.verify()
    gone = world.hub.deliver(world.feed("two"), secret=old["hub.secret"], to=old["hub.callback"])
    assert gone.status_code == 410
    assert world.urls() == ["one"]


def test_a_feed_that_names_no_hub_any_more_is_not_renewed(world):
    world.subscribed()
    world.publish("one", hub="")
    world.clock.on(hours=1)
    world.discover()
    assert world.row()["hub"] is None
    world.clock.on(days=6)
    assert world.discover()["hub_asked"] == 0


def test_our_address_changed(world):
    world.subscribed()
    world.tools = replace(world.tools, public_url="https://elsewhere.example/airflow")
    assert world.discover()["hub_asked"] == 1
    assert world.hub.forms[1]["hub.callback"].startswith("https://elsewhere.example/airflow/websub/")
    assert world.discover()["hub_asked"] == 0  # asked once


# ------------------------------------------------------------------------------------------------------- ending


def test_unsubscribing(world):
    world.subscribed()
    assert world.hub.verify(mode="unsubscribe").status_code == 404  # we did not ask for it
    assert subscriptions.unsubscribe(world.tools, [1, 99]) == [1]
    assert world.hub.forms[1].keys() == {"hub.mode", "hub.topic", "hub.callback"}
    assert world.hub.deliver(world.feed("two")).status_code == 410
    assert world.hub.verify().status_code == 200
    assert world.row()["state"] == "ended"
    world.clock.on(days=30)
    assert world.discover()["hub_asked"] == 0  # for good
    assert subscriptions.subscribe(world.tools, [1]) == [1]
    assert world.hub.verify().status_code == 200
    assert world.row()["state"] == "active"


def test_a_source_that_is_switched_off_takes_leave_of_its_hub(world):
    world.subscribed()
    with world.tools.engine.begin() as conn:
        conn.execute(text("update dateline.sources set enabled = false"))
    assert world.hub.deliver(world.feed("two")).status_code == 410
    for _ in range(10):
        world.discover()
        world.clock.on(hours=5)
    assert [form["hub.mode"] for form in world.hub.forms] == ["subscribe"] + ["unsubscribe"] * 3  # then it runs out
    with world.tools.engine.begin() as conn:
        conn.execute(text("update dateline.sources set enabled = true"))
    world.clock.on(days=1)
    world.discover()
    assert world.hub.forms[-1]["hub.mode"] == "subscribe"


def test_a_hub_says_no(world):
    world.publish("one")
    world.discover()
    assert world.hub.verify(mode="denied", topic="http://other.example/").status_code == 404
    assert world.hub.verify(mode="denied", reason="not\0you").status_code == 200
    row = world.row()
    assert (row["state"], row["failure_code"]) == ("denied", "denied")
    assert world.hub.verify().status_code == 404
    world.clock.on(days=6)
    assert world.discover()["hub_asked"] == 0
    world.clock.on(days=2)
    assert world.discover()["hub_asked"] == 1


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    "changes",
    [{"topic": "http://x.example/other"}, {"topic": ""}, {"mode": "unsubscribe"}, {"mode": "publish"}, {"mode": ""},
     {"challenge": ""}, {"challenge": "x" * 5000}],
)  # fmt: skip
def test_what_we_did_not_ask_for_is_not_agreed_to(world, changes):
    world.publish("one")
    world.discover()
    assert world.hub.verify(**changes).status_code == 404
    assert world.row()["state"] == "asked"


def test_a_verification_replayed_later_is_not_agreed_to(world):
    world.subscribed()
    world.clock.on(minutes=9)
    assert world.hub.verify().status_code == 200  # our answer may have been lost
    world.clock.on(minutes=2)
    assert world.hub.verify().status_code == 404


def test_a_verification_that_comes_too_late(world):
    world.publish("one")
    world.discover()
    world.clock.on(days=1)
    assert world.hub.verify().status_code == 404


@pytest.mark.parametrize(
    "how",
    [{"secret": "wrong"}, {"X_Hub_Signature": ""}, {"X_Hub_Signature": "sha256=" + "0" * 64}, {"method": "sha1"},
     {"X_Hub_Signature": "md5=00"}, {"X_Hub_Signature": "sha256"}],
)  # fmt: skip
def test_a_delivery_with_a_wrong_signature_is_accepted_counted_and_dropped(world, how):
    world.subscribed()
    for _ in range(2):
        assert world.hub.deliver(world.feed("two"), **how).status_code == 202  # says no more than a good one
    assert world.urls() == ["one"]
    row = world.row()
    assert (row["refused"], row["deliveries"], row["last_delivery_at"]) == (2, 0, None)
    assert world.all("select times_seen from dateline.rejects_open where code = 'bad_signature'") == [2]


def test_the_same_delivery_again_changes_nothing(world):
    world.subscribed()
    body = world.feed("two")
    signature = {}
    for _ in range(3):
        assert world.hub.deliver(body, **signature).status_code == 202
    world.hub.deliver(world.feed("three"))
    assert world.hub.deliver(body).status_code == 202
    assert world.urls() == ["one", "two", "three"]
    assert (world.row()["deliveries"], world.row()["delivered_new"]) == (5, 2)


def test_nothing_is_taken_when_the_lease_is_over(world):
    world.hub.lease = 86_400
    world.subscribed()
    world.clock.on(hours=24, minutes=59)
    assert world.hub.deliver(world.feed("two")).status_code == 202  # was on its way
    world.clock.on(minutes=2)
    assert world.hub.deliver(world.feed("three")).status_code == 410
    assert world.urls() == ["one", "two"]


def test_nothing_is_taken_before_the_hub_verified(world):
    world.publish("one")
    world.discover()
    assert world.hub.deliver(world.feed("two")).status_code == 410


def test_unknown_addresses(world):
    world.subscribed()
    base = f"{world.public}/websub"
    body = b"x" * 100
    assert requests.post(f"{base}/{UNKNOWN}", data=body, timeout=TIMEOUT).status_code == 410
    assert requests.get(f"{base}/{UNKNOWN}?hub.mode=subscribe", timeout=TIMEOUT).status_code == 404
    for odd in ("x", UNKNOWN + "A", "..%2f", "%00" * 43, "'" * 43, ""):
        assert requests.post(f"{base}/{odd}", data=body, timeout=TIMEOUT).status_code in (404, 405), odd
    assert requests.put(f"{base}/{UNKNOWN}", data=body, timeout=TIMEOUT).status_code == 405


def test_huge_bodies_are_not_read(world, monkeypatch):
    world.subscribed()
    monkeypatch.setattr(route, "LARGEST", 10_000)
    callback = world.hub.forms[0]["hub.callback"]
    assert world.hub.deliver(b"x" * 10_001).status_code == 413
    endless = (b"x" * 1000 for _ in range(20))  # chunked: nothing is announced
    assert requests.post(callback, data=endless, timeout=TIMEOUT).status_code == 413
    assert world.hub.deliver(world.feed("two"), Content_Encoding="gzip").status_code == 415
    assert world.hub.deliver(world.feed("two")).status_code == 202


def test_a_dripping_body_is_given_up(world, monkeypatch):
    world.subscribed()
    monkeypatch.setattr(route, "SLOWEST", 0.3)
    path = world.hub.forms[0]["hub.callback"].removeprefix(world.public)
    with socket.create_connection(("127.0.0.1", int(world.public.rpartition(":")[2])), timeout=TIMEOUT) as slow:
        slow.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc".encode())
        assert slow.recv(100).startswith(b"HTTP/1.1 408")


def test_too_many_requests_are_told_to_wait(world):
    moments = iter([0.0, 0.0, 0.0, 0.0, 0.4, 0.5])
    bucket = Bucket(2, 2, lambda: next(moments))
    with running_app(world.tools.engine, world.clock, bucket=bucket) as public:
        answers = [requests.get(f"{public}/websub/{UNKNOWN}", timeout=TIMEOUT) for _ in range(5)]
    assert [it.status_code for it in answers] == [404, 404, 429, 429, 404]
    assert answers[2].headers["Retry-After"] == "5"


def test_a_delivery_that_is_no_feed_is_a_reject(world):
    world.subscribed()
    for body in (b"", b"nonsense \0", b"<html>no</html>", b"{}", b"\xff\xfe"):
        assert world.hub.deliver(body).status_code == 202
    assert world.all("select distinct code from dateline.rejects_open") == ["not_a_feed"]
    assert world.urls() == ["one"]


def test_hostile_entries(world):
    world.subscribed()
    body = world.feed("two").replace(
        b"<channel>", b"<channel><item><link>ftp://x</link></item><item><link>javascript:x</link></item>"
    )
    assert world.hub.deliver(b'<!DOCTYPE r [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + body).status_code == 202
    assert world.urls() == ["one", "two"]


def test_no_database_is_no_answer_of_ours(world, tmp_path):
    engine = open_engine("postgresql://nobody@127.0.0.1:9/none")
    with running_app(engine, world.clock) as public:
        assert requests.get(f"{public}/websub/{UNKNOWN}", timeout=TIMEOUT).status_code == 503
    engine.dispose()


# ----------------------------------------------------------------------------------------------------- settings


def test_it_is_off_unless_a_public_url_is_set(monkeypatch, tmp_path):
    monkeypatch.setenv("DATELINE_HOME", str(tmp_path))
    monkeypatch.setenv("DATELINE_PUBLIC_URL", "")
    assert route.plugin_apps() == []
    monkeypatch.setenv("DATELINE_PUBLIC_URL", "https://news.example.org/")
    assert load_settings().public_url == "https://news.example.org"
    (mounted,) = route.plugin_apps()
    assert mounted["url_prefix"] == "/websub"
    for wrong in ("news.example.org", "ftp://x", "https://x/?a=b"):
        monkeypatch.setenv("DATELINE_PUBLIC_URL", wrong)
        with pytest.raises(SettingsError, match="DATELINE_PUBLIC_URL"):
            load_settings()


def test_the_route_imports_no_models():
    import subprocess
    import sys

    code = "import dateline.airflow.websub, sys; print([m for m in ('spacy', 'trafilatura', 'airflow') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_look_and_deliveries_at_the_same_time_do_not_lock_each_other(world):
    """Both write the subscription, the source, the frontier and rejects: in one order."""
    from concurrent.futures import ThreadPoolExecutor

    world.subscribed()
    names = [f"n{number}" for number in range(30)]
    world.publish(*names)

    def look(_):
        return intake.discover(world.tools)["failed"]

    def deliver(number):
        body = world.feed(*reversed(names[: number + 1])).replace(
            b"<channel>", b"<channel><item><link>ftp://x</link></item>"
        )
        return world.hub.deliver(body).status_code

    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(look, number) for number in range(8)]
        deliveries = [pool.submit(deliver, number) for number in range(30)]
        assert {it.result() for it in looks} == {0}
        assert {it.result() for it in deliveries} <= {202, 429}
    assert sorted(world.urls()) == sorted(["one", *names])
