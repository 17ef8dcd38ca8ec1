"""Match the rules on a text's words and give each match its value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from spacy.tokens import Doc

from dateline.annotate.layers import text_of
from dateline.annotate.times.context import Match, Narrative, Reading
from dateline.annotate.times.readings import READINGS
from dateline.annotate.times.spans import days_of
from dateline.annotate.times.tables import OTHER, Rule, load_tables
from dateline.annotate.times.tense import direction_at
from dateline.annotate.times.tokens import Words, cut
from dateline.types import TimeMention

ABBREVIATED = 4  # letters of "Sept": such a month stands with a full stop
BESIDE = 48  # characters beside a match that may hold a holiday's date
TRIMMED = frozenset({"-", ",", "–"})


def read_times(doc: Doc, published: date | None) -> list[TimeMention]:
    """Return the time expressions of `doc`, in order, not overlapping."""
    words = cut(text_of(doc))
    story = Narrative(published)
    found: list[TimeMention] = []
    for alternatives in _matches(words):
        for rule, first, last in alternatives:
            match = _match(doc, words, story, rule, (first, last))
            reading = None if _is_other_word(doc, match) else READINGS[rule.reading](match)
            if reading is not None:
                mention = _mention(words.text, match, reading)
                _remember(story, match, reading, mention)
                found.append(mention)
                break
    return found


def _matches(words: Words) -> Iterator[list[tuple[Rule, int, int]]]:
    """Yield, in the order of the text, the longest matches that do not overlap; after each, those that lie inside it."""
    candidates = sorted(
        (
            (match.start(), -match.end(), order, rule)
            for order, rule in enumerate(load_tables().rules)
            for match in rule.pattern.finditer(words.symbols)
            if match.end() > match.start()
        ),
        key=lambda c: c[:3],
    )
    at = 0
    while at < len(candidates):
        reach = -candidates[at][1]
        upto = at
        while upto < len(candidates) and candidates[upto][0] < reach:
            reach = max(reach, -candidates[upto][1])
            upto += 1
        yield from _settle(candidates[at:upto])
        at = upto


def _settle(cluster: list[tuple[int, int, int, Rule]]) -> Iterator[list[tuple[Rule, int, int]]]:
    """Choose among matches that touch each other: the longest first, then what is left beside it."""
    start, end, _, _ = best = min(cluster, key=lambda c: (c[0] + c[1], c[2]))
    end = -end
    if left := [c for c in cluster if -c[1] <= start]:
        yield from _settle(left)
    inside = [c for c in cluster if c is not best and start <= c[0] and -c[1] <= end]
    yield [(rule, a, -b) for a, b, _, rule in [best, *sorted(inside, key=lambda c: (c[0] + c[1], c[2]))]]
    if right := [c for c in cluster if c[0] >= end]:
        yield from _settle(right)


def _match(doc: Doc, words: Words, story: Narrative, rule: Rule, at: tuple[int, int]) -> Match:
    names = _names()
    first, last = at
    while first < last - 1 and words.symbols[first] in TRIMMED:
        first += 1
    while last - 1 > first and words.symbols[last - 1] in TRIMMED:
        last -= 1
    start, end = words.spans[first][0], words.spans[last - 1][1]
    text = words.text
    return Match(
        classes=[names.get(symbol, symbol) for symbol in words.symbols[first:last]],
        values=words.values[first:last],
        words=[text[a:b] for a, b in words.spans[first:last]],
        start=start,
        end=end,
        narrative=story,
        direction=partial(direction_at, doc, start, end),
        rule=rule.name,
        before=text[slice(*words.spans[first - 1])].lower() if first else "",
        after=text[slice(*words.spans[last])].lower() if last < len(words.spans) else "",
        around=(text[max(start - BESIDE, 0) : start], text[end : end + BESIDE]),
    )


def _names() -> dict[str, str]:
    return {symbol: name for name, symbol in load_tables().symbols.items()} | {OTHER: "OTHER"}


def _is_other_word(doc: Doc, match: Match) -> bool:
    """Say whether the words only look like a time; looks at the parse where the rule is one that is often wrong."""
    if match.rule == "decade" and match.before in {"his", "her", "their", "my", "your", "our"}:
        return True  # "a woman in her fifties"
    if match.rule in {"month", "season", "year", "per_unit"}:
        name = {"month": "MONTH", "season": "SEASON", "year": "YEAR", "per_unit": "UNIT"}[match.rule]
        if name not in match.classes:
            return False
        span = doc.char_span(match.start, match.end, alignment_mode="expand")
        if span is None:
            return False
        token = span[-1]
        match.extra["tag"] = token.tag_
        opens = span[0].i and span[0].nbor(-1).is_sent_start and span[0].nbor(-1).lower_ == "in"
        match.extra["opens"] = "1" if opens else ""  # "In 1953, …": what follows is told of that year
        match.extra["entity"] = token.ent_type_
        if match.rule == "month":
            word = match.words[match.classes.index("MONTH")]
            if len(word) <= ABBREVIATED and word not in {"May", "June", "July"} and match.after != ".":
                return True
            named = any(
                c.dep_ == "compound" and c.i == token.i - 1 and c.tag_ == "NNP" for c in token.lefts
            )  # "Theresa May"
            return named or token.tag_ not in {"NNP", "NNPS"} or token.ent_type_ in {"PERSON", "ORG", "GPE"}
        if match.rule == "per_unit" and span[0].i:
            before = span[0].nbor(-1)
            match.extra["rate"] = "1" if before.tag_ in {"NNS", "CD", "$", "NN"} and before.ent_type_ != "DATE" else ""
    return False


def _mention(text: str, match: Match, reading: Reading) -> TimeMention:
    days = reading.days or days_of(reading.value)
    if days and match.before == "since" and match.narrative.published and days[0] <= match.narrative.published:
        days = (days[0], match.narrative.published)
    return TimeMention(
        start=match.start,
        end=match.end,
        text=text[match.start : match.end],
        type=reading.type,
        value=reading.value,
        from_=days[0] if days else None,
        to=days[1] if days else None,
    )


def _remember(story: Narrative, match: Match, reading: Reading, mention: TimeMention) -> None:
    if reading.type not in {"DATE", "TIME"} or mention.from_ is None or mention.to is None:
        return
    if mention.from_ == mention.to:
        story.day, story.day_at = mention.from_, match.start
    if match.has("ISO") or (match.has("YEAR") and (match.has("MONTH") or match.extra.get("opens"))):
        story.year, story.year_at = mention.from_.year, match.start
    elif match.has("MONTH") and not match.has("THIS", "LAST", "NEXT") and mention.from_.year == story.year:
        story.year_at = match.start  # "in July 1995 … in October … on Nov. 21": it goes on
    elif match.has("THIS", "WEEKDAY", "DAYWORD") and _is_fresh(story, mention):
        story.year = None  # back in the present


def _is_fresh(story: Narrative, mention: TimeMention) -> bool:
    """Say whether a time is that of publication, as "this January" and "on Tuesday" are."""
    return story.published is not None and mention.to is not None and mention.to.year == story.published.year
