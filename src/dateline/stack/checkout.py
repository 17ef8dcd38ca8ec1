"""Find the checkout: the folder that holds dags/ and plugins/."""

from __future__ import annotations

from pathlib import Path

import dateline
from dateline.errors import StackError


def find_checkout(start: Path | None = None) -> Path:
    """Return the repository's root: where the package was installed from, else the current folder or one above it."""
    here = start or Path.cwd()
    for folder in (*Path(dateline.__file__).resolve().parents, *(here.resolve(), *here.resolve().parents)):
        if _is_checkout(folder):
            return folder
    raise StackError(
        "the stack runs from a checkout of Dateline, because dags/ and plugins/ lie there: "
        "change into the checkout and install it with `pip install -e .[airflow,stack]`"
    )


def _is_checkout(folder: Path) -> bool:
    return (folder / "dags").is_dir() and (folder / "src" / "dateline" / "__init__.py").is_file()
