"""Say how probable it is that an event's type is right: log-odds added up by the shape of its reading.

Where the second reader found the event, its network says so itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dateline.annotate.events.reading import Reading
from dateline.annotate.events.tables import rows_of

TABLE = Path(__file__).parents[1] / "data" / "events" / "confidence.tsv"
FEATURES = ("base", "both_sides", "specific", "composed", "unsure", "noun", "no_source", "headline", "lead", "network")
MOST_SPECIFIC = 2  # conditions of a frame that count
SUREST = 4.0  # log-odds of the network beyond which it says no more
SURE = 0.985  # no event is surer: so often those were right of which nothing spoke against the type
LEAD = 3  # sentences with which a report tells what it reports


@cache
def weights() -> tuple[float, ...]:
    """Load the weights, in order of FEATURES. Raises RulesError where one is missing or no number."""
    found: dict[str, float] = {}
    row = None
    for row in rows_of("confidence.tsv", ("feature", "weight")):
        try:
            found[row["feature"]] = float(row["weight"])
        except ValueError:
            raise row.wrong("a weight is a number") from None
    if row is not None and set(found) != set(FEATURES):
        raise row.wrong("the features must be " + ", ".join(FEATURES))
    return tuple(found[name] for name in FEATURES)


@dataclass(frozen=True, slots=True)
class Setting:
    """Say how an event stands in its text."""

    has_source: bool
    has_target: bool
    headline: tuple[str, ...] = ()  # event types that the headline tells of
    sentence: int | None = None  # None where the text is no article


def features(reading: Reading, setting: Setting) -> list[float]:
    """Return the shape of a reading and its setting as numbers, in order of FEATURES."""
    return [
        1.0,
        float(setting.has_source and setting.has_target),
        float(min(reading.specific, MOST_SPECIFIC)),
        float(len(reading.chain) - 1),
        float(reading.modality != "asserted"),
        float(reading.frame.pos == "noun"),
        float(not setting.has_source),
        float(reading.event_type in setting.headline),
        float(setting.sentence is not None and setting.sentence < LEAD),
        _log_odds(reading.opinion),
    ]


def _log_odds(probable: float | None) -> float:
    """Return the log-odds of a probability, 0 where it is not known."""
    if probable is None:
        return 0.0
    least = 1 / (1 + math.exp(SUREST))
    probable = min(max(probable, least), 1 - least)
    return math.log(probable / (1 - probable))


def confidence_of(reading: Reading, setting: Setting) -> float:
    """Return the probability that the type is right."""
    if reading.probable is not None:
        return round(min(reading.probable, SURE), 3)
    odds = sum(w * x for w, x in zip(weights(), features(reading, setting), strict=True))
    return round(min(1 / (1 + math.exp(-odds)), SURE), 3)
