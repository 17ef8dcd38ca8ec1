"""Know which states have which offices: of two lands that a text speaks of, "the chancellor" is of the one that has one."""

from __future__ import annotations

import re
from functools import cache

from dateline.annotate.actors.tables import DATA, Row, read_table
from dateline.types import Actor, Party

TABLE = "state_offices.tsv"
_COURTS = re.compile(
    r"\b(?:international (?:criminal |war crimes )?|war crimes |world |genocide )(?:court|tribunal)\b"
    r"|\b(?:court|tribunal|judges?|prosecutors?) (?:in|at) the hague\b|\bhague (?:court|tribunal)\b",
    re.IGNORECASE,
)
_HAGUE = re.compile(r"\bThe Hague\b")
_AT_HOME = re.compile(r"\b(?:dutch|district|appeals?|local|netherlands)\b", re.IGNORECASE)
_ABROAD = "IGO"


@cache
def _states() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the states that alone have an office, and those that have none. Raises RulesError, naming the line."""
    lists: dict[str, frozenset[str]] = {}
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for row in read_table(DATA / TABLE, ("phrase", "only", "not")):
        phrase, only, never = row["phrase"], _codes(row, "only", lists), _codes(row, "not", lists)
        if bool(only) == bool(never):
            raise row.wrong(f"{phrase!r} must have either states that have it or states that have none")
        if phrase in lists or phrase in found:
            raise row.wrong(f"{phrase!r} stands here twice")
        if phrase.startswith("@"):
            lists[phrase] = only
        else:
            found[phrase] = (only, never)
    return found


def _codes(row: Row, column: str, lists: dict[str, frozenset[str]]) -> frozenset[str]:
    codes: set[str] = set()
    for code in row[column].removeprefix("-").split():  # "-": none are named
        if code in lists:
            codes |= lists[code]
        elif code.startswith("@") or len(code) != 3 or not code.isupper():  # noqa: PLR2004 (letters of a code)
            raise row.wrong(f"{code!r} is no code of a country, nor a list above")
        else:
            codes.add(code)
    return frozenset(codes)


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_states(), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})s?\b")


def office_in(phrase: str) -> str | None:
    """Return the office or body of the table that a phrase speaks of."""
    found = _pattern().search(phrase.casefold())
    return found[1] if found is not None else None


def may_have(country: str, office: str) -> bool:
    """Say whether a state may have an office, by the table."""
    only, never = _states()[office]
    return country in only if only else country not in never


def has_such(country: str, phrase: str) -> bool:
    """Say whether a state may have what a phrase speaks of: "Congress" is not Russia's."""
    office = office_in(phrase)
    return office is None or may_have(country, office)


def tells_of_courts(text: str) -> bool:
    """Say whether a text speaks of an international court."""
    return _COURTS.search(text) is not None


def of_the_hague(party: Party) -> Actor | None:
    """Return the actor of an international court: "The Hague", "the tribunal in The Hague", but no Dutch one."""
    actor = party.actor
    if actor is None or actor.country != "NLD" or _HAGUE.search(party.text) is None or _AT_HOME.search(party.text):
        return None
    if party.text == "The Hague" or actor.sectors[:1] == ("JUD",):
        return Actor(country=_ABROAD, sectors=("JUD",))
    return None
