"""Read one predicate: its frame, the predicates round it, and what they make of it together.

`Reader.read(token)` answers what the text says with that word, or None. Frames give the plain reading; an outer predicate
("agreed to", "cancelled", "calls for") takes the reading inside it and makes another; auxiliaries, negation and conditions
change its status. Everything is memoized and bounded per sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.frames import Frame, Need, frames_of
from dateline.annotate.events.lexicon import noun_lemma, verb_lemma
from dateline.annotate.events.outer import KEEP, UNREAD, Outer, Rule, mapped_mode, outers_of, rule_for
from dateline.annotate.events.parties import acts, fits, inner_actors
from dateline.annotate.events.tables import classes
from dateline.types import Modality, Tense

FEW_WORDS = 12  # a condition that names so few words is a narrow one
KEPT_PAST = 80  # readings that "the trip" may point back to
LOOSE = frozenset({"in", "at", "for", "from", "to", "into", "near", "along"})  # prepositions that often are no target's
POINTED = frozenset({"CONSULT", "AGREE", "COOPERATE", "AID", "SANCTION"})  # acts that a later "the …" points back to
NEAR = 4  # tokens: a trigger is one stretch where outer and inner word stand so close
THROUGH = frozenset({"do", "report", "fulfil", "command", "undergo", "issue", "mark", "consider", "suspect", "attempt"})
FORWARD = frozenset({"plan", "promise", "agree", "offer", "willing", "accept", "threaten", "fail"})  # their time is the act's
DEEPEST = 6  # of compositions inside one another
FUTURE = frozenset({"will", "'ll", "’ll", "wo", "shall", "would", "'d", "’d"})
POSSIBLE = frozenset({"may", "might", "could", "can", "ca"})
DUTY = frozenset({"must", "should", "ought"})
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "neither", "nor", "hardly", "barely"})
CONDITIONS = frozenset({"if", "unless", "whether", "lest", "until", "should"})
COOPERATIVE = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})
HOSTILE = frozenset({"SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "PROTEST", "THREATEN"})
TURNING = frozenset({"off", "down", "back", "away"})  # particles that make another verb of it
CARRIERS = frozenset(["effort", "process", "mission", "operation", "campaign", "deal", "bid", "move", "drive", "push", "role", "session", "round", "order", "plan", "wave"])
SPEECH = frozenset(
    ["say", "said", "says", "tell", "told", "add", "added", "insist", "insisted", "declare", "declared", "announce", "announced", "state", "stated", "argue", "argued", "stress", "stressed", "warn", "warned", "urge", "urged", "note", "noted", "write", "wrote", "maintain", "maintained"]
)


@dataclass(slots=True)
class Reading:
    """Hold what was read at one predicate, still as tokens."""

    event_type: str
    mode: str | None
    cameo: str
    trigger: list[Token]
    sources: list[Token]
    targets: list[Token]
    both: bool
    frame: Frame
    chain: list[str]  # frame id, then each composition, innermost first
    modality: Modality = "asserted"
    negated: bool = False
    tense: Tense | None = None
    clause: Token | None = None  # the verb that times and places hang on
    used: set[int] = field(default_factory=set)  # tokens that are part of this reading and start none of their own
    inner: Reading | None = None
    why: dict[str, str] = field(default_factory=dict)  # for `--explain`
    times: set[int] = field(default_factory=set)  # tokens whose time is this event's: not that of what was only cancelled
    specific: int = 0  # conditions of the frame that were met


class Reader:
    """Read the predicates of one text."""

    def __init__(self) -> None:
        self.memo: dict[int, Reading | None] = {}
        self.composed: dict[int, tuple[Token, Outer]] = {}  # inner token → the outer predicate that took it
        self.past: list[Reading] = []  # what was read before, for "the whole thing", "the trip"

    def read(self, token: Token, depth: int = 0) -> Reading | None:
        """Return the reading of a predicate, or None."""
        if depth > DEEPEST:
            return None
        if token.i not in self.memo:
            self.memo[token.i] = None  # breaks cycles
            self.memo[token.i] = self._read(token, depth)
        found = self.memo[token.i]
        return replace(found, used=set(found.used), chain=list(found.chain), why=dict(found.why)) if found else None

    def _read(self, token: Token, depth: int) -> Reading | None:
        if syntax.is_verb(token):
            reading = self._verb(token, depth)
            return self._status(reading, token) if reading else None
        if token.tag_.startswith("NN"):
            return self._noun(token, depth)
        if token.tag_.startswith(("JJ", "VB", "RB", "IN")):
            return self._adjective(token, depth)
        return None

    # ------------------------------------------------------------------------------------------------- predicates

    def _verb(self, token: Token, depth: int) -> Reading | None:
        lemma = verb_lemma(token)
        frame, met = self._best_frame(token, lemma, "verb")
        joined = self._joined(token, depth)
        if joined is not None:
            return joined
        for outer in outers_of().get((lemma, "verb"), ()):
            words = self._words(token, outer.words[1:])
            if words is None:
                continue
            strong = frame is not None and met > 0 and not self._carries_act(token)
            if strong and outer.cls in {"do", "issue", "undergo", "plan", "command"} and not self._comp(token):
                continue
            if (
                strong
                and outer.cls in {"cancel", "abandon", "accept", "welcome", "promise", "offer"}
                and "obj" in outer.inner
            ):
                if not self._comp(token):
                    continue
            reading = self._compose(token, outer, words, depth)
            if reading is not None:
                return reading
        if frame is None or met == 0:
            bare = self._bare(token, outers_of().get((lemma, "verb"), ()))
            if bare is not None:
                return bare
        if frame is None:
            return self._vague(token, lemma)
        return self._plain(token, frame, met)

    def _noun(self, token: Token, depth: int) -> Reading | None:
        lemma = noun_lemma(token)
        for outer in outers_of().get((lemma, "noun"), ()):
            reading = self._compose(token, outer, [token], depth)
            if reading is not None:
                return reading
        frame, met = self._best_frame(token, lemma, "noun", aimless=depth > 0)
        if frame is None:  # "mediation efforts", "peace process": the modifier says what the head only carries
            for child in token.lefts:
                if child.dep_ == "compound" and (lemma in CARRIERS or not acts(token)):
                    frame, met = self._best_frame(token, noun_lemma(child), "noun", aimless=depth > 0)
                    if frame is not None and (lemma in CARRIERS or depth > 0):
                        break
                    frame = None
        return self._plain(token, frame, met) if frame else None

    def _adjective(self, token: Token, depth: int) -> Reading | None:
        senses = outers_of().get((token.lower_, "adj"), ())
        for outer in senses:
            reading = self._compose(token, outer, [token], depth)
            if reading is not None:
                return reading
        return self._bare(token, senses)

    def _bare(self, token: Token, senses: tuple[Outer, ...]) -> Reading | None:
        """Read "agreed to …", "refused to …" where no frame reads what follows: the outer predicate is an act of its own."""
        for outer in senses:
            rule = rule_for(outer.cls, UNREAD)
            if rule is None or outer.words[1:] or "comp" not in outer.inner:
                continue
            inside = next((c for c in self._candidates(token, "comp", [token]) if _is_infinitive(c)), None)
            if inside is None:
                continue
            frame = _bare_frame(outer, rule)
            sources = syntax.subjects(token) if syntax.is_verb(token) else self._outer_sources_of_adjective(token)
            targets = _actors_inside(inside, {t.i for t in sources})
            return Reading(
                rule.event_type, None, rule.cameo, [token], sources, targets, False, frame, [frame.id],
                clause=token, used={token.i}, times={token.i, inside.i}, tense=tense_of(token),
            )  # fmt: skip
        return None

    @staticmethod
    def _outer_sources_of_adjective(token: Token) -> list[Token]:
        subject = syntax.surface_subject(token.head) if token.head.i != token.i else None
        return syntax.with_conjuncts(subject) if subject is not None else []

    def _joined(self, token: Token, depth: int) -> Reading | None:
        """Read "and return them" of "agreed to free the men and return them": the outer predicate reaches over "and"."""
        if (
            token.dep_ != "conj"
            or token.head.i not in self.composed
            or any(c.dep_ in syntax.SUBJECTS for c in token.children)
        ):
            return None
        outer_token, outer = self.composed[token.head.i]
        lemma = verb_lemma(token)
        frame, met = self._best_frame(token, lemma, "verb")
        if frame is None:
            return None
        inner = self._plain(token, frame, met)
        if inner is None:
            return None
        self.composed[token.i] = (outer_token, outer)
        reading = self._combine(outer_token, outer, [token], inner, token)
        return reading

    # ------------------------------------------------------------------------------------------------- frames

    def _best_frame(self, token: Token, lemma: str, pos: str, *, aimless: bool = False) -> tuple[Frame | None, int]:
        best: Frame | None = None
        best_score = -1.0
        for frame in frames_of().get((lemma, pos), ()):
            score = self._score(token, frame, aimless=aimless)
            if score > best_score:
                best, best_score = frame, score
        return best, (0 if best is None else int(best_score))

    def _score(self, token: Token, frame: Frame, *, aimless: bool) -> float:
        score = 0.0
        if frame.pos == "verb":
            for child in token.children:
                if child.dep_ == "prt" and child.lower_ in TURNING and child.lower_ not in frame.words:
                    return -1
        if frame.words[1:]:
            if self._words(token, frame.words[1:]) is None:
                return -1
            score += 2 * len(frame.words[1:])
        for need in frame.needs:
            if not self._met(token, frame, need):
                if aimless and (need.place == "aim" or need.place in frame.target):  # an outer predicate knows more of "the trip"
                    continue
                return -1
            score += _weight(need)
        return score

    def _met(self, token: Token, frame: Frame, need: Need) -> bool:
        if need.place == "aim":
            return any(role(token, place) for place in frame.target)
        if need.place == "clause":
            return any(t.lower_ in (need.words or ()) for t in token.subtree)
        if need.place == "comp":
            return self._comp(token) is not None
        if need.place == "xcomp":
            return any(c.dep_ in {"xcomp", "ccomp"} and _is_infinitive(c) for c in token.children)
        found = place_of(token, need.place)
        if not found and need.words is None and not need.absent:
            return syntax.preposition_complement(token, need.place) is not None
        if need.absent:
            return not found
        if not found:
            return False
        if need.words is None:
            return True
        if need.place.endswith("mod"):
            hit = any(t.lower_ in need.words for t in found)
        else:
            hit = any(fits(t, need.words) for t in found)
        return hit != need.unlike

    @staticmethod
    def _carries_act(token: Token) -> bool:
        """Say whether the object is a word like "readiness to …", "threat to …": the act is inside it."""
        for noun in syntax.objects(token):
            if (noun_lemma(noun), "noun") in outers_of() and any(c.dep_ == "acl" or c.lower_ == "for" for c in noun.rights):
                return True
        return False

    @staticmethod
    def _comp(token: Token) -> Token | None:
        for child in token.children:
            if child.dep_ in {"xcomp", "ccomp"} and (syntax.is_verb(child) or child.tag_.startswith("JJ")):
                return child
        return None

    @staticmethod
    def _words(token: Token, words: tuple[str, ...]) -> list[Token] | None:
        """Find the further words of a sense; return all its tokens, or None."""
        found = [token]
        at = token
        for word in words:
            hit = syntax.has_particle(at, word)
            if hit is None:
                hit = next(
                    (
                        c
                        for c in at.children
                        if c.dep_ in {"dobj", "pobj", "oprd", "acomp", "attr", "nsubj"} and noun_lemma(c) == word
                    ),
                    None,
                )
            if hit is None and at is token:
                hit = next(
                    (
                        c
                        for c in at.children
                        if c.lower_ == word and c.dep_ in {"acomp", "oprd", "xcomp", "ccomp", "dobj"}
                    ),
                    None,
                )
            if hit is None:
                return None
            found.append(hit)
            at = token if hit.dep_ == "prt" else hit
        return found

    def _plain(self, token: Token, frame: Frame, met: int) -> Reading:
        words = self._words(token, frame.words[1:]) or [token]
        sources = _spread(first_role(token, frame.source), frame)
        targets = first_role(token, frame.target, target=True)
        taken = {t.i for t in sources}
        targets = [t for t in targets if t.i not in taken]
        used = {t.i for t in words}
        if frame.pos == "verb":
            for noun in syntax.objects(token):
                head = syntax.real_head(noun)
                if not acts(head):
                    used.add(head.i)
        return Reading(
            frame.event_type, frame.mode, frame.cameo, words, sources, targets, frame.both, frame, [frame.id],
            clause=token, used=used, times={token.i} | {t.i for t in words}, tense=tense_of(token), specific=met,
        )  # fmt: skip

    # ------------------------------------------------------------------------------------------------- composition

    def _compose(self, token: Token, outer: Outer, words: list[Token], depth: int) -> Reading | None:
        for place in outer.inner:
            for candidate in self._candidates(token, place, words):
                inner = self.read(candidate, depth + 1)
                if inner is None:
                    continue
                reading = self._combine(token, outer, words, inner, candidate)
                if reading is not None:
                    self.composed[candidate.i] = (token, outer)
                    return reading
        return None

    def _candidates(self, token: Token, place: str, words: list[Token]) -> list[Token]:
        if place == "comp":
            found = [
                c
                for c in token.children
                if (c.dep_ in {"xcomp", "ccomp", "acl", "advcl"}
                and (c.dep_ != "advcl" or token.tag_.startswith("JJ") or _is_infinitive(c)))
                or (c.dep_ == "dobj" and c.tag_ == "VBG")
            ]
            if not found:  # "is about to", "made a pledge to": the parser hangs the infinitive higher
                for child in token.children:
                    if child.dep_ == "dobj":
                        found += [g for g in child.children if g.dep_ in {"acl", "relcl"} and _is_infinitive(g)]
            following: list[Token] = []
            for verb in found:
                following.append(verb)
                if syntax.is_verb(verb) or verb.pos_ == "AUX":
                    following += [c for c in verb.children if c.dep_ in {"acomp", "xcomp"} and verb.pos_ == "AUX"]
            return following
        if place == "obj":
            heads = syntax.objects(token) if syntax.is_verb(token) else []
            return [
                syntax.real_head(n) for n in heads if not acts(n) or n.lower_ in {"call", "strike", "guard", "report"}
            ]
        complement = next((c for w in words if (c := syntax.preposition_complement(w, place)) is not None), None)
        if complement is None and words[-1].lower_ == place:
            complement = next((c for c in words[-1].children if c.dep_ in {"pobj", "pcomp"}), None)
        if complement is None and syntax.is_verb(token):
            for noun in syntax.objects(token):
                complement = complement or syntax.preposition_complement(noun, place)
        if complement is None:
            return []
        return [complement if syntax.is_verb(complement) else syntax.real_head(complement)]

    def _combine(
        self, token: Token, outer: Outer, words: list[Token], inner: Reading, inner_token: Token
    ) -> Reading | None:
        cls = outer.cls
        if cls == "fulfil":
            act = inner.inner
            if act is None:
                return None
            return self._wrapped(
                token, words, inner, act, "fulfil", self._outer_sources(token, inner), act.targets, act
            )
        if inner.negated and cls in {"ask", "ask.for"} and inner.event_type in {"CONSULT", "COOPERATE", "AID", "SUPPORT", "AGREE"}:
            cls = "forbid"
        if cls == "threaten" and verb_lemma(token) == "warn" and not self._own_act(token, inner):
            return None
        if cls in {"plan", "promise"} and inner_token.tag_.startswith("VB") and not self._own_act(token, inner):
            cls = "plan" if cls == "promise" else cls
        if cls == "plan" and syntax.is_verb(inner_token) and inner_token.dep_ == "ccomp" and not _is_infinitive(inner_token):
            if inner.modality == "asserted" and "plan(will)" not in inner.chain:
                cls = "report"  # "announced that it had suspended": told, not planned
        rule = rule_for(cls, inner.event_type)
        if rule is None:
            return None
        sources = inner.sources if rule.source == "inner" else self._outer_sources(token, inner)
        if cls == "undergo":
            sources = inner.sources or syntax.prepositional(token, "from")
        targets = self._targets(rule.target, token, inner, sources)
        event_type = inner.event_type if rule.event_type == KEEP else rule.event_type
        mode, cameo = inner.mode, inner.cameo
        if rule.modes != KEEP:
            mapped = mapped_mode(rule.modes, inner.event_type, inner.mode) if rule.modes else None
            mode, cameo = (mapped.mode, mapped.cameo) if mapped else (None, rule.cameo)
        made = replace(inner, event_type=event_type, mode=mode, cameo=cameo)
        result = self._wrapped(token, words, inner, made, f"{cls}({'_'.join(outer.words)})", sources, targets, inner)
        if cls == "agree" and len(sources) > 1 and not result.targets:
            result.both = True
        if not result.targets and inner_token.tag_.startswith("NN") and rule.target in {"inner", "asked"}:
            result.targets = self._stray_targets(token, inner, sources)
        if not result.targets and rule.target == "inner.source":  # "deplored the invasion": whoever was told to have done it
            told = next((o for o in reversed(self.past) if o.event_type == inner.event_type and o.sources), None)
            result.targets = [t for t in told.sources if t.i not in {s.i for s in sources}] if told else []
        if not result.targets and inner_token.tag_.startswith("NN"):
            result.targets = self._known_targets(inner, result)
        result.modality = inner.modality if rule.modality == KEEP else rule.modality  # type: ignore[assignment]
        result.negated = inner.negated if event_type == inner.event_type and cls != "forbid" else False
        return result

    @staticmethod
    def _wrapped(
        token: Token, words: list[Token], inner: Reading, made: Reading, name: str, sources: list[Token],
        targets: list[Token], kept: Reading,
    ) -> Reading:  # fmt: skip
        near = all(abs(t.i - token.i) <= NEAR for t in inner.trigger)
        through = name.partition("(")[0] in THROUGH
        trigger = [*words, *inner.trigger] if near else list(inner.trigger) if through and inner.trigger else words
        return replace(
            made,
            trigger=trigger,
            sources=sources,
            targets=[t for t in targets if t.i not in {s.i for s in sources}],
            chain=[*inner.chain, name],
            clause=token if syntax.is_verb(token) else inner.clause,
            used=inner.used | {t.i for t in words} | {t.i for t in inner.trigger},
            times={token.i} | {t.i for t in words} | (inner.times if through or name.partition("(")[0] in FORWARD else set()),
            both=made.both and (through or name.partition("(")[0] in FORWARD),
            tense=tense_of(token) or inner.tense,
            inner=kept,
            specific=inner.specific + 1,
        )

    @staticmethod
    def _stray_targets(token: Token, inner: Reading, sources: list[Token]) -> list[Token]:
        """Find the inner act's target where the parser hung its preposition on the outer predicate."""
        own = {t.i for t in sources}
        for place in inner.frame.target:
            if "." in place or place in {"obj", "subj", "iobj"}:
                continue
            found = [t for t in syntax.prepositional(token, place, reach=2) if t.i not in own and acts(t)]
            if place == "to" and token.lower_ in SPEECH:
                found = [t for t in found if t.ent_type_ in {"GPE", "NORP"}]
            if found:
                return found
        return []

    def _known_targets(self, inner: Reading, result: Reading) -> list[Token]:
        """Find in what was read before whom "the trip", "the talks" were with."""
        for old in reversed(self.past[-KEPT_PAST:]):
            act = old.inner if old.inner is not None else old
            if inner.event_type not in POINTED:
                break
            if act.event_type == inner.event_type and old.targets and old.frame.mode == inner.frame.mode:
                result.why["target"] = f"as read at {old.trigger[0].text!r} before"
                return list(old.targets)
        return []

    @staticmethod
    def _own_act(token: Token, inner: Reading) -> bool:
        """Say whether the one who speaks is the one who will act ("warned that it would …")."""
        speaker = syntax.surface_subject(token)
        if speaker is None or not inner.sources:
            return True
        actor = inner.sources[0]
        return actor.i == speaker.i or actor.tag_ == "PRP" or actor.lower_ == speaker.lower_

    def _outer_sources(self, token: Token, inner: Reading) -> list[Token]:
        if syntax.is_verb(token):
            found = syntax.subjects(token)
            if found and not any(acts(t) for t in found):
                inside = [a for t in found for a in inner_actors(t)]
                if not inside and inner.sources:
                    return inner.sources
                if len(inside) > 1:
                    return inside
            if found or syntax.is_passive(token):
                if syntax.is_passive(token) and not found and inner.sources and not token.dep_ == "acl":
                    return [s for s in inner.sources if s.i not in {o.i for o in syntax.objects(token)}]
                return found
            return inner.sources
        if token.tag_.startswith("NN"):
            found = first_role(token, ("poss", "by", "from", "mod"))
            if found:
                return found
            owner = syntax.holder(token)
            if owner is not None and acts(owner):
                return syntax.with_conjuncts(owner)
            return inner.sources
        subject = syntax.surface_subject(token.head) if token.head.i != token.i else None
        return syntax.with_conjuncts(subject) if subject is not None else inner.sources

    def _targets(self, name: str, token: Token, inner: Reading, sources: list[Token]) -> list[Token]:
        own = (
            {t.i for t in sources} | {t.i for t in syntax.subjects(token)}
            if syntax.is_verb(token)
            else {t.i for t in sources}
        )

        def others(tokens: list[Token]) -> list[Token]:
            return [t for t in tokens if t.i not in own]

        if name == "inner":
            found = others(inner.targets)
            return found or [
                t
                for t in others(inner.sources)
                if t.tag_ not in {"PRP", "PRP$"} and inner.event_type in {"CONSULT", "AGREE", "REQUEST", "COOPERATE"}
            ]
        if name == "inner.source":
            return others(inner.sources) or others(inner.targets)
        if name == "outer.subject":
            return syntax.subjects(token) if not syntax.is_passive(token) else []
        if name == "asked":
            asked = []
            if syntax.is_verb(token):
                asked = [t for t in syntax.objects(token) if acts(t)] or [
                    t
                    for place in ("on", "upon", "to", "from", "with")
                    for t in syntax.prepositional(token, place, reach=1)
                    if acts(t)
                ]
            else:
                asked = [
                    t
                    for place in ("to", "on", "against")
                    for t in syntax.prepositional(token, place, reach=1)
                    if acts(t)
                ]
            return others(asked) or others(inner.sources) or others(inner.targets)
        return others(inner.targets)

    def _vague(self, token: Token, lemma: str) -> Reading | None:
        """Read "call the whole thing off": a cancelling verb whose object only points back to what was read before."""
        for outer in outers_of().get((lemma, "verb"), ()):
            words = self._words(token, outer.words[1:])
            if (
                outer.cls != "cancel"
                or words is None
                or (not outer.words[1:] and lemma not in {"cancel", "scrap", "abandon"})
            ):
                continue
            if not any(noun_lemma(t) in classes()["vague"] for t in syntax.objects(token)):
                continue
            for old in reversed(self.past[-6:]):
                act = old.inner if old.event_type == "AGREE" and old.inner else old
                if act.event_type in {"CONSULT", "COOPERATE", "AID", "AGREE"} and (old.targets or act.targets):
                    pointed = replace(act, sources=[], targets=old.targets or act.targets, used=set(), trigger=[], times=set())
                    reading = self._combine(token, outer, words, pointed, token)
                    if reading is not None:
                        reading.why["object"] = f"points back to {old.trigger[0].text!r}"
                        return reading
        return None

    # ------------------------------------------------------------------------------------------------- status

    def _status(self, reading: Reading, verb: Token) -> Reading:
        """Apply auxiliaries, negation and conditions of a verb to its reading."""
        negated = is_negated(verb)
        modal = next((c.lower_ for c in verb.children if c.dep_ == "aux" and c.tag_ == "MD"), None)
        if (
            modal is None
            and verb.dep_ == "conj"
            and not any(c.dep_ in {"nsubj", "nsubjpass", "aux"} for c in verb.children)
        ):
            modal = next((c.lower_ for c in verb.head.children if c.dep_ == "aux" and c.tag_ == "MD"), None)
        if modal in FUTURE:
            return self._future(
                reading, verb, negated=negated, conditional=modal in {"would", "'d", "’d"} and _has_condition(verb)
            )
        if not negated and verb.dep_ in {"pcomp", "acl"} and verb.tag_ == "VBG":
            governor = _governor(verb)
            negated = governor is not None and is_negated(governor) and reading.modality == "asserted"
        if negated:
            reading = self._negated(reading)
        if modal in POSSIBLE and reading.modality == "asserted":
            reading.modality = "hypothetical"
            reading.why["modality"] = f"{modal!r} makes it a possibility"
        elif modal in DUTY:
            reading = self._duty(reading, verb)
        elif in_condition(verb) and reading.modality == "asserted":
            reading.modality = "conditional"
            reading.why["modality"] = "stands in a condition"
        return reading

    def _future(self, reading: Reading, verb: Token, *, negated: bool, conditional: bool) -> Reading:
        if conditional:
            reading.modality, reading.negated = "conditional", negated
            reading.why["modality"] = "would, with a condition"
            return reading
        rule = rule_for("refuse" if negated and reading.event_type in COOPERATIVE else "plan", reading.event_type)
        agentless = syntax.is_passive(verb) and not reading.sources
        if negated and reading.event_type not in COOPERATIVE:
            reading.modality, reading.negated = "planned", True
            return reading
        if rule is None or agentless or reading.modality != "asserted" or reading.event_type in {"THREATEN", "REJECT"}:
            if reading.modality == "asserted" and reading.event_type not in {"THREATEN", "REJECT"}:
                reading.modality = "planned"
            reading.tense = "future"
            return reading
        mapped = mapped_mode(rule.modes, reading.event_type, reading.mode) if rule.modes not in {"", KEEP} else None
        made = replace(reading, inner=reading, chain=[*reading.chain, "refuse(will not)" if negated else "plan(will)"])
        if rule.event_type != KEEP:
            made.event_type = rule.event_type
            made.mode, made.cameo = (mapped.mode, mapped.cameo) if mapped else (None, rule.cameo)
        made.modality = rule.modality  # type: ignore[assignment]
        made.why["modality"] = "the future makes a promise, a refusal or a threat of it"
        made.tense = "present"
        return made

    @staticmethod
    def _negated(reading: Reading) -> Reading:
        kind = reading.event_type
        if kind in {"AGREE", "SUPPORT", "CONCEDE"} and reading.modality == "asserted":
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

    def _duty(self, reading: Reading, verb: Token) -> Reading:
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


# ------------------------------------------------------------------------------------------------------- places


def place_of(token: Token, place: str) -> list[Token]:
    """Return the tokens at a place that a condition names."""
    if place == "obj":
        return syntax.objects(token) if syntax.is_verb(token) else []
    if place == "subj":
        return syntax.subjects(token) if syntax.is_verb(token) else []
    if place in {"oprd", "acomp"}:
        return [
            n
            for c in token.children
            if c.dep_ in {"oprd", "acomp", "ccomp", "xcomp", "dobj", "prep", "advcl"}
            for n in ([c] if c.dep_ != "prep" or c.lower_ != "as" else list(c.children))
        ]
    if place == "mod":
        return [c for c in token.lefts if c.dep_ in {"amod", "compound", "nmod"}] + [
            g for c in token.lefts if c.dep_ in {"amod", "compound", "nmod"} for g in c.lefts
        ]
    if "." in place:
        base, _, rest = place.partition(".")
        return [t for noun in place_of(token, base) for t in place_of(syntax.real_head(noun), rest)]
    return syntax.prepositional(token, place, reach=5 if syntax.is_verb(token) else 4)


def _spread(sources: list[Token], frame: Frame) -> list[Token]:
    """Take "the leaders of Chad and Mali", "the Chadian and Malian leaders" apart, where an act has two sides."""
    if not frame.both or len(sources) != 1 or sources[0].tag_ not in {"NNS", "NNPS"}:
        return sources
    head = sources[0]
    for child in head.children:
        if child.dep_ == "prep" and child.lower_ in {"of", "from", "between"}:
            noun = next((n for n in child.children if n.dep_ == "pobj"), None)
            members = [n for n in syntax.with_conjuncts(noun) if acts(n)] if noun is not None else []
            if len(members) > 1:
                return members
        if child.dep_ == "amod" and child.ent_type_ in {"NORP", "GPE"}:
            joined = [child, *(c for c in child.children if c.dep_ == "conj" and c.ent_type_ in {"NORP", "GPE"})]
            if len(joined) > 1:
                return joined
    return sources


def first_role(token: Token, places: tuple[str, ...], *, target: bool = False) -> list[Token]:
    """Return the tokens of the first place that holds any; as a target, neither "its" nor what a loose "in" brings."""
    for place in places:
        found = role(token, place)
        if target:
            found = [t for t in found if t.tag_ != "PRP$" and (place not in LOOSE or _may_be_aimed_at(t))]
        if found:
            return found
    return []


def _may_be_aimed_at(token: Token) -> bool:
    known = classes()
    if acts(token) or token.ent_type_ in {"GPE", "LOC", "FAC", "NORP"}:
        return True
    lemma = noun_lemma(token)
    return lemma in known["territory"] or lemma in known["buildings"] or lemma in known["aid"] or bool(inner_actors(token, 1))


def role(token: Token, place: str) -> list[Token]:
    """Return the head tokens at a grammatical place of a verb or noun."""
    if place == "subj":
        return syntax.subjects(token)
    if place == "obj":
        return syntax.objects(token)
    if place == "iobj":
        found = syntax.indirect_objects(token)
        return found or _first_of_two(token)
    if place == "poss":
        return [t for c in token.children if c.dep_ == "poss" for t in syntax.with_conjuncts(c)]
    if place == "mod":
        return [
            c
            for c in token.lefts
            if c.dep_ in {"amod", "compound", "nmod"} and c.ent_type_ in {"NORP", "GPE", "ORG", "PERSON"}
        ]
    if place.startswith("comp."):
        return _inside_complement(token, place.removeprefix("comp."))
    base, _, rest = place.partition(".")
    if rest:
        bases = role(token, base)
        if rest == "any":
            return [t for b in bases for t in ([b] if acts(b) else inner_actors(b))]
        return [t for b in bases for t in role(syntax.real_head(b), rest)]
    found = syntax.prepositional(token, place, reach=5 if syntax.is_verb(token) else 4)
    return [t for t in found if t.ent_type_ not in {"DATE", "TIME", "MONEY", "PERCENT"}]


def _weight(need: Need) -> float:
    """Return how much a met condition speaks for its frame: few words say more than many, a class more than its opposite."""
    if need.absent:
        return 0.0
    if need.words is None or need.unlike:
        return 1.0
    named = len(need.words) <= FEW_WORDS and any(word.islower() for word in need.words)
    return 2.5 if named else 2.0


def _bare_frame(outer: Outer, rule: Rule) -> Frame:
    name = f"{'_'.join(outer.words)}.bare/{rule.event_type}"
    return Frame(
        name, outer.words, outer.pos, (), (), (), False, rule.event_type, None, rule.cameo, outer.example, outer.reads,
        "outer.tsv", outer.line,
    )  # fmt: skip


def _actors_inside(verb: Token, own: set[int]) -> list[Token]:
    """Return the first actor named in a complement: its object, then what follows."""
    for noun in [*syntax.indirect_objects(verb), *syntax.objects(verb)]:
        found = [noun] if acts(noun) else inner_actors(noun)
        found = [t for t in found if t.i not in own]
        if found:
            return found
    for token in verb.subtree:
        if token.i > verb.i and token.dep_ in {"pobj", "dobj"} and token.i not in own and acts(token) and token.ent_type_ not in {"DATE"}:
            return [token]
    return []


def _first_of_two(token: Token) -> list[Token]:
    nouns = [
        c
        for c in token.children
        if c.dep_ in {"dobj", "dative", "npadvmod"} and acts(c) and c.ent_type_ not in {"DATE", "TIME"}
    ]
    return nouns[:1] if len([c for c in token.children if c.dep_ in {"dobj", "oprd"}]) > 1 else []


def _inside_complement(token: Token, what: str) -> list[Token]:
    for child in token.children:
        if child.dep_ in {"ccomp", "xcomp", "advcl"}:
            if what == "subj":
                found = [c for c in child.children if c.dep_ in {"nsubj", "nsubjpass"}]
            elif what == "obj":
                found = [t for t in syntax.objects(child) if acts(t)] if child.i > token.i else []
            else:
                found = [
                    t for t in child.subtree if t.ent_type_ in {"GPE", "NORP", "PERSON", "ORG"} and t.dep_ != "compound"
                ][:1]
            if found:
                return found
    return []


def _is_infinitive(verb: Token) -> bool:
    return any(c.tag_ == "TO" for c in verb.lefts)


def is_negated(verb: Token) -> bool:
    """Say whether a clause is negated: by an adverb, or by "no" on subject or object."""
    for child in verb.children:
        if child.dep_ == "neg" or (child.lower_ in NEGATIONS and child.dep_ in {"advmod", "preconj"}):
            return True
        if child.dep_ in {"nsubj", "nsubjpass", "dobj"}:
            if child.lower_ in {"nobody", "none", "nothing"}:
                return True
            if any(c.lower_ in {"no", "neither"} and c.dep_ in {"det", "neg"} for c in child.children):
                return True
    return any(
        c.lower_ == "longer" and c.dep_ == "advmod" and any(g.lower_ == "no" for g in c.children) for c in verb.children
    )


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


def _has_condition(verb: Token) -> bool:
    return any(
        c.dep_ == "advcl" and any(m.lower_ in CONDITIONS and m.dep_ in {"mark", "advmod"} for m in c.children)
        for c in verb.children
    )


def in_condition(verb: Token) -> bool:
    """Say whether a verb stands in an if-clause."""
    at = verb
    for _ in range(4):
        if at.dep_ in {"advcl", "ccomp", "pcomp"} and any(
            c.dep_ in {"mark", "advmod"} and c.lower_ in CONDITIONS for c in at.lefts
        ):
            return True
        if at.dep_ not in {"conj", "xcomp", "advcl"} or at.head.i == at.i:
            return False
        at = at.head
    return False


def speaker_of(verb: Token) -> Token | None:
    """Return who says the clause of `verb`, where a verb of saying governs it."""
    at = verb
    for _ in range(4):
        if at.dep_ == "ccomp" and at.head.lower_ in SPEECH:
            return syntax.surface_subject(at.head)
        for child in at.children:  # "…, Russia said": the parser may turn it round
            if child.dep_ in {"ccomp", "parataxis"} and child.lower_ in SPEECH:
                return next((c for c in child.children if c.dep_ == "nsubj"), None)
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
