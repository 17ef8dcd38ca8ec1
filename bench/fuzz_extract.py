"""Read 20,000 spoiled pages: a record or an error each, with the time of the slowest and the memory at the end.

python -m bench.fuzz_extract [count] [seed] [folder of .html files]
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
from dateline.extract.bounds import PAGE_SECONDS, release_caches, time_limit
from dateline.extract.read import read_page

ROOT = Path(__file__).parent.parent


def main(count: int = 20_000, seed: int = 1, folder: str = str(ROOT / "tests" / "pages")) -> int:
    rng = random.Random(seed)
    pages = [path.read_bytes() for path in sorted(Path(folder).glob("*.html"))]
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for number in range(count):
        body = mutate(rng.choice(pages), rng)
        began = time.perf_counter()
        try:
            with time_limit(PAGE_SECONDS):
                read_page(decode_html(body), url="https://example.org/a")
            outcomes["read"] += 1
        except ExtractError as error:
            outcomes[error.code] += 1
        slowest = max(slowest, time.perf_counter() - began)
        if number % 200 == 199:
            release_caches()
        if number % 2000 == 1999:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"{number + 1:>6} pages  slowest {slowest:.2f} s  peak {peak} MB  {dict(outcomes)}", flush=True)
    print(f"{count} pages, none crashed: {dict(outcomes)}; slowest {slowest:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(*(int(value) if value.isdigit() else value for value in sys.argv[1:])))
