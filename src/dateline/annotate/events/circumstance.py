"""Say when and where an event happened, and who says so: from its clause, then its sentence, then its passage, else unknown."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from spacy.tokens import Doc, Token

from dateline.annotate.events import syntax
from dateline.annotate.events.narrative import HISTORY_DAYS, Narrative, is_counted
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.scene import Scene
from dateline.annotate.layers import layers_of
from dateline.annotate.quotes import attribution_at
from dateline.types import Actor, EventDate, EventPlace, Span, TimeMention

PASSAGE = 2  # sentences back that a date still holds for
LEAD = 3  # sentences in which a past act without a date is the day's news
STEPS = 12
CALLED_OFF = frozenset({"cancel", "refuse", "abandon", "forbid"})  # outer predicates: the act inside did not take place
PLANS = frozenset({"plan", "willing", "offer", "promise", "agree"})
AHEAD = PLANS | {"threaten", "ask", "ask.for", "accept"}
HISTORY_WORDS = frozenset({"anniversary", "centenary", "commemorate", "commemorated", "commemoration"})
Precision = Literal["day", "week", "month", "quarter", "year", "decade", "range"]
_PRECISIONS: tuple[tuple[re.Pattern[str], Precision], ...] = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "day"),
    (re.compile(r"\d{4}-W\d{2}"), "week"),
    (re.compile(r"\d{4}-\d{2}$"), "month"),
    (re.compile(r"\d{4}-Q\d"), "quarter"),
    (re.compile(r"\d{4}$"), "year"),
    (re.compile(r"\d{3}$"), "decade"),
)


class Circumstance:
    """Answer for one text; mentions are put on tokens once."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.layers = layers_of(doc)
        self.published = self.layers.published_on
        self.sentences = list(doc.sents)
        starts = {token.idx: token.i for token in doc}
        self.times = [
            (at, mention)
            for mention in self.layers.times
            if mention.type in {"DATE", "TIME"}
            and mention.from_ is not None
            and (at := _first(starts, mention.start, doc)) is not None
        ]
        self.scene = Scene(doc)
        self.sentence_of = {token.i: number for number, sentence in enumerate(self.sentences) for token in sentence}
        self.narrative = Narrative(self.sentences, self.times, self.sentence_of, self.published)

    # ------------------------------------------------------------------------------------------------------- when

    def when(self, reading: Reading, sentence: int) -> tuple[EventDate | None, str, bool]:
        """Return the day or days of an event, why there is none, and whether it is history."""
        date, why, historical = self._when(reading, sentence)
        if (
            date is not None
            and self.published is not None
            and date.from_ > self.published
            and _told_as_past(reading)
            and not _is_ahead(reading)
        ):
            told = self.narrative.at(sentence)
            return None, "after_publication", told is not None
        return date, why, historical

    def _when(self, reading: Reading, sentence: int) -> tuple[EventDate | None, str, bool]:  # noqa: PLR0911
        here = [(at, mention) for at, mention in self.times if self.sentence_of.get(at) == sentence]
        mention = self._own_time(reading, here)
        if mention is None and reading.clause is not None and len(here) == 1 and self._near(reading, here[0][0]):
            mention = here[0][1]
        if mention is not None:
            return self._of_mention(mention, reading, sentence)
        if reading.modality in {"planned", "conditional", "hypothetical"} or reading.tense == "future":
            return None, "not_yet", False
        words = {t.lower_ for t in self.sentences[sentence]}
        if words & HISTORY_WORDS:
            return None, "anniversary", True
        told = self.narrative.at(sentence)
        if told is not None and self._belongs(reading):
            if told.days is None or not told.exact:
                return None, "narrative_past", True
            return told.days, "", True
        if here:
            return None, "other_clause", False
        return self._from_passage(reading, sentence)

    def _from_passage(self, reading: Reading, sentence: int) -> tuple[EventDate | None, str, bool]:
        for back in range(1, PASSAGE + 1):
            earlier = [
                m for at, m in self.times if self.sentence_of.get(at) == sentence - back and self._in_main_clause(at)
            ]
            if earlier:
                last = earlier[-1]
                if _precision(last.value) != "day" or last.from_ is None or self.published is None:
                    break
                if timedelta(0) <= self.published - last.from_ <= timedelta(days=7):
                    return self._event_date(last)
                break
        if self.published is not None and sentence < LEAD and reading.modality == "asserted":
            return EventDate(from_=self.published, to=self.published, precision="day", basis="published"), "", False
        return None, "no_time_named", False

    def _of_mention(self, mention: TimeMention, reading: Reading, sentence: int) -> tuple[EventDate | None, str, bool]:
        """Return the days that a time of the event's own names; "a month later" counts from the time told last."""
        if is_counted(mention) and _told_as_past(reading):
            counted = self.narrative.counted(mention, sentence)
            if counted is None:
                told = self.narrative.at(sentence)
                return None, "counted_from_unknown", told is not None
            return counted, "", self._history(counted.to)
        return self._event_date(mention)

    def _belongs(self, reading: Reading) -> bool:
        """Say whether a clause is told in the past, as its passage is."""
        if reading.modality != "asserted" or reading.tense in {"present", "future"}:
            return False
        return reading.clause is None or not any(
            c.lower_ in {"has", "have", "'ve", "’ve"} and c.dep_ == "aux" for c in reading.clause.children
        )

    def _event_date(self, mention: TimeMention) -> tuple[EventDate, str, bool]:
        start, end = mention.from_, mention.to
        assert start is not None
        end = end or start
        made = EventDate(
            from_=start,
            to=end,
            precision=_precision(mention.value),
            basis=Span(mention.start, mention.end, mention.text),
        )
        return made, "", self._history(end)

    def _history(self, end: date) -> bool:
        return self.published is not None and (self.published - end).days > HISTORY_DAYS

    def _own_time(self, reading: Reading, here: list[tuple[int, TimeMention]]) -> TimeMention | None:
        """Find the time that hangs on the event's own words: the nearest by steps up the tree."""
        own = reading.times or {t.i for t in reading.trigger}
        best: tuple[int, TimeMention] | None = None
        for at, mention in here:
            steps = self._steps(self.doc[at], own)
            if steps is not None and (best is None or steps < best[0]):
                best = (steps, mention)
        return best[1] if best else None

    def _steps(self, token: Token, own: set[int]) -> int | None:
        for step in range(STEPS):
            if token.i in own:
                return step
            if syntax.is_verb(token) and token.i not in own:
                return None
            if token.head.i == token.i:
                return None
            token = token.head
        return None

    def _in_main_clause(self, at: int) -> bool:
        token = self.doc[at]
        for _ in range(STEPS):
            if syntax.is_verb(token):
                return token.dep_ == "ROOT" or (token.dep_ in {"conj", "ccomp"} and token.head.dep_ == "ROOT")
            if token.head.i == token.i:
                return True
            token = token.head
        return False

    def _near(self, reading: Reading, at: int) -> bool:
        """Say whether the only time of a sentence may speak of this clause: it hangs on a verb that governs the clause."""
        governors: set[int] = set()
        token = reading.clause
        for _ in range(STEPS):
            if token is None or token.head.i == token.i:
                break
            if token.dep_ in {"relcl", "acl"} and not syntax.is_verb(token.head) and token.dep_ == "relcl":
                break
            token = token.head
            governors.add(token.i)
        return self._steps(self.doc[at], governors) is not None

    # ------------------------------------------------------------------------------------------------------ where

    def place(self, reading: Reading, day: EventDate | None = None) -> tuple[EventPlace | None, str]:
        """Return where an event happened, and why that is unknown. A place that is only named in passing does not count."""
        unset = day is None or day.basis == "published"
        if _not_gone(reading) or (_is_plan(reading) and unset):
            return None, "not_carried_out"
        inner, visiting = reading.inner, reading.mode == "visit"
        while inner is not None:
            visiting, inner = visiting or inner.mode == "visit", inner.inner
        name = self.scene.of(reading, visiting=visiting)
        return (self.scene.place(name), "") if name is not None else (None, "no_place_in_clause")

    # ------------------------------------------------------------------------------------------------------- who says

    def attribution(self, start: int, end: int) -> tuple[Span | None, Actor | None]:
        """Return who the text says it comes from."""
        quote = attribution_at(self.doc, start, end)
        return (quote.source, quote.speaker) if quote is not None else (None, None)


def _not_gone(reading: Reading) -> bool:
    """Say whether an act is only the calling off, refusing or planning of one: that one has no place.

    A plan with a time of its own ("will travel to Paris next week") is placed where it is to be.
    """
    return reading.chain[-1].partition("(")[0] in CALLED_OFF


def _steps_of(reading: Reading) -> set[str]:
    return {step.partition("(")[0] for step in reading.chain[1:]}


def _is_plan(reading: Reading) -> bool:
    return len(reading.chain) > 1 and reading.chain[-1].partition("(")[0] in PLANS


def _is_ahead(reading: Reading) -> bool:
    """Say whether what was said in the past speaks of something still to come: its time may be ahead."""
    return bool(_steps_of(reading) & AHEAD) or (reading.inner is not None and bool(_steps_of(reading.inner) & AHEAD))


def _told_as_past(reading: Reading) -> bool:
    """Say whether a clause tells of what has been: asserted, and in a past tense."""
    return reading.modality in {"asserted", "historical", "denied"} and reading.tense == "past"


def _first(starts: dict[int, int], start: int, doc: Doc) -> int | None:
    at = starts.get(start)
    if at is None:
        span = doc.char_span(start, start + 1, alignment_mode="expand")
        return span.start if span is not None else None
    return at


def _precision(value: str | None) -> Precision:
    for pattern, name in _PRECISIONS:
        if value and pattern.match(value):
            return name
    return "range"
