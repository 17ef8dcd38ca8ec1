"""Turn the comments that stand behind columns in our SQL files into COMMENT statements: one place says what a column is.

A file holds `create table dateline.name ( -- comment` and `create [or replace] view dateline.name as -- comment`; each line of a column
ends in `-- comment`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_OPENING = re.compile(r"^create (?:or replace |unlogged )?(table|view) dateline\.(\w+) (?:\(|as) -- (.+)$")
_LINE = re.compile(r"^    (\S.*?)\s+-- (.+)$")
_TABLE_COLUMN = re.compile(r'^("[^"]+"|\w+)\s')
_VIEW_COLUMN = re.compile(r'(?:\bas\s+|\.)("[^"]+"|\w+),?$')


def statements(path: Path) -> str:
    """Return the SQL of a file, followed by its COMMENT statements."""
    sql = path.read_text(encoding="utf-8")
    return sql + "\n" + "\n".join(_comments(sql))


def _comments(sql: str) -> Iterator[str]:
    kind = name = ""
    for line in sql.splitlines():
        if opening := _OPENING.match(line):
            kind, name, comment = opening.groups()
            yield f"comment on {kind} dateline.{name} is {_quoted(comment)};"
        elif line.startswith((")", "from ")) or not line:
            name = ""
        elif name and (column := _LINE.match(line)):
            code, comment = column.groups()
            found = _TABLE_COLUMN.match(code) if kind == "table" else _VIEW_COLUMN.search(code)
            if found:
                yield f"comment on column dateline.{name}.{found.group(1)} is {_quoted(comment)};"


def _quoted(comment: str) -> str:
    return "'" + comment.strip().replace("'", "''") + "'"
