"""Offer small pure helpers on text that several stages share."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """Replace, one for one, the characters that Postgres cannot hold (NUL, lone surrogates), so that offsets hold."""
    return _UNSTORABLE.sub(REPLACEMENT, text)
