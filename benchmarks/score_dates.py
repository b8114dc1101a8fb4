"""Temporal expressions of TempEval-3 platinum, and the dates of the seed events."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from typing import Any

from benchmarks.parses import ARTICLES, parsed, parses, records
from transforms.nlp.dates import date_event, find_times

SCORED = ("DATE", "DURATION")


def score(*, errors: bool = False) -> list[dict[str, Any]]:
    """Span F1 (relaxed and strict) over all types; value F1 over DATE and DURATION."""
    gold_n = found_n = relaxed = strict = 0
    value_gold = value_found = value_hit = 0
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
                "errors": dict(classes),
            }
        )
    rows += seed(errors=errors)
    return rows


def _near(text: str, gold: dict[str, Any]) -> str:
    return str(text[max(0, gold["start"] - 40) : gold["end"] + 20]).replace("\n", " ")


def _f(hit: int, found: int, gold: int) -> float:
    return 2 * hit / (found + gold) if found + gold else 0.0


def seed(*, errors: bool = False) -> list[dict[str, Any]]:
    """Dates of the seed events, given their sentence and trigger."""
    path = next(ARTICLES.glob("000_*.txt"), None)
    events = records("seed_events.jsonl")
    if path is None or not events:
        return []
    text = path.read_text("utf-8").split(None, 2)[2]
    (parse,) = parses([text], label="seed")
    published = dt.date(2025, 12, 18)
    times = find_times(parse, published)
    right = asked = 0
    for event in events:
        if not event.get("event_date"):
            continue
        at = text.find(event["sentence"])
        sent = next((s for s in parse.sents if s.end_char > at >= s.start_char), None)
        if sent is None:
            continue
        tokens = [t for t in range(sent.start, sent.end) if parse.words[t] == event["trigger"]]
        if not tokens:
            continue
        asked += 1
        got = {
            date_event(parse, t, times, published, modality=event["modality"]).edtf for t in tokens
        }
        right += event["event_date"] in got
        if errors and event["event_date"] not in got:
            print("SEED ", event["id"], event["trigger"], event["event_date"], got,
                  parse.text[sent.start_char:sent.end_char][:150])  # fmt: skip
    return [{"set": "seed events", "n": asked, "dates right": right}]


if __name__ == "__main__":
    for row in score(errors="--errors" in sys.argv):
        print(row)
