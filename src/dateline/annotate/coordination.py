"""Hang a joined verb on the one it goes with: "said that they would stay, and called on Chad" calls, it does not stay.

The parser joins a verb behind "and" to the nearest one, which may stand in what is told or set as a condition. Tense,
helping verbs and what kind of word it is show where it cannot stand there: who speaks goes on to speak.
"""

from __future__ import annotations

import numpy as np
from spacy.attrs import DEP, TAG
from spacy.tokens import Doc, Token

from dateline.annotate.events.lexicon import verb_lemma
from dateline.annotate.events.tables import classes

CLAUSES = frozenset({"ccomp", "advcl", "pcomp", "relcl", "acl", "prep"})
FINITE = ("VBD", "VBN", "VBZ")
SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl"})
HELPERS = frozenset({"aux", "auxpass"})
PERFECT = frozenset({"has", "have", "had", "'ve", "’ve"})
PROVISOS = frozenset({"if", "unless"})
STATES = frozenset({"was", "were", "been", "is", "are", "be", "had", "has"})
STEPS = 8


def hang_joined(doc: Doc) -> None:
    """Mend the heads of joined verbs of a parsed text."""
    strings = doc.vocab.strings
    columns = doc.to_array([DEP, TAG])
    joined = (columns[:, 0] == strings["conj"]) & np.isin(columns[:, 1], [strings[tag] for tag in FINITE])
    for at in np.flatnonzero(joined).tolist():
        verb = doc[at]
        home = _home(verb)
        if home is not None and home.i != verb.head.i and not verb.is_ancestor(home):
            verb.head = home


def _home(verb: Token) -> Token | None:
    """Return the verb that a joined one goes with, None where that is the one the parser joined it to."""
    inner = _first(verb)
    if inner is None or inner.dep_ not in CLAUSES:
        return None
    if any(c.dep_ in SUBJECTS for c in verb.lefts):
        return _told_beside(inner) if any(c.lower_ == "that" and c.dep_ == "mark" for c in verb.lefts) else None
    helpers = [c for c in verb.lefts if c.dep_ in HELPERS]
    if helpers:
        return _of_same_helper(inner, helpers[0])
    if verb.tag_ != "VBD":
        return None
    if inner.dep_ == "relcl":
        return _assault(verb, inner)
    home = _finite_over(inner)
    return home if home is not None and _is_apart(verb, inner) else None


def _first(verb: Token) -> Token | None:
    """Return the first of the verbs in a row that a joined one stands in."""
    at = verb.head
    for _ in range(STEPS):
        if at.dep_ != "conj":
            return at
        at = at.head
    return None


def _told_beside(inner: Token) -> Token | None:
    """Return the clause that one with a "that" of its own stands beside: "said that it was ready if …, and that he had met"."""
    if any(c.lower_ == "that" and c.dep_ == "mark" for c in inner.lefts):
        return None
    return next(
        (a for a in _over(inner) if a.dep_ == "ccomp" and any(c.lower_ == "that" and c.dep_ == "mark" for c in a.lefts)),
        None,
    )  # fmt: skip


def _of_same_helper(inner: Token, helper: Token) -> Token | None:
    """Return the verb above with the same helper, where the inner has none: "has offered to stop if …, and has agreed"."""
    if helper.lower_ not in PERFECT or any(c.lower_ in PERFECT and c.dep_ in HELPERS for c in inner.lefts):
        return None
    return next(
        (a for a in _over(inner) if any(c.dep_ in HELPERS and c.lower_ == helper.lower_ for c in a.lefts)
         and any(c.dep_ in SUBJECTS for c in a.lefts)),
        None,
    )  # fmt: skip


def _assault(verb: Token, inner: Token) -> Token | None:
    """Return who fired rather than who is told of: "opened fire on people who threw stones and killed two"."""
    known = classes()
    home = _finite_over(inner)
    if home is None or verb.lower_ not in known["harmed"] or inner.lower_ in known["harmed"] | known["attacked"]:
        return None
    return home if home.lower_ in known["attacked"] else None


def _finite_over(inner: Token) -> Token | None:
    """Return the nearest verb above that stands before, in the past tense and with a subject."""
    return next(
        (a for a in _over(inner) if a.tag_ == "VBD" and a.i < inner.i and any(c.dep_ in SUBJECTS for c in a.lefts)),
        None,
    )


def _over(inner: Token) -> list[Token]:
    found, at = [], inner
    for _ in range(STEPS):
        if at.head.i == at.i:
            break
        at = at.head
        found.append(at)
    return found


def _is_apart(verb: Token, inner: Token) -> bool:
    """Say whether a verb in the simple past cannot go with one in what is told, or hardly does."""
    comma = _after_comma(verb)
    if any(c.dep_ == "aux" and c.tag_ == "MD" for c in inner.lefts):  # "would stay, and called"
        passive = any(c.dep_ == "auxpass" for c in inner.lefts)
        return verb.lower_ != verb_lemma(verb) and (comma or not passive)
    if verb.lower_ not in classes()["voiced"]:
        return False
    if any(c.lower_ in PROVISOS and c.dep_ == "mark" for c in inner.lefts):  # "if Serbia stayed away, and urged"
        return True
    if inner.dep_ != "ccomp":
        return False
    if inner.lower_ in STATES:  # "said that Chad was a friend and promised"
        return True
    return comma and inner.lower_ not in classes()["voiced"]


def _after_comma(verb: Token) -> bool:
    before = verb.doc[max(verb.i - 4, 0) : verb.i]
    conjunction = next((t for t in reversed(before) if t.lower_ in {"and", "but"}), None)
    return conjunction is not None and conjunction.i > 0 and conjunction.nbor(-1).text == ","
