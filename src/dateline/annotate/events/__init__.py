"""Read who did what to whom: frames over the dependency parse, composed, with modality, time, place and confidence.

tables.py reads data files ─► frames.py the senses ─► syntax.py places in a clause ─► reader.py one predicate, composed
─► parties.py whole noun phrases and their actors ─► circumstance.py when and where ─► coder.py the records
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.events.coder import code_events

NAME = "dateline_events"


@Language.component(NAME)
def events_component(doc: Doc) -> Doc:
    """Read the events of a text into its layers."""
    code_events(doc)
    return doc
