"""Load the frames: which word, in which construction, tells of which type of event, and where its two sides stand.

One table a type, `data/frames/<TYPE>.tsv`, and `NONE.tsv`: senses that tell of no event ("ran against the governor"), which win over all
others where their conditions are met, and of which the network is not asked. Columns:

    words     a lemma, alternatives by `|`, then particle or preposition and its noun: `pull out`, `go on strike`
    pos       verb or noun
    needs     what must be there: `obj:@talks` (object in a class), `to:@place`, `obj` (any object), `!obj` (none),
              `!clause:@festive` (nothing of the class there),
              `obj:~@ball` (object not in the class), `in|on|at` (any of these prepositions), `aim` (a target must be
              found); several by blank. Places: obj subj oprd acomp mod poss comp xcomp clause, neg (the verb is negated),
              bare ("in protest": a noun behind "in" alone), held (talks told in passing to have been held), speaker, prepositions, and one inside another (`obj.of`); iobj is no condition
    source    grammatical places tried in order: subj obj iobj, a preposition, poss, mod, obj.<place>, comp.subj,
              speaker (who says the clause), holder (who has, or acts at, what a noun names), doer (the subject of
              the verb above a noun), partners (such subjects, who can act)
    target    the same; `both` makes the event reciprocal
    mode cameo
    example   a sentence of ours; reads: what must be read in it, `SOURCE > TARGET`, with `modality:` or `TYPE` before it where
              it is not the row's own
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import get_args

from dateline.annotate.events.tables import DATA, EMPTY, Row, classes, data_text, goldstein, read_rows
from dateline.types import EventType

COLUMNS = ("words", "pos", "needs", "source", "target", "mode", "cameo", "example", "reads")
MODES: dict[str, frozenset[str]] = {
    "AGREE": frozenset(),
    "CONSULT": frozenset({"visit", "third-party", "multilateral", "phone"}),
    "SUPPORT": frozenset(),
    "CONCEDE": frozenset(),
    "COOPERATE": frozenset(),
    "AID": frozenset(),
    "RETREAT": frozenset({"withdraw", "release", "return", "disarm", "ceasefire", "access", "resign"}),
    "REQUEST": frozenset({"assist", "change", "yield", "meet"}),
    "ACCUSE": frozenset({"disapprove", "investigate", "allege"}),
    "REJECT": frozenset({"assist", "change", "yield", "meet"}),
    "THREATEN": frozenset({"restrict", "ban", "arrest", "relations", "rights", "expel", "territory", "violence"}),
    "PROTEST": frozenset({"demo", "riot", "strike", "hunger", "boycott", "obstruct"}),
    "SANCTION": frozenset({"convict", "expel", "withdraw", "discontinue"}),
    "MOBILIZE": frozenset({"troops", "weapons", "police", "militia"}),
    "COERCE": frozenset(
        {"seize", "restrict", "ban", "censor", "curfew", "arrest", "deport", "withhold", "misinformation", "cyber"}
    ),
    "ASSAULT": frozenset(
        {"abduct", "beat", "torture", "execute", "sexual", "assassinate", "destroy", "primitive", "firearms", "explosives",
         "suicide-attack", "aerial", "drone", "heavy-weapons", "crowd-control", "cleansing", "massacre", "unconventional"}
    ),
}  # fmt: skip
TYPES = tuple(get_args(EventType))
IDLE = "NONE"  # the table of senses that tell of no event
# places of a condition that have nothing inside them
WHOLE = frozenset({"aim", "bare", "clause", "comp", "held", "neg", "xcomp"})
PLACES = WHOLE | {"obj", "subj", "oprd", "acomp", "mod", "poss", "speaker"}
PREPOSITIONS = frozenset({
    "about", "above", "across", "after", "against", "ahead", "along", "alongside", "amid", "among", "around", "as",
    "at", "away", "before", "behind", "below", "beneath", "beside", "between", "beyond", "by", "concerning",
    "despite", "down", "during", "for", "from", "in", "inside", "into", "near", "of", "off", "on", "onto", "out",
    "outside", "over", "past", "per", "round", "since", "through", "throughout", "till", "to", "toward", "towards",
    "under", "until", "up", "upon", "via", "with", "within", "without",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """Be one condition of a frame: a place, and the class or words that its noun must (not) be of."""

    place: str  # obj, a preposition, or "aim"
    words: frozenset[str] | None  # None: anything there
    absent: bool = False  # the place must be empty
    unlike: bool = False  # the noun must not be one of `words`


@dataclass(frozen=True, slots=True)
class Frame:
    """Be one sense of one word."""

    id: str
    words: tuple[str, ...]
    pos: str
    needs: tuple[Need, ...]
    source: tuple[str, ...]
    target: tuple[str, ...]
    both: bool
    event_type: str
    mode: str | None
    cameo: str
    example: str
    reads: str
    table: str
    line: int


@cache
def frames() -> tuple[Frame, ...]:
    """Load all frames. Raises RulesError, naming the line, where one is wrong."""
    found: list[Frame] = []
    for name in (IDLE, *TYPES):
        table = f"{name}.tsv"
        found += parse_frames(data_text("frames", table), name, table)
    return tuple(found)


@cache
def frames_of() -> dict[tuple[str, str], tuple[Frame, ...]]:
    """Return the frames by first word and part of speech."""
    index: dict[tuple[str, str], list[Frame]] = {}
    for frame in frames():
        index.setdefault((frame.words[0], frame.pos), []).append(frame)
    return {key: tuple(group) for key, group in index.items()}


def tables_exist() -> list[str]:
    """Return the names of the frame tables that are there."""
    return sorted(node.name for node in (DATA / "frames").iterdir() if node.name.endswith(".tsv"))


def parse_frames(text: str, event_type: str, table: str) -> list[Frame]:
    """Read one table; a row with alternatives gives one frame each."""
    found: list[Frame] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in read_rows(text, table, COLUMNS):
        for words in alternatives(row):
            key = (words, row["pos"], row["needs"])
            if key in seen:
                raise row.wrong(f"the sense {' '.join(words)!r} stands on line {seen[key]} already")
            seen[key] = row.line
            found.append(_frame(row, words, event_type))
    return found


def alternatives(row: Row) -> list[tuple[str, ...]]:
    """Return the senses that a `words` cell writes: every choice of alternatives."""
    first, *rest = row["words"].split()
    made: list[tuple[str, ...]] = [(word,) for word in first.split("|") if word]
    for part in rest:
        made = [(*words, choice) for words in made for choice in part.split("|")]
    if not made:
        raise row.wrong("no word")
    return made


def _frame(row: Row, words: tuple[str, ...], event_type: str) -> Frame:
    if row["pos"] not in {"verb", "noun"}:
        raise row.wrong(f"part of speech must be verb or noun, not {row['pos']!r}")
    mode = row["mode"] or None
    if event_type == IDLE and (mode or row["cameo"] or row["source"] or row["target"]):
        raise row.wrong("what tells of no event has no mode, no code and no sides")
    if mode is not None and mode not in MODES[event_type]:
        raise row.wrong(f"{event_type} has no mode {mode!r}; it has {', '.join(sorted(MODES[event_type])) or 'none'}")
    if event_type != IDLE and row["cameo"][:3] not in goldstein():
        raise row.wrong(f"no CAMEO code {row['cameo']!r}")
    if not row["example"]:
        raise row.wrong("an example sentence is wanted")
    if ">" not in row["reads"]:
        raise row.wrong("reads must be SOURCE > TARGET")
    source, target, both = sides_of(row)
    return Frame(
        id=f"{'_'.join(words)}.{row['pos'][0]}/{event_type}:{row.line}",
        words=words,
        pos=row["pos"],
        needs=tuple(parse_need(row, part) for part in row["needs"].split()),
        source=source,
        target=target,
        both=both,
        event_type=event_type,
        mode=mode,
        cameo=row["cameo"],
        example=row["example"],
        reads=row["reads"],
        table=row.table,
        line=row.line,
    )


def sides_of(row: Row) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Return where a row looks for source and target, and whether what it tells of goes both ways."""
    source, target = (tuple(part for part in row[side].split(",") if part) for side in ("source", "target"))
    return source, tuple(part for part in target if part != "both"), "both" in target


def parse_need(row: Row, text: str) -> Need:
    """Read one condition. Raises RulesError where its place is none that can be looked at: it could never be met."""
    absent = text.startswith("!")
    place, _, rest = text.removeprefix("!").partition(":")
    for choice in place.split("|"):
        _check_place(row, choice)
    if not rest:
        if place == "clause":
            raise row.wrong("clause needs its words")
        return Need(place, None, absent=absent)
    if "|" in place:
        raise row.wrong(f"{place!r} cannot have words: one place for each condition")
    unlike = rest.startswith("~")
    words: set[str] = set()
    for part in rest.removeprefix("~").split("|"):
        if part.startswith("@"):
            if part[1:] not in classes():
                raise row.wrong(f"no class {part}")
            words |= classes()[part[1:]]
        else:
            words.add(part)
    return Need(place, frozenset(words), absent=absent, unlike=unlike)


def _check_place(row: Row, place: str) -> None:
    """Raise RulesError where a condition names a place that is never looked at."""
    base, dot, rest = place.partition(".")
    if (base not in PLACES and base not in PREPOSITIONS) or (dot and (base in WHOLE or rest in WHOLE)):
        raise row.wrong(f"no place {place!r} for a condition; there are {', '.join(sorted(PLACES))} and prepositions")
    if dot:
        _check_place(row, rest)


__all__ = [
    "COLUMNS",
    "EMPTY",
    "IDLE",
    "MODES",
    "TYPES",
    "Frame",
    "Need",
    "alternatives",
    "frames",
    "frames_of",
    "parse_frames",
    "tables_exist",
]
