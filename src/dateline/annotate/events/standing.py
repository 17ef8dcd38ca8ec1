"""Decide which readings stand for an event of their own, and which only name one in passing."""

from __future__ import annotations

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.authors import is_paper
from dateline.annotate.events.filters import has_doer, is_victim
from dateline.annotate.events.groups import is_pair
from dateline.annotate.events.irreal import (
    BEING,
    RANKS,
    in_condition,
    is_aim,
    is_demanded,
    is_fact,
    is_generic,
    is_guess,
    is_habit,
    is_order,
    is_question,
    is_summary,
)
from dateline.annotate.events.lasting import has_lasted, was_held, whole_of
from dateline.annotate.events.lexicon import verb_lemma
from dateline.annotate.events.parties import acts
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.status import HERE, speaker_of
from dateline.annotate.events.tables import classes
from dateline.annotate.events.untold import befell_anybody, is_untold
from dateline.annotate.layers import sentence_of

AGENTLESS = frozenset({"ASSAULT"})  # "a bomb went off": told although nobody is named
BACKGROUND = frozenset({"since", "before", "for", "about", "despite", "like", "until", "ahead"})
FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
DONE = frozenset({"RETREAT", "SANCTION", "COERCE"})  # "the siege was lifted": a passive says enough
ENOUGH = 2  # conditions of a frame: so much must be met where nobody is named
VICTIMS = frozenset({"he", "she", "they", "we", "i", "who", "whose"})  # "he was poisoned": who did it, need not be said
OF_TIME = frozenset({"of", "after", "amid", "during", "following"})
PLANNED = frozenset({"CONSULT", "AID", "COOPERATE", "RETREAT", "CONCEDE"})
KEPT_TO = frozenset({"SUPPORT", "COOPERATE"})
SAYING = frozenset(
    {"agree", "promise", "pledge", "offer", "vow", "commit", "accept", "consent", "assent", "abide", "adhere", "comply"}
)  # words that are an agreement by themselves

SPOKEN = frozenset(
    {"ACCUSE", "REQUEST", "PROTEST", "THREATEN", "REJECT", "SUPPORT"}
)  # done by what is done for it: "marched to protest", "filed a motion to impeach", "rang to congratulate"
ASKED = frozenset({"REQUEST", "THREATEN"})  # "Moscow's call for a truce went unheeded": to whom, need not be said
MATERIAL = frozenset({"ASSAULT", "COERCE", "SANCTION", "RETREAT", "PROTEST"})  # acts of which a noun tells by itself
TOLD_AT = frozenset({"after", "following", "amid", "over", "by", "with", "in"})  # "after the arrest of two lecturers"
HEARD_AT = frozenset({"after", "following", "amid", "despite"})  # "amid threats from Chad to close the port"
BEFALLEN = frozenset({"ASSAULT", "COERCE", "SANCTION", "RETREAT"})
BURNING = frozenset({"fire", "flames", "blaze"})  # "destroyed by fire": nobody is told to have laid it
TRADE = frozenset({"export", "import"})
DOUBTS = frozenset({"whether", "if", "why", "how", "what", "when", "where", "who"})


def stands(token: Token, reading: Reading) -> bool:  # noqa: PLR0911, PLR0912
    """Say whether a reading may be an event of its own."""
    own = reading.inner is not None and reading.inner.event_type in {"RETREAT", "CONCEDE"}
    if reading.event_type == "AGREE" and HERE in reading.frame.target and not any(acts(t) for t in reading.sources):
        return _only_planned(reading)
    own = (
        own or reading.chain[-1].partition("(")[0] in {"agree", "promise", "offer"} or reading.frame.words[0] in SAYING
    )
    if (
        reading.event_type == "AGREE"
        and not own
        and not reading.targets
        and not (reading.both and (len(reading.sources) > 1 or any(is_pair(t) for t in reading.sources)))
    ):
        return _only_planned(reading)  # a plan of one's own, with nobody on the other side, is no agreement
    if syntax.is_verb(token):
        if (
            reading.event_type == "CONSULT"
            and reading.modality == "asserted"
            and _to_come(token)
            and not is_fact(token)
        ):
            reading.modality = "planned"
            reading.why["modality"] = 'an infinitive or a "before": still to come'
        if reading.modality == "asserted" and is_aim(token, spoken=reading.event_type in SPOKEN):
            reading.modality = "hypothetical"
            reading.why["modality"] = "an infinitive: what is wanted, not what is told"
        if reading.modality == "asserted" and (why := is_untold(token)) is not None:
            reading.modality = "hypothetical"
            reading.why["modality"] = why
        if reading.modality in {"hypothetical", "conditional"} and not _may_be(reading):
            return False
        if not has_doer(reading) or _by_accident(token, reading):
            return False
        if reading.event_type == "REQUEST" and _is_no_request(token, reading):
            return False
        if not reading.sources and reading.chain[-1].startswith("plan("):
            return False
        if token.dep_ == "acl" and reading.event_type in BEFALLEN and (known := _among(token)):
            reading.targets = known
            return True
        if _is_posted(token, reading):
            return False
        if reading.sources:
            return True
        if befell_anybody(token):
            return False
        if reading.frame.target[:1] == ("subj",) and reading.targets:
            return True
        if token.dep_ == "amod" or (token.dep_ == "acl" and not (_is_main(token) or _tells_of(token, reading))):
            return False
        if reading.event_type in SPOKEN and reading.targets and _by_paper(token):
            return True
        if may_stand_alone(token, reading):
            return True
        if not reading.targets:
            return False
        if not any(is_victim(t) or (t.lower_ in VICTIMS and syntax.is_passive(token)) for t in reading.targets):
            return False
        return syntax.is_passive(token) or reading.event_type in AGENTLESS
    if token.dep_ in {"dobj", "nsubjpass", "pobj"} and token.head.lower_ in classes()["irrealis"]:
        return False
    if token.dep_ in {"nsubj", "nsubjpass"} and syntax.is_verb(token.head) and in_condition(token.head):
        return False  # "until the killing stops"
    if reading.event_type == "CONSULT" and reading.modality == "asserted" and not _has_been(token):
        reading.modality = "planned"
        reading.why["modality"] = "a meeting that is only named"
    if reading.event_type in ASKED and token.dep_ in {"nsubj", "nsubjpass"}:
        return bool(reading.sources) or (reading.event_type == "REQUEST" and bool(reading.targets))
    if reading.event_type in ASKED and token.dep_ == "pobj" and token.head.lower_ in HEARD_AT:
        return any(acts(t) for t in reading.sources)
    if len(reading.chain) > 1:
        return bool(reading.sources) and bool(reading.targets)
    if token.dep_ == "pobj" and token.head.lower_ in BACKGROUND:
        return False
    if token.dep_ == "pobj" and token.head.lower_ == "on" and reading.event_type == "ACCUSE":
        return False  # "was held on suspicion of murder": the reason, told with the arrest
    if reading.both and len(reading.sources) > 1:
        return True
    if reading.event_type == "CONSULT" and HERE in reading.frame.target:
        return reading.modality == "asserted"
    if reading.event_type == "PROTEST" and reading.sources and token.dep_ in {"nsubj", "attr"}:
        return True  # "there were protests by students": whom they are against, need not be said
    if reading.event_type == "PROTEST" and reading.targets and token.dep_ == "pobj" and token.head.lower_ in OF_TIME:
        return True  # "after weeks of protests against the tax"
    if (reading.sources and reading.targets) or (not reading.frame.target and reading.sources):
        return True
    return bool(reading.targets) and _took_place(token, reading)


def _took_place(noun: Token, reading: Reading) -> bool:
    """Say whether a noun tells of a material act by what is said of it: "the stabbing of a rabbi shocked them"."""
    if reading.event_type not in MATERIAL or reading.modality != "asserted":
        return False
    if noun.dep_ == "pobj":
        if noun.head.lower_ not in TOLD_AT:
            return False
        verb = noun.head.head
    else:
        verb = noun.head
        if noun.dep_ not in {"nsubj", "nsubjpass"}:
            return False
    return is_past(verb)


def is_past(verb: Token) -> bool:
    """Say whether a verb tells of what has been: simple past, or perfect."""
    if verb.tag_ == "VBD":
        return True
    helps = {c.lower_ for c in verb.lefts if c.dep_ in {"aux", "auxpass"}}
    return verb.tag_ == "VBN" and bool(helps & {"was", "were", "has", "have", "had"}) and not helps & {"would", "could"}


def may_stand_alone(verb: Token, reading: Reading) -> bool:
    """Say whether an act may be told although nobody is named: its frame says so, or a passive of a material act."""
    if reading.inner is not None:
        return False
    if HERE in reading.frame.target:
        return True
    if verb.dep_ == "relcl" or not syntax.is_passive(verb):
        return False
    if not reading.targets:
        return reading.event_type in DONE and reading.specific >= ENOUGH
    whole = any(c.dep_ == "auxpass" for c in verb.lefts)  # "the musical bombed" has nobody bombing it
    return (
        whole
        and reading.event_type in AGENTLESS
        and not any(is_victim(t) or t.lower_ in VICTIMS for t in reading.targets)
    )


def _by_paper(verb: Token) -> bool:
    """Say whether a paper speaks, whoever wrote it: "the resolution condemns Iran"."""
    subject = None if syntax.is_passive(verb) else syntax.surface_subject(verb)
    return subject is not None and is_paper(subject)


def _may_be(reading: Reading) -> bool:
    """Say whether what is not so is worth telling: both sides are named, or a known doer "may" do it."""
    if not reading.sources:
        return False
    return bool(reading.targets) or (
        reading.why.get("modality", "").endswith("possibility") and any(acts(t) for t in reading.sources)
    )


def _tells_of(participle: Token, reading: Reading) -> bool:
    """Say whether a participle tells of what befell certain people: "the three nurses arrested in Accra on Monday"."""
    noun = participle.head
    if reading.event_type not in BEFALLEN or not any(t.i == noun.i for t in reading.targets) or not is_victim(noun):
        return False
    certain = any(c.tag_ == "CD" or c.lower_ in {"the", "those", "these"} for c in noun.lefts) or noun.tag_ == "NNP"
    return certain and any(c.dep_ in {"prep", "agent", "npadvmod", "advcl"} for c in participle.rights)


def _is_posted(participle: Token, reading: Reading) -> bool:
    """Say whether a participle only says where soldiers are: "the soldiers stationed in Okinawa"."""
    if reading.event_type != "MOBILIZE" or participle.dep_ != "acl" or participle.tag_ != "VBN":
        return False
    return not any(c.dep_ in {"agent", "npadvmod"} or c.lower_ == "after" for c in participle.rights) and not any(
        g.ent_type_ in {"DATE", "TIME"} for c in participle.rights for g in c.children
    )


def _among(participle: Token) -> list[Token]:
    """Return who is told to be one of those that an act befell: "two Swedes were among those arrested"."""
    those = participle.head
    if those.dep_ != "pobj" or those.head.lower_ != "among" or those.head.head.lower_ not in BEING:
        return []
    return [t for t in syntax.subjects(those.head.head) if acts(t)]


def _is_main(participle: Token) -> bool:
    """Say whether a participle is a sentence's only verb: the parser makes "a bomb detonated near …" a noun with a tail."""
    return participle.head.dep_ == "ROOT" and not any(t.tag_ in FINITE for t in sentence_of(participle))


def _by_accident(verb: Token, reading: Reading) -> bool:
    """Say whether people came to harm by nobody's will: a crash, a flood, and nobody is told to have done it."""
    if reading.event_type != "ASSAULT" or any(acts(t) for t in reading.sources) or reading.inner is not None:
        return False
    words = classes()["accidents"]
    burned = any(c.lower_ == "by" and any(t.lower_ in BURNING for t in c.children) for c in verb.children)
    return burned or any(t.lower_ in words for t in sentence_of(verb))


def _only_planned(reading: Reading) -> bool:
    """Make a plan that is no agreement the act again, still to come: "plans to visit on Sunday"."""
    act = reading.inner
    if act is not None and act.event_type in KEPT_TO and reading.clause is not None and speaker_of(reading.clause):
        return True  # "said they would stay in the accord" is a word given to all in it
    if act is not None and HERE in act.frame.target and not any(acts(t) for t in reading.sources):
        reading.sources, reading.inner = [], None  # "a truce is due to begin"
    elif (
        act is None or act.event_type not in PLANNED or not reading.sources or not any(acts(t) for t in reading.sources)
    ):
        return False
    reading.event_type, reading.mode, reading.cameo = act.event_type, act.mode, act.cameo
    reading.modality, reading.tense = "planned", "future"
    reading.why["modality"] = "a plan that nobody was promised"
    return True


def _is_no_request(verb: Token, reading: Reading) -> bool:
    """Say whether somebody is only asked to know ("asked him whether"), told by nobody, or one's own ("told his staff to")."""
    asked = reading.frame.words[0]
    if reading.inner is None and verb.tag_ == "VBN" and verb.dep_ in {"advcl", "acl", "ROOT"} and _is_quizzed(verb):
        return True
    if asked == "ask":
        marks = (m for c in verb.children if c.dep_ == "ccomp" for m in c.lefts)
        return any(m.lower_ in DOUBTS and m.dep_ in {"mark", "advmod", "dobj", "attr"} for m in marks)
    own = any(c.tag_ == "PRP$" and c.dep_ == "poss" for t in reading.targets for c in t.children)
    return asked == "tell" and (own or not reading.sources)


def _is_trade(verb: Token, reading: Reading) -> bool:
    """Say whether a present tense only says what one sells the other from year to year: "Chile exports copper to China"."""
    return reading.event_type == "COOPERATE" and verb.tag_ in {"VBZ", "VBP"} and verb_lemma(verb) in TRADE


def _is_quizzed(participle: Token) -> bool:
    """Say whether somebody was only asked what he thinks: "asked about the jets, he shrugged", "pressed by reporters"."""
    if not any(c.lower_ in {"about", "on", "over", "by", "why", "how", "whether"} for c in participle.rights):
        return False
    return not any(c.dep_ in {"aux", "auxpass"} for c in participle.lefts) and not any(
        c.dep_ in {"xcomp", "ccomp"} for c in participle.rights
    )


def is_told(token: Token, reading: Reading) -> bool:
    """Say whether the text tells of the act at all: neither orders nor habits are events, and a question asserts nothing."""
    if is_order(token) or is_summary(token) or (syntax.is_verb(token) and is_demanded(token)):
        return False
    if reading.modality == "asserted" and is_guess(token):
        reading.modality = "hypothetical"
        reading.why["modality"] = "only a guess"
        return bool(reading.sources and reading.targets)
    if (
        syntax.is_verb(token)
        and reading.modality == "asserted"
        and (is_generic(token) or is_habit(token) or _is_trade(token, reading))
    ):
        return False
    if is_question(token) and reading.modality in {"asserted", "planned"}:
        reading.modality = "hypothetical"
        reading.why["modality"] = "a question"
        return bool(reading.sources and reading.targets)
    return True


def _to_come(verb: Token) -> bool:
    """Say whether a verb stands as an infinitive, or after "before": what it tells of has not happened yet."""
    if any(child.tag_ == "TO" for child in verb.lefts) and verb.dep_ in {
        "xcomp",
        "advcl",
        "acl",
        "relcl",
        "ROOT",
        "ccomp",
    }:
        return True
    return verb.dep_ == "pcomp" and verb.head.lower_ in {"before", "for", "of", "about"}


def _has_been(noun: Token) -> bool:
    """Say whether the text tells that a meeting took place: it ended, lasted, was the first, or something came after it."""
    if has_lasted(noun) or was_held(noun):
        return True
    noun = whole_of(noun)  # "a third round of talks began"
    head = noun.head
    if noun.dep_ in {"nsubj", "nsubjpass"}:
        future = any(c.tag_ == "MD" or c.lower_ in {"is", "are"} for c in head.lefts)
        return head.lower_ in classes()["took_place"] and not future
    ranked = any(c.lower_ in RANKS and c.lower_ != "next" for c in noun.lefts)
    if noun.dep_ == "attr" and head.lower_ in {"was", "were"}:
        return ranked  # "it was the first meeting of the two"
    if noun.dep_ == "pobj" and ranked and head.lower_ in {"since", "from"}:
        return True  # "since their last meeting"
    return (
        noun.dep_ == "pobj"
        and head.lower_ in {"after", "following", "during", "at", "in", "on"}
        and head.head.tag_ in {"VBD", "VBN"}
    )
