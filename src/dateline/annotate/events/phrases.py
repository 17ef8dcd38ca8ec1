"""Make of a head token the whole noun phrase."""

from __future__ import annotations

from spacy.tokens import Span, Token

from dateline.annotate.events.lexicon import noun_lemma
from dateline.annotate.events.parties import ACTING_LABELS, acts, is_time
from dateline.annotate.layers import sentence_of

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


def noun_phrase(head: Token) -> Span:
    """Return the whole noun phrase of `head`: article and title in, relative clause, list and adverbials out."""
    doc = head.doc
    if head.dep_ in {"amod", "compound", "nmod"} and head.ent_type_:
        ent = next((e for e in sentence_of(head).ents if e.start <= head.i < e.end), None)
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
            if noun is None or child.lower_ not in kept or is_time(noun) or child.i > right + 1:
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
            if noun is None or is_time(noun):
                break
            right = _right(noun)
    return right


def _closed(span: Span) -> Span:
    """Take in the bracket that a phrase left open: "the force (UNIFIL"."""
    if span.text.count("(") > span.text.count(")") and span.end < len(span.doc) and span.doc[span.end].text == ")":
        return span.doc[span.start : span.end + 1]
    return span
