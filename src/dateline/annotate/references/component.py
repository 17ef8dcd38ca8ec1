"""Join the mentions of an article, in the pipeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.actors.normal import words_of
from dateline.annotate.actors.registry import Registry, load_registry
from dateline.annotate.actors.state_offices import has_such
from dateline.annotate.layers import layers_of, text_of
from dateline.annotate.references.figures import Cast, count_countries
from dateline.annotate.references.generics import MAIN, find_generics
from dateline.annotate.references.names import fill_gaps, find_couples, join_names
from dateline.annotate.references.persons import STATE, with_titles
from dateline.annotate.references.pronouns import PronounReader
from dateline.annotate.references.roles import RoleReader
from dateline.annotate.references.rows import find_rows
from dateline.annotate.references.spans import MentionIndex
from dateline.types import Actor, EntityMention

NAME = "dateline_references"


class ReferencesComponent:
    """Add resolved references to `layers.entities`, with label None, and join short names to full ones."""

    def __init__(self, extra: Path | None = None) -> None:
        self.extra = extra  # a folder with the user's own actors

    def __call__(self, doc: Doc) -> Doc:
        """Read the references of `doc`."""
        return join_references(doc, load_registry(self.extra))


@Language.factory(NAME, default_config={"extra": None})
def make_references(nlp: Language, name: str, extra: str | None) -> ReferencesComponent:  # noqa: ARG001 (spaCy's signature)
    """Make the component; `extra` is a folder with the user's own actors."""
    return ReferencesComponent(Path(extra) if extra else None)


def join_references(doc: Doc, registry: Registry) -> Doc:
    """Join the mentions of `doc`: names, titles, roles, then pronouns."""
    layers = layers_of(doc)
    text = text_of(doc)
    cast = Cast()
    cast.countries = count_countries(layers.entities)
    words = words_of(text)
    named = sorted((*layers.entities, *find_couples(text, layers.entities)), key=lambda mention: mention.start)
    entities = join_names(named, cast, registry)
    cast.settle()
    entities = sorted((*entities, *fill_gaps(words, entities, cast)), key=lambda mention: mention.start)
    cast.settle()
    entities = with_titles(doc, text, entities, cast, layers)
    entities = [_of_main_country(mention, cast) for mention in entities]
    roles = RoleReader(registry, cast, layers.published_on)
    added: list[EntityMention] = []
    for found in list(roles.find(words, entities)):
        added.append(_reference(text, (found.start, found.end), found.name, found.actor, found.reason))
        if found.figure is not None:
            cast.mention(found.figure, found.start, found.end)
    cast.settle()
    if doc.has_annotation("DEP"):
        find_generics(doc, MentionIndex(_insert(entities, added), layers.places), cast)
        find_rows(doc, cast)
        cast.settle()
        for pronoun in PronounReader(doc, cast).find():
            figure = pronoun.figure
            span = (pronoun.start, pronoun.end)
            added.append(_reference(text, span, figure.name, figure.actor, pronoun.reason))
    layers.entities = _insert(entities, added)
    return doc


def _reference(text: str, span: tuple[int, int], name: str | None, actor: Actor | None, reason: str) -> EntityMention:
    start, end = span
    return EntityMention(
        start=start, end=end, text=text[start:end], label=None, name=name, actor=actor, reason=reason,
    )  # fmt: skip


def _insert(entities: list[EntityMention], added: list[EntityMention]) -> list[EntityMention]:
    """Put references in; where one covers a name without an actor, it takes the name's place."""
    spans = {(mention.start, mention.end) for mention in added}
    kept = [mention for mention in entities if (mention.start, mention.end) not in spans]
    merged = sorted((*kept, *added), key=lambda mention: (mention.start, -mention.end))
    result: list[EntityMention] = []
    for mention in merged:
        if not result or mention.start >= result[-1].end:
            result.append(mention)
    return result


def _of_main_country(mention: EntityMention, cast: Cast) -> EntityMention:
    """Give "the Air Force" to the country that the article is about, where there is one."""
    actor = mention.actor
    if mention.label != "ORG" or actor is None or actor.id is not None or actor.country is not None:
        return mention
    main = cast.main_country(share=MAIN)
    if main is None or actor.sectors[:1] not in STATE or not has_such(main, mention.text):
        return mention
    return replace(
        mention, actor=replace(actor, country=main), reason=f"{mention.reason} of the article's country {main}"
    )
