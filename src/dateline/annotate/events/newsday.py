"""Find the day that a story is about, and say which clauses of it are told of that day.

A news story names its day once, in its first sentences ("on Tuesday"), and goes on in the simple past. What has no time
of its own then lies between that day and the day of publication: on it where both are one, else in the days from the one
to the other. Clauses in the pluperfect and perfect, those that only say who somebody is ("who ruled Chile"), and
paragraphs with a time of their own are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from spacy.tokens import Span as Sentence
from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.narrative import begins_paragraph, sets_time
from dateline.types import EventDate, Span, TimeMention

LEAD = 2  # sentences in which a story names its day
FRESH = timedelta(days=3)  # an older day is what the story looks back on
STEPS = 6
LONGEST = 30  # sentences of a paragraph that are looked back over
PERFECT = frozenset({"has", "have", "had", "'ve", "’ve", "'d", "’d"})
ASIDE = frozenset({"relcl", "acl", "appos"})
BACKWARD = frozenset({"after", "before", "since", "until", "how", "why", "whether", "if", "once"})
HOURS = frozenset({"hours", "hour", "minutes", "moments", "shortly", "soon"})
SPANNING = frozenset({"before", "until", "during", "since"})


class NewsDay:
    """Answer for one text."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        by_sentence: Mapping[int, Sequence[tuple[int, TimeMention]]],
        published: date | None,
    ) -> None:
        self.sentences = sentences
        self.by_sentence = by_sentence
        self.published = published
        self.named = self._named()

    def _named(self) -> TimeMention | None:
        """Return the time by which the story's first sentences name its day, None where they name none."""
        if self.published is None:
            return None
        for number in range(min(LEAD, len(self.sentences))):
            doc = self.sentences[number].doc
            for at, mention in self.by_sentence.get(number, ()):
                day = mention.from_
                if day is None or (mention.to or day) != day or not sets_time(doc[at]):
                    continue
                if timedelta(0) <= self.published - day <= FRESH:
                    return mention
        return None

    def day(self) -> EventDate | None:
        """Return the story's day alone."""
        if self.named is None or self.named.from_ is None:
            return None
        return EventDate(from_=self.named.from_, to=self.named.from_, precision="day", basis=_basis(self.named))

    def since(self) -> EventDate | None:
        """Return the days from the story's own to publication."""
        day = self.day()
        if day is None or self.published is None:
            return None
        return EventDate(
            from_=day.from_, to=self.published, precision="day" if day.from_ == self.published else "range",
            basis=day.basis,
        )  # fmt: skip

    def holds(self, clause: Token | None, sentence: int) -> bool:
        """Say whether a clause is told of the story's day: simple past, no aside, no other time in its paragraph so far."""
        return self.named is not None and is_plain_past(clause) and not self._elsewhere(sentence)

    def _elsewhere(self, sentence: int) -> bool:
        """Say whether the paragraph has named another time before: what follows may belong to that."""
        assert self.named is not None
        number = sentence
        while True:
            doc = self.sentences[number].doc
            for at, mention in self.by_sentence.get(number, ()):
                if mention.from_ is not None and sets_time(doc[at]) and not self._is_fresh(mention):
                    return True
            if number == 0 or sentence - number > LONGEST or begins_paragraph(self.sentences[number]):
                return False
            number -= 1

    def _is_fresh(self, mention: TimeMention) -> bool:
        assert self.named is not None
        assert self.named.from_ is not None
        assert self.published is not None
        return bool(
            mention.from_ and self.named.from_ <= mention.from_ and (mention.to or mention.from_) <= self.published
        )


def is_plain_past(clause: Token | None) -> bool:
    """Say whether a clause is told in the simple past, and for its own sake."""
    if clause is None or not syntax.is_verb(clause) or is_aside(clause):
        return False
    if any(c.dep_ == "prep" and c.lower_ in SPANNING for c in clause.children):
        return False  # "bought half of its wheat there before the war"
    at = clause
    for _ in range(STEPS):
        if at.dep_ not in {"conj", "xcomp", "advcl", "pcomp", "prep"} or at.head.i == at.i:
            break
        if is_finite_past(at):
            break
        at = at.head
    return is_finite_past(at)


def is_aside(clause: Token | None) -> bool:
    """Say whether a clause looks back or aside: perfect, relative, or what something came after."""
    if clause is None:
        return False
    at = clause
    for _ in range(STEPS):
        verb = syntax.is_verb(at)
        if verb and any(c.dep_ == "aux" and c.lower_ in PERFECT for c in at.lefts):
            return True
        if at.dep_ == "relcl" and any(c.lower_ == "where" and c.dep_ == "advmod" for c in at.lefts):
            return False  # "to the square, where police arrested": the story goes on
        if at.dep_ in ASIDE and at.tag_ != "VBG" and not takes_up(at):
            return True
        if looks_back(at):
            return True
        if at.head.i == at.i:
            break
        at = at.head
    return False


def looks_back(clause: Token) -> bool:
    """Say whether a clause is what another one came after, or only asked about; "hours after" is the same day."""
    if clause.dep_ not in {"advcl", "ccomp"}:
        return False
    marks = [c for c in clause.lefts if c.dep_ in {"mark", "advmod"} and c.lower_ in BACKWARD]
    return any(clause.doc[max(mark.i - 1, 0)].lower_ not in HOURS for mark in marks)


def takes_up(clause: Token) -> bool:
    """Say whether a relative clause goes on with the act that its noun names: "signed a statement in which Chad promised"."""
    return clause.dep_ == "relcl" and any(
        c.dep_ == "prep" and c.lower_ in {"in", "under"} and any(n.lower_ == "which" for n in c.children)
        for c in clause.lefts
    )


def is_finite_past(verb: Token) -> bool:
    """Say whether a verb is in the simple past: "met", "was arrested"."""
    if verb.tag_ == "VBD":
        return True
    return any(c.tag_ == "VBD" and c.dep_ in {"aux", "auxpass"} for c in verb.children)


def is_going_on(clause: Token | None) -> bool:
    """Say whether a clause tells what goes on as the text is written: "are searching", "is expelling"."""
    if clause is None or clause.tag_ != "VBG":
        return False
    at = clause
    while at.dep_ == "conj" and not any(c.dep_ == "aux" for c in at.children) and at.head.tag_ == "VBG":
        at = at.head
    return at.dep_ not in ASIDE and any(c.dep_ == "aux" and c.lower_ in {"is", "are", "'s", "’s"} for c in at.children)


def _basis(mention: TimeMention) -> Span:
    return Span(mention.start, mention.end, mention.text)
