"""Read the names of holidays: the date or year that is written beside one wins over the day that its rule gives."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from dateline.annotate.times.context import Match, Reading
from dateline.annotate.times.relative import nearest
from dateline.annotate.times.spans import holiday
from dateline.annotate.times.tables import load_tables

_NAMED = re.compile(
    r"\s+(?:Peace\s+)?(?:Agreement|Accord|Pact|Treaty|Deal|Rising|Uprising|Revolt|Rebellion|Offensive|Massacre|Truce|Declaration)s?\b"
)  # "the Good Friday Agreement": the name of a thing, and no time
_YEAR = r"(?P<year>1[0-9]{3}|2[01][0-9]{2})\b"
_BEFORE = re.compile(rf"\b{_YEAR}(?:['’]s)?\s+$")
_SHIFTED = re.compile(r"\s+(?P<way>last|this|next) year\b")
WAYS = {"last": -1, "this": 0, "next": 1}


def a_holiday(match: Match) -> Reading | None:
    """Read a holiday: on the date or in the year written beside it, else the nearest that the tense allows."""
    rule = load_tables().holidays.get(match.words[match.classes.index("HOLIDAY")].replace("’", "'"))
    if rule is None or _NAMED.match(match.around[1]):
        return None
    year = match.value("YEAR")
    if year:
        return Reading("DATE", holiday(rule, int(year)).isoformat())
    found = _beside(match, rule) or nearest(match, lambda y: holiday(rule, y))
    return Reading("DATE", found.isoformat() if found else None)


def _beside(match: Match, rule: str) -> date | None:
    """Return the day of "Good Friday, 10 April 1998", "the Christmas truce of 1914", "Palm Sunday last year"."""
    before, after = match.around
    behind = _behind().match(after)
    if behind is not None:
        year, month = int(behind["year"]), behind["first"] or behind["second"]
        if month is None:
            return holiday(rule, year)
        try:
            return date(year, _months()[month.lower()], int(behind["day"] or behind["number"]))
        except ValueError:
            return holiday(rule, year)
    shifted, now = _SHIFTED.match(after), match.narrative.published
    if shifted is not None and now is not None:
        return holiday(rule, now.year + WAYS[shifted["way"]])
    ahead = _BEFORE.search(before)
    return holiday(rule, int(ahead["year"])) if ahead is not None else None


@cache
def _months() -> dict[str, int]:
    """Return the numbers of the months, by their names in small letters."""
    tables = load_tables()
    return {word: int(value) for word, (symbol, value) in tables.words.items() if symbol == tables.symbols["MONTH"]}


@cache
def _behind() -> re.Pattern[str]:
    """Return what may stand behind a holiday: a whole date after a mark, or a year after "of" or "in"."""
    month = "|".join(sorted(_months(), key=len, reverse=True))
    ordinal = r"(?:st|nd|rd|th)?"
    day = rf"(?:(?P<day>\d{{1,2}}){ordinal}\s+(?:of\s+)?(?P<first>(?i:{month}))\.?|(?P<second>(?i:{month}))\.?\s+(?P<number>\d{{1,2}}){ordinal})"
    dated = rf"\s*[,(–—-]\s*(?:on\s+)?(?:the\s+)?{day},?\s+"
    held = r"(?:\s+[a-z]+){0,2}\s*,?\s+(?:of|in)\s+"
    return re.compile(rf"(?:{dated}|{held}){_YEAR}")
