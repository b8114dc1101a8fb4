"""What dates and places cost: time beside bare `nlp.pipe`, and opening the gazetteer.

The floors are of the issue: 7% of `nlp.pipe`, 0.5 s and 300 MB.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.parses import parses, records

TEXTS = 40
PIPE_RUNS, OUR_RUNS = 2, 3
_PUBLISHED = dt.date(2025, 12, 18)


def share() -> dict[str, Any] | None:
    """Seconds of both layers over seconds of bare `nlp.pipe`, one process, same texts.

    Loading and a first pass that warms the memos are outside the clock; the best of a few
    passes counts on both sides. Each verb is dated once, which is more than the events ask.
    """
    texts = [record["text"] for record in records("places_dev.jsonl")][:TEXTS]
    if not texts:
        return None
    from flows.resources.gazetteer import open_gazetteer
    from transforms.nlp.dates import date_event, find_times
    from transforms.nlp.parsing.language import load
    from transforms.nlp.parsing.parse import paragraphs
    from transforms.nlp.places.mentions import find_places

    held, gazetteer, nlp = parses(texts, label="cost"), open_gazetteer(), load(memo=False)
    pieces = [text[p.start : p.end] for text in texts for p in paragraphs(text)]
    piped, ours = [], {"dates": [0.0] * OUR_RUNS, "places": [0.0] * OUR_RUNS}
    for _ in range(PIPE_RUNS):
        began = time.perf_counter()
        for _doc in nlp.pipe(pieces, batch_size=64):
            pass
        piped.append(time.perf_counter() - began)
    for run in range(-1, OUR_RUNS):
        for parse in held:
            began = time.perf_counter()
            times = find_times(parse, _PUBLISHED)
            for token in range(len(parse)):
                if parse.pos[token] == "VERB":
                    date_event(parse, token, times, _PUBLISHED)
            between = time.perf_counter()
            find_places(parse, gazetteer)
            done = time.perf_counter()
            if run >= 0:
                ours["dates"][run] += between - began
                ours["places"][run] += done - between
    bare, dates, places = min(piped), min(ours["dates"]), min(ours["places"])
    return {
        "cost beside nlp.pipe": (dates + places) / bare,
        "floor": ".07",
        "dates": dates / bare,
        "places": places / bare,
        "words": sum(len(parse) for parse in held),
    }


_OPEN = """
import json, sys, time
from flows.resources.gazetteer import open_gazetteer
def resident():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
before, began = resident(), time.perf_counter()
gazetteer = open_gazetteer()
gazetteer.lookup("paris")
seconds = time.perf_counter() - began
for index in range(len(gazetteer)):
    gazetteer.candidate(index)
print(json.dumps([seconds, (resident() - before) / 1024]))
"""


def opening() -> dict[str, Any] | None:
    """Seconds to the first look-up in a fresh process, and MiB with every place read once.

    The file is built beforehand if it is not there. None where /proc is not.
    """
    if not Path("/proc/self/status").exists():
        return None
    from flows.resources.gazetteer import gazetteer_path, open_gazetteer

    open_gazetteer()
    done = subprocess.run(
        [sys.executable, "-c", _OPEN], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parent.parent,
    )  # fmt: skip
    seconds, mebibytes = json.loads(done.stdout)
    return {
        "gazetteer opened, seconds": seconds,
        "floor": ".5",
        "resident MiB, all places read": mebibytes,
        "memory floor": "300",
        "file MiB": gazetteer_path().stat().st_size / 2**20,
    }


def score() -> list[dict[str, Any]]:
    """Both rows; those that cannot be measured here are left out."""
    return [row for row in (share(), opening()) if row is not None]


if __name__ == "__main__":
    for row in score():
        print(row)
