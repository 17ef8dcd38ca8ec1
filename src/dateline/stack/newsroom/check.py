"""Verify the newsroom's own files: offsets, codes, countries, dates, and that every trait asked for is there."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, get_args

import pycountry

from dateline.errors import RulesError
from dateline.stack.newsroom.content import HERE, load_outlets, load_pieces, load_specials
from dateline.stack.newsroom.expected import EXPECTED, derive, locate, read_expected
from dateline.stack.newsroom.markup import LINK
from dateline.stack.newsroom.records import Event, Piece, Special
from dateline.types import EventType, Modality

HISTORY_DAYS = 180  # as the codebook has it
FEWEST_PIECES = 66
FEWEST_SYNDICATIONS = 4
FEWEST_STORIES = 6
FEWEST_CURRENT = 8
MORE_COUNTRIES = {
    "IGO",
    "XKX",
    "PSE",
    "TWN",
    "SUN",
    "YUG",
    "SCG",
}  # beside ISO 3166-1: FILTERS.md's, and states that were
SECTORS = frozenset(
    {"GOV", "MIL", "COP", "JUD", "LEG", "PTY", "OPP", "REB", "UAF", "SPY", "CVL", "LAB"}
    | {"BUS", "AGR", "EDU", "JRN", "MED", "NGO", "REL", "REF", "ELI", "CRM", "PRM", "SOC"}
)
WANTED_TRAITS = frozenset({
    "agency_credit", "caption_as_alt", "article_body_only", "comments", "glued", "gzip", "jsonld_broken", "jsonld_none",
    "jsonld_outlet_author", "jsonld_wrong_date", "latin1_declared", "nbsp_links", "og_none", "og_title_site", "paginated",
    "reference_layout", "slow", "standfirst_under_caption", "utf8_declared", "video",
})  # fmt: skip
WANTED_SPECIALS = {"redirect", "variant", "missing", "gone", "front"}
WANTED_OUTCOMES = {"coded", "duplicate", "robots", "not_article", "gone", "not_found"}


def check() -> list[str]:
    """List everything that is wrong; nothing is: an empty list."""
    pieces = load_pieces()
    return [*_whole(pieces), *(wrong for piece in pieces for wrong in _piece(piece))]


def _whole(pieces: tuple[Piece, ...]) -> Iterator[str]:
    addresses: list[Piece | Special] = [*pieces, *load_specials()]
    counts = {
        "articles": (len(pieces), FEWEST_PIECES),
        "current articles": (sum(piece.current for piece in pieces), FEWEST_CURRENT),
        "syndications": (_groups(piece.syndication for piece in pieces), FEWEST_SYNDICATIONS),
        "stories": (_groups(piece.story for piece in pieces), FEWEST_STORIES),
    }
    for what, (found, least) in counts.items():
        if found < least:
            yield f"{found} {what}, {least} wanted"
    for name, wanted, seen in (
        ("trait", WANTED_TRAITS, {trait for piece in pieces for trait in piece.traits}),
        ("special", WANTED_SPECIALS, {special.kind for special in load_specials()}),
        ("outcome", WANTED_OUTCOMES, {thing.outcome for thing in addresses}),
        ("outlet", set(load_outlets()), {piece.outlet for piece in pieces}),
        ("kind", {"news", "opinion", "liveblog"}, {piece.kind for piece in pieces}),
        ("language", {"en", "fr"}, {piece.language for piece in pieces}),
    ):
        yield from (f"no page has the {name} {missing!r}" for missing in sorted(set(wanted) - set(seen)))
        if name in {"trait", "outcome"}:
            yield from (f"unknown {name} {extra!r}" for extra in sorted(set(seen) - set(wanted)))
    if not any(piece.correction for piece in pieces):
        yield "no corrected article"
    paths = Counter((thing.outlet, thing.path) for thing in addresses)
    yield from (f"{outlet}{path} is there twice" for (outlet, path), times in paths.items() if times > 1)
    known = {piece.id for piece in pieces}
    for piece in pieces:
        links = [link[2][1:] for raw in piece.body for link in LINK.finditer(raw) if link[2].startswith("@")]
        yield from (f"{piece.id} leads to {link}, which is not there" for link in {*links, *piece.related} - known)
    stray = (str(path.relative_to(EXPECTED))[: -len(".json")] for path in EXPECTED.glob("*/*.json"))
    yield from (f"expected/{name}.json has no article" for name in stray if name not in known)


def _groups(labels: Iterator[str | None]) -> int:
    return sum(count > 1 for label, count in Counter(labels).items() if label)


def _piece(piece: Piece) -> Iterator[str]:
    try:
        found, derived = read_expected(piece), derive(piece)
    except RulesError as error:
        yield str(error)
        return
    for key, value in derived.items():
        if found.get(key) != value:
            yield f"{piece.id}: `{key}` differs from the article: run `fill`"
    for number, event in enumerate(found["events"], 1):
        for wrong in _event(event, derived["text"], piece):
            yield f"{piece.id}, event {number}: {wrong}"
    triggers = Counter(event["trigger_within"]["text"] for event in found["events"])
    places = [(event["trigger_within"].get("start"), event["trigger_within"].get("end")) for event in found["events"]]
    if len(set(places)) < len(places):
        yield f"{piece.id}: one trigger twice: {triggers.most_common(1)}"


def _event(event: Event, text: str, piece: Piece) -> Iterator[str]:
    try:
        if locate(event["trigger_within"], text, piece.id) != event["trigger_within"]:
            yield "offsets do not fit: run `fill`"
    except RulesError as error:
        yield str(error)
    if not event["accept"]:
        yield "no reading is accepted"
    for reading in event["accept"]:
        yield from _reading(reading)
    for role in ("source", "target"):
        for party in event[role]:
            yield from _party(party, role)
    if event["place"]:
        yield from _party({"country": event["place"]["country"], "sectors": []}, "place")
    if event["date"]:
        first, last = (date.fromisoformat(event["date"][end]) for end in ("from", "to"))
        if first > last:
            yield "its date ends before it begins"
        old = (piece.published.date() - last).days > HISTORY_DAYS
        if old and any("asserted" in reading["modality"] for reading in event["accept"]):
            yield f"what was more than {HISTORY_DAYS} days before publication is historical, not asserted"
        if event["date"].get("shifts") and not piece.current:
            yield "its date shifts, but the article does not"


def _reading(reading: dict[str, Any]) -> Iterator[str]:
    if reading["event_type"] not in get_args(EventType):
        yield f"no event type {reading['event_type']!r}"
    mode = reading.get("mode")
    if mode and mode not in _modes().get(reading["event_type"], frozenset()):
        yield f"{reading['event_type']} has no mode {mode!r}"
    yield from (f"no modality {unknown!r}" for unknown in set(reading["modality"]) - set(get_args(Modality)))


def _party(party: dict[str, Any], role: str) -> Iterator[str]:
    country = party["country"]
    if country and country not in MORE_COUNTRIES and pycountry.countries.get(alpha_3=country) is None:
        yield f"no country {country!r} ({role})"
    yield from (f"no sector {unknown!r} ({role})" for unknown in set(party["sectors"]) - SECTORS)


@lru_cache(maxsize=1)
def _modes() -> dict[str, frozenset[str]]:
    with (HERE / "modes.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    return {kind: frozenset(row["mode"] for row in rows if row["event_type"] == kind) for kind in get_args(EventType)}
