"""Prepare a deployment whose components somebody else starts (docker-compose.yml): `init`, then `api-server`.

init         create Airflow's database beside ours, migrate both, load the registry
api-server   write the UI's password file from AIRFLOW_ADMIN_PASSWORD, and become Airflow's api-server
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from dateline.errors import StackError, UserError
from dateline.settings import load_settings
from dateline.stack.files import make_folder, write_secret
from dateline.stack.home import ADMIN
from dateline.stack.metadata import beside, ensure_database, plain_url, server_version

AIRFLOW = (sys.executable, "-m", "airflow")


def init() -> None:
    """Bring both databases up to date. Harmless when they are."""
    from dateline import runtime

    settings = load_settings()
    ours = plain_url(settings.require_database_url())
    server_version(ours)
    ensure_database(beside(ours), admin_url=ours)
    runtime.prepare_database(settings)
    if subprocess.run([*AIRFLOW, "db", "migrate"], check=False).returncode:
        raise StackError("`airflow db migrate` failed; see above")


def api_server() -> None:
    """Write the password file and become the api-server. Raises StackError where no password is given."""
    password = os.environ.pop("AIRFLOW_ADMIN_PASSWORD", "")
    target = os.environ.get("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE")
    if not password or not target:
        raise StackError("set AIRFLOW_ADMIN_PASSWORD and AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE")
    path = Path(target)
    make_folder(path.parent)
    write_secret(path, json.dumps({ADMIN: password}) + "\n")
    os.execv(AIRFLOW[0], [*AIRFLOW, "api-server"])  # noqa: S606 (an argument list of our own, and no shell)


def main(argv: list[str]) -> int:
    """Do the one thing that is asked for."""
    actions = {"init": init, "api-server": api_server}
    if len(argv) != 1 or argv[0] not in actions:
        sys.stderr.write(f"usage: python -m dateline.stack.deploy {'|'.join(actions)}\n")
        return 2
    try:
        actions[argv[0]]()
    except UserError as error:
        sys.stderr.write(f"error {error.message}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
