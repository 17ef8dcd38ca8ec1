"""Read a noun phrase by its words alone: names, agent nouns, what stands before them and what they belong to.

    a group of | former | Syrian | army | officers | in Damascus
    quantity     past     country  MIL    weak       place

The same reading serves `resolve-actors`, where a phrase comes alone, and `parties`, where the article's own mentions are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dateline.annotate.actors.lexicon import Agent, Lexicon, Modifier
from dateline.annotate.actors.naming import Named
from dateline.annotate.actors.normal import Word
from dateline.annotate.actors.wordlists import listed
from dateline.types import Actor, Resolution

_OWNERS = frozenset(["of", "for", "from", "at", "in"])  # what a weak noun can belong to
_AGAINST = frozenset(["anti", "pro", "non", "ethnic"])
_ARMED = (("REB",), ("PRM",), ("UAF",), ("CRM",))
_ARMS = frozenset(("MIL", "COP", "REB", "PRM", "UAF", "CRM", "SPY", "OPP"))
_OFFICIAL = frozenset(("GOV", "MIL", "LEG", "COP", "JUD", "SPY", "PTY"))
_MARKS = "\"'\u201c\u201d\u2018\u2019.,;:!?()[]\u00ab\u00bb"


@dataclass(frozen=True, slots=True)
class _Item:
    """Be a stretch of words and what it is."""

    words: tuple[Word, ...]
    what: Named | Agent | Modifier | None

    @property
    def key(self) -> str:
        return self.words[0].key

    @property
    def possessed(self) -> bool:
        return self.words[-1].possessed


@dataclass(frozen=True, slots=True)
class _Reading:
    """Be what a stretch of a phrase says. `own`: sectors are an actor's own, even where there are none (an IGO)."""

    country: str | None = None
    sectors: tuple[str, ...] = ()
    actor: Actor | None = None
    reason: str = ""
    own: bool = False
    igo: bool = False
    people: bool = False  # "Syrians": those of a state, when counted

    @property
    def empty(self) -> bool:
        return self.country is None and not self.sectors and self.actor is None


_NOTHING = _Reading()


def trim(words: Sequence[Word]) -> list[Word]:
    """Drop marks at both ends."""
    first, last = 0, len(words)
    while first < last and words[first].text in _MARKS:
        first += 1
    while first < last and words[last - 1].text in _MARKS:
        last -= 1
    return list(words[first:last])


def read_phrase(words: Sequence[Word], named: Sequence[Named], lexicon: Lexicon) -> Resolution:
    """Say who the noun phrase `words` means, given the names in it."""
    return _resolution(_read_segments(_segments(_items(words, named, lexicon))))


def _resolution(reading: _Reading) -> Resolution:
    if reading.empty:
        return Resolution(actor=None, reason=reading.reason or "no actor in the phrase")
    if reading.actor is not None:
        return Resolution(actor=reading.actor, reason=reading.reason)
    return Resolution(actor=Actor(country=reading.country, sectors=reading.sectors), reason=reading.reason)


def read_phrases(words: Sequence[Word], named: Sequence[Named], lexicon: Lexicon) -> list[Resolution]:
    """Say who all are that a noun phrase with "and" means: "China and Russia", "Thai and Lao troops".

    Adjectives share the noun that follows them; a phrase of one has one answer.
    """
    segments = _segments(_items(words, named, lexicon))
    if not any(segment.cut == "and" for segment in segments[1:]):
        return [read_phrase(words, named, lexicon)]
    parts: list[list[_Segment]] = [[segments[0]]]
    for segment in segments[1:]:
        if segment.cut in ("and", ",") and segment.items:
            parts.append([_Segment("", segment.items)])
        elif segment.items:
            parts[-1].append(segment)
    shared = parts[-1][0].items[-1:] if isinstance(parts[-1][0].items[-1].what, Agent) else ()
    owner = parts[-1][1:] if len(parts[-1]) > 1 and parts[-1][1].cut == "of" else []
    found = []
    for part in parts:
        head = part[0].items
        if shared and len(head) == 1 and isinstance(head[0].what, Named) and head[0].what.form == "adjective":
            part = [_Segment("", (*head, *shared)), *part[1:]]  # noqa: PLW2901 (it borrows the noun it shares)
        elif owner and len(part) == 1:
            part = [*part, *owner]  # noqa: PLW2901 ("the president and the army of Chile")
        found.append(_resolution(_read_segments(part)))
    return [answer for answer in found if answer.actor is not None] or found[:1]


def _items(words: Sequence[Word], named: Sequence[Named], lexicon: Lexicon) -> list[_Item]:
    starts = {name.first: name for name in named}
    limits = [*sorted(starts), len(words)]
    items: list[_Item] = []
    at = 0
    while at < len(words):
        name = starts.get(at)
        if name is not None:
            items.append(_Item(tuple(words[at : name.last]), name))
            at = name.last
            continue
        limit = next(border for border in limits if border > at)
        window = words[:limit]
        agent, modifier = lexicon.agent_at(window, at), lexicon.modifier_at(window, at)
        if (
            modifier is not None
            and modifier[1] >= (agent[1] if agent else 0)
            and not _ends_core(words, at + modifier[1])
        ):
            what: Agent | Modifier | None = modifier[0]
            length = modifier[1]
        elif agent is not None:
            what, length = agent
        else:
            what, length = None, 1
        items.append(_Item(tuple(words[at : at + length]), what))
        at += length
    return items


def _ends_core(words: Sequence[Word], at: int) -> bool:
    return at >= len(words) or words[at].key in listed("phrases.cuts") or words[at - 1].possessed


@dataclass(frozen=True, slots=True)
class _Segment:
    cut: str  # the word that opens it: "", "of", "in", ","
    items: tuple[_Item, ...]


def _segments(items: Sequence[_Item]) -> list[_Segment]:
    segments: list[_Segment] = []
    cut = ""
    piece: list[_Item] = []
    for item in items:
        if item.what is None and item.key in listed("phrases.cuts"):
            segments.append(_Segment(cut, tuple(piece)))
            cut, piece = item.key, []
        elif not (item.what is None and item.key in listed("phrases.articles")) and item.words[0].text not in _MARKS:
            piece.append(item)
    segments.append(_Segment(cut, tuple(piece)))
    return segments


def _read_segments(segments: Sequence[_Segment]) -> _Reading:
    """Read the head segment with those that belong to it."""
    head, rest = segments[0], segments[1:]
    if len(head.items) == 1 and rest and rest[0].cut == "and" and rest[0].items:
        what, noun = head.items[0].what, rest[0].items[-1]
        if isinstance(what, Named) and what.form == "adjective" and isinstance(noun.what, Agent):
            head = _Segment(head.cut, (*head.items, noun))  # "Thai and Lao troops": Thai troops, at least
    if not head.items:  # "of the army", "in Cairo"
        return _read_segments(rest) if rest else _NOTHING
    last = head.items[-1].what
    if isinstance(last, Agent) and last.kind == "quantity":
        if rest and rest[0].cut == "of":
            inner = _read_segments(rest)
            if inner.people:
                return _Reading(inner.country, ("CVL",), None, "people counted")
            hint = _read_core(head.items[:-1], ()) if len(head.items) > 1 else _NOTHING
            return replace(inner, country=inner.country or hint.country) if inner.actor is None else inner
        if len(head.items) == 1:
            return _NOTHING
        head = _Segment(head.cut, head.items[:-1])
    reading = _read_core(head.items, rest)
    if (reading.empty or reading.reason == "unknown noun") and rest and rest[0].cut == ",":
        return _read_segments([_Segment("", rest[0].items), *rest[1:]])  # apposition: "X, a spokesman for the army"
    return reading


def _read_core(items: Sequence[_Item], rest: Sequence[_Segment]) -> _Reading:
    owner, head = _split_owner(items)
    if not head:
        return _read_core(_unpossess(owner), rest) if owner else _NOTHING
    head = _without_names(head)
    last = head[-1].what
    if isinstance(last, Named) and not (last.is_country and last.form == "adjective" and _title_only(head)):
        return _read_name(last, head)
    if isinstance(last, Agent):
        return _read_agent(last, head, owner, rest)
    return _read_unknown(head, owner, rest)


def _split_owner(items: Sequence[_Item]) -> tuple[Sequence[_Item], Sequence[_Item]]:
    for at in range(len(items) - 1, -1, -1):
        if items[at].possessed:
            return items[: at + 1], items[at + 1 :]
    return (), items


def _unpossess(items: Sequence[_Item]) -> list[_Item]:
    last = items[-1]
    words = (*last.words[:-1], last.words[-1]._replace(possessed=False))
    return [*items[:-1], _Item(words, last.what)]


def _without_names(head: Sequence[_Item]) -> Sequence[_Item]:
    """Drop an unknown person's name behind a title: "nuclear expert Vipin Narang"."""
    last = len(head)
    while last > 1 and head[last - 1].what is None and head[last - 1].key in ("elect", "designate", "emeritus"):
        last -= 1
    while last > 1 and head[last - 1].what is None and head[last - 1].words[0].capitalized:
        last -= 1
    if last < len(head) and isinstance(head[last - 1].what, Agent):
        return head[:last]
    return head


def _title_only(head: Sequence[_Item]) -> bool:
    return len(head) > 1 and isinstance(head[-2].what, Agent)


def _owner_reading(owner: Sequence[_Item]) -> _Reading:
    return _read_core(_unpossess(owner), ()) if owner else _NOTHING


def _read_name(name: Named, head: Sequence[_Item]) -> _Reading:
    actor = name.actor
    effects = {item.what.effect for item in head if isinstance(item.what, Modifier)}
    if name.kind == "person" and "past" in effects and name.reason.endswith("(no date)"):
        actor = replace(actor, sectors=("ELI",))
    elif name.is_country and name.form == "people" and _counted(head):
        return _Reading(actor.country, ("CVL",), None, "people counted")
    if name.kind == "place":
        return _Reading(actor.country, (), None, name.reason)
    people = name.is_country and name.form == "people"
    return _Reading(
        actor.country, actor.sectors, actor, name.reason, own=True, igo=actor.country == "IGO", people=people
    )


def _counted(head: Sequence[_Item]) -> bool:
    return any(
        (isinstance(item.what, Agent) and item.what.kind == "quantity")
        or item.words[0].text.isdigit()
        or item.key in listed("phrases.kins")
        for item in head[:-1]
    )


def _read_agent(agent: Agent, head: Sequence[_Item], owner: Sequence[_Item], rest: Sequence[_Segment]) -> _Reading:
    before = head[:-1]
    owned = _owner_reading(owner)
    belongs = _belonging(rest, to=agent.noun in listed("reading.serving"))
    name = _name_before(before)
    named = _Reading() if name is None else _Reading(
        name.actor.country, name.actor.sectors, name.actor, name.reason, own=not name.is_country,
        igo=name.actor.country == "IGO",
    )  # fmt: skip
    country = next((r.country for r in (named, owned, belongs) if r.country), None) or _place_of(rest)
    sectors, why = _sectors_of(agent, before, (named, owned, belongs), has_country=country is not None)
    if country == "IGO":
        sectors = tuple(code for code in sectors if code != "GOV")
    where = f"{named.reason or owned.reason or belongs.reason}" if country else ""
    reason = f"{why}{' of ' + where if where else ''}"
    return _Reading(country, sectors, None, reason, own=bool(sectors), igo=country == "IGO")


def _name_before(before: Sequence[_Item]) -> Named | None:
    """Return the nearest name before the noun that it can belong to."""
    for at in range(len(before) - 1, -1, -1):
        what = before[at].what
        if not isinstance(what, Named):
            continue
        after = before[at + 1].key if at + 1 < len(before) else ""
        ahead = before[at - 1].key if at else ""
        if after in listed("phrases.not_acting") or after == "war" or ahead in _AGAINST:
            continue
        return what
    return None


def _belonging(rest: Sequence[_Segment], *, to: bool = False) -> _Reading:
    """Read what the noun belongs to: the first `of`, `for`, `from`, `at`, `in` behind it; `to`: "aide to" as well."""
    for at, segment in enumerate(rest):
        if (segment.cut in _OWNERS or (to and segment.cut == "to")) and segment.items:
            if segment.cut == "in" and not any(isinstance(item.what, Named) for item in segment.items):
                continue
            return _read_segments([_Segment("", segment.items), *_attached(rest[at + 1 :])])
        if segment.cut in (",", "who", "which", "that", "whom", "whose", "and", "or", "but"):
            break
    return _NOTHING


def _attached(rest: Sequence[_Segment]) -> Sequence[_Segment]:
    kept = []
    for segment in rest:
        if segment.cut not in listed("phrases.where"):
            break
        kept.append(segment)
    return kept


def _place_of(rest: Sequence[_Segment]) -> str | None:
    for segment in rest:
        if segment.cut in listed("phrases.where"):
            for item in segment.items:
                if isinstance(item.what, Named) and item.what.is_country:
                    return item.what.actor.country
        elif segment.cut in (",", "who", "which", "that", "whom", "whose", "and", "or", "but"):
            break
    return None


def _sectors_of(
    agent: Agent, before: Sequence[_Item], owners: Sequence[_Reading], *, has_country: bool
) -> tuple[tuple[str, ...], str]:
    """Return the sectors of an agent noun with the words before it, and the rule that gave them."""
    modifiers = [item.what for item in before if isinstance(item.what, Modifier)]
    first = next((m for m in modifiers if m.effect == "first"), None)
    if first is None and any(isinstance(i.what, Agent) and i.what.sectors[:1] in (("OPP",), ("REB",)) for i in before):
        leading = next(
            i.what for i in before if isinstance(i.what, Agent) and i.what.sectors[:1] in (("OPP",), ("REB",))
        )
        sectors, why = leading.sectors, f"agent:{leading.noun} {agent.noun}"
    elif first is not None:
        sectors, why = first.sectors, f"modifier:{first.word} {agent.noun}"
    elif any(m.effect == "unknown" for m in modifiers) and (agent.kind != "strong" or agent.sectors == ("CVL",)):
        sectors, why = next(m.sectors for m in modifiers if m.effect == "unknown"), f"agent:{agent.noun}"
    elif agent.kind == "strong":
        sectors, why = agent.sectors, f"agent:{agent.noun}"
    else:
        sectors, why = _weak_sectors(agent, before, owners, has_country=has_country)
    if any(m.effect == "past" for m in modifiers) and (sectors[:1] and sectors[0] in _OFFICIAL):
        return ("ELI",), f"modifier:former {agent.noun}"
    return sectors, why


def _may_tell(sector: str, agent: Agent) -> bool:
    """Say whether a word before an armed noun can change what it is: "Shiite militia" is a militia, "army fighters" are MIL."""
    return agent.sectors[:1] not in _ARMED or sector in _ARMS


def _weak_sectors(
    agent: Agent, before: Sequence[_Item], owners: Sequence[_Reading], *, has_country: bool
) -> tuple[tuple[str, ...], str]:
    for item in reversed(before):
        what = item.what
        if isinstance(what, (Agent, Modifier)) and what.sectors and _may_tell(what.sectors[0], agent):
            word = what.noun if isinstance(what, Agent) else what.word
            return what.sectors, f"agent:{word} {agent.noun}"
        if isinstance(what, Named) and not what.is_country:
            break
    for owner in owners:
        if owner.igo:  # "NATO pilots" are MIL, "UN officials" have no sector
            return owner.sectors or agent.sectors, f"agent:{agent.noun}"
        if owner.sectors:
            return owner.sectors, f"agent:{agent.noun}"
    if agent.kind == "national" and not has_country:
        return (), f"agent:{agent.noun} without a country"
    return agent.sectors, f"agent:{agent.noun}"


def _read_unknown(head: Sequence[_Item], owner: Sequence[_Item], rest: Sequence[_Segment]) -> _Reading:
    """Read a phrase whose head is no known noun: "Syrian shelling" still speaks of Syria."""
    name = _name_before(head)
    if name is not None and any(item.key in _AGAINST for item in head):
        name = None
    if name is not None:
        actor = name.actor
        return _Reading(actor.country, actor.sectors, None, f"unknown noun of {name.reason}", own=not name.is_country)
    owned = _owner_reading(owner)
    if not owned.empty:
        return replace(owned, actor=None, reason=f"unknown noun of {owned.reason}")
    agents = [item.what for item in head if isinstance(item.what, Agent) and item.what.kind == "strong"]
    if agents and head[-1].words[0].capitalized:  # "Police Federation", "University of York Press"
        belongs = _belonging(rest)
        return _Reading(belongs.country, agents[-1].sectors, None, f"agent:{agents[-1].noun}", own=True)
    return replace(_NOTHING, reason="unknown noun")
