"""Find attributions: a cue, its source, and the words that it gives to it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from dateline.annotate.quotes.cues import Cue, load_cues
from dateline.annotate.quotes.marks import Marked, find_marked

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
CLAUSES = frozenset({"ccomp", "parataxis"})
INHERITING = frozenset({"advcl", "xcomp", "conj", "pcomp", "dep"})
Chars = tuple[int, int]
MOST_STEPS = 6  # from a participle up to the verb that has the subject
PUNCTUATED = 3  # tokens between a name and its apposition
QUOTED_SPEECH = 4  # words: shorter quotations are single words held up for show, a cue may stand in one
UNREAL = frozenset("would could should may might can must".split())


@dataclass(slots=True)
class Attribution:
    """Be one attribution; offsets are characters."""

    source: Chars | None
    cue: Chars | None
    content: list[Chars]
    direct: bool = False
    strong: bool = field(default=True)


def find_attributions(doc: Doc) -> list[Attribution]:
    """Return the attributions of `doc`, in the order of their cues."""
    marked = find_marked(doc.text)
    cues = load_cues()
    found: list[Attribution] = []
    starts = [m.start for m in marked]
    for token in doc:
        cue = cues.get(token.lower_)
        if cue is None or token.tag_[:2] != "VB":
            if token.lower_ == "according":
                found.extend(_according(token))
            continue
        attribution = _from_verb(doc, token, cue, marked, starts)
        if attribution is not None:
            found.append(attribution)
    _give_loose_quotations(doc, found, marked)
    _mark_direct(found, marked)
    return found


def _from_verb(doc: Doc, verb: Token, cue: Cue, marked: list[Marked], starts: list[int]) -> Attribution | None:
    at = bisect_right(starts, verb.idx) - 1
    if at >= 0 and verb.idx < marked[at].end and marked[at].words >= QUOTED_SPEECH:
        return None  # what is quoted is its speaker's, with all who are cited in it
    content = list(_content(verb, cue))
    said = bool(content) and not cue.kinds.isdisjoint({"clause", "quote"})
    subject = subject_of(verb)
    quoted = _adjacent(doc, verb, subject, marked, starts) if not content or said else None
    if quoted is None and (subject is None and not said or _is_unsaid(verb)):
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
    for child in verb.children:
        if child.dep_ == "neg" or (child.dep_ == "aux" and (child.lower_ in UNREAL or child.lower_ == "to")):
            return True
    return False


def subject_of(verb: Token) -> Token | None:
    """Return the head of the noun phrase that acts: the subject, the passive's agent, the one a participle belongs to."""
    first = verb
    for _ in range(MOST_STEPS):
        passive = False
        subject = None
        for child in verb.children:
            if child.dep_ == "nsubj" and (child.i < verb.i or subject is None):
                subject = child
            passive = passive or child.dep_ in {"nsubjpass", "auxpass"}
            if child.dep_ == "agent":
                return next((c for c in child.children if c.dep_ == "pobj"), None)
        if subject is not None:
            return subject
        if passive:
            return None
        if verb.dep_ == "acl":
            return verb.head if verb.tag_ == "VBG" else None
        if verb.dep_ not in INHERITING or verb.head is verb:
            return None
        above = verb.head.head if verb.head.dep_ == "prep" else verb.head
        if verb.dep_ == "xcomp" and verb is first:  # "urged him to say": he says
            told = next((c for c in above.children if c.dep_ == "dobj" and c.i < verb.i), None)
            if told is not None:
                return told
        verb = above
    return None


def noun_phrase(head: Token, verb: Token | None = None) -> Chars:
    """Return the whole noun phrase of `head`, with article, title and apposition, without relative clauses.

    Never over a line's end, nor over `verb`, whatever the parse says.
    """
    doc = head.doc
    left, right = head.left_edge.i, head.i
    for child in head.rights:
        if child.dep_ in {"relcl", "advcl", "parataxis", "punct", "ccomp"} or child.left_edge.i > right + PUNCTUATED:
            continue
        if child.dep_ == "acl" and right + 1 != child.left_edge.i:
            continue
        right = max(right, child.right_edge.i)
    if verb is not None and head.i < verb.i <= right:
        right = verb.i - 1
    if verb is not None and left <= verb.i < head.i:
        left = verb.i + 1
    while right + 2 < len(doc) and doc[right + 1].text == "-" and not doc[right].whitespace_:
        right += 2
    left, right = _on_one_line(doc, left, head.i, right)
    words = [token.text for token in doc[left : right + 1]]
    if words.count("(") > words.count(")"):
        closing = next((t.i for t in doc[right + 1 : right + 5] if t.text.endswith(")")), None)
        right = closing if closing is not None and closing != (verb.i if verb is not None else -1) else right
    while right > head.i and doc[right].is_punct and doc[right].text not in {")", "]"}:
        right -= 1
    while left < head.i and (doc[left].is_punct or doc[left].is_space):
        left += 1
    last = doc[right]
    return doc[left].idx, last.idx + len(last.text.rstrip())


def _on_one_line(doc: Doc, left: int, head: int, right: int) -> tuple[int, int]:
    left = next((at + 1 for at in range(head - 1, left - 1, -1) if "\n" in doc[at].text), left)
    right = next((at - 1 for at in range(head + 1, right + 1) if "\n" in doc[at].text), right)
    return left, right


def _content(verb: Token, cue: Cue) -> Iterator[Chars]:
    for child in verb.children:
        dep = child.dep_
        if dep == "ccomp" and "clause" in cue.kinds:
            yield _clause(child, verb)
        elif dep == "xcomp" and cue.kinds & {"order", "infinitive"}:
            yield _clause(child, verb)
        elif dep == "dobj" and "object" in cue.kinds and not _has_clause(verb):
            yield child.left_edge.idx, child.right_edge.idx + len(child.right_edge)
        elif dep == "prep" and child.lower_ in cue.prepositions and not _has_clause(verb):
            inner = [c for c in child.children if c.dep_ in {"pobj", "pcomp"}]
            if inner:
                first, last = inner[0].left_edge, child.right_edge
                yield first.idx, last.idx + len(last)
        elif dep in {"oprd", "ccomp"} and "name" in cue.kinds:
            yield _clause(child, verb)


def _has_clause(verb: Token) -> bool:
    return any(c.dep_ in {"ccomp", "xcomp"} for c in verb.children)


def _clause(child: Token, verb: Token) -> Chars:
    left, right = child.left_edge, child.right_edge
    if right.i > verb.i > left.i:  # the clause stands on both sides of the verb
        left, right = (left, verb.nbor(-1)) if child.i < verb.i else (verb.nbor(1), right)
    while left.i < right.i and left.is_punct and left.lower_ not in "“\"'‘``":
        left = left.nbor(1)
    return left.idx, right.idx + len(right)


def _adjacent(doc: Doc, verb: Token, subject: Token | None, marked: list[Marked], starts: list[int]) -> Marked | None:
    """Return the quotation that stands next to the cue and its source, with nothing but them between."""
    sent = verb.sent
    at = bisect_right(starts, verb.idx)
    before = marked[at - 1] if at else None
    after = marked[at] if at < len(marked) else None
    if before is not None and before.end > verb.idx:
        return None  # the cue itself is quoted
    if before is not None and before.end >= sent.start_char - 1 and verb.idx - before.end < 200:
        between = doc.text[before.end : verb.idx]
        if "\n" not in between and doc.text[before.inner_end - 1] in ",.!?—-…":
            return before
    if after is not None and after.start <= sent.end_char + 1:
        between = doc.text[verb.idx + len(verb) : after.start]
        if "\n" not in between and between.rstrip().endswith((",", ":")):
            return after
    return None


def _according(token: Token) -> Iterator[Attribution]:
    to = token.nbor(1) if token.i + 1 < len(token.doc) else None
    if to is None or to.lower_ != "to":
        return
    target = next((c for c in to.children if c.dep_ == "pobj"), None)
    if target is None:
        return
    sent = token.sent
    last = target.right_edge
    source = noun_phrase(target)
    left = (sent.start_char, token.idx)
    right = (max(source[1], last.idx + len(last)), sent.end_char)
    text = token.doc.text
    content = left if len(text[left[0] : left[1]].strip(" ,")) > len(text[right[0] : right[1]].strip(" ,.")) else right
    start, end = _trim(text, *content)
    if end > start:
        yield Attribution(source, (token.idx, to.idx + len(to)), [(start, end)])


def _trim(text: str, start: int, end: int) -> Chars:
    while start < end and text[start] in " ,\n":
        start += 1
    while end > start and text[end - 1] in " ,\n":
        end -= 1
    return start, end


def _give_loose_quotations(doc: Doc, found: list[Attribution], marked: list[Marked]) -> None:
    """Give quotations that no cue took to the attribution before them in the paragraph, as its further part."""
    taken = sorted((c, n) for n, a in enumerate(found) for c in a.content)
    for quotation in marked:
        if any(a < quotation.end and quotation.start < b for (a, b), _ in taken):
            continue
        before = [n for n, a in enumerate(found) if a.cue and a.cue[1] <= quotation.start]
        if not before:
            continue
        owner = found[before[-1]]
        assert owner.cue is not None
        last = max(owner.cue[1], max(b for _, b in owner.content))
        if (
            last <= quotation.start
            and "\n" not in doc.text[last : quotation.start]
            and len(doc.text[last : quotation.start]) < 60
        ):
            owner.content.append((quotation.start, quotation.end))


def _mark_direct(found: list[Attribution], marked: list[Marked]) -> None:
    for attribution in found:
        attribution.direct = any(a < m.end and m.start < b for a, b in attribution.content for m in marked)
