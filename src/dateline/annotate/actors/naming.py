"""Choose whom a name means among those who may be written so: by day, by the countries named nearby, by importance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dateline.annotate.actors.normal import Word, words_of
from dateline.annotate.actors.registry import ACRONYM, Candidate, Match, Registry
from dateline.annotate.actors.whereabouts import LARGE_CITY, Gazette
from dateline.annotate.actors.wordlists import listed
from dateline.types import Actor

# surnames that are everyday words, or so common that the surname alone says too little


@dataclass(frozen=True, slots=True)
class Named:
    """Mark words that name an actor or a place: `first` up to `last` (exclusive) of some words."""

    first: int
    last: int
    actor: Actor
    kind: str  # of the actor, or "place"
    form: str
    reason: str

    @property
    def is_country(self) -> bool:
        """Say whether it stands for a whole country: a state, its adjective, its capital, a place in it."""
        return self.kind in ("state", "place")


def evidence(words: Sequence[Word], registry: Registry, gazette: Gazette | None) -> Counter[str]:
    """Count how often each country is named or hinted at in `words`."""
    counts: Counter[str] = Counter()
    at = 0
    matches = {match.first: match for match in registry.matches(words)}
    while at < len(words):
        match = matches.get(at)
        if match is not None:
            countries = {c.actor.country for c in match.candidates if c.alias.form != "short" and c.actor.country}
            if len(countries) == 1:
                counts.update(countries)
            at = match.last
            continue
        found = gazette.at(words, at, least=LARGE_CITY) if gazette is not None else None
        if found is not None:
            counts[found[0].country] += 1
        at += found[1] if found is not None else 1
    return counts


def choose(
    match: Match, registry: Registry, *, day: date | None, hints: Mapping[str, int], titled: bool = False
) -> tuple[Candidate | None, str]:
    """Return whom a match means, or None and why not. `hints`: countries spoken of nearby; `titled`: a title stands before.

    A surname alone counts only while its bearer holds a prominent office, and if it is no common word unless a hint agrees.
    """
    fitting = [c for c in match.candidates if c.alias.form != "short" or c.valid_on(day)]
    fitting = [c for c in fitting if _likely_here(c, hints)]
    if not fitting:
        return None, "name out of its time"
    full = [c for c in fitting if c.alias.form != "short"]
    if full:
        fitting = [c for c in full if c.valid_on(day)] or full
    elif not _short_is_enough(fitting, hints, titled=titled):
        return None, "surname alone"
    if len(fitting) == 1:
        return fitting[0], ""
    return _best(fitting, registry, day, hints)


def _likely_here(candidate: Candidate, hints: Mapping[str, int]) -> bool:
    """Say whether an everyday word or a short acronym can mean this actor, given the countries named nearby.

    With no country named at all, an acronym is taken at its word.
    """
    actor = candidate.actor
    if hints.get(actor.country or "", 0) or actor.kind in ("state", "person", "igo", "seat"):
        return True
    if candidate.hinted or (candidate.generic and hints):
        return False
    acronym = candidate.case == "U" and len(candidate.alias.alias) <= ACRONYM
    return not (acronym and hints and actor.country)


def _short_is_enough(fitting: Sequence[Candidate], hints: Mapping[str, int], *, titled: bool) -> bool:
    if titled or any(hints.get(c.actor.country or "", 0) for c in fitting):
        return True
    if hints and not any(c.actor.country in listed("naming.headlines") for c in fitting):
        return False  # other countries are spoken of, and the world does not know the surname alone
    words = fitting[0].alias.alias.split()
    return len(words) > 1 or words[0].casefold() not in listed("naming.common")


def _best(
    fitting: Sequence[Candidate], registry: Registry, day: date | None, hints: Mapping[str, int]
) -> tuple[Candidate | None, str]:
    """Prefer who is hinted at, who is in office, and who holds the higher office; a tie is nobody."""

    def worth(candidate: Candidate) -> tuple[int, int, int]:
        roles = registry.roles_of(candidate.actor.id)
        held = [role for role in roles if day is not None and role.held_on(day)]
        rank = min((role.rank for role in held or roles), default=4 if candidate.actor.kind != "person" else 9)
        if roles and not held and day is not None:
            rank += 10  # out of office: named by surname only in passing
        state = candidate.actor.kind == "state"
        return (hints.get(candidate.actor.country or "", 0), int(state), -rank)

    ordered = sorted(fitting, key=worth, reverse=True)
    first, second = ordered[0], ordered[1]
    if worth(first) > worth(second):
        return first, ""
    if first.actor.country == second.actor.country and first.actor.sectors == second.actor.sectors:
        return first, ""
    return None, f"ambiguous: {first.actor.id} or {second.actor.id}"


def find_named(
    words: Sequence[Word], registry: Registry, gazette: Gazette, *, day: date | None, context: str | None
) -> list[Named]:
    """Find all names in a phrase that comes without an article, and say whom each means."""
    from dateline.annotate.actors.lexicon import load_lexicon

    matches = registry.matches(words)
    hints = _phrase_hints(matches)
    whole = len(words) - (words[0].key == "the")
    around: Counter[str] = Counter()
    if context:
        around = evidence(words_of(context), registry, gazette)
    hints.update(around)
    lexicon = load_lexicon()
    found: list[Named] = []
    for match in matches:
        titled = match.first > 0 and _title_before(words, match.first, lexicon)
        candidate, _ = choose(match, registry, day=day, hints=hints, titled=titled)
        if candidate is None and not hints and match.last - match.first == whole and len(match.candidates) == 1:
            candidate = match.candidates[0]  # asked for by this very name, and by nothing else
        if candidate is None:
            continue
        actor, reason = registry.as_of(candidate.actor, day)
        named = Named(match.first, match.last, actor, candidate.actor.kind, candidate.alias.form, reason)
        found.append(_or_rival(named, words, gazette, around, context))
    return _with_places(words, found, gazette)


def _phrase_hints(matches: Sequence[Match]) -> Counter[str]:
    hints: Counter[str] = Counter()
    for match in matches:
        countries = {c.actor.country for c in match.candidates if c.actor.country}
        if len(countries) == 1 and match.candidates[0].actor.kind == "state":
            hints.update(dict.fromkeys(countries, 3))  # the phrase itself says more than what stands round it
    return hints


def _title_before(words: Sequence[Word], at: int, lexicon: object) -> bool:
    before = words[at - 1]
    return (
        before.key in ("mr", "mrs", "ms", "dr", "sir")
        or any(
            lexicon.agent_at(words, start) is not None  # type: ignore[attr-defined]
            for start in range(max(0, at - 3), at)
            if words[at - 1].text[:1].isalnum()
        )
    )


def _or_rival(
    named: Named, words: Sequence[Word], gazette: Gazette, around: Mapping[str, int], context: str | None
) -> Named:
    """Turn "Georgia" into the American state where what stands round it speaks of America."""
    if named.kind != "state" or named.form != "name" or not context:
        return named
    rival = gazette.rival(tuple(word.key for word in words[named.first : named.last]), named.actor.country or "")
    own = around.get(named.actor.country or "", 0)
    itself = sum(1 for word in words_of(context) if word.key == words[named.first].key)
    if rival is None or around.get(rival, 0) <= own - itself:
        return named
    place = Actor(country=rival)
    return Named(named.first, named.last, place, "place", "name", f"place in {rival}, by what stands round it")


def _with_places(words: Sequence[Word], found: list[Named], gazette: Gazette) -> list[Named]:
    """Add places that are no registry names, and let "Paris, Texas" mean the Paris in Texas."""
    taken = {at for named in found for at in range(named.first, named.last)}
    at = 0
    while at < len(words):
        if at in taken or not words[at].capitalized:
            at += 1
            continue
        after = words[at - 1].key in ("in", "of", "from", "at", "near", "outside", ",") if at else False
        spot = gazette.at(words, at, least=15_000 if after else LARGE_CITY)
        if spot is None or any(i in taken for i in range(at, at + spot[1])):
            at += 1
            continue
        place = Actor(country=spot[0].country)
        form = "division" if spot[0].division else "name"
        found.append(Named(at, at + spot[1], place, "place", form, f"place in {spot[0].country}"))
        at += spot[1]
    found.sort(key=lambda named: named.first)
    return join_places(words, found, gazette)


def _lies_in(town: Named, wider: Named) -> bool:
    """Say whether "town, wider" is one place: Paris, Texas; Damascus, Syria; but not "China, Russia"."""
    if not (town.is_country and wider.is_country):
        return False
    if wider.form == "division":
        return town.form in ("name", "capital", "division")
    return wider.kind == "state" and wider.form == "name" and (town.kind == "place" or town.form == "capital")


def join_places(words: Sequence[Word], found: Sequence[Named], gazette: Gazette | None = None) -> list[Named]:
    """Join "City, Division" into one place of the latter's country; the Georgia of "Athens, Georgia" is the American one."""
    joined: list[Named] = []
    for named in found:
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.last + 1 == named.first and words[before.last].key == ","
            and _lies_in(before, named)
        ):  # fmt: skip
            country = named.actor.country
            if gazette is not None and before.actor.country != country:
                keys = tuple(word.key for word in words[named.first : named.last])
                country = gazette.rival(keys, country or "") or country
            joined[-1] = Named(before.first, named.last, Actor(country=country), "place", "name", f"place in {country}")
        else:
            joined.append(named)
    return joined
