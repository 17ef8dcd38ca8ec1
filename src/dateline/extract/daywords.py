"""Read days as people write them: "12 April 2013", "April 12, 2013", "12. 4. 2013", "2013年4月12日"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from dateline.errors import RulesError
from dateline.extract.tables import read_table

YEAR = r"((?:19|20)\d\d)"
NUMERIC = re.compile(rf"(?<!\d)(\d{{1,2}})([./-])\s?(\d{{1,2}})\2\s?{YEAR}(?!\d)")
YEAR_FIRST = re.compile(rf"(?<!\d){YEAR}\s?[-./\u5e74\ub144]\s?(\d{{1,2}})\s?[-./\u6708\uc6d4]\s?(\d{{1,2}})(?!\d)")
MOST_MONTHS = 12


@cache
def _months() -> dict[str, int]:
    months: dict[str, int] = {}
    for line, row in read_table("months.tsv", ("number", "names")):
        if not row["number"].isdigit() or not 1 <= int(row["number"]) <= MOST_MONTHS:
            raise RulesError(f"no month has number {row['number']}", table="months.tsv", line=line)
        months |= dict.fromkeys(row["names"].split(), int(row["number"]))
    return months


@cache
def _named() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    day = r"(\d{1,2})(?:st|nd|rd|th|\.|er|\u00ba)?"
    before = re.compile(
        rf"(?<!\d){day}[\s-]*(?:of |de |d['\u2019])?\s*({names})\b\.?,?[\s-]*(?:de |del )?{YEAR}", re.IGNORECASE
    )
    after = re.compile(rf"\b({names})\b\.?\s+{day},?\s+{YEAR}", re.IGNORECASE)
    return before, after


def days_in(text: str, *, month_first: bool = False) -> Iterator[date]:
    """Yield the days that a text writes out, a year included. `month_first`: how 4/5/2013 is meant where both could be."""
    before, after = _named()
    months = _months()
    for found in before.finditer(text):
        yield from _day(found[3], months[found[2].lower()], found[1])
    for found in after.finditer(text):
        yield from _day(found[3], months[found[1].lower()], found[2])
    for found in YEAR_FIRST.finditer(text):
        yield from _day(found[1], int(found[2]), found[3])
    for found in NUMERIC.finditer(text):
        first, second = int(found[1]), int(found[3])
        swap = second > MOST_MONTHS or (month_first and found[2] == "/" and first <= MOST_MONTHS)
        day, month = (second, first) if swap else (first, second)
        yield from _day(found[4], month, day)


def _day(year: str, month: int, day: int | str) -> Iterator[date]:
    try:
        yield date(int(year), month, int(day))
    except ValueError:
        return
