"""Offer `dateline stack up|status|down|logs|run`."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from dateline.settings import load_settings

if TYPE_CHECKING:
    from dateline.stack.control import Launched
    from dateline.stack.home import Home
    from dateline.stack.status import StackStatus

app = typer.Typer(
    help="Start, watch and stop everything on this machine: Postgres, Airflow and the demo newsroom.",
    no_args_is_help=True,
)

PARTLY, DOWN = 1, 3  # exit statuses of `status`
COLOURS = {"up": "green", "starting": "yellow", "restarting": "yellow", "failed": "red", "crashed": "red"}
COLUMNS = ("component", "state", "pid", "restarts", "since", "where")
QUIET = ("waiting", "starting", "stopped")  # states that say nothing while the stack starts


@app.command()
def up(
    foreground: bool = typer.Option(False, "--foreground", "-f", help="Stay, show what happens, stop on Ctrl-C."),
) -> None:
    """Start the stack, and say where to find it. Harmless when it is up already.

    Example: dateline stack up
    """
    console = Console()
    home, launched = start(console)
    explain(console, home, launched)
    if foreground:
        stay(console, home)


@app.command()
def down() -> None:
    """Stop the stack. Data are kept; no process is.

    Example: dateline stack down
    """
    from dateline.stack.control import stop

    console = Console()
    home = _home()
    if stop(home, tell=lambda line: console.print(line, highlight=False)):
        console.print(f"[green]down[/green]; the data stay in {home.path}", highlight=False, soft_wrap=True)
    else:
        console.print("not running")


@app.command()
def status(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """Say how the stack stands. Exit 0: up; 1: partly, starting or stopping; 3: down.

    Example: dateline stack status --json | jq .phase
    """
    from dateline.stack.status import read_status

    found = read_status(_home())
    if as_json:
        content = {
            "phase": found.phase,
            "pid": found.pid,
            "message": found.message or None,
            "url": found.url,
            "steps": list(found.steps),
            "components": list(found.components),
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        _show_status(Console(), found)
    codes = {"up": 0, "down": DOWN, "failed": DOWN}
    raise typer.Exit(codes.get(found.phase, PARTLY))


@app.command()
def logs(
    component: str = typer.Argument("", help="postgres, newsroom, api-server, scheduler, …; none: what happened."),
    follow: bool = typer.Option(False, "--follow", "-f", help="Go on as lines are written."),
    lines: int = typer.Option(50, "--lines", "-n", min=0, help="How many of the last lines."),
) -> None:
    """Show what a component wrote; without one, what happened to the components.

    Example: dateline stack logs scheduler -f
    """
    from dateline.stack.tail import component_logs, tail

    tail(component_logs(_home(), component), lines=lines, follow=follow, out=sys.stdout)


@app.command()
def run(
    keep: bool = typer.Option(False, "--keep", help="Leave the stack up afterwards, also if this call started it."),
    minutes: float = typer.Option(10.0, "--minutes", min=0.1, help="Give up after this long."),
) -> None:
    """Read all sources once through Airflow, and show what came of it. Exit 0 only if all of it worked.

    Example: dateline stack run
    """
    from dateline.cli.run import run_once

    raise typer.Exit(run_once(Console(), keep=keep, minutes=minutes))


def start(console: Console) -> tuple[Home, Launched]:
    """Bring the stack up with progress. Ctrl-C stops what was started."""
    from dateline.stack.control import follow, launch, stop

    home = _home()
    launched = launch(home.path)
    shown: dict[str, str] = {}
    began = time.monotonic()
    try:
        with console.status("starting …") as spinner:
            for found in follow(home):
                for row in found.components:
                    if row["state"] != shown.get(row["name"]) and row["state"] not in QUIET:
                        _tell(console, row, time.monotonic() - began)
                    shown[row["name"]] = row["state"]
                waiting = [row["name"] for row in found.components if row["state"] != "up"]
                spinner.update("starting: " + ", ".join([*found.steps, *waiting]))
    except KeyboardInterrupt:
        if not launched.already:
            console.print("interrupted: stopping what was started")
            stop(home, pid=launched.pid)
        raise
    return home, launched


def explain(console: Console, home: Home, launched: Launched) -> None:
    """Say where everything is. The password is shown once, by the start that made it."""
    from dateline.stack.home import ADMIN, load_secrets, load_state, save_state
    from dateline.stack.metadata import hide_password
    from dateline.stack.postgres import Postgres
    from dateline.stack.psql import psql_command
    from dateline.stack.status import read_status

    found = read_status(home)
    word = "already up" if launched.already else "up"
    secrets = load_secrets(home)
    state = load_state(home)
    server = Postgres(home.path)
    url = state.settings.get("database_url", "")
    shown = f"{secrets.admin_password} (shown this once; kept in {home.password})"
    places = {row["name"]: row["address"] for row in found.components}
    facts = {
        "Airflow": found.url,
        "  user": ADMIN,
        "  password": shown if not state.told else f"in {home.password}",
        "newsroom": places.get("newsroom"),
        "database": hide_password(url),
        "  psql": psql_command(home, url),
        "  data": f"{server.data} (Postgres cannot reach {home.path})" if server.moved else None,
        "logs": home.logs,
        "stop": "dateline stack down",
    }
    save_state(home, state, told=True)
    console.print(f"[bold green]{word}[/bold green]" if found.phase == "up" else "[yellow]partly up[/yellow]")
    for name, value in facts.items():
        if value is None:
            continue
        console.print(f"  {name:<10} {value}", soft_wrap=True, highlight=False, markup=False)
    if found.phase != "up":
        _show_status(console, found)


def stay(console: Console, home: Home) -> None:
    """Print what happens until Ctrl-C, SIGTERM or the end of the stack; then stop it."""
    from dateline.stack.control import stop
    from dateline.stack.status import read_status
    from dateline.stack.tail import component_logs, tail

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    console.print("Ctrl-C stops it")
    try:
        tail(
            component_logs(home, ""),
            lines=0,
            follow=True,
            out=sys.stdout,
            until=lambda: not read_status(home).alive,
        )
    except KeyboardInterrupt:
        console.print("stopping")
    finally:
        stop(home)


def _home() -> Home:
    from dateline.stack.home import open_home

    return open_home(Path(load_settings().home))


def _tell(console: Console, row: dict[str, object], seconds: float) -> None:
    colour = COLOURS.get(str(row["state"]), "white")
    message = f" {row['message']}" if row["message"] and row["state"] != "up" else ""
    console.print(
        f"{seconds:5.1f} s  {row['name']} [{colour}]{row['state']}[/{colour}]{message}", highlight=False, soft_wrap=True
    )


def _show_status(console: Console, found: StackStatus) -> None:
    colour = COLOURS.get(found.phase, "yellow")
    console.print(f"[bold {colour}]{found.phase}[/bold {colour}] {found.message}", highlight=False, soft_wrap=True)
    if found.phase == "crashed":
        console.print("its supervisor has gone: `dateline stack down` clears what is left, `up` starts it again")
    if not found.components or found.phase in ("down", "failed"):
        return
    table = Table(*COLUMNS, box=None, pad_edge=False)
    table.columns[-1].overflow = "fold"
    for row in found.components:
        state = f"[{COLOURS.get(row['state'], 'yellow')}]{row['state']}[/]"
        since = time.strftime("%m-%d %H:%M:%S", time.localtime(row["since"]))
        where = row["message"] if row["state"] != "up" and row["message"] else row["address"]
        table.add_row(row["name"], state, str(row["pid"] or ""), str(row["restarts"]), since, where or "")
    console.print(table, highlight=False)
