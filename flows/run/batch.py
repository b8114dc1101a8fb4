"""Articles that are loaded together, on their way from a source to the warehouse."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from flows.run.pool import Job
from flows.run.workers import Extracted
from transforms.articles import Article
from warehouse.tables import BY_MENTION


@dataclass(slots=True)
class Batch:
    """Articles that are loaded together, with the files they came from."""

    number: int
    first_file: str = ""
    jobs: list[tuple[Job, list[Article]]] = field(default_factory=list)
    parts: list[Extracted] = field(default_factory=list)
    current: dict[str, str] = field(default_factory=dict)  # article_id → content of this batch
    superseded: bool = False
    known: list[str] = field(default_factory=list)
    retracted: list[str] = field(default_factory=list)  # articles a file withdraws
    versions: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    same_files: list[str] = field(default_factory=list)  # of these, those with the same bytes
    read: list[str] = field(default_factory=list)  # addresses of files that were read, or tried
    refused: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0
    chars: int = 0  # of the texts to extract


def only_current(part: Extracted, current: dict[str, str]) -> Extracted:
    """The part without texts that a later one in the same batch replaced."""
    held = pl.DataFrame(
        {"article_id": list(current), "content_sha256": list(current.values())},
        schema={"article_id": pl.String, "content_sha256": pl.String},
    )
    frames = dict(part.frames)
    articles = frames["articles"].join(held, on=["article_id", "content_sha256"], how="semi")
    if articles.height == frames["articles"].height:
        return part
    for name, rows in frames.items():
        if "article_id" in rows.columns:
            frames[name] = rows.join(articles, on="article_id", how="semi")
    for name in BY_MENTION:
        frames[name] = frames[name].join(
            frames["event_mentions"], on="event_mention_id", how="semi"
        )
    return Extracted(frames, part.errors, part.words)
