"""Measure `resolve-actors`: phrases per second of one process, after the registry is read.

    python bench/actors.py             10,000 phrases
    python bench/actors.py --phrases 50000

The phrases are the registry's own names, bare, with a noun behind them and under a title, each with a day.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from datetime import date

from dateline.annotate.actors.phrases import resolve_phrase
from dateline.annotate.actors.registry import load_registry

SHAPES = ("{}", "{}'s soldiers", "a spokesman for {}", "former officials of {} in Damascus", "the head of {}")
ENOUGH = 1_000  # phrases a second


def phrases(count: int) -> Iterator[str]:
    """Yield phrases, the same at every run."""
    names = [actor.name for actor in load_registry().actors()]
    chance = random.Random(1)
    for _ in range(count):
        yield chance.choice(SHAPES).format(chance.choice(names))


def main() -> int:
    """Print phrases per second, on the clock and on the processor; 1 where it is too slow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phrases", type=int, default=10_000)
    asked = list(phrases(parser.parse_args().phrases))
    began = time.perf_counter()
    resolve_phrase("Germany")
    ready = time.perf_counter()
    spent = time.process_time()
    known = sum(resolve_phrase(phrase, date=date(2018, 8, 24)).actor is not None for phrase in asked)
    wall, cpu = time.perf_counter() - ready, time.process_time() - spent
    print(f"registry read in {ready - began:.2f} s; {len(asked):,} phrases, {known:,} of them known")
    print(f"{len(asked) / wall:,.0f} phrases a second, {len(asked) / cpu:,.0f} a CPU second")
    return 0 if len(asked) / cpu >= ENOUGH else 1


if __name__ == "__main__":
    raise SystemExit(main())
