"""Find the named mentions of a text: spaCy's, cleaned, and the registry's, each with whom it means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Doc

from dateline.annotate.actors.lexicon import Lexicon
from dateline.annotate.actors.naming import choose
from dateline.annotate.actors.normal import Word, words_of
from dateline.annotate.actors.organisations import read_organisation
from dateline.annotate.actors.registry import Match, Registry
from dateline.annotate.actors.whereabouts import load_gazette
from dateline.types import Actor, EntityMention

NAMES = frozenset(
    ("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE")
)  # spaCy's other labels are times and numbers
_WHOLE = frozenset(("ORG", "FAC", "EVENT", "WORK_OF_ART", "LAW", "PRODUCT", "LOC"))  # may hold another name inside
_OPENERS = frozenset("the a an this that these those his her its their our my your".split())
_TRAILING = "\"'“”‘’.,;:!?()[]«»-–—… \u00a0\n\t"
_BREAK = re.compile(r"\n|/(?=[A-Z])")
_ALIKE = {"state": "GPE", "capital": "GPE", "adjective": "NORP", "people": "NORP"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Mark a stretch that spaCy takes for a name."""

    start: int
    end: int
    label: str


def find_mentions(doc: Doc, registry: Registry, lexicon: Lexicon, day: date | None) -> list[EntityMention]:
    """Return all named mentions of `doc`, sorted, never overlapping."""
    text = doc.text
    words = words_of(text)
    pieces = [
        piece
        for ent in doc.ents
        if ent.label_ in NAMES
        for piece in clean(text, ent.start_char, ent.end_char, ent.label_)
        if not _part_of_title(text, piece)
    ]
    matches = registry.matches(words)
    hints = state_hints(matches)
    full = _full_names(text, pieces)
    known = [
        mention
        for match in matches
        if (mention := _known(match, words, text, pieces, full, registry, hints, day, lexicon)) is not None
    ]
    return _merge(text, known, pieces, lexicon, registry, hints, day)


def state_hints(matches: Sequence[Match]) -> Counter[str]:
    """Count the countries that are named, by any of their names."""
    counts: Counter[str] = Counter()
    for match in matches:
        first = match.candidates[0]
        if first.actor.kind == "state" and first.alias.form != "short" and first.actor.country:
            counts[first.actor.country] += 1
    return counts


def clean(text: str, start: int, end: int, label: str) -> list[Piece]:
    """Cut articles, possessives and marks off a name, and cut it where a line ends."""
    pieces = []
    for part in _lines(text, start, end):
        first, last = part
        while last > first and (text[last - 1] in _TRAILING or text[last - 2 : last] in ("'s", "’s")):
            if text[last - 1] == "." and _abbreviated(text, first, last):
                break
            last -= 2 if text[last - 2 : last] in ("'s", "’s") else 1
        first = _past_opener(text, first, last)
        if first < last and _is_name(text[first:last]):
            pieces.append(Piece(first, last, label))
    return pieces


def _past_opener(text: str, first: int, last: int) -> int:
    """Return where a name begins behind its article and marks."""
    while first < last:
        if text[first] in _TRAILING:
            first += 1
            continue
        opener = text[first:last].split(" ", 1)
        if len(opener) == 1 or opener[0].casefold() not in _OPENERS or not opener[1][:1].strip():
            break
        first += len(opener[0]) + 1
    return first


def _is_name(piece: str) -> bool:
    """Say whether it can be a name at all: some capital or figure; the rest of a verb ("n't") is none."""
    return any(char.isupper() or char.isdigit() for char in piece)


def _part_of_title(text: str, piece: Piece) -> bool:
    """Say whether it is the "State" of "Secretary of State"."""
    return text[max(0, piece.start - len("secretary of ")) : piece.end].casefold() == "secretary of state"


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a name where a line ends, and credits ("AP Photo/Jane Doe") at the slash."""
    parts, at = [], start
    for line in _BREAK.split(text[start:end]):
        parts.append((at, at + len(line)))
        at += len(line) + 1
    return parts


def _abbreviated(text: str, first: int, last: int) -> bool:
    """Say whether the last full stop belongs to the name: U.S., Jr., Inc."""
    word = text[first:last].rsplit(" ", 1)[-1]
    return "." in word[:-1] or word in ("Jr.", "Sr.", "Inc.", "Co.", "Ltd.", "Corp.")


def _full_names(text: str, pieces: Sequence[Piece]) -> dict[str, str]:
    """Return full names of persons by their last word."""
    full: dict[str, str] = {}
    for piece in pieces:
        name = text[piece.start : piece.end]
        if piece.label == "PERSON" and " " in name:
            full.setdefault(name.rsplit(" ", 1)[-1].casefold(), name)
    return full


def _known(
    match: Match, words: Sequence[Word], text: str, pieces: Sequence[Piece], full: dict[str, str], registry: Registry,
    hints: Counter[str], day: date | None, lexicon: Lexicon,
) -> EntityMention | None:  # fmt: skip
    start, end = words[match.first].start, words[match.last - 1].end
    shorts = [c for c in match.candidates if c.alias.form == "short"]
    titled = match.first > 0 and any(
        lexicon.agent_at(words[: match.first], at) is not None for at in range(max(0, match.first - 2), match.first)
    )
    if len(shorts) == len(match.candidates):
        namesake = full.get(text[start:end].casefold())
        if namesake is not None and not any(namesake.casefold() == c.actor.name.casefold() for c in shorts):
            return None  # somebody else of that surname is in the article
        near = [p for p in pieces if p.start < end and start < p.end and p.label in ("PERSON", "ORG", "GPE", "NORP")]
        if not near and not titled:
            return None
    candidate, reason = choose(match, registry, day=day, hints=hints, titled=titled)
    if candidate is None:
        return None
    actor, reason = registry.as_of(candidate.actor, day)
    kind = candidate.actor.kind
    label = _ALIKE.get(candidate.alias.form) or registry.labels.get(kind, "ORG")
    return EntityMention(
        start=start, end=end, text=text[start:end], label=label, name=candidate.actor.name, actor=actor, reason=reason
    )


def _merge(
    text: str, known: list[EntityMention], pieces: Sequence[Piece], lexicon: Lexicon, registry: Registry,
    hints: Counter[str], day: date | None,
) -> list[EntityMention]:  # fmt: skip
    """Join registry matches and spaCy's names: the longer name wins where it is an organisation round a name."""
    starts = [mention.start for mention in known]
    dropped: set[int] = set()
    kept: list[EntityMention] = []
    last_end = -1
    for piece in pieces:
        if piece.start < last_end:
            continue
        inside = _touching(known, starts, piece)
        holds = [at for at in inside if known[at].start >= piece.start and known[at].end <= piece.end]
        same = [at for at in holds if known[at].start == piece.start and known[at].end == piece.end]
        if same:
            known[same[0]] = _relabel(known[same[0]], piece.label)
            continue
        if inside and not _outlasts(piece, [known[at] for at in inside], holds == inside, text):
            continue
        dropped.update(inside)
        kept.append(_unknown(text, piece, lexicon, registry, hints, day))
        last_end = piece.end
    kept.extend(mention for at, mention in enumerate(known) if at not in dropped)
    kept.sort(key=lambda mention: mention.start)
    return kept


def _touching(known: Sequence[EntityMention], starts: Sequence[int], piece: Piece) -> list[int]:
    at = max(0, bisect_left(starts, piece.start) - 1)
    found = []
    while at < len(known) and known[at].start < piece.end:
        if known[at].end > piece.start:
            found.append(at)
        at += 1
    return found


def _relabel(mention: EntityMention, label: str) -> EntityMention:
    """Keep spaCy's label where it fits what the registry knows."""
    if mention.label == "PERSON" or mention.label == label or (mention.label == "NORP" and label != "NORP"):
        return mention
    fits = label in ("ORG", "FAC", "NORP") if mention.label == "ORG" else label in ("GPE", "LOC")
    return replace(mention, label=label) if fits else mention


def _outlasts(piece: Piece, inside: Sequence[EntityMention], whole: bool, text: str) -> bool:
    """Say whether spaCy's longer name stands against the registry's names inside it."""
    if not whole:
        return False
    if piece.label in _WHOLE:
        outside = text[piece.start : inside[0].start] + text[inside[-1].end : piece.end]
        named = inside[0].label in ("GPE", "NORP") or piece.start == inside[0].start
        return named and any(word[:1].isupper() for word in outside.split())
    if piece.label == "PERSON":  # "Eric Trump" is not Trump; "Secretary Mike Pompeo" is Pompeo
        return inside[0].label != "PERSON" or (" " not in inside[0].text and inside[0].end == piece.end and not _is_title(
            text[piece.start : inside[0].start]
        ))  # fmt: skip
    return False


def _is_title(words: str) -> bool:
    from dateline.annotate.actors.lexicon import load_lexicon

    found = words_of(words)
    lexicon = load_lexicon()
    return bool(found) and any(lexicon.agent_at(found, at) for at in range(len(found)))


def _unknown(
    text: str, piece: Piece, lexicon: Lexicon, registry: Registry, hints: Counter[str], day: date | None
) -> EntityMention:
    """Make the mention of a name that the registry does not know; an organisation's own words may say what it is."""
    name = text[piece.start : piece.end]
    actor: Actor | None = None
    reason = "not in the registry"
    region = load_gazette().region(name) if piece.label in ("NORP", "GPE", "LOC") else None
    if region is not None:
        actor, reason = Actor(country=region), f"region of {region}"
    elif piece.label in ("ORG", "FAC", "NORP"):
        found = read_organisation(name, registry, lexicon, hints=hints, day=day)
        if found is not None:
            actor, reason = found
    return EntityMention(
        start=piece.start, end=piece.end, text=name, label=piece.label, name=" ".join(name.split()), actor=actor,
        reason=reason,
    )  # fmt: skip
