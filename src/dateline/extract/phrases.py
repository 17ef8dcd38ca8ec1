"""Know the lines that stand between and after articles in many languages: read more, subscribe, advertisement.

The table's lines are of two sorts: what a line is (`kind_of`), and what a line tells of the lines round it: that comments or a
biography begin (`opens_comments`, `opens_biography`), that a dialog on cookies speaks (`speaks_of_cookies`).
"""

from __future__ import annotations

import re
from functools import cache

from dateline.errors import RulesError
from dateline.extract.blocks import Block
from dateline.extract.tables import read_table

LONGEST = 400  # characters; what is longer says something of its own
COOKIES, COMMENTS, BIOGRAPHY = "cookies", "comment section", "biography"
SIGNS = frozenset((COOKIES, COMMENTS, BIOGRAPHY))
COOKIE = "cookie"
OPENING = 60  # characters of a line that opens something

Rule = tuple[str, int, re.Pattern[str]]


@cache
def _rules() -> tuple[list[Rule], dict[str, re.Pattern[str]]]:
    rules: list[Rule] = []
    signs: dict[str, list[str]] = {kind: [] for kind in SIGNS}
    for line, row in read_table("phrases.tsv", ("kind", "longest", "pattern")):
        try:
            rule = (row["kind"], int(row["longest"]), re.compile(row["pattern"], re.IGNORECASE))
        except (re.error, ValueError) as error:
            raise RulesError(str(error), table="phrases.tsv", line=line) from error
        if row["kind"] in SIGNS:
            signs[row["kind"]].append(row["pattern"])
        else:
            rules.append(rule)
    return rules, {kind: re.compile("|".join(patterns) or "(?!)", re.IGNORECASE) for kind, patterns in signs.items()}


def kind_of(block: Block) -> str | None:
    """Return what kind of furniture a line is, None if it is none that we know."""
    text = block.text
    if len(text) > LONGEST:
        return None
    rules, _ = _rules()
    return next((kind for kind, longest, pattern in rules if len(text) <= longest and pattern.search(text)), None)


def speaks_of_cookies(block: Block) -> bool:
    """Say whether a block is what consent dialogs say; they are long, and stand in every kind of element."""
    return COOKIE in block.text.lower() and _rules()[1][COOKIES].search(block.text) is not None


def opens_comments(block: Block) -> bool:
    """Say whether readers' comments begin with this line."""
    return len(block.text) <= OPENING and _rules()[1][COMMENTS].search(block.text) is not None


def opens_biography(block: Block) -> bool:
    """Say whether what follows tells of the author."""
    return len(block.text) <= OPENING and _rules()[1][BIOGRAPHY].search(block.text) is not None
