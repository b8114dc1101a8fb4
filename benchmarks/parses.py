"""Parses of the gold texts, cached in `.cache/parses` so that scoring takes seconds.

The cache key is the model's name and version and the text; delete the folder to start over.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transforms.nlp.parsing.language import DEFAULT_MODEL, load, parse_texts
from transforms.nlp.parsing.parse import Parse, paragraphs

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT.parent / "shared" / "gold"
ARTICLES = ROOT.parent / "shared" / "articles"
CACHE = ROOT / ".cache" / "parses"


def records(name: str) -> list[dict[str, Any]]:
    """The records of gold file `name` ("events_dev.jsonl"); empty when it is not there."""
    path = GOLD / name
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def parsed(name: str) -> Iterator[tuple[dict[str, Any], Parse]]:
    """Each record of gold file `name` with the Parse of its `text`."""
    items = records(name)
    yield from zip(items, parses([item["text"] for item in items], label=name), strict=True)


def tokens_at(parse: Parse, start_char: int, end_char: int) -> tuple[int, int] | None:
    """Tokens that overlap characters [start_char, end_char), or None."""
    first = last = None
    for index, (start, end) in enumerate(zip(parse.starts, parse.ends, strict=True)):
        if end > start_char and start < end_char:
            first = index if first is None else first
            last = index
        elif start >= end_char:
            break
    return None if first is None or last is None else (first, last + 1)


def parses(texts: list[str], *, label: str, model: str = DEFAULT_MODEL) -> list[Parse]:
    """Parses of `texts`, from the cache when the very same list was parsed before."""
    digest = hashlib.sha256("\0".join([Parse.__module__, model, *texts]).encode()).hexdigest()[:16]
    path = CACHE / f"{label}-{digest}.pickle"
    if path.exists():
        held: list[Parse] = pickle.loads(path.read_bytes())
        return held
    nlp = load(model)
    found: list[Parse] = []
    for begin in range(0, len(texts), 64):
        chunk = texts[begin : begin + 64]
        found.extend(parse_texts(nlp, [(text, paragraphs(text)) for text in chunk]))
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=CACHE, delete=False) as handle:
        handle.write(pickle.dumps(found))
    Path(handle.name).replace(path)
    return found
