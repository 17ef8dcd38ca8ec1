"""Tell what a text does not say to be so: conditions, wishes and orders, questions, and what is true of everybody at any time."""

from __future__ import annotations

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.tables import classes
from dateline.annotate.layers import sentence_of

CONDITIONS = frozenset({"if", "unless", "whether", "lest", "until", "should", "provided", "providing"})
INVERTED = frozenset({"were", "had", "should"})  # "Were Chad to attack …", "Had Chad attacked …"
PROVISOS = frozenset({"provided", "providing", "supposing", "assuming"})
OPENS = frozenset({"mark", "prep", "dep", "pcomp", "advcl"})  # how the parser hangs "provided"
CONDITION_MARKS = frozenset({"if", "unless"})
SOFTENERS = frozenset({"as", "wonder", "ask", "asked"})  # "as if": a likeness; "asked if": a question told
UNREAL = frozenset({"would", "'d", "’d", "could", "might"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
BEFORE_ORDERS = frozenset({"RB", "UH", "CC", ":", ",", "``", "''", "-LRB-", "_SP", "."})  # tags that may open an order
OPENERS = frozenset({"so", "then", "please", "do", "n't", "n’t", "not", "but", "and"})
NAMED = frozenset({"GPE", "NORP", "PERSON", "ORG", "DATE", "TIME", "FAC", "LOC", "EVENT", "CARDINAL"})
GENERIC_DETERMINERS = frozenset({"a", "an", "any", "every", "most", "many", "some", "all"})
INDEFINITE = frozenset({"a", "an", "any", "anyone", "anybody", "whoever", "someone", "somebody", "those", "every"})
PERHAPS = frozenset({"perhaps", "maybe", "possibly", "conceivably", "presumably"})
BEING = frozenset({"is", "are", "was", "were", "'s", "’s", "'re", "’re", "am"})
ANSWERS = frozenset({"answer", "response", "reply", "reaction", "retort", "riposte"})
RANKS = frozenset({"first", "second", "third", "last", "latest", "only", "next"})
EXCLUDED_AUX = frozenset({"MD", "VBD", "VBN"})
EACH = frozenset({"a", "every", "each"})
STEPS = 6
LOOK_BACK = 30  # tokens from a verb to the "if" before it
OPENING = 4  # tokens at the beginning of a sentence in which an inverted condition may open


def in_condition(verb: Token) -> bool:
    """Say whether a verb stands in an if-clause, an inverted condition, or what hangs on one."""
    if _after_if(verb) or _inverted(verb):
        return True
    at = verb
    for _ in range(4):
        if at.dep_ == "ccomp" and at.head.lower_ in PROVISOS and at.head.tag_ in {"VBN", "VBG"}:
            return at.head.dep_ != "conj"  # "may open talks, provided it frees its hostages"
        if at.dep_ in {"advcl", "ccomp", "csubj", "pcomp"} and any(
            c.dep_ in {"mark", "advmod"} and c.lower_ in CONDITIONS for c in at.lefts
        ):
            return True
        if at.dep_ not in {"conj", "xcomp", "advcl"} or at.head.i == at.i:
            return False
        at = at.head
    return False


def has_condition(verb: Token) -> bool:
    """Say whether a condition hangs on a verb, or opens its sentence."""
    at = verb
    for _ in range(STEPS):
        for child in at.children:
            if child.dep_ != "advcl":
                continue
            if any(m.lower_ in CONDITIONS and m.dep_ in {"mark", "advmod"} for m in child.children):
                return True
            if _inverted(child):
                return True
        if at.dep_ not in {"conj", "xcomp"} or at.head.i == at.i:
            break
        at = at.head
    first = sentence_of(verb)[:OPENING]
    return any(t.lower_ in CONDITION_MARKS for t in first) and not in_condition(verb)


def _after_if(verb: Token) -> bool:
    """Say whether "if" stands before a verb with no other finite verb and no comma between: the parser may miss it."""
    beginning = sentence_of(verb).start
    start = max(beginning, verb.i - LOOK_BACK)
    for token in reversed(verb.doc[start : verb.i]):
        if token.lower_ in CONDITION_MARKS:
            before = token.nbor(-1).lower_ if token.i > beginning else ""
            return before not in SOFTENERS
        if token.lower_ in PROVISOS and _is_proviso(token):
            return True
        if token.text in {",", ";", ":", "—", "–"}:
            return False
        if token.tag_ in FINITE and token.head.i != verb.i:
            return False
    return False


def _is_proviso(word: Token) -> bool:
    """Say whether "provided" opens a condition: "provided it frees them", not "provided three ships"."""
    if word.dep_ in {"ROOT", "acl", "relcl", "amod"} or word.i + 2 > len(word.doc):
        return False
    if any(c.dep_ in {"nsubj", "nsubjpass", "aux", "auxpass"} for c in word.lefts):
        return False
    return any(c.dep_ in {"ccomp", "nsubj"} or c.lower_ == "that" for c in word.rights) or word.dep_ in OPENS


def _inverted(verb: Token) -> bool:
    """Say whether a clause turns subject and helper round: "Should Chad attack", "Were Chad to attack", "Had Chad attacked"."""
    subject = next((c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
    if subject is None:
        return False
    first, beginning = subject.left_edge.i - 1, sentence_of(verb).start
    if first < beginning or verb.doc[first].lower_ not in INVERTED:
        return False
    opener = verb.doc[first]
    opens = first - beginning < OPENING and not any(t.is_alpha for t in verb.doc[beginning:first])
    opens = opens or (first > beginning and verb.doc[first - 1].text == "," and verb.dep_ == "advcl")
    return opens and not is_question(opener)


def is_unreal(verb: Token) -> bool:
    """Say whether "would", "could" or "might" stands in a clause that nobody is told to have said."""
    if not any(c.dep_ == "aux" and c.lower_ in UNREAL for c in verb.children):
        return False
    at = verb
    for _ in range(STEPS):
        if at.dep_ in {"ccomp", "acl", "parataxis", "pcomp", "relcl"} or any(
            c.dep_ in {"ccomp", "parataxis"} and c.i > at.i and any(g.dep_ == "nsubj" for g in c.children)
            for c in at.children
        ):
            return False
        if at.dep_ not in {"conj", "xcomp", "advcl"} or at.head.i == at.i:
            return True
        at = at.head
    return True


def in_unreal_subject(verb: Token) -> bool:
    """Say whether a clause only describes whoever would be acted on: "a minister who criticised the army would be arrested"."""
    at = verb
    for _ in range(STEPS):
        if at.dep_ == "relcl":
            noun = at.head
            loose = any(c.dep_ == "det" and c.lower_ in INDEFINITE for c in noun.children) or noun.lower_ in INDEFINITE
            return (
                loose
                and noun.dep_ in {"nsubj", "nsubjpass"}
                and any(c.dep_ == "aux" and c.tag_ == "MD" for c in noun.head.children)
            )
        if at.head.i == at.i:
            return False
        at = at.head
    return False


def is_arranged(verb: Token) -> bool:
    """Say whether a verb stands after "is to", "are to": an appointed future ("the minister is to meet …", "are to be freed")."""
    head = verb.head
    if verb.dep_ not in {"xcomp", "ccomp"} or head.lower_ not in BEING or head.i > verb.i or not _has_to(verb):
        return False
    if any(c.dep_ in {"acomp", "attr", "expl"} for c in head.children):
        return False
    subject = next((c for c in head.children if c.dep_ in {"nsubj", "nsubjpass"}), None)
    return subject is not None and noun_lemma(subject) not in classes()["aims"] | ANSWERS


def is_aim(verb: Token, *, spoken: bool = False) -> bool:
    """Say whether a verb stands as an infinitive that no predicate we know takes up: "a deal to free them", "met to end the war".

    `spoken`: an act of speech is done by what was done for it ("gathered to protest", "a motion to impeach").
    """
    if verb.dep_ == "pcomp" and verb.head.dep_ == "prep" and not syntax.is_verb(verb.head.head):
        return noun_lemma(verb.head.head) in classes()["endeavours"]  # "work on taking apart the site"
    if verb.dep_ in {"acl", "pcomp"} and verb.tag_ == "VBG":  # "the idea of a dictator claiming immunity"
        phrase = verb.head if verb.dep_ == "pcomp" else verb.head.head
        if phrase.lower_ == "of" and noun_lemma(phrase.head) in classes()["endeavours"]:
            return True
    at = verb
    for _ in range(STEPS):
        if any(c.dep_ in {"nsubj", "nsubjpass"} for c in at.lefts) or at.tag_ in {"VBD", "VBZ", "VBP"}:
            return False
        if _has_to(at):
            earlier = syntax.earlier_infinitive(at)
            if earlier is not None:
                at = earlier
            return at.dep_ != "dep" and not (is_arranged(at) or is_fact(at) or (spoken and _is_means_to(at)))
        if at.dep_ != "conj" or at.tag_ != "VB":
            return False
        at = at.head
    return False


def is_demanded(verb: Token) -> bool:
    """Say whether a clause only says what is demanded: "rejected the demand that it disarm", "calls that he be freed"."""
    at = verb
    while at.dep_ in {"conj", "xcomp"} and at.head.i != at.i and syntax.is_verb(at.head):
        if any(c.dep_ in syntax.SUBJECTS for c in at.lefts):
            return False
        at = at.head
    if at.dep_ not in {"acl", "relcl", "ccomp"} or noun_lemma(at.head) not in classes()["askings"]:
        return False
    helpers = [c for c in at.lefts if c.dep_ in {"aux", "auxpass"}]
    bare = at.tag_ in {"VB", "VBP"} and not helpers
    if not bare and not (helpers and all(c.lower_ in {"be", "not"} for c in helpers)):
        return False
    subject = next((c for c in at.lefts if c.dep_ in syntax.SUBJECTS), None)
    that = next((c for c in at.lefts if c.lower_ == "that"), None)
    return subject is not None and that is not None and that.i < subject.i


def _has_to(verb: Token) -> bool:
    return any(c.tag_ == "TO" for c in verb.lefts)


def is_fact(infinitive: Token) -> bool:
    """Say whether what an infinitive tells did happen: "the first to visit", "used tanks to attack", "was forced to leave"."""
    head = infinitive.head
    if infinitive.dep_ in {"acl", "relcl"} and not syntax.is_verb(head):
        return head.lower_ in RANKS or any(c.lower_ in RANKS or c.tag_ in {"JJS", "RBS"} for c in head.lefts)
    if _is_outcome(infinitive) or _is_answer(infinitive):
        return True
    if infinitive.dep_ == "advcl" and head.lower_ in {"was", "became"}:  # "became the first Dane to visit"
        return any(c.dep_ == "attr" and any(t.lower_ in RANKS for t in c.lefts) for c in head.rights)
    if any(c.tag_ in {"TO", "MD"} for c in head.lefts):
        return False  # "could be persuaded to free them"
    return head.lower_ in classes()["factive"]


def _is_answer(infinitive: Token) -> bool:
    """Say whether an infinitive says what an answer was: "Oslo's response was to expel two diplomats"."""
    head = infinitive.head
    subject = next((c for c in head.lefts if c.dep_ == "nsubj"), None)
    return head.lower_ == "was" and subject is not None and noun_lemma(subject) in ANSWERS


def _is_outcome(infinitive: Token) -> bool:
    """Say whether an infinitive tells how it turned out: "returned to Minsk, only to be arrested"."""
    mark = next((c for c in infinitive.lefts if c.tag_ == "TO"), None)
    if mark is None or mark.i < 2 or mark.nbor(-1).lower_ != "only":  # noqa: PLR2004
        return False
    return mark.nbor(-2).text == "," or syntax.is_passive(infinitive)


def _is_means_to(infinitive: Token) -> bool:
    """Say whether what an infinitive is for was done: the main verb tells it of the past, or a paper or a gathering is for it."""
    head = infinitive.head
    if infinitive.dep_ in {"acl", "relcl"} and not syntax.is_verb(head):
        if noun_lemma(head) not in classes()["papers"] or head.dep_ != "dobj":
            return False
        head = head.head
    elif infinitive.dep_ != "advcl":
        return False
    return head.tag_ in {"VBD", "VBG"} or any(c.lower_ in {"has", "have"} for c in head.lefts)


def is_guess(token: Token) -> bool:
    """Say whether a word is only guessed: after "perhaps", or in a clause of "the speculation was that …"."""
    first = token.left_edge.i
    before = token.doc[max(first - 1, sentence_of(token).start)]
    if before.i < first and before.lower_ in PERHAPS:
        return True
    at = token
    for _ in range(STEPS):
        if at.lower_ in PERHAPS or any(c.lower_ in PERHAPS and c.dep_ == "advmod" for c in at.lefts):
            return True
        if at.dep_ == "ccomp" and at.head.lower_ in BEING:
            said = next((c for c in at.head.children if c.dep_ == "nsubj"), None)
            return said is not None and noun_lemma(said) in classes()["guesses"]
        if at.head.i == at.i or (syntax.is_verb(at) and at.dep_ not in {"xcomp", "conj", "advcl"}):
            return False
        at = at.head
    return False


def is_summary(verb: Token) -> bool:
    """Say whether a gerund only sums up a tone: "veered from praising them to urging them to leave"."""
    at = verb
    for _ in range(STEPS):
        if at.dep_ not in {"pcomp", "prep", "conj", "dobj", "pobj"} or at.head.i == at.i:
            return False
        at = at.head
        if at.lower_ in classes()["swings"]:
            return verb.tag_ == "VBG"
    return False


def is_order(token: Token) -> bool:
    """Say whether a word stands in an imperative ("Tell the president to …", "Let them …")."""
    at = token
    for _ in range(STEPS):
        if at.tag_ == "VB" and at.dep_ in {"ROOT", "conj", "ccomp"} and _opens(at):
            return True
        if at.head.i == at.i or (
            syntax.is_verb(at) and any(c.dep_ == "nsubj" for c in at.children) and at.tag_ != "VB"
        ):
            return False
        at = at.head
    return False


def _opens(verb: Token) -> bool:
    if any(c.dep_ in {"nsubj", "nsubjpass", "csubj"} and c.i < verb.i for c in verb.children):
        return False
    if any(c.dep_ == "aux" and c.lower_ != "do" for c in verb.lefts):
        return False
    start = sentence_of(verb).start
    for token in reversed(verb.doc[start : verb.i]):
        if token.text in {"“", '"', ":", "‘"}:
            return True
        if token.tag_ not in BEFORE_ORDERS and token.lower_ not in OPENERS and not token.is_punct:
            return False
    return True


def is_question(token: Token) -> bool:
    """Say whether the next mark that ends a sentence after a word is a question mark."""
    for following in token.doc[token.i : min(sentence_of(token).end + 1, len(token.doc))]:
        if following.text in {"?", ".", "!"} or following.text.startswith("?"):
            return following.text.startswith("?")
    return False


def is_generic(verb: Token) -> bool:
    """Say whether a clause tells in the present what people of a kind do: nobody, no place and no time is named."""
    at = verb
    for _ in range(STEPS):
        if _simple_present(at):
            subject = syntax.surface_subject(at)
            if subject is None:
                return False
            if subject.tag_ == "PRP" and at.dep_ in {"advcl", "relcl", "ccomp"} and at.head.i != at.i:
                at = at.head
                continue
            return _kind(subject) and not any(t.ent_type_ in NAMED for t in _clause(at))
        if at.dep_ not in {"xcomp", "advcl", "conj"} or at.head.i == at.i or at.tag_ in {"VBD", "VBN"}:
            return False
        at = at.head
    return False


def is_habit(verb: Token) -> bool:
    """Say whether a clause tells in the present what is done again and again: "are often accused", "meets twice a year"."""
    if not _simple_present(verb):
        return False
    for child in verb.children:
        if child.lower_ in classes()["often"] and child.dep_ in {"advmod", "npadvmod"}:
            return True
        if (
            child.dep_ == "npadvmod"
            and child.lower_ in classes()["periods"]
            and any(c.lower_ in EACH for c in child.lefts)
        ):
            return True
    return False


def _clause(verb: Token) -> list[Token]:
    return list(verb.subtree)[: LOOK_BACK * 2]


def _simple_present(verb: Token) -> bool:
    helpers = [c for c in verb.children if c.dep_ in {"aux", "auxpass"}]
    if verb.tag_ in {"VBZ", "VBP"}:
        return not helpers
    if verb.tag_ == "VBN":
        return bool(helpers) and all(c.dep_ == "auxpass" and c.tag_ in {"VBZ", "VBP"} for c in helpers)
    return verb.tag_ == "VB" and bool(helpers) and all(c.lower_ in {"do", "does"} for c in helpers)


def _kind(noun: Token) -> bool:
    """Say whether a noun names a kind: a bare plural, or "a", "any", "most" with it."""
    if noun.ent_type_ in NAMED or noun.tag_ in {"NNP", "NNPS"}:
        return False
    determiners = [c for c in noun.children if c.dep_ in {"det", "poss", "nummod"}]
    if any(c.lower_ not in GENERIC_DETERMINERS for c in determiners):
        return False
    plural = noun.tag_ == "NNS" or noun.lower_ in {"people", "police"}
    return plural or bool(determiners) or noun.lower_ in {"whoever", "anyone", "everybody", "everyone", "nobody"}
