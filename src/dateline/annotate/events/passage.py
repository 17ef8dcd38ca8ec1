"""Remember who deals with whom in a text, and answer from it what a clause leaves to its reader.

Four things are read from the passage, and only where it has one answer:

- *groups*: "the two leaders", "both sides", "they" are the two parties that were last told to deal with each other;
- *objects that point back*: in "rejected the decision" the decision is that of whoever did the last thing told;
- *reactions*: who was acted on, or named in the sentence before, answers whoever acted there;
- *the counterpart*: an act between two ("agreed to close the site", "refused") whose clause names only one of them is aimed
  at the party with whom that one was last told to deal, else with whom the text has it deal most.

The party given so is the earlier mention, with a reason that begins with "passage:".
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter

from spacy.tokens import Doc, Token

from dateline.annotate.events import syntax
from dateline.annotate.events.frames import IDLE, frames_of
from dateline.annotate.events.groups import joined, key_of
from dateline.annotate.events.judging_words import judgements
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.parties import PRONOUNS
from dateline.annotate.events.phrases import noun_phrase
from dateline.annotate.events.tables import classes
from dateline.annotate.events.whom import resolve, source_party
from dateline.annotate.layers import layers_of, sentences_of
from dateline.types import EventMention, Party

REASON = "from_passage"  # stands in an event's reasons where a party was taken from the passage
NEAR = 2  # sentences: what was told longer ago does not say whom the next clause is aimed at
JOINED_NEAR = 8  # sentences in which "the two leaders" still are the two that were named together
POINTED_NEAR = 4  # sentences in which "the decision" is that of whoever was told to have decided
DEALT_NEAR = 1  # sentences in which "the two countries" are the two of whom one was told to act on the other
ANSWERED_NEAR = 2  # sentences in which who was acted on answers
KEPT = 200  # dealings and joint mentions looked back on: a book-long text stays bounded
ENOUGH, AHEAD = 2, 2  # dealings with one party, and how many times the next one's, that make it the counterpart
STATES = frozenset({"GOV", "MIL", "REB", "SPY"})  # who deals with other states: a party or a firm deals at home
BETWEEN = frozenset(
    "AGREE CONCEDE CONSULT REJECT THREATEN REQUEST SUPPORT ACCUSE SANCTION COOPERATE".split()  # noqa: SIM905 (types)
)  # acts that always have another side
SIGNED = frozenset({"AGREE", "CONSULT", "SUPPORT", "COOPERATE", "CONCEDE"})
NEGOTIATING = frozenset(
    "AGREE CONCEDE CONSULT COOPERATE SUPPORT REQUEST REJECT AID RETREAT THREATEN".split()  # noqa: SIM905 (types)
)  # what two do who negotiate
ANSWERED = frozenset({"ACCUSE", "REQUEST", "THREATEN", "AGREE"})
SAID = frozenset({"ACCUSE", "SUPPORT", "REQUEST", "THREATEN"})  # what is only said: no deed to judge
POINTED = (
    ("agreements", SIGNED),
    ("talks", SIGNED),
    ("attacks", frozenset({"ASSAULT", "COERCE"})),
    ("crackdowns", frozenset({"ASSAULT", "COERCE"})),
    ("deeds", frozenset({"SANCTION", "COERCE", "ASSAULT", "REJECT", "RETREAT", "MOBILIZE", "CONCEDE", "THREATEN"})),
    ("demands", ANSWERED),
    ("charges", ANSWERED),
)  # classes of nouns that point back, and the types of what they point to
COUNTS = frozenset("two three four five six seven eight nine ten eleven twelve".split())  # noqa: SIM905 (words)


@dataclass(frozen=True, slots=True)
class Dealing:
    """Hold what one trigger told: who acted on whom; the other side may be unknown, the one who acted has a country."""

    sentence: int
    at: int
    word: str
    event_type: str
    sides: tuple[tuple[Party, Party | None], ...]
    mutual: bool

    def partners(self, side: str) -> list[Party]:
        """Return those on the other side of it from `side`."""
        found = [
            b if key_of(a) == side else a
            for a, b in self.sides
            if b is not None and (key_of(a) == side) != (key_of(b) == side)
        ]
        return list({key_of(party): party for party in found}.values())

    def is_at_home(self, side: str) -> bool:
        """Say whether both sides of it are of one country: those who deal at home have no counterpart abroad."""
        return all(key_of(a) == side and key_of(b) in {None, side} for a, b in self.sides if b is not None)

    def actors(self) -> dict[str | None, Party]:
        """Return who acted, by country."""
        return {key_of(a): a for a, _ in self.sides}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Hold what is asked of the dealings told: who did something of a kind, other than the one who speaks of it."""

    side: str | None
    types: frozenset[str] | None
    fitting: frozenset[str]
    loose: bool
    state: bool

    def acted(self, dealing: Dealing) -> dict[str | None, Party]:
        """Return who of a dealing may be meant: of "the demand" only one that was made of the one who speaks."""
        return {
            key_of(a): a
            for a, b in dealing.sides
            if not (self.state and key_of(a) == self.side)
            and (self.types is not ANSWERED or key_of(b) == self.side)
            and (self.types is not SIGNED or dealing.mutual)
        }


class Passage:
    """Answer for one text, from the events read so far."""

    def __init__(self, doc: Doc) -> None:
        self.dealings: deque[Dealing] = deque(maxlen=KEPT)
        layers = layers_of(doc)
        self.named = [e for e in layers.entities if e.actor is not None and e.label is not None]
        self.countries = [(e.start, e.actor.country) for e in layers.entities if e.actor is not None]
        self.joined = joined(doc)
        self.counts: dict[str, list[Token]] = {}
        for token in doc:
            if token.tag_ == "CD" and token.dep_ == "nummod" and token.lower_ in COUNTS:
                self.counts.setdefault(token.lower_, []).append(token.head)
        self.sentences = sentences_of(doc)
        self.starts = [sentence.start_char for sentence in self.sentences]
        self._subjects: dict[int, Party | None] = {}

    def note(self, events: Sequence[EventMention]) -> None:
        """Remember what one reading told."""
        sides = [
            (event.source, event.target if key_of(event.target) is not None else None)
            for event in events
            if event.source is not None
            and key_of(event.source) is not None
            and "it" not in {event.source.text.casefold(), event.target.text.casefold() if event.target else ""}
        ]
        if not sides or any(event.negated or REASON in event.reasons.values() for event in events):
            return
        first = events[0]
        keys = {(key_of(a), key_of(b)) for a, b in sides}
        mutual = any(a != b and (b, a) in keys for a, b in keys)
        self.dealings.append(
            Dealing(first.sentence, first.trigger.start, first.trigger.text, first.event_type, tuple(sides), mutual)
        )

    def counterpart(self, source: Party, sentence: int, event_type: str | None = None) -> Party | None:
        """Return with whom a party was dealing when the text came to `sentence`, where that is one; on what fits `event_type`."""
        side = key_of(source)
        if side is None:
            return None
        for dealing in reversed(self.dealings):
            if sentence - dealing.sentence > NEAR:
                break
            partners = dealing.partners(side)
            if partners:
                if len(partners) > 1 or not is_state(partners[0]) or not _goes_on(dealing.event_type, event_type):
                    return None
                return self._taken(partners[0], f"last dealt with at {dealing.word!r}")
        counts: Counter[str | None] = Counter()
        latest: dict[str | None, Party] = {}
        for dealing in self.dealings:
            for partner in dealing.partners(side):
                counts[key_of(partner)] += 1
                latest[key_of(partner)] = partner
        ranked = counts.most_common(2)
        if not ranked or ranked[0][1] < ENOUGH or (len(ranked) > 1 and ranked[0][1] < AHEAD * ranked[1][1]):
            return None
        most = latest[ranked[0][0]]
        return self._taken(most, "whom it deals with most") if is_state(most) else None

    def answered(self, source: Party, sentence: int, *, bare: bool) -> Party | None:
        """Return whom a party answers: who acted on it just before, else (`bare`) who acts in the sentence before that names it."""
        side = key_of(source)
        for dealing in reversed(self.dealings):
            if sentence - dealing.sentence > ANSWERED_NEAR:
                break
            done = {key_of(a): a for a, b in dealing.sides if key_of(b) == side and key_of(a) != side}
            if done:
                return self._taken(next(iter(done.values())), f"answers {dealing.word!r}") if len(done) == 1 else None
            if key_of(dealing.sides[0][0]) != side:
                break
        for before in range(sentence - 1, max(-1, sentence - 1 - ANSWERED_NEAR), -1) if bare else ():
            actor = self.subject(before)
            if actor is None or key_of(actor) is None:
                return None
            if key_of(actor) != side:
                named = self._is_named(side, before) and is_state(actor)
                return self._taken(actor, "acts in the sentence before") if named else None
        return None

    def opposite(self, party: Party, source: Party, sentence: int) -> Party:
        """Give "his counterpart" the country that its holder deals with, else the other one that was named last."""
        side = key_of(source)
        if party.actor is None or side is None or key_of(party) not in {None, side}:
            return party
        other = self.counterpart(source, sentence)
        country = other.actor.country if other is not None and other.actor is not None else None
        if country is None:
            end = bisect_left(self.countries, party.start, key=itemgetter(0))
            first = bisect_left(self.countries, self.starts[max(0, sentence - 1)], key=itemgetter(0))
            near = [named for _, named in self.countries[first:end] if named not in {None, side}]
            country = near[-1] if len(set(near)) == 1 else None
        actor = replace(party.actor, country=country)
        return replace(party, actor=actor, reason="passage: the other side" if country else party.reason)

    def subject(self, sentence: int) -> Party | None:
        """Return who acts in the main clause of a sentence."""
        if sentence not in self._subjects:
            root = self.sentences[sentence].root
            found = None
            if syntax.is_verb(root) and not syntax.is_passive(root):
                found = next((c for c in root.children if c.dep_ == "nsubj"), None)
            self._subjects[sentence] = source_party(found) if found is not None else None
        return self._subjects[sentence]

    def _is_named(self, country: str | None, sentence: int) -> bool:
        """Say whether a sentence names a country, or somebody of it."""
        end = self.starts[sentence + 1] if sentence + 1 < len(self.starts) else len(self.sentences[-1].doc.text)
        first = bisect_left(self.countries, self.starts[sentence], key=itemgetter(0))
        last = bisect_left(self.countries, end, key=itemgetter(0))
        return any(named == country for _, named in self.countries[first:last])

    def pair(self, start: int, sentence: int, near: int = JOINED_NEAR, *, lands: bool = False) -> list[Party]:
        """Return the two whom "the two leaders" at `start` means: those last named together, or last dealing with each other.

        `lands`: it is "the two countries", which need only have been told of as acting on one another.
        """
        best: tuple[int, Party, Party, str] | None = None
        for end, one, other in self._joined_before(start):
            if self._sentence_of(end) >= sentence - near:
                best = (end, one, other, "named together")
        for dealing in self.dealings:
            if dealing.at >= start or dealing.sentence < sentence - near:
                continue
            if not dealing.mutual and dealing.event_type != "CONSULT":
                continue
            ends = {key_of(p): p for pair in dealing.sides for p in pair if p is not None}
            if len(ends) == 2 and (best is None or dealing.at > best[0]):  # noqa: PLR2004 (a pair)
                one, other = ends.values()
                best = (dealing.at, one, other, f"both sides of {dealing.word!r}")
        if best is None:
            return (
                self._two_persons(start, sentence)
                or self._main_pair(start)
                or (self._last_pair(start, sentence) if lands else [])
            )
        return [self._taken(best[1], best[3]), self._taken(best[2], best[3])]

    def partner_named(self, party: Party, start: int, sentence: int) -> list[Party]:
        """Return the two whom "they" means, of whom grammar found only one: they were named together just before."""
        side = key_of(party)
        found: list[Party] = []
        for end, one, other in self._joined_before(start)[-1:]:
            both = {key_of(one), key_of(other)}
            first = bisect_left(self.countries, end, key=itemgetter(0))
            last = bisect_left(self.countries, start, key=itemgetter(0))
            apart = {country for _, country in self.countries[first:last]} - both - {None}
            if self._sentence_of(end) >= sentence - 1 and side in both and not apart:
                found = [self._taken(p, "named together") for p in (one, other)]
        return found

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
        for dealing in self.dealings:
            told += [
                (a, b) for a, b in dealing.sides if b is not None and key_of(a) != key_of(b) and dealing.at < start
            ]
        for one, other in told:
            both = frozenset({key_of(one), key_of(other)})
            counts[both] += 1
            latest[both] = (one, other)
        ranked = counts.most_common(2)
        if not ranked or ranked[0][1] < ENOUGH or (len(ranked) > 1 and ranked[0][1] < AHEAD * ranked[1][1]):
            return []
        return [self._taken(party, "the two who deal most") for party in latest[ranked[0][0]]]

    def _two_persons(self, start: int, sentence: int) -> list[Party]:
        """Return the only two persons named so far in a sentence, of two countries: "walked with Mr Kim before the two sat down"."""
        first = bisect_left(self.named, self.starts[sentence], key=attrgetter("start"))
        last = bisect_left(self.named, start, lo=first, key=attrgetter("start"))
        persons = {e.actor: e for e in self.named[first:last] if e.label == "PERSON"}
        parties = [Party(start=e.start, end=e.end, text=e.text, actor=e.actor) for e in persons.values()]
        if len(parties) != 2 or None in {key_of(p) for p in parties} or key_of(parties[0]) == key_of(parties[1]):  # noqa: PLR2004 (a pair)
            return []
        return [self._taken(party, "the two named before") for party in parties]

    def _last_pair(self, start: int, sentence: int) -> list[Party]:
        """Return the two of whom one was just told to act on the other: "visited Rabat. The two countries …"."""
        for dealing in reversed(self.dealings):
            if dealing.sentence < sentence - DEALT_NEAR:
                break
            ends = {key_of(p): p for pair in dealing.sides for p in pair if p is not None}
            if len(ends) == 2 and dealing.at < start:  # noqa: PLR2004 (a pair)
                return [self._taken(party, f"both sides of {dealing.word!r}") for party in ends.values()]
        return []

    def _taken(self, party: Party, why: str) -> Party:
        """Take a party over, by its last name where it was a pronoun."""
        if party.text.casefold() in PRONOUNS:
            last = bisect_right(self.named, party.start, key=attrgetter("start"))
            said = [e for e in self.named[max(0, last - KEPT) : last] if e.actor == party.actor]
            if said:
                party = replace(party, start=said[-1].start, end=said[-1].end, text=said[-1].text)
        return replace(party, reason=f"passage: {why}")

    def doers(self, token: Token, source: Party, sentence: int, *, judged: bool) -> list[Party]:
        """Return whose "the decision", "the attack", "the declaration" is: of who was last told to do such a thing.

        What is only judged ("called the step shameful") may be anything done, even where no event was read.
        """
        noun = noun_lemma(syntax.real_head(token))
        side = key_of(source)
        types = next((kinds for words, kinds in POINTED if not classes()[words].isdisjoint({noun})), None)
        named = frozenset(frame.event_type for frame in frames_of().get((noun, "noun"), ()) if frame.event_type != IDLE)
        loose = judged and (token.lower_ in judgements().deeds or token.lower_ in PRONOUNS)
        if types is None and not named and not loose:
            return []
        wanted = _Wanted(side, types, types or named, loose=loose, state=is_state(source))
        whose = self._whose(wanted, sentence)
        if whose is not None:
            return whose
        if loose and types not in {SIGNED, ANSWERED} and sentence:  # "sold its shares. X called the step shameful"
            actor = self.subject(sentence - 1)
            if actor is not None and key_of(actor) not in {None, side} and wanted.state and is_state(actor):
                return [self._taken(actor, "acts in the sentence before")]
        return []

    def _whose(self, wanted: _Wanted, sentence: int) -> list[Party] | None:
        """Return who was told to have done what a noun points back to; none where several were, None where nobody was."""
        others: dict[str | None, Party] = {}
        far: list[tuple[list[Party], set[str | None]]] = []
        for dealing in reversed(self.dealings):
            back = sentence - dealing.sentence
            if back > JOINED_NEAR:
                break
            fits = dealing.event_type in wanted.fitting
            acted = wanted.acted(dealing)
            if not acted:
                continue
            if not fits:
                if wanted.loose and back <= DEALT_NEAR and dealing.event_type not in SAID:
                    others.update((key, party) for key, party in acted.items() if key not in others)
                continue
            if len(acted) > 1 and not dealing.mutual:
                return []
            taken = [self._taken(party, f"of {dealing.word!r}") for party in acted.values()]
            if back <= POINTED_NEAR:
                return taken
            far.append((taken, set(acted)))
        if len(far) >= ENOUGH:  # long ago: only if all that was told of the kind was done by the same
            return far[0][0] if all(keys == far[0][1] for _, keys in far) else []
        if len(others) == 1:
            return [self._taken(party, "who did the last thing told") for party in others.values()]
        return [] if others else None

    def _sentence_of(self, at: int) -> int:
        return bisect_right(self.starts, at) - 1


def _goes_on(told: str, event_type: str | None) -> bool:
    """Say whether an act may go on from what was told: who negotiates agrees, but who was shot at asks somebody else."""
    return event_type is None or event_type == "THREATEN" or told in NEGOTIATING


def is_state(party: Party) -> bool:
    """Say whether a party is a state, its government, its forces or rebels: who deals with other states."""
    actor = party.actor
    if actor is not None and not actor.sectors and actor.id is None and actor.name is not None:
        return False  # a person of whom only the country is known
    sectors = actor.sectors if actor is not None else ()
    return not sectors or sectors[0] in STATES
