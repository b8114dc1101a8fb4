"""Mutated inputs and bombs: every file is accounted for, and its neighbour is loaded."""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.chaos.process import ROOT, Row, fault_of, follow, start
from warehouse.connection import value
from warehouse.store import open_reader

_LARGEST = 12_000  # bytes of a file that is mutated
_LITTLE = "Peru and Chile signed a treaty in Lima on 3 March 2026, the two governments said."
_RUN = """
import sys
from pathlib import Path
from benchmarks.chaos.deed import run
from flows.resources.settings import settings
if __name__ == "__main__":
    run(settings(warehouse=Path(sys.argv[1]), processes=2), Path(sys.argv[2]))
"""


def mutated(folder: Path, count: int, seed: int, patience: float) -> Iterator[Row]:
    """A row: `count` files made of the examples by flips, cuts, repeats and splices."""
    rng = random.Random(seed)
    inbox = folder / "mutants"
    inbox.mkdir()
    bases = [
        path for path in sorted((ROOT / "examples" / "articles").rglob("*"))
        if path.is_file() and path.stat().st_size < _LARGEST
    ]  # fmt: skip
    for number in range(count):
        base = rng.choice(bases)
        other = rng.choice(bases).read_bytes()
        data = mutant(base.read_bytes(), other, rng)
        (inbox / f"{number:05d}{base.suffix}").write_bytes(data)
    yield _loaded(Row("inputs", f"{count:,} mutated"), folder, "mutants", count, patience * count)


def mutant(data: bytes, other: bytes, rng: random.Random) -> bytes:
    """The bytes with one to four changes."""
    held = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(held) + 1)
        kind = rng.randrange(6)
        if kind == 0 and held:
            held[at % len(held)] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del held[at : at + rng.randint(1, 400)]
        elif kind == 2:
            held[at:at] = held[at : at + 200] * rng.randint(1, 20)
        elif kind == 3:
            begin = rng.randrange(len(other) + 1)
            held[at:at] = other[begin : begin + rng.randint(1, 2000)]
        elif kind == 4:
            held[at:at] = rng.randbytes(rng.randint(1, 40))
        else:
            del held[at:]
    return bytes(held)


def bombs(folder: Path, patience: float) -> Iterator[Row]:
    """A row each."""
    for number, (name, (suffix, data)) in enumerate(BOMBS.items()):
        inbox = folder / f"bomb-{number}"
        inbox.mkdir()
        (inbox / f"bomb.{suffix}").write_bytes(data())
        (inbox / "good.txt").write_text(f"date 2026-03-04\n\n{_LITTLE}\n", "utf-8")
        yield _loaded(Row("bombs", name), folder, inbox.name, 2, patience)


def _loaded(row: Row, folder: Path, inbox: str, count: int, patience: float) -> Row:
    script, path = folder / "run.py", folder / f"{inbox}.duckdb"
    script.write_text(_RUN, "utf-8")
    done = follow(start([script, path, folder / inbox]), patience)
    fault = fault_of(done) or (f"exit {done.code}: {done.out[-90:]}" if done.code else "")
    if not fault:
        con = open_reader(path)
        seen = value(con, "SELECT count(*) FROM files")
        good = value(con, "SELECT count(*) FROM files WHERE status = 'loaded'")
        lost = value(con, "SELECT count(*) FROM quarantine WHERE kind = 'row'")
        con.close()
        if seen != count or not good:
            fault = f"{seen} of {count} files accounted for, {good} loaded"
        elif lost:
            fault = f"{lost} rows of our own refused"
    row.add(done, fault)
    return row


def _sparse() -> bytes:
    info = tarfile.TarInfo("a.txt")
    sparse = {"major": "0", "minor": "1", "name": "a.txt", "size": str(2**32), "map": "0,0"}
    info.pax_headers = {f"GNU.sparse.{name}": text for name, text in sparse.items()}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO())
    return out.getvalue()


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _nested() -> bytes:
    data = b"0" * (16 * 2**20)
    for _ in range(4):
        data = _zip({f"{n}.zip" if data[:2] == b"PK" else f"{n}.txt": data for n in range(10)})
    return data


def _text(body: str) -> bytes:
    return f"date 2026-03-04\n\n{_LITTLE}\n\n{body}\n\n{_LITTLE}\n".encode()


def _mail() -> bytes:
    words = "\n ".join("=?utf-8?q?word?=" for _ in range(20_000))
    return (f"From: a@example.org\nTo: b@example.org\nDate: Wed, 04 Mar 2026 10:00:00 +0000\n"
            f"Subject: {words}\n\n{_LITTLE}\n").encode()  # fmt: skip


BOMBS = {
    "tar of a sparse file": ("tar", _sparse),
    "zips in zips": ("zip", _nested),
    "4 GiB of zeros in gzip": ("txt.gz", lambda: gzip.compress(b"0" * 2**28) * 16),
    "24,000 quotation marks": ("txt", lambda: _text('"' * 24_000)),
    "24,000 brackets": ("txt", lambda: _text("(" * 24_000)),
    "40,000 ‹": ("txt", lambda: _text("‹" * 40_000)),
    "80,000 empty lines": ("txt", lambda: _text("\n" * 80_000)),
    "a subject of 20,000 words": ("eml", _mail),
    "a list of 800 places": (
        "txt", lambda: _text("Envoys of " + ", ".join(f"Peru, Chile, Lima {n}" for n in range(800)) + " met."),  # noqa: E501
    ),
    "brackets 100,000 deep": ("json", lambda: b"[" * 100_000 + b"]" * 100_000),
    "a number of 100,000 digits": (
        "jsonl", lambda: b'{"id": 1' + b"0" * 100_000 + b', "text": "x"}\n' + json.dumps(
            {"title": "T", "date": "2026-03-04", "text": _LITTLE}).encode(),
    ),
    "tags 60,000 deep": ("html", lambda: b"<html><body>" + b"<div>" * 60_000 + _LITTLE.encode()),
    "entities in entities": (
        "xml", lambda: b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">' + b"".join(
            f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">'.encode() for n in range(9)
        ) + b"]><rss><channel><item><title>&j;</title></item></channel></rss>",
    ),
}  # fmt: skip
