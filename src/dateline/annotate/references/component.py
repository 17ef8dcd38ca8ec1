"""Join the mentions of an article, in the pipeline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from dateline.annotate.actors.normal import words_of
from dateline.annotate.actors.registry import Registry, load_registry
from dateline.annotate.layers import Layers, layers_of, text_of
from dateline.annotate.references.figures import Cast, Figure, count_countries
from dateline.annotate.references.generics import MAIN, find_generics
from dateline.annotate.references.names import fill_gaps, join_names
from dateline.annotate.references.pronouns import PronounReader
from dateline.annotate.references.roles import RoleReader
from dateline.annotate.references.spans import MentionIndex
from dateline.annotate.references.titles import as_person, read_title
from dateline.types import Actor, EntityMention, Resolution

NAME = "dateline_references"
_IDLE = ("former", "role")  # how the reasons end of those who hold no office on the day
_PRIVATE = (("CVL",), ("MED",), ("AGR",), ("LAB",), ("EDU",), ("REL",))  # what statesmen are not after their terms
_STATE = (("GOV",), ("MIL",), ("LEG",), ("JUD",), ("COP",), ("SPY",))  # what a state has of its own


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
    entities = join_names(layers.entities, cast, registry)
    cast.settle()
    entities = sorted((*entities, *fill_gaps(words, entities, cast)), key=lambda mention: mention.start)
    cast.settle()
    entities = _with_titles(doc, text, entities, cast, layers)
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


def _with_titles(doc: Doc, text: str, entities: list[EntityMention], cast: Cast, layers: Layers) -> list[EntityMention]:
    """Give persons that the registry does not know what the text says of them, at their every mention."""
    index = MentionIndex(entities, layers.places)
    told: dict[str | None, Figure] = {}
    namesakes: set[str | None] = set()
    for mention in entities:
        if mention.label != "PERSON":
            continue
        figure = cast.figure(mention.actor.id) if mention.actor and mention.actor.id else _figure_of(mention, cast)
        if figure is None:
            continue
        found = read_title(doc, text, mention.start, mention.end, index)
        if found is None:
            continue
        resolution, words = found
        known = figure.actor if _is_otherwise(figure, resolution) else None
        if known is not None or _is_namesake(mention, figure, resolution.actor):
            figure.actor = None
            namesakes.add(figure.name)
        figure.titles.update(_titles_in(words))
        if figure.actor is None:
            figure.actor = as_person(resolution, figure.name or mention.text, known)
            figure.reason = f"title in the text: {' '.join(words.split())}"
            told[figure.name] = figure
    if not told:
        return entities
    return [
        replace(mention, actor=told[mention.name].actor, reason=told[mention.name].reason)
        if mention.label == "PERSON" and mention.name in told and (mention.actor is None or mention.name in namesakes)
        else mention
        for mention in entities
    ]


def _is_namesake(mention: EntityMention, figure: Figure, told: Actor | None) -> bool:
    """Say whether the text speaks of another than the registry's: "George Mitchell, a nurse from Leeds"."""
    actor = mention.actor
    if actor is None or figure.actor is None or told is None or (mention.reason or "").rsplit(" ", 1)[-1] not in _IDLE:
        return False  # who holds an office is the one who is meant
    return told.sectors[:1] in _PRIVATE and told.country not in (None, "IGO", actor.country)


def _is_otherwise(figure: Figure, title: Resolution) -> bool:
    """Say whether the text gives an office of another country to somebody who by the registry holds none of this one's.

    "Georgian President Eduard Shevardnadze" is of Georgia, whatever he once was.
    """
    actor, told = figure.actor, title.actor
    if not title.reason.startswith("agent:"):
        return False  # another's name: "Macron and Putin"
    if actor is None or told is None or told.country is None or told.sectors[:1] not in _STATE:
        return False
    if "IGO" in {told.country, actor.country}:
        return told.country != "IGO" and figure.reason.partition(" role ")[2][:3] == "igo"
    return told.country != actor.country and figure.reason.rsplit(" ", 1)[-1] in (*_IDLE, "date)")


def _of_main_country(mention: EntityMention, cast: Cast) -> EntityMention:
    """Give "the Air Force" to the country that the article is about, where there is one."""
    actor = mention.actor
    if mention.label != "ORG" or actor is None or actor.id is not None or actor.country is not None:
        return mention
    main = cast.main_country(share=MAIN)
    if main is None or actor.sectors[:1] not in _STATE:
        return mention
    return replace(
        mention, actor=replace(actor, country=main), reason=f"{mention.reason} of the article's country {main}"
    )


def _figure_of(mention: EntityMention, cast: Cast) -> Figure | None:
    return next((f for f in cast.figures if f.name == mention.name and f.sort == "person"), None)


def _titles_in(words: str) -> set[str]:
    found = [word.key for word in words_of(words)]
    return {" ".join(found[at : at + size]) for size in (1, 2, 3) for at in range(len(found) - size + 1)}
