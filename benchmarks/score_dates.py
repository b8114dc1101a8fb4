"""Temporal expressions of TempEval-3 platinum, and the dates of the seed events."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from typing import Any

from benchmarks import when_where_cost
from benchmarks.parses import ARTICLES, parsed, parses, records
from transforms.nlp.dates import date_event, find_times

SCORED = ("DATE", "DURATION")


def score(*, errors: bool = False) -> list[dict[str, Any]]:
    """Span F1 (relaxed and strict) over all types; value F1 over DATE and DURATION.

    The last row is the cost of dates and places beside bare `nlp.pipe`.
    """
    gold_n = found_n = relaxed = strict = 0
    value_gold = value_found = value_hit = 0
    other_gold = other_found = other_hit = 0
    classes: Counter[str] = Counter()
    tokens = 0
    for record, parse in parsed("dates_dev.jsonl"):
        published = dt.date.fromisoformat(record["date"])
        times = find_times(parse, published)
        tokens += len(parse)
        gold = record["gold"]["timex"]
        gold_n += len(gold)
        found_n += len(times)
        value_gold += sum(g["type"] in SCORED for g in gold)
        value_found += sum(t.timex_type in SCORED for t in times)
        other_gold += sum(g["type"] not in SCORED for g in gold)
        other_found += sum(t.timex_type not in SCORED for t in times)
        used: set[int] = set()
        for g in gold:
            hit = None
            for number, time in enumerate(times):
                first, last = parse.starts[time.start], parse.ends[time.end - 1]
                if number not in used and first < g["end"] and last > g["start"]:
                    hit = number
                    break
            if hit is None:
                classes["missed"] += 1
                if errors:
                    print("MISS ", _near(record["text"], g), "|", g["type"], g["value"])
                continue
            used.add(hit)
            time = times[hit]
            relaxed += 1
            span = parse.starts[time.start], parse.ends[time.end - 1]
            strict += span == (g["start"], g["end"])
            right = time.timex_value == g["value"]
            if g["type"] in SCORED and time.timex_type in SCORED:
                value_hit += right
            elif g["type"] == time.timex_type:
                other_hit += right
            if not right:
                classes["value"] += 1
                if errors:
                    ours = parse.span_text(time.start, time.end), time.timex_value
                    print("VALUE", _near(record["text"], g), "|", g["value"], "| ours", *ours)
        for number, time in enumerate(times):
            if number not in used:
                classes["spurious"] += 1
                if errors:
                    around = max(0, time.start - 4), min(len(parse), time.end + 4)
                    print("EXTRA", parse.span_text(*around), "|", time.timex_type, time.timex_value)
    rows: list[dict[str, Any]] = []
    if gold_n:
        rows.append(
            {
                "set": "dates_dev",
                "n": gold_n,
                "span F1 relaxed": _f(relaxed, found_n, gold_n),
                "strict": _f(strict, found_n, gold_n),
                "value F1 (DATE, DURATION)": _f(value_hit, value_found, value_gold),
                "value F1 (TIME, SET)": _f(other_hit, other_found, other_gold),
                "errors": dict(classes),
            }
        )
    rows += seed(errors=errors)
    cost = when_where_cost.share()
    return [*rows, cost] if cost is not None else rows


def _near(text: str, gold: dict[str, Any]) -> str:
    return str(text[max(0, gold["start"] - 40) : gold["end"] + 20]).replace("\n", " ")


def _f(hit: int, found: int, gold: int) -> float:
    return 2 * hit / (found + gold) if found + gold else 0.0


def seed(*, errors: bool = False) -> list[dict[str, Any]]:
    """Dates of the seed events, given their sentence and trigger; one without a date has none.

    A trigger that its sentence holds twice counts as right where one of the two is. Events
    that the gold marks `date_optional` are left out; the row says how many.
    """
    path = next(ARTICLES.glob("000_*.txt"), None)
    labelled = records("seed_events.jsonl")
    events = [event for event in labelled if not event.get("date_optional")]
    if path is None or not events:
        return []
    _, day, text = path.read_text("utf-8").split(None, 2)
    published = dt.date.fromisoformat(day)
    (parse,) = parses([text], label="seed")
    times = find_times(parse, published)
    right = 0
    for event in events:
        at = text.find(event["sentence"])
        sent = next((s for s in parse.sents if s.end_char > at >= s.start_char), None)
        tokens = (
            [t for t in range(sent.start, sent.end) if parse.words[t] == event["trigger"]]
            if sent and at >= 0
            else []
        )
        got = {
            date_event(parse, t, times, published, modality=event["modality"]).edtf for t in tokens
        }
        right += event.get("event_date") in got
        if errors and event.get("event_date") not in got:
            print("SEED ", event["id"], event["trigger"], event.get("event_date"), got)
    return [
        {
            "set": "seed events",
            "n": len(events),
            "dates right": right,
            "left out (date_optional)": len(labelled) - len(events),
        }
    ]


if __name__ == "__main__":
    for row in score(errors="--errors" in sys.argv):
        print(row)
