"""Serve the demo newsroom: five invented outlets whose articles tell of real events, over real HTTP on loopback.

prepare(home)       choose ports and the shift of dates once, and say how to start it
serving(home)       the same, served inside this process (tests)
load_expected(…)    what the pipeline must make of every page
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from dateline.stack.newsroom.content import load_outlets
from dateline.stack.newsroom.expected import load_expected
from dateline.stack.newsroom.records import ExpectedPage, Newsroom, Outlet
from dateline.stack.newsroom.server import Servers, is_answering
from dateline.stack.newsroom.state import HOST, State, base_url, choose_state, serve_version
from dateline.types import Source, SourceKind

__all__ = ["ExpectedPage", "Newsroom", "is_answering", "load_expected", "prepare", "serve_version", "serving"]

KINDS: dict[str, SourceKind] = {"rss": "feed", "atom": "feed", "news_sitemap": "sitemap", "list": "list"}


def prepare(home: Path, *, today: date | None = None) -> Newsroom:
    """Choose the newsroom's ports and shift at the first call and keep them in `<home>/newsroom.json`.

    Nothing is started: `command` does that, until SIGTERM.
    """
    home = home.resolve()
    state = choose_state(home, today=today or datetime.now(UTC).date())
    return Newsroom(
        home=home,
        ports=dict(state.ports),
        shift_weeks=state.shift_weeks,
        token=state.token,
        allow_hosts=tuple(f"{HOST}:{port}" for port in state.ports.values()),
        sources=tuple(_source(outlet, state) for outlet in load_outlets().values()),
        command=(sys.executable, "-m", "dateline.stack.newsroom", "serve", "--home", str(home)),
    )


@contextmanager
def serving(home: Path, *, today: date | None = None) -> Iterator[Newsroom]:
    """Serve all outlets from threads of this process. Raises StackError where a kept port is taken."""
    newsroom = prepare(home, today=today)
    with Servers(newsroom.home):
        yield newsroom


def _source(outlet: Outlet, state: State) -> Source:
    return Source(
        url=base_url(state.ports, outlet.key) + outlet.announced_at,
        kind=KINDS[outlet.announces],
        name=outlet.name,
        country=outlet.country,
        language=outlet.language,
    )
