"""Read times that are told from another time: the day of publication, or the time that the text named last."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateline.annotate.times.context import Direction, Match, Reading
from dateline.annotate.times.quantities import count_of, duration_value
from dateline.annotate.times.spans import WEEK, Days, add_months, week_value
from dateline.types import TimexType

DATE: TimexType = "DATE"
SAME_STORY = 250  # characters: within these a year named in full still holds for a month named without
YEAR_CUES = frozenset(
    "in since from until till by of during before after the mid early late to through between for and or around about circa"  # noqa: SIM905 (words in a row read best as one)
    " year fiscal spring summer autumn fall winter election olympics elections back".split()
)
NO_YEAR_BEFORE = frozenset("$ £ € # no number page room flight".split())  # noqa: SIM905 (words in a row read best as one)
DAY_CUES = frozenset(
    "end ended ending finish finished finishing close closed closing begin began start started of in".split()  # noqa: SIM905 (words in a row read best as one)
)
OF_THAT_YEAR = re.compile(r",? (?:of )?(?:that|the same) year\b")
FRIDAY, SATURDAY = 4, 5
PARTS_OF_DAY = {"MO", "AF", "EV", "NI"}


def published(match: Match) -> date | None:
    """Return the day of publication."""
    return match.narrative.published


def is_year(match: Match, word: str) -> bool:
    """Say whether four digits are a year: by the word before, or by what spaCy thinks of them."""
    if match.before in NO_YEAR_BEFORE or not 1000 <= int(word) <= 2100:  # noqa: PLR2004
        return False
    if len(match.classes) > 1:
        return True
    return match.before in YEAR_CUES or match.extra.get("entity") in {"DATE", "EVENT", "TIME"}


def direction_of(match: Match) -> Direction:
    """Return where the words themselves look, else the clause round them."""
    if match.has("LAST", "PAST", "PREVIOUS"):
        return "past"
    if match.has("NEXT", "FOLLOWING"):
        return "future"
    return match.direction()


def story_year(match: Match) -> int | None:
    """Return a year named in full shortly before, where it is not that of publication."""
    story, now = match.narrative, published(match)
    if story.year is not None and OF_THAT_YEAR.match(match.around[1]):
        return story.year  # "in May of that year"
    if story.year is None or match.start - story.year_at > SAME_STORY:
        return None
    if now is not None and (story.year == now.year or direction_of(match) != "past"):
        return None
    return story.year


LONG_AGO, SOON = 300, 45  # days


def nearest(match: Match, in_year: Callable[[int], date]) -> date | None:
    """Return the occurrence of a yearly day that the tense and the story ask for."""
    story, now = story_year(match), published(match)
    if story is not None and not match.has("LAST", "NEXT", "THIS"):
        return _try(in_year, story)
    if now is None:
        return None
    around = [day for step in (-1, 0, 1) if (day := _try(in_year, now.year + step)) is not None]
    direction = direction_of(match)
    if direction == "past" or match.has("LAST"):
        return max((day for day in around if day <= now), default=None)
    if direction == "future":
        return min((day for day in around if day >= now), default=None)
    return min(around, key=lambda day: abs((day - now).days), default=None)


def _try(in_year: Callable[[int], date], year: int) -> date | None:
    try:
        return in_year(year)
    except ValueError:  # 29 February
        return None


def nearest_day(match: Match, month: int, day: int) -> date | None:
    """Return the day of the calendar whose year is not given."""

    def in_year(year: int) -> date:
        return date(year, month, day)

    found, now = nearest(match, in_year), published(match)
    if found is None or now is None or match.has("LAST", "NEXT", "THIS") or story_year(match) is not None:
        return found
    soon = _try(in_year, found.year + 1)
    far = (now - found).days > LONG_AGO and soon is not None and 0 < (soon - now).days <= SOON
    return soon if far else found  # "proposed on Monday to meet on 25 January": eleven months ago would have its year


def month(match: Match) -> Reading | None:
    """Read a month without a year."""
    number = int(match.value("MONTH") or 0)
    now, story = published(match), story_year(match)
    if story is not None and not match.has("LAST", "NEXT", "THIS"):
        return Reading(DATE, f"{story:04d}-{number:02d}")
    if now is None:
        return Reading(DATE, f"XXXX-{number:02d}")
    direction = direction_of(match)
    year = now.year
    if match.has("LAST"):
        year -= number >= now.month
    elif match.has("NEXT"):
        year += number <= now.month
    elif direction == "past":
        year -= number > now.month
    elif direction == "future":
        year += number < now.month
    else:
        year += min((-1, 0, 1), key=lambda step: abs(step * 12 + number - now.month))
    return Reading(DATE, f"{year:04d}-{number:02d}")


def weekday(match: Match) -> Reading | None:
    """Read a weekday: today's name is today; else the nearest that the tense allows."""
    day = weekday_day(match)
    return Reading(DATE, day.isoformat() if day else None)


def weekday_day(match: Match) -> date | None:
    """Return the day that a weekday's name means."""
    now = published(match)
    if now is None:
        return None
    wanted = int(match.value("WEEKDAY") or 0)
    back, ahead = (now.weekday() - wanted) % WEEK, (wanted - now.weekday()) % WEEK
    if match.has("LAST", "PAST", "PREVIOUS"):
        return now - timedelta(back or WEEK)
    if match.has("NEXT", "FOLLOWING"):
        return now + timedelta(ahead or WEEK)
    if match.has("THIS"):
        monday = now - timedelta(now.weekday())
        return monday + timedelta(wanted)
    return now + timedelta(ahead) if direction_of(match) == "future" else now - timedelta(back)


def weekday_part(match: Match) -> Reading | None:
    """Read "Thursday night"."""
    day = weekday_day(match)
    return Reading("TIME", _part(day, match.value("DAYPART")))


def _part(day: date | None, part: str | None) -> str | None:
    if day is None or part is None:
        return None
    return f"{day}T{part}"


def weekday_week(match: Match) -> Reading | None:
    """Read "Monday of next week"."""
    now = published(match)
    if now is None or match.value("UNIT") != "W":
        return None
    step = -1 if match.has("LAST") else 1 if match.has("NEXT") else 0
    monday = now - timedelta(now.weekday()) + timedelta(WEEK * step)
    return Reading(DATE, (monday + timedelta(int(match.value("WEEKDAY") or 0))).isoformat())


def dayword(match: Match) -> Reading | None:
    """Read "today", "yesterday", "tomorrow"."""
    now = published(match)
    if now is None:
        return Reading(DATE, "PRESENT_REF" if match.value("DAYWORD") == "0" else None)
    return Reading(DATE, (now + timedelta(int(match.value("DAYWORD") or 0))).isoformat())


def dayword_part(match: Match) -> Reading | None:
    """Read "yesterday morning", "this morning", "last night", "tonight"."""
    now = published(match)
    part = match.value("DAYPART", "TONIGHT")
    if now is None or part is None:
        return Reading("TIME", None)
    if match.has("LAST") and match.before == "the":
        return None  # "on the last afternoon": the final one of something
    step = int(match.value("DAYWORD") or 0) - match.has("LAST")
    return Reading("TIME", _part(now + timedelta(step), part))


def bare_part(match: Match) -> Reading | None:
    """Read "the morning", of the day that the text speaks of."""
    part = match.value("DAYPART") or "MO"
    if not match.has("THE") and match.before not in {"at", "by", "until", "before", "after", "in", "around", "since"}:
        return None
    if part not in PARTS_OF_DAY and match.has("THE"):
        return None
    return Reading("TIME", _part(match.narrative.anchor, part))


FORMS: dict[str, Callable[[date], str]] = {
    "D": date.isoformat,
    "W": week_value,
    "2W": week_value,
    "WE": lambda day: week_value(day) + "-WE",
    "M": lambda day: f"{day:%Y-%m}",
    "Q": lambda day: f"{day.year:04d}-Q{(day.month + 2) // 3}",
    "Y": lambda day: f"{day.year:04d}",
    "10Y": lambda day: f"{day.year // 10}",
    "100Y": lambda day: f"{day.year // 100}",
}


def unit_value(day: date, unit: str) -> str | None:
    """Return the day, week, month, … that holds `day`."""
    form = FORMS.get(unit)
    return form(day) if form else None


def move(day: date, unit: str, count: float) -> date | None:
    """Return the day so many units away."""
    try:
        if unit in {"D", "W", "2W", "WE"}:
            return day + timedelta(count * {"D": 1, "W": WEEK, "2W": 2 * WEEK, "WE": WEEK}[unit])
        months = {"M": 1, "Q": 3, "Y": 12, "10Y": 120, "100Y": 1200, "1000Y": 12000}.get(unit)
        return add_months(day, int(count * months)) if months else day
    except (OverflowError, ValueError):
        return None


def _step(match: Match) -> int:
    return (
        -1
        if match.has("LAST", "PREVIOUS", "EARLIER", "BEFORE")
        else 1
        if match.has("NEXT", "FOLLOWING", "LATER", "AFTER")
        else 0
    )


def this_unit(match: Match) -> Reading | None:
    """Read "this week", "last month", "later this year", "the end of last year"."""
    now, unit = published(match), match.value("UNIT") or ""
    if unit[:1] == "T":
        return None
    if match.has("THE") and match.has("NEXT"):
        return adjacent(match)
    if now is None:
        return Reading(DATE, None)
    step = -match.has("LAST") + match.has("NEXT")
    moved = move(now.replace(day=1) if unit not in {"D", "W", "2W", "WE"} else now, unit, step)
    if unit == "D" and match.has("THIS"):
        return Reading(DATE, now.isoformat())
    return Reading(DATE, unit_value(moved, unit) if moved else None)


def whole_unit(match: Match) -> Reading | None:
    """Read "the end of the year", "year-end"."""
    now, unit = match.narrative.anchor if match.value("UNIT") == "D" else published(match), match.value("UNIT") or ""
    if unit[:1] == "T" or now is None:
        return None if unit[:1] == "T" else Reading(DATE, None)
    return Reading(DATE, unit_value(now, unit))


def adjacent(match: Match) -> Reading | None:
    """Read "the following day", "the week before", "the same day", "that time"."""
    if match.has("TIMEWORD"):
        return (
            Reading(DATE, "PAST_REF") if match.before == "at" and "that" in [w.lower() for w in match.words] else None
        )
    anchor = match.narrative.anchor
    step = -match.has("PREVIOUS", "BEFORE", "EARLIER") + match.has("NEXT", "FOLLOWING", "AFTER")
    if match.has("DAYPART"):
        return Reading("TIME", _part(anchor + timedelta(step) if anchor else None, match.value("DAYPART")))
    unit = match.value("UNIT") or ""
    if unit[:1] == "T" or anchor is None:
        return None if unit[:1] == "T" else Reading(DATE, None)
    moved = move(anchor.replace(day=1) if unit not in {"D", "W", "2W", "WE"} else anchor, unit, step)
    return Reading(DATE, unit_value(moved, unit) if moved else None)


def same_day(match: Match) -> Reading | None:
    """Read "the day" in "ended the day": the day that the text speaks of."""
    day = match.narrative.anchor
    if (
        match.value("UNIT") != "D"
        or match.before not in DAY_CUES
        or match.after in {"of", "after", "before", "when", "that"}
    ):
        return None
    return Reading(DATE, day.isoformat() if day else None)


def offset(match: Match) -> Reading | None:
    """Read "two days ago", "three weeks later"."""
    unit = match.value("UNIT", "UNITS") or ""
    ago = match.has("AGO")
    base = published(match) if ago else match.narrative.anchor
    count = count_of(match)
    if count == "X" or count is None or unit[:1] == "T":
        past = ago or match.has("EARLIER", "BEFORE")
        if unit[:1] == "T" and count not in {None, "X"} and base is not None and ago:
            return Reading(DATE if unit != "TM" else "TIME", base.isoformat())
        return Reading(DATE, "PAST_REF" if past else "FUTURE_REF")
    if base is None or isinstance(count, str):
        return Reading(DATE, None)
    moved = move(base, unit, -count if ago or match.has("EARLIER", "BEFORE") else count)
    return Reading(DATE, unit_value(moved, "Y" if unit in {"10Y", "100Y", "1000Y"} else unit) if moved else None)


def in_units(match: Match) -> Reading | None:
    """Read "in two weeks" with a future tense; None where the words are a plain duration."""
    unit, now, count = match.value("UNIT", "UNITS") or "", published(match), count_of(match)
    if match.before != "in" or unit[:1] == "T" or now is None or not isinstance(count, int | float):
        return None
    if match.direction() != "future":
        return None
    moved = move(now, unit, count)
    return Reading(DATE, unit_value(moved, unit)) if moved else None


def past_units(match: Match) -> Reading | None:
    """Read "the past two weeks": a duration that ends with the day of publication."""
    return _stretch(match, before=True)


def next_units(match: Match) -> Reading | None:
    """Read "the next three years"."""
    return _stretch(match, before=False)


def _stretch(match: Match, *, before: bool) -> Reading | None:
    unit, now, count = match.value("UNIT", "UNITS") or "", published(match), count_of(match)
    if count is None:
        count = 1 if match.has("UNIT") else "X"
    if not unit or unit == "WE":
        return weekend(match) if unit == "WE" else None
    value = duration_value(count, unit)
    if now is None or isinstance(count, str):
        return Reading("DURATION", value)
    end = move(now, unit, -count if before else count) if unit[:1] != "T" else now
    days: Days | None = None if end is None else (end, now) if before else (now, end)
    return Reading("DURATION", value, days)


def weekend(match: Match) -> Reading | None:
    """Read "the weekend": the one gone by where the clause is past and the week young; "last weekend"."""
    now = published(match)
    if now is None:
        return Reading(DATE, None)
    step = -match.has("LAST", "PREVIOUS") + match.has("NEXT", "FOLLOWING")
    looks_back = not match.has("THIS") and not step and now.weekday() < FRIDAY and direction_of(match) == "past"
    if (match.has("PAST") and now.weekday() < SATURDAY) or looks_back:
        step = -1
    return Reading(DATE, unit_value(now + timedelta(WEEK * step), "WE"))


def recent(match: Match) -> Reading | None:
    """Read "recent months"."""
    del match
    return Reading(DATE, "PAST_REF")


READINGS: dict[str, Callable[[Match], Reading | None]] = {
    "weekday": weekday,
    "weekday_part": weekday_part,
    "weekday_week": weekday_week,
    "dayword": dayword,
    "dayword_part": dayword_part,
    "bare_part": bare_part,
    "this_unit": this_unit,
    "whole_unit": whole_unit,
    "adjacent": adjacent,
    "same_day": same_day,
    "offset": offset,
    "past_units": past_units,
    "next_units": next_units,
    "weekend": weekend,
    "recent": recent,
}
