"""Look actors up: by id, by any of their names, and as of a day."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from dateline.annotate.actors.build import Entries, build_entries
from dateline.annotate.actors.entries import ActorEntry, AliasEntry, RoleEntry
from dateline.annotate.actors.normal import Word, alias_keys, words_of
from dateline.annotate.actors.tables import DATA
from dateline.annotate.actors.wordlists import listed
from dateline.types import Actor

ACRONYM = 3  # capitals: up to here an acronym must be written in capitals; "Nato" and "Unesco" may be


@dataclass(frozen=True, slots=True)
class Candidate:
    """Be an actor that a name may mean, with the alias that says so. `case`: how each word must be written.

    `hinted`: the name is an everyday word or has many bearers, and counts only where the actor's country is named, too.
    `generic`: it is made of words that any country's institutions have, and counts unless only others are named.
    """

    actor: ActorEntry
    alias: AliasEntry
    case: str
    hinted: bool = False
    generic: bool = False

    def valid_on(self, day: date | None) -> bool:
        """Say whether the alias was in use on `day` (always, where the day is unknown)."""
        first, last = self.alias.valid_from, self.alias.valid_to
        return day is None or ((first is None or first <= day) and (last is None or day <= last))


@dataclass(frozen=True, slots=True)
class Match:
    """Mark words `first` up to `last` (exclusive) that write one of `candidates`."""

    first: int
    last: int
    candidates: tuple[Candidate, ...]


class Registry:
    """Hold all actors; build it once and share it."""

    def __init__(self, entries: Entries, *, version: str) -> None:
        self.version = version
        self._entries = entries
        self.labels = entries.labels
        self.countries: Collection[str] = entries.countries
        self._roles: dict[str, list[RoleEntry]] = {}
        for role in entries.roles:
            self._roles.setdefault(role.actor_id, []).append(role)
        self._index: dict[tuple[str, ...], tuple[Candidate, ...]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._fill_index()

    def _fill_index(self) -> None:
        lengths: dict[str, set[int]] = {}
        for alias in self._entries.aliases:
            keys, words = alias_keys(alias.alias)
            if not keys:
                continue
            actor = self._entries.actors[alias.actor_id]
            case = _cases(words, keys)
            generic = actor.kind != "person" and self._entries.generic.issuperset(keys)
            candidate = Candidate(actor, alias, case, hinted=keys in self._entries.hinted, generic=generic)
            known = self._index.get(keys, ())
            same = next((c for c in known if c.actor is actor and c.alias.form == alias.form), None)
            if same is None:
                self._index[keys] = (*known, candidate)
            elif same.case != case:  # "Al-Qaeda" and "al-Qaeda": written either way
                self._index[keys] = tuple(replace(c, case=_looser(c.case, case)) if c is same else c for c in known)
            lengths.setdefault(keys[0], set()).add(len(keys))
        for keys in self._entries.nonames:
            lengths.setdefault(keys[0], set()).add(len(keys))
        self._lengths = {key: tuple(sorted(found, reverse=True)) for key, found in lengths.items()}

    def actors(self) -> Iterator[ActorEntry]:
        """Yield every actor."""
        yield from self._entries.actors.values()

    def aliases(self) -> Iterator[AliasEntry]:
        """Yield every alias."""
        yield from self._entries.aliases

    def roles(self) -> Iterator[RoleEntry]:
        """Yield every dated role."""
        yield from self._entries.roles

    def get(self, actor_id: str) -> ActorEntry | None:
        """Return the actor with this id."""
        return self._entries.actors.get(actor_id)

    def roles_of(self, actor_id: str) -> Sequence[RoleEntry]:
        """Return an actor's roles, earliest first."""
        return self._roles.get(actor_id, ())

    def lookup(self, name: str) -> tuple[Candidate, ...]:
        """Return all actors that may be written so, whatever the case."""
        return self._index.get(tuple(word.key for word in words_of(name)), ())

    def matches(self, words: Sequence[Word]) -> list[Match]:
        """Find the names in `words`, leftmost and longest first, not overlapping."""
        found: list[Match] = []
        at, total, lengths = 0, len(words), self._lengths
        while at < total:
            step = 1
            for length in lengths.get(words[at].key, ()):
                if length > 1 and tuple(word.key for word in words[at : at + length]) in self._entries.nonames:
                    step = length
                    break
                match = self._match(words, at, length)
                if match is not None:
                    found.append(match)
                    step = length
                    break
            at += step
        return found

    def _match(self, words: Sequence[Word], at: int, length: int) -> Match | None:
        piece = words[at : at + length]
        if len(piece) < length or any(word.possessed for word in piece[:-1] if word.key not in ("workers", "peoples")):
            candidates = self._index.get(tuple(word.key for word in piece), ()) if len(piece) == length else ()
            candidates = tuple(c for c in candidates if "'" in c.alias.alias or "\u2019" in c.alias.alias)
        else:
            candidates = self._index.get(tuple(word.key for word in piece), ())
        if not candidates or (length == 1 and piece[0].key in listed("registry.shouted") and _shouting(words, at)):
            return None
        fitting = tuple(c for c in candidates if _fits(c.case, piece))
        return Match(at, at + length, fitting) if fitting else None

    def as_of(self, entry: ActorEntry, day: date | None) -> tuple[Actor, str]:
        """Return who `entry` was on `day`, and which role says so.

        Without a day the most important role decides. After the last role a person is of the elite (ELI); before the
        first one as well, since the registry knows public persons only.
        """
        roles = self._roles.get(entry.id)
        name = entry.id
        if not roles:
            return actor_of(entry, entry.country, entry.sectors), f"registry:{name}"
        if day is None:
            best = min(roles, key=lambda r: (r.rank, -(r.from_ or date.min).toordinal()))
            return actor_of(entry, best.country, best.sectors), f"registry:{name} role {best.office} (no date)"
        held = [role for role in roles if role.held_on(day)]
        if held:
            best = min(held, key=lambda r: (r.rank, -(r.from_ or date.min).toordinal()))
            span = f"{best.from_ or ''}..{best.to or ''}"
            return actor_of(entry, best.country, best.sectors), f"registry:{name} role {best.office} {span}"
        past = any(role.to is not None and role.to < day for role in roles)
        why = "former" if past else "before first role"
        return actor_of(entry, entry.country, ("ELI",)), f"registry:{name} {why}"

    def holders(self, country: str, title: str, day: date) -> list[tuple[ActorEntry, RoleEntry]]:
        """Return who was called `title` in `country` on `day`, the highest office first."""
        wanted = title.casefold()
        found = [
            role for role in self._entries.roles
            if role.country == country and role.held_on(day) and any(t.casefold() == wanted for t in role.titles)
        ]  # fmt: skip
        found.sort(key=lambda r: (r.rank, -(r.from_ or date.min).toordinal()))
        return [(self._entries.actors[role.actor_id], role) for role in found]


def actor_of(entry: ActorEntry, country: str | None, sectors: tuple[str, ...]) -> Actor:
    """Make the record of an actor with the country and sectors of a certain day."""
    return Actor(id=entry.id, name=entry.name, country=country, sectors=sectors, wikidata=entry.wikidata)


def _shouting(words: Sequence[Word], at: int) -> bool:
    """Say whether the words on both sides are in capitals as well: "WHO SAYS" is no World Health Organization."""
    near = [word.text for word in (*words[max(0, at - 1) : at], *words[at + 1 : at + 2]) if word.text.isalpha()]
    return bool(near) and all(text.isupper() and len(text) > 1 for text in near)


def _cases(words: Sequence[str], keys: Sequence[str]) -> str:
    """Say how each word of a name must be written; "Labour party" will do for "Labour Party"."""
    body = len(words) > 1 and words[0][:1].isupper() and keys[-1] in listed("registry.lower")
    cases = "".join(map(_case_of, words))
    return f"{cases[:-1]}-" if body else cases


def _case_of(word: str) -> str:
    letters = word.replace(".", "")
    if letters.isupper() and len(letters) > 1:
        return "U" if len(letters) <= ACRONYM or "." in word else "N"
    return "C" if letters[:1].isupper() else "-"


def _looser(one: str, other: str) -> str:
    return "".join(min(pair, key="-CNU".index) for pair in zip(one, other, strict=True))


def _fits(case: str, piece: Sequence[Word]) -> bool:
    for want, word in zip(case, piece, strict=True):
        if want == "-":
            continue
        text = word.text
        if not text[0].isupper() and not text[0].isdigit():
            return False
        if want == "U" and not text.isupper():
            return False
    return True


@lru_cache(maxsize=4)
def load_registry(extra: Path | None = None) -> Registry:
    """Return the registry, with a user's own tables from the folder `extra`, read once. Raises RulesError."""
    return read_registry(extra)


def read_registry(extra: Path | None = None) -> Registry:
    """Read the registry, with a user's own tables from the folder `extra`. Raises RulesError, naming table and line."""
    collecting = gc.isenabled()
    gc.disable()  # all that is made here lives on: looking for rubbish in it would take a third of the time
    try:
        return _read(extra)
    finally:
        if collecting:
            gc.enable()


def _read(extra: Path | None) -> Registry:
    entries = build_entries()
    digest = hashlib.sha256()
    paths = sorted(DATA.rglob("*.tsv"))
    if extra is not None:
        from dateline.annotate.actors.additions import add_entries

        add_entries(entries, extra)
        paths += sorted(extra.glob("*.csv"))
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return Registry(entries, version=digest.hexdigest()[:12])
