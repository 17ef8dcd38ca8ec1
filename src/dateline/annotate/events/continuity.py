"""Give acts without a place of their own the place of the scene that the passage is in.

What bodies do is somewhere: a march, an arrest, a meeting. Where the clause does not say, the last town that the paragraph
was in holds, if it is in the country the act must be in; else that country, where the parties leave one only. Meetings and
signings are anywhere, so they take a place only from another meeting of the same two sides. The words that name the place
are its basis, wherever they stand; what none of this settles stays unknown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from spacy.tokens import Doc

from dateline.annotate.events.narrative import begins_paragraph
from dateline.annotate.layers import layers_of, sentences_of
from dateline.annotate.openings import DATELINE, place_of
from dateline.types import EventMention, EventPlace, Party, PlaceMention, Span

BODILY = frozenset({"ASSAULT", "PROTEST", "COERCE", "MOBILIZE"})
MEETING = frozenset({"CONSULT", "SUPPORT", "COOPERATE"})
SIGNING = re.compile(
    r"\b(?:sign|signs|signed|signing|initial|initialed|initialled|reach|reached|struck|agreement|deal)\b"
)
ABROAD = frozenset({"deport", "weapons", "nuclear", "cyber", "misinformation"})  # modes
AT_HOME = frozenset({"ban", "withhold"})  # modes: a country bans others from afar, its own at home
FOREIGN_ARMS = frozenset({"MIL", "REB", "UAF", "SPY"})  # they fight in other countries too
AUTHORITY = frozenset({"GOV", "COP", "JUD", "LEG"})
ENOUGH = 3  # sentences: fewer are no passage
MOST = 40  # meetings of two sides that are looked at
REACH = 3  # sentences that a scene holds for within its paragraph
WIDE = frozenset({"country", "admin1"})


class Continuity:
    """Answer for one text."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.layers = layers_of(doc)
        self.sentences = sentences_of(doc)
        self.starts = [place.start for place in self.layers.places]
        self.gatherings: dict[frozenset[str], list[EventMention]] = {}
        self.paragraphs = [n for n, sentence in enumerate(self.sentences) if n == 0 or begins_paragraph(sentence)]

    def settle(self, events: Sequence[EventMention]) -> list[EventMention]:
        """Return the events, those without a place with that of their scene where there is one."""
        if all(event.place is not None for event in events):
            return list(events)
        for event in events:
            sides = _sides(event)
            located = event.place is not None and event.place.country is not None and event.place.precision not in WIDE
            if (
                sides is not None
                and located
                and event.event_type in MEETING
                and is_real(event)
                and _is_gathering(event)
            ):
                self.gatherings.setdefault(sides, []).append(event)
        settled: list[EventMention] = []
        scene: tuple[EventPlace, int] | None = None
        for event in events:
            placed = event
            if event.place is None and event.reasons.get("place") == "no_place_in_clause" and is_real(event):
                found = self._of_meeting(event) if event.event_type in MEETING else self._of_act(event, scene)
                if found is not None:
                    why = {part: reason for part, reason in event.reasons.items() if part != "place"}
                    placed = replace(event, place=found, reasons=why)
            elif event.place is not None and event.place.country is None and is_real(event):
                home = self._home(event)
                if home is not None:
                    placed = replace(event, place=replace(event.place, country=home))
            settled.append(placed)
            if event.place is not None and event.event_type in BODILY | MEETING and is_real(event):
                known = placed.place
                assert known is not None
                scene = (known, event.sentence) if known.country and known.precision not in WIDE else None
        return settled

    def _paragraph(self, sentence: int) -> int:
        return bisect_right(self.paragraphs, sentence)

    # ------------------------------------------------------------------------------------------------------ meetings

    def _of_meeting(self, event: EventMention) -> EventPlace | None:
        """Return where the same two sides met by the rest of the text, None where it names two places or none."""
        if event.mode in {"phone", "visit", "third-party"} or not _is_gathering(event):
            return None
        sides = _sides(event)
        places: dict[tuple[str | None, str], EventPlace] = {}
        for other in self.gatherings.get(sides, [])[:MOST] if sides is not None else []:
            if other.place is not None and _same_days(event, other):
                places[other.place.country, other.place.name or other.place.basis.text] = other.place
        if len(places) == 1:
            return next(iter(places.values()))
        if places or self._paragraph(event.sentence) > 1:
            return None
        return self._dateline() or (self._headlined() if sides is not None else None)

    def _dateline(self) -> EventPlace | None:
        """Return the place that a text is dated from ("SINGAPORE (Reuters) - ")."""
        match = DATELINE.match(self.doc.text)
        if match is None:
            return None
        first = next(iter(self.layers.places), None)
        if first is None or first.start >= place_of(match)[1] or first.country is None or first.precision in WIDE:
            return None
        return _placed(first)

    def _headlined(self) -> EventPlace | None:
        """Return the town that the headline says it was in ("Chad and Sudan sign truce in Nairobi"), as the text has it."""
        title = self.layers.title
        if not title:
            return None
        for place in self.layers.places:
            if place.country is None or place.precision in WIDE or not place.text[:1].isupper():
                continue
            if re.search(rf"\b(?:in|at)\s+{re.escape(place.text)}\b", title):
                return _placed(place)
        return None

    # ---------------------------------------------------------------------------------------------------------- acts

    def _of_act(self, event: EventMention, scene: tuple[EventPlace, int] | None) -> EventPlace | None:
        home = self._home(event)
        if home is None:
            return None
        if scene is not None:
            place, sentence = scene
            near = (
                event.sentence - sentence <= REACH
                and self._paragraph(sentence) == self._paragraph(event.sentence)
                and place.country == home
            )
            if near and not self._elsewhere(place, event):
                return place
        return self._country(home, event)

    def _home(self, event: EventMention) -> str | None:  # noqa: PLR0911
        """Return the country that an act must be in by who does it to whom, None where that leaves more than one."""
        if event.event_type not in BODILY and event.mode not in {"resign", "expel"}:
            return None
        doer, done_to = _country(event.source), _country(event.target)
        state = event.source is not None and not _sectors(event.source)
        if event.mode in ABROAD or (event.mode in AT_HOME and done_to != doer and (state or event.target is not None)):
            return None
        if doer == "IGO" or done_to == "IGO":
            return None
        if doer is not None and doer == done_to:
            return doer
        if event.mode == "expel":
            return None
        sectors = _sectors(event.source)
        if event.event_type == "PROTEST" or event.mode == "resign":
            return doer if not sectors or sectors[0] not in FOREIGN_ARMS else None
        if event.event_type == "COERCE" and doer is not None and (not sectors or sectors[0] in AUTHORITY):
            return doer if done_to is None or event.mode in {"arrest", "seize", "curfew"} else None
        if doer is None and done_to is not None and event.target is not None and self._is_nameless(event.target):
            return done_to if event.event_type in {"ASSAULT", "COERCE"} else None
        police = bool(sectors) and sectors[0] in AUTHORITY - {"GOV"}
        return doer if event.event_type == "ASSAULT" and done_to is None and police else None

    def _elsewhere(self, place: EventPlace, event: EventMention) -> bool:
        """Say whether the text names another town between a place and an act."""
        first, last = sorted((place.basis.end, event.trigger.start))
        between = self.layers.places[bisect_left(self.starts, first) : bisect_left(self.starts, last)]
        return any(other.precision not in WIDE and other.name != place.name for other in between)

    def _country(self, country: str, event: EventMention) -> EventPlace | None:
        """Return a country as a place, with the words before the act that name it last."""
        if len(self.sentences) < ENOUGH:
            return None
        named, spans = self._naming.get(country, ([], []))
        before = bisect_right(named, event.trigger.end, key=_end)
        if before:
            return _placed(named[before - 1])
        told = spans[: bisect_right(spans, event.trigger.end, key=_end)]
        told = told[-1:] or [
            Span(party.start, party.end, party.text)
            for party in (event.source, event.target)
            if party is not None and _country(party) == country and not self._is_nameless(party)
        ]
        if not told and named:
            return _placed(named[0])
        basis = next(iter(told or spans), None)
        if basis is None:
            return None
        return EventPlace(geonameid=None, name=None, country=country, precision="country", basis=basis)

    @cached_property
    def _naming(self) -> dict[str, tuple[list[PlaceMention], list[Span]]]:
        """Return the names and the demonyms ("Egyptian") of each country, in order."""
        found: dict[str, tuple[list[PlaceMention], list[Span]]] = {}
        for place in self.layers.places:
            if place.country is not None and place.precision == "country":
                found.setdefault(place.country, ([], []))[0].append(place)
        for entity in self.layers.entities:
            if entity.label in {"NORP", "GPE"} and entity.actor is not None and entity.actor.country is not None:
                demonym = Span(entity.start, entity.end, entity.text)
                found.setdefault(entity.actor.country, ([], []))[1].append(demonym)
        return found

    def _is_nameless(self, party: Party) -> bool:
        """Say whether a party's words name nobody and no country: what country it has is that of the passage."""
        span = self.doc.char_span(party.start, party.end, alignment_mode="expand")
        return span is not None and not any(t.tag_ in {"NNP", "NNPS"} or t.ent_type_ in {"NORP", "GPE"} for t in span)


def _end(span: PlaceMention | Span) -> int:
    return span.end


def _placed(place: PlaceMention) -> EventPlace:
    return EventPlace(
        geonameid=place.geonameid, name=place.name, country=place.country, admin1=place.admin1, lat=place.lat, lon=place.lon,
        precision=place.precision, basis=Span(place.start, place.end, place.text),
    )  # fmt: skip


def is_real(event: EventMention) -> bool:
    """Say whether an act took place."""
    return event.modality in {"asserted", "historical"} and not event.negated


def _is_gathering(event: EventMention) -> bool:
    return event.event_type != "SUPPORT" or SIGNING.search(event.trigger.text) is not None


def _country(party: Party | None) -> str | None:
    return party.actor.country if party is not None and party.actor is not None else None


def _sectors(party: Party | None) -> tuple[str, ...]:
    return party.actor.sectors if party is not None and party.actor is not None else ()


def _sides(event: EventMention) -> frozenset[str] | None:
    one, other = _country(event.source), _country(event.target)
    return frozenset({one, other}) if one is not None and other is not None and one != other else None


def _same_days(one: EventMention, other: EventMention) -> bool:
    if one.date is None or other.date is None:
        return True
    return one.date.from_ <= other.date.to and other.date.from_ <= one.date.to
