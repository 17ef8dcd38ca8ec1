"""Read values from matched words: one function for each `reading` named in rules.tsv. None: this is no time after all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from dateline.annotate.times import parts, relative
from dateline.annotate.times.context import Match, Reading
from dateline.annotate.times.holidays import a_holiday
from dateline.annotate.times.quantities import count_of, duration_value
from dateline.annotate.times.spans import WEEK, add_months, week_value
from dateline.annotate.times.tokens import number
from dateline.types import TimexType

FAR = 2099  # a bare number beyond is a count
MONTHS = 12
CENTURY = 100
DATE: TimexType = "DATE"


def safe_date(year: int, month: int, day: int) -> date | None:
    """Return the date, or None where there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def two_digit_year(text: str) -> int:
    """Return the year that two digits mean: those beyond 30 are of the last century."""
    value = int(text)
    return value if len(text) > 2 else (1900 if value > 30 else 2000) + value  # noqa: PLR2004


def iso(match: Match) -> Reading | None:
    """Read "2018-08-24"."""
    day = safe_date(*(int(part) for part in match.words[0].split("-")))
    return Reading(DATE, day.isoformat()) if day else None


def slash(match: Match) -> Reading | None:
    """Read "8/24/2018", month first unless it cannot be."""
    first, second, year = match.words[0].split("/")
    day = safe_date(two_digit_year(year), int(first), int(second)) or safe_date(
        two_digit_year(year), int(second), int(first)
    )
    return Reading(DATE, day.isoformat()) if day else None


def day_number(match: Match) -> int:
    """Return the day of the month among the words."""
    for name, word, value in zip(match.classes, match.words, match.values, strict=True):
        if name in {"DAY", "ORDNUM"}:
            return number(word)
        if name == "ORDINAL":
            return int(value)
    return 0


def calendar(match: Match) -> Reading | None:
    """Read a day or month of the calendar; without its year, the nearest that the tense allows."""
    month = int(match.value("MONTH") or 0)
    day = day_number(match)
    year = match.value("YEAR")
    if not day:
        return Reading(DATE, f"{int(year):04d}-{month:02d}") if year else None
    if year:
        found = safe_date(int(year), month, day)
        return Reading(DATE, found.isoformat()) if found else None
    found = relative.nearest_day(match, month, day)
    return Reading(DATE, found.isoformat() if found else f"XXXX-{month:02d}-{day:02d}")


def day_range(match: Match) -> Reading | None:
    """Read "March 3-5": an interval."""
    month = int(match.value("MONTH") or 0)
    days = [int(w) for c, w in zip(match.classes, match.words, strict=True) if c == "DAY"]
    year = match.value("YEAR")
    first = safe_date(int(year), month, days[0]) if year else relative.nearest_day(match, month, days[0])
    last = safe_date(first.year, month, days[-1]) if first else None
    if not first or not last or last < first:
        return None
    return Reading(DATE, f"{first}/{last}")


def month(match: Match) -> Reading | None:
    """Read a month's name."""
    return relative.month(match)


def year_range(match: Match) -> Reading | None:
    """Read "2014-16" as an interval of years."""
    first, second = match.words[0], match.words[-1]
    last = second if len(second) == len(first) else first[: -len(second)] + second
    if not last.isdecimal() or len(last) != len(first) or not int(first) < int(last) < int(first) + CENTURY:
        return None
    return Reading(DATE, f"{first}/{last}")


def year(match: Match) -> Reading | None:
    """Read a year."""
    word = match.value("YEAR")
    if word is None:
        return Reading(DATE, str(two_digit_year(match.words[0].lstrip("'’"))))
    if not relative.is_year(match, word):
        return None
    return Reading(DATE, word)


def decade(match: Match) -> Reading | None:
    """Read "the 1990s", "the '80s", "the nineties"."""
    value = match.value("DECADE") or ""
    if value.isdecimal() and len(value) == 3:  # noqa: PLR2004 (a word: the table holds the decade)
        return Reading(DATE, value)
    digits = "".join(c for c in value if c.isdecimal())
    if len(digits) == 4:  # noqa: PLR2004
        return Reading(DATE, digits[:3])
    return Reading(DATE, ("19" if int(digits) >= 20 else "20") + digits[0])  # noqa: PLR2004


def century(match: Match) -> Reading | None:
    """Read "the 20th century" as "19"."""
    if match.value("UNIT") != "100Y":
        return None
    nth = day_number(match)
    return Reading(DATE, f"{nth - 1:02d}") if nth > 0 else None


def week_of_month(match: Match) -> Reading | None:
    """Read "the last week of March"."""
    if match.value("UNIT") not in {"W", "D"}:
        return None
    inner = relative.month(match) if not match.value("YEAR") else calendar(Match(
        [c for c in match.classes if c in {"MONTH", "YEAR"}],
        [v for c, v in zip(match.classes, match.values, strict=True) if c in {"MONTH", "YEAR"}],
        [w for c, w in zip(match.classes, match.words, strict=True) if c in {"MONTH", "YEAR"}],
        match.start, match.end, match.narrative, match.direction,
    ))  # fmt: skip
    if inner is None or inner.value is None or "X" in inner.value:
        return inner
    first = date.fromisoformat(f"{inner.value}-01")
    nth = -1 if match.has("LAST") else day_number(match)
    if nth < 0:
        last = add_months(first, 1) - timedelta(1)
        return Reading(DATE, last.isoformat() if match.value("UNIT") == "D" else week_value(last - timedelta(3)))
    step = 1 if match.value("UNIT") == "D" else WEEK
    return Reading(DATE, week_value(first + timedelta(step * (nth - 1))) if step == WEEK else None)


def duration(match: Match) -> Reading | None:
    """Read "two weeks"; "in two weeks" with a future tense is a date."""
    return relative.in_units(match) or _plain_duration(match)


def _plain_duration(match: Match) -> Reading | None:
    if match.after in {"old", "older"} or match.before in {"age", "aged"}:
        return None
    unit = match.value("UNIT", "UNITS")
    count = count_of(match)
    if unit is None or count is None or unit == "WE":
        return None
    return Reading("DURATION", duration_value(count, unit))


def vague_duration(match: Match) -> Reading | None:
    """Read "years", "several months"."""
    unit = match.value("UNITS", "UNIT")
    if unit is None or unit in {"WE", "TS"} or match.after == "old":
        return None
    return Reading("DURATION", duration_value("X", unit))


def refword(match: Match) -> Reading | None:
    """Read "now", "recently", "the future"."""
    return Reading(DATE, match.value("REFWORD", "FUTURE"))


def setword(match: Match) -> Reading | None:
    """Read "daily", "annual"."""
    return Reading("SET", match.value("SETWORD"))


def every(match: Match) -> Reading | None:
    """Read "every two weeks", "each Monday"."""
    if match.has("WEEKDAY"):
        return Reading("SET", f"XXXX-WXX-{int(match.value('WEEKDAY') or 0) + 1}")
    if match.has("MONTH"):
        return Reading("SET", f"XXXX-{int(match.value('MONTH') or 0):02d}")
    if match.has("DAYPART"):
        return Reading("SET", f"XXXX-XX-XXT{match.value('DAYPART')}")
    unit = match.value("UNIT", "UNITS")
    if unit is None:
        return Reading("SET", "XXXX-WXX-WE")
    return Reading("SET", duration_value(count_of(match) or 1, unit))


def weekdays(match: Match) -> Reading | None:
    """Read "Mondays"."""
    return Reading("SET", f"XXXX-WXX-{int(match.value('WEEKDAYS') or 0) + 1}")


def per_unit(match: Match) -> Reading | None:
    """Read "a year" in "15 a year"; elsewhere "a year" is a duration."""
    unit = match.value("UNIT")
    if unit is None or unit == "WE":
        return None
    if match.has("PER") or match.extra.get("rate"):
        return Reading("SET", duration_value(1, unit))
    return _plain_duration(match)


READINGS: dict[str, Callable[[Match], Reading | None]] = {
    "iso": iso,
    "slash": slash,
    "calendar": calendar,
    "day_range": day_range,
    "month": month,
    "year_range": year_range,
    "year": year,
    "decade": decade,
    "century": century,
    "week_of_month": week_of_month,
    "holiday": a_holiday,
    "duration": duration,
    "vague_duration": vague_duration,
    "refword": refword,
    "setword": setword,
    "every": every,
    "weekdays": weekdays,
    "per_unit": per_unit,
    **relative.READINGS,
    **parts.READINGS,
}
