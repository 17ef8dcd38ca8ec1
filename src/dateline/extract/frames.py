"""Send values between our processes: a length of four bytes, then a pickle."""

from __future__ import annotations

import pickle
from typing import IO

HEADER = 4  # bytes of a frame's length


def write_frame(stream: IO[bytes], value: object) -> None:
    """Send one value."""
    payload = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(payload).to_bytes(HEADER, "big") + payload)
    stream.flush()


def read_frame(stream: IO[bytes]) -> object:
    """Receive one value. Raises EOFError at the end of the stream."""
    size = stream.read(HEADER)
    payload = stream.read(int.from_bytes(size, "big")) if len(size) == HEADER else b""
    if not payload or len(payload) != int.from_bytes(size, "big"):
        raise EOFError
    return pickle.loads(payload)  # noqa: S301 (our own parent wrote it)
