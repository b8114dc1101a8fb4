"""What `--min-confidence` costs and keeps: the README's table, on sentences only ever scored (2 B).

    python -m benchmarks.thresholds

An event is right when type and parties are those of its sentence; wrong when one of them is not, or
the sentence has none. Others of a sentence whose event was found are not labelled and left out.
"""

from __future__ import annotations

from benchmarks.score_blind import evaluate, halves
from benchmarks.score_events import judged
from flows.resources.filters import SHOWN

THRESHOLDS = tuple(sorted({0.0, 0.3, 0.5, 0.7, 0.9, SHOWN["min_confidence"]}))


def rows() -> list[tuple[float, float, float, float]]:
    """(threshold, share of events kept, share of those right, share of sentences' events found)."""
    labelled: list[tuple[float, bool]] = []
    best: list[float] = []  # confidence of the right event of each sentence that has one
    for case, events in halves(evaluate())["2 B"]:
        if case.gold["event_type_2017"] == "NONE":
            labelled += [(event.confidence, False) for event in events]
            continue
        told = [(event.confidence, right) for event, right in judged(case, events)]
        labelled += told
        best.append(max((sure for sure, right in told if right), default=-1.0))
    found = []
    for least in THRESHOLDS:
        kept = [right for sure, right in labelled if sure >= least]
        found.append(
            (
                least,
                len(kept) / max(1, len(labelled)),
                sum(kept) / max(1, len(kept)),
                sum(sure >= least for sure in best) / max(1, len(best)),
            )
        )
    return found


def main() -> None:
    """Print the table."""
    print("| `--min-confidence` | events kept | of these right | of all events found |")
    print("|---|---|---|---|")
    for least, kept, right, recall in rows():
        print(f"| {least:g} | {kept:.0%} | {right:.0%} | {recall:.0%} |")


if __name__ == "__main__":
    main()
