"""Say how probable it is that an event's type is right."""

from __future__ import annotations

import math

from dateline.annotate.events.reading import Reading

BASE = 1.1  # log-odds of a plain frame with one side known; fitted on our own sentences (docs/codebook.md)
BOTH_SIDES = 0.5
SPECIFIC = 0.25  # a condition of the frame that was met, up to two
COMPOSED = -0.2  # each outer predicate
UNSURE = -0.6  # any status but asserted


def confidence_of(reading: Reading, has_source: bool, has_target: bool) -> float:  # noqa: FBT001 (two plain facts)
    """Return the probability that the type is right."""
    odds = BASE + BOTH_SIDES * (has_source and has_target) + SPECIFIC * min(reading.specific, 2)
    odds += COMPOSED * (len(reading.chain) - 1)
    if reading.modality != "asserted":
        odds += UNSURE
    return round(1 / (1 + math.exp(-odds)), 3)
