"""Run a stage of the pipeline as the body of an Airflow task. What comes back is counts, fit for XCom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from dateline import pipeline
from dateline.pipeline import Counts, Tools
from dateline.runtime import open_tools
from dateline.settings import load_settings
from dateline.store import frontier

FEW = 200  # texts; fewer are read in one task, because a task costs about a second and a text a tenth of one
SHARD = 200  # tickets that are worth a task of their own


def run(stage: Callable[[Tools], Counts]) -> dict[str, int]:
    """Open the tools, run one stage until nothing waits for it, and return its counts."""
    with open_tools(load_settings()) as tools:
        return dict(stage(tools))


def read_few(tools: Tools) -> Counts:
    """Extract, group and annotate in one go."""
    counts = Counts()
    for stage in (pipeline.extract, pipeline.group, pipeline.annotate):
        counts.update(stage(tools))
    return counts


def shards(states: Sequence[str]) -> list[int]:
    """Return the numbers of the shards that are worth making for the tickets that wait in `states`."""
    settings = load_settings()
    with open_tools(settings) as tools, tools.engine.begin() as conn:
        waiting = frontier.waiting(conn, now=tools.now())
    number = sum(count for state, count in waiting.items() if state in states)
    return list(range(min(settings.workers, ceil(number / SHARD))))


def are_few() -> bool:
    """Say whether the texts that wait are few enough to be read in one task."""
    with open_tools(load_settings()) as tools, tools.engine.begin() as conn:
        waiting = frontier.waiting(conn, now=tools.now())
    return sum(waiting.get(state, 0) for state in ("fetched", "extracted", "grouped")) <= FEW
