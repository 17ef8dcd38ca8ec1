"""Bound what Airflow logs: it writes a file for each task try and never removes one."""

from __future__ import annotations

import time
from pathlib import Path

KEEP_DAYS = 14
KEEP_BYTES = 500_000_000
DAY = 86_400


def prune_logs(folder: Path, *, days: int = KEEP_DAYS, limit: int = KEEP_BYTES, now: float | None = None) -> int:
    """Remove files older than `days`, then the oldest until the rest is within `limit` bytes. Return how many went."""
    oldest = (time.time() if now is None else now) - days * DAY
    files = []
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                files.append((path.stat().st_mtime, path.stat().st_size, path))
        except OSError:
            continue
    total = sum(size for _, size, _ in files)
    removed = 0
    for modified, size, path in sorted(files, key=lambda item: item[0]):
        if modified >= oldest and total <= limit:
            break
        path.unlink(missing_ok=True)
        total -= size
        removed += 1
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
            path.rmdir()
    return removed
