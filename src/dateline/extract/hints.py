"""Tell what the names of an element (tag, class, id, role) hint at: a caption, a newsletter box, related links.

The names are what templates share across sites and languages. They are data: `data/hints.tsv`.
"""

from __future__ import annotations

import re
from functools import cache

from lxml.html import HtmlElement

from dateline.errors import RulesError
from dateline.extract.tables import read_table

NO_HINTS: frozenset[str] = frozenset()
KNOWN = frozenset(
    [
        "caption",
        "credit",
        "related",
        "newsletter",
        "author",
        "comment",
        "share",
        "tags",
        "ad",
        "nav",
        "footer",
        "aside",
        "hidden",
        "embed",
        "meta",
        "standfirst",
        "header",
        "promo",
        "media",
        "paywall",
        "table",
        "quote",
        "list",
        "liveblog",
        "body",
        "correction",
        "figure",
        "form",
    ]
)
WORD_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z]+")
NAMED = frozenset(("class", "id", "role", "itemprop", "data-testid", "data-component"))
MOST_REMEMBERED = 20_000
STEM = re.compile(r"(?<=[ (|?)])[a-z]+(?=[a-z]\?)|(?<=[ (|?)])[a-z]+(?![a-z?])")  # "authors?" gives "author"
PREFIX = 3  # letters from which a part of a rule may begin a longer word
HIDING = re.compile(
    r"(?<!overflow-)(?<!-[xy]-)(?<!\b(?:xs|sm|md|lg|xl)[:-])hidden\b(?![:-](?:xs|sm|md|lg|xl)\b)|sr-only|srOnly|screen-reader|screenreader|d-none|visually|print-only|\bhide\b"
)
LONGEST = 300  # characters of a name that are read
CONCEALING = frozenset(("style", "hidden", "aria-hidden"))
HIDDEN = frozenset(("hidden",))


class _Rule:
    """Hold a hint's patterns, and the words of which they are made."""

    def __init__(self, hint: str, pattern: re.Pattern[str]) -> None:
        self.hint, self.pattern = hint, pattern
        parts = set(STEM.findall(pattern.pattern))
        self._stems = tuple(sorted(part for part in parts if len(part) >= PREFIX))
        self._short = frozenset(word for part in parts if len(part) < PREFIX for word in (part, f"{part}s"))

    def may_hold(self, word: str) -> bool:
        """Say whether a name with this word may match."""
        return word in self._short or word.startswith(self._stems)


class Hints:
    """Know the rules; remember the names that were seen, for they repeat."""

    def __init__(self, by_tag: dict[str, frozenset[str]], by_name: list[tuple[str, re.Pattern[str]]]) -> None:
        self._by_tag = by_tag
        # a name is held against those rules only of whose words it has one: most have none
        self._by_name = [_Rule(hint, pattern) for hint, pattern in by_name]
        self._seen: dict[str, frozenset[str]] = {}
        self._telling: dict[str, tuple[_Rule, ...]] = {}

    def of(self, element: HtmlElement) -> frozenset[str]:
        """Return what the element's own names hint at."""
        found = self._by_tag.get(element.tag, NO_HINTS)
        names = ""
        for name, value in element.items():
            if name in NAMED:
                names += f" {value[:LONGEST]}"
            elif name in CONCEALING and _hides(name, value):
                found |= HIDDEN
        if names:
            named = self._seen.get(names)
            if named is None:
                named = self._seen[names] = self._read(names)
            if named:
                found |= named
        return found

    def hides(self, element: HtmlElement) -> bool:
        """Say whether an element keeps its words from being seen; quicker than asking for all hints."""
        for name, value in element.items():
            if name == "class":
                if HIDING.search(value):
                    return True
            elif name in CONCEALING and _hides(name, value):
                return True
        return False

    def _read(self, names: str) -> frozenset[str]:
        words = WORD_EDGE.sub(" ", names).lower().split()
        rules = {rule for word in words for rule in self._told_by(word)}
        if not rules:
            return NO_HINTS
        text = f" {' '.join(words)} "
        return frozenset(rule.hint for rule in rules if rule.pattern.search(text))

    def _told_by(self, word: str) -> tuple[_Rule, ...]:
        known = self._telling.get(word)
        if known is None:
            known = self._telling[word] = tuple(rule for rule in self._by_name if rule.may_hold(word))
        return known

    def forget(self) -> None:
        """Drop what was remembered, when it has become much."""
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.clear()
        if len(self._telling) > MOST_REMEMBERED:
            self._telling.clear()


def _hides(name: str, value: str) -> bool:
    """Say whether an attribute keeps its element from being seen."""
    if name == "style":
        return "display" in value and "display:none" in value.replace(" ", "").lower()
    return name == "hidden" or (name == "aria-hidden" and value == "true")


@cache
def _rules() -> tuple[dict[str, frozenset[str]], list[tuple[str, re.Pattern[str]]]]:
    by_tag: dict[str, frozenset[str]] = {}
    by_name: dict[str, list[str]] = {}
    for line, row in read_table("hints.tsv", ("hint", "where", "pattern")):
        if row["hint"] not in KNOWN:
            raise RulesError(f"unknown hint {row['hint']!r}", table="hints.tsv", line=line)
        if row["where"] == "tag":
            by_tag[row["pattern"]] = by_tag.get(row["pattern"], NO_HINTS) | {row["hint"]}
        elif row["where"] == "name":
            try:
                re.compile(row["pattern"])
            except re.error as error:
                raise RulesError(f"bad pattern: {error}", table="hints.tsv", line=line) from error
            by_name.setdefault(row["hint"], []).append(row["pattern"])
        else:
            raise RulesError(f"unknown place {row['where']!r}", table="hints.tsv", line=line)
    return by_tag, [(hint, re.compile("|".join(patterns))) for hint, patterns in by_name.items()]


@cache
def _hints() -> Hints:
    return Hints(*_rules())


def open_hints() -> Hints:
    """Return the rules, with what was remembered of earlier pages: a site's pages share their names."""
    hints = _hints()
    hints.forget()
    return hints
