"""Read what somebody calls somebody else's act: "called the raid barbaric", "said the delay was regrettable".

The words that judge are a table (`data/events/judgements.tsv`). A judgement needs somebody who gives it: the subject of the
verb of calling, who speaks the clause, or whom the quotation is from. Judged is whoever stands in the judged phrase; where it
only points back ("the decision"), whoever was told to have done it.
"""

from __future__ import annotations

from typing import Final

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.frames import Frame, frames_of
from dateline.annotate.events.judging_words import MEANING, TABLE, judgements
from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.outer import outers_of
from dateline.annotate.events.parties import PRONOUNS, acts, inner_actors
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.status import DUTY, POSSIBLE, apply_status, is_negated, speaker_of, tense_of
from dateline.annotate.events.tables import classes
from dateline.annotate.events.whom import source_party
from dateline.annotate.events.wishes import is_power
from dateline.annotate.layers import layers_of

FEELINGS: Final = frozenset({"upset", "pleased"})
FELT_ABOUT: Final = ("about", "at", "by", "over", "with", "for", "of", "to", "that")


def judge(verb: Token) -> Reading | None:
    """Read a judgement at its verb: a verb of calling, or a copula in somebody's words."""
    form, known = verb.lower_, judgements()
    if form in known.copulas:
        return _said_to_be(verb)
    if form in known.calls or form in known.described or form in known.spoke:
        return _called(verb)
    return None


def _called(verb: Token) -> Reading | None:
    known, form = judgements(), verb.lower_
    judged: list[Token] = []
    words: list[Token] = []
    if form in known.calls:
        words, judged = _small_clause(verb)
    if not words and (form in known.described or form in known.spoke):
        wanted = "as" if form in known.described else "of"
        link = next((c for c in verb.children if c.lower_ == wanted and c.dep_ in {"prep", "mark"}), None)
        if link is not None:
            words = [c for c in link.children if c.dep_ in {"pobj", "amod", "pcomp", "acomp"}]
            judged = syntax.objects(verb) if wanted == "as" else []
    if not words:
        return None
    found = _stance(words[0], judged)
    sources = syntax.subjects(verb)
    if found is None or not sources or not all(acts(s) or inner_actors(s) for s in sources):
        return None
    stance, word = found
    if stance in FEELINGS or (form in known.spoke and (stance != "bad" or word.lower_ in known.misfortunes)):
        return None
    if stance == "guilty" and form in known.calls:
        return None  # "found guilty" is a verdict
    if form not in known.spoke and not _is_deed(judged):
        return None
    return _reading(stance, verb, [verb, word], sources, judged)


def _small_clause(verb: Token) -> tuple[list[Token], list[Token]]:
    """Return the judging word and what is judged of "called X barbaric", as the parser may have it."""
    objects = syntax.objects(verb)
    words = [c for c in verb.children if c.dep_ in {"oprd", "acomp", "attr"} and c.i > verb.i]
    if not words:  # "branded the vote a sham": taken for a second object
        words = [c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i][-1:]
        words = [
            w for w in words if syntax.is_passive(verb) or any(o.i < w.i and o.dep_ == "dobj" for o in verb.children)
        ]
    if not words:  # "branded the minister a traitor": taken for an apposition
        late = [a for o in objects for a in o.children if a.dep_ == "appos" and a.i > o.i]
        if (
            late
            and any(c.lower_ in {"a", "an"} for c in late[0].lefts)
            and verb.doc[late[0].left_edge.i - 1].text != ","
        ):
            return late[:1], objects
    for word in words or [
        c for c in verb.children if c.dep_ == "dobj"
    ]:  # "called the raid barbaric": taken for one phrase
        before = [c for c in word.lefts if c.dep_ == "compound" and c.i == word.i - 1]
        others = [o for o in objects if o.i != word.i]
        if before and not others and _judges(word):
            return [word], before
    if words:
        return words, [o for o in objects if o.i != words[0].i]
    for child in verb.children:
        if child.dep_ in {"ccomp", "xcomp"} and child.tag_[:2] in {"JJ", "NN"}:
            return [child], [c for c in child.children if c.dep_ in {"nsubj", "nsubjpass"}]
    for noun in objects:  # "called the measures hostile": taken for a modifier
        late = [c for c in noun.children if c.dep_ == "amod" and c.i == noun.i + 1]
        if late:
            return late, [noun]
    return [], []


def _judges(word: Token) -> bool:
    known = judgements()
    return word.lower_ in known.adj or word.lower_ in known.person


def _said_to_be(verb: Token) -> Reading | None:  # noqa: PLR0911
    word = next((c for c in verb.children if c.dep_ in {"acomp", "attr"} and c.i > verb.i), None)
    if word is None:
        return _phrased(verb)
    if any(c.dep_ == "aux" and c.lower_ in DUTY for c in verb.children):
        return None
    if any(c.dep_ == "expl" for c in verb.children):
        return _none_to_be(verb, word)
    subject = syntax.surface_subject(verb)
    if subject is None:
        return None
    judged = syntax.with_conjuncts(subject)
    found = _stance(word, judged)
    if found is None or is_asked(verb) or _is_only_thought(verb, word, subject):
        return None
    stance, judging = found
    if is_negated(verb) or any(c.lower_ == "neither" for c in word.lefts):  # "neither free nor fair"
        if stance != "good":
            return None
        stance = "bad"
    speaker = _judge_of(verb)
    if stance in FEELINGS:
        return _felt(stance, verb, judging, subject, speaker)
    if speaker is None or not (acts(speaker) or inner_actors(speaker)):
        return None
    sources = syntax.with_conjuncts(speaker)
    if any(s.lower_ == j.lower_ for s in sources for j in judged) or _is_self(judged) or not _is_deed(judged):
        return None
    return _reading(stance, verb, [judging, verb], sources, judged)


def _is_only_thought(verb: Token, word: Token, subject: Token) -> bool:
    """Say whether nothing done is judged: "it would be wrong to lift the ban"."""
    if subject.lower_ != "it" or not any(c.dep_ == "aux" and c.lower_ == "would" for c in verb.lefts):
        return False
    return any(g.tag_ == "TO" for c in (*verb.rights, *word.rights) for g in c.lefts)


def _judge_of(verb: Token) -> Token | None:
    """Return who says what a copula says: in a clause, in a quotation, or as a view of his."""
    speaker = speaker_of(verb) or quoted_speaker(verb)
    held = speaker is None and verb.dep_ == "acl" and verb.head.lower_ in judgements().views
    return syntax.holder(verb.head) if held else speaker


def _phrased(verb: Token) -> Reading | None:
    """Read "was without foundation", "is not for sale", "nothing was up for discussion" in somebody's words."""
    known, speaker, subject = judgements(), _judge_of(verb), syntax.surface_subject(verb)
    if speaker is None or subject is None or not acts(speaker) or is_asked(verb):
        return None
    denied = is_negated(verb)
    links = [c for c in verb.rights if c.lower_ in {"without", "for", "up"}]
    links += [c for link in links if link.lower_ == "up" for c in link.children if c.lower_ == "for"]
    sources = syntax.with_conjuncts(speaker)
    for link in links:
        noun = next((c for c in link.children if c.dep_ == "pobj"), None)
        if noun is None:
            continue
        if link.lower_ == "without" and noun.lower_ in known.baseless and not denied:
            return _reading("untrue", verb, [noun, verb], sources, syntax.with_conjuncts(subject))
        if link.lower_ == "for" and noun.lower_ in known.bargained and denied and is_power(speaker):
            return _reading("refused", verb, [noun, verb], sources, syntax.with_conjuncts(subject))
    return None


def _none_to_be(verb: Token, word: Token) -> Reading | None:
    """Read "said that there would be no deal": a refusal."""
    if word.lower_ not in judgements().refusable or not any(c.lower_ == "no" for c in word.children):
        return None
    ahead = any(c.tag_ == "MD" for c in verb.children)
    speaker = _judge_of(verb)
    if not ahead or speaker is None or not acts(speaker):
        return None
    sources = syntax.with_conjuncts(speaker)
    return _reading("refused", verb, [word, verb], sources, [word])


def _felt(stance: str, verb: Token, word: Token, subject: Token, speaker: Token | None) -> Reading | None:
    known = classes()
    official = subject.ent_type_ in {"GPE", "ORG", "NORP"} or noun_lemma(subject) in known["leaders"] | known["states"]
    if subject.tag_ == "PRP" and speaker is not None and acts(speaker):
        subject, official = speaker, True
    if not acts(subject):
        return None
    about = [
        n for c in word.children if c.dep_ == "prep" and c.lower_ in FELT_ABOUT for n in c.children if n.dep_ == "pobj"
    ]
    if not official and not (about and _judged(about, [subject])):
        return None
    if not about and not any(c.dep_ in {"ccomp", "xcomp"} for c in word.children) and speaker is None:
        return None
    return _reading(stance, verb, [word, verb], syntax.with_conjuncts(subject), about)


def _is_deed(judged: list[Token]) -> bool:
    """Say whether what is judged is somebody or something done: of the weather nobody is guilty."""
    for noun in judged:
        if noun.lower_ in {"what", "which", "there"}:
            continue
        if acts(noun) or noun.lower_ in judgements().deeds or (noun_lemma(noun), "noun") in frames_of():
            return True
        if noun_lemma(noun) in classes()["laws"] | classes()["agreements"] | classes()["demands"]:
            return True
        if noun.tag_ == "VBG" or (noun_lemma(noun), "noun") in outers_of() or inner_actors(noun):
            return True
    return False


def _is_self(judged: list[Token]) -> bool:
    return all(t.lower_ in {"i", "we", "he", "she", "they", "there", "you"} for t in judged)


def _stance(word: Token, judged: list[Token]) -> tuple[str, Token] | None:
    """Return the stance of a predicate and the word that has it: itself, one joined to it, its adjective, what it is a sign of."""
    known = judgements()
    at = word
    for _ in range(3):
        if at.tag_.startswith(("JJ", "VB")):
            stance = known.adj.get(at.lower_) or (_full_of(at) if at.lower_ == "full" else None)
        else:
            stance = known.noun.get(at.lower_) or known.adj.get(at.lower_)
            if stance is None and at.lower_ in known.person and all(acts(j) for j in judged):
                stance = known.person[at.lower_]
            if stance is None or stance == "good":
                by = next((s for c in at.lefts if c.dep_ in {"amod", "compound"} and (s := _modifying(c))), None)
                stance = by if by in {"bad", "untrue"} else stance or by
            if stance is None or at.lower_ in known.kinds:
                inside = next(
                    (n for c in at.children if c.lower_ == "of" for n in c.children if n.dep_ == "pobj"), None
                )
                if inside is not None and at.lower_ in known.kinds and inside.lower_ in known.noun:
                    stance = known.noun[inside.lower_]
        if stance is not None:
            return stance, at
        following = next((c for c in at.children if c.dep_ == "conj"), None)
        if following is None:
            return None
        at = following
    return None


def _modifying(word: Token) -> str | None:
    """Return the stance that a modifier gives its noun: "a shameful deal", "hostage diplomacy"."""
    known = judgements()
    return known.adj.get(word.lower_) or (known.noun.get(word.lower_) if word.dep_ == "compound" else None)


def _full_of(word: Token) -> str | None:
    """Return the stance of "full of lies"."""
    inside = (n for c in word.children if c.lower_ == "of" for n in c.children if n.dep_ == "pobj")
    return next((judgements().noun.get(n.lower_) for n in inside), None)


def _judged(judged: list[Token], sources: list[Token]) -> list[Token]:
    """Return who stands in what is judged; where it only points back ("the decision"), the passage knows whose it is."""
    own = _countries(sources)
    for noun in judged:
        if acts(noun) and noun.lower_ not in PRONOUNS:
            return [t for t in judged if acts(t)]
        inside = [t for t in inner_actors(noun) if not _countries([t]) & own]
        if inside:
            return inside
    return [t for t in judged if t.lower_ in PRONOUNS - {"it"}]


def _countries(tokens: list[Token]) -> set[str]:
    """Return the countries of those that some tokens head, and the words of those without one: one's own deeds one does not judge."""
    found = set()
    for token in tokens:
        party = source_party(token)
        actor = party.actor if party is not None else None
        found.add(actor.country if actor is not None and actor.country else token.lower_)
    return found


def quoted_speaker(token: Token) -> Token | None:
    """Return whom a quotation round a token is from, where its own sentence does not say."""
    for quote in layers_of(token.doc).quotes:
        if quote.start <= token.idx < quote.end and quote.source is not None:
            span = token.doc.char_span(quote.source.start, quote.source.end, alignment_mode="expand")
            return span.root if span is not None else None
    return None


def is_judgement(reading: Reading) -> bool:
    """Say whether a reading is a judgement: no outer predicate makes another act of it."""
    return reading.frame.table == TABLE


def judgement_status(reading: Reading, verb: Token) -> Reading:
    """Apply what stands round a judgement: of a copula, the status of the verb of saying; its own negation is read already."""
    if verb.lower_ not in judgements().copulas:
        return apply_status(reading, verb)
    refusal = reading.event_type == "REJECT"
    if not refusal and any(c.dep_ == "aux" and c.lower_ in POSSIBLE for c in verb.children):
        reading.modality = "hypothetical"
    if verb.dep_ == "ccomp" and syntax.is_verb(verb.head):
        return apply_status(reading, verb.head)
    return reading


def is_asked(verb: Token) -> bool:
    """Say whether a clause is only asked or supposed: "if the deal was bad", "whether it was a crime"."""
    return any(c.dep_ == "mark" and c.lower_ in {"if", "whether", "unless"} for c in verb.children)


def _reading(stance: str, verb: Token, words: list[Token], sources: list[Token], about: list[Token]) -> Reading:
    event_type, mode, cameo = MEANING[stance]
    targets = _judged(about, sources)
    own = {s.i for s in sources}
    name = f"judge.{stance}/{event_type}"
    frame = Frame(
        name, ("judge",), "verb", (), (), (), False, event_type, mode, cameo, "", "", TABLE, 0,
    )  # fmt: skip
    return Reading(
        event_type, mode, cameo, words, sources, [t for t in targets if t.i not in own], False, frame, [name],
        clause=verb, used={t.i for t in words}, times={verb.i}, tense=tense_of(verb), specific=2, about=[] if targets else about,
    )  # fmt: skip
