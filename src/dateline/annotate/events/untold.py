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
DEMANDING = frozenset(
    {
        "demand",
        "demanded",
        "demanding",
        "demands",
        "insist",
        "insisted",
        "ask",
        "asked",
        "urged",
        "recommended",
        "proposed",
        "suggested",
        "requested",
        "recommends",
        "urges",
        "insists",
    }
)
PROVIDING = frozenset(
    {"allows", "allow", "requires", "require", "permits", "permit", "enables", "enable", "entitles", "empowers"}
)
SHOWING = frozenset({"show", "shows", "showed", "suggest", "suggests", "suggested", "found", "finds", "find"})
POLLS = frozenset({"poll", "polls", "survey", "surveys", "pollster", "pollsters"})
VAGUE_PEOPLE = frozenset({"those", "anyone", "anybody", "everyone", "everybody", "all"})


def is_untold(verb: Token) -> str | None:  # noqa: PLR0911 (one case after another)
    """Say why what a verb tells is not told to be so, or None."""
    if is_permitted(verb):
        return "only allowed, in a clause that is no fact"
    if is_charged(verb):
        return "a charge"
    if is_unproved(verb):
        return "nothing is seen of it"
    if is_awaited(verb):
        return "still to come when something else is done"
    if is_bidden(verb):
        return "what is demanded or provided for"
    if is_polled(verb):
        return "what people think, by a poll"
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
    return present and bool(marks & LATER) and _is_ahead(at.head)


def _is_ahead(verb: Token) -> bool:
    """Say whether a clause is of what will, must or may be."""
    for _ in range(STEPS):
        if any(c.tag_ == "MD" for c in verb.lefts):
            return True
        if verb.dep_ not in {"conj", "xcomp", "ccomp"} or verb.tag_ != "VB" or verb.head.i == verb.i:
            return False
        verb = verb.head
    return False


def is_bidden(verb: Token) -> bool:
    """Say whether a clause is what somebody demands or a paper provides for: "demanded that they be tried", "allows them to visit"."""
    at = verb
    while at.dep_ == "conj" and at.head.i != at.i and not any(c.dep_ in syntax.SUBJECTS for c in at.lefts):
        at = at.head
    if at.dep_ not in {"ccomp", "xcomp"}:
        return False
    helpers = {c.lower_ for c in at.lefts if c.dep_ in {"aux", "auxpass"}}
    if "to" in helpers:
        return at.head.lower_ in PROVIDING
    bare = helpers <= {"be", "not"} and (at.tag_ == "VB" or (at.tag_ == "VBN" and "be" in helpers))
    return bare and at.head.lower_ in DEMANDING


def is_polled(verb: Token) -> bool:
    """Say whether a clause tells what people think, by a poll: "polls show that most Swiss oppose it"."""
    verb = verb.head if verb.dep_ == "aux" else verb
    for said in (
        verb.head if verb.dep_ == "ccomp" else None,
        *(c for c in verb.children if c.dep_ in {"ccomp", "parataxis"}),
    ):
        if said is not None and said.lower_ in SHOWING:
            subject = next((c for c in said.lefts if c.dep_ == "nsubj"), None)
            return subject is not None and subject.lower_ in POLLS
    return False


def befell_anybody(verb: Token) -> bool:
    """Say whether a relative clause only says who is meant: "to free those who had been detained"."""
    return verb.dep_ == "relcl" and verb.head.lower_ in VAGUE_PEOPLE
