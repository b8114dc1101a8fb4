"""How many reports told as fact a reader found right: `tests/cases/asserted_rows.tsv`.

Run: `python -m benchmarks.asserted_rows`. Verdicts are of the rows as they were when drawn.
"""

from __future__ import annotations

from benchmarks.parses import ROOT
from transforms.lexicons.loader import parse_table

PATH = ROOT / "tests" / "cases" / "asserted_rows.tsv"
JUDGED = ("act", "fact", "day", "count", "place")
COLUMNS = ("page", "offset", "trigger", "type", *JUDGED, "note")


def main() -> None:
    """Print the shares right of those that can be said, and what is wrong."""
    rows = list(parse_table(PATH.read_text("utf-8"), PATH.name, COLUMNS))
    for name in JUDGED:
        said = [row[name] for row in rows if row[name] in ("right", "wrong")]
        print(f"{name:6} {said.count('right')} of {len(said)} right")
    for row in rows:
        if wrong := [name for name in JUDGED if row[name] == "wrong"]:
            print(
                f"{row['page']}:{row['offset']} {row['trigger']}: {', '.join(wrong)}; {row['note']}"
            )


if __name__ == "__main__":
    main()
