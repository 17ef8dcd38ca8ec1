"""Hold what was read at one predicate, still as tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from dateline.annotate.events.frames import Frame
from dateline.types import Modality, Tense


@dataclass(slots=True)
class Reading:
    """Hold what was read at one predicate, still as tokens."""

    event_type: str
    mode: str | None
    cameo: str
    trigger: list[Token]
    sources: list[Token]
    targets: list[Token]
    both: bool
    frame: Frame
    chain: list[str]  # frame id, then each composition, innermost first
    modality: Modality = "asserted"
    negated: bool = False
    tense: Tense | None = None
    clause: Token | None = None  # the verb that times and places hang on
    used: set[int] = field(default_factory=set)  # tokens that are part of this reading and start none of their own
    inner: Reading | None = None
    why: dict[str, str] = field(default_factory=dict)  # for `--explain`
    times: set[int] = field(
        default_factory=set
    )  # tokens whose time is this event's: not that of what was only cancelled
    specific: int = 0  # conditions of the frame that were met
    about: list[Token] = field(default_factory=list)  # what a judgement is of, where it is no party
    probable: float | None = None  # how probable the network finds the type, where it and no frame read the word
    opinion: float | None = None  # how probable the network finds the type that a frame read
