"""Sector and country of role phrases of our own. `-v` prints those that are wrong.

Run: `.venv/bin/python -m benchmarks.role_phrases`. Of each phrase in `tests/cases/role_phrases.tsv`
the widest mention at its head counts, else any inside it.
"""

from __future__ import annotations

import csv
import sys

from benchmarks.annotate import annotate
from benchmarks.parses import ROOT, parses, tokens_at
from benchmarks.score_actors import entity_of
from transforms.nlp.annotations import EntityDraft

CASES = ROOT / "tests" / "cases" / "role_phrases.tsv"
Found = tuple[str, list[str], list[str], EntityDraft | None]


def compare() -> list[Found]:
    """(phrase, sectors, countries, our entity) of each case."""
    with CASES.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t"))
    texts = [
        f"{row['phrase'][0].upper()}{row['phrase'][1:]} met reporters in the afternoon."
        for row in rows
    ]
    found: list[Found] = []
    for row, parse in zip(rows, parses(texts, label="role_phrases"), strict=True):
        tokens = tokens_at(parse, 0, len(row["phrase"]))
        layer = annotate(parse).entities
        entity = entity_of(parse, layer, *tokens) if tokens else None
        found.append((row["phrase"], row["sector"].split(";"), row["country"].split(";"), entity))
    return found


def _right(found: Found) -> tuple[bool, bool]:
    _, sectors, countries, entity = found
    sector = (entity.sector if entity else None) or "-"
    country = (entity.country_code if entity else None) or "-"
    return sector in sectors, country in countries


def score() -> list[tuple[str, int, float, str]]:
    """Shares right of sector and country."""
    rows = [_right(found) for found in compare()]
    return [
        ("role phrases, sector right", len(rows), sum(r[0] for r in rows) / len(rows), ""),
        ("role phrases, country right", len(rows), sum(r[1] for r in rows) / len(rows), ""),
    ]


if __name__ == "__main__":
    if "-v" in sys.argv:
        for found in compare():
            if not all(_right(found)):
                print(*found)
    for metric, n, value, floor in score():
        print(f"{metric:<48} n={n:<6} {value:.3f}  {floor}")
