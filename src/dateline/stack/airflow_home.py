"""Write AIRFLOW_HOME: airflow.cfg and the UI's password."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dateline.stack.files import make_folder, write_secret
from dateline.stack.home import ADMIN, Home, StackSecrets
from dateline.stack.ports import LOOPBACK

NOBODY_LISTENS = 1  # the log servers are off: they bind to every interface, and the api-server reads the files itself
SPARE_SLOTS = 2  # task slots beside the extracting and annotating ones, so that a wake-up never waits for them
HEARTBEAT_TIMEOUT = 120  # seconds after which a silent task counts as dead; the default of 300 keeps runs hanging
EXECUTION_API_SECONDS = 30
REFRESH = 10  # seconds until a new or changed DAG file is seen


def write_airflow_home(
    home: Home, *, root: Path, metadata_url: str, port: int, secrets: StackSecrets, workers: int
) -> None:
    """Write everything Airflow reads at start. The files hold keys: only their owner can read them."""
    make_folder(home.airflow)
    write_secret(home.airflow / "passwords.json", json.dumps({ADMIN: secrets.admin_password}) + "\n")
    sections = airflow_config(home, root=root, metadata_url=metadata_url, port=port, secrets=secrets, workers=workers)
    write_secret(home.airflow / "airflow.cfg", render(sections))


def airflow_config(
    home: Home, *, root: Path, metadata_url: str, port: int, secrets: StackSecrets, workers: int
) -> dict[str, dict[str, Any]]:
    """Return the settings that differ from Airflow's defaults, by section."""
    url = metadata_url.replace("postgresql://", "postgresql+psycopg://", 1)
    address = f"http://{LOOPBACK}:{port}"
    return {
        "core": {
            "dags_folder": root / "dags",
            "plugins_folder": root / "plugins",
            "executor": "LocalExecutor",
            "parallelism": workers + SPARE_SLOTS,
            "load_examples": False,
            "dags_are_paused_at_creation": False,
            "fernet_key": secrets.fernet_key,
            "simple_auth_manager_users": f"{ADMIN}:admin",
            "simple_auth_manager_passwords_file": home.airflow / "passwords.json",
            "execution_api_server_url": f"{address}/execution/",
            "hostname_callable": "dateline.stack.ports.hostname",  # the default asks DNS, which may be away
        },
        "database": {"sql_alchemy_conn": url, "sql_alchemy_conn_async": url},
        "logging": {
            "base_log_folder": home.logs / "airflow",
            "dag_processor_child_process_log_directory": home.logs / "airflow" / "dag_processor",
            "colored_console_log": False,
            "worker_log_server_port": NOBODY_LISTENS,
            "trigger_log_server_port": NOBODY_LISTENS,
            # it would log a traceback each time the UI shows a running task, for the log server that is off
            "namespace_levels": "airflow.utils.log.file_task_handler=CRITICAL",
            "file_task_handler_new_folder_permissions": "0o700",
            "file_task_handler_new_file_permissions": "0o600",
        },
        "api": {
            "host": LOOPBACK,
            "port": port,
            "base_url": address,
            "secret_key": secrets.api_secret_key,
            "instance_name": "Dateline",
            "expose_config": False,
        },
        # the first request after a start takes seconds; the default of 5 would fail a task on a busy machine
        "workers": {"execution_api_timeout": EXECUTION_API_SECONDS},
        "api_auth": {"jwt_secret": secrets.jwt_secret},
        "scheduler": {
            "task_instance_heartbeat_timeout": HEARTBEAT_TIMEOUT,
            "enable_health_check": False,
        },
        "dag_processor": {"refresh_interval": REFRESH, "min_file_process_interval": REFRESH},
    }


def render(sections: Mapping[str, Mapping[str, Any]]) -> str:
    """Write sections as airflow.cfg; a per cent sign is doubled, because Airflow interpolates."""
    lines = ["# written by `dateline stack up` at every start; AIRFLOW__SECTION__KEY in the environment wins"]
    for section, options in sections.items():
        lines += ["", f"[{section}]"]
        lines += [f"{name} = {str(value).replace('%', '%%')}" for name, value in options.items()]
    return "\n".join(lines) + "\n"
