"""Say whom a noun phrase means: the article's own mentions, the registry, agents without a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from spacy.tokens import Doc, Span

from dateline.annotate.actors.lexicon import load_lexicon
from dateline.annotate.actors.normal import Word, keys_of, words_of
from dateline.annotate.actors.reading import read_phrase, read_phrases, trim
from dateline.annotate.actors.registry import load_registry
from dateline.annotate.actors.tables import DATA, read_table
from dateline.annotate.actors.wordlists import listed
from dateline.annotate.layers import layers_of
from dateline.annotate.references.generics import generics_of
from dateline.annotate.references.spans import MentionIndex
from dateline.types import Resolution

_KEY = "dateline_mentions"
_RELATIVE = frozenset(("who", "which", "that", "whom"))


def resolve_party(span: Span) -> Resolution:
    """Answer whom the noun phrase `span` means, through the article's own mentions, the registry and generic agents.

    `span` is a whole noun phrase, or a pronoun, of a Doc that has passed the `references` component.
    """
    known = _known(span.doc)
    at = (span.start, span.end)
    answer = known.answers.get(at)
    if answer is None:
        answer = known.answers[at] = _resolved(span, known.index)
    return answer


def _resolved(span: Span, index: MentionIndex) -> Resolution:
    if not span.text.strip():
        return Resolution(actor=None, reason="empty phrase")
    if len(span) == 1 and span.text.casefold() in listed("parties.pronouns"):
        return _pronoun(span, index)
    core = _core(span)
    words = [_owning(word) for word in trim(words_of(core.text))]
    if not words:
        return Resolution(actor=None, reason="empty phrase")
    found = read_phrase(words, index.named(words, core.start_char), load_lexicon())
    if found.actor is None or found.actor.country is None:
        joined = generics_of(span.doc).actors.get(core.root.i)
        if joined is not None and joined[0].country is not None:
            return Resolution(actor=joined[0], reason=joined[1])
    return found


def resolve_parties(span: Span) -> list[Resolution]:
    """Answer whom all a noun phrase means: each of "China and Russia", "Thai and Lao troops", "the two Koreas".

    The list has at least one answer; where the phrase is one party it is that of `resolve_party`.
    """
    words = trim(words_of(span.text))
    keys = tuple(word.key for word in words)
    pair = load_pairs().get(keys[1:] if keys[:1] == ("the",) else keys)
    if pair is not None:
        registry = load_registry()
        day = layers_of(span.doc).published_on
        entries = [entry for code in pair if (entry := registry.get(code.lower())) is not None]
        return [Resolution(actor=registry.as_of(entry, day)[0], reason=f"pair {span.text}") for entry in entries]
    if "and" not in keys:
        return [resolve_party(span)]
    words = [_owning(word) for word in words]
    found = read_phrases(words, mention_index(span.doc).named(words, span.start_char), load_lexicon())
    return found if len(found) > 1 else [resolve_party(span)]


@lru_cache(maxsize=1)
def load_pairs(data: Path = DATA) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Read pairs.tsv: plurals that mean certain states. Raises RulesError, naming table and line."""
    table: dict[tuple[str, ...], tuple[str, ...]] = {}
    for row in read_table(data / "pairs.tsv", ("phrase", "countries")):
        keys = keys_of(row["phrase"])
        if not keys or keys in table:
            raise row.wrong(f"{row['phrase']!r} is empty or stands here twice")
        table[keys] = row.countries("countries")
    return table


@dataclass(slots=True)
class _Known:
    """Hold what is known of a text as long as its layers stay as they are."""

    state: tuple[int, ...]
    index: MentionIndex
    answers: dict[tuple[int, int], Resolution] = field(default_factory=dict)  # by a phrase's first token and end


def mention_index(doc: Doc) -> MentionIndex:
    """Return the index of the mentions of `doc`, made once for each state of its layers."""
    return _known(doc).index


def _known(doc: Doc) -> _Known:
    layers = layers_of(doc)
    entities, places, quotes = layers.entities, layers.places, layers.quotes
    state = (id(entities), len(entities), id(places), len(places), id(quotes), len(quotes))
    known: _Known | None = doc.user_data.get(_KEY)
    if known is None or known.state != state:
        known = doc.user_data[_KEY] = _Known(state, MentionIndex(entities, places))
    return known


def _core(span: Span) -> Span:
    """Cut clauses off a noun phrase: "protesters gathered in Minsk", "the man who shot him"."""
    root = span.root
    for child in root.rights:
        if child.i >= span.end:
            break
        if child.dep_ in ("relcl", "acl", "advcl") and root.i < child.left_edge.i:
            return span.doc[span.start : child.left_edge.i]
    return span


def _owning(word: Word) -> Word:
    """Let "his" in "his government" own what follows."""
    return word._replace(possessed=True) if word.key in listed("parties.owners") else word


def _pronoun(span: Span, index: MentionIndex) -> Resolution:
    mention = index.at(span.start_char)
    if mention is not None and mention.actor is not None:
        return Resolution(actor=mention.actor, reason=mention.reason or "pronoun")
    word = span.text.casefold()
    if word in listed("parties.first"):
        for quote in layers_of(span.doc).quotes:
            if quote.start <= span.start_char < quote.end and quote.speaker is not None:
                return Resolution(actor=quote.speaker, reason="speaker of the quotation")
    if word in _RELATIVE:
        return _relative(span)
    return Resolution(actor=None, reason=f"unresolved pronoun {span.text!r}")


def _relative(span: Span) -> Resolution:
    """Resolve "who" to the noun whose clause it opens."""
    verb = span.root.head
    while verb.dep_ in ("conj", "xcomp", "ccomp") and verb.head != verb:
        verb = verb.head
    if verb.dep_ != "relcl" or verb.head == verb:
        return Resolution(actor=None, reason=f"unresolved pronoun {span.text!r}")
    noun = verb.head
    first = noun.left_edge.i
    if not first <= noun.i < span.start:
        return Resolution(actor=None, reason=f"unresolved pronoun {span.text!r}")
    return resolve_party(span.doc[first : noun.i + 1])
