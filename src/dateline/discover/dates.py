"""Read the dates that feeds and sitemaps write."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

EARLIEST = 1900  # a year before it is a counter or a mistake
LONGEST = 100  # characters of a date

_IN_PATH = re.compile(r"/((?:19|20)\d{2})[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/-]|$|\.)")
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def read_date(value: str | None) -> datetime | None:
    """Return an aware datetime, or None for what is no date. Without a zone, UTC is assumed; it is only a hint."""
    text = (value or "").strip()
    if not text:
        return None
    found = _iso(text) or _mail(text) or _any(text)
    if found is None or found.year < EARLIEST:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def date_in_path(url: str) -> date | None:
    """Return the day that an address names (`/2018/08/24/`); of a month alone, its first day."""
    found = _IN_PATH.search(url)
    if found is None:
        return None
    try:
        return date(int(found.group(1)), int(found.group(2)), int(found.group(3) or 1))
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime(int(found.group(1)), int(found.group(2) or 1), int(found.group(3) or 1), tzinfo=UTC)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _any(text: str) -> datetime | None:
    """Read what is left (names of months in other languages, zones by name) with feedparser's rules."""
    from feedparser.datetimes import _parse_date

    if len(text) > LONGEST or _ISO.fullmatch(text):
        return None  # no date is as long, and an impossible day is none
    try:
        parsed = _parse_date(text)
        return datetime.fromtimestamp(calendar.timegm(parsed), tz=UTC) if parsed else None
    except (ValueError, TypeError, OverflowError):
        return None
