"""Keep what the newsroom chooses once: a port an outlet, the shift of its current dates, a token to know itself by."""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from dateline.errors import StackError
from dateline.stack.newsroom.content import load_outlets, load_pieces

STATE_FILE = "newsroom.json"
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Hold `<home>/newsroom.json`. `versions`: articles that are served as they were before their correction (1)."""

    ports: Mapping[str, int]
    shift_weeks: int
    token: str
    versions: Mapping[str, int] = field(default_factory=dict)


def base_url(ports: Mapping[str, int], outlet: str) -> str:
    """Give the address of an outlet's site, without a slash at the end."""
    return f"http://{HOST}:{ports[outlet]}"


def choose_state(home: Path, *, today: date) -> State:
    """Read the state, or choose and keep it: free ports, and the whole weeks that bring the newest piece to `today`."""
    path = home / STATE_FILE
    if path.exists():
        state = read_state(home)
        if set(state.ports) == set(load_outlets()):
            return state
    newest = max((piece.published.date() for piece in load_pieces() if piece.current), default=today)
    state = State(
        ports=_free_ports(list(load_outlets())),
        shift_weeks=(today - newest).days // 7,  # whole weeks keep the names of weekdays right
        token=secrets.token_hex(8),
    )
    write_state(home, state)
    return state


def read_state(home: Path) -> State:
    """Read `<home>/newsroom.json`. Raises StackError where there is none, or it is damaged."""
    path = home / STATE_FILE
    try:
        return State(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise StackError(f"no demo newsroom in {home}: prepare it first") from error
    except (ValueError, TypeError) as error:
        raise StackError(f"{path} is damaged: remove it, and the newsroom chooses anew") from error


def write_state(home: Path, state: State) -> None:
    """Write the state in one step, so that a reader never sees half of it."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / STATE_FILE
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(state), indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def serve_version(home: Path, piece_id: str, version: int) -> None:
    """Have an article with a correction served as first published (1) or as corrected (2), from the next request on."""
    state = read_state(home)
    write_state(home, replace(state, versions={**state.versions, piece_id: version}))


def _free_ports(outlets: list[str]) -> dict[str, int]:
    with ExitStack() as open_sockets:  # all open at once, so that no port is given twice
        ports = {}
        for outlet in outlets:
            taken = open_sockets.enter_context(socket.socket())
            taken.bind((HOST, 0))
            ports[outlet] = taken.getsockname()[1]
        return ports
