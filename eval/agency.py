"""Score the coder on agency prose, most of which nobody who writes its rules has read.

    python eval/agency.py            the figures: events found, and share of those coded that a reader would code
    python eval/agency.py --list     also what was missed and what no reader would code, in the open third
    python eval/agency.py --check    only see that every file is sound

The articles were written and coded, from the codebooks alone, by people who had seen neither the demo newsroom's events nor the
coder's rules. Those in `open/` may be looked at by those who write frames and rules; those in `closed/` may not. docs/quality.md
says how they were made. A file has three parts between lines of three hyphens: `title:` and `published:`; the paragraphs; one
event a line, tab separated:

    trigger   words of the text, ` #2` behind them for their second place in it
    types     PLOVER types that a careful coder may give, `/` between them; `AGREE:asserted` brings its own modality
    modality  modalities that the others may have, `/` between them
    negated   y, n
    source    countries that are right (ISO 3166 alpha-3, IGO), `/` between them; `-` for none
    target    the same
    must      y: it has to be found; n: it may be
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from dateline.annotate.coding import annotate_texts
from dateline.annotate.nlp import load_nlp
from dateline.annotate.records import to_json
from dateline.errors import AnnotateError, RulesError
from dateline.stack.newsroom.agreement import Agreement, compare
from dateline.types import EventType, Modality, TextInput

ARTICLES = Path(__file__).resolve().parent / "agency_articles"
PARTS = ("open", "closed")
PLACE = re.compile(r" #(\d)$")
CELLS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article and the events that its readers code, as `agreement.compare` takes them."""

    input: TextInput
    events: list[dict[str, Any]]


def load_articles(folder: Path) -> list[Article]:
    """Read all articles of a folder in the order of their names. Raises RulesError with file and line of what is wrong."""
    return [read_article(path) for path in sorted(folder.glob("*.txt"))]


def read_article(path: Path) -> Article:
    """Read one file. Raises RulesError with the line of what is wrong."""
    parts = path.read_text(encoding="utf-8").split("\n---\n")
    if len(parts) != 3:  # noqa: PLR2004 - head, text, events
        raise RulesError("three parts are wanted, between lines of three hyphens", table=path.name, line=1)
    head = dict(line.split(": ", 1) for line in parts[0].splitlines())
    text = "\n".join(paragraph for paragraph in parts[1].splitlines() if paragraph)
    first = parts[0].count("\n") + parts[1].count("\n") + 5
    events = [
        _event(line, text, table=path.name, line=number)
        for number, line in enumerate(parts[2].splitlines(), first)
        if line
    ]
    published = datetime.fromisoformat(head["published"])
    return Article(input=TextInput(id=path.stem, text=text, title=head["title"], published=published), events=events)


def _event(words: str, text: str, *, table: str, line: int) -> dict[str, Any]:
    cells = words.split("\t")
    if len(cells) != CELLS:
        raise RulesError(f"{CELLS} cells are wanted, there are {len(cells)}", table=table, line=line)
    trigger, types, modalities, negated, source, target, must = cells
    readings = [(kind.partition(":")[0], kind.partition(":")[2]) for kind in types.split("/")]
    for name, given, known in (
        ("event type", [kind for kind, _ in readings], get_args(EventType)),
        ("modality", [*modalities.split("/"), *(own for _, own in readings if own)], get_args(Modality)),
        ("answer", [negated, must], ("y", "n")),
    ):
        if unknown := set(given) - set(known):
            raise RulesError(f"no {name} {', '.join(sorted(unknown))!r}", table=table, line=line)
    start, end = _place(trigger, text, table=table, line=line)
    return {
        "name": trigger,
        "must": must == "y",
        "negated": negated == "y",
        "accept": [{"event_type": kind, "modality": [own] if own else modalities.split("/")} for kind, own in readings],
        "trigger_within": {"start": start, "end": end},
        "source": [{"country": country} for country in _countries(source)],
        "target": [{"country": country} for country in _countries(target)] if target != "-" else [],
    }


def _place(trigger: str, text: str, *, table: str, line: int) -> tuple[int, int]:
    which = PLACE.search(trigger)
    words = trigger[: which.start()] if which else trigger
    places = list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text))
    number = int(which[1]) if which else 1
    if len(places) < number:
        raise RulesError(f"{trigger!r} is not in the text", table=table, line=line)
    if len(places) > 1 and not which:
        raise RulesError(f"{trigger!r} stands {len(places)} times: say which with ` #n`", table=table, line=line)
    return places[number - 1].span()


def _countries(cell: str) -> Iterator[str | None]:
    yield from (None if country == "-" else country for country in cell.split("/"))


def agreement(articles: list[Article]) -> Agreement:
    """Code the articles and compare."""
    expected = {article.input.id: article.events for article in articles}
    coded: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]]]] = []
    for item, answer in annotate_texts(load_nlp(), [article.input for article in articles]):
        assert not isinstance(answer, AnnotateError), f"{item.id}: {answer}"
        coded.append((item.id, to_json(answer.events), expected[item.id]))
    return compare(coded)


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="list what was missed and what is extra in the open third")
    parser.add_argument("--check", action="store_true", help="only see that every file is sound")
    call = parser.parse_args()
    figures: dict[str, Any] = {}
    for part in PARTS:
        articles = load_articles(ARTICLES / part)
        figures[f"{part}_articles"] = len(articles)
        figures[f"{part}_must"] = sum(event["must"] for article in articles for event in article.events)
        if call.check:
            continue
        found = agreement(articles)
        figures |= {f"{part}_precision": found.precision, f"{part}_recall": found.recall}
        if call.list and part == "open":
            for line in (*(f"missed  {name}" for name in found.missed), *(f"extra   {name}" for name in found.extra)):
                sys.stdout.write(line + "\n")
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
