"""What makes stored rows stale: a changed rule, sense or word does, words about them do not."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.resources.version import EXTRACTS, code_of, rules_digest
from tests.conftest import ROOT
from tests.test_architecture import of

SOURCE = ROOT / "transforms"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of `transforms` to change."""
    return shutil.copytree(
        SOURCE, tmp_path / "transforms", ignore=shutil.ignore_patterns("__pycache__")
    )


def _edit(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, "utf-8")


def _rename(package: Path) -> None:
    leaders = package / "lexicons" / "actors" / "leaders.tsv"
    leaders.rename(leaders.with_name("heads.tsv"))
    code = package / "nlp" / "names" / "actors.py"
    _edit(code, lambda text: text.replace("actors/leaders.tsv", "actors/heads.tsv"))


def _first(package: Path, pattern: str) -> Path:
    return min(package.glob(pattern))


SAME: dict[str, Callable[[Path], None]] = {
    "a comment": lambda p: _edit(p / "nlp/extract.py", lambda t: t + "\n# A remark.\n"),
    "a comment behind code": lambda p: _edit(
        p / "rows.py",
        lambda t: t.replace("import datetime as dt\n", "import datetime as dt  # x\n"),
    ),
    "a docstring": lambda p: _edit(p / "nlp/extract.py", lambda t: t.replace("One article", "An")),
    "a reader": lambda p: _edit(p / "readers/plain.py", lambda t: t + "\nx = 1\n"),
    "a comment in a lexicon": lambda p: _edit(
        p / "lexicons/actors/leaders.tsv", lambda t: "# A remark.\n" + t
    ),
    "an example": lambda p: _edit(
        _first(p, "lexicons/predicates/agree.tsv"), lambda t: t.rstrip("\n") + " Indeed.\n"
    ),
    "a renamed lexicon": _rename,
    "a cache": lambda p: (p / "nlp" / "__pycache__").mkdir(),
}
MOVED: dict[str, Callable[[Path], object]] = {
    "a rule": lambda p: _edit(p / "nlp/extract.py", lambda t: t + "\nx = 1\n"),
    "a mark in a string": lambda p: _edit(
        p / "nlp/places/toponym.py", lambda t: t.replace('"the"', '"# the"', 1)
    ),
    "a sense": lambda p: _edit(
        _first(p, "lexicons/predicates/agree.tsv"), lambda t: t.replace("|obj", "", 1)
    ),
    "a sense less": lambda p: _edit(
        _first(p, "lexicons/predicates/aid.tsv"), lambda t: t.rstrip("\n").rpartition("\n")[0]
    ),
    "a word": lambda p: _edit(_first(p, "lexicons/classes/*.txt"), lambda t: t + "\nzebra\n"),
    "another lexicon for one": lambda p: _edit(
        p / "nlp/names/actors.py", lambda t: t.replace("actors/leaders.tsv", "actors/countries.tsv")
    ),
    "a renamed type": lambda p: _first(p, "lexicons/predicates/agree.tsv").rename(
        p / "lexicons/predicates/aid.tsv"
    ),
    "weights": lambda p: (p / "nlp" / "events" / "weights.bin").write_bytes(b"1"),
}


@pytest.mark.parametrize("name", SAME)
def test_rows_stay_current(package: Path, name: str) -> None:
    SAME[name](package)
    assert rules_digest(package) == rules_digest(SOURCE)


@pytest.mark.parametrize("name", MOVED)
def test_rows_become_stale(package: Path, name: str) -> None:
    MOVED[name](package)
    assert rules_digest(package) != rules_digest(SOURCE)


class _Plain(ast.NodeTransformer):
    """Strings that are statements become `pass`."""

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return ast.Pass()
        return node


def test_code_without_comments_and_docstrings_is_the_same_code() -> None:
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text("utf-8")
        wanted = ast.dump(_Plain().visit(ast.parse(text)))
        assert ast.dump(ast.parse(code_of(text))) == wanted, path


def test_all_that_extraction_imports_is_digested() -> None:
    """Of `articles`, `rows` takes only the type of its argument."""
    digested = {f"transforms.{name.removesuffix('.py').replace('/', '.')}" for name in EXTRACTS}
    for name in EXTRACTS:
        place = SOURCE / name
        for path in place.rglob("*.py") if place.is_dir() else [place]:
            for module in of(path, "transforms") - {"transforms"}:
                known = any(module == d or module.startswith(d + ".") for d in digested)
                loader = module in {"transforms.lexicons", "transforms.lexicons.LexiconError"}
                assert known or loader or module.startswith("transforms.articles"), (path, module)
