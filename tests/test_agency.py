"""The agency prose that the coder is scored on: every file is sound, and what is wrong in one is named with its line."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dateline.errors import RulesError

SCRIPT = Path(__file__).resolve().parent.parent / "eval" / "agency.py"
HEAD = "title: A title\npublished: 2014-09-03T14:20:00+00:00\n---\nSoldiers fired.\n\nSoldiers fired again.\n---\n"


@pytest.fixture(scope="module")
def agency() -> ModuleType:
    spec = importlib.util.spec_from_file_location("agency", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["agency"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("part", ["open", "closed"])
def test_every_file_is_sound(agency: ModuleType, part: str) -> None:
    articles = agency.load_articles(agency.ARTICLES / part)
    assert len(articles) >= 15
    assert all(article.events for article in articles)


def test_a_reading_may_bring_its_own_modality(agency: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(HEAD + "fired #2\tAGREE:asserted/CONSULT\tplanned\tn\tPER/-\t-\ty\n", encoding="utf-8")
    (event,) = agency.read_article(file).events
    assert event["accept"] == [
        {"event_type": "AGREE", "modality": ["asserted"]},
        {"event_type": "CONSULT", "modality": ["planned"]},
    ]
    assert event["trigger_within"] == {"start": 25, "end": 30}
    assert (event["source"], event["target"]) == ([{"country": "PER"}, {"country": None}], [])


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("fired\tASSAULT\tasserted\tn\tPER\t-\ty", "stands 2 times"),
        ("shot\tASSAULT\tasserted\tn\tPER\t-\ty", "not in the text"),
        ("again\tATTACK\tasserted\tn\tPER\t-\ty", "no event type"),
        ("again\tASSAULT\tsaid\tn\tPER\t-\ty", "no modality"),
        ("again\tASSAULT\tasserted\tn\tPER\t-", "7 cells"),
    ],
)
def test_what_is_wrong_is_named(agency: ModuleType, tmp_path: Path, line: str, wrong: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(HEAD + line + "\n", encoding="utf-8")
    with pytest.raises(RulesError, match=rf"a\.txt:8: .*{wrong}"):
        agency.read_article(file)
