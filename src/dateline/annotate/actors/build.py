"""Build the registry's entries from its tables.

    states.tsv           one row a state, past or present: names, adjectives, capitals
    kinds.tsv            what sort of actor there is, with its default sectors and its spaCy label
    offices.tsv          what an office is called, its sectors, and which of several offices decides
    people/*.tsv         one row a term of office; blank country and office are those of the row above;
                         `to` of `>` is the day that the next row begins
    organisations/*.tsv  one row an organisation; blank country and kind are those of the row above

A person's short name is the last word, or what the state's name order says, or the alias that begins with `~`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dateline.annotate.actors.entries import ActorEntry, AliasEntry, Form, RoleEntry
from dateline.annotate.actors.normal import keys_of, slug
from dateline.annotate.actors.tables import DATA, Row, read_table
from dateline.annotate.actors.wordlists import listed

STATE_COLUMNS = ("code", "name", "aliases", "adjectives", "people", "capitals", "names", "from", "to")
KIND_COLUMNS = ("kind", "sectors", "label")
OFFICE_COLUMNS = ("office", "sectors", "rank", "titles")
PEOPLE_COLUMNS = ("country", "office", "from", "to", "name", "aliases")
ORGANISATION_COLUMNS = ("country", "kind", "name", "aliases", "sectors", "from", "to")
IGO = "IGO"
SHORT_RANK = 5  # holders of an office of this rank or a higher one are called by surname alone in news
NEXT = ">"
CITIZEN = "citizen"  # no office: the row says only which country a person is of
_NAME_ORDERS = ("", "family_first", "given_first_only", "whole")
_PLACE_OF_NAMESAKE = re.compile(
    r" \([A-Z][\w ]+\)\Z"
)  # "Labour Party (Norway)": keeps ids apart, is no part of the name


@dataclass(slots=True)
class Entries:
    """Collect what the tables say."""

    actors: dict[str, ActorEntry] = field(default_factory=dict)
    aliases: list[AliasEntry] = field(default_factory=list)
    roles: list[RoleEntry] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)  # spaCy's label, by kind
    titles: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by office
    orders: dict[str, str] = field(default_factory=dict)  # name order, by country
    countries: set[str] = field(default_factory=lambda: {IGO})
    hinted: set[tuple[str, ...]] = field(default_factory=set)  # names that count only where their country is named, too
    generic: frozenset[str] = frozenset()  # words of which no name alone is made
    nonames: frozenset[tuple[str, ...]] = frozenset()  # phrases that hide the names inside them

    def alias(self, actor_id: str, names: Iterable[str], form: Form = "name", *, row: Row | None = None) -> None:
        """Add ways to write an actor, valid as long as the row says."""
        first = row.first_day() if row else None
        last = row.last_day() if row else None
        for name in names:
            self.aliases.append(AliasEntry(actor_id=actor_id, alias=name, valid_from=first, valid_to=last, form=form))


def build_entries(data: Path = DATA) -> Entries:
    """Read all tables under `data`. Raises RulesError, naming table and line."""
    entries = Entries()
    kinds = _read_kinds(data, entries)
    _read_states(data, entries)
    _read_people(data, entries, _read_offices(data, entries))
    _read_organisations(data, entries, kinds)
    entries.hinted = _read_phrases(data / "hinted.tsv", "name")
    entries.nonames = frozenset(_read_phrases(data / "nonames.tsv", "phrase"))
    entries.generic = _read_generic(data / "generic.tsv")
    return entries


def _read_phrases(path: Path, column: str) -> set[tuple[str, ...]]:
    """Read a table of one column."""
    found: set[tuple[str, ...]] = set()
    for row in read_table(path, (column,)):
        keys = keys_of(row[column])
        if not keys or keys in found:
            raise row.wrong(f"{row[column]!r} is empty or stands here twice")
        found.add(keys)
    return found


def _read_generic(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for row in read_table(path, ("words",)):
        for key in keys_of(row["words"]):
            if not key[0].isalnum() or key in found:
                raise row.wrong(f"{key!r} is no word or stands here twice")
            found.add(key)
    return frozenset(found)


def _read_kinds(data: Path, entries: Entries) -> dict[str, tuple[str, ...]]:
    kinds = {}
    for row in read_table(data / "kinds.tsv", KIND_COLUMNS):
        kinds[row["kind"]] = row.sectors()
        entries.labels[row["kind"]] = row["label"]
    return kinds


def _read_states(data: Path, entries: Entries) -> None:
    for row in read_table(data / "states.tsv", STATE_COLUMNS):
        code, name = row["code"], row["name"]
        if len(code) != len("USA") or not code.isupper() or not name:
            raise row.wrong(f"code {code!r} must be three capitals, and the name given")
        past = bool(row["to"])
        actor_id = f"{code.lower()}.{slug(name)}" if past else code.lower()
        if actor_id in entries.actors:
            raise row.wrong(f"{name!r} stands here twice")
        _check_dates(row)
        entries.countries.add(code)
        if row["names"] not in _NAME_ORDERS:
            raise row.wrong(f"names: {row['names']!r} is none of {', '.join(_NAME_ORDERS[1:])}")
        if not past:
            entries.orders[code] = row["names"]
        entries.actors[actor_id] = ActorEntry(id=actor_id, name=name, kind="state", country=code, source=row.table)
        entries.alias(actor_id, (name, *row.many("aliases")), row=row if past else None)
        entries.alias(actor_id, row.many("adjectives"), "adjective")
        entries.alias(actor_id, _peoples(row), "people")
        entries.alias(actor_id, row.many("capitals"), "capital", row=row if past else None)


def _peoples(row: Row) -> Iterator[str]:
    """Yield the words for a state's people: those written, and plurals of adjectives that take an s."""
    yield from row.many("people")
    for adjective in row.many("adjectives"):
        if (
            adjective.endswith(("an", "i", "ian", "ot", "ean", "ek", "ak"))
            and " " not in adjective.replace("-", " ").strip()
        ) or (" " in adjective and adjective.endswith(("an", "i"))):
            yield adjective + "s"


@dataclass(frozen=True, slots=True)
class _Office:
    sectors: tuple[str, ...]
    rank: int
    titles: tuple[str, ...]


def _read_offices(data: Path, entries: Entries) -> dict[str, _Office]:
    offices = {}
    for row in read_table(data / "offices.tsv", OFFICE_COLUMNS):
        if not row["rank"].isdigit():
            raise row.wrong(f"rank {row['rank']!r} is no number")
        offices[row["office"]] = _Office(row.sectors(), int(row["rank"]), row.many("titles"))
        entries.titles[row["office"]] = row.many("titles")
    return offices


@dataclass(slots=True)
class _Term:
    row: Row
    country: str
    office: str
    name: str
    from_: date | None
    to: date | None


def _read_people(data: Path, entries: Entries, offices: dict[str, _Office]) -> None:
    people: dict[str, list[_Term]] = {}
    for path in sorted((data / "people").glob("*.tsv")):
        for term in _terms(path, entries, offices):
            people.setdefault(term.name, []).append(term)
    for name, terms in people.items():
        _add_person(entries, name, terms, offices)


def _terms(path: Path, entries: Entries, offices: dict[str, _Office]) -> Iterator[_Term]:
    country = office = ""
    waiting: _Term | None = None  # its last day is the next row's first
    for row in read_table(path, PEOPLE_COLUMNS):
        fresh = bool(row["country"] or row["office"])
        country, office = row["country"] or country, row["office"] or office
        if country not in entries.countries:
            raise row.wrong(f"unknown country {country!r}")
        if office not in offices:
            raise row.wrong(f"unknown office {office!r}: add it to offices.tsv")
        if not row["name"]:
            raise row.wrong("the name is missing")
        first = row.first_day()
        if waiting is not None:
            if fresh or first is None:
                raise waiting.row.wrong("`to` is `>`, but no row of the same office with a `from` follows")
            waiting.to = row.last_day("from")
            _check_term(waiting)
            yield waiting
            waiting = None
        term = _Term(row, country, office, row["name"], first, None)
        if row["to"] == NEXT:
            waiting = term
            continue
        term.to = row.last_day()
        _check_term(term)
        yield term
    if waiting is not None:
        raise waiting.row.wrong("`to` is `>`, but no row follows")


def _check_term(term: _Term) -> None:
    if term.from_ and term.to and term.from_ > term.to:
        raise term.row.wrong(f"{term.name} begins on {term.from_} and ends on {term.to}")


def _check_dates(row: Row) -> None:
    first, last = row.first_day(), row.last_day()
    if first and last and first > last:
        raise row.wrong(f"begins on {first} and ends on {last}")


def _add_person(entries: Entries, name: str, terms: list[_Term], offices: dict[str, _Office]) -> None:
    terms.sort(key=lambda term: term.from_ or date.min)
    home = next((term.country for term in terms if term.country != IGO), IGO)
    actor_id = f"{home.lower()}.{slug(name)}"
    private = all(term.office == CITIZEN for term in terms)
    entries.actors[actor_id] = ActorEntry(
        id=actor_id, name=name, kind="person", country=home, sectors=("CVL",) if private else (),
        source=terms[0].row.table,
    )  # fmt: skip
    own = frozenset(name.replace("-", " ").split())
    written = dict.fromkeys(
        f"~{alias}" if alias in own else alias  # a single word of the name is a short one: "Thaksin"
        for term in terms
        for alias in term.row.many("aliases")
    )
    entries.alias(actor_id, dict.fromkeys((name, *_without_initials(name), *(a for a in written if a[0] != "~"))))
    shorts = [a[1:] for a in written if a[0] == "~"] or short_names(name, entries.orders.get(home, ""))
    prominent = [term for term in terms if offices[term.office].rank <= SHORT_RANK]
    if prominent:
        first = None if any(t.from_ is None for t in prominent) else min(t.from_ for t in prominent if t.from_)
        last = None if any(t.to is None for t in prominent) else max(t.to for t in prominent if t.to)
    else:
        first = last = None
    for short in dict.fromkeys(shorts):
        if short != name and prominent:
            entries.aliases.append(
                AliasEntry(actor_id=actor_id, alias=short, valid_from=first, valid_to=last, form="short")
            )
    for term in terms:
        office = offices[term.office]
        if term.office == CITIZEN:
            continue
        entries.roles.append(
            RoleEntry(
                actor_id=actor_id,
                office=term.office,
                country=term.country,
                sectors=() if term.country == IGO and office.sectors == ("GOV",) else office.sectors,
                from_=term.from_,
                to=term.to,
                rank=office.rank,
                titles=office.titles,
            )
        )


def _without_initials(name: str) -> Iterator[str]:
    """Yield "Donald Trump" for "Donald J. Trump"."""
    words = name.split()
    kept = [word for word in words if not (len(word) == len("J.") and word.endswith("."))]
    if len(words) > len(kept) > 1:
        yield " ".join(kept)


def short_names(name: str, order: str) -> list[str]:
    """Return what somebody is called after the first mention: "Kim", "Assad", "al-Assad", "de Gaulle"."""
    words = [word for word in name.split() if word not in ("Jr.", "Sr.", "II", "III", "IV", "V", "VI", "VIII", "XVI")]
    if len(words) <= 1 or order == "whole":
        return []
    if order in ("family_first", "given_first_only"):
        return [words[0]]
    last = words[-1]
    shorts = [last]
    head, dash, tail = last.partition("-")
    if dash and head.lower() in listed("build.particles"):
        shorts.append(tail)  # al-Assad: Assad
    if words[-2].lower() in listed("build.particles"):
        shorts.insert(0, f"{words[-2]} {last}")  # de Gaulle, bin Laden
    return shorts


def _read_organisations(data: Path, entries: Entries, kinds: dict[str, tuple[str, ...]]) -> None:
    for path in sorted((data / "organisations").glob("*.tsv")):
        country = kind = ""
        for row in read_table(path, ORGANISATION_COLUMNS):
            country, kind = row["country"] or country, row["kind"] or kind
            if country not in entries.countries and country != "-":
                raise row.wrong(f"unknown country {country!r}; `-` where there is none")
            if kind not in kinds:
                raise row.wrong(f"unknown kind {kind!r}: add it to kinds.tsv")
            if not row["name"]:
                raise row.wrong("the name is missing")
            _check_dates(row)
            actor_id = f"{country.lower() if country != '-' else 'any'}.{slug(row['name'])}"
            if actor_id in entries.actors:
                raise row.wrong(f"{row['name']!r} of {country} stands in the tables twice")
            sectors = row.sectors() or kinds[kind]
            name = _PLACE_OF_NAMESAKE.sub("", row["name"])
            entries.actors[actor_id] = ActorEntry(
                id=actor_id, name=name, kind=kind, country=None if country == "-" else country,
                sectors=() if country == IGO and sectors == ("GOV",) else sectors, source=row.table,
            )  # fmt: skip
            entries.alias(actor_id, dict.fromkeys((name, *row.many("aliases"))), row=row)
