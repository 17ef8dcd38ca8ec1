"""Know the lines that sign and date an article, and those that tell who its authors are."""

from __future__ import annotations

import re

from dateline.extract.blocks import Block, key_of
from dateline.extract.daywords import days_in

LONGEST_LINE = 160  # characters of a line that signs
DATED = 60  # characters of a line that tells the day
DATED_REST = 30  # letters in it: weekday, month, a label, a zone
LONGEST = 600  # characters of a biography
REST = 40  # letters of a line that signs beside the names: "By", a role, a place
TURNS = 3  # paragraphs that begin with a name in an interview or a play
SPOKEN = re.compile(r"\s*[:\uff1a]")  # after a name: what this person says


def is_date_line(block: Block) -> bool:
    """Say whether a line is a day, and a few words round it."""
    if block.prose or block.heading or len(block.text) > DATED:
        return False
    return sum(map(str.isalpha, block.text)) <= DATED_REST and next(days_in(block.text), None) is not None


class Signed:
    """Look for these authors' names. A single word is too little to know somebody by."""

    def __init__(self, authors: tuple[str, ...]) -> None:
        self._names = [name for name in authors if len(name.split()) > 1]
        self._keys = [key_of(name) for name in self._names]

        self._signing = [key_of(name) for name in authors if len(name.split()) > 1 or not name.isascii()]

    def is_byline(self, block: Block) -> bool:
        """Say whether a line is names, and a few words round them."""
        if block.prose or len(block.text) > LONGEST_LINE:
            return False
        rest = block.key
        for key in self._signing:
            rest = rest.replace(key, "")
        return len(rest) <= REST and rest != block.key

    def is_biography(self, block: Block) -> bool:
        """Say whether a paragraph begins with an author's name, and is not what that author says in it."""
        return len(block.text) <= LONGEST and any(
            block.key.startswith(key) and block.key != key and not self._says(name, block.text)
            for name, key in zip(self._names, self._keys, strict=True)
        )

    def goes_on(self, block: Block) -> bool:
        """Say whether a paragraph behind a biography begins with a part of an author's name."""
        return block.text.split(maxsplit=1)[0] in {part for name in self._names for part in name.split()}

    def speaks(self, taken: list[Block]) -> bool:
        """Say whether the authors' names begin paragraphs all over the article: then it is theirs to tell of them."""
        return sum(block.key.startswith(tuple(self._keys)) for block in taken) >= TURNS if self._keys else False

    def _says(self, name: str, text: str) -> bool:
        return SPOKEN.match(text, len(name)) is not None
