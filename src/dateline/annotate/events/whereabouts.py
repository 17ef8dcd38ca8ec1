"""Give agents without a name ("the police", "protesters") the country that their event or passage is in."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from functools import cached_property
from operator import itemgetter

from spacy.tokens import Doc

from dateline.annotate.actors.state_offices import has_such, may_have, of_the_hague, office_in, tells_of_courts
from dateline.annotate.events.tables import classes
from dateline.annotate.layers import layers_of
from dateline.annotate.placed_sentences import opened_at
from dateline.types import Actor, EntityMention, EventPlace, Party

DOMESTIC = frozenset(
    "GOV MIL COP JUD LEG PTY OPP REB UAF SPY CVL LAB AGR EDU MED REL PRM SOC CRM BUS JRN ELI".split()  # noqa: SIM905 (sector codes)
)
STATE_WORDS = frozenset({"country", "nation", "kingdom", "republic", "state", "island", "archipelago"})
OFFICES = frozenset({"GOV", "LEG"})
COURTS = ("the court", "the tribunal", "the judges", "judges", "the prosecutor", "prosecutors", "the judge")
SENT = frozenset({"MIL", "GOV"})  # who acts abroad as well: soldiers and ministers are not of where they are
BELLIGERENT = frozenset({"MIL", "REB", "OPP", "PTY"})
RETIRED = frozenset({"ELI"})  # "the former president": one of the text's own, whoever deals with him
APART = frozenset(
    "ACCUSE AGREE CONCEDE CONSULT COOPERATE PROTEST REJECT REQUEST SANCTION SUPPORT THREATEN".split()  # noqa: SIM905 (types)
)  # acts on others wherever they are
LOCAL = frozenset({"COP", "CVL", "OPP", "LAB", "EDU"})  # who is where the sentence is
STATE_BODIES = frozenset("government army military parliament cabinet authorities opposition police senate".split())  # noqa: SIM905
FOREIGN = frozenset({"flag", "flags"})  # burned where it is not flown
OWNED = re.compile(r"(?:the|this) (?:country|nation|kingdom|republic|island)['’]s ", re.IGNORECASE)
POLITICAL = frozenset({"OPP", "PTY", "LEG"})
QUARRELS = frozenset({"ACCUSE", "REJECT", "PROTEST", "THREATEN", "COERCE", "REQUEST"})  # what politicians do at home
HALF = 0.5  # share of a text's names from which on it speaks of one country
LONGEST = 200  # characters of a party in which a person's name is looked for
ENOUGH, AHEAD = 2, 1.5  # mentions of a country, and how often the next is named, that make it the passage's own


def _start(named: tuple[int, str]) -> int:
    return named[0]


class Whereabouts:
    """Answer for one text."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        layers = layers_of(doc)
        named = [(place.start, place.country) for place in layers.places if place.country]
        named += [(e.start, e.actor.country) for e in layers.entities if e.actor is not None and e.actor.country]
        self.named = sorted((start, country) for start, country in named if country != "IGO")
        self.text = layers.text or ""
        self.unknown = {e.start: e for e in layers.entities if e.label == "PERSON" and e.actor is None}

    def passage(self, end: int) -> str | None:
        """Return the country that the text has spoken of most up to `end`, where it is clearly one."""
        named = bisect_left(self.named, end, key=_start)
        return self._leading[named - 1] if named else None

    @cached_property
    def _main(self) -> str | None:
        """Return the country of at least half of all names of the text."""
        country, times = max(self._counts.items(), key=itemgetter(1), default=("", 0))
        return country if times >= HALF * self._counts.total() > 0 else None

    @cached_property
    def _ahead(self) -> str | None:
        """Return the country that is clearly ahead in the whole text."""
        return self._leading[-1] if self._leading else None

    def _person(self, party: Party | None, end: int) -> Party | None:
        """Give a person of whom the text says nothing the country that it plainly speaks of; where two compete, none."""
        if party is None or party.actor is not None or _from_anywhere(party):
            return party
        named = next((e for e in self._inside(party) if e.start == party.start or e.end == party.end), None)
        if named is None:
            return party
        countries = {self._main, self.passage(end)} - {None}
        if len(countries) != 1:
            return party
        actor = Actor(name=named.name, country=countries.pop())
        return replace(party, actor=actor, reason=f"{named.reason or 'unknown person'}; country of the text")

    def _inside(self, party: Party) -> list[EntityMention]:
        starts = range(party.start, min(party.end, party.start + LONGEST))
        return [self.unknown[at] for at in starts if at in self.unknown and self.unknown[at].end <= party.end]

    @cached_property
    def _leading(self) -> list[str | None]:
        """Return, after each name, the country that is clearly ahead by then: counted once for all events."""
        counts: Counter[str] = Counter()
        leading: list[str | None] = []
        for _, named in self.named:
            counts[named] += 1
            (country, times), *others = counts.most_common(2)
            clear = times >= ENOUGH and times >= AHEAD * (others[0][1] if others else 0)
            leading.append(country if clear else None)
        return leading

    def _of_the_country(self, party: Party | None) -> Party | None:
        """Give "the country's supreme court" the country that was named last."""
        if party is None or party.actor is None or party.actor.country is not None or not OWNED.match(party.text):
            return party
        named = bisect_left(self.named, party.start, key=_start)
        return _given(party, self.named[named - 1][1], "country named last") if named else party

    def settle(
        self, source: Party | None, target: Party | None, place: EventPlace | None, end: int, event_type: str
    ) -> tuple[Party | None, Party | None]:
        """Return both parties, with the country where a nameless agent must be at home."""
        source, target = self._of_court(self._person(source, end)), self._of_court(self._person(target, end))
        source, target = self._opened(source), self._opened(target)
        here = place.country if place is not None else None
        if here is not None and event_type in APART and _is_theirs(place, target):
            here = None  # "ministers will stay away from the games in Russia": where the others are
        freed = event_type == "RETREAT"  # where captives are let go says nothing of where they are from
        around = self.passage(end)
        plain = around if around == self._ahead else None  # the country of the text, all of it
        abroad = source is not None and target is not None and plain not in {None, here}
        first = source if abroad and _sector(source) in SENT else _given(source, here, "place")
        second = target if freed or (abroad and _sector(target) in SENT) else _given(target, here, "place")
        if first is not None and second is not None:
            theirs, ours = _home(first, second, event_type), _home(second, first, event_type)
            first, second = _given(first, theirs, "other side"), _given(second, ours, "other side")
        first, second = self._in_office(first, around), self._in_office(second, around)
        first, second = self._of_the_country(first), self._of_the_country(second)
        if first is not None and _is_the_country(first):
            first = _given(first, around, "passage")
        doer = first.actor.country if first is not None and first.actor is not None else None
        if doer is not None and doer != around:  # whom a state meets abroad is not told by what the text is about
            return first, _around(second, around) if _sector(second) in RETIRED else second
        if not (_sector(first) in SENT and _is_state(second, around)):  # no minister accuses his own land
            first = _around(first, around)
        second = second if freed else _around(second, around)
        first, second = self._of_the_text(first), second if freed else self._of_the_text(second)
        if first is None or second is None or freed:
            return first, second
        return _given(first, _home(first, second, event_type), "other side"), _given(
            second, _home(second, first, event_type), "other side"
        )

    def _opened(self, party: Party | None) -> Party | None:
        """Give those whom a country has of its own that with which their sentence opens: "In Athens … the police"."""
        if party is None or party.actor is None or party.actor.country is not None:
            return party
        words = party.text.casefold().split()
        if _sector(party) not in LOCAL and not (words[0] == "the" and words[-1] in STATE_BODIES):
            return party
        return _given(party, opened_at(self.doc, party.start), "place")

    def _of_court(self, party: Party | None) -> Party | None:
        """Take the judges of a text about an international court for no state's, were they named by the town they sit in."""
        if party is None or party.actor is None or not self._courts:
            return party
        court = of_the_hague(party)
        if court is not None:
            return replace(party, actor=court, reason=f"{party.reason}; international court")
        if _sector(party) == "JUD" and party.actor.country is None and party.text.casefold().startswith(COURTS):
            return replace(
                party, actor=replace(party.actor, country="IGO"), reason=f"{party.reason}; international court"
            )
        return party

    @cached_property
    def _courts(self) -> bool:
        return tells_of_courts(self.text)

    def _in_office(self, party: Party | None, around: str | None) -> Party | None:
        """Give an office that one of two states has not to the other: "the chancellor" of a text on Germany and America."""
        if _sector(party) not in OFFICES or party is None or party.actor is None or party.actor.country is not None:
            return party
        office = office_in(party.text) or office_in(party.reason or "")
        if office is None or (around is not None and may_have(around, office)):
            return party
        (one, _), *others = self._counts.most_common(3) or [("", 0)]
        spoken_of = [one, *(country for country, times in others if times >= ENOUGH)]
        fitting = [country for country in spoken_of if country and may_have(country, office)]
        if len(fitting) != 1 or len(spoken_of) == 1:
            return party
        before = self.named[max(0, bisect_left(self.named, party.start, key=_start) - 3) :][:3]
        if any(country != fitting[0] and may_have(country, office) for start, country in before if start < party.start):
            return party  # "Colombians voted. … asked Congress": of another that has one
        return _given(party, fitting[0], f"text that has a {office}")

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(country for _, country in self.named)

    def _of_the_text(self, party: Party | None) -> Party | None:
        """Give soldiers, rebels and politicians the country of the text: those of another land would be called by it."""
        return _given(party, self._ahead, "text") if _sector(party) in BELLIGERENT else party


def _sector(party: Party | None) -> str | None:
    return party.actor.sectors[0] if party is not None and party.actor is not None and party.actor.sectors else None


def _is_theirs(place: EventPlace | None, target: Party | None) -> bool:
    """Say whether a place is named in the words of the target, or is what it stands for."""
    if place is None or target is None:
        return False
    if target.start < place.basis.end and place.basis.start < target.end:
        return True
    return bool(FOREIGN.intersection(target.text.casefold().split()))


def _home(one: Party, other: Party, event_type: str) -> str | None:
    """Return the country that two sides share: an opposition has its government's, the policed their police's."""
    sectors = one.actor.sectors if one.actor is not None else ()
    if sectors and sectors[0] in POLITICAL and other.actor is not None and other.actor.sectors[:1] != ():
        quarrel = event_type in QUARRELS and other.actor.sectors[0] in {"GOV", *POLITICAL}
        if quarrel or (other.actor.id is None and other.actor.sectors[0] == "GOV"):
            return other.actor.country
    return _country(other)


def _country(party: Party | None) -> str | None:
    """Return the country of a nameless agent or an authority: a state at war says nothing of those it fights."""
    if party is None or party.actor is None or party.actor.country == "IGO" or party.actor.id is not None:
        return None
    abroad = not party.actor.sectors or party.actor.sectors[0] in {"MIL", "REB", "UAF", "NGO", "JRN"}
    return None if abroad else party.actor.country


def _given(party: Party | None, country: str | None, ground: str) -> Party | None:
    if party is None or country is None:
        return party
    if party.actor is None:
        meant = ground == "passage" and _is_the_country(party)
        return replace(party, actor=Actor(country=country), reason="the country of the passage") if meant else party
    actor = party.actor
    if actor.country is not None or actor.id is not None or not actor.sectors or actor.sectors[0] not in DOMESTIC:
        return party
    if _from_anywhere(party) or (actor.name is not None and ground == "other side"):
        return party
    return replace(party, actor=replace(actor, country=country), reason=f"{party.reason}; country of the {ground}")


def _is_state(party: Party | None, country: str | None) -> bool:
    """Say whether a party is the state `country` itself."""
    actor = party.actor if party is not None else None
    return actor is not None and actor.id is not None and not actor.sectors and actor.country == country


def _around(party: Party | None, country: str | None) -> Party | None:
    """Give a party the country of the passage, unless that has no such office: "the chancellor" is not of America."""
    if party is not None and country is not None and _sector(party) in OFFICES and not has_such(country, party.text):
        return party
    return _given(party, country, "passage")


def _from_anywhere(party: Party) -> bool:
    """Say whether a phrase leaves open where its people are from: "foreign politicians", "relatives of the dead man"."""
    unplaced = classes()["unplaced"]
    return any(word in unplaced or word.removesuffix("s") in unplaced for word in party.text.casefold().split())


def _is_the_country(party: Party) -> bool:
    """Say whether a phrase speaks of the country that the text is about: "the country", "the war-torn nation"."""
    words = party.text.casefold().split()
    return words[0] in {"the", "this"} and words[-1] in STATE_WORDS and len(words) <= 4 and not _from_anywhere(party)  # noqa: PLR2004 (a long phrase names another)
