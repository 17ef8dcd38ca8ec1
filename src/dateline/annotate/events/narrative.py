"""Follow the time that a passage tells of: what is said after "In September 1993 …" belongs to 1993 until a sentence resets it.

One walk through the text answers, for every sentence, which past time its past-tense clauses belong to. A paragraph begins
afresh; a sentence in the present tense, with "now", or with a day near publication goes back to the day.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.retrospect import HISTORY_DAYS
from dateline.annotate.events.tables import rows_of
from dateline.types import EventDate, Span, TimeMention

NOT_ANCHORS = frozenset(
    {"since", "until", "till", "by", "before", "from", "of", "for", "to"}
)  # "since 1995": no time told of
LONG = frozenset({"years", "decades", "centuries", "generations", "once"})
PLUPERFECT_PARAGRAPH = 2  # clauses in the pluperfect, and no day of ours, that make a paragraph background
LONG_SHIFT_DAYS = 366  # "a year later" keeps a year a year
STEPS_UP = 8
SPEECH = frozenset(
    {"said", "told", "added", "recalled", "says", "tells", "recalls", "explained", "explains", "remembered"}
)
QUOTES = frozenset({"“", "”", '"'})
MONTH = re.compile(r"\d{4}-\d{2}")
DAYS = re.compile(
    r"day\b|today|tonight|yesterday|tomorrow|last|this|next|\d{4}|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE,
)  # fmt: skip
LATE = re.compile(r"\b(?:night|evening|p\.m\.|midnight)", re.IGNORECASE)
EARLY = re.compile(r"\b(?:morning|dawn|sunrise|a\.m\.)", re.IGNORECASE)
EARLIER = re.compile(r"\b(?:earlier|before)\b", re.IGNORECASE)
KINDS = frozenset({"past", "now", "shift", "same"})


@dataclass(frozen=True, slots=True)
class Told:
    """Be the time that a sentence's past-tense clauses belong to. `days` is None where the text only says "long ago"."""

    days: EventDate | None
    exact: bool = True  # False: some day after it ("the next day")


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Return what the table says of each kind, as one pattern. Raises RulesError."""
    found: dict[str, re.Pattern[str]] = {}
    for row in rows_of("narrative.tsv", ("kind", "words")):
        if row["kind"] not in KINDS:
            raise row.wrong(f"kind must be one of {', '.join(sorted(KINDS))}")
        words = "|".join(re.escape(word) for word in row["words"].split("|"))
        found[row["kind"]] = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    return found


def is_counted(mention: TimeMention) -> bool:
    """Say whether an expression counts from the time told last ("seven weeks later", "the next day")."""
    return patterns()["shift"].search(mention.text) is not None


def is_clock(mention: TimeMention) -> bool:
    """Say whether an expression names an hour and no day."""
    return mention.type == "TIME" and DAYS.search(mention.text) is None


def is_same_day(text: str) -> bool:
    """Say whether words go on with the day told last ("hours later", "that night")."""
    return patterns()["same"].search(text) is not None


class Narrative:
    """Answer for one text."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        times: Sequence[tuple[int, TimeMention]],
        published: date | None,
    ) -> None:
        self.sentences = sentences
        self.published = published
        self.by_sentence: dict[int, list[tuple[int, TimeMention]]] = {}
        starts = [sentence.start for sentence in sentences]
        for at, mention in times:
            self.by_sentence.setdefault(bisect_right(starts, at) - 1, []).append((at, mention))
        self.told: list[Told | None] = []
        self.openings: dict[int, tuple[int, Told | None]] = {}  # where a sentence names a time, and the one told before
        self.paragraphs: list[int] = []  # first sentences
        self.references: list[EventDate | None] = []  # the time told last before each sentence, for "a month later"
        if published is not None:
            self._walk(published)

    def at(self, sentence: int, clause: Token | None = None) -> Told | None:
        """Return the past time that a sentence belongs to; `clause`: what stands before a semicolon is told of the time before."""
        if clause is not None and (opening := self.openings.get(sentence)) is not None:
            at, before = opening
            if clause.i < at and any(t.text == ";" for t in clause.doc[clause.i : at]):
                return before
        return self.told[sentence] if sentence < len(self.told) else None

    def counted(self, mention: TimeMention, sentence: int, story: EventDate | None = None) -> EventDate | None:
        """Return the days of "a month later", counted from the time told last, in the sentence or before; None where there is none.

        "A week earlier" counts from a day: that told last, else the story's own.
        """
        reference = self.references[sentence] if sentence < len(self.references) else None
        for at, other in self.by_sentence.get(sentence, ()):
            if other.start < mention.start and not is_counted(other) and sets_time(self.sentences[sentence].doc[at]):
                reference = _days(other) or reference
        if EARLIER.search(mention.text) and (reference is None or reference.precision != "day"):
            reference = story
        return self._shifted(mention, reference)

    def on_the_day(self, mention: TimeMention, reference: EventDate | None) -> EventDate | None:
        """Return the day of an hour ("at one in the morning"): the day told last, the next where the night has passed."""
        if reference is None or reference.precision != "day":
            return None
        basis = reference.basis
        late = isinstance(basis, Span) and LATE.search(basis.text) and EARLY.search(mention.text)
        day = reference.from_ + timedelta(days=1 if late else 0)
        if self.published is not None and day > self.published:
            return None
        return EventDate(from_=day, to=day, precision="day", basis=_basis(mention))

    def starts_at(self, sentence: int) -> int:
        """Return the first sentence of the paragraph that a sentence is in."""
        at = bisect_right(self.paragraphs, sentence)
        return self.paragraphs[at - 1] if at else 0

    def day_before(self, sentence: int) -> EventDate | None:
        """Return the day told last before a sentence, None where that was no day."""
        reference = self.references[sentence] if sentence < len(self.references) else None
        return reference if reference is not None and reference.precision == "day" else None

    def _shifted(self, mention: TimeMention, reference: EventDate | None) -> EventDate | None:  # noqa: PLR0911
        if reference is None or mention.from_ is None or self.published is None:
            return None
        shift = mention.from_ - self.published
        if reference.precision == "day" and shift <= timedelta(
            0
        ):  # the time was counted from the day told last already
            if "-W" not in (mention.value or ""):
                return _days(mention)
            day = mention.from_ + timedelta(days=reference.from_.weekday())
            return EventDate(from_=day, to=day, precision="day", basis=_basis(mention))
        if "year" in mention.text.casefold() and (mention.value or "").isdigit():
            years = int(mention.value or 0) - self.published.year
            start, end = _years_on(reference.from_, years), _years_on(reference.to, years)
            return EventDate(from_=start, to=end, precision=reference.precision, basis=_basis(mention))
        if shift < timedelta(0):
            return None
        if MONTH.fullmatch(mention.value or "") and reference.precision == "month":
            year, _, number = str(mention.value).partition("-")
            month = 12 * (int(year) - self.published.year) + int(number) - self.published.month
            start = _months_on(reference.from_, month)
            end = _months_on(start, 1) - timedelta(days=1)
            return EventDate(from_=start, to=end, precision="month", basis=_basis(mention))
        precision = reference.precision if reference.precision == "day" else "range"
        return EventDate(
            from_=reference.from_ + shift, to=reference.to + shift, precision=precision, basis=_basis(mention)
        )

    def _walk(self, published: date) -> None:
        told: Told | None = None
        reference: EventDate | None = None
        background = False
        for number, sentence in enumerate(self.sentences):
            if number == 0 or begins_paragraph(sentence):
                told = None
                self.paragraphs.append(number)
                background = self._is_background(number, published)
            self.references.append(reference)
            anchors = self._anchors(number, reference)
            text = sentence.text
            before = told
            if anchors:
                reference = anchors[0][1]
                told = self._told(anchors[0][1], published)
                self.openings[number] = (anchors[0][0], before)
            elif patterns()["past"].search(text) and not patterns()["now"].search(text):
                told = Told(None)
            elif _is_present(sentence) or patterns()["now"].search(text):
                told = None
            elif told is not None and told.days is not None and patterns()["shift"].search(text):
                told = Told(told.days, exact=told.days.precision != "day")
            here = told
            if here is None and background and _pluperfects(sentence):
                here = Told(None)
            self.told.append(None if here is not None and is_quoting(sentence) and not anchors else here)
            if anchors and _is_quoted(sentence, anchors[-1][0]):
                told = before  # what somebody says of 1970 sets no time for what the text tells next
            elif len(anchors) > 1 and self._told(anchors[-1][1], published) is None:
                told = None  # "in 2010 …, and this January"

    def _anchors(self, number: int, reference: EventDate | None) -> list[tuple[int, EventDate]]:
        """Return the times that set what a sentence tells of, by their tokens."""
        found: list[tuple[int, EventDate]] = []
        sentence = self.sentences[number]
        for at, mention in self.by_sentence.get(number, []):
            if not sets_time(sentence.doc[at]):
                continue
            days = self._shifted(mention, reference) if is_counted(mention) else _days(mention)
            if days is not None and is_clock(mention):
                days = self.on_the_day(mention, reference) or days
            if days is not None:
                found.append((at, days))
        return found

    def _told(self, days: EventDate, published: date) -> Told | None:
        return Told(days) if (published - days.to).days > HISTORY_DAYS else None

    def _is_background(self, number: int, published: date) -> bool:
        """Say whether a paragraph is told in the pluperfect, of years, with no day near publication."""
        clauses, long = 0, False
        for at in range(number, len(self.sentences)):
            if at > number and begins_paragraph(self.sentences[at]):
                break
            for _, mention in self.by_sentence.get(at, []):
                if mention.to is not None and (published - mention.to).days <= HISTORY_DAYS and not is_counted(mention):
                    return False
            clauses += _pluperfects(self.sentences[at])
            long = long or any(token.lower_ in LONG for token in self.sentences[at])
        return long and clauses >= PLUPERFECT_PARAGRAPH


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _basis(mention: TimeMention) -> Span:
    return Span(mention.start, mention.end, mention.text)


def _days(mention: TimeMention) -> EventDate | None:
    if mention.from_ is None:
        return None
    end = mention.to or mention.from_
    length = (end - mention.from_).days
    precision = "day" if length == 0 else "week" if length == 6 else "month" if length <= 31 else "year"  # noqa: PLR2004
    return EventDate(
        from_=mention.from_,
        to=end,
        precision="range" if length > LONG_SHIFT_DAYS else precision,  # type: ignore[arg-type]
        basis=_basis(mention),
    )


def begins_paragraph(sentence: Sentence) -> bool:
    """Say whether a sentence begins a paragraph."""
    if sentence.start == 0:
        return True
    before = sentence.doc[sentence.start - 1]
    return "\n" in before.text or "\n" in sentence.text[:1]


def sets_time(token: Token) -> bool:
    """Say whether a time stands with the main clause, and is one that something happens in."""
    at = token
    for _ in range(STEPS_UP):
        if at.dep_ == "pobj" and at.head.lower_ in NOT_ANCHORS:
            return False
        if at.dep_ == "advcl" and any(c.lower_ == "since" and c.dep_ in {"mark", "prep"} for c in at.lefts):
            return False  # "has killed thousands since it took up arms in 2009"
        if at.dep_ in {"relcl", "acl"} and syntax.is_verb(at):
            return False
        if at.head.i == at.i:
            return True
        if syntax.is_verb(at) and at.dep_ == "ccomp" and _is_speech_verb(at.head):
            return True
        at = at.head
    return False


def _is_quoted(sentence: Sentence, at: int) -> bool:
    """Say whether a token stands between the quotation marks of a sentence."""
    marks = [t.text for t in sentence.doc[sentence.start : at] if t.text in QUOTES]
    return bool(marks) and (marks[-1] == "“" or (marks[-1] == '"' and marks.count('"') % 2 == 1))


def _is_speech_verb(token: Token) -> bool:
    return token.lower_ in SPEECH


def is_quoting(sentence: Sentence) -> bool:
    """Say whether a sentence quotes somebody directly: that was said for the article."""
    return _is_speech_verb(sentence.root) and any(t.text in {"“", '"', "”"} for t in sentence)


def _is_present(sentence: Sentence) -> bool:
    """Say whether the main clause is in the present, the present perfect or the future."""
    root = sentence.root
    if root.tag_ in {"VBZ", "VBP"}:
        return True
    return any(
        c.dep_ in {"aux", "auxpass"} and (c.tag_ in {"VBZ", "VBP"} or c.lower_ in {"will", "'ll", "’ll"})
        for c in root.children
    )


def _pluperfects(sentence: Sentence) -> int:
    return sum(
        1
        for t in sentence
        if t.lower_ in {"had", "'d", "’d"} and t.dep_ == "aux" and t.head.tag_ == "VBN" and not _reported(t.head)
    )


def _reported(verb: Token) -> bool:
    return verb.dep_ == "ccomp" and syntax.is_verb(verb.head)
