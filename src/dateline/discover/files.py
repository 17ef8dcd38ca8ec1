"""Read sources that lie on this machine, or come in on standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dateline.errors import DiscoverError

LARGEST = 500_000_000  # bytes read at once; archives are streamed and know no limit
STDIN = "-"


def local_path(url: str) -> Path | None:
    """Return the path of a local source (`/srv/news`, `file:///srv/news`), or None for an address on the web."""
    if url.startswith("file://"):
        return Path(unquote(urlsplit(url).path))
    return None if "://" in url else Path(url).expanduser()


def read_local(url: str) -> bytes | None:
    """Return the bytes of a local source, or None for one on the web. Raises DiscoverError("no_file")."""
    if url == STDIN:
        return sys.stdin.buffer.read(LARGEST)
    path = local_path(url)
    if path is None:
        return None
    try:
        if path.stat().st_size > LARGEST:
            raise DiscoverError(f"{path} is larger than {LARGEST:,} bytes", code="too_large")
        return path.read_bytes()
    except OSError as error:
        raise DiscoverError(f"{path}: {error.strerror}", code="no_file") from error
