"""Tell who can act, and make of a head token the whole noun phrase and its actor."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.syntax import antecedent, is_verb, real_head, with_conjuncts
from dateline.annotate.events.tables import classes
from dateline.annotate.layers import layers_of
from dateline.annotate.parties import resolve_parties, resolve_party
from dateline.types import Actor, Party

ACTING_LABELS = frozenset({"PERSON", "NORP", "ORG", "GPE"})
OTHER_LABELS = frozenset(
    {"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE"}
)
PRONOUNS = frozenset(
    [
        "he",
        "she",
        "they",
        "we",
        "i",
        "you",
        "him",
        "her",
        "them",
        "us",
        "me",
        "it",
        "his",
        "its",
        "their",
        "our",
        "my",
        "your",
        "who",
        "himself",
        "herself",
        "themselves",
    ]
)
INNER_PREPOSITIONS = ("by", "of", "from", "against", "with", "between", "on", "to", "for", "in", "among", "over")
KEPT_BY_ACTORS = frozenset({"of", "in", "from", "at", "near", "for"})
KEPT_PREPOSITIONS = frozenset(
    [
        "of",
        "in",
        "from",
        "at",
        "near",
        "for",
        "on",
        "by",
        "against",
        "along",
        "with",
        "under",
        "behind",
        "to",
        "inside",
        "outside",
        "around",
        "across",
        "between",
        "over",
    ]
)
KEPT_PARTICIPLES = frozenset(
    [
        "known",
        "called",
        "named",
        "based",
        "led",
        "backed",
        "linked",
        "allied",
        "aligned",
        "held",
        "controlled",
        "affiliated",
        "proposed",
        "accused",
    ]
)
NO_TAIL = frozenset(
    {"relcl", "cc", "conj", "punct", "advcl", "case", "npadvmod", "advmod", "mark", "ccomp", "parataxis", "dep"}
)
TIME_WORDS = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "week",
        "month",
        "year",
        "day",
        "morning",
        "evening",
        "night",
        "weekend",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "decade",
        "century",
        "hour",
        "minute",
        "season",
    ]
)
CROWDS = frozenset(
    ["hundreds", "thousands", "dozens", "scores", "others", "many", "tens", "crowds", "everyone", "residents", "locals"]
)
NOTHING = frozenset(
    [
        "way",
        "time",
        "part",
        "place",
        "thing",
        "something",
        "anything",
        "nothing",
        "what",
        "that",
        "this",
        "it",
        "itself",
    ]
)
TITLES = frozenset(
    [
        "president",
        "minister",
        "king",
        "queen",
        "prince",
        "secretary",
        "ambassador",
        "envoy",
        "chancellor",
        "premier",
        "chief",
    ]
)
LONGEST = 40  # tokens of one noun phrase


def acts(token: Token) -> bool:
    """Say whether a noun can be somebody who acts: a name, a pronoun, or a word for people, forces or bodies."""
    if token.lower_ in PRONOUNS or (token.lower_ in CROWDS and not any(c.lower_ == "of" for c in token.rights)):
        return True
    if token.ent_type_ in ACTING_LABELS:
        return True
    if token.ent_type_ in OTHER_LABELS or (
        token.lower_ == "force" and not any(c.dep_ == "compound" for c in token.lefts)
    ):
        return False  # "the use of force"
    if noun_lemma(token) in classes()["actors"] or token.idx in _mentioned(token.doc):
        return True
    return token.tag_ in {"NNP", "NNPS"} and token.ent_type_ == ""


def _mentioned(doc: Doc) -> frozenset[int]:
    """Return where words of resolved mentions begin, so that what the tagger missed ("Bahrain revoked …") still acts."""
    entities = layers_of(doc).entities
    key = (id(entities), len(entities))
    cached = doc.user_data.get("dateline_acting")
    if cached is None or cached[0] != key:
        starts: set[int] = set()
        for mention in entities:
            if mention.actor is not None and mention.label is not None:
                at = mention.start
                for word in mention.text.split(" "):
                    starts.add(at)
                    at += len(word) + 1
        cached = (key, frozenset(starts))
        doc.user_data["dateline_acting"] = cached
    found: frozenset[int] = cached[1]
    return found


def fits(token: Token, words: frozenset[str]) -> bool:
    """Say whether a noun is of a class: by lemma, or by the special words ACTOR, PERSON, GPE, ORG, NORP, LOC, FAC."""
    head = real_head(token)
    if noun_lemma(head) in words or head.lower_ in words:
        return True
    if "ACTOR" in words and acts(head):
        return True
    if head.ent_type_ and head.ent_type_ in words:
        return True
    if head.lower_ in PRONOUNS and head.tag_ == "PRP" and head.lower_ != "it" and "person" in words:
        return True
    if "PERSON" in words and head.lower_ in PRONOUNS and head.lower_ != "it":
        return True
    return "GPE" in words and head.tag_ in {"NNP", "NNPS"} and head.ent_type_ in {"LOC", "FAC", ""}


def inner_actors(head: Token, depth: int = 0) -> list[Token]:  # noqa: PLR0911, PLR0912
    """Find who stands inside a phrase that is no actor: its owner, its adjective of nation, its "by" or "of" phrase."""
    for child in head.children:
        if child.dep_ == "poss" and acts(child):
            return with_conjuncts(child)
    by_preposition: dict[str, Token] = {}
    for child in head.children:
        if child.dep_ in {"prep", "agent"}:
            noun = next((n for n in child.children if n.dep_ == "pobj"), None)
            if noun is not None:
                by_preposition.setdefault(child.lower_, noun)
    if (agent := by_preposition.get("by")) is not None and acts(agent):
        return with_conjuncts(agent)
    for child in head.lefts:
        if child.dep_ in {"amod", "compound", "nmod"} and child.ent_type_ in ACTING_LABELS:
            return [child]
    for child in head.children:  # "Israeli-backed", "the UN human rights office": a name deeper in the modifiers
        if child.dep_ == "poss" and depth < 2:  # noqa: PLR2004
            found = inner_actors(child, depth + 1)
            if found:
                return found
    for preposition in INNER_PREPOSITIONS:
        noun = by_preposition.get(preposition)
        if noun is None:
            continue
        if acts(noun):
            return with_conjuncts(noun)
        if depth < 2 and (found := inner_actors(noun, depth + 1)):  # noqa: PLR2004
            return found
    if depth < 2:  # noqa: PLR2004
        for child in head.children:
            if child.dep_ == "acl" and is_verb(child):
                for part in child.children:
                    if part.dep_ in {"dobj", "agent", "prep"}:
                        nouns = [part] if part.dep_ == "dobj" else [n for n in part.children if n.dep_ == "pobj"]
                        for noun in nouns:
                            if acts(noun):
                                return [noun]
    return []


def _is_time(noun: Token) -> bool:
    return noun.ent_type_ in {"DATE", "TIME"} or noun.lower_ in TIME_WORDS


def noun_phrase(head: Token) -> Span:
    """Return the whole noun phrase of `head`: article and title in, relative clause, list and adverbials out."""
    doc = head.doc
    if head.dep_ in {"amod", "compound", "nmod"} and head.ent_type_:
        ent = next((e for e in head.sent.ents if e.start <= head.i < e.end), None)
        if ent is not None and ent.end - 1 <= head.head.i:
            return doc[ent.start : ent.end]
    return _closed(doc[_left(head) : _right(head) + 1])


def _left(head: Token) -> int:
    left = head.i
    for child in sorted(head.lefts, key=lambda t: -t.i):
        if any(t.lower_ in {"later", "earlier", "ago"} for t in child.subtree):
            break  # "a month later rebels": the parser takes the time into the phrase
        if child.dep_ in {
            "punct",
            "cc",
            "preconj",
            "prep",
            "advcl",
            "mark",
            "relcl",
            "nsubj",
            "aux",
            "advmod",
            "predet",
        } and not (
            (
                child.dep_ in {"advmod", "predet"}
                and child.lower_ in {"about", "around", "some", "nearly", "almost", "all", "over", "former"}
            )
            or (child.dep_ == "punct" and child.text in {'"', "“", "-", "'", "‘"} and child.i == left - 1 and False)
        ):
            if child.dep_ == "punct" and child.text == "-":
                continue
            break
        left = min(left, child.left_edge.i)
    return max(left, head.i - LONGEST)


def _right(head: Token) -> int:  # noqa: PLR0912
    right = head.i
    kept = KEPT_BY_ACTORS | ({"to"} if noun_lemma(head) in TITLES else set()) if acts(head) else KEPT_PREPOSITIONS
    for child in head.rights:
        if child.dep_ == "punct":
            continue
        if child.dep_ in NO_TAIL:
            break
        if child.dep_ == "prep":
            noun = next((n for n in child.children if n.dep_ == "pobj"), None)
            if noun is None or child.lower_ not in kept or _is_time(noun) or child.i > right + 1:
                break
            if (
                head.ent_type_ in {"GPE", "NORP", "PERSON"}
                and noun.tag_ == "NN"
                and not noun.ent_type_
                and not acts(noun)
            ):
                break  # "accused by Kenya of bribery"
            named = head.tag_ in {"NNP", "NNPS", "PRP"} and head.ent_type_ in ACTING_LABELS
            if child.lower_ != "of" and named and head.lower_ not in TITLES:
                break  # "met the Danish queen Margrethe in Oslo": the place is the event's
            right = _right(noun)
        elif child.dep_ == "appos":
            if child.ent_type_ not in ACTING_LABELS and not acts(child):
                break
            right = _right(child)
        elif child.dep_ == "acl":
            if child.lower_ not in KEPT_PARTICIPLES or child.i > right + 1:
                break
            right = max(_tail(child), right)
        elif child.dep_ in {"amod", "nummod", "compound", "nmod", "flat"}:
            right = max(right, child.right_edge.i)
        else:
            break
    return min(right, head.i + LONGEST)


def _tail(participle: Token) -> int:
    right = participle.i
    for child in participle.rights:
        if child.dep_ in {"prep", "agent", "oprd"}:
            noun = child if child.dep_ == "oprd" else next((n for n in child.children if n.dep_ == "pobj"), None)
            if noun is None or _is_time(noun):
                break
            right = _right(noun)
    return right


def _closed(span: Span) -> Span:
    """Take in the bracket that a phrase left open: "the force (UNIFIL"."""
    if span.text.count("(") > span.text.count(")") and span.end < len(span.doc) and span.doc[span.end].text == ")":
        return span.doc[span.start : span.end + 1]
    return span


def resolve(span: Span) -> tuple[Actor | None, str]:
    """Answer whom a phrase means."""
    resolution = resolve_party(span)
    return resolution.actor, resolution.reason


def source_party(head: Token) -> Party | None:
    """Make the party of a source: the whole phrase; of one that is no actor ("Syrian airstrikes"), the actor inside it acts."""
    head = antecedent(head)
    if acts(head):
        return _party(noun_phrase(head))
    inside = inner_actors(head)
    return _within(head, inside[0]) if inside else None


def target_party(head: Token) -> Party | None:
    """Make the party of a target: the whole phrase; where it is no actor itself, the actor inside it says who is meant."""
    head = antecedent(head)
    if acts(head):
        return _party(noun_phrase(head))
    if _is_time(head) or head.lower_ in NOTHING:
        return None
    inside = inner_actors(head)
    return _within(head, inside[0]) if inside else _party(noun_phrase(head))


def _within(head: Token, inside: Token) -> Party | None:
    span = noun_phrase(head)
    actor, reason = resolve(noun_phrase(inside))
    return Party(start=span.start_char, end=span.end_char, text=span.text, actor=actor, reason=reason)


def _party(span: Span) -> Party | None:
    if not span.text.strip():
        return None
    actor, reason = resolve(span)
    return Party(start=span.start_char, end=span.end_char, text=span.text, actor=actor, reason=reason)


def members(doc: Doc, party: Party) -> list[Party]:
    """Return the members of a phrase that joins several of one kind ("Thai and Lao troops"), else the party itself."""
    if " and " not in party.text:
        return [party]
    span = doc.char_span(party.start, party.end)
    answers = [r for r in resolve_parties(span) if r.actor is not None] if span is not None else []
    actors = {(r.actor.country, r.actor.sectors, r.actor.id) for r in answers if r.actor is not None}
    if len(actors) < 2:  # noqa: PLR2004
        return [party]
    return [replace(party, actor=answer.actor, reason=answer.reason) for answer in answers]


def is_measure(token: Token) -> bool:
    """Say whether a phrase only measures or says by what means ("by a hair", "by a wide margin")."""
    return noun_lemma(real_head(token)) in classes()["measures"]


def may_suffer(token: Token) -> bool:
    """Say whether a phrase that is no actor may be a target: a place or building of somebody, or one with an actor inside."""
    head = real_head(token)
    lemma, known = noun_lemma(head), classes()
    if is_measure(token):
        return False
    if head.ent_type_ in {"GPE", "LOC", "FAC", "NORP"} or lemma in known["territory"] or lemma in known["buildings"]:
        return True
    return bool(inner_actors(head, 1) or inner_actors(token, 1))


def same_party(one: Party | None, other: Party | None) -> bool:
    """Say whether two parties are surely one: same words, or same resolved actor."""
    if one is None or other is None:
        return one is other
    if (one.start, one.end) == (other.start, other.end):
        return True
    return (
        one.actor is not None
        and one.actor.id is not None
        and other.actor is not None
        and one.actor.id == other.actor.id
    )
