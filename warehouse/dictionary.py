"""Write `warehouse/TABLES.md`, the dictionary, from the declaration: `make docs`."""

from __future__ import annotations

from pathlib import Path

from warehouse.dialects import markdown
from warehouse.store import views
from warehouse.tables import PUBLIC

PATH = Path(__file__).with_name("TABLES.md")


def dictionary() -> str:
    """The dictionary of tables, views and macros."""
    parts = [markdown(PUBLIC), "## Views and macros", "", "| name | what it gives |", "|---|---|"]
    for name, script in views():
        about = " ".join(line[2:].strip() for line in script.splitlines() if line.startswith("--"))
        parts.append(f"| `{name.split('_', 1)[1].removesuffix('.sql')}` | {about} |")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PATH.write_text(dictionary(), "utf-8")
