"""Offer `dateline doctor`."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer
from rich.console import Console

from dateline.settings import load_settings

FAILED = 1
COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """Say what is wrong with this installation, and what to do. Exit 1 where something fails.

    Examples:
      dateline doctor

      dateline doctor --json | jq '.[] | select(.level != "ok")'

    """
    from dateline.stack.checks import examine

    console = Console()
    found = []
    for check in examine(load_settings()):
        found.append(check)
        if not as_json:
            word = f"[{COLOURS[check.level]}]{check.level:<4}[/]"
            console.print(f"{word}  {check.name:<10}", end="")
            console.print(check.message, highlight=False, markup=False, soft_wrap=True)
            if check.advice:
                console.print(f"                → {check.advice}", highlight=False, markup=False, soft_wrap=True)
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in found], ensure_ascii=False, indent=2))
    if any(check.level == "fail" for check in found):
        raise typer.Exit(FAILED)
