"""A filter answers every line, in order, whatever the line holds."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from dateline.cli.lines import answers, run_filter


def open_upper():
    def work(lines):
        return [
            {"id": line.get("id"), "error": {"code": "bad_line", "message": "no text"}}
            if "text" not in line
            else {"id": line["id"], "text": line["text"].upper()}
            for line in lines
        ]

    return work


@pytest.mark.parametrize("workers", [1, 2])
def test_order_is_kept_over_batches_and_processes(workers):
    lines = [json.dumps({"id": n, "text": f"t{n}"}) for n in range(100)]
    assert [line["id"] for line in answers(open_upper, lines, workers=workers, batch=7)] == list(range(100))


def test_bad_lines_are_answered_and_the_rest_go_on():
    source = ['{"id": "a", "text": "x"}\n', "not json\n", "[1]\n", "\n", '{"id": "b"}\n', '{"id": "c", "text": "y"}\n']
    sink = io.StringIO()
    status = run_filter(open_upper, source, sink)
    out = [json.loads(line) for line in sink.getvalue().splitlines()]
    assert status == 1
    assert [line.get("text") or line["error"]["code"] for line in out] == [
        "X", "bad_json", "bad_json", "bad_json", "bad_line", "Y",
    ]  # fmt: skip
    assert out[1] == {"id": None, "line": 2, "error": out[1]["error"]}


def test_status_is_zero_when_all_went_well_and_for_nothing():
    assert run_filter(open_upper, ['{"id": 1, "text": "x"}'], io.StringIO()) == 0
    assert run_filter(open_upper, [], io.StringIO()) == 0


def test_deep_nesting_and_huge_numbers_are_bad_json_not_a_crash():
    source = ["[" * 100_000, '{"id": 1, "text": "x", "n": ' + "9" * 5000 + "}"]
    sink = io.StringIO()
    run_filter(open_upper, source, sink)
    assert [("error" in json.loads(line)) for line in sink.getvalue().splitlines()] == [True, True]


def test_input_streams_rather_than_being_read_ahead():
    read = []

    def source():
        for number in range(1000):
            read.append(number)
            yield json.dumps({"id": number, "text": "x"})

    stream = answers(open_upper, source(), batch=10)
    next(stream)
    assert len(read) <= 20


def run_cli(*args, text=""):
    return subprocess.run(
        [sys.executable, "-c", "from dateline.cli import main; main()", *args],
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_an_unknown_option_is_one_clear_line_and_status_2():
    run = run_cli("annotate", "--nonsense")
    assert run.returncode == 2
    assert "--nonsense" in run.stderr
    assert "Traceback" not in run.stderr


def test_help_starts_fast_and_names_the_filters():
    run = run_cli("--help")
    assert run.returncode == 0
    for name in ("extract", "annotate", "relate", "resolve-actors", "cluster"):
        assert name in run.stdout


def test_a_reader_that_leaves_early_is_no_error():
    lines = "".join(json.dumps({"id": n, "phrase": "x"}) + "\n" for n in range(20000))
    run = subprocess.run(
        f"{sys.executable} -c 'from dateline.cli import main; main()' resolve-actors | head -1",
        shell=True, input=lines, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in run.stderr
