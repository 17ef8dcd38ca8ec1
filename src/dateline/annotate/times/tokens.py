"""Cut a text into the words that time expressions are made of, and give each its class."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from dateline.annotate.times.tables import OTHER, Tables, load_tables

FIRST_YEAR, LAST_YEAR = 1000, 2199  # four digits outside these are counts
LAST_DAY = 31
CAPITAL = frozenset({"MONTH", "WEEKDAY", "WEEKDAYS", "WEEKABBR"})  # "may", "march", "sat" in lower case are other words
_SHAPES = r"""
  (?P<ISO>\d{4}-\d{2}-\d{2}\b)
| (?P<SLASH>\b\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})\b)
| (?P<CLOCK>\b\d{1,2}:\d{2}(?::\d{2})?(?![\d:])|\b\d{1,2}\.\d{2}(?=\s?[ap]\.?m)|\b[0-2]\d[0-5]\d(?=\s+(?:UTC|GMT|hours)\b))
| (?P<DECADE>\b\d{3}0['’]?s\b|['’]\d0['’]?s\b|(?<![\d.,$£€])\b[2-9]0s\b)
| (?P<SHORTYEAR>(?<=\s)['’]\d{2}\b(?!['’\d]))
| (?P<ORDNUM>\b\d{1,2}(?:st|nd|rd|th)\b)
| (?P<QNUMBER>\bQ[1-4]\b)
| (?P<NUM>(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\w%]|,\d|\.\d))
| (?P<AMPM>(?<=\d)\s?[ap]\.?m\b\.?|(?<=\d\s)[ap]\.?m\b\.?|\b(?:AM|PM|a\.m\.|p\.m\.))
| (?P<OCLOCK>o['’]clock)
| (?P<HOLIDAY>\b(?:HOLIDAYS)\b)
| (?P<WORD>[^\W\d_]+)
| (?P<MARK>[^\w\s]|\n)
| (?P<JUNK>\w+)
"""


@dataclass(slots=True)
class Words:
    """Hold a text's words: where each stands, what it means, and one symbol for the class of each."""

    text: str
    spans: list[tuple[int, int]]
    values: list[str]
    symbols: str


@cache
def _scanner() -> re.Pattern[str]:
    return re.compile(_SHAPES.replace("HOLIDAYS", load_tables().holiday_pattern), re.VERBOSE)


def cut(text: str) -> Words:
    """Return the words of `text`."""
    tables = load_tables()
    known, classes = tables.words, tables.symbols
    capital = {classes[name] for name in CAPITAL}
    spans: list[tuple[int, int]] = []
    values: list[str] = []
    symbols: list[str] = []
    for match in _scanner().finditer(text):
        kind = match.lastgroup
        word = match.group()
        value = word
        if kind == "WORD":
            symbol, value = known.get(word.lower(), (OTHER, ""))
            if symbol in capital and not word[0].isupper():
                symbol = OTHER
        elif kind == "MARK":
            symbol = word
        elif kind == "NUM":
            symbol = classes[_number_class(word)]
            value = word.replace(",", "")
        elif kind == "JUNK" or kind is None:
            symbol = OTHER
        else:
            symbol = classes[kind]
        spans.append(match.span())
        values.append(value)
        symbols.append(symbol)
    return Words(text, spans, values, "".join(symbols))


def _number_class(word: str) -> str:
    if word.isdecimal():
        if len(word) == 4 and FIRST_YEAR <= int(word) <= LAST_YEAR:  # noqa: PLR2004 (a year has four digits)
            return "YEAR"
        if len(word) <= 2 and 1 <= int(word) <= LAST_DAY:  # noqa: PLR2004 (a day has two)
            return "DAY"
    return "NUMBER"


def number(word: str) -> int:
    """Return the number at the start of a word: "21st" is 21."""
    match = re.match(r"\d+", word)
    return int(match.group()) if match else 0


def tables() -> Tables:
    """Return the tables."""
    return load_tables()
