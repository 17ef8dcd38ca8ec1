"""Join the named mentions of an article: "Kim" after "Kim Jong Un", "Narang" after "Vipin Narang", "the IAEA"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from dateline.annotate.actors.lexicon import load_lexicon
from dateline.annotate.actors.normal import Word
from dateline.annotate.actors.registry import Registry
from dateline.annotate.actors.wordlists import listed
from dateline.annotate.references.figures import Cast, Figure, keys, sort_of
from dateline.annotate.references.genders import gender_of
from dateline.types import EntityMention

_LOOSE = frozenset(("PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "PRODUCT", "WORK_OF_ART"))
# spaCy often calls a bare surname a place or a firm
_PARTICLES = frozenset(
    ("van", "von", "de", "del", "della", "di", "da", "dos", "der", "den", "la", "le", "el", "al", "bin", "ben", "ter")
)

_GIVEN = 30  # characters of a given name and the "and" behind it
_COUPLE = re.compile(r"\b([A-Z][a-z]+) and $")


def join_names(mentions: Sequence[EntityMention], cast: Cast, registry: Registry) -> list[EntityMention]:
    """Fill `cast` from the mentions and return them with short names joined to the full ones."""
    for mention in mentions:  # full names first: a headline or caption may have the surname before
        if _is_full(mention):
            _found(mention, cast)
    joined: list[EntityMention] = []
    for mention in mentions:
        figure = _short_of(mention, cast, registry)
        if figure is not None and figure.name != mention.name:
            mention = replace(  # noqa: PLW2901 (the mention goes on, better known)
                mention, label="PERSON", name=figure.name, actor=figure.actor, reason=f"short for {figure.name}"
            )
        elif figure is None:
            figure = cast.figure(_identity(mention))
            if figure is None and sort_of(mention) is not None:
                figure = _found(mention, cast)
        if figure is not None:
            cast.mention(figure, mention.start, mention.end)
            figure.starts.append(mention.start)
        joined.append(mention)
    return joined


def _identity(mention: EntityMention) -> object:
    if mention.actor is not None and mention.actor.id is not None:
        return mention.actor.id
    return keys(mention.text)


def _is_full(mention: EntityMention) -> bool:
    if mention.label != "PERSON" or " " not in mention.text.strip():
        return False
    return len(keys(mention.text)) > 1


def _found(mention: EntityMention, cast: Cast) -> Figure:
    identity = _identity(mention)
    figure = cast.figure(identity)
    if figure is None:
        sort = sort_of(mention) or "body"
        name = mention.name or mention.text
        gender = gender_of(name, mention.actor.id if mention.actor else None) if sort == "person" else None
        figure = cast.add(
            identity,
            Figure(
                name=name, keys=tuple(dict.fromkeys((*keys(name), *keys(mention.text)))), sort=sort, actor=mention.actor,
                reason=mention.reason or "", gender=gender,
            ),
        )  # fmt: skip
    return figure


def _short_of(mention: EntityMention, cast: Cast, registry: Registry) -> Figure | None:
    """Return the person whose short name a mention is, if the article names one in full."""
    words = keys(mention.text) if mention.label in _LOOSE else ()
    if len(words) > 1 and not set(words[:-1]) - _PARTICLES:
        words = words[-1:]  # "van Dalen", "de la Cruz"
    elif not mention.text[:1].isupper():
        return None
    if len(words) != 1:
        return None
    if mention.actor is not None:
        known = registry.get(mention.actor.id) if mention.actor.id is not None else None
        if known is not None and known.kind != "person":
            return None
        named = cast.figure(mention.actor.id)
        if named is not None or mention.label != "PERSON":
            return named
    bearers = [f for f in cast.named_with(words[0]) if f.sort == "person" and _can_be_short(words[0], f)]
    before = [f for f in bearers if f.mentions_before(mention.start)]
    return max(before or bearers, key=lambda f: (len(f.starts), f.starts[-1] if f.starts else 0), default=None)


def fill_gaps(words: Sequence[Word], mentions: Sequence[EntityMention], cast: Cast) -> list[EntityMention]:
    """Return mentions of persons by surname that spaCy overlooked, though the article names them in full elsewhere."""
    taken = [(mention.start, mention.end) for mention in mentions]
    starts = [start for start, _ in taken]
    found: list[EntityMention] = []
    for at, word in enumerate(words):
        if not word.capitalized or word.key in listed("naming.common"):
            continue
        bearers = [f for f in cast.named_with(word.key) if f.sort == "person" and _is_surname(word.key, f)]
        if len(bearers) != 1 or _overlaps(taken, starts, word.start, word.end) or _in_a_name(words, at):
            continue
        figure = bearers[0]
        found.append(
            EntityMention(
                start=word.start, end=word.end, text=word.text, label="PERSON", name=figure.name, actor=figure.actor,
                reason=f"short for {figure.name}",
            )
        )  # fmt: skip
        cast.mention(figure, word.start, word.end)
    return found


def find_couples(text: str, mentions: Sequence[EntityMention]) -> list[EntityMention]:
    """Return the first of couples that spaCy overlooked: the Fred of "Fred and Cindy Dorn"."""
    found: list[EntityMention] = []
    last = 0
    for mention in mentions:
        *given, surname = mention.text.split()
        before = _COUPLE.search(text, max(last, mention.start - _GIVEN), mention.start)
        if mention.label == "PERSON" and given and before is not None and gender_of(before[1], None) is not None:
            start, end = before.span(1)
            name = f"{before[1]} {surname}"
            found.append(
                EntityMention(
                    start=start,
                    end=end,
                    text=before[1],
                    label="PERSON",
                    name=name,
                    actor=None,
                    reason="one of a couple",
                )
            )
        last = mention.end
    return found


def _is_surname(key: str, figure: Figure) -> bool:
    words = keys(figure.name or "")
    return len(words) > 1 and len(key) > 2 and (key == words[-1] or (key == words[0] and _family_first(figure)))  # noqa: PLR2004


def _family_first(figure: Figure) -> bool:
    return figure.actor is not None and figure.actor.country in ("CHN", "KOR", "PRK", "TWN", "VNM")


def _overlaps(taken: Sequence[tuple[int, int]], starts: Sequence[int], start: int, end: int) -> bool:
    at = bisect_left(starts, end) - 1
    return at >= 0 and taken[at][1] > start


def _in_a_name(words: Sequence[Word], at: int) -> bool:
    """Say whether a capitalized word stands right beside: the surname is part of another name."""
    after = words[at + 1] if at + 1 < len(words) else None
    before = words[at - 1] if at else None
    if after is not None and after.capitalized and after.start - words[at].end == 1 and not words[at].possessed:
        return True
    return (
        before is not None
        and before.capitalized
        and words[at].start - before.end == 1
        and before.key not in listed("names.opening")
        and load_lexicon().agent_at([before], 0) is None
    )


def _can_be_short(key: str, figure: Figure) -> bool:
    words = keys(figure.name or "")  # the name as it is known: that of the text may hold a nickname
    return len(figure.keys) > 1 and key in {figure.keys[-1], figure.keys[0], *words[-1:]}
