"""Find the country of a place that the gazetteer lacks, by what the text says of it: "Kibera, a slum of Nairobi"."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from dateline.annotate.events import syntax
from dateline.annotate.events.toponyms import Toponym, scene_words
from dateline.annotate.layers import layers_of, sentence_of

REACH = 6  # tokens between a name and the place that it is said to be in
PARTING = frozenset({"and", "from", "to"})
Held = tuple[str | None, str | None]  # country, first-order division


def holders(doc: Doc, names: Sequence[Toponym]) -> dict[str, Held]:
    """Return, for names that the gazetteer lacks, country and division where the text gives them, and gives only one country."""
    found: dict[str, set[Held]] = {}
    peoples = _peoples(doc)
    for at, name in enumerate(names):
        if name.mention is not None and name.mention.country is not None:
            continue
        outer = _around(doc, names, at)
        known = outer.mention if outer is not None else None
        country = known.country if known is not None else _called(name, peoples)
        if country is not None:
            words = doc[name.start : name.end].text.casefold()
            found.setdefault(words, set()).add((country, known.admin1 if known is not None else None))
    return {
        words: held.copy().pop() if len(held) == 1 else (next(iter(held))[0], None)
        for words, held in found.items()
        if len({country for country, _ in held}) == 1
    }


def _around(doc: Doc, names: Sequence[Toponym], at: int) -> Toponym | None:
    """Return the known place that an unknown one is said to be in ("Ranna district of Kabul", "Ranna, Kabul")."""
    name = names[at]
    sentence = sentence_of(doc[name.start])
    if at:  # "London's Docklands", "Nairobi's Kibera slum"
        owner = names[at - 1]
        reach = name.end + 1 if doc[name.end - 1].head.i == name.end else name.end
        if owner.root.dep_ == "poss" and name.start <= owner.root.head.i < reach and owner.mention is not None:
            return owner
    for other in names[at + 1 : at + 3]:
        if other.start >= sentence.end:
            break
        if other.mention is None or other.mention.country is None or other.start - name.end > REACH:
            continue
        between = doc[name.end : other.start]
        if not any(syntax.is_verb(t) or t.lower_ in PARTING for t in between):
            return other
    return None


def _called(name: Toponym, peoples: dict[int, str]) -> str | None:
    """Return the country of the people that a place is said to be of: "the Colombian town of Zarbula"."""
    head = name.root.head
    if name.root.dep_ == "pobj" and head.lower_ == "of":
        head = head.head
    elif name.root.dep_ not in {"appos", "compound"}:
        return None
    if head.lower_ not in scene_words()["settlement"]:
        return None
    return next((peoples[child.idx] for child in head.lefts if child.idx in peoples), None)


def _peoples(doc: Doc) -> dict[int, str]:
    """Return the countries of the peoples that a text names, by where they stand in it."""
    found: dict[int, str] = {}
    for entity in layers_of(doc).entities:
        country = entity.actor.country if entity.label == "NORP" and entity.actor is not None else None
        if country is not None and country != "IGO":
            found[entity.start] = country
    return found
