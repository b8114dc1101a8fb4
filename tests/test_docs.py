"""What the README and the dictionary say is true."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from flows.commands.cli import app
from tests.conftest import ROOT
from warehouse.tables import PUBLIC

README = (ROOT / "README.md").read_text("utf-8")
GUIDES = {
    name: (ROOT / name).read_text("utf-8")
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/security.md",
        "docs/cluster.md",
    )
}


def test_the_dictionary_is_current() -> None:
    from warehouse.dictionary import PATH, dictionary

    assert PATH.read_text("utf-8") == dictionary(), "run `make docs`"


def test_every_command_is_in_the_readme() -> None:
    import typer.main

    command: Any = typer.main.get_command(app)
    for name, item in command.commands.items():
        assert f"dateline {name}" in README, f"undocumented: dateline {name}"
        assert item.help


def test_every_make_target_in_the_guides_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for name, text in GUIDES.items():
        for target in set(re.findall(r"`make ([a-z-]+)", text)):
            assert re.search(rf"^{target}:", makefile, re.M), f"{name}: make {target}"


def test_every_path_in_the_guides_exists() -> None:
    """Capitals stand for a name to choose."""
    folders = "flows|transforms|warehouse|expectations|tests|examples|benchmarks|docs"
    for name, text in GUIDES.items():
        for path in set(re.findall(rf"`((?:{folders})/[\w./-]*)`", text)):
            if not re.search(r"[A-Z]{3}", path.removesuffix("TABLES.md")):
                assert (ROOT / path).exists(), f"{name}: {path}"


def test_every_room_is_in_the_picture() -> None:
    text = GUIDES["docs/architecture.md"]
    for path in (ROOT / "flows").iterdir():
        if path.is_dir() and path.name[0] != "_":
            assert f"`flows/{path.name}/`" in text, path.name


def test_every_setting_is_in_the_readme() -> None:
    from flows.resources.settings import Settings

    named = set(re.findall(r"`DATELINE_([A-Z_]+)`", README))
    fields = {name.upper() for name in Settings.model_fields}
    assert fields <= named
    assert named - fields == {"CACHE", "PROJECT", "REGISTERED"}


def test_every_query_in_the_readme_runs(con: Any) -> None:
    found = re.findall(r'dateline query "([^"]+)"', README)
    assert found
    for sql in found:
        con.execute(sql).fetchall()


def test_the_printed_results_are_those_of_the_examples(example_warehouse: Path) -> None:
    pairs = re.findall(r'```sh\n\S*dateline query "([^"]+)"\n```\n\n```\n(.*?)```', README, re.S)
    assert pairs
    for sql, printed in pairs:
        done = CliRunner().invoke(app, ["query", sql, "--warehouse", str(example_warehouse)])
        assert _lines(done.stdout) == _lines(printed), sql


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def test_no_registry_host_is_named() -> None:
    hosts = re.compile(r"https?://[^\s]*(pypi|pythonhosted|artifactory|nexus|registry\.npm)", re.I)
    for name in ("requirements.txt", "pyproject.toml", "Makefile", "README.md", "CHANGELOG.md"):
        assert not hosts.search((ROOT / name).read_text("utf-8")), name


def test_every_public_table_is_in_the_dictionary() -> None:
    text = (ROOT / "warehouse" / "TABLES.md").read_text("utf-8")
    for table in PUBLIC:
        assert f"## {table.name}\n" in text
