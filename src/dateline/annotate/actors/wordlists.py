"""Give the lists of plain words that the rules ask for, from words.tsv."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dateline.annotate.actors.tables import DATA, read_table
from dateline.errors import RulesError

TABLE = "words.tsv"


@cache
def listed(name: str) -> frozenset[str]:
    """Return the list called `name`. Raises RulesError where the table has none."""
    found = load_words().get(name)
    if found is None:
        raise RulesError(f"there is no list {name!r}", table=TABLE)
    return found


@cache
def load_words(data: Path = DATA) -> dict[str, frozenset[str]]:
    """Read words.tsv. Raises RulesError, naming table and line."""
    lists: dict[str, frozenset[str]] = {}
    for row in read_table(data / TABLE, ("list", "words")):
        found = frozenset(row.many("words"))
        if not found or row["list"] in lists:
            raise row.wrong(f"{row['list']!r} is empty or stands here twice")
        lists[row["list"]] = found
    return lists
