"""Hold what a reading may look at: the words it matched, the tense round them, and the times named so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dateline.types import TimexType

Direction = Literal["past", "future", "unknown"]


@dataclass(slots=True)
class Narrative:
    """Remember the times that the text has named so far: what "the next day" is counted from."""

    published: date | None
    day: date | None = None  # the last day named
    day_at: int = -1  # and where
    year: int | None = None  # the last year named in full
    year_at: int = -1
    month: tuple[int, int] | None = None

    @property
    def anchor(self) -> date | None:
        """Return the day that "two days later" is counted from."""
        return self.day or self.published


@dataclass(slots=True)
class Match:
    """Be the words that a rule matched: class names and values, in order."""

    classes: list[str]
    values: list[str]
    words: list[str]
    start: int
    end: int
    narrative: Narrative
    direction: Callable[[], Direction]
    rule: str = ""
    before: str = ""  # the word before, lower case
    after: str = ""  # the word after, lower case
    around: tuple[str, str] = ("", "")  # the text shortly before and behind
    extra: dict[str, str] = field(default_factory=dict)

    def value(self, *classes: str) -> str | None:
        """Return the value of the first word of one of these classes."""
        return next((v for c, v in zip(self.classes, self.values, strict=True) if c in classes), None)

    def has(self, *classes: str) -> bool:
        """Say whether a word of one of these classes is there."""
        return any(c in classes for c in self.classes)


@dataclass(frozen=True, slots=True)
class Reading:
    """Be what a rule reads: type and value, and the days where the value alone does not say them."""

    type: TimexType
    value: str | None
    days: tuple[date, date] | None = None
