"""Do what `dateline stack run` does: one round of the whole path, with everything shown that came of it."""

from __future__ import annotations

import time

from rich.console import Console

from dateline.errors import UserError

FAILED = 1
EVENTS = 20  # rows of the table; `dateline events` shows the rest
COLOURS = {"success": "green", "failed": "red", "upstream_failed": "red", "up_for_retry": "yellow", "running": "cyan"}
SHOWN = ("running", "success", "failed", "up_for_retry")  # task states worth a line


def run_once(console: Console, *, keep: bool, minutes: float) -> int:
    """Start the stack if need be, send one round through Airflow, show what came of it. Return the exit status."""
    from dateline.cli.stack import explain, start
    from dateline.stack.control import stop

    home, launched = start(console)
    try:
        ok = _round(console, minutes=minutes)
        explain(console, home, launched)
        if not launched.already and not keep:
            console.print("\nto look around: [bold]make up[/bold] (or `dateline stack up`) brings it back as it is now")
    finally:
        if not launched.already and not keep:
            with console.status("stopping …"):
                stop(home, pid=launched.pid)
    return 0 if ok else FAILED


def _round(console: Console, *, minutes: float) -> bool:
    from dateline.cli.events import print_events
    from dateline.cli.report import print_report
    from dateline.settings import load_settings
    from dateline.stack.home import load_secrets, open_home
    from dateline.stack.rest import open_airflow
    from dateline.stack.rounds import play_round
    from dateline.stack.status import read_status

    settings = load_settings()
    home = open_home(settings.home)
    url = read_status(home).url
    if url is None:
        raise UserError("the stack has no Airflow: `dateline stack down`, then try again")
    secrets = load_secrets(home)
    began = time.monotonic()
    with console.status("discover: asked for") as spinner:

        def tell(dag: str, task: str, state: str, seconds: float) -> None:
            if state in SHOWN and not (task and state == "running"):
                colour = COLOURS.get(state, "white")
                took = f" {seconds:.1f} s" if seconds else ""
                name = f"{dag}.{task}" if task else f"[bold]{dag}[/bold]"
                console.print(
                    f"{time.monotonic() - began:5.1f} s  {name} [{colour}]{state}[/{colour}]{took}", highlight=False
                )
            if state == "running":
                spinner.update(f"{dag}: {task}")

        done = play_round(
            open_airflow(url, secrets.admin_password),
            database_url=settings.require_database_url(),
            logs=home.logs,
            tell=tell,
            seconds=minutes * 60,
        )
    print_report(console, settings)
    print_events(console, settings, EVENTS, order="reported")
    for problem in done.problems:
        console.print(f"[red]failed[/red] {problem}", highlight=False, soft_wrap=True)
    return done.ok
