"""Give PLOVER's contexts of an event, from the words of its passage."""

from __future__ import annotations

from collections import Counter
from functools import cache

from spacy.tokens import Doc

from dateline.annotate.events.lexicon import lowers
from dateline.annotate.events.tables import rows_of
from dateline.annotate.layers import sentences_of

PASSAGE = 1  # sentences before and after the event's own
CONTEXTS = frozenset(
    [
        "military",
        "political",
        "diplomatic",
        "economic",
        "resource",
        "culture",
        "disease",
        "disaster",
        "refugee",
        "migration",
        "environment",
        "territory",
        "terrorism",
        "religious",
        "rights",
        "human_rights",
        "cyber",
        "illegal",
        "legal",
        "election",
        "historic",
        "hypothetical",
        "pro_democracy",
        "pro_autocracy",
        "intelligence",
        "crime",
        "coup",
        "asylum",
        "reparations",
        "misinformation",
        "corruption",
        "executive",
        "legislative",
    ]
)


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Return word → contexts that it speaks of. Raises RulesError."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows_of("contexts.tsv", ("context", "words")):
        if row["context"] not in CONTEXTS:
            raise row.wrong(f"no such context: {row['context']}")
        for word in row["words"].split():
            found[word] = (*found.get(word, ()), row["context"])
    return found


def contexts_of(doc: Doc, sentence: int, event_type: str) -> tuple[str, ...]:
    """Return the contexts of an event: those its own sentence names, in order of first word; then the neighbours', named twice."""
    cached = doc.user_data.setdefault("dateline_contexts", {})
    key = sentence
    if key not in cached:
        cached[key] = _contexts(doc, sentence)
    found: list[str] = list(cached[key])
    if event_type == "CONSULT" and "diplomatic" not in found:
        found.append("diplomatic")
    return tuple(found)


def _contexts(doc: Doc, sentence: int) -> list[str]:
    own = list(_counted(doc, sentence))
    near: Counter[str] = Counter()
    for at in (sentence - PASSAGE, sentence + PASSAGE):
        near.update(_counted(doc, at))
    return own + [context for context, times in near.items() if times > 1 and context not in own]


def _counted(doc: Doc, sentence: int) -> Counter[str]:
    """Count the words of a sentence by the contexts that they speak of, in order of first word; kept with the text."""
    known = doc.user_data.setdefault("dateline_context_words", {})
    if sentence not in known:
        sentences, table = sentences_of(doc), words()
        there = sentences[sentence] if 0 <= sentence < len(sentences) else doc[:0]
        known[sentence] = Counter(c for form in lowers(doc)[there.start : there.end] for c in table.get(form, ()))
    found: Counter[str] = known[sentence]
    return found
