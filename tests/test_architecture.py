"""Arrows point one way, and each package keeps the rule its docstring states."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("flows", "transforms", "warehouse", "expectations")
SCHEMA_SIDE = {
    "warehouse.schema", "warehouse.tables", "warehouse.run_tables", "warehouse.internal_tables",
    "warehouse.dialects",
    "warehouse.errors", "warehouse.vocabulary",
}  # fmt: skip
IMPURE = {
    "duckdb",
    "prefect",
    "random",
    "secrets",
    "time",
    "socket",
    "requests",
    "httpx",
    "subprocess",
}
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Modules a file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def of(path: Path, package: str) -> set[str]:
    return {name for name in imports(path) if name == package or name.startswith(package + ".")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_arrows(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    if package in ("transforms", "warehouse", "expectations"):
        assert not of(path, "flows"), "nothing imports flows"
    if package in ("transforms", "warehouse"):
        assert not of(path, "expectations")
    if package == "warehouse":
        assert not of(path, "transforms")
    if package in ("transforms", "expectations"):
        modules = {".".join(name.split(".")[:2]) for name in of(path, "warehouse")} - {"warehouse"}
        assert modules <= SCHEMA_SIDE, "only the schema side of the warehouse"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "transforms").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_transforms_are_pure(path: Path) -> None:
    roots = {name.split(".")[0] for name in imports(path)}
    assert not roots & IMPURE
    text = path.read_text("utf-8")
    for word in ("datetime.now(", "date.today(", "utcnow("):
        assert word not in text, f"{word} reads the clock"
    if "lexicons" not in path.parts:
        assert " open(" not in text and ".read_text(" not in text, "files are read by lexicons only"


@pytest.mark.parametrize("name", PACKAGES)
def test_each_package_states_its_rule(name: str) -> None:
    doc = ast.get_docstring(ast.parse((ROOT / name / "__init__.py").read_text("utf-8")))
    assert doc and len(doc) > 60


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is_for_and_stays_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)), "no docstring"
    assert text.count("\n") <= 480, "a file of more than one purpose; cut it"


def test_great_expectations_and_prefect_are_imported_on_first_use() -> None:
    import subprocess
    import sys

    code = (
        "import sys, flows.run.pipeline, flows.commands.console, expectations.gate; "
        "print([m for m in ('great_expectations', 'prefect', 'spacy', 'trafilatura') if m in sys.modules])"  # noqa: E501
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
