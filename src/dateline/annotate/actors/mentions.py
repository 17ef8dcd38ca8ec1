"""Find the named mentions of a text: spaCy's, cleaned, and the registry's, each with whom it means."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from spacy.tokens import Doc

from dateline.annotate.actors.lexicon import Agent, Lexicon, load_groups
from dateline.annotate.actors.naming import choose
from dateline.annotate.actors.normal import Word, keys_of, words_of
from dateline.annotate.actors.organisations import read_organisation
from dateline.annotate.actors.pieces import Piece, find_pieces
from dateline.annotate.actors.registry import Match, Registry
from dateline.annotate.actors.whereabouts import load_gazette
from dateline.annotate.actors.wordlists import listed
from dateline.annotate.layers import text_of
from dateline.annotate.references.genders import gender_of
from dateline.types import Actor, EntityMention

_WHOLE = frozenset(("ORG", "FAC", "EVENT", "WORK_OF_ART", "LAW", "PRODUCT", "LOC"))  # may hold another name inside
_FOLLOWED = (("PTY",), ("REB",), ("OPP",), ("REL",))  # whose followers bear the name: "Democrats", "the Taliban"
_ALIKE = {"state": "GPE", "capital": "GPE", "adjective": "NORP", "people": "NORP"}


def find_mentions(doc: Doc, registry: Registry, lexicon: Lexicon, day: date | None) -> list[EntityMention]:
    """Return all named mentions of `doc`, sorted, never overlapping."""
    return _Finder(doc, registry, lexicon, day).find()


def state_hints(matches: Sequence[Match]) -> Counter[str]:
    """Count the countries that are named, by any of their names."""
    counts: Counter[str] = Counter()
    for match in matches:
        first = match.candidates[0]
        if first.actor.kind == "state" and first.alias.form != "short" and first.actor.country:
            counts[first.actor.country] += 1
    return counts


class _Finder:
    """Find the mentions of one text."""

    def __init__(self, doc: Doc, registry: Registry, lexicon: Lexicon, day: date | None) -> None:
        self._registry, self._lexicon, self._day = registry, lexicon, day
        self._text = text_of(doc)
        self._words = words_of(self._text)
        self._starts = [word.start for word in self._words]
        pieces = [self._untitled(piece) for piece in find_pieces(doc)]
        alone = {self._text[piece.start : piece.end].casefold() for piece in pieces if piece.label == "PERSON"}
        self._pieces = [self._in_full(piece, alone) for piece in pieces]
        self._matches = registry.matches(self._words)
        self._hints = state_hints(self._matches)
        self._full = _full_names(self._text, self._pieces)
        self._addressed = frozenset(self._surnames())
        self._refused: dict[tuple[int, int], str] = {}  # names that the registry has, and why they mean nobody here
        self._named = _Stretches([(piece.start, piece.end) for piece in self._pieces])

    def find(self) -> list[EntityMention]:
        """Join registry matches and spaCy's names: the longer name wins where it is an organisation round a name."""
        known = [mention for match in self._matches if (mention := self._known(match)) is not None]
        stretches = _Stretches([(mention.start, mention.end) for mention in known])
        dropped: set[int] = set()
        kept: list[EntityMention] = []
        last_end = -1
        for piece in self._pieces:
            if piece.start < last_end:
                continue
            inside = stretches.touching(piece.start, piece.end)
            same = [at for at in inside if (known[at].start, known[at].end) == (piece.start, piece.end)]
            if same:
                known[same[0]] = _relabel(known[same[0]], piece.label)
            elif not inside or self._outlasts(piece, [known[at] for at in inside]):
                dropped.update(inside)
                kept.append(self._unknown(piece))
                last_end = piece.end
        kept.extend(mention for at, mention in enumerate(known) if at not in dropped)
        kept.sort(key=lambda mention: mention.start)
        return kept

    def _known(self, match: Match) -> EntityMention | None:
        """Return the mention of a registry match, or None where it means nobody here."""
        start, end = self._words[match.first].start, self._words[match.last - 1].end
        titled = self._titled(match.first)
        if all(c.alias.form == "short" for c in match.candidates):
            namesake = self._full.get(self._text[start:end].casefold())
            if namesake is not None and all(namesake.casefold() != c.actor.name.casefold() for c in match.candidates):
                return None  # somebody else of that surname is in the article
            if not titled and not self._named.touching(start, end) and not self._courteous(match.first):
                return None  # an everyday word: spaCy sees no name here
            if self._within_a_name(match.last):
                return None  # "Paul Nesbit" is not Ron Paul
            titled = titled and self._fits(match)
        candidate, why = choose(match, self._registry, day=self._day, hints=self._hints, titled=titled)
        if candidate is None:
            self._refused[start, end] = why
            return None
        actor, reason = self._registry.as_of(candidate.actor, self._day)
        if self._day is None and candidate.actor.kind == "person" and self._was(match.first):
            actor, reason = replace(actor, sectors=("ELI",)), f"{reason}, former in the text"
        label = _ALIKE.get(candidate.alias.form) or self._registry.labels.get(candidate.actor.kind, "ORG")
        return EntityMention(
            start=start, end=end, text=self._text[start:end], label=label, name=candidate.actor.name, actor=actor,
            reason=reason,
        )  # fmt: skip

    def _untitled(self, piece: Piece) -> Piece:
        """Cut a title off a person's name: "Spokeswoman Sandy Angers"."""
        found = words_of(self._text[piece.start : piece.end]) if piece.label in ("PERSON", "ORG") else []
        if piece.label == "PERSON" and len(found) > 2 and self._is_people(found):  # noqa: PLR2004 (a nation, a full name)
            return Piece(piece.start + found[1].start, piece.end, "PERSON")  # "Briton Alan Thorpe"
        belonging = next((at for at, word in enumerate(found) if word.key == "of"), 0)
        if piece.label == "PERSON" and belonging > 1 and self._is_state(found[belonging + 1 :]):
            return Piece(piece.start, piece.start + found[belonging - 1].end, "PERSON")  # "Goran Babic of Serbia"
        agent = self._lexicon.agent_at(found, 0) if len(found) > 1 else None
        if agent is None or agent[0].noun in load_groups() or not 0 < len(found) - agent[1] <= 3:  # noqa: PLR2004 (words of a name)
            return piece
        rest = found[agent[1] :]
        if not all(word.capitalized for word in rest) or (piece.label == "ORG" and len(rest) == 1):
            return piece
        if piece.label == "ORG" and any(self._lexicon.agent_at(rest, at) for at in range(len(rest))):
            return piece  # "Foreign Minister Council": no person
        return Piece(piece.start + rest[0].start, piece.end, "PERSON")

    def _in_full(self, piece: Piece, alone: set[str]) -> Piece:
        """Call a full name that spaCy takes for a firm's a person's, by its given name or where the surname is one elsewhere."""
        if piece.label != "ORG":
            return piece
        found = words_of(self._text[piece.start : piece.end])
        if not 1 < len(found) <= 3 or not all(word.capitalized and not word.possessed for word in found):  # noqa: PLR2004 (words of a name)
            return piece
        if (
            any(self._lexicon.agent_at(found, at) for at in range(len(found)))
            or load_gazette().at(found, 0) is not None
        ):
            return piece
        if found[-1].key not in alone and (gender_of(found[0].text, None) is None or self._registry.matches(found)):
            return piece
        return Piece(piece.start, piece.end, "PERSON")

    def _is_state(self, words: Sequence[Word]) -> bool:
        return any(
            match.first == 0 and match.last == len(words) and match.candidates[0].actor.kind == "state"
            for match in self._registry.matches(words)
        )

    def _is_people(self, words: Sequence[Word]) -> bool:
        """Say whether some words begin with the word for one of a people that is no adjective: "Briton", "Frenchman"."""
        if words[0].key.endswith(("an", "ese", "ish", "i")):
            return False  # "American Library Association"
        return any(
            match.first == 0 and match.last == 1 and all(c.alias.form == "people" for c in match.candidates)
            for match in self._registry.matches(words)
        )

    def _titled(self, first: int) -> bool:
        before = self._words[:first] if first < 3 else self._words[first - 2 : first]  # noqa: PLR2004 (words of a title)
        return any(self._lexicon.agent_at(before, at) is not None for at in range(len(before)))

    def _surnames(self) -> Iterator[str]:
        """Yield the names behind "Mr" and the like: whoever is called so once is a person throughout, were it "Ford"."""
        for at, word in enumerate(self._words[1:], start=1):
            if word.capitalized and self._courteous(at):
                yield word.key

    def _fits(self, match: Match) -> bool:
        """Say whether the title before a surname can be its bearer's: in a text about America "Dr Ford" rules no Ontario."""
        countries = {c.actor.country for c in match.candidates}
        if not self._hints or any(self._hints.get(country or "") for country in countries):
            return True
        title = self._words[match.first - 1].key
        roles = (role for c in match.candidates for role in self._registry.roles_of(c.actor.id))
        return any(title in keys_of(name) for role in roles for name in role.titles)

    def _courteous(self, first: int) -> bool:
        """Say whether "Mr" or "Mrs" stands before the word `first`: what follows is a surname, were it "May"."""
        before = self._words[max(0, first - 2) : first]
        if before and before[-1].key == ".":
            before = before[:-1]
        return bool(before) and before[-1].key in listed("mentions.courtesy")

    def _as_person(self, piece: Piece) -> Piece:
        """Call somebody a person whom spaCy calls a firm or a place, though a title stands before: "President Ann Doe"."""
        if piece.label not in ("ORG", "GPE", "PRODUCT", "FAC"):
            return piece
        found = words_of(self._text[piece.start : piece.end])
        first = bisect_left(self._starts, piece.start)
        if len(found) == 1 and found[0].key in self._addressed:
            return Piece(piece.start, piece.end, "PERSON")
        if not first > 0 or not 1 < len(found) <= 3 or not all(word.capitalized for word in found):  # noqa: PLR2004 (words of a name)
            return piece
        if any(self._lexicon.agent_at(found, at) for at in range(len(found))):
            return piece
        before = self._words[max(0, first - 2) : first]
        for at in range(len(before)):
            hit = self._lexicon.agent_at(before, at)
            if hit is not None and at + hit[1] == len(before) and _is_title(hit[0]) and not before[-1].possessed:
                return Piece(piece.start, piece.end, "PERSON")
        return piece

    def _was(self, first: int) -> bool:
        """Say whether "former" stands in the title before the word `first`."""
        return any(
            (hit := self._lexicon.modifier_at(self._words, at)) is not None and hit[0].effect == "past"
            for at in range(max(0, first - 4), first)  # words of a title
        )

    def _within_a_name(self, last: int) -> bool:
        """Say whether a capitalized word goes on where a surname ends."""
        if last >= len(self._words) or self._words[last - 1].possessed:
            return False
        after = self._words[last]
        return after.capitalized and after.start - self._words[last - 1].end == 1

    def _outlasts(self, piece: Piece, inside: Sequence[EntityMention]) -> bool:
        """Say whether spaCy's longer name stands against the registry's names inside it."""
        if any(mention.start < piece.start or mention.end > piece.end for mention in inside):
            return False
        first, ahead = inside[0], self._text[piece.start : inside[0].start]
        if piece.label in _WHOLE:
            outside = ahead + self._text[inside[-1].end : piece.end]
            named = first.label in ("GPE", "NORP") or piece.start == first.start
            return named and any(word[:1].isupper() for word in outside.split())
        if piece.label != "PERSON":
            return False
        # "Eric Trump" is not Trump; "Secretary Mike Pompeo" is Pompeo
        return first.label != "PERSON" or (
            " " not in first.text and first.end == piece.end and not self._is_title(ahead)
        )

    def _is_title(self, ahead: str) -> bool:
        found = words_of(ahead)
        return any(self._lexicon.agent_at(found, at) for at in range(len(found)))

    def _unknown(self, piece: Piece) -> EntityMention:
        """Make the mention of a name that the registry does not know; its own words may say what it is."""
        name = self._text[piece.start : piece.end]
        piece = self._as_person(piece)
        actor: Actor | None = None
        reason = self._refused.get((piece.start, piece.end), "not in the registry")
        region = load_gazette().region(name) if piece.label != "PERSON" else None
        if region is not None:
            actor, reason = Actor(country=region), f"region of {region}"
        elif piece.label in ("ORG", "FAC", "NORP"):
            found = read_organisation(name, self._registry, self._lexicon, hints=self._hints, day=self._day)
            if found is not None:
                actor, reason = found
        return EntityMention(
            start=piece.start, end=piece.end, text=name, label=piece.label, name=" ".join(name.split()), actor=actor,
            reason=reason,
        )  # fmt: skip


class _Stretches:
    """Answer which of some sorted stretches touch another."""

    def __init__(self, stretches: Sequence[tuple[int, int]]) -> None:
        self._stretches = stretches
        self._starts = [start for start, _ in stretches]

    def touching(self, start: int, end: int) -> list[int]:
        """Return the numbers of the stretches that share a character with `start`..`end`."""
        at = max(0, bisect_left(self._starts, start) - 1)
        found = []
        while at < len(self._stretches) and self._starts[at] < end:
            if self._stretches[at][1] > start:
                found.append(at)
            at += 1
        return found


def _is_title(agent: Agent) -> bool:
    """Say whether a noun can stand before a person's name."""
    return not agent.plural and agent.kind != "quantity" and agent.noun.split()[-1] not in load_groups()


def _relabel(mention: EntityMention, label: str) -> EntityMention:
    """Keep spaCy's label where it fits what the registry knows."""
    if mention.label in ("PERSON", label) or (mention.label == "NORP" and label != "NORP"):
        return mention
    if mention.label == "ORG":
        sectors = mention.actor.sectors if mention.actor else ()
        fits = label in ("ORG", "FAC") or (label == "NORP" and sectors[:1] in _FOLLOWED)
    else:
        fits = label in ("GPE", "LOC")
    return replace(mention, label=label) if fits else mention


def _full_names(text: str, pieces: Sequence[Piece]) -> dict[str, str]:
    """Return full names of persons by their last word."""
    full: dict[str, str] = {}
    for piece in pieces:
        name = text[piece.start : piece.end]
        if piece.label == "PERSON" and " " in name:
            full.setdefault(name.rsplit(" ", 1)[-1].casefold(), name)
    return full
