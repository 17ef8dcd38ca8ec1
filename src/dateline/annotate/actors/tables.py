"""Read rule tables: tab-separated, with a header line; `#` begins a comment line; errors name table and line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

from dateline.errors import RulesError

DATA = Path(str(resources.files("dateline.annotate"))) / "data" / "actors"
SECTORS = frozenset(  # FILTERS.md's
    (
        "GOV", "MIL", "COP", "JUD", "LEG", "PTY", "OPP", "REB", "UAF", "SPY", "CVL", "LAB", "BUS", "AGR", "EDU", "JRN",
        "MED", "NGO", "REL", "REF", "ELI", "CRM", "PRM", "SOC",
    )
)  # fmt: skip
_COUNTRY = re.compile(r"[A-Z]{3}\Z")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")


@dataclass(frozen=True, slots=True)
class Row:
    """Be one line of a table: its cells by column, and where it stands."""

    table: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def many(self, column: str) -> tuple[str, ...]:
        """Return the parts of a cell that holds a list (`a|b`)."""
        cell = self.cells[column]
        return tuple(part.strip() for part in cell.split("|") if part.strip()) if cell else ()

    def wrong(self, message: str) -> RulesError:
        """Make the error that says what is wrong with this line."""
        return RulesError(message, table=self.table, line=self.line)

    def sectors(self, column: str = "sectors") -> tuple[str, ...]:
        """Return the sector codes of a cell. Raises RulesError for one that FILTERS.md does not have."""
        codes = tuple(self.cells[column].replace("|", " ").split())
        for code in codes:
            if code not in SECTORS:
                raise self.wrong(f"unknown sector {code!r}")
        return codes

    def countries(self, column: str) -> tuple[str, ...]:
        """Return the country codes of a cell (`PRK|KOR`). Raises RulesError where there is none, or one is no code."""
        codes = self.many(column)
        if not codes:
            raise self.wrong(f"{column}: no country")
        for code in codes:
            if not _COUNTRY.match(code):
                raise self.wrong(f"{column}: {code!r} is no country code (three capitals)")
        return codes

    def first_day(self, column: str = "from") -> date | None:
        """Return the first day that a date of any precision can mean."""
        return self._day(column, last=False)

    def last_day(self, column: str = "to") -> date | None:
        """Return the last day that a date of any precision can mean."""
        return self._day(column, last=True)

    def _day(self, column: str, *, last: bool) -> date | None:
        written = self.cells[column]
        if not written:
            return None
        try:
            return day_of(written, last=last)
        except ValueError:
            raise self.wrong(f"{column}: {written!r} is no date (YYYY, YYYY-MM or YYYY-MM-DD)") from None


def day_of(written: str, *, last: bool) -> date:
    """Return the first or last day of `2017`, `2017-01` or `2017-01-20`. Raises ValueError."""
    match = _DATE.match(written)
    if match is None:
        raise ValueError(written)
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if day:
        return date(year, month, day)
    if month:
        return _month_end(year, month) if last else date(year, month, 1)
    return date(year, 12, 31) if last else date(year, 1, 1)


def _month_end(year: int, month: int) -> date:
    return (date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)


def read_table(path: Path, columns: Sequence[str], *, optional: Sequence[str] = ()) -> Iterator[Row]:
    """Yield the rows of a table whose header names `columns` (`.tsv`, or `.csv` with commas).

    Missing cells at the end of a line are empty. Raises RulesError for an unreadable file, a wrong header and a line with
    too many cells.
    """
    name = path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError(f"cannot be read: {error}", table=name) from error
    lines = _csv_lines(text) if path.suffix == ".csv" else _tsv_lines(text)
    header: list[str] | None = None
    for number, cells in lines:
        if header is None:
            header = cells
            missing = [column for column in columns if column not in header]
            surplus = [column for column in header if column not in (*columns, *optional)]
            if missing or surplus:
                raise RulesError(
                    f"columns must be {', '.join(columns)}; not {', '.join(header)}", table=name, line=number
                )
            continue
        if len(cells) > len(header):
            raise RulesError(f"{len(cells)} cells, {len(header)} columns", table=name, line=number)
        filled = cells + [""] * (len(header) - len(cells))
        row = dict.fromkeys((*columns, *optional), "") | dict(zip(header, filled, strict=True))
        yield Row(name, number, row)


def _tsv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            yield number, [cell.strip() for cell in line.split("\t")]


def _csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    import csv
    import io

    reader = csv.reader(io.StringIO(text))
    for cells in reader:
        if any(cell.strip() for cell in cells) and not cells[0].startswith("#"):
            yield reader.line_num, [cell.strip() for cell in cells]
