"""Say whether what was read is so: tense, auxiliaries, negation and its scope, conditions, duties."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.irreal import has_condition, in_condition, in_unreal_subject, is_arranged, is_unreal
from dateline.annotate.events.outer import KEEP, mapped_mode, rule_for
from dateline.annotate.events.parties import acts
from dateline.annotate.events.reading import Reading
from dateline.types import Tense

HERE = "here"  # as a target's place: the act may be told although nobody is named ("the truce will begin")
FUTURE = frozenset({"will", "'ll", "’ll", "wo", "shall", "would", "'d", "’d"})
WOULD = frozenset({"would", "'d", "’d"})
ASKED = frozenset({"how", "when", "why", "where"})  # "would not say when it will withdraw"
PLOTS = frozenset({"plan(plan)", "plan(prepare)", "plan(intend)", "plan(aim)"})
WAS_TO = "was to"
LEFT_OPEN = "refuse(rule_out)"  # "did not rule out an attack" threatens it
PRESENT_BE = frozenset({"is", "are", "'s", "’s", "'re", "’re", "am"})
POSSIBLE = frozenset({"may", "might", "could", "can", "ca"})
DUTY = frozenset({"must", "should", "ought"})
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "neither", "nor", "hardly", "barely"})
ASKED_FOR = frozenset({"for", "to"})
MANNERS = frozenset({"reason", "avail", "fee", "charge", "purpose", "effect", "end"})
COOPERATIVE = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
HOSTILE = frozenset({"SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "PROTEST", "THREATEN"})
OWN = frozenset({"it", "he", "she", "they", "we", "i"})
MAKES = frozenset({"make", "makes", "made", "making"})
SPEECH = frozenset(
    [
        "say",
        "said",
        "says",
        "tell",
        "told",
        "add",
        "added",
        "insist",
        "insisted",
        "declare",
        "declared",
        "announce",
        "announced",
        "state",
        "stated",
        "argue",
        "argued",
        "stress",
        "stressed",
        "warn",
        "warned",
        "urge",
        "urged",
        "note",
        "noted",
        "write",
        "wrote",
        "maintain",
        "maintained",
        "rule",
        "rules",
        "ruled",
        "threatened",
        "vowed",
        "swore",
        "demanded",
    ]
)


def apply_status(reading: Reading, verb: Token) -> Reading:  # noqa: PLR0911, PLR0912 (one case after another)
    """Apply auxiliaries, negation and conditions of a verb to its reading."""
    negated = is_negated(verb)
    refused = negated and reading.inner is None and any(need.place == "neg" for need in reading.frame.needs)
    negated = negated and not refused  # the frame has the "not" in it
    if negated and is_claim(reading):  # "nobody claimed responsibility for the blast": that there was
        reading.sources = []
        return reading
    if negated and reading.chain[-1] == LEFT_OPEN and reading.inner is not None and reading.sources:
        return _left_open(reading, reading.inner)
    modal = _modal(verb)
    if modal == WAS_TO:
        if reading.modality == "asserted":
            reading.modality, reading.negated = "planned", negated
            reading.why["modality"] = "was to be"
        return reading
    if modal in FUTURE:
        conditional = in_condition(verb) or (modal in WOULD and has_condition(verb))
        if refused and not conditional:
            return reading
        if conditional and not in_condition(verb) and not negated and _is_warning(reading, verb):
            return _future(reading, verb, negated=False, conditional=False, name="threaten")
        unsaid = None if conditional else _unsaid(reading, verb, modal in WOULD and not negated)
        if unsaid is not None:
            reading.modality, reading.tense, reading.negated = "hypothetical", None, negated
            reading.why["modality"] = unsaid
            return reading
        return _future(reading, verb, negated=negated, conditional=conditional)
    if not negated and verb.dep_ in {"pcomp", "acl"} and verb.tag_ == "VBG":
        governor = _governor(verb)
        negated = governor is not None and is_negated(governor) and reading.modality == "asserted"
    if negated:
        reading = _negated(reading)
    elif reading.event_type == "THREATEN" and reading.chain[-1] in PLOTS and reading.modality == "asserted":
        reading = _exposed(reading, verb)
    refused = refused or (negated and reading.event_type == "REJECT")  # "cannot accept" is said to refuse
    if modal in POSSIBLE and reading.modality == "asserted" and not refused:
        reading.modality = "hypothetical"
        reading.why["modality"] = f"{modal!r} makes it a possibility"
    elif modal in DUTY:
        reading = _duty(reading, verb)
    elif reading.modality == "asserted" and (in_condition(verb) or in_unreal_subject(verb)):
        reading.modality = "conditional"
        reading.why["modality"] = "stands in a condition"
    return reading


def is_claim(reading: Reading) -> bool:
    """Say whether an act is told by whoever claims it or admits it."""
    plain = reading.frame.words[0] == "claim" and any(need.place == "for" for need in reading.frame.needs)
    return plain or any(step.startswith("own(") for step in reading.chain)


def _modal(verb: Token) -> str | None:
    """Return the modal of a verb, or of the verb it is joined to; "is to meet" is as good as "will"."""
    modal = next((c.lower_ for c in verb.children if c.dep_ == "aux" and c.tag_ == "MD"), None)
    if modal == "to" or (modal is None and _is_headline_plan(verb)):
        modal = "will"
    if modal is None and verb.dep_ == "conj" and _shares_helpers(verb):
        modal = next((c.lower_ for c in verb.head.children if c.dep_ == "aux" and c.tag_ == "MD"), None)
    if modal is None and verb.lower_ != "blame" and is_arranged(verb):  # "is to blame" is no plan
        modal = "will" if verb.head.lower_ in PRESENT_BE else WAS_TO
    return modal


def _shares_helpers(verb: Token) -> bool:
    """Say whether the helpers of the verb before "and" are those of a verb too: "would be freed and the soldiers withdrawn"."""
    head, helpers = verb.head, [c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass", "aux", "auxpass"}]
    passive = head.tag_ == "VBN" and any(c.dep_ == "auxpass" for c in head.lefts)
    if verb.tag_ in {"VBD", "VBN"} and head.tag_ != verb.tag_ and not (passive and verb.tag_ == "VBN"):
        return passive and not syntax.objects(verb) and not helpers  # "would not pay and closed the border"
    if not helpers:
        return True
    gapped = passive and verb.tag_ == "VBN" and not any(c.dep_ in {"aux", "auxpass"} for c in helpers)
    return gapped and not any(c.dep_ == "dobj" for c in verb.rights)


def _is_headline_plan(verb: Token) -> bool:
    """Say whether a whole sentence is "France to send troops": a plan, as headlines tell of it (see misread.py)."""
    if verb.dep_ != "ROOT" or verb.tag_ != "VB":
        return False
    mark = next((c for c in verb.lefts if c.tag_ == "TO"), None)
    return mark is not None and any(c.dep_ == "nsubj" and c.i < mark.i for c in verb.lefts)


def _unsaid(reading: Reading, verb: Token, would: bool) -> str | None:  # noqa: FBT001
    """Say why a future is nobody's word, or None where somebody stands by it."""
    if reading.modality == "asserted" and would and is_unreal(verb):
        return "'would', and nobody is told to have said so"
    if verb.dep_ == "ccomp" and any(c.lower_ in ASKED and c.dep_ == "advmod" for c in verb.lefts):
        return "what nobody has said: how, when or why it will be"
    return None


def _is_warning(reading: Reading, verb: Token) -> bool:
    """Say whether somebody says what he himself will do to others unless they do as he says: that is a threat."""
    if reading.event_type not in HOSTILE or reading.modality != "asserted":
        return False
    provisos = (m.lower_ for c in verb.children if c.dep_ == "advcl" for m in c.lefts if m.dep_ == "mark")
    if not any(mark in {"unless", "until"} for mark in provisos):
        return False  # "would attack if its soldiers were killed" threatens nobody yet
    speaker, doer = speaker_of(verb), syntax.surface_subject(verb)
    if speaker is None or doer is None or syntax.is_passive(verb):
        return False
    own = any(need.place == "speaker" for need in reading.frame.needs)
    return own or doer.lower_ in OWN or doer.lower_ == speaker.lower_


def _future(reading: Reading, verb: Token, *, negated: bool, conditional: bool, name: str = "plan") -> Reading:
    if conditional:
        reading.modality, reading.negated = "conditional", negated
        reading.why["modality"] = "would, or a condition"
        return reading
    rule = rule_for("refuse" if negated and reading.event_type in COOPERATIVE else name, reading.event_type)
    agentless = not reading.sources and (syntax.is_passive(verb) or HERE in reading.frame.target)
    if negated and not reading.sources and reading.event_type in COOPERATIVE:  # "will not be freed, Tehran said"
        speaker = speaker_of(verb)
        reading.sources = syntax.with_conjuncts(speaker) if speaker is not None and acts(speaker) else []
        agentless = not reading.sources
        if agentless:
            reading.modality, reading.negated, reading.tense = "planned", True, "future"
            return reading
    if negated and reading.event_type not in COOPERATIVE:
        reading.modality, reading.negated = "planned", True
        return reading
    if rule is None or agentless or reading.modality != "asserted" or reading.event_type in {"THREATEN", "REJECT"}:
        if reading.modality == "asserted" and reading.event_type not in {"THREATEN", "REJECT"}:
            reading.modality = "planned"
        reading.tense = "future"
        return reading
    mapped = mapped_mode(rule.modes, reading.event_type, reading.mode) if rule.modes not in {"", KEEP} else None
    made = replace(reading, inner=reading, chain=[*reading.chain, "refuse(will not)" if negated else f"{name}(will)"])
    if rule.event_type != KEEP:
        made.event_type = rule.event_type
        made.mode, made.cameo = (mapped.mode, mapped.cameo) if mapped else (None, rule.cameo)
    made.modality = rule.modality  # type: ignore[assignment]
    made.why["modality"] = "the future makes a promise, a refusal or a threat of it"
    made.tense = "present"
    return made


def _left_open(reading: Reading, act: Reading) -> Reading:
    """Read "did not rule out talks" as the willingness, or the threat, that it is."""
    rule = rule_for("hint", act.event_type)
    if rule is None or rule.event_type == KEEP:
        reading.negated = True
        return reading
    mapped = mapped_mode(rule.modes, act.event_type, act.mode)
    return replace(
        reading, event_type=rule.event_type, mode=mapped.mode if mapped else None,
        cameo=mapped.cameo if mapped else rule.cameo, chain=[*act.chain, "hint(rule_out)"], modality="asserted",
    )  # fmt: skip


def _negated(reading: Reading) -> Reading:
    kind = reading.event_type
    if kind in {"AGREE", "SUPPORT", "CONCEDE"} and reading.modality == "asserted" and reading.frame.words[0] != "claim":
        reading.chain.append("not")
        if (
            kind == "SUPPORT"
            and not reading.inner
            and reading.frame.words[0]
            not in {"support", "back", "endorse", "recognise", "recognize", "approve", "sign"}
        ):
            reading.negated = True
            return reading
        reading.event_type, reading.mode, reading.cameo = "REJECT", None, "120"
        reading.why["type"] = "not agreeing is refusing"
        return reading
    reading.negated = not reading.negated
    return reading


def _exposed(reading: Reading, verb: Token) -> Reading:
    """Read "The ministry said that he was planning attacks" as the accusation that it is."""
    speaker, plotter = speaker_of(verb), syntax.surface_subject(verb)
    if speaker is None or plotter is None or speaker.lower_ == plotter.lower_ or speaker.ent_type_ == "PERSON":
        return reading
    if plotter.lower_ in {"it", "they", "we", "i"}:
        return reading  # its own plan
    return replace(
        reading, event_type="ACCUSE", mode="allege", cameo="112", sources=syntax.with_conjuncts(speaker),
        targets=syntax.with_conjuncts(plotter), inner=reading, chain=[*reading.chain, "allege(said)"], both=False,
    )  # fmt: skip


def _duty(reading: Reading, verb: Token) -> Reading:
    """Read "Russia said Israel must end …" as a request of the speaker to who must act."""
    speaker = speaker_of(verb)
    rule = rule_for("ask", reading.event_type)
    actor = syntax.surface_subject(verb)
    if speaker is None or rule is None or actor is None or reading.modality != "asserted" or actor.tag_ == "PRP":
        reading.modality = "hypothetical"
        reading.why["modality"] = "a duty, not a fact"
        return reading
    mapped = mapped_mode(rule.modes, reading.event_type, reading.mode)
    return replace(
        reading, event_type="REQUEST", mode=mapped.mode if mapped else None, cameo=mapped.cameo if mapped else "100",
        sources=syntax.with_conjuncts(speaker), targets=syntax.with_conjuncts(actor), inner=reading, negated=False,
        chain=[*reading.chain, "ask(must)"], both=False,
    )  # fmt: skip


def is_negated(verb: Token) -> bool:  # noqa: PLR0911
    """Say whether a clause is negated: by an adverb, by "without", or by "no" on subject or object."""
    if verb.dep_ == "pcomp" and verb.head.lower_ == "without":
        return True
    for child in verb.children:
        if child.dep_ == "neg" or (child.lower_ in NEGATIONS and child.dep_ in {"advmod", "preconj"}):
            return True
        if child.dep_ in {"nsubj", "nsubjpass", "dobj"}:
            if child.lower_ in {"nobody", "none", "nothing"}:
                return True
            if any(c.lower_ in {"no", "neither"} and c.dep_ in {"det", "neg"} for c in child.children):
                return True
        if _is_nor(child, verb) or (child.dep_ == "prep" and child.lower_ in ASKED_FOR and _is_none(child)):
            return True
    if verb.dep_ == "conj" and any(_is_nor(c, verb) for c in verb.head.children):
        return True
    return any(
        c.lower_ == "longer" and c.dep_ == "advmod" and any(g.lower_ == "no" for g in c.children) for c in verb.children
    )


def _is_nor(word: Token, verb: Token) -> bool:
    return word.dep_ == "cc" and word.lower_ == "nor" and word.i < verb.i


def _is_none(preposition: Token) -> bool:
    """Say whether what a preposition brings is said not to be: "asked for no money"; "for no reason" is none of these."""
    noun = next((c for c in preposition.children if c.dep_ == "pobj"), None)
    if noun is None or noun.lower_ in MANNERS:
        return False
    return any(c.lower_ == "no" and c.dep_ == "det" for c in noun.lefts)


def _governor(verb: Token) -> Token | None:
    """Return the verb that governs a gerund through prepositions and nouns ("has not done much in the way of …")."""
    at = verb
    for _ in range(8):
        if at.head.i == at.i:
            return None
        at = at.head
        if syntax.is_verb(at):
            return at
    return None


def speaker_of(verb: Token) -> Token | None:
    """Return who says the clause of `verb`, where a verb of saying governs it."""
    at = verb
    for _ in range(4):
        if at.dep_ == "ccomp" and at.head.lower_ in SPEECH:
            return syntax.surface_subject(at.head)
        if at.dep_ in {"ccomp", "advcl"} and "clear" in {at.head.lower_, *(c.lower_ for c in at.head.children)}:
            made = at.head if syntax.is_verb(at.head) else at.head.head
            if made.lower_ in MAKES:  # "made clear that"
                return syntax.surface_subject(made)
        for child in at.children:  # "…, Russia said": the parser may turn it round
            if child.lower_ not in SPEECH or child.dep_ not in {"ccomp", "parataxis", "conj"}:
                continue
            said = next((c for c in child.children if c.dep_ == "nsubj"), None)
            if child.dep_ != "conj" or (said is not None and said.i > child.i > at.i):
                return said  # "…, said the president"
        if at.dep_ not in {"conj", "xcomp", "advcl"} or at.head.i == at.i:
            return None
        at = at.head
    return None


def tense_of(token: Token) -> Tense | None:
    """Return the tense of a verb's clause."""
    if not syntax.is_verb(token):
        return None
    helpers = {c.lower_ for c in token.children if c.dep_ in {"aux", "auxpass"}}
    if helpers & (FUTURE - {"would", "'d", "’d"}):
        return "future"
    if helpers & {"had", "has", "have", "was", "were", "did", "'ve", "’ve"} or token.tag_ in {"VBD", "VBN"}:
        return "past"
    if token.tag_ in {"VBZ", "VBP"} or helpers & {"is", "are", "'s", "'re", "’s", "’re", "am"}:
        return "present"
    if token.dep_ in {"xcomp", "conj", "advcl", "ccomp", "pcomp"} and token.head.i != token.i:
        return tense_of(token.head) if syntax.is_verb(token.head) else None
    return None
