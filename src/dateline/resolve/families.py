"""Name the event types that tell of one happening under different words, from data/families.csv."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import get_args

from dateline.errors import RulesError
from dateline.types import EventType

TABLE = "resolve/data/families.csv"


@cache
def load_families() -> dict[str, str]:
    """Return the family of each event type. Raises RulesError where the table is wrong."""
    source = files("dateline.resolve").joinpath("data/families.csv")
    return read_families(source.read_text(encoding="utf-8").splitlines())


def read_families(lines: list[str]) -> dict[str, str]:
    """Read the table from its lines: every PLOVER type has one family."""
    types, families = set(get_args(EventType)), dict[str, str]()
    for number, row in enumerate(csv.DictReader(lines), start=2):
        event_type, family = row.get("event_type"), row.get("family")
        if event_type is None or event_type not in types or not family:
            raise RulesError(f"{event_type!r} is no PLOVER type, or has no family", table=TABLE, line=number)
        if event_type in families:
            raise RulesError(f"{event_type} has two families", table=TABLE, line=number)
        families[event_type] = family
    if missing := sorted(types - set(families)):
        raise RulesError(f"no family for {', '.join(missing)}", table=TABLE)
    return families
