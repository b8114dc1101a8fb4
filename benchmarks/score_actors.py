"""Country and sector of marked parties. Run: `.venv/bin/python -m benchmarks.score_actors`.

`tests/cases/actor_cases.tsv` labels 150 source and target spans of `events_dev.jsonl` by hand.
Of each span the mention at its head counts (else the widest that overlaps it), with the country
and sector of its entity. `-` for a country means that we must give none; `-` for a sector leaves
the span out of that figure. Arguments: `-v` prints every span that is wrong.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from benchmarks.annotate import annotate
from benchmarks.parses import parsed, tokens_at
from benchmarks.score_entities import content_head
from transforms.nlp.annotations import EntityDraft, EntityLayer
from transforms.nlp.parsing.parse import Parse

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases" / "actor_cases.tsv"
Case = tuple[str, str, str, str]


def cases() -> list[Case]:
    """(record id, side, countries, sectors) of each labelled span."""
    with CASES.open(encoding="utf-8") as lines:
        rows = csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t")
        return [(row["record"], row["side"], row["country"], row["sector"]) for row in rows]


def entity_of(parse: Parse, layer: EntityLayer, start: int, end: int) -> EntityDraft | None:
    """The entity mentioned at the head of tokens [start, end), else anywhere in them."""
    head = content_head(parse, start, end)
    for token in (head, *range(start, end)):
        if found := layer.at(token):
            return layer.entities[layer.mentions[found[0]].entity]
    return None


def compare() -> list[tuple[Case, str, EntityDraft | None, bool, bool]]:
    """Each case with its text, our entity, and whether country and sector are right."""
    wanted: dict[str, list[Case]] = {}
    for case in cases():
        wanted.setdefault(case[0], []).append(case)
    found = []
    for record, parse in parsed("events_dev.jsonl"):
        layer = None
        for case in wanted.get(record["id"], ()):
            layer = layer or annotate(parse).entities
            text = record["gold"][case[1]]
            marked = record["gold"]["marked"]
            tag = f"<{case[1][0]}>"
            before = marked[: marked.index(tag)]
            for mark in ("<s>", "</s>", "<t>", "</t>"):
                before = before.replace(mark, "")
            # the party may begin before its mark: "all <t>United Nations</t> sanctions"
            begin = record["text"].find(text, max(len(before) - len(text), 0))
            tokens = tokens_at(parse, begin, begin + len(text)) if begin >= 0 else None
            entity = entity_of(parse, layer, *tokens) if tokens else None
            country = (entity.country_code if entity else None) or "-"
            sector = (entity.sector if entity else None) or "-"
            right = country in case[2].split(";"), sector in case[3].split(";")
            found.append((case, text, entity, *right))
    return found


def score() -> list[tuple[str, int, float, str]]:
    """Shares right of country (all spans) and sector (where one is given)."""
    rows = compare()
    if not rows:
        return []
    given = [row for row in rows if row[0][3] != "-"]
    return [
        ("labelled parties, country right", len(rows), sum(r[3] for r in rows) / len(rows), ".92"),
        (
            "labelled parties, sector right",
            len(given),
            sum(r[4] for r in given) / len(given),
            ".80",
        ),
    ]


def _report() -> None:
    for case, text, entity, country, sector in compare():
        if not country or not (sector or case[3] == "-"):
            ours = "nothing" if entity is None else f"{entity.country_code} {entity.sector}"
            print(f"{case[0]} {case[1]} {case[2]} {case[3]} | {text} | {ours} {entity}")


if __name__ == "__main__":
    if "-v" in sys.argv:
        _report()
    for metric, count, value, floor in score():
        print(f"{metric:<48} n={count:<6} {value:.3f}  {floor}")
