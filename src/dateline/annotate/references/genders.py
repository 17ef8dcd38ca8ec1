"""Say whether a name is a woman's or a man's, where the name or the registry tells; unknown stays unknown."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import cast

from dateline.annotate.actors.normal import key_of, keys_of
from dateline.annotate.actors.tables import DATA, read_table
from dateline.annotate.references.figures import Gender


@lru_cache(maxsize=1)
def load_genders(data: Path = DATA) -> dict[str, Gender]:
    """Read genders.tsv: given names, and full names where the given name does not tell. Raises RulesError."""
    genders: dict[str, Gender] = {}
    for row in read_table(data / "genders.tsv", ("gender", "names")):
        if row["gender"] not in ("male", "female"):
            raise row.wrong(f"gender {row['gender']!r} is neither male nor female")
        for name in row.many("names"):
            keys = " ".join(keys_of(name))
            if genders.get(keys, row["gender"]) != row["gender"]:
                raise row.wrong(f"{name!r} is both a woman's and a man's name here")
            genders[keys] = cast("Gender", row["gender"])
    return genders


def gender_of(name: str, actor_id: str | None) -> Gender | None:
    """Return the gender that a person's name tells. Persons of the registry are men unless a table says otherwise."""
    genders = load_genders()
    whole = " ".join(keys_of(name))
    first = key_of(name.split(maxsplit=1)[0]) if name.split() else ""
    found = genders.get(whole) or genders.get(first)
    return found or ("male" if actor_id is not None else None)
