"""Draw a picture for an article: an abstract landscape, the same each time, so that pages look like pages."""

from __future__ import annotations

import hashlib

WIDTH, HEIGHT = 960, 540
HUES = {"meridian": 18, "courier": 210, "longview": 350, "lakeshore": 150, "northlight": 265}


def picture(name: str, outlet: str) -> bytes:
    """Draw an SVG from the name's digest, in the outlet's colours."""
    digest = hashlib.sha256(name.encode()).digest()
    hue = (HUES.get(outlet, 0) + digest[0] % 40 - 20) % 360
    hills = []
    for layer in range(3):
        base = HEIGHT * (0.5 + 0.16 * layer)
        points = " ".join(
            f"{WIDTH * step // 6},{base - digest[1 + 7 * layer + step] / 255 * 90:.0f}" for step in range(7)
        )
        hills.append(
            f'<polygon points="0,{HEIGHT} {points} {WIDTH},{HEIGHT}" fill="hsl({hue},32%,{58 - 14 * layer}%)"/>'
        )
    sun = f'<circle cx="{150 + digest[30] * 2}" cy="150" r="56" fill="hsl({(hue + 40) % 360},70%,82%)"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="hsl({hue},40%,88%)"/>{sun}{"".join(hills)}</svg>'
    ).encode()
