"""Give PLOVER's contexts of an event, from the words of its passage."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Doc

from dateline.annotate.events.tables import rows_of

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
    table = words()
    sentences = doc.user_data.get("dateline_sentences")
    if sentences is None:
        sentences = doc.user_data["dateline_sentences"] = list(doc.sents)
    own: list[str] = []
    for token in sentences[sentence]:
        for context in table.get(token.lower_, ()):
            if context not in own:
                own.append(context)
    near: dict[str, int] = {}
    for at in (sentence - PASSAGE, sentence + PASSAGE):
        if 0 <= at < len(sentences):
            for token in sentences[at]:
                for context in table.get(token.lower_, ()):
                    near[context] = near.get(context, 0) + 1
    return own + [context for context, times in near.items() if times > 1 and context not in own]
