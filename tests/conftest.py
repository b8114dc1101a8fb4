"""Shared fixtures. Nothing here or below needs the network, `../shared` or a Prefect server.

With `--fast` a test is skipped where it asks for the model, a worker, a Prefect server or another
process, so that nobody has to keep a list of such tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples" / "articles"

# The modules that take longest, in the order in which the workers of `pytest -n` take them; each
# worker takes a whole module (`--dist loadfile`), so that what a module shares is made once.
FIRST = (
    "flows/test_pipeline.py", "flows/test_kill.py", "flows/test_corrections.py",
    "transforms/nlp/test_predicates.py", "flows/test_cli.py", "flows/test_flows.py",
    "flows/test_serve.py", "flows/test_door.py", "expectations/test_ahead.py",
    "flows/test_entity_order.py", "expectations/test_gate.py", "flows/test_overlap.py",
    "transforms/nlp/test_identity_pairs.py", "test_site.py", "flows/test_report.py",
    "dateline/test_api.py", "flows/test_alerts.py", "flows/test_landing.py",
)  # fmt: skip

# Seconds after which something hangs. It is no measure of speed: whatever else runs on the machine
# may make a process of ours wait for minutes.
PATIENCE = 1200

# Columns that say when or by whom a row was written, not what it says.
VOLATILE = {"run_id", "loaded_at", "seen_at", "changed_at", "created_at", "quarantine_id"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Also asked for by `make test-fast`."""
    parser.addoption("--fast", action="store_true", help="no model, no server, no other process")
    parser.addoption("--slow", action="store_true", help="also what takes many minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Modules that take long come first; tests marked slow are asked for."""
    place = {ROOT / "tests" / name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))
    if not config.getoption("--slow"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="takes many minutes; --slow"))


def pytest_configure(config: pytest.Config) -> None:
    """Before test modules are imported, so that they import what stands here."""
    starts_workers = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if not config.getoption("--fast") or starts_workers:
        return
    from flows.orchestration import local_server
    from flows.run import workers
    from transforms.nlp.parsing import language

    def skipping(need: str) -> Callable[..., Any]:
        def skip(*_: Any, **__: Any) -> Any:
            pytest.skip(f"needs {need}", allow_module_level=True)

        return skip

    for owner, name, need in (
        (language, "load", "the model"),
        (workers.LocalPool, "__init__", "workers"),
        (local_server, "api", "a Prefect server"),
    ):
        setattr(owner, name, skipping(need))
    begin, another = subprocess.Popen.__init__, skipping("another process")

    def ours(self: Any, command: Any, *others: Any, **options: Any) -> None:
        """Libraries ask the system small things at import; another Python takes seconds."""
        start = another if list(command)[:1] == [sys.executable] else begin
        start(self, command, *others, **options)

    subprocess.Popen.__init__ = ours  # type: ignore[method-assign, assignment]


@pytest.fixture(scope="session")
def run_pipeline() -> Callable[..., Any]:
    """Runs the plain pipeline, without Prefect. Returns its summary.

    In this process, or in so many workers as `processes` says.
    """
    from contextlib import nullcontext

    from flows.resources.settings import settings
    from flows.run.files import Files
    from flows.run.pipeline import Pipeline
    from tests.here import in_this_process

    def run(warehouse: Path, paths: Sequence[Path | str], **options: Any) -> Any:
        force = options.pop("force", False)
        chosen = settings(warehouse=warehouse, **{"processes": 1, **options})
        with nullcontext() if "processes" in options else in_this_process():
            return Pipeline(chosen, Files([str(path) for path in paths], force=force)).whole()

    return run


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """Makes a folder of that name, once for all processes of a session; the others wait for it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def made(name: str, make: Callable[[Path], None]) -> Path:
        place, making = shared / name, shared / f"{name}-making"
        end = time.monotonic() + PATIENCE
        while not place.exists():
            try:
                making.mkdir()
            except FileExistsError:  # another process makes it
                assert time.monotonic() < end, f"{making} was not finished"
                time.sleep(0.1)
                continue
            try:
                if not place.exists():  # since we looked
                    make(making)
                    making.rename(place)
            finally:
                shutil.rmtree(making, ignore_errors=True)
        return place

    return made


@pytest.fixture(scope="session")
def example_warehouse(
    tmp_path_factory: pytest.TempPathFactory, run_pipeline: Any, once: Callable[..., Path]
) -> Path:
    """All example articles, loaded once; each test process has a copy."""
    loaded = once("examples", lambda folder: run_pipeline(folder / "w.duckdb", [EXAMPLES]) and None)
    copy = tmp_path_factory.mktemp("examples") / "copy"
    return Path(shutil.copytree(loaded, copy)) / "w.duckdb"


_MIGRATE = """
from flows.orchestration import local_server
with local_server.api():
    from prefect.client.orchestration import get_client
    with get_client(sync_client=True) as client:
        client.read_flows(limit=1)
"""


@pytest.fixture(scope="session")
def prefect_home(once: Callable[..., Path]) -> Callable[[Path], Path]:
    """Makes a folder the home of a Prefect server, with its database.

    Making the tables takes twenty seconds of a processor, so that one is made and copied.
    """
    outside = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}

    def make(folder: Path) -> None:
        subprocess.run(
            [sys.executable, "-c", _MIGRATE], cwd=ROOT, check=True, capture_output=True,
            env={**outside, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(folder)},
        )  # fmt: skip

    def home(folder: Path) -> Path:
        return Path(shutil.copytree(once("prefect-home", make), folder))

    return home


@pytest.fixture
def con(example_warehouse: Path) -> Iterator[Any]:
    """A reader of the example warehouse."""
    from warehouse.store import open_reader

    reader = open_reader(example_warehouse)
    yield reader
    reader.close()


def content(warehouse: Path, *, skip: set[str] = frozenset()) -> dict[str, list[Any]]:  # type: ignore[assignment]
    """Every content row of a warehouse, sorted, without the volatile columns."""
    from warehouse.addresses import lake_of
    from warehouse.opening import store_at
    from warehouse.store import open_reader
    from warehouse.tables import CONTENT, TABLES

    reader = store_at(warehouse).reader() if lake_of(warehouse) else open_reader(warehouse)
    found = {}
    for name in (*CONTENT, "files"):
        columns = [c for c in TABLES[name].columns if c not in VOLATILE | skip]
        listed = ", ".join(f'"{column}"' for column in columns)
        found[name] = reader.execute(f"SELECT {listed} FROM {name} ORDER BY ALL").fetchall()
    reader.close()
    return found
