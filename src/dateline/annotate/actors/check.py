"""Find what makes no sense in the registry, beyond what the loaders refuse line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from dateline.annotate.actors.entries import RoleEntry
from dateline.annotate.actors.registry import Registry
from dateline.annotate.actors.wordlists import listed

ROUNDED = timedelta(days=366)  # where years stand for days, two terms seem to overlap by up to one
# offices that one person holds at a time
_SPECIAL = frozenset(("XKX", "IGO"))


def findings(registry: Registry) -> Iterator[str]:
    """Yield what is wrong, one line each."""
    yield from _countries(registry)
    yield from _overlaps(registry)
    yield from _orphans(registry)


def _countries(registry: Registry) -> Iterator[str]:
    import pycountry

    known = {country.alpha_3 for country in pycountry.countries} | _SPECIAL
    for code in sorted(set(registry.countries) - known):
        yield f"country {code} is not in ISO 3166-1"


def _overlaps(registry: Registry) -> Iterator[str]:
    held: dict[tuple[str, str], list[RoleEntry]] = defaultdict(list)
    for role in registry.roles():
        if (
            role.office in listed("check.exclusive")
            and role.country is not None
            and (role.country != "IGO" or "president" in role.office)
        ):
            held[role.country, role.office].append(role)
    for (country, office), roles in sorted(held.items()):
        roles.sort(key=lambda role: role.from_ or date.min)
        for first, second in pairwise(roles):
            end, begin = first.to or date.max, second.from_ or date.min
            if first.actor_id != second.actor_id and end - begin > ROUNDED:
                until = first.to or "today"
                yield f"{country} {office}: {first.actor_id} until {until} and {second.actor_id} from {begin}"


def _orphans(registry: Registry) -> Iterator[str]:
    named = {alias.actor_id for alias in registry.aliases()}
    for actor in registry.actors():
        if actor.id not in named:
            yield f"{actor.id} has no name"
        if actor.country is not None and actor.country not in registry.countries:
            yield f"{actor.id}: unknown country {actor.country}"
