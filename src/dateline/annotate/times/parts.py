"""Read parts of years and of days: quarters, halves, seasons, times of the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from dateline.annotate.times.context import Direction, Match, Reading
from dateline.annotate.times.relative import DATE, direction_of, published, story_year, weekday_day


def _year_of(match: Match, direction: Direction) -> int | None:
    given = match.value("YEAR")
    if given:
        return int(given)
    now = published(match)
    if now is None:
        return None
    if "OF" in match.classes:
        return now.year - match.has("LAST") + match.has("NEXT")
    story = story_year(match)
    if story is not None:
        return story
    del direction
    return None


def quarter(match: Match) -> Reading | None:
    """Read "the third quarter of 2009"."""
    unit = match.value("UNIT")
    if not match.has("QNUMBER") and unit != "Q":
        return None
    nth = _nth(match, 4)
    if nth is None:
        return None
    return _of_year(match, f"Q{nth}", nth * 3 - 2, nth * 3)


def half(match: Match) -> Reading | None:
    """Read "the first half of the year"."""
    nth = _nth(match, 2)
    if nth is None or (match.value("UNIT") not in {None, "Y"}):
        return None
    return _of_year(match, f"H{nth}", nth * 6 - 5, nth * 6)


def _nth(match: Match, most: int) -> int | None:
    if match.has("QNUMBER"):
        return int(match.words[match.classes.index("QNUMBER")][1])
    for name, word, value in zip(match.classes, match.words, match.values, strict=True):
        if name == "ORDINAL":
            nth = int(value)
            return most if nth < 0 else nth if nth <= most else None
        if name == "ORDNUM":
            return int(word[0]) if word[0].isdecimal() and int(word[0]) <= most else None
    return most if match.has("LAST") else None


def _of_year(match: Match, part: str, first: int, last: int) -> Reading:
    direction = direction_of(match)
    year, now = _year_of(match, direction), published(match)
    if year is None and now is not None:
        year = now.year
        if direction == "future":
            year += last < now.month
        else:
            year -= first > now.month
    return Reading(DATE, f"{year:04d}-{part}" if year is not None else f"XXXX-{part}")


def season(match: Match) -> Reading | None:
    """Read "last summer"."""
    part = match.value("SEASON") or ""
    word = match.words[match.classes.index("SEASON")]
    named = match.has("THIS", "LAST", "NEXT", "PAST", "PREVIOUS", "FOLLOWING", "YEAR", "THE", "EARLY")
    if not named and not (match.before in {"in", "since", "by", "until", "during"} or word[0].isupper()):
        return None
    if match.extra.get("tag", "NN")[:2] != "NN" and not match.has("LAST", "NEXT", "YEAR"):
        return None
    given, now = match.value("YEAR"), published(match)
    if given:
        return Reading(DATE, f"{given}-{part}")
    if now is None:
        return Reading(DATE, f"XXXX-{part}")
    start = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[part]
    year = now.year - (part == "WI" and now.month < 3 and not match.has("NEXT"))  # noqa: PLR2004 (January is in the winter of the year before)
    if match.has("LAST", "PREVIOUS"):
        year -= start + 2 >= now.month
    elif match.has("NEXT"):
        year += start <= now.month
    elif not match.has("THIS"):
        direction = direction_of(match)
        year += (direction == "future" and start + 2 < now.month) - (
            direction == "past" and start > now.month and part != "WI"
        )
    return Reading(DATE, f"{year:04d}-{part}")


def clock(match: Match) -> Reading | None:
    """Read "08:30 UTC", "6 p.m. Friday"."""
    word = match.words[next(i for i, c in enumerate(match.classes) if c in {"CLOCK", "DAY", "COUNT"})]
    digits = word.replace(".", ":")
    if digits.isalpha():
        digits = match.value("COUNT") or "0"
    if ":" not in digits:
        digits = f"{digits[:-2]}:{digits[-2:]}" if len(digits) > 2 else f"{digits}:00"  # noqa: PLR2004
    hour, minute, *_ = (int(part) for part in digits.split(":"))
    half_day = match.words[match.classes.index("AMPM")].strip().lower()[:1] if match.has("AMPM") else ""
    hour = hour % 12 + 12 if half_day == "p" else 0 if half_day == "a" and hour == 12 else hour  # noqa: PLR2004
    if hour > 24 or minute > 59:  # noqa: PLR2004
        return None
    day = weekday_day(match) if match.has("WEEKDAY") else None
    now = published(match)
    if match.has("DAYWORD") and now is not None:
        day = now + timedelta(int(match.value("DAYWORD") or 0))
    day = day or match.narrative.anchor
    if day is None:
        return Reading("TIME", f"XXXX-XX-XXT{hour:02d}:{minute:02d}")
    return Reading("TIME", f"{day}T{hour:02d}:{minute:02d}{match.value('ZONE') or ''}")


READINGS: dict[str, Callable[[Match], Reading | None]] = {
    "quarter": quarter,
    "half": half,
    "season": season,
    "clock": clock,
}
