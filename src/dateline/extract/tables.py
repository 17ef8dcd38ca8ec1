"""Read the rule tables of `extract/data/`: tab-separated, first line the columns, `#` begins a comment line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files

from dateline.errors import RulesError


def read_table(name: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and row. Raises RulesError, naming table and line, where a row does not fit the columns."""
    yield from parse_table(files("dateline.extract").joinpath(f"data/{name}").read_text("utf-8"), name, columns)


def parse_table(text: str, name: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Do what `read_table` does, for a table's text."""
    header: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
            if header != list(columns):
                raise RulesError(f"columns are {header}, wanted {list(columns)}", table=name, line=number)
        elif len(cells) != len(header) or not all(cell.strip() for cell in cells):
            raise RulesError(f"{len(cells)} filled cells, wanted {len(header)}", table=name, line=number)
        else:
            yield number, dict(zip(header, cells, strict=True))
    if header is None:
        raise RulesError("the table is empty", table=name)
