"""Offer `dateline sources subscribe` and `unsubscribe`: feeds whose hub pushes what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape

from dateline.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from dateline.tools import Tools

FAILED = 1
IDS = typer.Argument(metavar="ID...", help="Sources, as `dateline sources list` numbers them.")

_STATES = """
    select s.source_id, s.name, s.url, w.state, w.hub, w.failure_code, w.failure_message
    from dateline.sources s left join dateline.websub_subscriptions w on w.source_id = s.source_id and w.hub is not null
    where s.source_id = any(:ids) order by s.source_id
"""


def subscribe(ids: list[int] = IDS) -> None:
    """Ask the hubs of feeds, now, to push what is new. Exit 1 where one could not be asked.

    Not needed as a rule: with DATELINE_PUBLIC_URL set, each look at sources does it for all feeds that offer a hub. Use it to
    try, and to take an `unsubscribe` back.
    """
    from dateline.subscriptions import subscribe as begin

    _change(ids, begin, "was asked to push; it will verify that soon")


def unsubscribe(ids: list[int] = IDS) -> None:
    """End the subscriptions at the hubs of feeds, for good; polling goes on. Exit 1 where a hub could not be asked."""
    from dateline.subscriptions import unsubscribe as end

    _change(ids, end, "is to push no more; what it delivers still is refused")


def _change(ids: list[int], change: Callable[[Tools, Collection[int]], list[int]], done: str) -> None:
    from sqlalchemy import text

    from dateline.runtime import open_tools
    from dateline.settings import load_settings

    with open_tools(load_settings()) as tools:
        change(tools, ids)
        with tools.engine.connect() as conn:
            rows = {row["source_id"]: dict(row) for row in conn.execute(text(_STATES), {"ids": ids}).mappings()}
    unknown = [number for number in ids if number not in rows]
    if unknown:
        raise UserError(f"no source has the number {unknown[0]}: see `dateline sources list`", code="no_source")
    good = [_said(Console(), row, done) for row in rows.values()]
    if not all(good):
        raise typer.Exit(FAILED)


def _said(console: Console, row: dict[str, Any], done: str) -> bool:
    name = escape(f"{row['source_id']} {row['name'] or row['url']}")
    if row["hub"] is None:
        console.print(f"[yellow]{name}[/] offers no hub, as far as it was looked at", highlight=False, soft_wrap=True)
        return False
    if row["failure_code"]:
        message = f"[red]{row['failure_code']}[/] {name}: {escape(row['failure_message'])}"
        console.print(message, highlight=False, soft_wrap=True)
        return False
    console.print(f"[green]{name}[/] hub {escape(row['hub'])} {done}", highlight=False, soft_wrap=True)
    return True
