"""Read dates as machines write them: ISO 8601 and what comes near it, e-mail's, JavaScript's, seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

ISO = re.compile(
    r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(am|pm)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{1,2})?",
    re.IGNORECASE,
)
SLASHED = re.compile(r"^\s*(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[T\s,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
COMPACT = re.compile(r"^\s*((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?\s*$")
JAVASCRIPT = re.compile(r"^[A-Za-z]{3} ([A-Za-z]{3}) (\d{1,2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (?:GMT|UTC)([+-]\d{4})?")
MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
EPOCH = re.compile(r"^\s*(1\d{9}|9\d{8})(\d{3})?\s*$")


def parse_date(raw: str) -> datetime | date | None:
    """Read a machine-readable date: a day, or a date-time that knows its zone. Local times without zone give the day."""
    if found := ISO.match(raw) or SLASHED.match(raw) or COMPACT.match(raw):
        return _from_parts(found)
    if found := JAVASCRIPT.match(raw):
        month = MONTHS.get(found[1].lower())
        zone = _zone(found[7] or "Z")
        return _moment(int(found[3]), month or 0, int(found[2]), int(found[4]), int(found[5]), int(found[6]), zone)
    if found := EPOCH.match(raw):
        return datetime.fromtimestamp(int(found[1]), UTC)
    try:
        value = parsedate_to_datetime(raw.strip())
    except (ValueError, TypeError, IndexError):
        return None
    return value if value.tzinfo is not None else value.date()


def _from_parts(found: re.Match[str]) -> datetime | date | None:
    parts = (*found.groups(), None, None)
    year, month, day = (int(part or 0) for part in parts[:3])
    marks = [part for part in parts[6:] if part]
    zone = next((zone for mark in marks if (zone := _zone(mark)) is not None), None)
    if parts[3] is None or zone is None:
        return day_of(year, month, day)
    hour = int(parts[3])
    if marks and marks[0].lower() in {"am", "pm"}:
        hour = hour % 12 + 12 * (marks[0].lower() == "pm")
    return _moment(year, month, day, hour, int(parts[4] or 0), int(parts[5] or 0), zone)


def _zone(mark: str) -> timezone | None:
    if mark.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    if mark[0] not in "+-":
        return None
    digits = mark[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:4] or 0)
    if minutes > 15 * 60:
        return None
    return timezone(timedelta(minutes=minutes if mark[0] == "+" else -minutes))


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day, None where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moment(  # noqa: PLR0917 (the parts of a time have an order)
    year: int, month: int, day: int, hour: int, minute: int, second: int, zone: timezone | None
) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except ValueError:
        return None
