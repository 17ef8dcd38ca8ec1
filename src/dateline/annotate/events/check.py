"""Run the example sentence of every frame and outer predicate, and say which is not read as its row says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language

from dateline.annotate.events.frames import IDLE, MODES, frames
from dateline.annotate.events.outer import MODALITIES, outers
from dateline.annotate.layers import layers_of
from dateline.errors import RulesError
from dateline.types import EventMention, Party

BATCH = 64


@dataclass(frozen=True, slots=True)
class Example:
    """Be one example sentence and what must be read in it."""

    table: str
    line: int
    sentence: str
    event_type: str | None  # None: any
    mode: str | None  # None: any
    modality: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Say that an example was not read as its row says, and what was read instead."""

    example: Example
    got: tuple[str, ...]


def examples() -> Iterator[Example]:
    """Yield every example once. Raises RulesError where a `reads` cell cannot be understood."""
    seen: set[tuple[str, int]] = set()
    for frame in frames():
        if (frame.table, frame.line) not in seen:
            seen.add((frame.table, frame.line))
            yield _example(frame.table, frame.line, frame.example, frame.reads, frame.event_type, frame.mode)
    for outer in outers():
        if outer.example and ("outer.tsv", outer.line) not in seen:
            seen.add(("outer.tsv", outer.line))
            yield _example("outer.tsv", outer.line, outer.example, outer.reads, None, None)


def _example(table: str, line: int, sentence: str, reads: str, event_type: str | None, mode: str | None) -> Example:  # noqa: PLR0917
    words, source, target = parts_of(reads)
    modality = "asserted"
    for word in words:
        if word in MODALITIES:
            modality = word
        elif word in MODES:
            event_type, mode = word, None
        else:
            raise RulesError(f"{word!r} is neither a type nor a modality", table=table, line=line)
    if ">" not in reads:
        raise RulesError("reads must be SOURCE > TARGET", table=table, line=line)
    return Example(table, line, sentence, event_type, mode, modality, source, target)


def parts_of(reads: str) -> tuple[list[str], str, str]:
    """Return what a `reads` cell says must be read: the words before its colon (type, modality), source and target."""
    before, _, rest = reads.rpartition(":")
    source, _, target = (part.strip() for part in rest.partition(">"))
    return before.split(), source, target


def failures(nlp: Language) -> list[Failure]:
    """Read all examples and return those that were not read as wanted."""
    wanted = list(examples())
    docs = nlp.pipe((example.sentence for example in wanted), batch_size=BATCH)
    found: list[Failure] = []
    for example, doc in zip(wanted, docs, strict=True):
        events = layers_of(doc).events
        if example.event_type == IDLE:
            right = not any(event.modality == "asserted" and not event.negated for event in events)
        else:
            right = any(_fits(example, event) for event in events)
        if not right:
            found.append(Failure(example, tuple(_shown(event) for event in events)))
    return found


def _fits(example: Example, event: EventMention) -> bool:
    return (
        example.event_type in {None, event.event_type}
        and (example.mode is None or event.mode == example.mode)
        and event.modality == example.modality
        and _side(example.source, event.source)
        and _side(example.target, event.target)
    )


def _side(wanted: str, party: Party | None) -> bool:
    if wanted == "-":
        return True  # nothing is asked of a side that the example does not name
    return party is not None and wanted.casefold() in party.text.casefold()


def _shown(event: EventMention) -> str:
    source = event.source.text if event.source else "-"
    target = event.target.text if event.target else "-"
    mode = f"/{event.mode}" if event.mode else ""
    return f"{event.event_type}{mode} {event.modality}: {source} > {target} ({event.frame})"
