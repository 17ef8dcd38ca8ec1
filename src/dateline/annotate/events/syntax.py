"""Find the places of a clause in a dependency parse: logical subject and object, prepositional phrases, control.

Everything here answers with head tokens; parties.py makes noun phrases of them. All walks are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from dateline.annotate.events.displaced import after_particle, after_predicate, so_called
from dateline.annotate.events.lexicon import noun_lemma, verb_lemma
from dateline.annotate.events.tables import classes
from dateline.annotate.layers import sentence_of

MOST_STEPS = 8  # how far control and chains are followed
MOST_CONJUNCTS = 6  # of one list: a longer one is an enumeration, not an actor
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "expl"})
VERBAL = frozenset({"VERB", "AUX"})
VERB_TAGS = frozenset({"VB", "VBD", "VBG", "VBN", "VBP", "VBZ"})
RELATIVE = frozenset({"who", "which", "that", "whom"})
SUBJECT_CONTROL = frozenset({"promise", "threaten", "vow", "pledge", "offer", "agree", "refuse", "decline", "meet"})
PURPOSE = frozenset({"use", "take", "spend", "seize", "exploit", "need", "hold", "call", "give", "sign"})
REFLEXIVES = frozenset({"himself", "herself", "itself", "themselves", "myself", "ourselves", "yourself"})
HANDS = frozenset({"hands", "behest", "orders", "hand", "instigation"})  # "at the hands of": whose act it was
SUBJUNCTIVE = frozenset({"demand", "urge", "insist", "request", "ask", "recommend", "propose"})

ISSUING = frozenset(  # what is done with a text that then speaks for whoever does it
    "pass adopt approve issue publish release sign write send endorse back circulate file lodge submit enact".split()  # noqa: SIM905
)
WHEN = frozenset({"DATE", "TIME"})


def is_verb(token: Token) -> bool:
    """Say whether the tagger sees a verb form."""
    return token.tag_ in VERB_TAGS


def is_noun(token: Token) -> bool:
    """Say whether a token can head a noun phrase."""
    return token.tag_.startswith(("NN", "PRP", "CD", "DT", "WP", "JJ")) and token.tag_ != "PRP$"


def is_passive(verb: Token) -> bool:
    """Say whether a verb form is passive, in a clause or as a participle after a noun."""
    if any(child.dep_ in {"auxpass", "nsubjpass"} for child in verb.children):
        return True
    if verb.tag_ != "VBN":
        return False
    if verb.dep_ == "conj" and verb.head.dep_ != "conj" and is_verb(verb.head):
        if any(child.dep_ in {"aux", "dobj"} for child in verb.children):
            return False
        own = any(child.dep_ == "nsubj" for child in verb.children)
        ahead = any(child.tag_ == "MD" for child in verb.head.lefts)  # "would be freed and the soldiers withdrawn"
        return is_passive(verb.head) and (
            not own or ahead or verb.head.dep_ == "ROOT"
        )  # "50 were killed and 70 wounded"
    if verb.dep_ in {"acl", "amod"}:
        return True
    return verb.dep_ in {"advcl", "ROOT", "ccomp"} and not any(
        c.dep_ in {"aux", "nsubj", "dobj"} for c in verb.children
    )


def antecedent(token: Token) -> Token:
    """Return the noun that a relative pronoun stands for, else the token itself."""
    if token.lower_ in RELATIVE and token.tag_ in {"WP", "WDT", "IN", "DT"}:
        for ancestor in _up(token):
            if ancestor.dep_ == "relcl" or (ancestor.dep_ == "acl" and ancestor.tag_ in {"VBD", "VBZ", "VBP"}):
                return _meant(ancestor.head)
    return token


def _meant(noun: Token) -> Token:
    """Return the subject that a predicate noun speaks of: "Chad is the country that …"."""
    if noun.dep_ == "attr" and any(c.lower_ in {"the", "one"} for c in noun.lefts):
        subject = next((c for c in noun.head.children if c.dep_ == "nsubj" and c.lower_ not in {"it", "this"}), None)
        if subject is not None and subject.tag_ in {"NNP", "NNPS", "PRP"}:
            return subject
    return noun


def _up(token: Token) -> Iterator[Token]:
    for _ in range(MOST_STEPS):
        if token.head.i == token.i:
            return
        yield token
        token = token.head
    return


def with_conjuncts(token: Token) -> list[Token]:
    """Return a token and those joined to it by "and", in order."""
    found = [token]
    at = token
    while len(found) < MOST_CONJUNCTS:
        joined = next((c for c in at.children if c.dep_ == "conj" and is_noun(c)), None)
        if joined is None:
            break
        found.append(joined)
        at = joined
    return found


def surface_subject(verb: Token, depth: int = 0) -> Token | None:
    """Return the subject that stands, or is understood, before a verb."""
    for child in verb.children:
        if child.dep_ in {"nsubj", "nsubjpass"}:
            found = antecedent(child)
            if found.i != child.i and noun_lemma(found) in classes()["texts"] and verb_lemma(found.head) in ISSUING:
                return holder(found, depth) or found  # "issued a letter that condemned …"
            return found
        if child.dep_ == "auxpass":  # "was heavily and unjustly criticised": the subject hangs on the auxiliary
            astray = next((c for c in child.children if c.dep_ == "nsubj"), None)
            if astray is not None:
                return astray
    return None if depth > MOST_STEPS else _swallowed_subject(verb) or _understood(verb, depth + 1)


def _swallowed_subject(verb: Token) -> Token | None:
    """Find the subject that the parser hung on a phrase before it: "in the district of Osh the governor condemned the raid"."""
    if verb.tag_ not in {"VBD", "VBZ"} or verb.dep_ not in {"ROOT", "ccomp"}:
        return None
    for phrase in verb.lefts:
        if phrase.dep_ != "prep":
            continue
        for token in phrase.subtree:
            before = token.left_edge.i - 1
            if (
                token.dep_ == "appos"
                and token.tag_.startswith("NN")
                and verb.doc[before].text not in {",", "(", "–", "—"}
            ):
                return token
    return None


def _understood(verb: Token, depth: int) -> Token | None:  # noqa: PLR0911, PLR0912
    head, dep = verb.head, verb.dep_
    if head.i == verb.i:
        return None
    if dep in {"acl", "relcl"}:
        if verb.tag_ == "VBG" and noun_lemma(head) in classes()["texts"] and verb_lemma(head.head) in ISSUING:
            return holder(head, depth) or head  # "passed a resolution deploring …"
        if verb.tag_ == "VBG" or is_passive(verb):
            return head
        return holder(head, depth)
    if dep == "pcomp":
        return _around_preposition(head, depth)
    if dep == "amod":
        return head
    if (
        dep == "conj"
        and verb.tag_ == "VBD"
        and head.dep_ == "ccomp"
        and head.head.tag_ == "VBD"
        and head.head.i < head.i
    ):
        wanted = verb_lemma(head.head) in SUBJUNCTIVE  # "demanded that they disarm and threatened them"
        if wanted or any(
            c.dep_ in {"aux", "auxpass"} for c in head.lefts
        ):  # "said that they had spoken and called on …"
            return surface_subject(head.head, depth)
    above = _over_what_is_told(verb)
    if above is not None:
        return surface_subject(above, depth)
    earlier = earlier_infinitive(verb)
    if earlier is not None:
        return surface_subject(earlier, depth)
    if dep in {"conj", "advcl", "xcomp", "ccomp", "dobj", "dep", "pobj", "oprd", "parataxis", "prep"}:
        if dep == "pobj":
            return _around_preposition(head, depth)
        if is_verb(head) or head.pos_ in VERBAL:
            if dep in {"xcomp", "ccomp"} and not is_passive(head) and verb_lemma(head) not in SUBJECT_CONTROL:
                told = next((c for c in head.children if c.dep_ in {"dobj", "dative"} and c.i < verb.i), None)
                if told is not None and is_noun(told) and verb.tag_ == "VB" and verb_lemma(head) not in PURPOSE:
                    return told
            return surface_subject(head, depth)
        if dep in {"conj", "ccomp"}:
            return holder(head, depth)
        if dep == "xcomp":  # "ready to", "likely to"
            return surface_subject(head.head, depth) if head.head.i != head.i else None
    return None


def _over_what_is_told(verb: Token) -> Token | None:
    """Return the main verb that one behind "but" goes with: "welcomed the fact that he had been tried but repeated its objection"."""
    told = verb.head
    contrast = any(c.dep_ == "cc" and c.lower_ in {"but", "yet"} for c in told.children)
    if verb.dep_ != "conj" or verb.tag_ not in {"VBD", "VBZ"} or not contrast or told.dep_ not in {"acl", "ccomp"}:
        return None
    earlier = {c.tag_ for c in told.lefts if c.dep_ in {"aux", "auxpass"}}
    if verb.tag_ not in earlier:  # "had freed him but rejected": the verb of the fact is told with another one's tense
        return None
    fitting = [a for a in _up(told.head) if a.tag_ == verb.tag_ and any(c.dep_ == "nsubj" for c in a.children)]
    root = sentence_of(verb).root
    if root.tag_ == verb.tag_ and any(c.dep_ == "nsubj" for c in root.children):
        fitting.append(root)
    return fitting[-1] if fitting else None


def earlier_infinitive(verb: Token) -> Token | None:
    """Return the infinitive that another one is joined to: in "prompting him to stop and, later, to sign" the parser errs."""
    joined = verb.dep_ == "conj" or (
        verb.dep_ == "advcl"
        and any(t.dep_ == "cc" for t in verb.doc[max(verb.i - 8, sentence_of(verb).start) : verb.i])
    )
    if not joined or not _infinitive(verb) or _infinitive(verb.head):
        return None
    return next(
        (t for t in reversed(verb.doc[sentence_of(verb).start : verb.i]) if is_verb(t) and _infinitive(t)), None
    )


def _infinitive(verb: Token) -> bool:
    return any(child.tag_ == "TO" for child in verb.lefts)


def _around_preposition(preposition: Token, depth: int) -> Token | None:
    governor = preposition.head
    if is_verb(governor):
        told = next((c for c in governor.children if c.dep_ == "dobj"), None)
        if told is not None and preposition.lower_ in {"of", "from", "for", "into"} and is_noun(told):
            return told
        return surface_subject(governor, depth)
    return holder(governor, depth)


def holder(noun: Token, depth: int = 0) -> Token | None:
    """Return who has an act noun: its possessor, or the subject of the verb that governs it ("made a pledge")."""
    owner = next((c for c in noun.children if c.dep_ == "poss"), None)
    if owner is not None:
        return owner
    if depth > MOST_STEPS:
        return None
    if noun.dep_ in {"dobj", "attr", "acomp", "oprd"} and (is_verb(noun.head) or noun.head.pos_ in VERBAL):
        return surface_subject(noun.head, depth + 1)
    if noun.dep_ == "pobj":
        return _around_preposition(noun.head, depth + 1)
    if noun.dep_ == "conj":
        return holder(noun.head, depth + 1)
    return None


def subjects(verb: Token) -> list[Token]:
    """Return the logical subjects: the agent of a passive, else the surface subject with its conjuncts."""
    if is_passive(verb):
        return agents(verb)
    found = surface_subject(verb)
    return with_conjuncts(found) if found is not None else []


def agents(verb: Token) -> list[Token]:
    """Return who a "by" phrase names."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            for noun in child.children:
                if noun.dep_ == "pobj" and noun.ent_type_ not in {"DATE", "TIME"}:
                    return with_conjuncts(noun)
        if child.lower_ in {"at", "on"} and child.dep_ == "prep":
            whose = next((n for n in child.children if n.dep_ == "pobj" and n.lower_ in HANDS), None)
            if whose is not None:
                owners = [p for c in whose.children if c.lower_ == "of" for p in c.children if p.dep_ == "pobj"]
                return [n for owner in owners for n in with_conjuncts(owner)]
    # the parser often hangs "by" on the noun before it
    for noun in _objects_after(verb):
        for child in noun.children:
            if child.dep_ in {"prep", "agent"} and child.lower_ == "by":
                return [n for p in child.children if p.dep_ == "pobj" for n in with_conjuncts(p)]
    return []


def _objects_after(verb: Token) -> list[Token]:
    found = []
    for child in verb.children:
        if child.dep_ in {"dobj", "attr", "oprd"}:
            found.append(child)
        elif child.dep_ == "prep":
            found += [p for p in child.children if p.dep_ == "pobj"]
    return found


def direct_objects(verb: Token) -> list[Token]:  # noqa: PLR0911, PLR0912
    """Return the surface direct object of an active verb, shared objects of coordinated verbs included."""
    for child in verb.children:
        if child.dep_ == "dobj" and not (child.tag_ == "NNP" and child.ent_type_ in WHEN):  # "detonated Friday"
            if child.lower_ == "dead":  # "shot another Palestinian dead"
                named = [c for c in child.lefts if c.dep_ in {"amod", "compound", "nmod"}]
                return named[-1:] or [child]
            return with_conjuncts(antecedent(child))
    for child in verb.children:
        if child.dep_ in {"oprd", "attr"} and verb.tag_ != "VBN" and is_noun(child) and child.tag_ != "JJ":
            return with_conjuncts(child)
    for child in verb.children:
        if child.dep_ == "conj" and is_verb(child) and not any(c.dep_ in SUBJECTS for c in child.children):
            between = any(c.dep_ in {"prep", "ccomp", "xcomp"} and c.i < child.i for c in verb.children)
            shared = next((c for c in child.children if c.dep_ == "dobj"), None)
            if shared is not None and not between:
                return with_conjuncts(shared)
    if verb.dep_ == "relcl" and not is_passive(verb):
        subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        where = any(c.lower_ in {"where", "when", "why", "how"} for c in verb.children)
        where = where or any(  # "a declaration in which they agreed to …"
            g.tag_ in {"WDT", "WP"} for c in verb.children if c.dep_ == "prep" for g in c.children
        )
        if subject is not None and subject.tag_ not in {"WP", "WDT"} and not where:
            return [verb.head]
    for child in verb.children:  # "released four men being held": the parser makes a clause of the object
        loose = (
            child.dep_ == "ccomp" and child.tag_ in {"VBG", "VBN"} and not any(c.dep_ == "mark" for c in child.children)
        )
        if loose and not any(c.dep_ == "aux" and c.tag_ in {"VBZ", "VBP", "VBD", "MD"} for c in child.children):
            inside = next((c for c in child.children if c.dep_ in {"nsubj", "nsubjpass"} and c.i > verb.i), None)
            if inside is not None:
                return with_conjuncts(inside)
    for child in verb.children:  # "hold Chad accountable", "considers the law illegal": a small clause
        if child.dep_ in {"ccomp", "xcomp"} and child.tag_.startswith("JJ") and child.i > verb.i:
            inside = next((c for c in child.children if c.dep_ in {"nsubj", "nsubjpass"} and c.i > verb.i), None)
            if inside is not None:
                return with_conjuncts(inside)
    late = None if is_passive(verb) else after_predicate(verb) or so_called(verb) or after_particle(verb)
    if late is not None:
        return with_conjuncts(late)
    # "shot dead three protesters", "set free two men": the object after a predicate adjective
    for child in verb.children:
        if (
            child.dep_ in {"acomp", "ccomp", "advcl"}
            and child.lower_ in {"dead", "free", "open"}
            and not _infinitive(child)
        ):
            return [n for c in child.children if c.dep_ in {"dobj", "nsubj", "npadvmod"} for n in with_conjuncts(c)]
    return []


def objects(verb: Token) -> list[Token]:
    """Return the logical objects: the subject of a passive, else the direct object."""
    if is_passive(verb):
        if verb.dep_ == "amod":
            return [verb.head]
        found = surface_subject(verb)
        return with_conjuncts(found) if found is not None else []
    return direct_objects(verb)


def indirect_objects(verb: Token) -> list[Token]:
    """Return to whom something is given: a dative, or the first of two objects."""
    for child in verb.children:
        if child.dep_ == "dative" and is_noun(child):
            return with_conjuncts(child)
        if child.dep_ == "dative" and child.tag_ in {"IN", "TO"}:
            return [n for p in child.children if p.dep_ == "pobj" for n in with_conjuncts(p)]
    return []


def real_head(noun: Token) -> Token:
    """Return the noun that a quantity or partitive is one of: "billions of dollars in tariffs" → tariffs."""
    at, parts = noun, classes()["quantities"]
    for _ in range(3):
        if at.tag_ not in {"CD", "DT"} and at.lower_ not in parts and noun_lemma(at) not in parts:
            return at
        inside = next(
            (
                n
                for c in at.children
                if c.dep_ == "prep" and c.lower_ in {"of", "in"}
                for n in c.children
                if n.dep_ == "pobj"
            ),
            None,
        )
        if inside is None:
            return at
        at = inside
    return at


def is_parted(verb: Token, other: Token) -> bool:
    """Say whether a semicolon stands between two verbs."""
    first, last = min(verb.i, other.i), max(verb.i, other.i)
    return any(t.text == ";" for t in verb.doc[first:last])
