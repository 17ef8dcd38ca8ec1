"""Spoiled pages: a record or a clear error each, in bounded time; and processes that can be lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dateline.encoding import decode_html
from dateline.errors import ExtractError
from dateline.extract import bounds, extract_pages, read_page
from dateline.extract.bounds import time_limit
from dateline.extract.pool import Worker
from dateline.types import Article, RawPage, Ticket
from tests.page_mutations import MUTATIONS, mutate

PAGE = (Path(__file__).parent / "pages" / "reference_traits.html").read_bytes()
EACH = 8  # the script bench/fuzz_extract.py runs 20,000
NOW = datetime(2024, 5, 1, tzinfo=UTC)


def raw(body: bytes) -> RawPage:
    url = "https://example.org/a"
    return RawPage(url=url, final_url=url, status=200, headers=(), body=body, fetched_at=NOW, elapsed=0.1)


def tickets(bodies: list[bytes]) -> Iterator[tuple[Ticket, RawPage]]:
    for number, body in enumerate(bodies):
        yield Ticket(id=number, url="x", state="fetched"), raw(body)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_spoiled_page_is_read_or_refused(mutation) -> None:
    rng = random.Random(7)
    for _ in range(EACH):
        _reads_or_refuses(mutation(PAGE, rng))


def test_a_page_spoiled_in_several_ways_is_read_or_refused() -> None:
    rng = random.Random(11)
    for _ in range(EACH * 3):
        _reads_or_refuses(mutate(PAGE, rng))


def _reads_or_refuses(body: bytes) -> None:
    began = time.monotonic()
    try:
        article = read_page(decode_html(body), url="https://example.org/a")
    except ExtractError as error:
        assert error.code  # noqa: PT017 (either outcome is right)
    else:
        assert article.text
        assert "\x00" not in article.text
        article.text.encode("utf-8")
    assert time.monotonic() - began < 10


def test_pages_come_back_in_order_and_errors_are_values() -> None:
    found = list(extract_pages(tickets([PAGE, b"", PAGE, b"<p>", PAGE]), workers=2))
    assert [ticket.id for ticket, _ in found] == [0, 1, 2, 3, 4]
    assert [isinstance(answer, Article) for _, answer in found] == [True, False, True, False, True]


def test_a_worker_that_dies_is_replaced() -> None:
    worker = Worker()
    try:
        assert isinstance(worker.read(raw(PAGE)), Article)
        assert worker._process is not None
        os.kill(worker._process.pid, signal.SIGSTOP)  # it neither answers nor dies
        worker._clock_seconds = 0.5
        answer = worker.read(raw(PAGE))
        assert isinstance(answer, ExtractError)
        assert answer.code == "timeout"
        worker._clock_seconds = 10
        assert isinstance(worker.read(raw(PAGE)), Article)
        os.kill(worker._process.pid, signal.SIGKILL)
        answer = worker.read(raw(PAGE))
        assert isinstance(answer, ExtractError)
        assert answer.code == "crashed"
        assert isinstance(worker.read(raw(PAGE)), Article)
    finally:
        worker.close()


def test_a_page_that_takes_too_long_is_stopped() -> None:
    def forever() -> None:
        with time_limit(0.05):
            while True:
                pass

    with pytest.raises(ExtractError, match=r"0\.05 s of CPU time") as error:
        forever()
    assert error.value.code == "timeout"


def test_a_page_that_waits_on_a_busy_machine_is_not_stopped_for_it() -> None:
    with time_limit(0.05):
        time.sleep(0.2)
    with pytest.raises(ExtractError, match=r"longer than 0\.1 s$"), time_limit(0.05, clock=0.1):
        time.sleep(5)


def test_a_library_that_swallows_the_signal_is_stopped_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "AGAIN", 0.05)

    def swallow() -> None:
        try:
            while True:
                pass
        except Exception:  # noqa: BLE001 (as libraries do)
            while True:
                pass

    with pytest.raises(ExtractError), time_limit(0.05):
        swallow()


def test_a_loop_that_no_signal_reaches_is_ended_by_the_kernel() -> None:
    loop = "from dateline.extract.bounds import cpu_limit; cpu_limit(0.1, grace=0); sum(range(10**12))"
    ended = subprocess.run([sys.executable, "-c", loop], check=False, timeout=60)
    assert ended.returncode == -signal.SIGXCPU


def test_a_page_that_takes_too_much_cpu_time_ends_and_its_process_lives() -> None:
    long = b"<p>A paragraph of the page that never ends, and of which there is always one more.</p>" * 20_000
    worker = Worker(page_seconds=0.3)
    try:
        answer = worker.read(raw(b"<html><body><h1>Long</h1>" + long))
        assert isinstance(answer, ExtractError)
        assert (answer.code, answer.message) == ("timeout", "page took longer than 0.3 s of CPU time")
        process = worker._process
        assert process is not None
        assert process.poll() is None
        os.kill(process.pid, signal.SIGXCPU)  # as the kernel does where no signal of ours is heard
        answer = worker.read(raw(PAGE))
        assert isinstance(answer, ExtractError)
        assert answer.code == "timeout"
        worker._page_seconds = bounds.PAGE_SECONDS  # a new process's first page includes its imports
        assert isinstance(worker.read(raw(PAGE)), Article)
    finally:
        worker.close()
