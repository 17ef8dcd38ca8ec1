"""Code the events of a text: find the words that can tell of one, read them, and write the records."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc, Span, Token

from dateline.annotate.events import syntax
from dateline.annotate.events.answers import HELPERS, is_short
from dateline.annotate.events.circumstance import Circumstance
from dateline.annotate.events.composition import denial
from dateline.annotate.events.confidence import Setting, confidence_of
from dateline.annotate.events.contexts import contexts_of
from dateline.annotate.events.continuity import Continuity
from dateline.annotate.events.filters import is_play, is_sports_page
from dateline.annotate.events.frames import frames_of
from dateline.annotate.events.happenings import number
from dateline.annotate.events.judging_words import judging_forms
from dateline.annotate.events.lexicon import hyphened, lowers, noun_table, verb_table
from dateline.annotate.events.outer import outers_of
from dateline.annotate.events.parties import PRONOUNS
from dateline.annotate.events.passage import REASON, Passage
from dateline.annotate.events.reader import KEPT_PAST, Reader
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.second import opinions, second_readings
from dateline.annotate.events.sides import sides_of
from dateline.annotate.events.standing import is_told, may_stand_alone, stands
from dateline.annotate.events.status import DUTY, is_claim
from dateline.annotate.events.tables import goldstein
from dateline.annotate.events.whereabouts import Whereabouts
from dateline.annotate.layers import layers_of, sentences_of
from dateline.types import EventMention, Party
from dateline.types import Span as TextSpan

JOURNEYS = frozenset({"travel", "fly", "go", "head", "journey", "return", "jet", "arrive"})
SHARED_REACH = 12  # tokens between a verb of signing and what its paper says
HAPPENING = frozenset(
    {"CONSULT", "COOPERATE", "PROTEST", "ASSAULT", "MOBILIZE", "AID"}
)  # types whose act is the thing itself
STRONG = frozenset({"ASSAULT", "PROTEST", "COERCE"})  # types told although those who suffer have no name
TRUSTED = 0.7  # probability from which the network is believed in a place where a frame's reading would not stand
STRONGLY = 0.75  # and from which it is believed of people without a country, where what is told is strong
# probability of a frame's type below which, and of another type from which, the network is believed against the frame
OVERRULED, OVERRULING = 0.03, 0.85
UNREAL = frozenset({"hypothetical", "conditional"})
LONGEST_SENTENCE = 250  # tokens: what is longer is a list or broken markup, and its parse means nothing
QUADS = {
    1: "AGREE CONSULT SUPPORT CONCEDE", 2: "COOPERATE AID RETREAT", 3: "REQUEST ACCUSE REJECT THREATEN",
    4: "PROTEST SANCTION MOBILIZE COERCE ASSAULT",
}  # fmt: skip
QUAD_OF = {name: quad for quad, names in QUADS.items() for name in names.split()}


@cache
def _trigger_forms() -> tuple[frozenset[str], frozenset[str]]:
    verbs = frozenset(
        form for form, lemma in verb_table().items() if (lemma, "verb") in frames_of() or (lemma, "verb") in outers_of()
    )
    nouns = frozenset(
        form for form, lemma in noun_table().items() if (lemma, "noun") in frames_of() or (lemma, "noun") in outers_of()
    )
    adjectives = frozenset(word for word, pos in outers_of() if pos == "adj")
    return verbs | judging_forms(), nouns | adjectives


def code_events(doc: Doc) -> None:
    """Read the events of `doc` into its layers."""
    layers = layers_of(doc)
    layers.events = []
    if layers.warnings and any(warning.startswith("language") for warning in layers.warnings):
        return
    if not len(doc) or is_sports_page(doc):
        return
    circumstance = Circumstance(doc)
    whereabouts = Whereabouts(doc)
    passage = Passage(doc)
    found: list[EventMention] = []
    for index, reading in readings(doc):
        told = records(doc, index, reading, circumstance, whereabouts, passage)
        passage.note(told)
        found += told
    layers.events = Continuity(doc).settle(number(found))


def readings(doc: Doc, *, relaxed: bool = False) -> Iterator[tuple[int, Reading]]:
    """Yield sentence number and reading of every predicate that is not part of another one's reading.

    `relaxed` (for `relate`) keeps readings that have no side of their own, and acts named in passing.
    """
    reader = Reader()
    for index, sentence in enumerate(sentences_of(doc)):
        if len(sentence) > LONGEST_SENTENCE or len(sentence) < 3:  # noqa: PLR2004
            continue
        yield from ((index, reading) for reading in read_sentence(reader, sentence, relaxed=relaxed))


def read_sentence(reader: Reader, sentence: Span, *, relaxed: bool = False) -> list[Reading]:
    """Read one sentence, outer predicates first, and keep the readings that stand for themselves."""
    candidates = _candidates(sentence)
    if not relaxed and is_play(sentence):
        return []
    candidates.sort(key=lambda t: (_depth(t), t.i))
    used: set[int] = set()
    kept: list[Reading] = []
    for token in candidates:
        if token.i in used:
            continue
        reading = reader.read(token)
        if reading is None:
            continue
        if not (relaxed or stands(token, reading)):
            if reading.inner is not None and reading.modality in UNREAL:
                used |= reading.inner.used | {
                    t.i for t in reading.inner.trigger
                }  # "is considering lifting the ban": the lifting is no more told than the whole
            continue
        if not relaxed and not is_told(token, reading):
            used |= reading.used | {t.i for t in reading.trigger}
            continue
        used |= reading.used | {t.i for t in reading.trigger}
        inner = reading.inner
        while inner is not None:
            used |= inner.used
            inner = inner.inner
        kept.append(reading)
        if reading.modality == "denied":
            kept.append(denial(reading, reader.past))
        reader.past.append(reading)
    kept = _weighed(sentence, kept, used)
    for reading in second_readings(sentence, used | reader.idle):
        token = reading.trigger[0]
        there = stands(token, reading) or (reading.probable or 0.0) >= STRONGLY
        if relaxed or (reading.sources and there and is_told(token, reading)):
            kept.append(reading)  # nothing later points back to it: it is too unsure for that
    kept.sort(key=lambda r: r.trigger[0].i)
    reader.past = sorted(reader.past, key=lambda r: r.trigger[0].i)[-KEPT_PAST:]
    _share_parties(kept)
    return kept


def _weighed(sentence: Span, kept: list[Reading], used: set[int]) -> list[Reading]:
    """Ask the network about each reading of frames; leave those to the second reader of which it is sure that another type is meant."""
    if not kept:
        return kept
    known = opinions(sentence)
    left = []
    for reading in kept:
        opinion = known.get(reading.trigger[0].i)
        if opinion is not None:
            reading.opinion = opinion.types[reading.event_type]
            plain = len(reading.chain) == 1 and reading.specific == 0
            if plain and reading.opinion < OVERRULED and opinion.types[opinion.event_type] >= OVERRULING:
                used -= {t.i for t in reading.trigger}
                continue
        left.append(reading)
    return left


def _candidates(sentence: Span) -> list[Token]:
    """Return the words of a sentence that may tell of an event."""
    verbs, nouns = _trigger_forms()
    candidates = []
    doc = sentence.doc
    wholes = hyphened(doc)
    for at, form in enumerate(lowers(doc)[sentence.start : sentence.end], start=sentence.start):
        if form in DUTY:
            token = doc[at].head  # "Poland must reinstate them": any verb
            if syntax.is_verb(token) and token.lower_ not in verbs:
                candidates.append(token)
            continue
        if form in HELPERS:
            if is_short(doc[at]):
                candidates.append(doc[at])
            continue
        if (whole := wholes.get(at)) is not None and (whole in verbs or whole in nouns):
            form = whole  # noqa: PLW2901 ("co-operated", "a pull-out")
        if form not in verbs and form not in nouns:
            continue
        token = doc[at]
        if (form in verbs and syntax.is_verb(token)) or (
            form in nouns and token.tag_[:2] in {"NN", "JJ", "VB", "IN", "RB", "RP"}
        ):
            candidates.append(token)
    return candidates


def _share_parties(kept: list[Reading]) -> None:
    """Give a promise inside an agreement ("a statement with Kim in which Iran promised …") the other party of it."""
    for reading in kept:
        if reading.targets or reading.event_type not in {"AGREE", "CONCEDE"} or reading.clause is None:
            continue
        noun = next((t.head for t in (reading.clause, *reading.clause.ancestors) if t.dep_ == "relcl"), None)
        if noun is None:
            continue
        for other in kept:
            if other is reading or other.clause is None or not other.targets or other.clause.i >= reading.clause.i:
                continue
            if other.event_type in {"SUPPORT", "AGREE"} and noun.i - other.clause.i < SHARED_REACH:
                reading.targets = list(other.sources)
                reading.why["target"] = f"the other party of what was signed at {other.trigger[0].text!r}"


def _depth(token: Token) -> int:
    depth = 0
    while token.head.i != token.i and depth < 60:  # noqa: PLR2004
        token = token.head
        depth += 1
    return depth


def records(  # noqa: PLR0912, PLR0917 (what one record needs)
    doc: Doc, index: int, reading: Reading, circumstance: Circumstance, whereabouts: Whereabouts, passage: Passage
) -> list[EventMention]:
    """Write the records of one reading: one for each pair of source and target."""
    sides = sides_of(reading, passage, index)
    sources, targets, reasons = sides.sources, sides.targets, sides.reasons
    unreal = reading.modality in {"hypothetical", "conditional"}
    alone = reading.clause is not None and may_stand_alone(reading.clause, reading)
    nobody = alone and not unreal and not sources and not targets
    if not nobody and not _somebody(reading, sources, targets):
        return []
    if unreal and not all(p.actor for p in (*sources[:1], *targets[:1])):
        return []
    named = any(p.actor and p.actor.country for p in (*sources, *targets))
    if reading.probable is not None and not named and not _is_plain(reading):
        return []  # a network that no frame bears out is believed of somebody whose country is known
    pairs = sides.pairs() or ([(None, None)] if nobody else [])
    if not pairs:
        return []
    date, why_date, historical = circumstance.when(reading, index)
    place, why_place = circumstance.place(reading, date)
    hurt = reading.event_type == "ASSAULT" and any(p.actor for p in targets)
    if reading.probable is not None and not named and not hurt and not (place and place.country):
        return []  # nor of a crowd or the police that gather nobody knows where
    if date is None:
        reasons["date"] = why_date
    if place is None:
        reasons["place"] = why_place
    elif place.country is None:
        reasons["place"] = "place_unlisted"
    modality = "historical" if historical and reading.modality == "asserted" else reading.modality
    published = circumstance.published
    if modality == "asserted" and reading.event_type in HAPPENING and date and published and date.from_ > published:
        modality = "planned"  # "meets him on Friday": told in the present, still to come
    trigger = _trigger(doc, reading)
    if reading.why:
        notes = doc.user_data.setdefault("dateline_why", {})
        notes[trigger.start, trigger.end, reading.event_type] = dict(reading.why)
    attribution, speaker = circumstance.attribution(trigger.start, trigger.end)
    if attribution is None and sources and is_claim(reading):
        claimant = sources[0]  # who claims an act says so
        attribution, speaker = TextSpan(claimant.start, claimant.end, claimant.text), claimant.actor
    if attribution is None:
        reasons["attribution"] = "not_reported_speech"
    whom = bool(targets) and reasons.get("target") != REASON
    score = confidence_of(reading, Setting(bool(sources), whom, headline=layers_of(doc).headline, sentence=index))
    code = reading.cameo
    pairs = [whereabouts.settle(source, target, place, trigger.end, reading.event_type) for source, target in pairs]
    if reading.event_type == "CONSULT" and reading.frame.words[0] in JOURNEYS:
        pairs = [(s, t) for s, t in pairs if not _at_home(s, t)]
    return [
        EventMention(
            event_type=reading.event_type,  # type: ignore[arg-type]
            mode=reading.mode,
            contexts=contexts_of(doc, index, reading.event_type),
            cameo=code,
            quad=QUAD_OF[reading.event_type],  # type: ignore[arg-type]
            goldstein=goldstein().get(code, goldstein().get(code[:3], goldstein().get(code[:2]))),
            happening=0,
            sentence=index,
            trigger=trigger,
            source=source,
            target=target,
            date=date,
            place=place,
            modality=modality,
            negated=reading.negated,
            tense=reading.tense,
            attribution=attribution,
            attributed_to=speaker,
            confidence=score,
            frame=" > ".join(reading.chain),
            reasons=dict(reasons),
        )
        for source, target in pairs
    ]


def _at_home(source: Party | None, target: Party | None) -> bool:
    """Say whether a journey leads to one's own country: "the prime minister flew back to London" is no visit."""
    home = source.actor.country if source and source.actor else None
    return home is not None and target is not None and target.actor is not None and target.actor.country == home


def _is_plain(reading: Reading) -> bool:
    """Say whether the network is sure of what is told strongly, so that those who did it need no country: "gunmen took 40 girls"."""
    return reading.event_type in STRONG and (reading.probable or 0.0) >= STRONGLY


def _somebody(reading: Reading, sources: list[Party], targets: list[Party]) -> bool:
    """Say whether anybody is named: a bare "they" that stands for nobody is a side only of what is strongly told."""
    parties = [*sources, *targets]
    if any(party.actor is not None or party.text.casefold() not in PRONOUNS for party in parties):
        return True
    return bool(parties) and reading.event_type in STRONG and not sources


def _trigger(doc: Doc, reading: Reading) -> TextSpan:
    """Return the stretch from the first to the last trigger word where it is short, else the first word alone."""
    first, last = min(t.i for t in reading.trigger), max(t.i for t in reading.trigger)
    if last - first > 6:  # noqa: PLR2004
        first = last = reading.trigger[0].i
    span = doc[first : last + 1]
    return TextSpan(span.start_char, span.end_char, span.text)
