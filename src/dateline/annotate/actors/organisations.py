"""Read what an organisation is from its own name: "Iraqi Ministry of Oil", "University of Mosul", "Zagreb Police"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dateline.annotate.actors.lexicon import Lexicon
from dateline.annotate.actors.naming import Named, choose
from dateline.annotate.actors.normal import words_of
from dateline.annotate.actors.reading import read_phrase
from dateline.annotate.actors.registry import Registry
from dateline.types import Actor


def read_organisation(
    name: str, registry: Registry, lexicon: Lexicon, *, hints: Mapping[str, int], day: date | None
) -> tuple[Actor, str] | None:
    """Return the actor that an organisation's name describes, or None where it says nothing."""
    words = words_of(name)
    named = []
    for match in registry.matches(words):
        candidate, _ = choose(match, registry, day=day, hints=hints)
        if candidate is not None and not (match.first == 0 and match.last == len(words)):
            actor, reason = registry.as_of(candidate.actor, day)
            named.append(Named(match.first, match.last, actor, candidate.actor.kind, candidate.alias.form, reason))
    last = lexicon.agent_at(words, len(words) - 1) if words else None
    if last is not None and last[0].plural and not named:
        return None  # "Outer Banks" are no bank
    found = read_phrase(words, named, lexicon)
    if found.actor is None or not found.actor.sectors:
        return None
    actor = Actor(name=" ".join(name.split()), country=found.actor.country, sectors=found.actor.sectors)
    return actor, f"name says {found.reason}"
