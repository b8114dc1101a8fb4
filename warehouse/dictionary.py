"""Write `warehouse/TABLES.md`, the dictionary, from the declaration: `make docs`."""

from __future__ import annotations

from itertools import groupby, takewhile
from pathlib import Path

from warehouse.dialects import markdown
from warehouse.store import views
from warehouse.tables import PUBLIC
from warehouse.view_columns import meanings

PATH = Path(__file__).with_name("TABLES.md")


def dictionary() -> str:
    """The dictionary of tables, views and macros."""
    parts = [markdown(PUBLIC), "## Views and macros", "", "| name | what it gives |", "|---|---|"]
    for name, script in views():
        if name.endswith(".sql"):
            parts.append(f"| `{_name(name)}` | {_about(script)} |")
    for view, columns in groupby(meanings().items(), key=lambda item: item[0][0]):
        parts += ["", f"### {view}", "", "| column | meaning |", "|---|---|"]
        parts += [f"| `{column}` | {meaning} |" for (_, column), meaning in columns]
    return "\n".join(parts) + "\n"


def _name(file: str) -> str:
    return file.split("_", 1)[1].removesuffix(".sql")


def _about(script: str) -> str:
    """The comment a script begins with."""
    lines = takewhile(lambda line: line.startswith("--"), script.splitlines())
    return " ".join(line[2:].strip() for line in lines)


if __name__ == "__main__":
    PATH.write_text(dictionary(), "utf-8")
