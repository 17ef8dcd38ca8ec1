"""Know the lines that stand between and after articles in many languages: read more, subscribe, advertisement."""

from __future__ import annotations

import re
from functools import cache

from dateline.errors import RulesError
from dateline.extract.blocks import Block
from dateline.extract.tables import read_table

LONGEST = 400  # characters; what is longer says something of its own


@cache
def _rules() -> list[tuple[str, int, re.Pattern[str]]]:
    rules = []
    for line, row in read_table("phrases.tsv", ("kind", "longest", "pattern")):
        try:
            rules.append((row["kind"], int(row["longest"]), re.compile(row["pattern"], re.IGNORECASE)))
        except (re.error, ValueError) as error:
            raise RulesError(str(error), table="phrases.tsv", line=line) from error
    return rules


def kind_of(block: Block) -> str | None:
    """Return what kind of furniture a line is, None if it is none that we know."""
    text = block.text
    if len(text) > LONGEST:
        return None
    return next((kind for kind, longest, pattern in _rules() if len(text) <= longest and pattern.search(text)), None)
