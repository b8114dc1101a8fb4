"""What goes between a run and workers elsewhere: files in a folder that all see.

The folder of a run holds `NAME.work`, the pickled arguments of a call, and `NAME/`, its answer:
rows as Parquet, and `answer.json`, written last. Who names a pickle also tells its SHA-256, so that
a worker runs nothing that merely lies there; answers are data, and nothing in them is run.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import pickle
import secrets
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from flows.run.workers import Extracted, FileRead
from transforms.articles import Article
from transforms.readers import ReadError
from transforms.rows import frames
from warehouse.errors import DatelineError

_SIGN = "answer.json"  # an answer without it is not whole
_ARTICLES = "read"  # no table has this name
_MOMENT = pl.Datetime("us")
_ARTICLE: dict[str, Any] = {
    "file": pl.Int64, **{item.name: pl.String for item in dataclasses.fields(Article)},
    "authors": pl.List(pl.String), "doubts": pl.List(pl.String), "published_at": _MOMENT,
    "modified": _MOMENT, "dateline_end": pl.Int64, "word_count": pl.Int64, "utc_offset": pl.Int64,
    "retracted": pl.Boolean,
}  # fmt: skip


class Exchange:
    """A folder, by path or fsspec address. Raises OSError where it cannot be reached."""

    def __init__(self, folder: str) -> None:
        from fsspec.core import url_to_fs

        self.folder = folder
        self.fs, root = url_to_fs(folder)
        self.root = root.rstrip("/")
        self.local = Path(self.root) if "file" in self.fs.protocol else None

    def make(self) -> None:
        """Make the folder, where it is one."""
        if self.local:
            self.local.mkdir(parents=True, exist_ok=True)

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write files by name, in order, each whole or not at all.

        A folder that was removed is not made again: its run has ended.
        """
        for name, data in files.items():
            if not self.local:
                self.fs.pipe_file(f"{self.root}/{name}", data)
                continue
            path = self.local / name
            if path.parent != self.local:
                path.parent.mkdir(exist_ok=True)
            part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            part.write_bytes(data)
            part.replace(path)

    def get(self, name: str, sha256: str | None = None) -> bytes:
        """One file. Raises DatelineError when it is not the one of this digest."""
        data: bytes = self.fs.cat_file(f"{self.root}/{name}")
        if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
            raise DatelineError("is not what the run wrote there", subject=f"{self.folder}/{name}")
        return data

    def remove(self, *names: str) -> None:
        """Delete these files and folders, where they are there; without names, all of it."""
        for path in [f"{self.root}/{name}" for name in names] or [self.root]:
            try:
                self.fs.rm(path, recursive=True)
            except FileNotFoundError:
                continue

    def runs(self) -> list[str]:
        """The names of the folders in it."""
        try:
            listed = self.fs.ls(self.root, detail=False, refresh=True)
        except FileNotFoundError:
            return []
        return [str(path).rstrip("/").rsplit("/", 1)[-1] for path in listed]

    def ask(self, name: str, value: Any) -> str:
        """Write the arguments of a call, or anything. Returns their SHA-256."""
        data = pickle.dumps(value, protocol=5)
        self.put({f"{name}.work": data})
        return hashlib.sha256(data).hexdigest()

    def asked(self, name: str, sha256: str) -> Any:
        """What `ask` wrote, if it is that."""
        return pickle.loads(self.get(f"{name}.work", sha256))

    def answer(self, name: str, value: Any) -> None:
        """Write what a call gave: Extracted, or FileRead of several files."""
        rows, rest = _taken_apart(value)
        held = {kind: frame for kind, frame in rows.items() if frame.height}
        files = {f"{name}/{kind}.parquet": _parquet(frame) for kind, frame in held.items()}
        sign = json.dumps({**rest, "held": sorted(held)})
        self.put({**files, f"{name}/{_SIGN}": sign.encode()})

    def is_answered(self, name: str) -> bool:
        """Has some worker written the whole answer?"""
        return bool(self.fs.exists(f"{self.root}/{name}/{_SIGN}"))

    def answered(self, name: str) -> Any:
        """What `answer` was given."""
        rest = json.loads(self.get(f"{name}/{_SIGN}"))
        paths = {kind: f"{self.root}/{name}/{kind}.parquet" for kind in rest.pop("held")}
        found = self.fs.cat(list(paths.values())) if paths else {}  # at once, where that is faster
        rows = {kind: pl.read_parquet(io.BytesIO(found[path])) for kind, path in paths.items()}
        return _put_together(rows, rest)


def _parquet(frame: pl.DataFrame) -> bytes:
    held = io.BytesIO()
    frame.write_parquet(held, compression="lz4", statistics=False)
    return held.getvalue()


def _taken_apart(value: Any) -> tuple[dict[str, pl.DataFrame], dict[str, Any]]:
    """(rows, what JSON can hold)."""
    if isinstance(value, Extracted):
        rest = {"errors": value.errors, "words": value.words, "unread": value.unread}
        return value.frames, {"extracted": rest}
    files = [
        {"format": file.format, "errors": [dataclasses.astuple(error) for error in file.errors]}
        for file in value
    ]
    articles = [
        {"file": number, **{name: getattr(article, name) for name in Article.__slots__}}
        for number, file in enumerate(value)
        for article in file.articles
    ]
    return {_ARTICLES: pl.DataFrame(articles, schema=_ARTICLE)}, {"files": files}


def _put_together(rows: dict[str, pl.DataFrame], rest: dict[str, Any]) -> Any:
    if "extracted" in rest:
        held = rest["extracted"]
        errors = [(key, reason) for key, reason in held["errors"]]
        return Extracted(frames({}) | rows, errors, held["words"], Counter(held["unread"]))
    read = [
        FileRead(file["format"], [], [ReadError(*error) for error in file["errors"]])
        for file in rest["files"]
    ]
    for row in rows[_ARTICLES].iter_rows(named=True) if rows else ():
        read[row.pop("file")].articles.append(Article(**row))
    return read
