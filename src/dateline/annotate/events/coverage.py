"""Count what the frames read in some texts, and which verbs between two actors no frame knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from spacy.language import Language

from dateline.annotate.events import syntax
from dateline.annotate.events.lexicon import verb_table
from dateline.annotate.events.parties import acts
from dateline.annotate.layers import layers_of, sentences_of

BATCH = 16
PLAIN = frozenset({"say", "tell", "be", "have", "do", "said", "says", "told", "is", "was", "were", "has", "had"})


def count(nlp: Language, texts: Iterable[str]) -> tuple[Counter[str], Counter[str], int, int]:
    """Return types read, verbs missed, number of sentences, and how many of them hold an event."""
    read: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    sentences = with_event = 0
    for doc in nlp.pipe(texts, batch_size=BATCH):
        events = layers_of(doc).events
        read.update(event.event_type for event in events)
        with_event += len({event.sentence for event in events})
        sentences += len(sentences_of(doc))
        for token in doc:
            if not syntax.is_verb(token) or token.lower_ in verb_table() or token.lower_ in PLAIN:
                continue
            if any(acts(t) for t in syntax.subjects(token)) and any(acts(t) for t in syntax.objects(token)):
                missed[token.lower_] += 1
    return read, missed, sentences, with_event
