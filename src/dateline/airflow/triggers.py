"""Watch, in Airflow's triggerer, for work that comes from outside Airflow: files in the inbox, NOTIFY from Postgres.

Triggers never return and never raise: a trigger that ends is started again at once and would fire for ever. They carry no
secrets: their arguments are stored in Airflow's database, so settings are read where they run.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from dateline.settings import INBOX, load_settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0  # between two looks at the inbox
BACK_OFF_SECONDS = 15.0  # after a lost connection or an unreadable folder


class InboxTrigger(BaseEventTrigger):
    """Fire when files lie in the inbox that did not lie there at the last look."""

    def __init__(self, look_seconds: float = LOOK_SECONDS) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.look_seconds = look_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what Airflow needs to make this trigger again."""
        return "dateline.airflow.triggers.InboxTrigger", {"look_seconds": self.look_seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield an event each time that new files have come."""
        known: frozenset[tuple[str, int]] = frozenset()
        while True:
            found = await asyncio.to_thread(waiting_files)
            if found - known:
                yield TriggerEvent({"files": len(found)})
            known = found
            await asyncio.sleep(self.look_seconds)


class NotifyTrigger(BaseEventTrigger):
    """Fire when somebody says `NOTIFY <channel>` in Dateline's database."""

    def __init__(self, channel: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.channel = channel

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what Airflow needs to make this trigger again."""
        return "dateline.airflow.triggers.NotifyTrigger", {"channel": self.channel}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield an event for each notification; after a lost connection, one more, since some may have been missed."""
        while True:
            try:
                async for event in self._listen():
                    yield event
            except (OSError, psycopg.Error) as error:
                log.warning("listen channel=%s lost: %s", self.channel, error)
            await asyncio.sleep(BACK_OFF_SECONDS)
            yield TriggerEvent({"channel": self.channel, "reason": "reconnected"})

    async def _listen(self) -> AsyncIterator[TriggerEvent]:
        url = load_settings().require_database_url().replace("postgresql+psycopg://", "postgresql://", 1)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(self.channel)))
            async for notice in connection.notifies():
                yield TriggerEvent({"channel": self.channel, "payload": notice.payload})


def waiting_files() -> frozenset[tuple[str, int]]:
    """Return name and modification time of the files that lie in the inbox."""
    inbox = Path(load_settings().home) / INBOX
    try:
        return frozenset((entry.name, entry.stat().st_mtime_ns) for entry in inbox.iterdir() if entry.is_file())
    except OSError:
        return frozenset()
