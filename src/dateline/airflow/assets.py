"""Name the Assets that join the DAGs.

An Asset event is a wake-up, never the data: who is woken drains the table that holds the work, so that an event that is
lost, doubled or merged with others loses nothing.
"""

from __future__ import annotations

from airflow.sdk import Asset, AssetWatcher

from dateline.airflow.triggers import InboxTrigger, NotifyTrigger
from dateline.settings import FRONTIER_CHANNEL

FRONTIER = Asset("dateline://frontier")  # something new waits on the frontier
EVENTS = Asset("dateline://events")  # events were made or changed

INBOX = Asset("dateline://inbox", watchers=[AssetWatcher(name="inbox", trigger=InboxTrigger())])
NOTIFIED = Asset(
    "dateline://notified", watchers=[AssetWatcher(name="notified", trigger=NotifyTrigger(channel=FRONTIER_CHANNEL))]
)
