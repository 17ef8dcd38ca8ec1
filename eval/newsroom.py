"""Score the coder on the demo newsroom: its events against those that a careful reader codes.

    python eval/newsroom.py            the figures
    python eval/newsroom.py --list     also what was missed and what no reader would code, in the development half

The expected events were written before the coder, from the text alone (see docs/newsroom.md). The coder reads the expected
text, so that extraction does not count here. The articles are in two halves: the development half may be looked at by those
who write rules; the held-out half may not, and says whether the rules hold elsewhere.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from dateline.annotate.coding import annotate_texts
from dateline.annotate.nlp import load_nlp
from dateline.annotate.records import to_json
from dateline.errors import AnnotateError
from dateline.stack.newsroom import load_expected
from dateline.stack.newsroom.agreement import Agreement, compare, in_development
from dateline.stack.newsroom.content import load_outlets
from dateline.types import TextInput


def agreement() -> dict[str, Agreement]:
    """Code every article of the newsroom and compare: all, and each half alone."""
    ports = dict.fromkeys(load_outlets(), 1)
    pages = [page for page in load_expected(ports, shift_weeks=0) if page.text and page.outcome == "coded"]
    texts = [
        TextInput(
            id=page.id, text=page.text or "", title=page.title, published=page.published_at, language=page.language
        )
        for page in pages
    ]
    coded: dict[str, list[dict[str, Any]]] = {}
    for item, answer in annotate_texts(load_nlp(), texts):
        assert not isinstance(answer, AnnotateError), f"{item.id}: {answer}"
        coded[item.id] = to_json(answer.events)
    halves = {
        "all": pages,
        "development": [page for page in pages if in_development(page.id)],
        "held_out": [page for page in pages if not in_development(page.id)],
    }
    return {name: compare((page.id, coded[page.id], page.events) for page in half) for name, half in halves.items()}


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="list what was missed and what is extra")
    call = parser.parse_args()
    halves = agreement()
    if call.list:
        found = halves["development"]
        for line in (*(f"missed  {name}" for name in found.missed), *(f"extra   {name}" for name in found.extra)):
            sys.stdout.write(line + "\n")
    found = halves["all"]
    figures = {
        "precision": found.precision,
        "recall": found.recall,
        "must": found.must,
        "asserted": found.asserted,
        "planned_as_consult": found.planned_as_consult,
        "held_out_precision": halves["held_out"].precision,
        "held_out_recall": halves["held_out"].recall,
        "development_recall": halves["development"].recall,
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
