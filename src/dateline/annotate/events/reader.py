"""Read one predicate: its frame, the predicates round it, and what they make of it together.

`Reader.read(token)` answers what the text says with that word, or None. Frames give the plain reading; an outer predicate
("agreed to", "cancelled", "calls for") takes the reading inside it and makes another; auxiliaries, negation and conditions
change its status. Everything is memoized and bounded per sentence.
"""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from dateline.annotate.events import syntax
from dateline.annotate.events.answers import refused
from dateline.annotate.events.authors import speaking
from dateline.annotate.events.clauses import class_of, governed_clauses
from dateline.annotate.events.composition import (
    addressed,
    doers_told,
    is_own_act,
    known_targets,
    outer_sources,
    sources_of_adjective,
    stray_targets,
    targets_of,
    wrapped,
)
from dateline.annotate.events.frames import IDLE
from dateline.annotate.events.judgements import is_judgement, judge, judgement_status
from dateline.annotate.events.lasting import in_passing
from dateline.annotate.events.lexicon import noun_lemma, verb_lemma
from dateline.annotate.events.matching import (
    TURNING,
    bare_frame,
    best_frame,
    carries_act,
    complement_of,
    plain,
    words_of,
)
from dateline.annotate.events.outer import KEEP, UNREAD, Outer, mapped_mode, outers_of, rule_for
from dateline.annotate.events.parties import acts
from dateline.annotate.events.prepositions import preposition_complement, prepositional
from dateline.annotate.events.reading import Reading
from dateline.annotate.events.roles import actors_inside, is_infinitive
from dateline.annotate.events.status import LEFT_OPEN, apply_status, is_negated, tense_of
from dateline.annotate.events.tables import classes
from dateline.annotate.events.wishes import due, is_ultimatum, pressed, wished

VOWS = frozenset({"vow", "swear"})  # "vowed to campaign against it" is a threat
WANTING = frozenset({"ask", "ask.for", "promise", "threaten", "offer", "refuse", "forbid"})
PARTICLES = frozenset({"prt", "prep", "advmod"})  # "backed off its threat" backs nothing
KEPT_PAST = 80  # readings that "the trip" may point back to
DEEPEST = 6  # of compositions inside one another
CARRIERS = frozenset(
    [
        "effort",
        "process",
        "mission",
        "operation",
        "campaign",
        "deal",
        "bid",
        "move",
        "drive",
        "push",
        "role",
        "session",
        "round",
        "order",
        "plan",
        "wave",
    ]
)


class Reader:
    """Read the predicates of one text."""

    def __init__(self) -> None:
        self.memo: dict[int, Reading | None] = {}
        self.composed: dict[int, tuple[Token, Outer]] = {}  # inner token → the outer predicate that took it
        self.idle: set[int] = set()  # words in a sense that tells of no event
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
            judged = judge(token)
            if judged is not None:
                return judgement_status(judged, token)
            reading = self._verb(token, depth)
            if reading is not None and reading.event_type == "THREATEN" and not reading.targets:
                reading.targets = pressed(token, {t.i for t in reading.sources})
            return apply_status(reading, token) if reading else None
        if token.tag_.startswith("NN"):
            return self._noun(token, depth)
        if token.tag_ == "MD":
            return refused(token)
        if token.tag_.startswith(("JJ", "VB", "RB", "IN")):
            return self._adjective(token, depth)
        return None

    def _verb(self, token: Token, depth: int) -> Reading | None:
        lemma = verb_lemma(token)
        frame, met = best_frame(token, lemma, "verb")
        if frame is not None and frame.event_type == IDLE:
            self.idle |= {t.i for t in words_of(token, frame.words[1:]) or [token]}
            return None
        joined = self._joined(token)
        if joined is not None:
            return joined
        turned = {c.lower_ for c in token.rights if c.i == token.i + 1 and c.lower_ in TURNING and c.dep_ in PARTICLES}
        for outer in outers_of().get((lemma, "verb"), ()):
            words = words_of(token, outer.words[1:])
            if words is None or turned.difference(outer.words):
                continue
            strong = frame is not None and met > 0 and not carries_act(token)
            if (
                strong
                and outer.cls in {"do", "take", "issue", "announce", "undergo", "plan", "command"}
                and not complement_of(token)
            ):
                continue
            if (
                strong
                and outer.cls in {"cancel", "abandon", "accept", "welcome", "promise", "offer"}
                and "obj" in outer.inner
            ) and not complement_of(token):
                continue
            reading = self._compose(token, outer, words, depth)
            if reading is not None:
                return reading
        if frame is None or met == 0:
            senses = outers_of().get((lemma, "verb"), ())
            bare = wished(token, senses) or self._bare(token, senses)
            if bare is not None:
                return bare
        if frame is None:
            return self._vague(token, lemma) or due(token)
        return plain(token, frame, met)

    def _noun(self, token: Token, depth: int) -> Reading | None:
        lemma = noun_lemma(token)
        for outer in outers_of().get((lemma, "noun"), ()):
            reading = self._compose(token, outer, [token], depth)
            if reading is not None:
                return reading
        frame, met = best_frame(token, lemma, "noun", aimless=depth > 0)
        if frame is None:  # "mediation efforts", "peace process": the modifier says what the head only carries
            for child in token.lefts:
                if child.dep_ == "compound" and (lemma in CARRIERS or not acts(token)):
                    frame, met = best_frame(token, noun_lemma(child), "noun", aimless=depth > 0)
                    if frame is not None and (lemma in CARRIERS or depth > 0):
                        break
                    frame = None
        if frame is not None and frame.event_type == IDLE:
            self.idle.add(token.i)
            return None
        return plain(token, frame, met) if frame else None

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
            clauses = self._candidates(token, "comp", [token])
            inside = next((c for c in clauses if is_infinitive(c) or outer.cls == "deny"), None)
            if inside is not None and inside.i in self.idle:
                self.idle.add(token.i)
                return None
            if inside is None:
                continue
            if is_negated(inside):
                rule = rule_for(f"{outer.cls}.not", UNREAD) or rule
            elif outer.words[0] in VOWS and preposition_complement(inside, "against") is not None:
                rule = rule_for("threaten", UNREAD) or rule
            frame = bare_frame(outer, rule)
            sources = speaking(syntax.subjects(token)) if syntax.is_verb(token) else sources_of_adjective(token)
            own = {t.i for t in sources}
            targets = [t for t in addressed(token) if t.i not in own] or actors_inside(inside, own)
            return Reading(
                rule.event_type, None, rule.cameo, [token], sources, targets, False, frame, [frame.id],
                clause=token, used={token.i}, times={token.i, inside.i}, tense=tense_of(token),
            )  # fmt: skip
        return None

    def _joined(self, token: Token) -> Reading | None:
        """Read "and return them" of "agreed to free the men and return them": the outer predicate reaches over "and"."""
        if (
            token.dep_ != "conj"
            or token.head.i not in self.composed
            or any(c.dep_ in syntax.SUBJECTS for c in token.children)
        ):
            return None
        outer_token, outer = self.composed[token.head.i]
        if token.tag_ == "VBD" and outer.cls in WANTING and outer_token.i < token.head.i:
            return None  # "demanded that they disarm and threatened them": what is wanted is never told in the past
        lemma = verb_lemma(token)
        frame, met = best_frame(token, lemma, "verb")
        if frame is None or frame.event_type == IDLE:
            return None
        inner = plain(token, frame, met)
        if inner is None:
            return None
        if outer.cls == "ask" and is_ultimatum(token.head):
            outer = replace(outer, cls="threaten")  # "told them to leave or be shot"
        self.composed[token.i] = (outer_token, outer)
        return self._combine(outer_token, outer, [token], inner, token)

    def _compose(self, token: Token, outer: Outer, words: list[Token], depth: int) -> Reading | None:
        for place in outer.inner:
            for candidate in self._candidates(token, place, words):
                if (
                    outer.cls == "do"
                    and candidate.dep_ == "advcl"
                    and is_infinitive(candidate)
                    and syntax.objects(token)
                ):
                    continue  # "opening a campaign to stop them": what it is for
                inner = self.read(candidate, depth + 1)
                if inner is None or is_judgement(inner) or in_passing(inner):
                    continue
                reading = self._combine(token, outer, words, inner, candidate)
                if reading is not None:
                    self.composed[candidate.i] = (token, outer)
                    return reading
        return None

    def _candidates(self, token: Token, place: str, words: list[Token]) -> list[Token]:
        if place == "comp":
            return governed_clauses(token)
        if place == "obj":
            heads = syntax.objects(token) if syntax.is_verb(token) else []
            heads = [n for n in heads if n.lower_ not in classes()["spans"]]  # "ended days of talks"
            return [
                syntax.real_head(n) for n in heads if not acts(n) or n.lower_ in {"call", "strike", "guard", "report"}
            ]
        complement = next((c for w in words if (c := preposition_complement(w, place)) is not None), None)
        if complement is None and words[-1].lower_ == place:
            complement = next((c for c in words[-1].children if c.dep_ in {"pobj", "pcomp"}), None)
        if complement is None and syntax.is_verb(token):
            for noun in syntax.objects(token):
                complement = complement or preposition_complement(noun, place)
        if complement is None:
            return []
        return [complement if syntax.is_verb(complement) else syntax.real_head(complement)]

    def _combine(  # noqa: PLR0912
        self, token: Token, outer: Outer, words: list[Token], inner: Reading, inner_token: Token
    ) -> Reading | None:
        if outer.cls == "fulfil":
            act = inner.inner
            if act is None:
                return None
            return wrapped(token, words, inner, act, "fulfil", outer_sources(token, inner), act.targets, act)
        cls = class_of(token, outer.cls, inner, inner_token)
        if cls in {"promise", "threaten"} and inner.chain[-1] == "plan(will)" and inner.inner is not None:
            inner = replace(inner.inner, modality="asserted")  # "promised that it would free them": the act itself
        if cls == "refuse" and inner.chain[-1] == LEFT_OPEN and inner.inner is not None:
            cls, inner = "hint", inner.inner  # "refused to rule out an attack"
        if outer.words[0] == "announce" and inner.chain[-1] == "plan(will)" and inner.inner is not None:
            act = inner.inner  # a sanction is there when it is announced
            cls, inner = (
                ("announce", replace(act, modality="asserted")) if act.event_type == "SANCTION" else (cls, inner)
            )
        ultimatum = cls == "threaten" and outer.cls == "ask"
        rule = rule_for(cls, inner.event_type)
        if cls == "ask" and inner_token.i < token.i and inner_token.dep_ == "ccomp":
            return None  # "the bank gave money; France urged …": the parser made one sentence's clause the other's
        if rule is None or (cls in {"ask", "plan"} and _is_doubt(inner_token)):
            return None
        if cls == "threaten" and verb_lemma(token) == "warn" and not is_own_act(token, inner):
            return None
        raised = cls in {"plan", "consider", "suspect"}
        sources = inner.sources if rule.source == "inner" else outer_sources(token, inner, raised=raised)
        if cls == "ask" and token.tag_.startswith("NN") and sources is inner.sources:
            sources = []  # "calls for the resignation of the minister": nobody is told to have called
        if cls == "own" and syntax.is_verb(inner_token):
            sources = inner.sources or sources  # "admitted that its soldiers had killed three": theirs
        if cls == "undergo":
            sources = inner.sources or prepositional(token, "from")
        asked = inner.event_type in {"REQUEST", "AGREE"} and syntax.is_verb(token) and syntax.is_passive(token)
        if cls == "reject" and asked and not syntax.agents(token):
            sources = [t for t in inner.targets if acts(t)]  # "Portugal's request to Angola was turned down"
        targets = targets_of(rule.target, token, inner, sources)
        if cls.removesuffix(".not") in {"threaten", "promise", "offer", "refuse"} and not raised:
            targets = [t for t in addressed(token) if t.i not in {s.i for s in sources}] or targets
        event_type = inner.event_type if rule.event_type == KEEP else rule.event_type
        mode, cameo = inner.mode, inner.cameo
        if rule.modes != KEEP:
            mapped = mapped_mode(rule.modes, inner.event_type, inner.mode) if rule.modes else None
            mode, cameo = (mapped.mode, mapped.cameo) if mapped and not ultimatum else (None, rule.cameo)
        made = replace(inner, event_type=event_type, mode=mode, cameo=cameo)
        result = wrapped(token, words, inner, made, f"{cls}({'_'.join(outer.words)})", sources, targets, inner)
        if cls == "own" and syntax.is_verb(inner_token):
            result.trigger = list(inner.trigger)
        if cls == "agree" and len(sources) > 1 and not result.targets:
            result.both = True
        if not result.targets and inner_token.tag_.startswith("NN") and rule.target in {"inner", "asked"}:
            result.targets = stray_targets(token, inner, sources)
        if (
            not result.targets and rule.target == "inner.source"
        ):  # "deplored the invasion": whoever was told to have done it
            result.targets = doers_told(self.past, inner, sources)
        if not result.targets and inner_token.tag_.startswith("NN"):
            result.targets = known_targets(self.past, inner, result)
        result.modality = inner.modality if rule.modality == KEEP else rule.modality  # type: ignore[assignment]
        kept = event_type == inner.event_type and cls != "forbid" and not cls.endswith(".not")
        result.negated = kept and inner.negated != (cls == "fail")
        return result

    def _vague(self, token: Token, lemma: str) -> Reading | None:
        """Read "call the whole thing off": a cancelling verb whose object only points back to what was read before."""
        for outer in outers_of().get((lemma, "verb"), ()):
            words = words_of(token, outer.words[1:])
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
                    pointed = replace(
                        act, sources=[], targets=old.targets or act.targets, used=set(), trigger=[], times=set()
                    )
                    reading = self._combine(token, outer, words, pointed, token)
                    if reading is not None:
                        reading.why["object"] = f"points back to {old.trigger[0].text!r}"
                        return reading
        return None


def _is_doubt(verb: Token) -> bool:
    """Say whether a clause is what somebody asks to know: "asked whether Chad had attacked"."""
    return any(c.dep_ == "mark" and c.lower_ in {"whether", "if"} for c in verb.children)
