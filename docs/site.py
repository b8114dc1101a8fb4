"""The documentation as pages that work offline: `make site` writes `site/index.html`.

Pages come from the Markdown of the repository, the declarations of commands and tables, and the
docstrings of `dateline` and of every module. Sphinx makes them; a warning is an error.
"""

from __future__ import annotations

import ast
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = {  # page → where its Markdown lies
    "guide": "README.md",
    "dictionary": "docs/dictionary.md",
    "corrections": "docs/corrections.md",
    "cluster": "docs/cluster.md",
    "tables": "warehouse/TABLES.md",
    "lake": "docs/lake.md",
    "dyads": "docs/dyads.md",
    "architecture": "docs/architecture.md",
    "contributing": "CONTRIBUTING.md",
    "predicates": "transforms/lexicons/predicates/README.md",
    "places": "transforms/lexicons/places/README.md",
    "training": "training/README.md",
    "changes": "CHANGELOG.md",
}
PACKAGES = ("dateline", "flows", "transforms", "warehouse", "expectations")
INDEX = """# Dateline

Raw news articles in; who did what to whom, when and where, according to whom, out.

```{{toctree}}
:maxdepth: 1

{pages}
```
"""
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*)\]\(([^)\s]+)\)")


def sources(target: Path) -> None:
    """Write what Sphinx reads: every page as Markdown, and the pictures they show."""
    shutil.copy(ROOT / "docs" / "conf.py", target / "conf.py")
    for page, path in PAGES.items():
        text = (ROOT / path).read_text("utf-8")
        (target / f"{page}.md").write_text(_linked(text, Path(path), target), "utf-8")
    (target / "commands.md").write_text("\n".join(_commands()), "utf-8")
    (target / "python.md").write_text(_python(), "utf-8")
    (target / "modules.md").write_text("\n".join(_modules()), "utf-8")
    first, *others = PAGES
    pages = [first, "commands", "python", *others, "modules"]
    (target / "index.md").write_text(INDEX.format(pages="\n".join(pages)), "utf-8")


def _linked(text: str, path: Path, target: Path) -> str:
    """Links to what is a page here lead there; those to other files keep their words alone."""
    page_of = {(ROOT / held).resolve(): page for page, held in PAGES.items()}

    def link(found: re.Match[str]) -> str:
        picture, words, address = found.groups()
        if re.match(r"[a-z]+:|#", address):
            return found[0]
        name, _, anchor = address.partition("#")
        file = (ROOT / path.parent / name).resolve()
        if picture:
            shutil.copy(file, target / file.name)
            return f"![{words}]({file.name})"
        if file not in page_of:
            return words
        return f"[{words}]({page_of[file]}.md{f'#{anchor}' if anchor else ''})"

    return _LINK.sub(link, text)


def _commands() -> Iterator[str]:
    """Every command with its options, as `--help` has them."""
    import typer.main

    from flows.commands.cli import app

    yield "# Commands\n"
    yield "All read `dateline.toml` of their folder or above; options win.\n"
    group: Any = typer.main.get_command(app)
    for name, command in group.commands.items():
        for below, item in getattr(command, "commands", {"": command}).items():
            yield from _command(f"dateline {name} {below}".strip(), item)


def _command(name: str, command: Any) -> Iterator[str]:
    yield f"## {name}\n\n{command.help}\n"
    rows = [
        (", ".join(f"`{flag}`" for flag in item.opts + item.secondary_opts), item.help)
        if item.param_type_name == "option"
        else (f"`{item.name.upper()}`", getattr(item, "help", ""))
        for item in command.params
    ]
    if rows:
        yield "| option | is |\n|---|---|"
        yield from (f"| {flags} | {_cell(help)} |" for flags, help in rows)
        yield ""


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _python() -> str:
    """What `import dateline` gives, from its docstrings."""
    parts = ["# In Python\n"]
    for module in ("dateline.extraction", "dateline.store"):
        directive = f".. automodule:: {module}\n   :members:\n   :undoc-members:\n"
        parts.append(f"```{{eval-rst}}\n{directive}```\n")
    return "\n".join(parts)


def _modules() -> Iterator[str]:
    """Every module with its docstring, package by package."""
    yield "# Modules\n"
    for package in PACKAGES:
        yield f"## {package}\n"
        for path in sorted((ROOT / package).rglob("*.py")):
            said = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield f"### {name.removesuffix('.__init__')}\n\n````text\n{said}\n````\n"


def main() -> int:
    """Build the site; 0 when nothing was amiss."""
    from sphinx.cmd.build import build_main

    target = ROOT / (sys.argv[1] if len(sys.argv) > 1 else "site")
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as name:
        sources(Path(name))
        code = build_main(["-q", "-W", "--keep-going", "-b", "html", name, str(target)])
    if not code:
        sys.stdout.write(f"{target / 'index.html'}\n")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
