"""Read short sentences anew whose verb the model took for a noun: "Soldiers guard ballot boxes", "Talks in Oslo end".

The present tense of many verbs looks like a noun, its past tense does not. So where a sentence has no verb at its root, or
one that cannot be, and a word that our frames know as a verb stands behind somebody who can act, the sentence is read once
more with that word in the past tense ("Soldiers guarded ballot boxes"), and the new parse is kept where the word is now the
sentence's verb and has a subject. Few sentences are asked about, and those of many texts are read in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np
from spacy.attrs import DEP, HEAD, TAG
from spacy.language import Language
from spacy.tokens import Doc, Span

from dateline.annotate.coordination import hang_joined
from dateline.annotate.events.forms import irregular_verbs, verb_forms
from dateline.annotate.events.lexicon import noun_table, verb_table
from dateline.annotate.events.tables import classes
from dateline.annotate.prefixes import hang_prefixes

NAME = "dateline_misread"
LEARNED = ("tok2vec", "tagger", "parser")
LONGEST = 40  # tokens: what is longer is seldom one clause with one misread verb
SHORTEST = 3
NOUNS = ("NN", "NNS", "NNP", "NNPS")
SINGULAR, PLURAL = ("NN", "NNP"), ("NNS", "NNPS")
TAKEN = frozenset({*NOUNS, "JJ", "VB", "VBP", "VBZ", "VBD", "VBN"})  # what a misread verb is tagged as
OBJECTS = frozenset({*NOUNS, "DT", "PRP$", "PRP", "JJ", "JJR", "CD", "VBN", "VBG", "TO", "IN", "RP", "RB", "$"})
JOINED = frozenset({"and", ",", "&"})
HAPPENINGS = ("talks", "protests", "strikes", "attacks", "visits")  # what begins, ends, goes on
ACTING = ("soldiers", "police", "rebels", "leaders", "states", "civilians", "actors")
NOUNS_FIRST = frozenset(
    {"trade", "aid", "attack", "visit", "protest", "test", "report", "travel", "exchange", "help", "work", "face",
     "force", "state", "border", "head", "deal", "right", "rights", "arms", "forces", "contact", "contract", "award"}
)  # fmt: skip
PARTS = [TAG, DEP, HEAD]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Be a sentence that may have been misread: which token its verb may be, and what stands in its place meanwhile."""

    start: int
    end: int
    at: int
    form: str
    tag: str
    verb: int  # where the root must be: the word, or the verb behind a "to"


@cache
def _past_forms() -> dict[str, tuple[str, str]]:
    """Return base form and form in -s of each verb → its past tense, and the tag of the present form."""
    found: dict[str, tuple[str, str]] = {}
    for lemma in set(verb_table().values()):
        if not lemma.isalpha():
            continue
        irregular = irregular_verbs().get(lemma)
        made = verb_forms(lemma)
        past = irregular[0] if irregular else next((form for form in sorted(made) if form.endswith("ed")), "")
        if not past or past == lemma:
            continue
        for form in made:
            if form == lemma and lemma not in NOUNS_FIRST:
                found.setdefault(form, (past, "VBP"))
            elif form != lemma and form.endswith("s") and form.startswith(lemma[:-1]) and form not in (irregular or ()):
                found.setdefault(form, (past, "VBZ"))
    return found


@cache
def _doers() -> frozenset[str]:
    return frozenset().union(*(classes()[name] for name in (*ACTING, *HAPPENINGS)))


class Misread:
    """Be the pipeline's component."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        """Read the doubtful sentences of a text anew."""
        self._mend([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Read the doubtful sentences of many texts, a batch in one go."""
        for batch in _batches(stream, batch_size):
            self._mend(batch)
            yield from batch

    def _mend(self, docs: list[Doc]) -> None:
        for doc in docs:
            hang_prefixes(doc)
        doubts = [(doc, doubt) for doc in docs if doc.has_annotation("DEP") for doubt in doubts_of(doc)]
        self._read_anew(doubts)
        for doc in docs:
            if doc.has_annotation("DEP"):
                hang_joined(doc)

    def _read_anew(self, doubts: list[tuple[Doc, _Doubt]]) -> None:
        if not doubts:
            return
        anew = [_rewritten(doc, doubt) for doc, doubt in doubts]
        for name in LEARNED:
            anew = list(self.nlp.get_pipe(name).pipe(anew, batch_size=len(anew)))  # type: ignore[attr-defined]
        for (doc, doubt), read in zip(doubts, anew, strict=True):
            if _is_better(read, doubt):
                _copy(doc, doubt, read)


@Language.factory(NAME, assigns=["token.tag", "token.dep", "token.head"], requires=["token.tag", "token.dep"])
def misread_component(nlp: Language, name: str) -> Misread:  # noqa: ARG001
    """Make the component."""
    return Misread(nlp)


def _batches(stream: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    rest = iter(stream)
    while batch := list(islice(rest, size)):
        yield batch


def doubts_of(doc: Doc) -> Iterator[_Doubt]:
    """Yield the sentences of a text that may have been misread."""
    if len(doc) < SHORTEST:
        return
    strings = doc.vocab.strings
    columns = doc.to_array([TAG, DEP])
    nouns = {strings[tag] for tag in NOUNS}
    for root in np.flatnonzero(columns[:, 1] == strings["ROOT"]).tolist():
        if int(columns[root, 0]) not in nouns and not _is_doer(doc[root].lower_):
            continue
        sentence = doc[root].sent
        if SHORTEST <= len(sentence) <= LONGEST and (doubt := _doubt(sentence)) is not None:
            yield doubt


def _doubt(sentence: Span) -> _Doubt | None:
    doc, known = sentence.doc, _past_forms()
    for at in range(sentence.start + 1, sentence.end):
        token = doc[at]
        if token.tag_ == "TO":
            if at + 1 < sentence.end and _is_plan(doc, at):
                return _Doubt(sentence.start, sentence.end, at, "will", "MD", at + 1)
            continue
        if token.tag_ == "VBN" and _is_active(doc, at):
            form = "went" if token.lower_ in classes()["going"] else "took"
            return _Doubt(sentence.start, sentence.end, at, form, "VBD", at)
        if token.tag_ not in TAKEN or (past := known.get(token.text)) is None:
            continue
        if at + 1 < sentence.end and doc[at + 1].tag_ not in OBJECTS and not doc[at + 1].is_space:
            continue
        if _agrees(doc, sentence.start, at, past[1]):
            return _Doubt(sentence.start, sentence.end, at, *past, at)
    return None


def _is_active(doc: Doc, at: int) -> bool:
    """Say whether a participle behind the root noun is the sentence's verb: "Two brigades crossed into Chad"."""
    token = doc[at]
    if token.tag_ != "VBN" or token.dep_ != "acl" or token.head.dep_ != "ROOT" or at + 1 >= len(doc):
        return False
    if token.lower_ in classes()["going"]:
        return doc[at + 1].tag_ in {"IN", "TO", "RB", "RP"} and doc[at + 1].lower_ != "by"
    return (
        doc[at + 1].tag_ in {"DT", "PRP$"} and token.lower_ not in classes()["naming"] and _is_doer(doc[at - 1].lower_)
    )


def _agrees(doc: Doc, start: int, at: int, tag: str) -> bool:
    """Say whether somebody, or something that happens, stands before the word in its number."""
    before = doc[at - 1]
    if before.tag_ not in NOUNS and before.dep_ != "ROOT":
        return False
    if not (before.tag_ in {"NNP", "NNPS"} or _is_doer(before.lower_)):
        return False
    if tag == "VBZ":
        return before.tag_ in SINGULAR
    return before.tag_ in {*PLURAL, "VBZ"} or any(doc[i].lower_ in JOINED for i in range(max(start, at - 4), at - 1))


def _is_plan(doc: Doc, at: int) -> bool:
    """Say whether a headline tells of what will be: "Moscow to supply Belarus with gas"."""
    before, verb = doc[at - 1], doc[at + 1]
    head = verb.head
    if verb.tag_ != "VB" or head.dep_ != "ROOT" or head.i >= at or before.tag_ not in NOUNS:
        return False
    return head.tag_ in {"NNP", "NNPS"} or _is_doer(head.lower_)


def _is_doer(form: str) -> bool:
    return noun_table().get(form, form) in _doers()


def _rewritten(doc: Doc, doubt: _Doubt) -> Doc:
    tokens = doc[doubt.start : doubt.end]
    words = [token.text for token in tokens]
    words[doubt.at - doubt.start] = doubt.form
    return Doc(doc.vocab, words=words, spaces=[bool(token.whitespace_) for token in tokens])


def _is_better(read: Doc, doubt: _Doubt) -> bool:
    """Say whether the word is now the only root, in the past tense, with a subject before it."""
    verb = read[doubt.verb - doubt.start]
    if verb.dep_ != "ROOT" or verb.tag_ not in {"VBD", "VB"} or sum(token.dep_ == "ROOT" for token in read) > 1:
        return False
    return any(child.dep_ == "nsubj" for child in verb.lefts)


def _copy(doc: Doc, doubt: _Doubt, read: Doc) -> None:
    rows = doc.to_array(PARTS)
    rows[doubt.start : doubt.end] = read.to_array(PARTS)  # heads are counted from their tokens: they move as they are
    rows[doubt.at, 0] = doc.vocab.strings[doubt.tag]
    doc.from_array(PARTS, rows)  # type: ignore[arg-type]
