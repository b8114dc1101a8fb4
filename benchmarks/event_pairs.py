"""One event or two: pairs of short reports through the pipeline, `tests/cases/event_pairs.tsv`.

Run: `make evaluate SET="event pairs"`. A pair counts as one event when a report at the bracketed
words of one article has the event id of a report at those of the other; where a sentence names
the act twice ("[killed] 11 in a [raid]"), either word will do. F1 is that of "same".
Half the pairs were written and put aside before the code was changed (`kept`). Pairs of which an
article tells no event at the bracketed words are counted as told apart, and once more left out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.annotate import reports_of, resources
from benchmarks.parses import ROOT, parses
from transforms import rollups
from transforms.lexicons.loader import Row, parse_table
from transforms.nlp.extract import Resources
from transforms.nlp.identity.assign import assign
from transforms.nlp.identity.reports import ReportKey
from transforms.nlp.parsing.parse import Parse
from transforms.readers import RawArticle

PAIRS = ROOT / "tests" / "cases" / "event_pairs.tsv"
COLUMNS = ("part", "label", "kind", "first_day", "first", "second_day", "second")
SIDES = ("first", "second")
_BRACKETS = re.compile(r"\[.*?\]")


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair, whether it came out as one event, and whether both articles tell one there."""

    pair: Row
    same: bool
    told: bool

    @property
    def right(self) -> bool:
        """Whether the pair is as labelled."""
        return self.same == (self.pair["label"] == "same")


def pairs(path: Path = PAIRS, columns: Sequence[str] = COLUMNS) -> list[Row]:
    """Rows of a file of pairs."""
    return list(parse_table(path.read_text("utf-8"), path.name, columns))


def plain(marked: str) -> str:
    """The text of a report without its brackets."""
    return marked.replace("[", "").replace("]", "")


def reports(
    marked: str, day: str, number: int, parse: Parse, held: Resources
) -> tuple[list[ReportKey], set[str]]:
    """All reports of an article, and the mentions whose trigger stands in brackets."""
    raw = RawArticle(text=plain(marked), title=f"Report {number}", published=day)
    published = dt.date.fromisoformat(day)
    joined = reports_of(raw, parse, held, source_uri=f"{number}.txt", today=published)
    assert joined is not None
    spans = [
        (found.start() - 2 * before, found.end() - 2 * before - 2)
        for before, found in enumerate(_BRACKETS.finditer(marked))
    ]
    meant = {
        row["event_mention_id"]
        for row in joined.iter_rows(named=True)
        if any(row["trigger_start"] < end and at < row["trigger_end"] for at, end in spans)
    }
    return list(rollups.report_keys(joined)), meant


def judged(cases: Sequence[Row], held: Resources) -> list[Judged]:
    """Each pair through the pipeline, by itself."""
    texts = [plain(row[side]) for row in cases for side in SIDES]
    found = parses(texts, label="pairs")
    out: list[Judged] = []
    for number, row in enumerate(cases):
        told: list[tuple[list[ReportKey], set[str]]] = [
            reports(row[side], row[f"{side}_day"], at, found[at], held)
            for at, side in enumerate(SIDES, start=2 * number)
        ]
        ids = assign([report for keys, _ in told for report in keys])
        first, second = ({ids[key] for key in meant} for _, meant in told)
        out.append(Judged(row, bool(first & second), bool(first and second)))
    return out


def same_figures(cases: Sequence[Judged]) -> tuple[float, float, float]:
    """Precision, recall and F1 of "same"."""
    hit = sum(case.same and case.right for case in cases)
    made = sum(case.same for case in cases)
    wanted = sum(case.pair["label"] == "same" for case in cases)
    precision, recall = hit / max(1, made), hit / max(1, wanted)
    return precision, recall, 2 * hit / max(1, made + wanted)


def score() -> list[tuple[str, int, float, str]]:
    """F1 of "same" on all pairs, each part, and where both articles tell the event."""
    cases = judged(pairs(), resources())
    told = [case for case in cases if case.told]
    found = []
    for title, held in (
        ("all pairs", cases),
        ("kept pairs", [case for case in cases if case.pair["part"] == "kept"]),
        ("tuned pairs", [case for case in cases if case.pair["part"] == "tuned"]),
        ("pairs told by both", told),
        ("kept pairs told by both", [case for case in told if case.pair["part"] == "kept"]),
    ):
        p, r, f = same_figures(held)
        floor = "0.900" if title == "all pairs" else ""
        found.append((f"{title}: F1 of same (P {p:.3f} R {r:.3f})", len(held), f, floor))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", help="name the wrong pairs of one part: kept, tuned")
    asked = parser.parse_args()
    for metric, n, value, floor in score():
        print(f"{metric:<66} n={n:<6} {value:.3f}  {floor}")
    if asked.part:
        for case in judged([row for row in pairs() if row["part"] == asked.part], resources()):
            if not case.right:
                why = "" if case.told else " (no event told at the brackets of one)"
                print(f"line {case.pair.line}: {case.pair['kind']} ({case.pair['label']}){why}")
