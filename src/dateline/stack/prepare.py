"""Bring our own database up to date: schema, registry, demo sources. Run by the supervisor as a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from dateline.errors import UserError
from dateline.settings import load_settings


def main(argv: list[str]) -> int:
    """Prepare the database that the settings name. The last line of output says what went wrong, if anything did."""
    from dateline import runtime
    from dateline.stack import newsroom

    try:
        settings = load_settings(home=Path(argv[0]))
        runtime.prepare_database(settings)
        runtime.save_sources(settings, newsroom.prepare(settings.home).sources)
    except UserError as error:
        sys.stderr.write(f"{error.message}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
