"""Read the word lists that tell places from other names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dateline.errors import RulesError

ABBREVIATIONS, HEADS, GIVEN, COMMON, CONTEXT = (
    "abbreviations.tsv",
    "heads.tsv",
    "given_names.txt",
    "common_words.txt",
    "context_words.tsv",
)
HEAD_KINDS = frozenset({"division", "body", "street"})
CONTEXT_KINDS = frozenset({"locative", "resident", "title", "speech"})


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """Be a short form of a state or province; some are words as well and count after a comma only."""

    geonameid: int
    place: str
    only_after_comma: bool


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Hold the lists."""

    abbreviations: dict[str, Abbreviation]
    heads: dict[str, str]  # capitalised word to what it makes of the name before it
    given_names: frozenset[str]
    common_words: frozenset[str]
    locatives: frozenset[str]  # "in", "near": what follows is a place
    residents: frozenset[str]  # "police", "man": what stands before is a place
    titles: frozenset[str]  # "Mr.", "coach": what follows is a person


@cache
def load_words() -> PlaceWords:
    """Read the lists that ship with Dateline. Raises RulesError, naming the line, where one is wrong."""
    folder = files("dateline.annotate") / "data" / "places"

    def text(name: str) -> str:
        return (folder / name).read_text(encoding="utf-8")

    context = read_kinds(text(CONTEXT), CONTEXT_KINDS, table=CONTEXT)
    return PlaceWords(
        abbreviations=read_abbreviations(text(ABBREVIATIONS), table=ABBREVIATIONS),
        heads=read_kinds(text(HEADS), HEAD_KINDS, table=HEADS),
        given_names=read_list(text(GIVEN), table=GIVEN),
        common_words=read_list(text(COMMON), table=COMMON),
        locatives=frozenset(word for word, kind in context.items() if kind == "locative"),
        residents=frozenset(word for word, kind in context.items() if kind == "resident"),
        titles=frozenset(word for word, kind in context.items() if kind == "title"),
    )


def read_list(text: str, *, table: str) -> frozenset[str]:
    """Read words separated by white space; lines that begin with # are comments. Raises RulesError."""
    found: set[str] = set()
    for line, row in enumerate(text.splitlines(), start=1):
        for word in row.split() if not row.startswith("#") else ():
            if not word[0].isalpha() or word in found:
                raise RulesError(f"{word!r} is no word or stands twice", table=table, line=line)
            found.add(word)
    return frozenset(found)


def read_kinds(text: str, kinds: frozenset[str], *, table: str) -> dict[str, str]:
    """Read a table of word and kind."""
    found: dict[str, str] = {}
    for line, row in enumerate(text.splitlines(), start=1):
        if line == 1 or not row or row.startswith("#"):
            continue
        word, _, kind = row.partition("\t")
        if kind not in kinds:
            raise RulesError(f"{kind!r} is none of {', '.join(sorted(kinds))}", table=table, line=line)
        if word in found:
            raise RulesError(f"{word!r} stands twice", table=table, line=line)
        found[word] = kind
    return found


def read_abbreviations(text: str, *, table: str) -> dict[str, Abbreviation]:
    """Read abbreviations.tsv."""
    found: dict[str, Abbreviation] = {}
    for line, row in enumerate(text.splitlines(), start=1):
        if line == 1 or not row or row.startswith("#"):
            continue
        cells = row.split("\t")
        if len(cells) != 4 or not cells[1].isdecimal() or cells[3] not in {"yes", "no"}:  # noqa: PLR2004 (its columns)
            raise RulesError("form, GeoNames id, place, yes or no belong here", table=table, line=line)
        if cells[0] in found:
            raise RulesError(f"{cells[0]!r} stands twice", table=table, line=line)
        found[cells[0]] = Abbreviation(int(cells[1]), cells[2], cells[3] == "yes")
    return found
