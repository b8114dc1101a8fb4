"""One event or several: groups of short reports of one day's news, `tests/cases/event_groups.tsv`.

Run: `make evaluate SET="event groups"`. All reports of a part go through the pipeline and are
assigned at once, as a batch would be. Any two of them are one event when a report at the bracketed
words of one has the event id of a report at those of the other. F1 is that of "same". The half
that is `kept` was written with the other and put aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from benchmarks.annotate import resources
from benchmarks.event_pairs import pairs, plain, reports
from benchmarks.parses import ROOT, parses
from transforms.lexicons.loader import Row
from transforms.nlp.extract import Resources
from transforms.nlp.identity.assign import assign
from transforms.nlp.identity.reports import ReportKey

GROUPS = ROOT / "tests" / "cases" / "event_groups.tsv"
COLUMNS = ("part", "group", "event", "day", "report")
Told = tuple[Row, tuple[list[ReportKey], set[str]]]  # its reports, and those at the brackets


def told(held: Resources) -> list[Told]:
    """Each row with the reports of its article."""
    rows = pairs(GROUPS, COLUMNS)
    found = parses([plain(row["report"]) for row in rows], label="groups")
    return [
        (row, reports(row["report"], row["day"], number, parse, held))
        for number, (row, parse) in enumerate(zip(rows, found, strict=True))
    ]


def figures(
    held: Sequence[Told], ids: Mapping[str, str], *, of_both: bool = False
) -> tuple[float, float, float]:
    """Precision, recall and F1 of "same"; `of_both` leaves out what tells no event there."""
    hit = made = wanted = 0
    for (one, (_, first)), (two, (_, second)) in combinations(held, 2):
        if of_both and not (first and second):
            continue
        same = not {ids[key] for key in first}.isdisjoint(ids[key] for key in second)
        right = (one["group"], one["event"]) == (two["group"], two["event"])
        hit, made, wanted = hit + (same and right), made + same, wanted + right
    precision, recall = hit / max(1, made), hit / max(1, wanted)
    return precision, recall, 2 * hit / max(1, made + wanted)


def score() -> list[tuple[str, int, float, str]]:
    """F1 of "same" in each part, and where both articles tell the event."""
    held = told(resources())
    found = []
    for part in ("kept", "tuned"):
        chosen = [one for one in held if one[0]["part"] == part]
        ids = assign([report for _, (keys, _) in chosen for report in keys])
        for title, of_both in ((part, False), (f"{part}, told by both", True)):
            p, r, f = figures(chosen, ids, of_both=of_both)
            metric = f"{title}: F1 of same (P {p:.3f} R {r:.3f})"
            found.append((metric, len(chosen), f, "0.900"))
    return found


if __name__ == "__main__":
    for metric, n, value, floor in score():
        print(f"{metric:<66} n={n:<6} {value:.3f}  {floor}")
