"""A project's own dictionary, read from its folder. Formats: `docs/dictionary.md`."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path

from transforms.dictionary.entries import EMPTY, Dictionary
from transforms.dictionary.read import COLUMNS, read
from transforms.lexicons.loader import LexiconError
from warehouse.errors import DatelineError


def dictionary_of(folder: Path | None) -> Dictionary:
    """The dictionary of a folder, the empty one for None; read again when a file changes.

    Raises DatelineError that names the folder, or file and line of a mistake.
    """
    if folder is None:
        return EMPTY
    if not folder.is_dir():
        reason = "no such folder; `dateline dictionary new` makes one"
        raise DatelineError(reason, subject=f"dictionary {folder}")
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix == ".tsv":
            held = path.stat()
            found.append((str(path), held.st_mtime_ns, held.st_size))
    return _read(tuple(found))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[str, int, int], ...]) -> Dictionary:
    texts = {}
    for name, _, _ in files:
        try:
            texts[name] = Path(name).read_text("utf-8-sig")
        except UnicodeDecodeError:
            raise DatelineError("is not UTF-8", subject=name) from None
    try:
        return read(texts)
    except LexiconError as error:
        raise DatelineError(error.reason, subject=f"{error.path}:{error.line}") from None


def templates() -> dict[str, str]:
    """A file for each kind, with what its columns are and an example of each in comments."""
    folder = resources.files("flows.resources") / "taught"
    return {f"{name}.tsv": (folder / f"{name}.tsv").read_text("utf-8") for name in COLUMNS}
