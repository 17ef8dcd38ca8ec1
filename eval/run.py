"""Score Dateline's filters on the development sets and hold the figures against `eval/floors.json`.

    make eval                         everything
    make eval ARGS="times quotes"     these suites only
    make eval ARGS="--json out.json"  also write the figures

The sets are not part of the repository: they are looked for in `../shared/eval`, or where DATELINE_EVAL points. Where they
are missing, their suites are skipped with a line that says so; the demo newsroom is always scored. Exit status: 0 all floors held, 1 a figure fell below its
floor, 2 a scorer failed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
SETS = Path(os.environ.get("DATELINE_EVAL", HERE.parent.parent / "shared" / "eval"))
TOLERANCE = 1e-4  # floors are written with four digits

console = Console()


def main() -> int:
    """Run the suites that were asked for and print one table."""
    suites = tomllib.loads((HERE / "suites.toml").read_text(encoding="utf-8"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"one of {', '.join(suites)}")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here")
    call = parser.parse_args()
    unknown = set(call.suites) - set(suites)
    if unknown:
        parser.error(f"no suite {', '.join(sorted(unknown))}; there are {', '.join(suites)}")
    wanted = call.suites or list(suites)
    if not SETS.is_dir():
        skipped = [name for name in wanted if "scorer" in suites[name]]
        console.print(
            f"skipped {', '.join(skipped)}: no development sets at {SETS} (DATELINE_EVAL says where they are)"
        )
        wanted = [name for name in wanted if name not in skipped]
    floors = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))
    table = Table("figure", "value", "floor", "", title="Dateline on the development sets")
    figures: dict[str, float] = {}
    status = 0
    for name in wanted:
        with console.status(name):
            result = score(suites[name])
        if result is None:
            table.add_row(name, "failed", "", "[red]the scorer gave no figures[/red]")
            status = 2
            continue
        for figure, path in suites[name]["figures"].items():
            key = f"{name}.{figure}"
            figures[key] = value = round(read(result, path), 4)
            held = holds(value, floors.get(key), lower=figure in suites[name].get("lower", []))
            table.add_row(key, f"{value:g}", str(floors.get(key, "")), "" if held else "[red]below its floor[/red]")
            status = max(status, 0 if held else 1)
    console.print(table)
    if call.json:
        call.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return status


def score(suite: dict[str, Any]) -> dict[str, Any] | None:
    """Run one scorer and return its JSON, or None where it wrote none."""
    if "script" in suite:  # one of our own, on our own texts: its last line is the JSON
        run = subprocess.run([sys.executable, str(HERE / suite["script"])], capture_output=True, text=True, check=False)
        return _parsed(run.stdout.splitlines()[-1] if run.stdout else "", run.stderr)
    script, *task = suite["scorer"]
    packs = [str(SETS / "packs" / f"{pack}.jsonl.gz") for pack in suite.get("packs", [])]
    program = Path(sys.executable).with_name("dateline")
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [sys.executable, str(SETS / script), *task, *packs, *suite.get("options", [])]
        command += ["--cmd", f"{program} {suite['filter']}", "--json", out.name]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        return _parsed(Path(out.name).read_text(encoding="utf-8"), run.stderr)


def _parsed(words: str, errors: str) -> dict[str, Any] | None:
    try:
        result: dict[str, Any] = json.loads(words)
    except ValueError:
        console.print(errors[-2000:], style="red", highlight=False, markup=False)
        return None
    return result


def read(result: dict[str, Any], path: str) -> float:
    """Follow `path` into `result`."""
    for sign, apply in ((" - ", lambda a, b: a - b), (" / ", lambda a, b: a / b if b else 0.0)):
        if sign in path:
            left, right = path.split(sign)
            return float(apply(read(result, left), read(result, right)))
    node: Any = result
    for part in path.split():
        node = node[part]
    return float(len(node) if isinstance(node, list) else node)


def holds(value: float, floor: float | None, *, lower: bool) -> bool:
    """Say whether a figure is at least as good as its floor."""
    if floor is None:
        return True
    return value <= floor + TOLERANCE if lower else value >= floor - TOLERANCE


if __name__ == "__main__":
    sys.exit(main())
