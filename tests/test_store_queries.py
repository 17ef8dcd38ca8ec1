"""What users see: views in their data sets' terms, listings, the funnel; and that what is forgotten is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from dateline.annotate.actors.entries import ActorEntry, AliasEntry, RoleEntry
from dateline.annotate.gazetteer import PlaceEntry
from dateline.resolve import resolve_texts
from dateline.store import frontier, migrate, queries, registry, runs
from dateline.store.engine import open_engine
from dateline.store.forget import Forgotten, forget
from dateline.types import Rejected
from tests import factories as make
from tests import store_help as walk

MARCH = "Protesters marched in Minsk on Friday, police said."
BELARUS = make.Actor(country="BLR", sectors=("CVL",))


def march():
    where = make.place(
        MARCH, "Minsk", geonameid=625144, country="BLR", admin1="Minsk City", lat=53.9, lon=27.5, precision="city"
    )
    return make.event(
        MARCH, event_type="PROTEST", mode="demo", cameo="141", quad=4, goldstein=-6.5, trigger="marched", source="Protesters",
        target=None, source_actor=BELARUS, place=where, attribution=make.span(MARCH, "police"), sentence=0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def filled(postgres_server):
    """Hold two articles on one sanction, one on a protest, a plan, a reject, and a URL that waits; in its own database."""
    with walk.database(postgres_server, "queried") as url:
        engine = open_engine(url)
        migrate.upgrade(engine)
        with engine.connect() as conn, conn.begin():
            fill(conn)
            yield conn
        engine.dispose()


@pytest.fixture
def full(filled):
    """Undo what one test does to them."""
    with filled.begin_nested() as savepoint:
        yield filled
        savepoint.rollback()


def fill(store):
    source_id = walk.add_source(store)
    plan = make.event(
        event_type="ASSAULT",
        modality="planned",
        trigger="follow",
        source="Paris",
        source_actor=None,
        sentence=1,
        happening=1,
    )
    for url in ("a", "b"):
        walk.code(store, make.article(f"http://news.example/{url}"), make.event(), plan, source_id=source_id)
    walk.code(store, make.article("http://news.example/c", text=MARCH), march(), source_id=source_id)
    gone = Rejected(stage="fetch", code="gone", message="410")
    frontier.reject(store, walk.ticket(store, "http://news.example/gone", source_id=source_id), gone)
    walk.ticket(store, "http://news.example/waits", source_id=source_id)
    run = runs.start_run(store, "fetch", now=make.NOW, versions={})
    runs.finish_run(store, run, counts={"fetched": 3}, now=make.NOW + timedelta(seconds=2), ok=True)
    resolve_texts(store, now=make.NOW)


def rows(conn, view):
    return [dict(row) for row in conn.execute(text(f"select * from dateline.{view}")).mappings()]


def test_an_event_has_its_best_sentence(full):
    sanction, protest = sorted(rows(full, "event_report"), key=lambda row: row["event_id"])
    assert (sanction["event_type"], sanction["articles"], sanction["sentence"]) == (
        "SANCTION",
        2,
        "France sanctioned Russia on Thursday.",
    )
    assert (protest["source_country"], protest["target_country"], protest["attribution_text"]) == (
        "BLR",
        None,
        "police",
    )
    assert protest["place_name"] == "Minsk"


def test_events_in_gdelts_columns(full):
    by_code = {row["EventCode"]: row for row in rows(full, "gdelt_events")}
    sanction, protest = by_code["163"], by_code["141"]
    wanted = {
        "SQLDATE": 20240502, "MonthYear": 202405, "Year": 2024, "Actor1Code": "FRAGOV", "Actor1Name": "FRANCE",
        "Actor1CountryCode": "FRA", "Actor1Type1Code": "GOV", "Actor2CountryCode": "RUS", "EventRootCode": "16",
        "QuadClass": 4, "GoldsteinScale": -8.0, "NumMentions": 2, "NumSources": 2, "NumArticles": 2, "IsRootEvent": 1,
        "ActionGeo_Type": 0,
    }  # fmt: skip
    assert {name: sanction[name] for name in wanted} == wanted
    assert sanction["FractionDate"] == pytest.approx(2024.3342, abs=1e-3)
    place = {name: protest[f"ActionGeo_{name}"] for name in ("Type", "FullName", "CountryCode", "FeatureID")}
    assert place == {"Type": 4, "FullName": "Minsk, Minsk City, Belarus", "CountryCode": "BO", "FeatureID": "625144"}
    assert protest["Actor2Code"] is None


def test_mentions_in_gdelts_columns(full):
    found = rows(full, "gdelt_mentions")
    assert len(found) == 3
    assert {(row["MentionSourceName"], row["SentenceID"], row["Confidence"]) for row in found} == {
        ("news.example", 1, 90)
    }
    assert {row["MentionTimeDate"] for row in found} == {20240502090000}


def test_events_in_other_data_sets_columns(full):
    polecat = {row["Event Type"]: row for row in rows(full, "polecat_events")}["PROTEST"]
    assert (polecat["Quad Code"], polecat["Actor Country"], polecat["City"], polecat["Country"]) == (
        "MATERIAL CONFLICT",
        "Belarus",
        "Minsk",
        "Belarus",
    )
    icews = {row["CAMEO Code"]: row for row in rows(full, "icews_events")}["163"]
    assert (icews["Source Name"], icews["Target Country"], icews["Event Date"]) == (
        "France",
        "Russia",
        date(2024, 5, 2),
    )
    phoenix = {row["EventCode"]: row for row in rows(full, "phoenix_events")}["163"]
    assert (phoenix["SourceActorFull"], phoenix["PentaClass"]) == ("FRAGOV", 3)
    assert phoenix["URLs"] == "http://news.example/a;http://news.example/b"


def test_counts(full):
    dyads = {(row["source_country"], row["target_country"]): row for row in rows(full, "dyad_month")}
    assert (dyads["FRA", "RUS"]["events"], dyads["FRA", "RUS"]["independent_sources"]) == (1, 2)
    (exposure,) = rows(full, "exposure_day")
    assert (exposure["articles"], exposure["coded"], exposure["published_on"]) == (3, 3, date(2024, 5, 2))
    unresolved = [(row["phrase"], row["as_source"], row["texts"]) for row in rows(full, "unresolved_actors")]
    assert unresolved == [("Paris", 2, 2), ("Protesters", 1, 1)]
    (day,) = rows(full, "funnel_day")
    assert (day["found"], day["fetched"], day["annotated"], day["rejected"], day["waiting"], day["events"]) == (
        5,
        3,
        3,
        1,
        1,
        2,
    )
    (reject,) = rows(full, "rejects_open")
    assert (reject["code"], reject["source"]) == ("gone", "Example News")


def test_a_source_that_went_silent_is_flagged(store):
    for name, new in (
        ("silent", [10, 12, 14, 16, 18, 20, 22, 24]),
        ("healthy", [1, 2, 3, 10, 12, 14, 16, 18, 20, 22, 24]),
    ):
        source_id = walk.add_source(store, url=f"http://{name}.example/", name=name)
        store.execute(
            text("update dateline.sources set last_polled_at = now() where source_id = :id"), {"id": source_id}
        )
        for days in new:
            url = f"http://{name}.example/{days}"
            frontier.enqueue(store, [(url, make.ref(url, source_id=source_id))])
            moment = text(
                "update dateline.frontier set discovered_at = now() - make_interval(days => :days) where url = :url"
            )
            store.execute(moment, {"days": days, "url": url})
    walk.add_source(store, url="http://new.example/", name="new")
    assert {row["name"]: row["state"] for row in rows(store, "source_health")} == {
        "silent": "silent",
        "healthy": "healthy",
        "new": "new",
    }


def test_the_funnel(full):
    found = queries.funnel(full)
    assert (found.found, found.fetched, found.extracted, found.annotated, found.mentions, found.events) == (
        5,
        3,
        3,
        3,
        5,
        2,
    )
    assert (found.waiting, found.rejected, dict(found.outcomes)) == (1, 1, {"coded": 3, "gone": 1})
    assert [(reject.code, reject.rejects, reject.message) for reject in found.rejects] == [("gone", 1, "410")]
    assert queries.funnel(full, make.NOW + make.HOUR).found == 0
    report = queries.report(full)
    assert [(run.stage, run.seconds, run.counts) for run in report.runs] == [("fetch", 2.0, {"fetched": 3})]


@pytest.mark.parametrize(
    ("filters", "types"),
    [
        ({}, {"SANCTION", "PROTEST"}),
        ({"types": ("PROTEST",)}, {"PROTEST"}),
        ({"country": "BLR"}, {"PROTEST"}),
        ({"source_country": "FRA"}, {"SANCTION"}),
        ({"target_country": "FRA"}, set()),
        ({"since": date(2024, 5, 3)}, set()),
        ({"until": date(2024, 5, 1)}, set()),
        ({"since": date(2024, 5, 2), "until": date(2024, 5, 2)}, {"SANCTION", "PROTEST"}),
        ({"actor": "rus"}, {"SANCTION"}),
        ({"actor": "FRA"}, {"SANCTION"}),
        ({"actor": "%"}, set()),
        ({"modality": "planned"}, {"ASSAULT"}),
        ({"modality": None}, {"SANCTION", "PROTEST", "ASSAULT"}),
    ],
)
def test_events_are_listed_by_filters(full, filters, types):
    assert {row.event_type for row in queries.list_events(full, **filters)} == types


def test_listings_are_limited(full):
    assert len(queries.list_events(full, limit=1)) == 1


# ------------------------------------------------------------------------------------------------------- forget


def test_what_is_forgotten_is_gone_and_stays_away(full):
    url = "http://news.example/c"
    gone = forget(full, url, url, now=make.NOW, reason="asked by its subject")
    assert gone == Forgotten(captures=1, articles=1, revisions=1, texts=1, codings=1, mentions=1, events=1)
    assert {row["event_type"] for row in rows(full, "event_report")} == {"SANCTION"}
    assert frontier.enqueue(full, [(url, make.ref(url))]) == frontier.Enqueued(forgotten=1)
    assert forget(full, url, url, now=make.NOW) == Forgotten()
    everything = [name for name, number in walk.counts(full).items() if number and _holds(full, name, "Minsk")]
    assert everything == []


def _holds(conn, table, word):
    return conn.scalar(
        text(f"select exists (select from dateline.{table} t where t::text like :word)"), {"word": f"%{word}%"}
    )


def test_an_event_that_others_tell_of_stays(full):
    url = "http://news.example/a"
    assert forget(full, url, url, now=make.NOW).events == 1  # the plan, which no rule joins between articles
    resolve_texts(full, now=make.NOW + make.HOUR)
    (sanction,) = [row for row in rows(full, "event_report") if row["event_type"] == "SANCTION"]
    assert (sanction["articles"], sanction["mentions"], sanction["url"]) == (1, 1, "http://news.example/b")


def test_all_addresses_of_an_article_are_forgotten(store):
    walk.code(store, make.article("http://amp.news.example/a", canonical_url="http://news.example/a"))
    walk.code(store, make.article("http://news.example/a", canonical_url="http://news.example/a"))
    gone = forget(store, "http://amp.news.example/a", "http://amp.news.example/a", now=make.NOW)
    assert (gone.articles, gone.captures) == (2, 2)
    left = {name: number for name, number in walk.counts(store).items() if number}
    assert {name: left.get(name, 0) for name in ("captures", "articles", "frontier", "tombstones")} == {
        "captures": 0, "articles": 0, "frontier": 0, "tombstones": 2,
    }  # fmt: skip


# ------------------------------------------------------------------------------------------------------ registry


@dataclass
class Actors:
    version: str = "1"

    def actors(self):
        yield ActorEntry(id="fra", name="France", kind="state", country="FRA", source="states.tsv")
        yield ActorEntry(id="me", name="Mine", kind="ngo", country=None, sectors=("NGO",), source="own.csv")

    def aliases(self):
        yield AliasEntry(actor_id="fra", alias="Paris", form="capital")
        yield AliasEntry(actor_id="fra", alias="Paris", form="capital")

    def roles(self):
        yield RoleEntry(actor_id="me", office="president", country="FRA", sectors=("GOV",), titles=("president",))


@dataclass
class Places:
    version: str = "1"

    def entries(self):
        for number, name in ((1, "Paris"), (None, "Darfur"), (1, "Paris again")):
            yield PlaceEntry(
                geonameid=number,
                name=name,
                country="FRA",
                admin1=None,
                lat=None,
                lon=1.0,
                precision="city",
                population=3,
            )


def test_lists_are_loaded_when_their_version_changes(store):
    assert (registry.sync_actors(store, Actors()), registry.sync_places(store, Places())) == (2, 2)
    before = walk.counts(store)
    assert (registry.sync_actors(store, Actors()), registry.sync_places(store, Places())) == (0, 0)
    assert (registry.sync_actors(store, Actors("2")), registry.sync_places(store, Places("2"))) == (2, 2)
    assert walk.counts(store) == before
    assert store.scalars(text("select origin from dateline.actors order by actor_id")).all() == ["package", "user"]
    assert store.scalar(text("select count(*) from dateline.places where geonameid < 0")) == 1
