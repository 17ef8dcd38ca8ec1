"""Read an answer's bytes as they were sent, and say in our own words what went wrong."""

from __future__ import annotations

from typing import Any

import urllib3.exceptions

from dateline.bodies import PIECE
from dateline.fetch.answers import transport_error


class Sent:
    """Be an answer's body before decompression."""

    def __init__(self, raw: Any, url: str) -> None:
        self._raw = raw
        self._url = url

    def read(self, amount: int, /) -> bytes:
        """Return at most `amount` bytes, none at the end. Raises FetchError."""
        try:
            data: bytes = self._raw.read(amount, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise transport_error(self._url, error, reading=True) from error
        return data

    def skip(self, count: int) -> None:
        """Read past the first bytes."""
        while count > 0 and (piece := self.read(min(count, PIECE))):
            count -= len(piece)
