from __future__ import annotations

import psycopg


def test_database_fixture_is_fresh_and_ours(database_url):
    with psycopg.connect(database_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        superuser = connection.execute("SELECT usesuper FROM pg_user WHERE usename = current_user").fetchone()
    assert tables == (0,)
    assert superuser == (True,)
