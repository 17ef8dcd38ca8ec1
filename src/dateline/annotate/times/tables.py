"""Read the tables of time words, holidays and rules."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dateline.errors import RulesError

WORDS, HOLIDAYS, RULES = "words.tsv", "holidays.tsv", "rules.tsv"
# Classes that the tokenizer gives by shape, not by word
SHAPES = (
    "ISO",
    "SLASH",
    "CLOCK",
    "DECADE",
    "SHORTYEAR",
    "ORDNUM",
    "DAY",
    "YEAR",
    "NUMBER",
    "AMPM",
    "HOLIDAY",
    "QNUMBER",
)
OTHER = "_"  # stands for a word that no rule knows
FIRST_SYMBOL = 0xE000  # private use: one symbol a class, so that rules are regular expressions over symbols
STOP = r"(?=[.,;:!?)\"”\n]|$)"  # in patterns: the clause ends here
_NAME = re.compile(r"[A-Z]+|\S")
_HOLIDAY = re.compile(r"^(?:\d\d-\d\d|\d\d-[A-Z][a-z]{2}-?\d|easter[+-]\d+)$")


@dataclass(frozen=True, slots=True)
class Rule:
    """Be one rule: a pattern over the symbols of word classes, and the reading that gives its value."""

    name: str
    pattern: re.Pattern[str]
    reading: str
    example: str


@dataclass(frozen=True, slots=True)
class Tables:
    """Hold the tables, compiled."""

    words: dict[str, tuple[str, str]]  # lower-case word to symbol and value
    symbols: dict[str, str]  # class name to symbol
    holidays: dict[str, str]  # name as written to its rule
    holiday_pattern: str
    rules: tuple[Rule, ...]


@cache
def load_tables() -> Tables:
    """Read the tables that ship with Dateline. Raises RulesError, naming table and line, where one is wrong."""
    folder = files("dateline.annotate") / "data" / "times"
    texts = {name: (folder / name).read_text(encoding="utf-8") for name in (WORDS, HOLIDAYS, RULES)}
    return read_tables(texts[WORDS], texts[HOLIDAYS], texts[RULES])


def read_tables(words_text: str, holidays_text: str, rules_text: str) -> Tables:
    """Compile the tables from their texts."""
    symbols = {name: chr(FIRST_SYMBOL + n) for n, name in enumerate(SHAPES)}
    words: dict[str, tuple[str, str]] = {}
    for line, (word, name, value) in _rows(words_text, 3, table=WORDS):
        if not name.isalpha() or not name.isupper():
            raise RulesError(f"{name!r} is no class: classes are upper case", table=WORDS, line=line)
        if word in words:
            raise RulesError(f"{word!r} stands twice", table=WORDS, line=line)
        symbol = symbols.setdefault(name, chr(FIRST_SYMBOL + len(symbols)))
        words[word] = (symbol, value)
    holidays: dict[str, str] = {}
    for line, (name, rule) in _rows(holidays_text, 2, table=HOLIDAYS):
        if not _HOLIDAY.match(rule):
            raise RulesError(f"{rule!r} is no rule for a holiday", table=HOLIDAYS, line=line)
        holidays[name] = rule
    names = sorted(holidays, key=len, reverse=True)
    pattern = "|".join(re.escape(name).replace("'", "['’]") for name in names)
    return Tables(words, symbols, holidays, pattern, tuple(_rules(rules_text, symbols)))


def _rules(text: str, symbols: dict[str, str]) -> Iterator[Rule]:
    from dateline.annotate.times.readings import READINGS

    macros = {"STOP": STOP}
    for line, (name, pattern, reading, example) in _rows(text, 4, table=RULES):
        compiled = "".join(_part(part, symbols, macros, line) for part in _NAME.findall(pattern))
        if reading == "macro":
            macros[name] = f"(?:{compiled})"
            continue
        if reading not in READINGS:
            raise RulesError(f"{reading!r} is no reading", table=RULES, line=line)
        try:
            yield Rule(name, re.compile(compiled), reading, example)
        except re.error as error:
            raise RulesError(f"the pattern does not compile: {error}", table=RULES, line=line) from error


def _part(part: str, symbols: dict[str, str], macros: dict[str, str], line: int) -> str:
    if part == "(":
        return "(?:"
    if part == ".":
        return r"\."
    if not part.isalpha():
        return part
    found = macros.get(part) or symbols.get(part)
    if found is None:
        raise RulesError(f"{part!r} is no class and no macro above this line", table=RULES, line=line)
    return found


def _rows(text: str, width: int, *, table: str) -> Iterator[tuple[int, list[str]]]:
    for line, cells in enumerate(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
        if line == 1 or not cells or cells[0].startswith("#"):
            continue
        if len(cells) != width:
            raise RulesError(f"{len(cells)} columns where {width} belong", table=table, line=line)
        yield line, cells
