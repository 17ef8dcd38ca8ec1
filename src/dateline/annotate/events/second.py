"""Read a second time where the frames read nothing: a network says what type a word tells of, and who and whom.

The network points at the sides in the sentence; where it is unsure they stand where most frames of the type look for them.
Modality, tense, time and place are found as for any other reading. `confidence` is the network's own probability of the type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Span, Token

from dateline.annotate.events import network, syntax
from dateline.annotate.events.frames import TYPES, Frame, sides_of
from dateline.annotate.events.matching import plain
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.status import apply_status, is_negated
from dateline.annotate.events.tables import goldstein, rows_of
from dateline.types import Modality

TABLE = "second.tsv"
TELLING = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "NN", "NNS", "JJ"})
HINT = 0.3  # probability, from the word alone, from which it is worth asking
FAINT = 0.05  # probability, likewise, below which a word is not asked about
LEAST = 0.6  # probability that a word tells of an event at all
LEAST_TYPE = 0.5  # probability that it is the type said
LEAST_OF = {"CONSULT": 0.8}  # a meeting that is only to come, or named, is none that was held
POINTED = 0.4  # probability of a side from which the network is believed against grammar
NAMELESS = 0.9  # probability that nobody is named, likewise
OTHERWISE = 0.5  # probability of a status from which grammar's "asserted" gives way
MODALITY: dict[str, Modality] = {
    "negated": "asserted",
    "planned": "planned",
    "unreal": "hypothetical",
    "denied": "denied",
    "historical": "historical",
}
NOTHING = "-"  # the outcome of a word that tells of no event
OPINIONS = "dateline_opinions"  # in a document's user data


@cache
def second_frames() -> dict[tuple[str, str], Frame]:
    """Load where the sides of each type stand, by type and part of speech. Raises RulesError where a line is wrong."""
    found: dict[tuple[str, str], Frame] = {}
    row = None
    for row in rows_of(TABLE, ("type", "pos", "source", "target", "cameo")):
        name, pos = row["type"], row["pos"]
        if name not in TYPES or pos not in {"verb", "noun"}:
            raise row.wrong(f"no type {name}, or no part of speech {pos}")
        if row["cameo"] not in goldstein():
            raise row.wrong(f"no CAMEO code {row['cameo']}")
        found[name, pos] = Frame(
            f"second/{name}", ("second",), pos, (), *sides_of(row), name, None, row["cameo"], "", "", TABLE, row.line
        )
    if row is not None and len(found) != 2 * len(TYPES):
        raise row.wrong("each type needs a line as a verb and one as a noun")
    return found


def may_tell(token: Token) -> bool:
    """Say whether a word is of a kind that can tell of an event: verb, common noun or adjective."""
    return token.tag_ in TELLING


@dataclass(frozen=True, slots=True)
class Opinion:
    """Hold what the network says of one word. types: by name, "-" is no event; statuses: by name; places: of words in the text."""

    at: int
    types: dict[str, float]
    statuses: dict[str, float]
    nobody: tuple[float, float]  # how probable it is that the sentence names no source, no target
    sides: tuple[tuple[int, float], tuple[int, float]]  # the likeliest source and target

    @property
    def any_event(self) -> float:
        """Return how probable it is that the word tells of an event."""
        return 1 - self.types[NOTHING]

    @property
    def event_type(self) -> str:
        """Return the likeliest type."""
        return max(self.types, key=lambda name: self.types[name] if name != NOTHING else -1.0)


def opinions(sentence: Span) -> dict[int, Opinion]:
    """Return what the network says of the words of a sentence that can tell of an event, by their places; asked once a sentence."""
    known: dict[int, dict[int, Opinion]] = sentence.doc.user_data.setdefault(OPINIONS, {})
    found = known.get(sentence.start)
    if found is None:
        found = known[sentence.start] = _ask(sentence)
    return found


def _hinted(sentence: Span, least: float) -> Iterator[Token]:
    """Yield the words of a sentence that may tell of an event, as far as the words alone show."""
    return (t for t in sentence if may_tell(t) and network.hint(t.text) >= least)


def _ask(sentence: Span) -> dict[int, Opinion]:
    words, asked = list(sentence), list(_hinted(sentence, FAINT))
    if not asked:
        return {}
    answers = network.ask([t.text for t in words], [t.i - sentence.start for t in asked])
    best = answers.sides[:, :, 1:].argmax(-1).tolist()
    nobody = answers.sides[:, :, 0].tolist()
    found = {}
    for n, token in enumerate(asked):
        source, target = (
            (sentence.start + best[n][side], float(answers.sides[n, side, 1 + best[n][side]])) for side in range(2)
        )
        found[token.i] = Opinion(
            token.i,
            dict(zip(network.outcomes(), answers.types[n].tolist(), strict=True)),
            dict(zip(network.STATUSES, answers.statuses[n].tolist(), strict=True)),
            (nobody[n][0], nobody[n][1]),
            (source, target),
        )
    return found


def second_readings(sentence: Span, used: set[int]) -> list[Reading]:
    """Return the readings of words that no reading of the sentence has used, the most probable first."""
    if all(t.i in used for t in _hinted(sentence, HINT)):
        return []
    free = [opinion for at, opinion in opinions(sentence).items() if at not in used]
    found: list[Reading] = []
    for opinion in sorted(free, key=lambda one: (-one.any_event, one.at)):
        if opinion.any_event < LEAST:
            break
        token, event_type = sentence.doc[opinion.at], opinion.event_type
        ahead = opinion.statuses["planned"] >= OTHERWISE
        if opinion.types[event_type] < (LEAST_TYPE if ahead else LEAST_OF.get(event_type, LEAST_TYPE)):
            continue
        if any(mark.lower_ == "whether" for clause in token.children for mark in clause.lefts):
            continue  # who asks or doubts whether does nothing
        frame = second_frames()[event_type, "verb" if syntax.is_verb(token) else "noun"]
        status = max(opinion.statuses, key=lambda name: opinion.statuses[name])
        reading = _with_sides(plain(token, frame, 0), opinion)
        if event_type != "REJECT" or not _is_refused(token):
            reading = apply_status(reading, token)
        if (
            reading.modality == "asserted"
            and not reading.negated
            and (len(reading.chain) == 1 or status == "planned")  # "is to be rescheduled" is no agreement yet
            and opinion.statuses[status] >= OTHERWISE
            and status != "asserted"
        ):
            reading.modality = MODALITY[status]
            reading.negated = status == "negated"
            reading.why["modality"] = f"the network finds it {status} at {opinion.statuses[status]:.2f}"
        reading.probable = opinion.types[event_type]
        reading.why["type"] = f"no frame reads it; the network finds {event_type} at {reading.probable:.2f}"
        found.append(reading)
    return found


def _is_refused(verb: Token) -> bool:
    """Say whether a "not" is the refusal itself: "will not come"; "has not answered" may be told of no refusal."""
    return is_negated(verb) and any(c.tag_ == "MD" for c in verb.lefts)


def _named(noun: Token) -> Token:
    """Return the name that an apposition speaks of: of "Ana Pinto, the former premier" the name says more."""
    return noun.head if noun.dep_ == "appos" and noun.head.ent_type_ == "PERSON" else noun


def _with_sides(reading: Reading, opinion: Opinion) -> Reading:
    """Put the parties that the network points at in the place of those that grammar found."""
    for side, name in enumerate(("sources", "targets")):
        at, probable = opinion.sides[side]
        if probable >= POINTED:
            setattr(reading, name, syntax.with_conjuncts(_named(reading.trigger[0].doc[at])))
        elif opinion.nobody[side] >= NAMELESS:
            setattr(reading, name, [])
    own = {t.i for t in reading.sources}
    reading.targets = [t for t in reading.targets if t.i not in own]  # nobody does it to himself
    return reading
