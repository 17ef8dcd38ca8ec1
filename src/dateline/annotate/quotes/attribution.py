"""Find attributions: a cue, its source, and the words that it gives to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from dateline.annotate.layers import text_of
from dateline.annotate.quotes.content import content_of
from dateline.annotate.quotes.cues import Cue, load_cues, load_nouns
from dateline.annotate.quotes.labels import from_lines
from dateline.annotate.quotes.marks import Marked, find_marked
from dateline.annotate.quotes.nouns import from_noun
from dateline.annotate.quotes.phrases import Chars, noun_phrase, subject_of

QUOTED_SPEECH = 4  # words: shorter quotations are single words held up for show, a cue may stand in one
REACH = 200  # characters between a quotation and its cue
CLOSING = 2  # characters: a full stop and the mark behind it
GAP = 60  # characters between the parts of one attribution
CORE = frozenset("say tell announce promise threaten accuse deny claim call".split())  # count inside others' words too  # noqa: SIM905 (words in a row read best as one)
UNREAL = frozenset("would could should may might can must".split())  # noqa: SIM905 (words in a row read best as one)


@dataclass(slots=True)
class Attribution:
    """Be one attribution; offsets are characters."""

    source: Chars | None
    cue: Chars | None
    content: list[Chars]
    direct: bool = False


@dataclass(slots=True)
class _Page:
    """Hold what is looked at again and again."""

    doc: Doc
    text: str
    marked: list[Marked]
    starts: list[int]


def find_attributions(doc: Doc) -> list[Attribution]:
    """Return the attributions of `doc`, in the order of their cues."""
    text = text_of(doc)
    marked = find_marked(text)
    page = _Page(doc, text, marked, [m.start for m in marked])
    found = [Attribution(*parts) for parts in from_lines(text)]
    labelled = [content for attribution in found for content in attribution.content]
    found += [a for a in _from_words(page) if not any(s <= a.cue[0] < e for s, e in labelled if a.cue)]
    found.sort(key=lambda a: a.cue or (0, 0))
    _give_further_parts(page, found)
    found += _from_governing_verbs(page, found)
    for attribution in found:
        attribution.content = [(start, _with_mark(marked, start, end)) for start, end in attribution.content]
        attribution.direct = any(a < m.end and m.start < b for a, b in attribution.content for m in marked)
    return found


def _with_mark(marked: list[Marked], start: int, end: int) -> int:
    """Return the end of a content, moved over the mark that closes a quotation in it."""
    return next((m.end for m in marked if start <= m.start < end < m.end <= end + CLOSING), end)


def _from_words(page: _Page) -> Iterator[Attribution]:
    cues, nouns = load_cues(), load_nouns()
    for token in page.doc:
        lower = token.lower_
        if (cue := cues.get(lower)) is not None and token.tag_[:2] == "VB":
            attribution = None if _inside_speech(page, token) else _from_verb(page, token, cue)
            if attribution is not None:
                yield attribution
        elif lower == "according":
            yield from _according(page, token)
        elif (noun := nouns.get(lower)) is not None and token.tag_[:2] == "NN" and not _inside_speech(page, token):
            yield from (Attribution(*parts) for parts in from_noun(token, noun, page.text))


def _inside_speech(page: _Page, token: Token) -> bool:
    """Say whether a word is quoted: then all is its speaker's, with all who are cited in it."""
    at = bisect_right(page.starts, token.idx) - 1
    return at >= 0 and token.idx < page.marked[at].end and page.marked[at].words >= QUOTED_SPEECH


def _from_verb(page: _Page, verb: Token, cue: Cue) -> Attribution | None:
    if verb.dep_ == "ccomp" and cue.lemma not in CORE and verb.head.lower_ in load_cues():
        return None  # "officials said that he hopes to win": the hope is told by the officials
    content = content_of(verb, cue)
    said = bool(content) and not cue.kinds.isdisjoint({"clause", "quote"})
    subject = subject_of(verb)
    quoted = _adjacent(page, verb) if not content or said else None
    if quoted is None and ((subject is None and not said) or _is_unsaid(verb)):
        return None
    if quoted is not None and not any(a <= quoted.start and quoted.end <= b for a, b in content):
        content = [c for c in content if c[1] <= quoted.start or c[0] >= quoted.end]
        content.append((quoted.start, quoted.end))
    if not content:
        return None
    source = noun_phrase(subject, verb) if subject is not None else None
    return Attribution(source, (verb.idx, verb.idx + len(verb)), sorted(content))


def _is_unsaid(verb: Token) -> bool:
    """Say whether nobody says it after all: "did not mention", "could argue", "declined to discuss"."""
    return any(
        child.dep_ == "neg" or (child.dep_ == "aux" and (child.lower_ in UNREAL or child.lower_ == "to"))
        for child in verb.children
    )


def _adjacent(page: _Page, verb: Token) -> Marked | None:
    """Return the quotation that stands next to the cue and its source, with nothing but them between."""
    sent, text = verb.sent, page.text
    at = bisect_right(page.starts, verb.idx)
    before = page.marked[at - 1] if at else None
    after = page.marked[at] if at < len(page.marked) else None
    if before is not None and before.end > verb.idx:
        return None  # the cue itself is quoted
    if before is not None and before.end >= sent.start_char - 1 and verb.idx - before.end < REACH:
        between = text[before.end : verb.idx]
        if "\n" not in between and text[before.inner_end - 1] in ",.!?—-…":
            return before
    if after is not None and after.start - verb.idx < REACH:
        between = text[verb.idx + len(verb) : after.start].rstrip(" ")
        if between.rstrip().endswith(":") or ("\n" not in between and between.endswith(",")):
            return after
    return None


def _according(page: _Page, token: Token) -> Iterator[Attribution]:
    to = token.nbor(1) if token.i + 1 < len(page.doc) else None
    target = next((c for c in to.children if c.dep_ == "pobj"), None) if to is not None else None
    if to is None or to.lower_ != "to" or target is None:
        return
    sent, last = token.sent, target.right_edge
    source = noun_phrase(target)
    left = _trim(page.text, sent.start_char, token.idx)
    right = _trim(page.text, max(source[1], last.idx + len(last)), sent.end_char)
    start, end = left if left[1] - left[0] > right[1] - right[0] else right
    if end > start:
        yield Attribution(source, (token.idx, to.idx + len(to)), [(start, end)])


def _trim(text: str, start: int, end: int) -> Chars:
    while start < end and text[start] in " ,\n":
        start += 1
    while end > start and text[end - 1] in " ,.\n":
        end -= 1
    return start, end


def _loose(page: _Page, found: list[Attribution]) -> Iterator[Marked]:
    taken = [content for attribution in found for content in attribution.content]
    for quotation in page.marked:
        if not any(a < quotation.end and quotation.start < b for a, b in taken):
            yield quotation


def _give_further_parts(page: _Page, found: list[Attribution]) -> None:
    """Give quotations that no cue took to the attribution before them, where they only go on."""
    for quotation in list(_loose(page, found)):
        before = [a for a in found if a.cue and a.cue[1] <= quotation.start]
        if not before:
            continue
        owner = before[-1]
        assert owner.cue is not None
        end = max(owner.cue[1], *(b for _, b in owner.content))
        between = page.text[end : quotation.start]
        unclosed = any(m.open and m.end == end for m in page.marked)
        if end <= quotation.start and (
            ("\n" not in between and len(between) < GAP) or (unclosed and not between.strip())
        ):
            owner.content.append((quotation.start, quotation.end))


def _from_governing_verbs(page: _Page, found: list[Attribution]) -> Iterator[Attribution]:
    """Give what quotations are left to the subject of the verb above them: "singled out China for not “helping”"."""
    for quotation in list(_loose(page, found)):
        if quotation.words < QUOTED_SPEECH:
            continue
        span = page.doc.char_span(quotation.inner_start, quotation.inner_end, alignment_mode="expand")
        verb = span.root if span is not None else None
        while verb is not None and (verb.idx >= quotation.start or verb.pos_ not in {"VERB", "AUX"}):
            verb = verb.head if verb.head.i != verb.i else None
        subject = subject_of(verb) if verb is not None else None
        if verb is not None and subject is not None:
            cue = (verb.idx, verb.idx + len(verb))
            yield Attribution(noun_phrase(subject, verb), cue, [(quotation.start, quotation.end)])
