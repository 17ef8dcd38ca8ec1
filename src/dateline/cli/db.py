"""Offer `dateline db`: the database's schema, and how to reach it."""

from __future__ import annotations

import typer
from rich.console import Console

app = typer.Typer(help="The database: its schema, and how to reach it.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the schema to the newest migration, and our actors and places into it. Doing it twice changes nothing."""
    from dateline.runtime import prepare_database
    from dateline.settings import load_settings
    from dateline.store import migrate

    console = Console()
    with console.status("migrating …"):
        applied = prepare_database(load_settings())
    for revision in applied:
        console.print(f"applied {revision}", highlight=False)
    console.print(f"the database is at {migrate.head()}", highlight=False)


@app.command()
def current() -> None:
    """Say which migration the database is at, and which one this version of Dateline needs. Exit 1 where they differ."""
    from dateline.settings import load_settings
    from dateline.store import migrate
    from dateline.store.engine import open_engine

    engine = open_engine(load_settings().require_database_url(), role="owner")
    found = migrate.current(engine)
    engine.dispose()
    typer.echo(f"database {found or 'none'}, needed {migrate.head()}")
    if found != migrate.head():
        raise typer.Exit(1)


@app.command("psql-url")
def psql_url() -> None:
    """Print the URL that psql, pandas or DuckDB take. It holds the password.

    Example: psql "$(dateline db psql-url)" -c 'select * from dateline.event_report limit 5'
    """
    from dateline.settings import load_settings
    from dateline.store.engine import normal_url

    url = normal_url(load_settings().require_database_url())
    typer.echo(url.set(drivername="postgresql").render_as_string(hide_password=False))


@app.command()
def tables() -> None:
    """Describe all tables and views in Markdown, as docs/tables.md has it."""
    from dateline.settings import load_settings
    from dateline.store import migrate
    from dateline.store.describe import describe
    from dateline.store.engine import open_engine

    engine = open_engine(load_settings().require_database_url(), role="owner")
    migrate.require_head(engine)
    with engine.connect() as conn:
        typer.echo(describe(conn), nl=False)
    engine.dispose()
