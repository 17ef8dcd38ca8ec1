"""Tell what stands in a text without being told: what is only allowed, charged, not proved, or to come before something else."""

from __future__ import annotations

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.irreal import STEPS, in_condition, is_fact
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.status import is_negated
from dateline.annotate.events.tables import classes

LETTING = frozenset({"let", "lets", "letting", "help", "helps", "see", "sees", "watch", "make", "makes"})
CHARGED = frozenset(
    {
        "arrested",
        "detained",
        "held",
        "charged",
        "wanted",
        "sought",
        "suspected",
        "investigated",
        "tried",
        "sued",
        "questioned",
        "indicted",
        "prosecuted",
        "remanded",
        "accused",
        "pleaded",
        "pleads",
        "extradited",
    }
)  # what somebody is charged with is not told to be so
CHARGE_LINKS = frozenset({"for", "with", "of", "over", "to"})
LATER = frozenset({"once", "when", "after", "as"})  # "will resume aid once Niger frees him"
FREE = frozenset({"what", "whatever", "whoever"})
VAGUE_PEOPLE = frozenset({"those", "anyone", "anybody", "everyone", "everybody", "all"})


def is_untold(verb: Token) -> str | None:
    """Say why what a verb tells is not told to be so, or None."""
    if is_permitted(verb):
        return "only allowed, in a clause that is no fact"
    if is_charged(verb):
        return "a charge"
    if is_unproved(verb):
        return "nothing is seen of it"
    if is_awaited(verb):
        return "still to come when something else is done"
    if verb.tag_ in {"VBZ", "VBP"} and any(c.lower_ in FREE and c.dep_ == "dobj" for c in verb.lefts):
        return "whatever it is"
    return None


def is_permitted(verb: Token) -> bool:
    """Say whether a bare infinitive hangs on "let", "help" or "see" in a clause that is no fact: "refused to let them join"."""
    at = verb
    for _ in range(STEPS):
        if at.tag_ not in {"VB", "VBP"} or any(c.tag_ in {"TO", "MD"} for c in at.lefts):
            return False
        head = at.head
        if at.dep_ in {"ccomp", "xcomp"} and head.lower_ in LETTING:
            if any(c.tag_ == "MD" for c in head.lefts) or is_negated(head) or in_condition(head):
                return True
            wanted = any(c.tag_ == "TO" for c in head.lefts) or (head.dep_ == "conj" and head.tag_ == "VB")
            return wanted and not is_fact(head)
        if at.dep_ != "conj" or head.i == at.i:
            return False
        at = head
    return False


def is_charged(verb: Token) -> bool:
    """Say whether a gerund says what somebody is charged with: "held for bringing radios", "charged with killing two"."""
    if verb.tag_ != "VBG":
        return False
    at = verb
    while at.dep_ == "conj" and at.head.tag_ == "VBG":
        at = at.head
    return at.dep_ == "pcomp" and at.head.lower_ in CHARGE_LINKS and at.head.head.lower_ in CHARGED


def is_unproved(verb: Token) -> bool:
    """Say whether a clause hangs on a proof or a sign that there is not: "saw no sign that Libya had stopped"."""
    at = verb
    for _ in range(STEPS):
        hangs = at.dep_ in {"acl", "relcl", "ccomp"}
        if hangs and noun_lemma(at.head) in classes()["guesses"] and any(c.lower_ == "that" for c in at.lefts):
            return at.head.tag_.startswith("NN")  # "fears that Ethiopia had invaded"
        if hangs and noun_lemma(at.head) in classes()["proofs"]:
            proof = at.head
            if any(c.lower_ in {"no", "little", "scant", "any", "insufficient"} for c in proof.lefts):
                return True
            return syntax.is_verb(proof.head) and is_negated(proof.head)
        if at.dep_ not in {"conj", "xcomp", "ccomp"} or at.head.i == at.i:
            return False
        at = at.head
    return False


def is_awaited(verb: Token) -> bool:
    """Say whether a clause of time tells what is still to come: "will resume aid once Niger frees him", "before it had fired"."""
    at = verb
    while at.dep_ == "conj" and at.head.i != at.i and not any(c.dep_ in syntax.SUBJECTS for c in at.lefts):
        at = at.head
    if at.dep_ != "advcl":
        return False
    marks = {c.lower_ for c in at.lefts if c.dep_ in {"mark", "advmod"}}
    helpers = {c.lower_ for c in at.lefts if c.dep_ in {"aux", "auxpass"}}
    if "before" in marks:
        return "had" in helpers and at.tag_ == "VBN"
    present = at.tag_ in {"VBZ", "VBP"} or (at.tag_ == "VBN" and bool(helpers & {"has", "have", "is", "are"}))
    return present and bool(marks & LATER) and any(c.tag_ == "MD" for c in at.head.lefts)


def befell_anybody(verb: Token) -> bool:
    """Say whether a relative clause only says who is meant: "to free those who had been detained"."""
    return verb.dep_ == "relcl" and verb.head.lower_ in VAGUE_PEOPLE and syntax.is_passive(verb)
