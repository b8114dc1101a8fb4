"""The settings of a run: frozen, read from the environment (`DATELINE_…`) in this one place."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from transforms.nlp.parsing.language import DEFAULT_MODEL
from warehouse.errors import DatelineError

DEFAULT_WAREHOUSE = Path("data/dateline.duckdb")
_OPTIONS = {"warehouse", "model", "batch_size", "processes", "wait"}  # of commands, too


class Settings(BaseSettings):
    """Options of a run. Every field can be set by `DATELINE_<NAME>`; the command line wins."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", frozen=True, extra="forbid")

    warehouse: Path = DEFAULT_WAREHOUSE
    model: str = Field(DEFAULT_MODEL, description="a spaCy pipeline with a parser and NER")
    batch_size: int = Field(256, ge=1, le=10_000, description="articles in one transaction")
    processes: int = Field(
        default_factory=lambda: max(1, min(8, os.cpu_count() or 1)),
        ge=1,
        le=256,
        description="worker processes that read and extract",
    )
    memory_limit: str = Field("160MB", pattern=r"^\d+(\.\d+)?\s?[KMGT]i?B$")
    duckdb_threads: int = Field(1, ge=1, le=256)
    wait: float = Field(5, ge=0, description="seconds to wait while another process writes")
    keep_snapshots: int = Field(3, ge=1, le=1000)
    publish_every: float = Field(60, ge=0, description="seconds between snapshots during a run")
    refused_share: float = Field(0.2, ge=0, le=1, description="above it a batch is refused")
    webhook_url: str | None = Field(
        None, exclude=True, description="told when a run fails or crashes; may hold a secret"
    )
    max_file_bytes: int = Field(512 * 2**20, ge=1)
    max_article_chars: int = Field(400_000, ge=1)

    @property
    def quality_folder(self) -> Path:
        """Where the quality pages lie."""
        return self.warehouse.parent / "quality"


def settings(**values: object) -> Settings:
    """Settings from the environment, with `values` that are not None on top.

    Raises DatelineError that names the option.
    """
    try:
        return Settings(**{key: value for key, value in values.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        option = f"DATELINE_{name.upper()}"
        if name in _OPTIONS:
            option = f"--{name.replace('_', '-')} ({option})"
        raise DatelineError(first["msg"], subject=option) from None
