"""Sentences as newspapers write them: of each type, at least the share is read that its table's floors say."""

from __future__ import annotations

import pytest

from dateline.errors import RulesError
from tests.events_nlp import event_nlp  # noqa: F401 (a fixture)
from tests.news_sentences import COLUMNS, floors, measure, own_type, read_table, tables

GOOD = "Kenya urged Chad to send grain.\tREQUEST\tassist\tasserted\turged\tKenya\tChad"


@pytest.mark.parametrize("path", tables(), ids=lambda path: path.stem)
def test_the_share_read_is_not_below_the_floor(event_nlp, path):  # noqa: F811
    shares = measure(read_table(path), own_type(path), event_nlp)
    reached = {name: (round(shares.of(name), 3), floor) for name, floor in floors(path).items()}
    assert all(share >= floor for share, floor in reached.values()), reached


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (GOOD.replace("REQUEST", "WISH"), "no type WISH"),
        (GOOD.replace("assist", "visit"), "has no mode visit"),
        (GOOD.replace("asserted", "certain"), "no modality"),
        (GOOD.replace("asserted", "asserted never"), "no modality"),
        (GOOD.replace("\turged", "\t-"), "needs its trigger"),
        (GOOD.replace("\turged", "\tbegged"), "has no 'begged'"),
        (GOOD.replace("\tChad", "\tMali"), "has no 'Mali'"),
        (f"{GOOD}\n{GOOD}", "stands twice"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, row, message):
    table = tmp_path / "REQUEST.tsv"
    table.write_text("\t".join(COLUMNS) + f"\n{row}\n", encoding="utf-8")
    with pytest.raises(RulesError, match=message):
        read_table(table)


def test_what_is_counted(event_nlp, tmp_path):  # noqa: F811
    table = tmp_path / "REQUEST.tsv"
    lines = (
        "# floors: read=0.5 sides=.25",
        "\t".join(COLUMNS),
        GOOD,
        "Kenya asked Chad for grain.\tREQUEST\t-\tasserted\tasked\tChad\tKenya",
        "Kenya met Chad.\tREQUEST\t-\tasserted\tmet\tKenya\tChad",
        "Kenya met Chad.\t-\t-\t-\t-\t-\t-",
        "The soup was warm.\t-\t-\t-\t-\t-\t-",
        "Kenya met Chad.\tCONSULT\t-\tasserted\tmet\tKenya\tChad",
    )
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shares = measure(read_table(table), "REQUEST", event_nlp)
    assert (shares.wanted, shares.read, shares.sides, shares.none, shares.clean) == (3, 2, 1, 2, 1)
    assert shares.others == {("CONSULT", True): 1}
    assert floors(table) == {"read": 0.5, "sides": 0.25}
