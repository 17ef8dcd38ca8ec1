"""Make people's names of what stands in bylines: split, without "By", roles or handles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape

from dateline.errors import RulesError
from dateline.extract.blocks import key_of, tidy
from dateline.extract.tables import read_table

BETWEEN = re.compile(r"\s*[;|/\u2022\u00b7\u25cf\u22c5\u2219\u2013\u2014\n\u3001\uff0f\uff1b]\s*|\s+[-&+]\s+|\s*,\s*|&")
BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\uff08[^\uff09]*\uff09|[\"\u201c\u201d]")
HANDLE = re.compile(r"@|https?:|www\.|\.(?:com|net|org|de|co)\b|[{}<>=#*_\\]|^\W+$")
FROM_DATE = re.compile(
    r"\s*[,|\u2022\u00b7\u2013-]*\s*(?:\b(?:on|am|le|el|il|op)\b\s+)?(?:(?:jan|feb|m[aä]r|apr|ma[iy]|ju[nl]|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?\s+)?\d.*$",
    re.IGNORECASE,
)
CASED = re.compile(r"[A-Z\u00c0-\u00de\u0100-\u024f\u0370-\u03ff\u0400-\u052f]")
GLUED_BY = re.compile(r"^(?:[Ww]ritten )?[Bb]y(?=[A-Z])")
ELSEWHERE = re.compile(r"\s+(?:on behalf of|in|at|for|of|bei|für|chez|pour|from)\s+.*$")
PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "do",
        "du",
        "des",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "ben",
        "y",
        "e",
        "zu",
        "zur",
        "vom",
        "ter",
        "ten",
        "af",
        "av",
        "st.",
        "mc",
        "o'",
        "abu",
        "al-",
        "ul",
        "san",
        "santa",
        "i",
        "und",
    ]
)
MOST_WORDS = 5
MOST_NAMES = 12
LONGEST_NAME = 45


@cache
def rule_of(kind: str) -> re.Pattern[str]:
    """Return the table's lines of one kind as one pattern. Raises RulesError, naming the line."""
    patterns = []
    for line, row in read_table("names.tsv", ("kind", "pattern")):
        try:
            re.compile(row["pattern"])
        except re.error as error:
            raise RulesError(str(error), table="names.tsv", line=line) from error
        if row["kind"] == kind:
            patterns.append(row["pattern"])
    anywhere = "|".join(f"(?:{pattern})" for pattern in patterns)
    shape = rf"^(?:{anywhere})(?:\s*[:/]\s*|\s+|$)" if kind == "prefix" else rf"^(?:{anywhere})$"
    return re.compile(shape, re.IGNORECASE)


def people_in(texts: Iterable[str], sites: set[str], *, single: bool = False, owner: bool = False) -> tuple[str, ...]:
    """Split and clean names; drop what is no person.

    `single`: a single capitalised word is a name too. `owner`: a person may be called as the site is.
    """
    names: dict[str, str] = {}
    for raw in texts:
        text = tidy(BRACKETS.sub(" ", unescape(raw)))
        for part in _parts(text):
            name = person_in(part, single=single)
            if name and ((owner and " " in name) or key_of(name) not in sites):
                names.setdefault(key_of(name), name)
    kept = [name for key, name in names.items() if not any(key != other and key in other for other in names)]
    return tuple(kept[:MOST_NAMES])


def _parts(text: str) -> Iterator[str]:
    joint = _joint()
    for piece in BETWEEN.split(without_prefix(text)):
        yield from joint.split(piece)


@cache
def _joint() -> re.Pattern[str]:
    words = rule_of("joint").pattern.removeprefix("^").removesuffix("$")
    return re.compile(rf"\s+(?:{words})\s+", re.IGNORECASE)


def without_prefix(text: str) -> str:
    """Cut "By", "Text:", "Written by" and the like from the front."""
    for _ in range(3):
        shorter = GLUED_BY.sub("", rule_of("prefix").sub("", text, count=1)).strip()
        if shorter == text:
            break
        text = shorter
    return text


def person_in(part: str, *, single: bool) -> str | None:  # noqa: PLR0911 (rules in order: the first that holds decides)
    """Return a person's name, None where the words are none."""
    name = without_prefix(FROM_DATE.sub("", part).strip(" .,:-\u2013\u2014*\u2022\u00b7")).strip(" .,:-")
    if not name or len(name) > LONGEST_NAME or HANDLE.search(name) or any(char.isdigit() for char in name):
        return None
    if any(rule_of(kind).match(name) for kind in ("credential", "noise")):
        return None
    name = ELSEWHERE.sub("", name)
    if rule_of("collective").match(name):
        return None
    name = _cut_role(name)
    words = name.split()
    if not words or len(words) > MOST_WORDS:
        return None
    if not CASED.search(name):  # a script without capitals: two to five characters in Chinese, Japanese, Korean
        return name if not name.isascii() and 2 <= len(key_of(name)) <= 12 else None  # noqa: PLR2004
    capital = [word for word in words if word.lower() not in PARTICLES]
    if not capital or not all(CASED.match(word.lstrip("'\u2019")) for word in capital):
        return None
    if len(words) == 1 and (not single or len(name) < 3 or name.isupper() or CASED.search(name[1:])):  # noqa: PLR2004
        return None
    return name.title() if name.isupper() and len(words) > 1 else name


def _cut_role(name: str) -> str:
    """Drop a role that follows a name ("Jane Roe Staff Writer"), or everything where the whole is a role."""
    words = name.split()
    for at in range(len(words)):
        if rule_of("role").match(" ".join(words[at:])) and not rule_of("role").match(" ".join(words[at + 1 :]) or "\0"):
            shortest = 2 if CASED.search(name) else 1
            before = words[:at]
            while before and rule_of("modifier").match(before[-1]):
                before.pop()
            title = any(rule_of("modifier").match(word) for word in before)
            return "" if len(before) < shortest or title else " ".join(before)
    return name
