"""docker-compose.yml: fits the Compose specification, has no default password, and sets only what exists.

No Docker engine runs here; what these tests cannot see is whether the containers start.
"""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from dateline.settings import Settings

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SCHEMA = json.loads((Path(__file__).parent / "data" / "compose.schema.json").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>[A-Z_]+)(?P<rest>[^}]*)\}")
SECRET = re.compile(r"PASSWORD|SECRET|KEY|TOKEN")
CELERY_OPTIONS = {"broker_url", "result_backend", "worker_concurrency"}  # of the provider, which is not installed here


def example():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def texts(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def variables():
    return [match for text in texts(SERVICES) for match in VARIABLE.finditer(text)]


def test_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


def test_file_fits_the_specification():
    errors = [
        f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in Draft202012Validator(SCHEMA).iter_errors(COMPOSE)
    ]
    assert errors == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("services", "redis", "healtcheck"), {}),
        (("services", "redis", "restart"), "sometimes"),
        (("services", "redis", "depends_on"), {"init": {"condition": "service_done"}}),
        (("services", "redis", "ports"), ["eighty"]),
        (("services", "redis", "healthcheck"), {"test": ["redis-cli"], "interval": "often"}),
        (("services", "ghost"), {"command": "boo"}),
    ],
)
def test_schema_finds_mistakes(path, value):
    broken = json.loads(json.dumps(COMPOSE))
    place = broken
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not Draft202012Validator(SCHEMA).is_valid(broken)


def test_what_is_named_exists():
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES, f"{name} waits for {other}"
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other], f"{other} has no health check that {name} could wait for"
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in COMPOSE["volumes"]
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        if "build" in service:
            assert (ROOT / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


def test_every_component_is_there():
    assert set(SERVICES) == {
        "postgres", "redis", "init", "api-server", "scheduler", "dag-processor", "triggerer", "worker",
    }  # fmt: skip


def test_secrets_are_asked_for_and_never_given():
    found = {match["name"]: match["rest"] for match in variables() if SECRET.search(match["name"])}
    assert found
    for name, rest in found.items():
        assert rest.startswith(":?"), f"{name} is not required"
    given = example()
    assert all(given[name] == "" for name in found)
    hard = re.compile(r"://[^/\s]*:[^/\s$]+@")  # a password written out in a URL
    assert not [text for text in texts(SERVICES) if hard.search(VARIABLE.sub("$", text))]


def test_env_example_lists_every_variable_and_no_other():
    assert set(example()) == {match["name"] for match in variables()}


def test_only_loopback_is_published():
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_settings_exist():
    environment = SERVICES["worker"]["environment"]
    ours = {name.removeprefix("DATELINE_").lower() for name in environment if name.startswith("DATELINE_")}
    assert ours <= set(Settings.model_fields)
    folder = Path(importlib.util.find_spec("airflow").origin).parent  # not imported: that takes seconds
    known = yaml.safe_load((folder / "config_templates" / "config.yml").read_text(encoding="utf-8"))
    for name in environment:
        if name.startswith("AIRFLOW__"):
            section, option = name.removeprefix("AIRFLOW__").lower().split("__")
            options = CELERY_OPTIONS if section == "celery" else set(known[section]["options"])
            assert option in options, name


def test_image_runs_as_nobody_special_and_installs_by_hash():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER dateline"]
    assert any("--require-hashes" in line for line in lines)
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY")]
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for name in (name.removeprefix("./") for names in copied for name in names):
        assert (ROOT / name).exists()
        assert f"!{name}" in allowed
