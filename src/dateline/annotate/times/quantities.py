"""Read counts and durations."""

from __future__ import annotations

from dateline.annotate.times.context import Match

HUNDRED = 100


def count_of(match: Match) -> float | int | str | None:
    """Return the number among the words: "two", "24", "twenty-four", "two and a half"; "X" for a vague one."""
    total: float = 0
    seen = False
    for name, word, value in zip(match.classes, match.words, match.values, strict=True):
        if name == "COUNT":
            count = int(value)
            total = total * count if count >= HUNDRED and total else total + count
            seen = True
        elif name in {"DAY", "NUMBER", "YEAR"}:
            number = float(word.replace(",", ""))
            total, seen = total + number, True
        elif name == "HALF":
            total, seen = (total + 0.5, True) if seen else (0.5, True)
        elif name == "VAGUE":
            return "X"
    if seen:
        return int(total) if total == int(total) else total
    return 1 if "A" in match.classes else None


def duration_value(count: float | str, unit: str) -> str:
    """Return the TIMEX3 value of so many units. Weeks stay weeks; decades and centuries are years."""
    if unit[0] == "T":
        if count == 0.5 and unit == "TH":  # noqa: PLR2004 (half an hour)
            return "PT30M"
        return f"PT{count}{unit[1]}"
    many = unit[:-1]
    if many.isdecimal():
        if count == "X":
            return "PX" + {"2": "W", "10": "DE", "100": "CE", "1000": "ML"}[many]
        assert not isinstance(count, str)
        count = count * int(many)
        count = int(count) if count == int(count) else count
        return f"P{count}{unit[-1]}"
    if count == 0.5 and unit == "Y":  # noqa: PLR2004 (half a year)
        return "P6M"
    return f"P{count}{unit}"
