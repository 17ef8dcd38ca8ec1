"""Hold the words for agents without a name ("soldiers", "opposition", "former"), and what they say of sectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from dateline.annotate.actors.normal import Word, keys_of
from dateline.annotate.actors.tables import DATA, read_table

AgentKind = Literal["strong", "weak", "national", "quantity"]
Effect = Literal["first", "past", "weak", "unknown", "other"]
AGENT_KINDS = ("strong", "weak", "national", "quantity")
EFFECTS = ("first", "past", "weak", "unknown", "other")
_LONGEST = 5  # words: "assistant secretary of state"
_IRREGULAR = {
    "men": "man", "women": "woman", "people": "people", "children": "child", "wives": "wife", "thieves": "thief",
    "lives": "life", "knives": "knife", "militiamen": "militiaman", "forces": "forces", "police": "police",
    "clergymen": "clergyman", "mujahedeen": "mujahideen", "mujahidin": "mujahideen", "paramilitaries": "paramilitary",
    "schoolchildren": "schoolchild", "grandchildren": "child", "troops": "troops", "marines": "marine", "media": "media",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agent:
    """Be a noun for those who act."""

    noun: str
    sectors: tuple[str, ...]
    kind: AgentKind
    plural: bool = False


@dataclass(frozen=True, slots=True)
class Modifier:
    """Be a word before the noun that says which sort."""

    word: str
    sectors: tuple[str, ...]
    effect: Effect


class Lexicon:
    """Find agent nouns and modifiers among words."""

    def __init__(self, agents: dict[tuple[str, ...], Agent], modifiers: dict[tuple[str, ...], Modifier]) -> None:
        self._agents = agents
        self._modifiers = modifiers
        self._last = {keys[-1] for keys in agents}

    def may_end_with(self, key: str) -> bool:
        """Say whether some agent noun ends with this word, in the singular or the plural."""
        return any(stem in self._last for stem, _ in singulars(key))

    def agent_at(self, words: Sequence[Word], at: int) -> tuple[Agent, int] | None:
        """Return the longest agent noun that begins at `at`, and how many words it has."""
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            piece = words[at : at + length]
            if any(word.possessed for word in piece[:-1]):
                continue
            head = tuple(word.key for word in piece[:-1])
            for stem, plural in singulars(piece[-1].key):
                found = self._agents.get((*head, stem))
                if found is not None:
                    return (found if not plural else Agent(found.noun, found.sectors, found.kind, plural=True)), length
            if length > 1:  # "members of parliament", "secretaries of state"
                for stem, plural in singulars(piece[0].key):
                    rest = tuple(word.key for word in piece[1:])
                    found = self._agents.get((stem, *rest)) if plural else None
                    if found is not None:
                        return Agent(found.noun, found.sectors, found.kind, plural=True), length
        return None

    def modifier_at(self, words: Sequence[Word], at: int) -> tuple[Modifier, int] | None:
        """Return the modifier that begins at `at`, and how many words it has."""
        for length in (2, 1):
            piece = words[at : at + length]
            found = self._modifiers.get(tuple(word.key for word in piece)) if len(piece) == length else None
            if found is not None:
                return found, length
        return None


@lru_cache(maxsize=1 << 15)
def singulars(key: str) -> tuple[tuple[str, bool], ...]:
    """Return what `key` may be in the singular, itself first, and whether it was a plural."""
    return (key, False), *((stem, True) for stem in _stems(key))


def _stems(key: str) -> tuple[str, ...]:
    if key in _IRREGULAR:
        return (_IRREGULAR[key],)
    if key.endswith("men") and len(key) > len("women"):
        return (key[:-3] + "man",)
    if key.endswith("ies"):
        return (key[:-3] + "y",)
    if key.endswith("es") and key[-3:-2] in "sxhz":
        return key[:-2], key[:-1]
    if key.endswith("s") and not key.endswith("ss"):
        return (key[:-1],)
    return ()


@lru_cache(maxsize=1)
def load_lexicon(data: Path = DATA) -> Lexicon:
    """Read agents.tsv and modifiers.tsv. Raises RulesError, naming table and line."""
    agents: dict[tuple[str, ...], Agent] = {}
    for row in read_table(data / "agents.tsv", ("noun", "sectors", "kind")):
        keys = keys_of(row["noun"])
        if row["kind"] not in AGENT_KINDS:
            raise row.wrong(f"kind {row['kind']!r} is none of {', '.join(AGENT_KINDS)}")
        if not keys or keys in agents:
            raise row.wrong(f"{row['noun']!r} is empty or stands here twice")
        kind: AgentKind = row["kind"]  # type: ignore[assignment]  # checked above
        agents[keys] = Agent(row["noun"], row.sectors(), kind)
    modifiers: dict[tuple[str, ...], Modifier] = {}
    for row in read_table(data / "modifiers.tsv", ("word", "sectors", "effect")):
        keys = keys_of(row["word"])
        if row["effect"] not in EFFECTS:
            raise row.wrong(f"effect {row['effect']!r} is none of {', '.join(EFFECTS)}")
        if not keys or keys in modifiers:
            raise row.wrong(f"{row['word']!r} is empty or stands here twice")
        effect: Effect = row["effect"]  # type: ignore[assignment]  # checked above
        modifiers[keys] = Modifier(row["word"], row.sectors(), effect)
    return Lexicon(agents, modifiers)


@lru_cache(maxsize=1)
def load_groups(data: Path = DATA) -> frozenset[str]:
    """Read groups.tsv: nouns that name a body of people. Raises RulesError."""
    return frozenset(key for row in read_table(data / "groups.tsv", ("nouns",)) for key in keys_of(row["nouns"]))
