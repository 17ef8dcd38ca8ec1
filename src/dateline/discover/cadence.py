"""Decide how often a source is looked at: so often that a look finds about one new article, within bounds."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt

PART = 4  # the interval that a person gave is divided by it at most: a publisher may have asked for it
MINUTE = 60.0


def adapted_minutes(
    current: int, *, given: int, elapsed: timedelta | None, new: int, between: tuple[int, int]
) -> int | None:
    """Return the minutes until the next look, or None where this look tells nothing.

    `current`: the interval now; `given`: the one that a person chose; `elapsed`: since the last look that succeeded, None at the
    first one, which finds the whole stock; `new`: articles that nobody had told us of.

    Where something is new, the time that one new article took is aimed at; where nothing is, twice the time that went by. The
    interval goes half the way there (the geometric mean), and at most to its half or double: a single burst decides nothing.
    """
    if elapsed is None:
        return None
    passed = max(elapsed.total_seconds() / MINUTE, 1.0)
    aim = passed / new if new > 0 else max(2 * passed, float(current))
    wanted = min(max(sqrt(current * aim), current / 2), current * 2.0)
    least = max(between[0], given // PART)
    most = max(between[1], given, least)
    return round(min(max(wanted, least), most))
