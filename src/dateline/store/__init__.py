"""Keep everything in Postgres: schema, migrations, loading, the frontier, queries."""
