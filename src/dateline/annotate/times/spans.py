"""Turn TIMEX3 values into the days that they cover."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

Days = tuple[date, date]
SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2)}  # of the northern hemisphere, whole months
SATURDAY, WEEK = 5, 7


def days_of(value: str | None) -> Days | None:
    """Return the first and the last day that a value covers, or None where it names no days of the calendar."""
    if value is None:
        return None
    try:
        return _days(value)
    except (ValueError, OverflowError):
        return None


def _days(value: str) -> Days | None:
    if "/" in value:
        begin, finish = (days_of(part) for part in value.split("/", 1))
        return (begin[0], finish[1]) if begin and finish else None
    for pattern, read in _FORMS:
        if match := pattern.match(value):
            return read(match)
    return None


def _day(match: re.Match[str]) -> Days:
    day = date(int(match[1]), int(match[2]), int(match[3]))
    return day, day


def _week(match: re.Match[str]) -> Days:
    monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    return (monday + timedelta(SATURDAY) if match[3] else monday), monday + timedelta(WEEK - 1)


def _month(match: re.Match[str]) -> Days:
    return _months(int(match[1]), int(match[2]), int(match[2]))


def _part(match: re.Match[str]) -> Days:
    year, part = int(match[1]), match[2]
    if part in SEASON_MONTHS:
        return _months(year, *SEASON_MONTHS[part])
    length = 3 if part[0] == "Q" else 6
    end = int(part[1]) * length
    return _months(year, end - length + 1, end)


def _years(match: re.Match[str]) -> Days:
    digits = match.group()
    missing = 4 - len(digits)
    return date(int(digits + "0" * missing), 1, 1), date(int(digits + "9" * missing), 12, 31)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Days]], ...] = (
    (re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:T.*)?$"), _day),
    (re.compile(r"^(\d{4})-W(\d{2})(-WE)?$"), _week),
    (re.compile(r"^(\d{4})-(\d{2})$"), _month),
    (re.compile(r"^(\d{4})-(Q[1-4]|H[12]|SP|SU|FA|WI)$"), _part),
    (re.compile(r"^\d{2,4}$"), _years),
)


def _months(year: int, first: int, last: int) -> Days:
    end_year = year + 1 if last < first else year
    return date(year, first, 1), date(end_year, last, calendar.monthrange(end_year, last)[1])


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def week_value(day: date) -> str:
    """Return the ISO week of a day."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm, Nature 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def holiday(rule: str, year: int) -> date:
    """Return the day of a holiday in a year: "12-25", "11-Thu4" (fourth Thursday), "05-Mon-1" (last Monday), "easter-2"."""
    if rule.startswith("easter"):
        return easter(year) + timedelta(int(rule[6:]))
    month = int(rule[:2])
    if rule[3:].isdecimal():
        return date(year, month, int(rule[3:]))
    weekday, nth = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(rule[3:6]), int(rule[6:])
    if nth < 0:
        last = date(year, month, calendar.monthrange(year, month)[1])
        return last - timedelta((last.weekday() - weekday) % WEEK)
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % WEEK + WEEK * (nth - 1))
