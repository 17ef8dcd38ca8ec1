"""The sentences that teach the second reader: every line is whole."""

from __future__ import annotations

import pytest

from dateline.annotate.events.frames import TYPES
from dateline.annotate.events.tables import read_rows
from dateline.errors import RulesError
from tests.teaching import COLUMNS, check, taught


def test_every_line_is_whole_and_every_type_is_taught():
    lines = [row for rows in taught().values() for row in rows]
    assert {row["type"] for row in lines} == {"", *TYPES}


@pytest.mark.parametrize(
    "cells",
    [
        "Chad hit Mali.\tHIT\tasserted\thit\tChad\tMali",
        "Chad hit Mali.\tASSAULT\tsurely\thit\tChad\tMali",
        "Chad hit Mali.\tASSAULT\tasserted\tstruck\tChad\tMali",
        "Chad hit Mali.\tASSAULT\tasserted\thit\tChad + Niger\tMali",
        "Chad hit Mali.\t-\t-\thit\t-\t-",
    ],
)
def test_a_wrong_line_is_named(cells):
    (row,) = read_rows("\t".join(COLUMNS) + "\n" + cells + "\n", "a.tsv", COLUMNS)
    with pytest.raises(RulesError):
        check(row)
