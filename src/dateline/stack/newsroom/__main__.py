"""Serve, check and mend the demo newsroom: `python -m dateline.stack.newsroom serve|check|fill`."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from dateline.errors import DatelineError

LOG_FILE = "newsroom.log"


def main(argv: list[str] | None = None) -> int:
    """Run one of the commands. Return the exit status: 0 well, 1 something is wrong, 2 the call itself was wrong."""
    parser = argparse.ArgumentParser(prog="python -m dateline.stack.newsroom", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve all outlets until SIGTERM")
    serve.add_argument("--home", type=Path, required=True, help="state folder")
    commands.add_parser("check", help="verify articles and expected results")
    commands.add_parser("fill", help="write titles, texts and offsets of the expected results anew")
    called = parser.parse_args(argv)
    try:
        if called.command == "serve":
            return _serve(called.home)
        return _check() if called.command == "check" else _fill()
    except DatelineError as error:
        sys.stderr.write(f"newsroom: {error}\n")
        return 1


def _serve(home: Path) -> int:
    from dateline.stack.newsroom import prepare
    from dateline.stack.newsroom.server import Servers

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    newsroom = prepare(home)
    logs = newsroom.home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(filename=logs / LOG_FILE, level=logging.INFO, format="%(asctime)s %(message)s")
    with Servers(newsroom.home):
        logging.getLogger(__name__).info("event=serving ports=%s", ",".join(map(str, newsroom.ports.values())))
        stop.wait()
    logging.getLogger(__name__).info("event=stopped")
    return 0


def _check() -> int:
    from dateline.stack.newsroom.check import check

    wrong = check()
    sys.stdout.writelines(f"{line}\n" for line in wrong)
    sys.stdout.write(f"{len(wrong)} thing(s) wrong\n" if wrong else "all well\n")
    return 1 if wrong else 0


def _fill() -> int:
    from dateline.stack.newsroom.expected import fill

    sys.stdout.write(f"{fill()} expected result(s) written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
