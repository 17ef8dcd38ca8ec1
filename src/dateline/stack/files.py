"""Keep the stack's files: JSON that is replaced whole, secrets that only their owner reads, one lock a folder."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dateline.errors import StackError

SECRET = 0o600
OPEN_FOLDER = 0o711  # others may pass through, so that an unprivileged Postgres reaches its data; they cannot list


def make_folder(path: Path, mode: int = OPEN_FOLDER) -> Path:
    """Create a folder with exactly `mode` whatever the umask; leave one that is there as its owner made it."""
    if path.is_dir():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir()
        path.chmod(mode)
    except FileExistsError:
        if not path.is_dir():
            raise StackError(f"cannot create {path}: a file is in the way; move it, or set DATELINE_HOME") from None
    except OSError as error:
        raise StackError(
            f"cannot create {path}: {error.strerror}; set DATELINE_HOME to a folder that can be written"
        ) from error
    return path


def write_secret(path: Path, text: str) -> None:
    """Replace `path` in one step by a file that only its owner can read."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp gives 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(SECRET)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Replace `path` by `content`, readable by its owner only."""
    write_secret(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read an object; {} where there is no file. Raises StackError where the file is damaged or not ours to read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except PermissionError as error:
        raise StackError(
            f"{path} belongs to another user: run as the user who started the stack, or set DATELINE_HOME"
        ) from error
    except ValueError as error:
        raise StackError(f"{path} is damaged: move it away and start again") from error
    if not isinstance(content, dict):
        raise StackError(f"{path} is damaged: move it away and start again")
    return content


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on `path`, waiting for whoever has it."""
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
