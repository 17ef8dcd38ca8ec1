"""Spoil pages in the ways that networks, servers and authors do."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]


def cut(page: bytes, rng: random.Random) -> bytes:
    return page[: rng.randrange(len(page) + 1)]


def nest(page: bytes, rng: random.Random) -> bytes:
    tag = rng.choice([b"div", b"span", b"b", b"table><tr><td", b"blockquote", b"li"])
    at = rng.randrange(len(page) + 1)
    return page[:at] + (b"<" + tag + b">") * rng.choice([100, 1_000, 10_000]) + page[at:]


def binary(page: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(page) + 1)
    return page[:at] + rng.randbytes(rng.randrange(1, 5_000)) + page[at:]


def nul(page: bytes, rng: random.Random) -> bytes:
    return page.replace(b" ", b"\x00", rng.randrange(1, 200))


def huge_attribute(page: bytes, rng: random.Random) -> bytes:
    size = rng.choice([10_000, 300_000])
    return page.replace(b"<p", b'<p class="' + b"x y-" * (size // 4) + b'" title="' + b"\xc3\xa9" * 1000 + b'"', 3)


def recode(page: bytes, rng: random.Random) -> bytes:
    text = page.decode("utf-8", "replace")
    return text.encode(rng.choice(["utf-16", "latin-1", "cp1251", "shift_jis", "utf-7", "gb18030"]), "replace")


def flip(page: bytes, rng: random.Random) -> bytes:
    changed = bytearray(page)
    for _ in range(max(1, len(page) // 50)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def unclose(page: bytes, rng: random.Random) -> bytes:
    return page.replace(rng.choice([b"</p>", b"</div>", b"</a>", b"</script>", b"</head>", b">"]), b"", 10_000)


def repeat(page: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(page) + 1)
    part = page[start : start + rng.randrange(1, 2_000)]
    return page[:start] + part * rng.choice([10, 200]) + page[start:]


def break_data(page: bytes, rng: random.Random) -> bytes:
    return page.replace(b'"@type"', rng.choice([b"@type", b'"@type": [[[', b'"@type": null, "x"', b'{"' * 3000]))


def odd_text(page: bytes, rng: random.Random) -> bytes:
    odd = rng.choice(
        ["\u202e", "\ud7ff", "\ufffe", "\u0301" * 500, "\U0001f600" * 50, "&#x0;", "&#xD800;", "&amp;" * 300]
    )
    return page.replace(b". ", odd.encode("utf-8", "replace"), 50)


MUTATIONS: tuple[Mutation, ...] = (
    cut, nest, binary, nul, huge_attribute, recode, flip, unclose, repeat, break_data, odd_text,
)  # fmt: skip


def mutate(page: bytes, rng: random.Random) -> bytes:
    """Spoil a page once to three times."""
    for mutation in rng.choices(MUTATIONS, k=rng.randrange(1, 4)):
        page = mutation(page, rng)
    return page
