"""Number the happenings of one text: mentions that tell of the same act share one number."""

from __future__ import annotations

from dataclasses import replace

from dateline.types import Actor, EventMention, Party

SPOKEN = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT", "AGREE", "CONCEDE"})
FAMILY = {"SANCTION": "cut", "REJECT": "cut", "CONCEDE": "yield", "RETREAT": "yield"}  # one act may be told as either


def number(events: list[EventMention]) -> list[EventMention]:
    """Return the events with their happening numbers, in order of first mention."""
    keys: list[tuple[EventMention, int]] = []
    numbered: list[EventMention] = []
    following = 1
    for event in _unlike(events):
        mine = next((n for old, n in reversed(keys) if _same(old, event)), None)
        if mine is None:
            mine = following
            following += 1
        keys.append((event, mine))
        numbered.append(replace(event, happening=mine))
    return [_dated(event, numbered) for event in numbered]


def _unlike(events: list[EventMention]) -> list[EventMention]:
    """Leave out what says the very same of the same words again."""
    found: dict[tuple[object, ...], EventMention] = {}
    for event in events:
        sides = tuple(
            (party.start, party.end, party.actor) if party else None for party in (event.source, event.target)
        )
        found.setdefault((event.trigger, event.event_type, event.modality, event.negated, *sides), event)
    return list(found.values())


def _dated(event: EventMention, events: list[EventMention]) -> EventMention:
    """Give a mention without a date the one that another mention of its happening has."""
    if event.date is not None or event.reasons.get("date") == "not_yet":
        return event
    if event.event_type in SPOKEN:  # two promises to one side are two, whatever their number
        return event
    known = next((e.date for e in events if e.happening == event.happening and e.date is not None), None)
    if known is None:
        return event
    return replace(event, date=known, reasons={key: why for key, why in event.reasons.items() if key != "date"})


def _same(old: EventMention, new: EventMention) -> bool:
    if (old.trigger.start, old.trigger.end) == (new.trigger.start, new.trigger.end):
        return True
    if FAMILY.get(old.event_type, old.event_type) != FAMILY.get(new.event_type, new.event_type):
        return False
    if old.negated != new.negated or old.modality != new.modality:
        return False
    if old.date and new.date and (old.date.to < new.date.from_ or new.date.to < old.date.from_):
        return False
    if old.event_type == new.event_type and old.mode and new.mode and old.mode != new.mode:
        return False
    return _one(old.source, new.source) and _one(old.target, new.target)


def _one(old: Party | None, new: Party | None) -> bool:
    if old is None or new is None:
        return old is new
    return _who(old.actor, old.text) == _who(new.actor, new.text)


def _who(actor: Actor | None, text: str) -> str:
    """Name an actor as coarsely as an act of state has one: the country's government is the country."""
    if actor is None:
        return text.casefold()
    if actor.country and (not actor.sectors or actor.sectors[0] in {"GOV", "MIL"}):
        return actor.country
    return actor.id or f"{actor.country}/{'/'.join(actor.sectors)}"
