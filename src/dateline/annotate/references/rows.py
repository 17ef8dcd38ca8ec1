"""Find names that stand in a row as one subject: "France, Germany and Britain said they would stay"."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from dateline.annotate.references.figures import SUBJECTS, Cast, Figure

_NAMED = frozenset(["GPE", "ORG", "NORP", "PERSON"])
_MOST = 8  # names of one row: more are a list, and no "they"


def find_rows(doc: Doc, cast: Cast) -> None:
    """Add the rows of named subjects to the cast: whom "they" means, of whom none alone is meant."""
    for token in doc:
        if token.dep_ not in SUBJECTS or token.ent_type_ not in _NAMED:
            continue
        members = _row(token)
        if not 1 < len(members) <= _MOST or any(member.ent_type_ not in _NAMED for member in members):
            continue
        row = Figure(name=None, keys=(), sort="plural", reason="several", members=tuple(m.i for m in members))
        cast.mention(cast.add(("row", token.i), row), token.idx, token.idx + len(token))


def _row(first: Token) -> list[Token]:
    """Return a noun and those joined to it, in order."""
    found = [first]
    while len(found) <= _MOST:
        joined = next((c for c in found[-1].rights if c.dep_ == "conj" and c.tag_.startswith("NN")), None)
        if joined is None:
            break
        found.append(joined)
    return found
