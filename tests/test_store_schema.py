from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from dateline.errors import DatabaseError
from dateline.stack.postgres import Postgres
from dateline.store import migrate
from dateline.store.describe import describe
from dateline.store.engine import normal_url, open_engine

VIEWS = {
    "event_report", "mention_report", "gdelt_events", "gdelt_mentions", "polecat_events", "icews_events", "phoenix_events",
    "dyad_month", "exposure_day", "source_health", "unresolved_actors", "rejects_open", "funnel_day",
}  # fmt: skip
TABLES = {
    "sources", "frontier", "host_pace", "tombstones", "captures", "articles", "revisions", "texts", "codings",
    "entity_mentions", "place_mentions", "time_mentions", "quotes", "event_mentions", "events", "event_members",
    "text_signatures", "syndications", "syndication_members", "stories", "story_members", "actors", "actor_aliases",
    "actor_roles", "places", "rejects", "runs",
}  # fmt: skip


@pytest.fixture
def engine(database_url):
    engine = open_engine(database_url, role="owner")
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


def columns(conn, name):
    rows = conn.execute(
        text(
            "select attname, col_description(attrelid, attnum) from pg_attribute "
            "where attrelid = to_regclass(:name) and attnum > 0 and not attisdropped order by attnum"
        ),
        {"name": f"dateline.{name}"},
    )
    return dict(rows.all())


def test_upgrade_starts_from_nothing_and_again_changes_nothing(database_url):
    engine = open_engine(database_url)
    assert migrate.current(engine) is None
    with pytest.raises(DatabaseError, match="dateline db upgrade"):
        migrate.require_head(engine)
    assert migrate.upgrade(engine)[0] == "0001"
    assert migrate.upgrade(engine) == []
    assert migrate.current(engine) == migrate.head()
    migrate.require_head(engine)


def test_upgrade_works_from_any_folder(database_url, tmp_path):
    code = (
        "import sys; from dateline.store import migrate; from dateline.store.engine import open_engine;"
        "print(migrate.upgrade(open_engine(sys.argv[1])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, database_url], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "0001" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_newer_database_is_not_touched(engine):
    with engine.begin() as conn:
        conn.execute(text("update dateline.alembic_version set version_num = '9999'"))
    with pytest.raises(DatabaseError, match="9999"):
        migrate.require_head(engine)


def test_every_relation_and_column_says_what_it_is(store_engine):
    with store_engine.connect() as conn:
        relations = dict(
            conn.execute(
                text(
                    "select relname, obj_description(c.oid, 'pg_class') from pg_class c "
                    "where relnamespace = to_regnamespace('dateline') and relkind in ('r', 'p', 'v')"
                )
            ).all()
        )
        silent = [name for name, comment in relations.items() if not comment]
        silent += [f"{name}.{column}" for name in relations for column, said in columns(conn, name).items() if not said]
    assert silent == []
    assert set(relations) >= TABLES | VIEWS


def test_views_answer(store_engine):
    with store_engine.connect() as conn:
        for view in VIEWS:
            assert conn.execute(text(f"select * from dateline.{view}")).all() == [], view


DATA_SETS = [
    ("gdelt_events", "GLOBALEVENTID", "SOURCEURL", 61),
    ("gdelt_mentions", "GLOBALEVENTID", "Extras", 16),
    ("polecat_events", "Event ID", "Version", 40),
    ("icews_events", "Event ID", "Longitude", 20),
    ("phoenix_events", "EventID", "NewsSources", 26),
]


def test_views_have_the_columns_of_their_data_sets(store_engine):
    for view, first, last, number in DATA_SETS:
        with store_engine.connect() as conn:
            names = list(columns(conn, view))
        assert (view, names[0], names[-1], len(names)) == (view, first, last, number)


def test_writer_loads_but_cannot_drop_and_reader_sees_views_only(engine, database_url):
    # the only test that leaves a row behind: in a database of its own
    writer, reader = open_engine(database_url, role="writer"), open_engine(database_url, role="reader")
    with writer.begin() as conn:
        assert conn.scalar(text("select current_user")) == "dateline_writer"
        conn.execute(text("insert into dateline.sources (url, kind) values ('http://a.example/', 'feed')"))
        conn.execute(text("create temp table mine (n int) on commit drop"))
    for forbidden in ("drop table dateline.sources", "drop schema dateline cascade", "truncate dateline.articles",
                      "create table dateline.mine (n int)", "alter table dateline.texts disable trigger all"):  # fmt: skip
        with pytest.raises(ProgrammingError), writer.begin() as conn:
            conn.execute(text(forbidden))
    with reader.begin() as conn:
        assert conn.scalar(text("select current_user")) == "dateline_reader"
        for view in VIEWS:
            conn.execute(text(f"select * from dateline.{view}"))
    for forbidden in (
        "select * from dateline.sources",
        "insert into dateline.sources (url, kind) values ('b', 'feed')",
    ):
        with pytest.raises(ProgrammingError), reader.begin() as conn:
            conn.execute(text(forbidden))


def test_one_role_does_all_where_none_can_be_made(postgres_server, database_url, engine):
    """A plain user that owns its database and may create no role: the roles of others on the server are not used."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("reset role"))
        conn.execute(text("create role plain login password 'plain'"))
        conn.execute(text("create database plain owner plain"))
    url = normal_url(database_url).set(username="plain", password="plain", database="plain")
    plain = open_engine(url.render_as_string(hide_password=False))
    try:
        assert migrate.upgrade(plain)
        assert migrate.upgrade(plain) == []
        with plain.begin() as conn:
            assert conn.scalar(text("select current_user")) == "plain"
            conn.execute(text("insert into dateline.sources (url, kind) values ('http://a.example/', 'feed')"))
            conn.execute(text("select * from dateline.event_report"))
    finally:
        plain.dispose()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.execute(text("reset role"))
            conn.execute(text("drop database plain"))
            conn.execute(text("drop role plain"))


def test_texts_are_immutable(store):
    store.execute(text("insert into dateline.articles (key, url) values ('k', 'u')"))
    store.execute(
        text("insert into dateline.revisions (article_id, url) select article_id, 'u' from dateline.articles")
    )
    store.execute(
        text(
            "insert into dateline.texts (article_id, revision_id, extractor, sha256, characters, words, text) "
            "select article_id, revision_id, 'x', 'abc', 1, 1, 'a' from dateline.revisions"
        )
    )
    with pytest.raises(IntegrityError, match="immutable"), store.begin_nested():
        store.execute(text("update dateline.texts set text = 'b'"))
    store.execute(text("update dateline.texts set text = null"))


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://a/b", "http://a.example/"])
def test_a_url_that_is_no_database_is_refused(url):
    with pytest.raises(DatabaseError):
        open_engine(url)


def test_no_server_is_one_clear_line():
    with pytest.raises(DatabaseError, match="does not answer"):
        migrate.upgrade(open_engine("postgresql://nobody@127.0.0.1:1/none"))


def test_a_user_that_is_no_superuser_sets_up_the_older_server(tmp_path_factory):
    home = tmp_path_factory.mktemp("pg16")
    for folder in (home, *home.parents):
        if str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    server = Postgres(home, version=16, durable=False)
    try:
        server.start()
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("create role boss login createrole password 'boss'")
            connection.execute("create database news owner boss")
        url = normal_url(server.url("news")).set(username="boss", password="boss").render_as_string(hide_password=False)
        boss, writer = open_engine(url, role="owner"), open_engine(url)
        assert migrate.upgrade(boss)
        assert migrate.upgrade(boss) == []
        for engine, name in ((boss, "dateline_owner"), (writer, "dateline_writer")):
            with engine.connect() as conn:
                assert conn.scalar(text("select current_user")) == name
                for view in VIEWS:
                    conn.execute(text(f"select * from dateline.{view}"))
            engine.dispose()
    finally:
        server.remove()


def test_the_document_of_tables_is_up_to_date(store_engine):
    written = (Path(__file__).parent.parent / "docs" / "tables.md").read_text(encoding="utf-8")
    with store_engine.connect() as conn:
        assert describe(conn) == written, "run `dateline db tables > docs/tables.md`"
