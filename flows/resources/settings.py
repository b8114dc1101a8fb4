"""The settings of a run: frozen; from the environment (`DATELINE_…`), then from `dateline.toml`."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from flows.resources.project import KEYS, project
from transforms.nlp.parsing.language import DEFAULT_MODEL
from warehouse.addresses import lake_of, place_of
from warehouse.errors import DatelineError
from warehouse.opening import store_at
from warehouse.stores import Store

DEFAULT_WAREHOUSE = Path("data/dateline.duckdb")
_OPTIONS = {"warehouse", "model", "batch_size", "processes", "wait"}  # of commands, too


class Settings(BaseSettings):
    """Options of a run. Every field can be set by `DATELINE_<NAME>`; the command line wins."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", frozen=True, extra="forbid")

    warehouse: Path = DEFAULT_WAREHOUSE
    lake_data: str | None = Field(None, description="where a new lake keeps its rows")
    columns: dict[str, str] = Field({}, description="our field → a record's name for it")
    source: str | None = Field(None, description="publisher of what names none")
    timezone: str | None = Field(None, description="zone of times that name none, else UTC")
    languages: tuple[str, ...] = Field((), description="loaded only in these, ISO 639-1; () all")
    topics: tuple[str, ...] = Field((), description="loaded only with one of these; () all")
    dictionary: Path | None = Field(None, description="folder of the project's own dictionary")
    model: str = Field(DEFAULT_MODEL, description="a spaCy pipeline with a tagger and a parser")
    batch_size: int = Field(
        256,
        ge=1,
        le=10_000,
        description="articles in one transaction; up to three times as many while more wait",
    )
    processes: int = Field(
        default_factory=lambda: max(1, min(8, os.cpu_count() or 1)),
        ge=1,
        le=256,
        description="worker processes that read and extract",
    )
    cluster: str | None = Field(
        None, description="of Dask: its scheduler's address, or `local`; None: processes here"
    )
    exchange: str | None = Field(
        None, description="folder or address that run and workers of a cluster see"
    )
    memory_limit: str = Field("160MB", pattern=r"^\d+(\.\d+)?\s?[KMGT]i?B$")
    duckdb_threads: int = Field(1, ge=1, le=256)
    wait: float = Field(5, ge=0, description="seconds to wait while another process writes")
    keep_snapshots: int = Field(3, ge=1, le=1000)
    keep_changes: int = Field(400, ge=1, description="days that change_log goes back")
    publish_every: float = Field(60, ge=0, description="seconds between snapshots during a run")
    refused_share: float = Field(0.2, ge=0, le=1, description="above it a batch is refused")
    webhook_url: str | None = Field(
        None, exclude=True, description="told when a run fails or crashes; may hold a secret"
    )
    corrections: Path | None = Field(None, description="decisions; by default in the project")
    private: bool = Field(
        True, description="files that are kept are made readable by their owner only"
    )
    hosts: tuple[str, ...] = Field(
        (), description="names by which `serve` may be called, beside those of this machine"
    )
    max_file_bytes: int = Field(512 * 2**20, ge=1)
    max_article_chars: int = Field(400_000, ge=1)

    @field_validator("cluster")
    @classmethod
    def _a_cluster(cls, name: str | None) -> str | None:
        if name and name != "local" and "://" not in name:
            raise ValueError(f"{name!r} is no address like tcp://scheduler:8786, nor local")
        return name or None

    @field_validator("warehouse")
    @classmethod
    def _known_address(cls, address: Path) -> Path:
        try:
            lake_of(address)
        except DatelineError as error:
            raise ValueError(str(error)) from None
        return address

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None and _zone(name) is None:
            raise ValueError(f"{name!r} is no time zone like Asia/Seoul")
        return name

    @property
    def zone(self) -> ZoneInfo | None:
        """The time zone of times that name none."""
        return _zone(self.timezone) if self.timezone else None

    @property
    def store(self) -> Store:
        """The warehouse itself."""
        return store_at(self.warehouse, self.lake_data)

    @property
    def folder(self) -> Path:
        """Where what belongs to the warehouse lies on this machine: pages, decisions, logs."""
        return place_of(self.warehouse).parent

    @property
    def corrections_file(self) -> Path:
        """Where people's decisions lie: in the project, else beside the warehouse."""
        return self.corrections or self.folder / "corrections.jsonl"

    @property
    def exchange_folder(self) -> str:
        """Where a run and the workers of a cluster leave files for each other."""
        if self.exchange and "://" in self.exchange:
            return self.exchange.rstrip("/")
        return str(Path(self.exchange or self.folder / "exchange").absolute())

    @property
    def quality_folder(self) -> Path:
        """Where the quality pages lie."""
        return self.folder / "quality"


def settings(**values: object) -> Settings:
    """Settings from the environment and the project, with `values` that are not None on top.

    Raises DatelineError that names the option or the key.
    """
    given = {key: value for key, value in values.items() if value is not None}
    held = project()
    written = held.settings() if held else {}
    for name in list(written):
        if name in given or f"DATELINE_{name.upper()}" in os.environ:
            del written[name]
    try:
        return Settings(**written, **given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        option = f"DATELINE_{name.upper()}"
        if held and name in written:
            option = f"{held.file}: {KEYS.get(name, name)}"
        elif name in _OPTIONS:
            option = f"--{name.replace('_', '-')} ({option})"
        raise DatelineError(first["msg"].removeprefix("Value error, "), subject=option) from None


@cache
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return None
