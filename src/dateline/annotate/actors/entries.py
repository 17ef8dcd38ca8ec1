"""Define the entries of the registry, as tables and database hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal[
    "state", "person", "igo", "ngo", "armed", "military", "police", "spy", "party", "government", "legislature", "court",
    "media", "firm", "university", "religious", "union", "movement", "crime", "seat",
]  # fmt: skip
Form = Literal["name", "short", "adjective", "people", "capital"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorEntry:
    """Be one actor. `country` and `sectors` hold where no dated role says otherwise."""

    id: str
    name: str
    kind: str
    country: str | None
    sectors: tuple[str, ...] = ()
    wikidata: str | None = None
    source: str | None = None  # who says so: the table of ours, or a user's file


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasEntry:
    """Be one way to write an actor, from then until then (None: no limit known).

    `form`: a `name` of its own; a `short` name (surname) that needs a date or a fuller name nearby; an `adjective`, a
    `people` or a `capital` of a state.
    """

    actor_id: str
    alias: str
    valid_from: date | None = None
    valid_to: date | None = None
    form: Form = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEntry:
    """Be an office that an actor held: first and last day (None: open, or not known)."""

    actor_id: str
    office: str
    country: str | None
    sectors: tuple[str, ...]
    from_: date | None = None
    to: date | None = None
    rank: int = 9  # of several offices at one time, the lowest decides
    titles: tuple[str, ...] = ()  # what the holder is called: "president", "Secretary of State"

    def held_on(self, day: date) -> bool:
        """Say whether the office was held on `day`."""
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)
