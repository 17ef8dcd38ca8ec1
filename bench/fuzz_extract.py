"""Read 20,000 spoiled pages: a record or an error each, with the time of the slowest and the memory at the end.

python -m bench.fuzz_extract [count] [seed] [folder of .html files] [first]

Every page has a seed of its own, so that page 4711 of seed 1 is the same page in every run: `count` 1, `first` 4711 reads it
alone, and a long run may be done in slices.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from tests.page_mutations import mutate

from dateline.encoding import decode_html
from dateline.errors import ExtractError
from dateline.extract.bounds import release_caches, time_limit
from dateline.extract.read import read_page

ROOT = Path(__file__).parent.parent


SLOW = 2.0  # CPU seconds from which a page is named
TELL = 1_000


def main(count: int = 20_000, seed: int = 1, folder: str = str(ROOT / "tests" / "pages"), first: int = 0) -> int:
    pages = [path.read_bytes() for path in sorted(Path(folder).glob("*.html"))]
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for number in range(first, first + count):
        rng = random.Random(f"{seed}:{number}")
        body = mutate(rng.choice(pages), rng)
        began = time.process_time()
        try:
            with time_limit():
                read_page(decode_html(body), url="https://example.org/a")
            outcome = "read"
        except ExtractError as error:
            outcome = error.code
        outcomes[outcome] += 1
        took = time.process_time() - began
        if took > SLOW or outcome == "timeout":
            print(f"page {number}: {took:.1f} s, {len(body):,} bytes, {outcome}", flush=True)
        slowest = max(slowest, took)
        if number % 200 == 199:
            release_caches()
        if number % TELL == TELL - 1:
            print(f"{number + 1:>6} pages  slowest {slowest:.2f} s  {_memory()}  {dict(outcomes)}", flush=True)
    print(f"{count} pages, none crashed: {dict(outcomes)}; slowest {slowest:.2f} CPU s; {_memory()}")
    return 0


def _memory() -> str:
    now = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() >> 20
    return f"{now} MB now, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB at most"


if __name__ == "__main__":
    sys.exit(main(*(int(value) if value.isdigit() else value for value in sys.argv[1:])))
