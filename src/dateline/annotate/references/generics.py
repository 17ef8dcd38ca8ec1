"""Find noun phrases that speak of agents without a name, and join later ones to earlier: "Syrian rebels … the rebels"."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from spacy.tokens import Doc, Span, Token

from dateline.annotate.actors.lexicon import Agent, load_groups, load_lexicon
from dateline.annotate.actors.normal import key_of, keys_of, words_of
from dateline.annotate.actors.reading import read_phrase, trim
from dateline.annotate.actors.state_offices import has_such
from dateline.annotate.actors.wordlists import listed
from dateline.annotate.layers import text_of
from dateline.annotate.placed_sentences import opened_at
from dateline.annotate.references.figures import SUBJECTS, Cast, Figure, Sort
from dateline.annotate.references.spans import MentionIndex
from dateline.types import Actor

MAIN = 0.6  # share of a country's mentions from which "the government" is its own
_KEY = "dateline_generics"
# what a state has one of: with no country said, it is that of the country the article is about


@dataclass(slots=True)
class Generics:
    """Hold what was found, by the index of the noun's token."""

    actors: dict[int, tuple[Actor, str]] = field(default_factory=dict)
    rows: dict[int, tuple[int, ...]] = field(default_factory=dict)  # the names that a pronoun stands for, by its token


def generics_of(doc: Doc) -> Generics:
    """Return the generic agents of `doc`."""
    found: Generics = doc.user_data.setdefault(_KEY, Generics())
    return found


def find_generics(doc: Doc, index: MentionIndex, cast: Cast) -> None:
    """Add the generic agents of `doc` to the cast, with countries joined from earlier mentions of the same noun."""
    found = generics_of(doc)
    found.actors.clear()
    found.rows.clear()
    text = text_of(doc)
    for chunk in doc.noun_chunks:
        agent = _agent(chunk, text)
        if agent is None or index.covering(chunk.root.idx) is not None:
            continue
        words = trim(words_of(text[chunk.start_char : _reach(chunk)]))
        reading = read_phrase(words, index.named(words, chunk.start_char), load_lexicon())
        plural = chunk.root.tag_ in ("NNS", "NNPS") or agent.noun in ("police", "people", "troops", "forces")
        sort = _sort(agent, plural=plural)
        if reading.actor is None:  # "14 member states": who "they" are, though nobody can say of what country
            if plural and chunk.root.dep_ in SUBJECTS:
                unknown = cast.add(("unknown", chunk.root.i), Figure(None, (), sort, reason=reading.reason))
                cast.mention(unknown, chunk.root.idx, chunk.root.idx + len(chunk.root))
            continue
        actor, reason = reading.actor, reading.reason
        if actor.country is None and chunk[0].lower_ in listed("generics.definite"):
            here = opened_at(doc, chunk.start_char) if agent.noun in listed("generics.local") else None
            if here is not None:  # "In Indonesia … the army": whoever was called so before
                actor, reason = Actor(country=here, sectors=actor.sectors), f"{reason}; country of the place"
            else:
                actor, reason = _completed(actor, reason, agent, cast, singular=not plural)
        figure = _figure(cast, agent, actor, sort, reason)
        cast.mention(figure, chunk.root.idx, chunk.root.idx + len(chunk.root))
        found.actors[chunk.root.i] = (actor, reason)


def _agent(chunk: Span, text: str) -> Agent | None:
    root = chunk.root
    if root.pos_ not in ("NOUN", "PROPN") or not load_lexicon().may_end_with(key_of(root.text)):
        return None
    end = root.idx + len(root)
    for start in range(max(chunk.start, root.i - 2), root.i + 1):
        agent = _agent_named(text[chunk.doc[start].idx : end])
        if agent is not None:
            return agent
    return None


@lru_cache(maxsize=1 << 13)
def _agent_named(phrase: str) -> Agent | None:
    """Return the agent noun that `phrase` is, whole."""
    piece = words_of(phrase)
    hit = load_lexicon().agent_at(piece, 0) if piece else None
    return hit[0] if hit is not None and hit[1] == len(piece) and hit[0].kind != "quantity" else None


def _reach(chunk: Span) -> int:
    """Return where the phrase ends with what belongs to the noun ("of Syria", "in Minsk")."""
    end = chunk.end
    doc = chunk.doc
    for child in chunk.root.rights:
        if child.dep_ == "prep" and child.i == end:
            last = max((t.i for t in child.subtree), default=child.i)
            end = min(last + 1, chunk.end + 8)  # words: what lies further away belongs to something else
    last_token: Token = doc[end - 1]
    return last_token.idx + len(last_token)


def _sort(agent: Agent, *, plural: bool) -> Sort:
    if plural:
        return "plural"
    last = keys_of(agent.noun)[-1]
    return "body" if last in load_groups() or last in listed("generics.machines") else "person"


def _completed(actor: Actor, reason: str, agent: Agent, cast: Cast, *, singular: bool) -> tuple[Actor, str]:
    earlier = cast.figure(("generic", agent.noun)) or (cast.figure(("kind", agent.noun)) if singular else None)
    if earlier is not None and earlier.actor is not None and earlier.actor.country:
        country = earlier.actor.country
        return Actor(country=country, sectors=actor.sectors), f"{reason} named before with {country}"
    if agent.noun in listed("generics.institutions") and (singular or agent.noun.endswith("forces")):
        main = cast.main_country(share=MAIN)
        if main is not None and has_such(main, agent.noun):
            return Actor(country=main, sectors=actor.sectors), f"{reason} of the article's country {main}"
    return actor, reason


def _figure(cast: Cast, agent: Agent, actor: Actor, sort: Sort, reason: str) -> Figure:
    identity = ("generic", agent.noun, actor.country, sort)
    figure = cast.figure(identity)
    if figure is None:
        many = keys_of(agent.noun)[-1] in listed("generics.crews")
        figure = cast.add(identity, Figure(name=None, keys=(), sort=sort, actor=actor, reason=reason, many=many))
    if actor.country:
        cast.alias(("generic", agent.noun), figure)
        *before, last = agent.noun.split(" ")
        if before and sort == "person":  # "the minister" after "Sudan's foreign minister"
            cast.alias(("kind", last), figure)
    return figure
