"""Remember who deals with whom in a text, and answer from it what a clause leaves to its reader.

Three things are read from the passage, and only where it has one answer:

- *groups*: "the two leaders", "both sides", "they" are the two parties that were last told to deal with each other;
- *objects that point back*: in "rejected the decision" the decision is that of whoever did the last thing told;
- *the counterpart*: an act between two ("agreed to close the site", "refused") whose clause names only one of them is aimed
  at the party with whom that one was last told to deal, else with whom the text has it deal most.

The party given so is the earlier mention, with a reason that begins with "passage:".
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter, itemgetter

from spacy.tokens import Doc, Token

from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.parties import PRONOUNS, acts
from dateline.annotate.events.phrases import noun_phrase
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.syntax import real_head
from dateline.annotate.events.tables import classes
from dateline.annotate.events.whom import resolve
from dateline.annotate.layers import layers_of, sentences_of
from dateline.types import EventMention, Party

REASON = "from_passage"  # stands in an event's reasons where a party was taken from the passage
NEAR = 5  # sentences: what was told longer ago does not say whom the next clause is aimed at
JOINED_NEAR = 8  # sentences in which "the two leaders" still are the two that were named together
GAP = 40  # characters between "A" and "B" of "A and President B"
KEPT = 200  # dealings and joint mentions looked back on: a book-long text stays bounded
ENOUGH, AHEAD = 2, 2  # dealings with one party, and how many times the next one's, that make it the counterpart
BETWEEN = frozenset(
    "AGREE CONCEDE CONSULT REJECT THREATEN REQUEST SUPPORT ACCUSE SANCTION COOPERATE".split()  # noqa: SIM905 (types)
)  # acts that always have another side
SIGNED = frozenset({"AGREE", "CONSULT", "SUPPORT", "COOPERATE", "CONCEDE"})
ANSWERED = frozenset({"ACCUSE", "REQUEST", "THREATEN", "AGREE"})
POINTED = (
    ("agreements", SIGNED),
    ("talks", SIGNED),
    ("attacks", frozenset({"ASSAULT", "COERCE"})),
    ("crackdowns", frozenset({"ASSAULT", "COERCE"})),
    ("deeds", frozenset({"SANCTION", "COERCE", "ASSAULT", "REJECT", "RETREAT", "MOBILIZE", "CONCEDE", "THREATEN"})),
    ("demands", ANSWERED),
    ("charges", ANSWERED),
)  # classes of nouns that point back, and the types of what they point to
MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})  # what two do, they do with each other
NUMBERS = frozenset({"two", "both", "pair", "couple", "duo"})
COUNTS = frozenset("two three four five six seven eight nine ten eleven twelve".split())  # noqa: SIM905 (words)
PLURALS = frozenset({"they", "them"})


@dataclass(frozen=True, slots=True)
class Dealing:
    """Hold what one trigger told: who acted on whom, both with a country."""

    sentence: int
    at: int
    word: str
    event_type: str
    sides: tuple[tuple[Party, Party], ...]
    mutual: bool

    def partners(self, side: str) -> list[Party]:
        """Return those on the other side of it from `side`."""
        found = [b if key_of(a) == side else a for a, b in self.sides if (key_of(a) == side) != (key_of(b) == side)]
        return list({key_of(party): party for party in found}.values())


def key_of(party: Party | None) -> str | None:
    """Return what a party counts as: its country, an intergovernmental body as itself, None where that is unknown."""
    if party is None or party.actor is None or party.actor.country is None:
        return None
    return party.actor.id if party.actor.country == "IGO" else party.actor.country


class Passage:
    """Answer for one text, from the events read so far."""

    def __init__(self, doc: Doc) -> None:
        self.dealings: deque[Dealing] = deque(maxlen=KEPT)
        self.named = [e for e in layers_of(doc).entities if e.actor is not None and e.label is not None]
        self.joined = list(_joined(doc))
        self.counts: dict[str, list[Token]] = {}
        for token in doc:
            if token.tag_ == "CD" and token.dep_ == "nummod" and token.lower_ in COUNTS:
                self.counts.setdefault(token.lower_, []).append(token.head)
        self.starts = [sentence.start_char for sentence in sentences_of(doc)]

    def note(self, events: Sequence[EventMention]) -> None:
        """Remember what one reading told."""
        sides = [
            (event.source, event.target)
            for event in events
            if event.source is not None
            and event.target is not None
            and None not in {key_of(event.source), key_of(event.target)}
            and key_of(event.source) != key_of(event.target)
            and "it" not in {event.source.text.casefold(), event.target.text.casefold()}
        ]
        if not sides or any(event.negated or REASON in event.reasons.values() for event in events):
            return
        first = events[0]
        keys = {(key_of(a), key_of(b)) for a, b in sides}
        mutual = any((b, a) in keys for a, b in keys)
        self.dealings.append(
            Dealing(first.sentence, first.trigger.start, first.trigger.text, first.event_type, tuple(sides), mutual)
        )

    def counterpart(self, source: Party, sentence: int) -> Party | None:
        """Return with whom a party was dealing when the text came to `sentence`, where that is one."""
        side = key_of(source)
        if side is None:
            return None
        for dealing in reversed(self.dealings):
            if sentence - dealing.sentence > NEAR:
                break
            partners = dealing.partners(side)
            if partners:
                return self._taken(partners[0], f"last dealt with at {dealing.word!r}") if len(partners) == 1 else None
        counts: Counter[str | None] = Counter()
        latest: dict[str | None, Party] = {}
        for dealing in self.dealings:
            for partner in dealing.partners(side):
                counts[key_of(partner)] += 1
                latest[key_of(partner)] = partner
        ranked = counts.most_common(2)
        if not ranked or ranked[0][1] < ENOUGH or (len(ranked) > 1 and ranked[0][1] < AHEAD * ranked[1][1]):
            return None
        return self._taken(latest[ranked[0][0]], "whom it deals with most")

    def pair(self, start: int, sentence: int, near: int = JOINED_NEAR) -> list[Party]:
        """Return the two whom "the two leaders" at `start` means: those last named together, or last dealing with each other."""
        best: tuple[int, Party, Party, str] | None = None
        for end, one, other in self._joined_before(start):
            if self._sentence_of(end) >= sentence - near:
                best = (end, one, other, "named together")
        for dealing in self.dealings:
            if dealing.mutual and dealing.at < start and dealing.sentence >= sentence - near:
                ends = {key_of(p): p for pair in dealing.sides for p in pair}
                if len(ends) == 2 and (best is None or dealing.at > best[0]):  # noqa: PLR2004 (a pair)
                    one, other = ends.values()
                    best = (dealing.at, one, other, f"both sides of {dealing.word!r}")
        if best is None:
            return self._main_pair(start)
        return [self._taken(best[1], best[3]), self._taken(best[2], best[3])]

    def counted(self, party: Party) -> Party:
        """Give "the three men" the country of the three who were named before."""
        words = party.text.casefold().split()
        if party.actor is None or party.actor.country is not None or len(words) < 2:  # noqa: PLR2004 ("the three")
            return party
        if words[0] not in {"the", "these", "those"} or words[1] not in COUNTS:
            return party
        for head in reversed(self.counts.get(words[1], ())):
            if head.idx >= party.start:
                continue
            actor, _ = resolve(noun_phrase(head))
            if actor is not None and actor.country is not None:
                told = replace(party.actor, country=actor.country)
                return replace(party, actor=told, reason=f"passage: {words[1]} {head.text} before")
        return party

    def _joined_before(self, start: int) -> list[tuple[int, Party, Party]]:
        last = bisect_right(self.joined, start, key=itemgetter(0))
        return self.joined[max(0, last - KEPT) : last]

    def _main_pair(self, start: int) -> list[Party]:
        """Return the two of whom the text so far tells most that they deal with each other, where that is clear."""
        counts: Counter[frozenset[str | None]] = Counter()
        latest: dict[frozenset[str | None], tuple[Party, Party]] = {}
        told = [(one, other) for _, one, other in self._joined_before(start)]
        told += [pair for dealing in self.dealings for pair in dealing.sides if dealing.at < start]
        for one, other in told:
            both = frozenset({key_of(one), key_of(other)})
            counts[both] += 1
            latest[both] = (one, other)
        ranked = counts.most_common(2)
        if not ranked or ranked[0][1] < ENOUGH or (len(ranked) > 1 and ranked[0][1] < AHEAD * ranked[1][1]):
            return []
        return [self._taken(party, "the two who deal most") for party in latest[ranked[0][0]]]

    def _taken(self, party: Party, why: str) -> Party:
        """Take a party over, by its last name where it was a pronoun."""
        if party.text.casefold() in PRONOUNS:
            last = bisect_right(self.named, party.start, key=attrgetter("start"))
            said = [e for e in self.named[max(0, last - KEPT) : last] if e.actor == party.actor]
            if said:
                party = replace(party, start=said[-1].start, end=said[-1].end, text=said[-1].text)
        return replace(party, reason=f"passage: {why}")

    def doers(self, token: Token, source: Party, sentence: int) -> list[Party]:
        """Return whose "the decision", "the attack", "the declaration" is: of who was last told to do such a thing."""
        noun = noun_lemma(real_head(token))
        side = key_of(source)
        types = next((kinds for words, kinds in POINTED if not classes()[words].isdisjoint({noun})), None)
        if types is None:
            return []
        answers = types is ANSWERED  # "the demand": only one that was made of the one who speaks
        for dealing in reversed(self.dealings):
            if sentence - dealing.sentence > JOINED_NEAR:
                break
            if dealing.event_type not in types or (types is SIGNED and not dealing.mutual):
                continue
            pairs = [(a, b) for a, b in dealing.sides if key_of(a) != side and (not answers or key_of(b) == side)]
            found = {key_of(a): a for a, _ in pairs}
            if len(found) == 1 or (found and dealing.mutual):
                return [self._taken(party, f"of {dealing.word!r}") for party in found.values()]
            if found:
                return []
        return []

    def _sentence_of(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1


def _joined(doc: Doc) -> list[tuple[int, Party, Party]]:
    """Find the mentions of two countries that stand together: "Trump and Kim", "the United States and China"."""
    found = []
    named = [e for e in layers_of(doc).entities if e.actor is not None and e.actor.country is not None]
    text = doc.text
    before = 0  # where the mention before the two ends: of "A, B and C" no two are meant
    for one, other in pairwise(named):
        listed = before > 0 and text[before : one.start].strip() == ","
        before = one.end
        between = text[one.end : other.start]
        if listed:
            continue
        if len(between) > GAP or not between.lstrip(", ").startswith("and ") or "." in between:
            continue
        first, second = (Party(start=e.start, end=e.end, text=e.text, actor=e.actor) for e in (one, other))
        if key_of(first) != key_of(second):
            found.append((other.end, first, second))
    return found


def is_pair(token: Token) -> bool:
    """Say whether a noun phrase speaks of two without naming them: "the two", "both leaders", "the pair"."""
    head = token
    if head.lower_ in NUMBERS and head.dep_ not in {"nummod", "det", "predet", "preconj", "cc"}:
        told = head.lower_ == "both" or any(c.lower_ in {"the", "these", "those"} for c in head.lefts)
        return told and not any(c.dep_ == "prep" for c in head.children)
    if head.ent_type_ in {"PERSON", "GPE", "ORG", "NORP"} or not acts_or_sides(head):
        return False
    count = any(c.lower_ in {"two", "both"} for c in head.lefts)
    told = any(c.lower_ in {"the", "both", "these", "those"} for c in head.lefts)
    other = any(c.dep_ in {"amod", "compound", "poss"} and c.lower_ not in {"two", "both"} for c in head.lefts)
    return count and told and not other and not any(c.dep_ in {"relcl", "acl", "prep"} for c in head.rights)


def acts_or_sides(token: Token) -> bool:
    """Say whether a noun is for people, bodies or the sides of something."""
    return acts(token) or noun_lemma(token) in {"side", "party", "neighbour", "neighbor", "rival", "foe", "power"}


def is_mutual(reading: Reading) -> bool:
    """Say whether two sources of an act act on each other when nobody else is named."""
    return reading.both or reading.event_type in MUTUAL
