"""Say how probable it is that an event's type is right: log-odds added up by the shape of its reading."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from dateline.annotate.events.reading import Reading
from dateline.annotate.events.tables import rows_of

TABLE = Path(__file__).parents[1] / "data" / "events" / "confidence.tsv"
FEATURES = ("base", "both_sides", "specific", "composed", "unsure", "noun", "no_source")
MOST_SPECIFIC = 2  # conditions of a frame that count


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


def features(reading: Reading, has_source: bool, has_target: bool) -> list[float]:  # noqa: FBT001 (two plain facts)
    """Return the shape of a reading as numbers, in order of FEATURES."""
    return [
        1.0,
        float(has_source and has_target),
        float(min(reading.specific, MOST_SPECIFIC)),
        float(len(reading.chain) - 1),
        float(reading.modality != "asserted"),
        float(reading.frame.pos == "noun"),
        float(not has_source),
    ]


def confidence_of(reading: Reading, has_source: bool, has_target: bool) -> float:  # noqa: FBT001 (two plain facts)
    """Return the probability that the type is right."""
    odds = sum(w * x for w, x in zip(weights(), features(reading, has_source, has_target), strict=True))
    return round(1 / (1 + math.exp(-odds)), 3)
