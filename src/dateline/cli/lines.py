"""Run a filter: one JSON object a line in, one a line out, in the same order (FILTERS.md)."""

from __future__ import annotations

import json
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Any, TextIO

from dateline.errors import DatelineError

Line = dict[str, Any]
BatchFunction = Callable[
    [list[Line]], list[Line]
]  # answers one line for each, in order; never raises for a line's own fault
Opener = Callable[[], BatchFunction]  # loads models and tables, once a process

LINE_ENDS = {at: f"\\u{at:04x}" for at in (0x85, 0x2028, 0x2029)}  # JSON lets them stand, line readers break at them
BATCH = 16  # lines: small batches are the fastest for spaCy, and keep memory flat
AHEAD = 2  # batches a worker may wait for, so that reading never runs far ahead of writing

_work: BatchFunction | None = None  # set once in each worker process


def error_line(error: DatelineError, *, id: object = None, **extra: object) -> Line:
    """Shape an error as FILTERS.md wants it."""
    return {"id": id, **extra, "error": {"code": error.code, "message": error.message}}


def run_filter(opener: Opener, source: Iterable[str], sink: TextIO, *, workers: int = 1, batch: int = BATCH) -> int:
    """Send every line of `source` through the filter into `sink`. Return 0 if all succeeded, 1 if some line is an error."""
    return write(answers(opener, source, workers=workers, batch=batch), sink, flush=source_is_interactive(source))


def write(lines: Iterable[Line], sink: TextIO, *, flush: bool = False) -> int:
    """Write answers, one a line; `flush` after each where a person waits. Return the exit status as `run_filter` does."""
    failed = False
    for line in lines:
        failed = failed or "error" in line
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        sink.write(text.translate(LINE_ENDS) + "\n")
        if flush:
            sink.flush()
    sink.flush()
    return int(failed)


def source_is_interactive(source: object) -> bool:
    """Say whether a person is typing the lines."""
    return bool(getattr(source, "isatty", bool)())


def answers(opener: Opener, source: Iterable[str], *, workers: int = 1, batch: int = BATCH) -> Iterator[Line]:
    """Yield one answer for each line, in order, using `workers` processes."""
    batches = _batched(enumerate(source, start=1), 1 if source_is_interactive(source) else batch)
    if workers <= 1:
        work = opener()
        for chunk in batches:
            yield from _answer(work, chunk)
        return
    # fork would copy locks that model libraries hold; spawn starts clean
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start, initargs=(opener,)) as pool:
        waiting: deque[Future[list[Line]]] = deque()
        for chunk in batches:
            waiting.append(pool.submit(_answer_here, chunk))
            if len(waiting) >= workers * AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _start(opener: Opener) -> None:
    global _work  # noqa: PLW0603 (a pool's initializer has no other place to leave what it opened)
    _work = opener()


def _answer_here(chunk: list[tuple[int, str]]) -> list[Line]:
    assert _work is not None
    return _answer(_work, chunk)


def _answer(work: BatchFunction, chunk: list[tuple[int, str]]) -> list[Line]:
    """Answer a batch: lines that are not JSON objects get error lines of their own, the rest go to `work` together."""
    read = [_read(number, raw) for number, raw in chunk]
    good = [line for line, fault in read if fault is None]
    done = iter(work(good) if good else [])
    return [fault if fault is not None else next(done) for _, fault in read]


def _read(number: int, raw: str) -> tuple[Line, Line | None]:
    try:
        line = json.loads(raw)
    except (ValueError, RecursionError) as error:
        fault = DatelineError(f"line {number} is not JSON: {error}", code="bad_json")
        return {}, error_line(fault, line=number)
    if not isinstance(line, dict):
        fault = DatelineError(f"line {number} is not a JSON object", code="bad_json")
        return {}, error_line(fault, line=number)
    return line, None


def _batched(items: Iterable[tuple[int, str]], size: int) -> Iterator[list[tuple[int, str]]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
