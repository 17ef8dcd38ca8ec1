"""Be the one process that owns a stack: start it in order, keep it running, stop it whole.

Run as `python -m dateline.stack.supervisor HOME`. Whoever started it reads `supervisor.json`; SIGTERM ends the stack.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil

from dateline.errors import StackError, UserError
from dateline.settings import Settings
from dateline.stack import components, newsroom
from dateline.stack.airflow_home import write_airflow_home
from dateline.stack.checkout import find_checkout
from dateline.stack.files import write_json
from dateline.stack.home import (
    Home,
    StackSecrets,
    StackState,
    load_secrets,
    load_state,
    open_home,
    save_state,
)
from dateline.stack.keeper import Keeper, set_aside
from dateline.stack.metadata import (
    airflow_version,
    beside,
    end_jobs,
    ensure_database,
    has_schema,
    plain_url,
    server_version,
)
from dateline.stack.ports import LOOPBACK, free_port
from dateline.stack.postgres import Postgres
from dateline.stack.processes import kill_all, marked
from dateline.stack.prune import prune_logs
from dateline.stack.status import take_lock
from dateline.stack.steps import Step, begin_step

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2  # between two looks while something is on its way
IDLE_SECONDS = 1.0  # between two looks when all is well
START_SECONDS = 300.0  # a start that takes longer has failed
PATIENCE = {  # seconds that each gets to end by itself, before the api-server is stopped
    "scheduler": 10.0,  # so that running tasks can end; what they leave undone is done again next time
    "dag-processor": 3.0,
    "triggerer": 3.0,  # it sometimes hangs while it cancels its triggers, which hold nothing
    "newsroom": 3.0,
}
API_SECONDS = 1.5  # it is idle by then, and would take 3 s to unload itself
PRUNE_SECONDS = 3600.0


class Supervisor:
    """Own the stack in `home`, with the lock held."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.stopping = threading.Event()
        self.keeper = Keeper(say=self.say)
        self.phase = "starting"
        self.message = ""
        self.steps: dict[str, Step] = {}
        self.url: str | None = None
        self.shown: dict[str, Any] = {}
        self.pruned = 0.0

    # -------------------------------------------------------------------------------------------------- life

    def run(self) -> int:
        """Start the stack, keep it until we are told to stop, stop it. Return the exit status."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            self.show("starting")
            self.clear()
            self.start()
            self.watch()
        except UserError as error:
            self.message = error.message
            self.say("stack", "failed", error.message)
        except Exception:
            log.exception("the supervisor failed")
            self.message = f"the supervisor failed; see {self.home.log_of('supervisor')}"
            self.say("stack", "failed", self.message)
        failed = bool(self.message)
        self.stop()
        self.show("failed" if failed else "down")
        return int(failed)

    def clear(self) -> None:
        """End what an earlier supervisor that was killed left behind."""
        left = marked(self.home.id)
        if left:
            self.say("stack", "cleared", f"ended {len(left)} processes that an earlier stack left behind")
            kill_all(left)

    def start(self) -> None:
        """Start everything, in the order in which it is needed, and return when all is up."""
        settings = Settings(home=self.home.path)  # the environment only, not what an earlier start has left
        root = find_checkout()
        state = load_state(self.home)
        keys = load_secrets(self.home)
        ours, metadata = self.start_database(settings)
        demo = newsroom.prepare(self.home.path)
        hosts = ",".join(dict.fromkeys([*filter(None, settings.allow_hosts.split(",")), *demo.allow_hosts]))
        port = self.choose_port(state)
        state = save_state(
            self.home,
            state,
            settings={"database_url": ours, "allow_hosts": hosts},
            ports={**state.ports, "api": port},
            metadata_url=metadata,
            migrated=state.migrated if state.metadata_url == metadata else None,
        )
        env = components.child_environment(self.home, allow_hosts=hosts, database_url=ours)
        self.keeper.add(components.newsroom_component(self.home, demo, env=env))
        self.write_airflow(root, state, keys, settings)
        for name in components.AIRFLOW:
            self.keeper.add(components.airflow_component(name, self.home, env=env, metadata_url=metadata, port=port))
        self.url = f"http://{LOOPBACK}:{port}"
        self.keeper.start("newsroom")
        self.begin("schema", [sys.executable, "-P", "-m", "dateline.stack.prepare", str(self.home.path)], env)
        self.start_airflow(state, env)
        self.until_up()

    def start_database(self, settings: Settings) -> tuple[str, str]:
        """Return the URLs of our database and of Airflow's, on the embedded server or on the one that is given."""
        if settings.database_url:
            ours = plain_url(settings.database_url)
            server_version(ours)
            metadata = beside(ours)
            ensure_database(metadata, admin_url=ours)
            return ours, metadata
        server = Postgres(self.home.path, version=settings.postgres_version)
        self.keeper.add(components.postgres_component(server))
        self.show("starting")
        ours = server.start()
        self.keeper.start("postgres")
        self.keeper.step()
        metadata = server.url("airflow")
        server.create_database("airflow")
        return ours, metadata

    def choose_port(self, state: StackState) -> int:
        """Return the port of the api-server: the one it had, unless somebody else took it meanwhile."""
        before = state.ports.get("api")
        port = free_port(prefer=before)
        if before not in (None, port):
            self.say("api-server", "moved", f"port {before} is in use by another program; the UI is on {port} now")
        return port

    def write_airflow(self, root: Path, state: StackState, keys: StackSecrets, settings: Settings) -> None:
        """Write AIRFLOW_HOME."""
        assert state.metadata_url
        write_airflow_home(
            self.home,
            root=root,
            metadata_url=state.metadata_url,
            port=state.ports["api"],
            secrets=keys,
            workers=settings.workers,
        )

    def start_airflow(self, state: StackState, env: dict[str, str]) -> None:
        """Start the four components, after migrating their database where this Airflow has not done so yet."""
        assert state.metadata_url
        version = airflow_version()
        end_jobs(state.metadata_url)  # no component lives: their tasks are taken over at once
        if state.migrated != version or not has_schema(state.metadata_url):
            step = self.begin("airflow database", [*components.LAUNCH, "db", "migrate"], env)
            while step.child.poll() is None and not self.stopping.is_set():
                self.look()
            self.check(step)
            if self.stopping.is_set():
                return
            save_state(self.home, state, migrated=version)
        self.keeper.start(*components.AIRFLOW)

    def until_up(self) -> None:
        """Wait until every step is done and every component answers. Raises StackError where that does not come."""
        end = time.monotonic() + START_SECONDS
        while not self.stopping.is_set():
            self.look()
            for step in self.steps.values():
                self.check(step)
            for kept in self.keeper.failed():
                raise StackError(f"{kept.name} {kept.message}; see {kept.log or self.home.logs}")
            running = [step.name for step in self.steps.values() if step.child.poll() is None]
            if not running and self.keeper.all_up():
                self.say("stack", "up", self.url or "")
                return
            if time.monotonic() > end:
                late = [kept.name for kept in self.keeper.kept.values() if kept.state != "up"]
                raise StackError(
                    f"not up after {START_SECONDS:.0f} s: {', '.join(running + late)}; see {self.home.logs}"
                )

    def watch(self) -> None:
        """Keep the stack until we are told to stop."""
        while not self.stopping.is_set():
            self.keeper.step()
            self.show("up" if self.keeper.all_up() else "partly")
            if time.monotonic() - self.pruned > PRUNE_SECONDS:
                self.pruned = time.monotonic()
                prune_logs(self.home.logs / "airflow")
                set_aside(self.home.events)
            self.stopping.wait(IDLE_SECONDS if self.keeper.all_up() else LOOK_SECONDS)

    def stop(self) -> None:
        """End everything: who makes work first, who is needed for it last."""
        self.show("stopping")
        for step in self.steps.values():
            if step.child.poll() is None:
                step.child.terminate()
        self.keeper.stop(PATIENCE)
        self.keeper.stop({components.API: API_SECONDS})
        kill_all(marked(self.home.id))
        self.keeper.stop({"postgres": 0})

    # ------------------------------------------------------------------------------------------------- pieces

    def begin(self, name: str, argv: list[str], env: dict[str, str]) -> Step:
        """Start a step."""
        self.steps[name] = begin_step(self.home, name, argv, env)
        self.show("starting")
        return self.steps[name]

    def check(self, step: Step) -> None:
        """Raise StackError where a step has failed; while we are stopping that is our own doing."""
        failure = step.failure()
        if failure and not self.stopping.is_set():
            raise StackError(failure)

    def look(self) -> None:
        """Look at everything once, say how it stands, and wait a moment."""
        self.keeper.step()
        self.show("starting")
        self.stopping.wait(LOOK_SECONDS)

    def show(self, phase: str) -> None:
        """Write how things stand, where that has changed."""
        self.phase = phase
        me = psutil.Process()
        content = {
            "pid": me.pid,
            "started": me.create_time(),
            "phase": phase,
            "message": self.message,
            "url": self.url,
            "steps": [step.name for step in self.steps.values() if step.child.poll() is None],
            "components": [kept.row() for kept in self.keeper.kept.values()],
        }
        if content != self.shown:
            self.shown = content
            write_json(self.home.status, content)

    def say(self, component: str, what: str, message: str) -> None:
        """Tell the log and the event file what happened."""
        log.info("component=%s event=%s message=%s", component, what, message)
        event = {"at": round(time.time(), 3), "component": component, "event": what, "message": message}
        with self.home.events.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event, ensure_ascii=False) + "\n")


def main(argv: list[str]) -> int:
    """Supervise the stack in the folder that is given."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    home = open_home(Path(argv[0])).create()
    os.umask(0o077)  # logs and run files of the components are for their owner
    lock = take_lock(home)
    if lock is None:
        log.info("another supervisor has the stack in %s", home.path)
        return 0
    with lock:
        return Supervisor(home).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
