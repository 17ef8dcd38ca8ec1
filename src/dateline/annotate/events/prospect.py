"""Say of a reading whether its act is told of the past, is only planned, or was called off."""

from __future__ import annotations

from dateline.annotate.events.reading import Reading

CALLED_OFF = frozenset({"cancel", "refuse", "abandon", "forbid"})  # outer predicates: the act inside did not take place
PLANS = frozenset({"plan", "willing", "offer", "promise", "agree"})
AHEAD = PLANS | {"threaten", "ask", "ask.for", "accept"}


def not_gone(reading: Reading) -> bool:
    """Say whether an act is only the calling off, refusing or planning of one: that one has no place.

    A plan with a time of its own ("will travel to Paris next week") is placed where it is to be.
    """
    return reading.chain[-1].partition("(")[0] in CALLED_OFF


def _steps_of(reading: Reading) -> set[str]:
    return {step.partition("(")[0] for step in reading.chain[1:]}


def is_plan(reading: Reading) -> bool:
    """Say whether the outermost predicate of a reading only plans or promises its act."""
    return len(reading.chain) > 1 and reading.chain[-1].partition("(")[0] in PLANS


def is_ahead(reading: Reading) -> bool:
    """Say whether what was said in the past speaks of something still to come: its time may be ahead."""
    return bool(_steps_of(reading) & AHEAD) or (reading.inner is not None and bool(_steps_of(reading.inner) & AHEAD))


def told_as_past(reading: Reading) -> bool:
    """Say whether a clause tells of what has been: asserted, and in a past tense."""
    return reading.modality in {"asserted", "historical", "denied"} and reading.tense == "past"
