"""Say when and where an event happened, and who says so: from its clause, then its sentence, then its passage, else unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from spacy.tokens import Doc, Token

from dateline.annotate.events import syntax
from dateline.annotate.events.narrative import (
    Narrative,
    is_clock,
    is_counted,
    is_quoting,
    is_same_day,
    sets_time,
)  # fmt: skip
from dateline.annotate.events.newsday import HOURS, NewsDay, is_aside, is_going_on, is_plain_past, looks_back, takes_up
from dateline.annotate.events.prospect import is_ahead, is_plan, not_gone, told_as_past
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.retrospect import (
    HISTORY_DAYS,
    in_itself,
    is_deed,
    is_retrospective,
    is_years_before,
    terms_of,
)  # fmt: skip
from dateline.annotate.events.scene import SPOKEN, Scene
from dateline.annotate.layers import layers_of, offsets_of, sentences_of
from dateline.annotate.quotes import attribution_at
from dateline.types import Actor, EventDate, EventPlace, Span, TimeMention

PASSAGE = 2  # sentences back that a date still holds for
LEAD = 3  # sentences in which a past act without a date is the day's news
STEPS = 12
BEYOND = frozenset({"by", "before", "until", "till"})  # "by 2010": no day on which it was
AROUND = frozenset({"after", "following", "despite"})  # "after the attack on Monday": the day of the other
CONTENT = frozenset({"for", "of", "over", "about", "against"})  # "blamed him for the attack on Monday"
SAME_TIME = frozenset({"when", "as", "while"})
INNER = 2  # what a time costs that hangs on an act inside another: "refused on Monday to leave in May"
WHEN_REACH = 8  # tokens between a time and the "when" that takes it up
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
        self.sentences = sentences_of(doc)
        starts = {offset: at for at, offset in enumerate(offsets_of(doc))}
        self.times = [
            (at, mention)
            for mention in self.layers.times
            if mention.type in {"DATE", "TIME"}
            and mention.from_ is not None
            and (at := _first(starts, mention.start, doc)) is not None
        ]
        self.scene = Scene(doc)
        self.narrative = Narrative(self.sentences, self.times, self.published)
        self.looks_back = is_retrospective(self.times, doc, self.published, len(self.sentences))
        self.news = NewsDay(self.sentences, self.narrative.by_sentence, self.published)

    # ------------------------------------------------------------------------------------------------------- when

    def when(self, reading: Reading, sentence: int) -> tuple[EventDate | None, str, bool]:
        """Return the day or days of an event, why there is none, and whether it is history."""
        date, why, historical = self._when(reading, sentence)
        if date is not None and not historical and self._is_guess(reading, date):
            reading.modality = "asserted"
        if (
            date is not None
            and self.published is not None
            and date.from_ > self.published
            and told_as_past(reading)
            and not is_ahead(reading)
        ):
            told = self.narrative.at(sentence)
            return None, "after_publication", told is not None
        return date, why, historical

    def _is_guess(self, reading: Reading, date: EventDate) -> bool:
        """Say whether only the network takes for history what has a day of its own: it guesses from the words round it."""
        fresh = self.published is not None and date.to <= self.published
        return reading.modality == "historical" and fresh and syntax.is_verb(reading.trigger[0])

    def _when(self, reading: Reading, sentence: int) -> tuple[EventDate | None, str, bool]:  # noqa: PLR0911
        here = self.narrative.by_sentence.get(sentence, [])
        mention = self._own_time(reading, here) or self._shared_time(reading, here)
        if mention is not None:
            return self._of_mention(mention, reading, sentence)
        if reading.modality in {"planned", "conditional", "hypothetical"} or reading.tense == "future":
            return None, "not_yet", False
        words = {t.lower_ for t in self.sentences[sentence]}
        if words & HISTORY_WORDS:
            return None, "anniversary", True
        if reading.tense != "present" and is_years_before(reading.clause or reading.trigger[0]):
            return None, "narrative_past", True
        if reading.tense == "past" and self._belongs(reading) and self._before_history(reading, here):
            return None, "narrative_past", True
        told = self.narrative.at(sentence, reading.clause)
        if told is not None and self._belongs(reading):
            if told.days is None or not told.exact:
                return None, "narrative_past", True
            return told.days, "", True
        long_ago = self.looks_back and told_as_past(reading) and self._belongs(reading)
        if long_ago and not is_quoting(self.sentences[sentence]):
            return None, "narrative_past", True
        if any(sets_time(self.doc[at]) for at, _ in here):
            return None, "other_clause", False
        return self._from_passage(reading, sentence, here)

    def _from_passage(
        self, reading: Reading, sentence: int, here: Sequence[tuple[int, TimeMention]]
    ) -> tuple[EventDate | None, str, bool]:
        if is_same_day(self.sentences[sentence].text):  # "hours later", "that night"
            day = self.narrative.day_before(sentence)
            if day is not None and self._is_recent(day.from_):
                return day, "", False
        aside = reading.tense != "future" and is_aside(reading.clause)
        first = max(self.narrative.starts_at(sentence) if sentence >= LEAD else 0, sentence - PASSAGE)
        for back in range(sentence - 1, first - 1, -1):
            if aside:
                break
            earlier = [m for at, m in self.narrative.by_sentence.get(back, []) if self._in_main_clause(at)]
            if earlier:
                last = earlier[-1]
                if _precision(last.value) != "day" or last.from_ is None or not self._is_recent(last.from_):
                    break
                return self._of_mention(last, reading, back)
        if self.published is not None and reading.modality == "asserted":
            today = EventDate(from_=self.published, to=self.published, precision="day", basis="published")
            if (
                sentence < LEAD
                and self.news.named is None
                and all(self._is_limit(at) for at, _ in here)
                and not _looks_back(reading.clause)
            ):
                return today, "", False
            if is_going_on(reading.clause):
                return today, "", False
            if reading.event_type not in SPOKEN and self.news.holds(reading.clause, sentence):
                return self.news.since(), "", False
        return None, "no_time_named", False

    def _is_undated(self) -> bool:
        """Say whether the lead leaves publication as its only day."""
        return self.news.named is None or self.news.named.from_ == self.published

    def _is_limit(self, at: int) -> bool:
        """Say whether a time only says by when something is to be."""
        token = self.doc[at]
        return any(a.dep_ == "prep" and a.lower_ in BEYOND for a in (token.head, token.head.head))

    def _is_recent(self, day: date) -> bool:
        return self.published is not None and timedelta(0) <= self.published - day <= timedelta(days=7)

    def _of_mention(self, mention: TimeMention, reading: Reading, sentence: int) -> tuple[EventDate | None, str, bool]:
        """Return the days that a time of the event's own names; "a month later" counts from the time told last."""
        if is_counted(mention) and told_as_past(reading):
            counted = self.narrative.counted(mention, sentence, self.news.day())
            if counted is None:
                told = self.narrative.at(sentence)
                return None, "counted_from_unknown", told is not None
            return counted, "", self._history(counted.to)
        if is_clock(mention):
            day = self.narrative.on_the_day(mention, self.narrative.day_before(sentence))
            if day is not None and self._is_recent(day.from_):
                return day, "", False
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
        return made, "", self._is_old(start, end, mention.value)

    def _history(self, end: date) -> bool:
        return self.published is not None and (self.published - end).days > HISTORY_DAYS

    def _is_old(self, start: date, end: date, value: str | None) -> bool:
        """Say whether a time is history; a year ("last year") is where most of it is."""
        return self._history(
            start + (end - start) / 2 if _precision(value) == "year" and start.year == end.year else end
        )

    def _own_time(self, reading: Reading, here: Sequence[tuple[int, TimeMention]]) -> TimeMention | None:
        """Find the time that hangs on the event's own words: the nearest by steps up the tree."""
        own = reading.times or {t.i for t in reading.trigger}
        spoken = reading.event_type in SPOKEN and reading.clause is not None
        main = reading.clause.i if reading.clause is not None else None
        best: tuple[int, TimeMention] | None = None
        for at, mention in here:
            steps = self._steps(self.doc[at], own, main, spoken=spoken, past=self._is_past(mention))
            if steps is not None and (best is None or steps < best[0]):
                best = (steps, mention)
        return best[1] if best else None

    def _is_past(self, mention: TimeMention) -> bool:
        end = mention.to or mention.from_
        return self.published is not None and end is not None and end <= self.published

    def _steps(  # noqa: PLR0911
        self, token: Token, own: set[int], main: int | None = None, *, spoken: bool = False, past: bool = False
    ) -> int | None:
        """Count the steps from a time up to the event's words, None where it belongs to something else on the way."""
        for step in range(STEPS):
            if token.i in own:
                return step + (0 if main is None or token.i == main else INNER)
            infinitive = past and token.tag_ == "VB" and token.dep_ in {"advcl", "xcomp", "acl"}
            if syntax.is_verb(token) and not infinitive:  # "voted to protect them on Thursday": when they voted
                return None
            head = token.head
            if head.i == token.i:
                return None
            if token.dep_ == "pobj" and (
                (head.lower_ in BEYOND and not (past and head.lower_ == "by"))
                or (step > 1 and head.lower_ in AROUND)
                or (spoken and step > 1 and head.lower_ in CONTENT and head.head.i in own)
            ):
                return None
            if token.dep_ == "pobj" and head.lower_ == "of" and not (head.head.i in own or is_deed(head.head)):
                return None  # "revived the treaty of 1998"
            if head.lower_ == "since" and any(c.tag_ == "JJS" or c.lower_ == "first" for c in head.head.children):
                return None  # "the largest attack since 1945"
            if token.dep_ == "nsubj" and step > 1 and token.tag_ == "NNP":
                return None  # "Lukashenko, in office since 1994, said"
            token = head
        return None

    def _shared_time(self, reading: Reading, here: Sequence[tuple[int, TimeMention]]) -> TimeMention | None:
        """Find the time that a clause shares with the one that it stands beside."""
        if reading.clause is None or not here:
            return None
        verb = reading.clause
        opener = next((c for c in verb.lefts if c.lower_ == "when" and c.dep_ == "advmod"), None)
        if opener is not None and verb.dep_ in {"relcl", "advcl"}:  # "on Friday in Vienna, when Russia refused"
            before = [m for at, m in here if 0 < opener.i - at <= WHEN_REACH]
            if before:
                return in_itself(before[-1])
        terms = terms_of(verb) if is_plain_past(verb) else None
        found = next(
            (m for at, m in here if terms is not None and self._steps(self.doc[at], {terms.i}) is not None), None
        )
        if found is not None:
            return found
        for at, mention in here:  # "were killed when a bomb went off on Thursday"
            clause = self._verb_above(self.doc[at])
            if (
                clause is not None
                and clause.dep_ == "advcl"
                and verb.i in {clause.head.i, clause.head.head.i if clause.head.dep_ == "conj" else -1}
                and any(
                    (c.lower_ in SAME_TIME and c.dep_ in {"advmod", "mark"})
                    or (c.lower_ in {"after", "before"} and self.doc[c.i - 1].lower_ in HOURS)
                    for c in clause.lefts
                )
            ):
                return mention
        near = [(steps, m) for at, m in here if (steps := self._near(reading, at)) is not None]
        if near:
            return min(near, key=lambda pair: pair[0])[1]
        return None

    def _before_history(self, reading: Reading, here: Sequence[tuple[int, TimeMention]]) -> bool:
        """Say whether what a clause came before was long ago: "intervened in Yemen in 2015 after rebels seized Sanaa"."""
        at = reading.clause
        old = [(i, m) for i, m in here if self._history(m.to or m.from_ or self.published or date.max)]
        for _ in range(STEPS if old else 0):
            if at is None or at.head.i == at.i:
                break
            if (at.dep_ == "relcl" and not syntax.is_verb(at.head)) or (at.dep_ == "advcl" and looks_back(at)):
                own = {at.head.i}
            else:
                at = at.head
                continue
            if any(i != at.i and self._steps(self.doc[i], own) is not None for i, _ in old):
                return True
            at = at.head
        return False

    def _verb_above(self, token: Token) -> Token | None:
        for _ in range(STEPS):
            if syntax.is_verb(token):
                return token
            if token.head.i == token.i or (token.dep_ == "pobj" and token.head.lower_ in BEYOND):
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

    def _near(self, reading: Reading, at: int) -> int | None:
        """Count the steps from a time to a verb that governs the clause, None where it belongs to something else."""
        governors: set[int] = set()
        token = reading.clause
        for _ in range(STEPS):
            if token is None or token.head.i == token.i:
                break
            if token.dep_ == "relcl" and not syntax.is_verb(token.head) and not takes_up(token):
                break
            if token.dep_ == "advcl" and looks_back(token):
                break
            token = token.head
            governors.add(token.i)
        return self._steps(self.doc[at], governors)

    # ------------------------------------------------------------------------------------------------------ where

    def place(self, reading: Reading, day: EventDate | None = None) -> tuple[EventPlace | None, str]:
        """Return where an event happened, and why that is unknown. A place that is only named in passing does not count."""
        unset = day is None or day.basis == "published"
        if not_gone(reading) or (is_plan(reading) and unset):
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


def _looks_back(clause: Token | None) -> bool:
    """Say whether a clause is what another one came after, or hangs on such a one."""
    for _ in range(STEPS):
        if clause is None or clause.head.i == clause.i:
            break
        if looks_back(clause):
            return True
        clause = clause.head
    return False


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
