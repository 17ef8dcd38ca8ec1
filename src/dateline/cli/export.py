"""Offer `dateline export`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import typer
from rich.console import Console
from rich.table import Table


def export(
    views: list[str] = typer.Argument(None, metavar="[VIEW]...", help="Which views; event_report where none is named."),
    to: Path = typer.Option(Path("export"), help="Folder; a subfolder a view, a file a month."),
    format: Literal["csv", "parquet"] = typer.Option("csv", help="csv (gzipped) or parquet."),
    since: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="First day; its whole month is written."),
    until: datetime | None = typer.Option(None, formats=["%Y-%m-%d"], help="Last day; its whole month is written."),
) -> None:
    """Write views to files, a file a month. Doing it again writes the same files.

    Examples:
      dateline export --format parquet

      dateline export gdelt_events gdelt_mentions --since 2018-01-01 --to gdelt

    """
    from dateline.export import export_views
    from dateline.settings import load_settings
    from dateline.store.engine import open_engine
    from dateline.store.migrate import require_head

    engine = open_engine(load_settings().require_database_url())
    try:
        require_head(engine)
        done = export_views(
            engine,
            to,
            views=views or ("event_report",),
            format=format,
            since=since.date() if since else None,
            until=until.date() if until else None,
        )
    finally:
        engine.dispose()
    table = Table("file", "rows", box=None, pad_edge=False, header_style="dim")
    for file in done:
        table.add_row(str(file.path), str(file.rows))
    Console().print(table if done else "nothing to export")
