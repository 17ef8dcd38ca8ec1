"""Read a second time where the frames read nothing: a network says what type a word tells of, and grammar who and whom.

The network knows the type only. The sides stand where most frames of the type look for them; modality, tense, time and place
are found as for any other reading. `confidence` is the network's own probability of the type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from spacy.tokens import Span, Token

from dateline.annotate.events import network, syntax
from dateline.annotate.events.frames import TYPES, Frame, sides_of
from dateline.annotate.events.matching import plain
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.status import apply_status
from dateline.annotate.events.tables import goldstein, rows_of

TABLE = "second.tsv"
TELLING = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "NN", "NNS", "JJ"})
HINT = 0.5  # probability, from the word alone, from which it is worth asking
LEAST = 0.55  # probability that a word tells of an event at all
LEAST_TYPE = 0.45  # probability that it is the type said


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


def probabilities(sentence: Span) -> Iterator[tuple[Token, dict[str, float]]]:
    """Yield the words that can tell of an event, each with how probable each type is."""
    tokens = [t for t in sentence if may_tell(t)]
    if tokens:
        answers = network.ask([t.text for t in sentence], [t.i - sentence.start for t in tokens])
        for token, row in zip(tokens, answers, strict=True):
            yield token, dict(zip(network.outcomes()[1:], row[1:].tolist(), strict=True))


def second_readings(sentence: Span, used: set[int], kept: Iterable[Reading]) -> list[Reading]:
    """Return the readings of words that no reading of the sentence has used, the most probable first."""
    if not any(may_tell(t) and t.i not in used and network.hint(t.text) >= HINT for t in sentence):
        return []
    free = [(t, types, sum(types.values())) for t, types in probabilities(sentence) if t.i not in used]
    told = [reading.trigger[0] for reading in kept]
    found: list[Reading] = []
    for token, types, any_event in sorted(free, key=lambda one: (-one[2], one[0].i)):
        if any_event < LEAST:
            break
        if any(_is_near(token, other) for other in told):
            continue
        event_type = max(types, key=lambda name: types[name])
        if types[event_type] < LEAST_TYPE:
            continue
        frame = second_frames()[event_type, "verb" if syntax.is_verb(token) else "noun"]
        reading = apply_status(plain(token, frame, 0), token)
        reading.probable = types[event_type]
        reading.why["type"] = f"no frame reads it; the network finds {event_type} at {types[event_type]:.2f}"
        told.append(token)
        found.append(reading)
    return found


def _is_near(token: Token, other: Token) -> bool:
    """Say whether one of two words hangs on the other."""
    return token.head.i == other.i or other.head.i == token.i
