"""Reading the packaged data files. Every mistake is named by file and line.

Three formats serve most lexicons:

* `.tsv`: the first line that is no comment names the columns; `#` starts a comment line;
  cells are tab-separated and stripped; `-` or nothing is an empty cell.
* `words/<room>.tsv`: a line a word list, `list` (module and name) and `words`, parted by `;`,
  each a word or `word=value`.
* `.txt`: one entry a line; `#` starts a comment, also behind an entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import PurePosixPath


class LexiconError(ValueError):
    """A lexicon file breaks its own format. `path` and `line` say where."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        super().__init__(f"{path}:{line}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a `.tsv` lexicon. An empty cell is ''."""

    path: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def error(self, reason: str) -> LexiconError:
        """A LexiconError for this line."""
        return LexiconError(self.path, self.line, reason)


def read_text(path: str) -> str:
    """The packaged file at `path`, relative to `transforms/lexicons`. UTF-8."""
    return resources.files(__package__).joinpath(path).read_text("utf-8")


def read_bytes(path: str) -> bytes:
    """The packaged binary file at `path`, relative to `transforms/lexicons`."""
    return resources.files(__package__).joinpath(path).read_bytes()


def names(folder: str, suffix: str) -> list[str]:
    """Paths of the files in `folder` that end in `suffix`, sorted."""
    root = resources.files(__package__).joinpath(folder)
    return sorted(
        str(PurePosixPath(folder) / item.name)
        for item in root.iterdir()
        if item.name.endswith(suffix)
    )


def parse_table(text: str, path: str, columns: Sequence[str]) -> Iterator[Row]:
    """Rows of a `.tsv` text. Raises LexiconError on other columns or a ragged line."""
    header: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if header is None:
            if cells != list(columns):
                raise LexiconError(path, number, f"columns are {cells}, expected {list(columns)}")
            header = cells
            continue
        if len(cells) > len(header):
            raise LexiconError(path, number, f"{len(cells)} cells in {len(header)} columns")
        cells += [""] * (len(header) - len(cells))
        yield Row(
            path,
            number,
            {key: "" if cell == "-" else cell for key, cell in zip(header, cells, strict=True)},
        )
    if header is None:
        raise LexiconError(path, 1, "no header line")


def table(path: str, columns: Sequence[str]) -> list[Row]:
    """Rows of the packaged `.tsv` lexicon at `path`."""
    return list(parse_table(read_text(path), path, columns))


@cache
def _word_lists(path: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in table(path, ("list", "words")):
        held = tuple(row["words"].split(";"))
        if row["list"] in found:
            raise row.error(f"{row['list']!r} stands twice")
        if len(set(held)) != len(held) or "" in held:
            raise row.error(f"{row['list']!r} holds a word twice or an empty one")
        found[row["list"]] = held
    return found


def word_list(path: str, name: str) -> tuple[str, ...]:
    """The words of one list of a `words/*.tsv` lexicon, in its order. Raises KeyError."""
    return _word_lists(path)[name]


def word_values(path: str, name: str) -> dict[str, str]:
    """The words of a list whose entries are `word=value`."""
    return dict(entry.split("=", 1) for entry in word_list(path, name))


def word_set(path: str, name: str) -> frozenset[str]:
    """`word_list` as a set."""
    return frozenset(word_list(path, name))


def parse_words(text: str, path: str) -> list[str]:
    """Entries of a `.txt` text. Raises LexiconError when an entry stands twice."""
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        entry = line.split("#", 1)[0].strip()
        if not entry:
            continue
        if entry in seen:
            raise LexiconError(path, number, f"{entry!r} stands already on line {seen[entry]}")
        seen[entry] = number
    return list(seen)


def words(path: str) -> list[str]:
    """Entries of the packaged `.txt` lexicon at `path`."""
    return parse_words(read_text(path), path)
