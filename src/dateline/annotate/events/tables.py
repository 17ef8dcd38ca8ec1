"""Read the coder's data tables: tab-separated, `#` comments, one header line; a wrong line is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from dateline.errors import RulesError

DATA = files("dateline.annotate") / "data"
EMPTY = "-"  # how a table writes "nothing"


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one line of a table, by column name; `table` and `line` are for messages."""

    table: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def wrong(self, message: str) -> RulesError:
        """Make the error that names this line."""
        return RulesError(message, table=self.table, line=self.line)


def read_rows(text: str, table: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of a table. Raises RulesError where the header or the number of cells is wrong."""
    header_seen = False
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip() or raw.startswith("#"):
            continue
        cells = [cell.strip() for cell in raw.split("\t")]
        if not header_seen:
            if tuple(cells) != columns:
                raise RulesError(f"header must be {' '.join(columns)}", table=table, line=number)
            header_seen = True
            continue
        if len(cells) != len(columns):
            raise RulesError(f"{len(cells)} cells, {len(columns)} wanted", table=table, line=number)
        values = ["" if cell == EMPTY else cell for cell in cells]
        yield Row(table, number, dict(zip(columns, values, strict=True)))


def data_text(*path: str) -> str:
    """Return the text of a data file."""
    node: Traversable = DATA
    for part in path:
        node = node / part
    return node.read_text(encoding="utf-8")


def rows_of(name: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows of `data/events/<name>`."""
    return read_rows(data_text("events", name), name, columns)


@cache
def classes() -> dict[str, frozenset[str]]:
    """Return the noun classes (`@talks`, `@troops`, …): class name without `@` → lemmas."""
    found: dict[str, frozenset[str]] = {}
    for row in rows_of("classes.tsv", ("class", "words")):
        name = row["class"]
        members: set[str] = set(found.get(name, ()))  # a class may stand on several lines
        for word in row["words"].split():
            if word.startswith("@"):
                if word[1:] not in found:
                    raise row.wrong(f"class {word} is not defined above")
                members |= found[word[1:]]
            else:
                members.add(word)
        found[name] = frozenset(members)
    if "actors" in found:
        found["actors"] |= _agents()
    return found


def _agents() -> frozenset[str]:
    """Return the words for those who act that the actor tables know."""
    rows = read_rows(data_text("actors", "agents.tsv"), "agents.tsv", ("noun", "sectors", "kind"))
    return frozenset(row["noun"] for row in rows if " " not in row["noun"] and row["kind"] != "quantity")


@cache
def goldstein() -> dict[str, float]:
    """Return the Goldstein value of each CAMEO code."""
    values: dict[str, float] = {}
    for row in rows_of("goldstein.tsv", ("cameo", "value")):
        try:
            values[row["cameo"]] = float(row["value"])
        except ValueError as error:
            raise row.wrong(f"not a number: {row['value']}") from error
    return values
