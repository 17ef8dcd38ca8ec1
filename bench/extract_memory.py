"""Read 10,000 pages in one process and print its memory as it goes: it has to stay flat.

python -m bench.extract_memory [count] [folder of .html files, or pages of a pack as .jsonl.gz]; without one, the demo newsroom's
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
from itertools import cycle, islice
from pathlib import Path

from dateline.extract.lines import open_extract

BATCH = 100
TELL = 1_000


def main(count: int = 10_000, where: str | None = None) -> int:
    """Read `count` pages; return 1 if the last tenth needed 5 % more than the first two tenths."""
    pages = _pages(where)
    work = open_extract()
    sizes: list[int] = []
    stream = cycle(pages)
    for number in range(0, count, BATCH):
        work([{"id": at, "html": page} for at, page in enumerate(islice(stream, BATCH))])
        if number % TELL == TELL - BATCH:
            sizes.append(_resident())
            print(f"{number + BATCH:>6} pages  {sizes[-1]} MB now  {_peak()} MB at most", flush=True)
    warm = sizes[1] if len(sizes) > 1 else sizes[0]
    growth = sizes[-1] / warm - 1
    print(f"growth from {2 * TELL} pages to {count}: {growth:.1%}")
    return int(growth > 0.05)


def _pages(where: str | None) -> list[str]:
    if where is None:
        from bench.pages import make_pages

        return [page for _, page in make_pages(500)]
    if where.endswith(".gz"):
        with gzip.open(where, "rt", encoding="utf-8") as lines:
            return [json.loads(line)["html"] for line in lines]
    return [path.read_text("utf-8", "replace") for path in sorted(Path(where).glob("*.html"))]


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 20


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, sys.argv[2] if len(sys.argv) > 2 else None))
