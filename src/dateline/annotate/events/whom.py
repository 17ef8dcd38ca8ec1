"""Make the party of a head token: its whole noun phrase, and whom that means."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from dateline.annotate.events.parties import acts, inner_actors, is_time, places_within
from dateline.annotate.events.phrases import noun_phrase
from dateline.annotate.events.syntax import REFLEXIVES, antecedent
from dateline.annotate.layers import layers_of
from dateline.annotate.parties import mention_index, resolve_parties, resolve_party
from dateline.types import Actor, EntityMention, Party

UNION_TOWN = "Brussels"  # as a party: those who sit there
UNION = frozenset({"igo.european-union", "igo.european-commission", "igo.european-parliament"})
ROUGHLY = frozenset(
    {("more", "than"), ("less", "than"), ("fewer", "than"), ("at", "least"), ("at", "most"), ("up", "to")}
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


def resolve(span: Span) -> tuple[Actor | None, str]:
    """Answer whom a phrase means: "more than 100 Russian sailors" are Russian sailors, "Mr Kim himself" is Mr Kim."""
    span = _bare(span)
    if span.text == UNION_TOWN and (union := _union(span.doc)) is not None:
        return union, "the European Union's seat"
    owner = next((t for t in span if t.tag_ == "WP$"), None)
    resolution = resolve_party(span)
    actor, reason = resolution.actor, resolution.reason
    if actor is not None and actor.id is None:
        named = _named_after(span)
        if named is not None:
            return named.actor, named.reason or reason
    if actor is not None and actor.country is None and actor.id is None and owner is not None:
        verb = next((t for t in owner.ancestors if t.dep_ == "relcl"), None)
        if verb is not None and verb.head.i < owner.i:
            whose = resolve_party(noun_phrase(verb.head)).actor
            if whose is not None and whose.country is not None:
                return replace(actor, country=whose.country), f"{reason} of {verb.head.text}"
    if actor is None:
        return _by_name_inside(span, reason)
    return actor, reason


def _union(doc: Doc) -> Actor | None:
    """Return the European Union where a text speaks of it and not of Belgium."""
    union: Actor | None = None
    for entity in layers_of(doc).entities:
        if entity.actor is not None and entity.actor.id in UNION:
            union = union or entity.actor
        if entity.actor is not None and entity.actor.country == "BEL" and entity.text != UNION_TOWN:
            return None
    return union


def _by_name_inside(span: Span, reason: str) -> tuple[Actor | None, str]:
    """Give a phrase that nobody knows the country of the one name inside it: "the Port of Seattle", "Smith of the Labour party"."""
    layers = layers_of(span.doc)
    if len(span) < 2:  # noqa: PLR2004 (one word holds no name beside itself)
        return None, reason
    start, end = span.start_char, span.end_char
    found = {(p.country, p.text) for p in places_within(layers.places, start, end) if p.country}
    for mention in mention_index(span.doc).within(start, end):
        if mention.actor is not None and mention.actor.country:
            found.add((mention.actor.country, mention.text))
    if len({country for country, _ in found}) != 1:
        return None, reason
    country, name = min(found)
    return Actor(country=country), f"{reason} with {name}"


def _bare(span: Span) -> Span:
    """Leave out what only counts roughly or stresses."""
    end = span.end - 1 if len(span) > 1 and span[-1].lower_ in REFLEXIVES else span.end
    first = span.start
    words = [t.lower_ for t in span[:3]]
    if tuple(words[:2]) in ROUGHLY:
        first += 2
    return span.doc[first:end] if first < end else span


def _named_after(span: Span) -> EntityMention | None:
    """Return the person whose name closes a phrase after a comma: "the new ambassador in Berlin, Ann Smith"."""
    if not any(t.text == "," for t in span):
        return None
    comma = max(t.i for t in span if t.text == ",")
    start = span.doc[comma + 1].idx if comma + 1 < span.end else -1
    last = span[-1].idx + len(span[-1])
    mention = mention_index(span.doc).at(start) if 0 <= start < last else None
    if mention is None or mention.label != "PERSON" or mention.actor is None:
        return None
    return mention if mention.actor.id is not None and mention.actor.country is not None else None


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
    if is_time(head) or head.lower_ in NOTHING:
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


def members(doc: Doc, party: Party | None) -> list[Party]:
    """Return the members of a phrase that joins several ("Thai and Lao troops", "the two Koreas"), else the party itself."""
    if party is None:
        return []
    if " and " not in party.text and "two " not in party.text:
        return [party]
    span = doc.char_span(party.start, party.end)
    answers = [r for r in resolve_parties(span) if r.actor is not None] if span is not None else []
    actors = {(r.actor.country, r.actor.sectors, r.actor.id) for r in answers if r.actor is not None}
    if len(actors) < 2:  # noqa: PLR2004
        return [party]
    return [replace(party, actor=answer.actor, reason=answer.reason) for answer in answers]


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
