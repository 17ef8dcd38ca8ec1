"""Read answers that leave out their verb: "Chad asked them to go; Libyan officials said they would not"."""

from __future__ import annotations

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.frames import Frame
from dateline.annotate.events.parties import acts
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.status import NEGATIONS, SPEECH

HELPERS = frozenset({"would", "will", "wo"})
OWN = frozenset({"it", "he", "she", "they", "we", "i"})
SHORT = frozenset({"nsubj", "neg", "punct", "mark", "advmod"})  # what may hang on a verb that is left out


def is_short(helper: Token) -> bool:
    """Say whether a helper stands for a whole clause that somebody says."""
    return helper.tag_ == "MD" and helper.dep_ == "ccomp" and helper.head.lower_ in SPEECH


def refused(helper: Token) -> Reading | None:
    """Read "said they would not" as the refusal that it is; "said they would" agrees to what only the passage knows."""
    if not is_short(helper) or any(c.dep_ not in SHORT for c in helper.children):
        return None
    subject = next((c for c in helper.lefts if c.dep_ == "nsubj"), None)
    denied = any(c.lower_ in NEGATIONS for c in helper.rights)
    speaker = syntax.surface_subject(helper.head)
    if subject is None or subject.lower_ not in OWN or not denied or speaker is None or not acts(speaker):
        return None
    name = "answer.bare/REJECT"
    frame = Frame(name, (helper.lower_,), "verb", (), (), (), False, "REJECT", None, "120", "", "", "answers", 0)
    words = [helper, *(c for c in helper.rights if c.lower_ in NEGATIONS)]
    return Reading(
        "REJECT", None, "120", words, syntax.with_conjuncts(speaker), [], False, frame, [name],
        clause=helper, used={helper.i}, times={helper.i, helper.head.i}, tense="past",
    )  # fmt: skip
