"""Measure Dateline against the plain floor, on the same pages in the same run.

    make bench                         the whole path, 400 pages; then grouping against 100,000 texts
    make bench ARGS="--pages 1000"     more of them
    make bench ARGS="--store 1000000"  group against a store of a million: some minutes to fill
    make bench ARGS="--store 0"        without grouping
    make bench ARGS="--pages 16 --turns 1 --store 1000 --texts 1000"   see that it runs
    make bench ARGS="--json out"       also write the figures

Machines are noisy: read the ratio, not the seconds. Floor and path take turns, and the median of the turns counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from dateline.stack.postgres import Postgres
from pages import make_pages

HERE = Path(__file__).resolve().parent
console = Console()


def main() -> int:
    """Run floor and path in turns and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument(
        "--store", type=int, default=100_000, help="texts against which others are grouped; 0: leave out"
    )
    parser.add_argument("--texts", type=int, default=20_000, help="texts that are grouped")
    parser.add_argument("--json", type=Path, metavar="OUT")
    call = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)  # the account that runs Postgres passes through
        with console.status("making pages"):
            path = home / "pages.json"
            path.write_text(json.dumps(make_pages(call.pages)), encoding="utf-8")
        server = Postgres(home / "postgres", durable=True)
        url = server.start()
        try:
            turns = [_turn(number, path, server, url) for number in range(call.turns)]
        finally:
            server.stop()
    figures = _figures(turns)
    _print(figures, call.pages, call.turns)
    if call.store:
        with console.status(f"grouping against a store of {call.store:,}"):
            grouped = _run("group.py", "--json", "--store", str(call.store), "--texts", str(call.texts))
        figures |= {f"group_{name}": value for name, value in grouped.items()}
        _print_grouping(grouped, call.store)
    if call.json:
        call.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def _turn(number: int, pages: Path, server: Postgres, url: str) -> dict[str, dict[str, Any]]:
    name = f"bench_{number}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with console.status(f"turn {number + 1}: the floor"):
        floor = _run("floor.py", str(pages))
    with console.status(f"turn {number + 1}: the whole path"):
        path = _run("path.py", str(pages), server.url(name))
    return {"floor": floor, "path": path}


def _run(script: str, *args: str) -> dict[str, Any]:
    run = subprocess.run([sys.executable, str(HERE / script), *args], capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"{script} failed:\n{run.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return answer


def _figures(turns: list[dict[str, dict[str, Any]]]) -> dict[str, float]:
    def median(who: str, what: str) -> float:
        return statistics.median(turn[who][what] for turn in turns)

    articles = turns[0]["path"]["articles"]
    return {
        "floor_articles_per_s": articles / median("floor", "wall"),
        "path_articles_per_s": articles / median("path", "wall"),
        "ratio_wall": statistics.median(turn["floor"]["wall"] / turn["path"]["wall"] for turn in turns),
        "ratio_cpu": statistics.median(turn["floor"]["cpu"] / turn["path"]["cpu"] for turn in turns),
        "floor_peak_mb": median("floor", "peak_mb"),
        "path_peak_mb": median("path", "peak_mb"),
        "events": median("path", "found"),
    }


def _print(figures: dict[str, float], pages: int, turns: int) -> None:
    table = Table(
        "", "plain floor", "Dateline", "ratio", title=f"{pages} pages, median of {turns} turns, one process each"
    )
    floor, path = figures["floor_articles_per_s"], figures["path_articles_per_s"]
    table.add_row(
        "articles/s, stored page to committed rows", f"{floor:.1f}", f"{path:.1f}", f"{figures['ratio_wall']:.2f}"
    )
    table.add_row("per CPU second", "", "", f"{figures['ratio_cpu']:.2f}")
    memory = figures["floor_peak_mb"], figures["path_peak_mb"]
    table.add_row("peak memory, MB", f"{memory[0]:.0f}", f"{memory[1]:.0f}", f"{memory[1] / memory[0]:.2f}")
    console.print(table)
    console.print(
        "The floor extracts and tags only; Dateline also groups, codes, resolves and stores. Postgres not counted."
    )


def _print_grouping(figures: dict[str, float], stored: int) -> None:
    table = Table("", "articles/s", title=f"copies and stories, against {stored:,} stored texts")
    table.add_row("signing, one process", f"{figures['signing']:,.0f}")
    table.add_row("storing signatures, one process", f"{figures['storing']:,.0f}")
    table.add_row("grouping, the whole stage", f"{figures['grouping']:,.0f}")
    table.add_row("  per CPU second, Postgres counted", f"{figures['grouping_cpu']:,.0f}")
    console.print(table)
    console.print(f"The machine's load was {figures['load']:.1f}.")


if __name__ == "__main__":
    sys.exit(main())
