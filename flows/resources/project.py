"""A project: the folder with a `dateline.toml`, and what that file says.

The file is looked for in the working folder and those above it, as git and ruff look for theirs;
`DATELINE_PROJECT` names it outright.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.resources.filters import choose
from flows.resources.watches import Channels, Watch, read_watch
from warehouse.addresses import Lake, lake_of
from warehouse.errors import DatelineError

PROJECT_FILE = "dateline.toml"
_SETTINGS = ("columns", "source", "timezone", "languages", "topics")  # of the top of the file
KEYS = {  # field of `Settings` → where it stands in the file, if not at its top
    name: f"run.{name}"
    for name in (
        "lake_data", "model", "batch_size", "processes", "cluster", "exchange",
        "memory_limit", "duckdb_threads", "wait", "keep_snapshots", "keep_changes", "publish_every",
        "refused_share", "webhook_url", "hosts", "private", "max_file_bytes", "max_article_chars",
    )
}  # fmt: skip


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Schedule(_Part):
    """When `dateline serve` does what: seconds between looks, and two cron lines, UTC."""

    every: int = Field(default=30, ge=5)
    publish: str = "30 2 * * *"
    maintain: str = "0 3 * * *"


class Project(_Part):
    """What a `dateline.toml` says. `file` is where it lies."""

    file: Path
    inputs: tuple[str, ...] = ()
    warehouse: Path = Path("data/dateline.duckdb")
    corrections: Path = Path("corrections.jsonl")
    columns: dict[str, str] = {}
    source: str | None = None
    timezone: str | None = None
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    dictionary: Path | None = None
    show: dict[str, Any] = {}  # by key of `flows.resources.filters.OPTIONS`
    schedule: Schedule = Schedule()
    watch: tuple[dict[str, Any], ...] = ()
    alerts: dict[str, str] = {}
    run: dict[str, Any] = {}

    @property
    def folder(self) -> Path:
        """Where it lies; what its relative paths are relative to."""
        return self.file.parent

    def here(self, path: str | Path) -> str:
        """A path or glob of the file as seen from the working folder. Addresses stay."""
        text = str(path)
        if "://" in text or self.folder == Path.cwd():
            return text
        lake = lake_of(Path(text))
        if lake is not None:
            return str(Lake(lake.kind, self.here(lake.file)) if lake.file else lake)
        return str(self.folder / Path(text).expanduser())

    def watches(self) -> list[Watch]:
        """What it watches for. Raises DatelineError that names the entry's key."""
        found = [
            read_watch(entry, f"{self.file}: watch {number}: ")
            for number, entry in enumerate(self.watch, start=1)
        ]
        names = [watch.name for watch in found]
        if twice := {name for name in names if names.count(name) > 1}:
            raise DatelineError(f"{min(twice)!r} stands twice", subject=f"{self.file}: watch")
        return found

    def channels(self) -> Channels:
        """Where alerts are told. Raises DatelineError for a key there is not."""
        known = [item.name for item in fields(Channels)]
        for name in self.alerts:
            if name not in known:
                raise DatelineError(_unknown(name, known), subject=f"{self.file}: alerts.{name}")
        paths = {name: Path(self.here(self.alerts[name])) for name in ("file", "mail")
                 if name in self.alerts}  # fmt: skip
        texts = {name: self.alerts[name] for name in ("webhook", "to") if name in self.alerts}
        return Channels(**paths, **texts)  # type: ignore[arg-type]

    def settings(self) -> dict[str, Any]:
        """What it says of the fields of `Settings`."""
        held = {name: getattr(self, name) for name in _SETTINGS if name in self.model_fields_set}
        if "warehouse" in self.model_fields_set or self.folder != Path.cwd():
            held["warehouse"] = Path(self.here(self.warehouse))
        if self.dictionary is not None:
            held["dictionary"] = Path(self.here(self.dictionary))
        held["corrections"] = Path(self.here(self.corrections))
        return held | self.run


def project() -> Project | None:
    """The project of the working folder, None outside of one.

    Raises DatelineError that names the file and the key at fault.
    """
    file = _find()
    return None if file is None else _read(file)


def _find() -> Path | None:
    named = os.environ.get("DATELINE_PROJECT")
    if named:
        file = Path(named).absolute()
        return file / PROJECT_FILE if file.is_dir() else file
    here = Path.cwd()
    return next(
        (path for folder in (here, *here.parents) if (path := folder / PROJECT_FILE).is_file()),
        None,
    )


def _read(file: Path) -> Project:
    try:
        held = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise DatelineError(f"cannot be read: {error.strerror}", subject=str(file)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DatelineError(f"no TOML: {error}", subject=str(file)) from None
    if "file" in held:
        raise DatelineError("there is no such key", subject=f"{file}: file")
    try:
        made = Project(**held, file=file)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise DatelineError(_reason(first), subject=f"{file}: {key}") from None
    for name in made.run:
        if name not in KEYS:
            raise DatelineError(_unknown(name, list(KEYS)), subject=f"{file}: run.{name}")
    choose(
        where=f"{file}: show.", **{key: held for key, held in made.show.items() if key != "shown"}
    )
    made.watches(), made.channels()
    return made


def _reason(fault: Any) -> str:
    if fault["type"] != "extra_forbidden":
        return str(fault["msg"])
    parts: list[Any] = [part for part in fault["loc"] if isinstance(part, str)]
    model: Any = Project
    for part in parts[:-1]:
        model = _model_of(model.model_fields[part].annotation)
    return _unknown(parts[-1], [name for name in model.model_fields if name != "file"])


def _model_of(annotation: Any) -> Any:
    """The model of a table, or of each entry of an array of tables."""
    return getattr(annotation, "__args__", (annotation,))[0]


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return "there is no such key" + (
        f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
    )


def inputs(paths: list[str]) -> list[str]:
    """The paths, or those the project names where there are none. Raises DatelineError."""
    if paths:
        return paths
    held = project()
    if held is None:
        raise DatelineError(
            "name files or folders to read, or let `dateline init` make a project that names them"
        )
    if not held.inputs:
        raise DatelineError("it names nothing to read", subject=f"{held.file}: inputs")
    return [held.here(path) for path in held.inputs]


def enter(held: Project, key: str, text: str) -> bool:
    """Write a key where the file's own comment shows it; False where it no longer does."""
    lines = held.file.read_text("utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.startswith(f"# {key} = "):
            lines[number] = f"{key} = {_quoted(text)}\n"
            held.file.write_text("".join(lines), "utf-8")
            return True
    return False


def template(inputs: list[str], warehouse: str) -> str:
    """The text of a new `dateline.toml`, with a comment for every key."""
    text = (resources.files("flows.resources") / "project.toml").read_text("utf-8")
    listed = ", ".join(_quoted(path) for path in inputs)
    return text.replace("{inputs}", f"[{listed}]").replace("{warehouse}", _quoted(warehouse))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
