"""Fits `lexicons/event_dates.tsv`. Run: `.venv/bin/python -m benchmarks.fit_dates`.

Acts are the labelled ones of `training/corpus` and of `running_dev.jsonl`, at their labelled words,
those of real articles weighing `REAL` times as much. Of the days that an act may have
(`choose.weighed`) the labelled one is right, exact before less exact; none is where the labels give
none. A penalised choice among them, fitted five times without a fifth of the real articles; how
often the chosen day is right by the rule of `score_running.py`, and how often one is told where the
labels give none, goes to standard error. Then it is fitted once to all, and the table printed.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.fitted import print_table
from benchmarks.folds import FOLDS, folds_of
from benchmarks.parses import parsed, parses, tokens_at
from benchmarks.score_running import published, scorer
from training import corpus_labels
from transforms.nlp.annotations import TimeMention
from transforms.nlp.dates import choose, datable, date_event, find_times
from transforms.nlp.dates.choose import NONE, Act, agree, weighed
from transforms.nlp.parsing.parse import Parse

SHRINK, ROUNDS = 3.0, 12
REAL = 3.0  # an act of a real article beside one of the corpus
NO_DAY = 0.1  # an act without a day in the labels beside one with
NOT_THERE = 0.5  # an act whose labelled day the text does not hold
LEAST = 40  # candidates that have a sign
LIMITS = ((0.0, 2.0), (0.4, 0.5), (0.5, 0.5), (0.5, 0.6), (0.6, 0.5), (0.6, 0.6))


@dataclass(frozen=True, slots=True)
class Case:
    """An act to be dated: its labelled day, the days it may have, and where it is from."""

    doc: str
    is_real: bool
    act: Act
    label: str
    days: Mapping[str, Mapping[str, float]]
    times: Sequence[TimeMention]
    published: dt.date


def cases() -> tuple[list[Case], list[tuple[Act, str]]]:
    """Cases, and the acts of real articles with their label that own words date."""
    found: list[Case] = []
    own: list[tuple[Act, str]] = []
    for doc, is_real, parse, day, labelled in _articles():
        times = datable(parse, find_times(parse, day), day)
        acts: list[tuple[Act, str]] = []
        for token, event in labelled:
            told = date_event(parse, token, times, day, modality=event["modality"])
            act = Act(token, event["type"], event["modality"], told)
            acts.append((act, event.get("date") or NONE))
        weighing = weighed(parse, [act for act, _ in acts], times, day)
        made = {id(act.date): days for act, days in weighing}
        for act, label in acts:
            if id(act.date) in made:
                found.append(Case(doc, is_real, act, label, made[id(act.date)], times, day))
            elif is_real:
                own.append((act, label))
    return found, own


def _articles() -> Iterator[tuple[str, bool, Parse, dt.date, list[tuple[int, dict[str, Any]]]]]:
    texts = corpus_labels.articles()
    labels, _ = corpus_labels.labels()
    docs = sorted(set(texts) & set(labels))
    for doc, parse in zip(docs, parses([texts[d].text for d in docs], label="corpus"), strict=True):
        text = texts[doc]
        held: list[tuple[int, dict[str, Any]]] = []
        for event in labels[doc].events:
            start, end = text.sentences[event["s"]]
            at = start - 1
            for _ in range(event.get("n", 1)):
                at = text.text.find(event["trigger"], at + 1)
            if 0 <= at < end:
                held += _at(parse, at, at + len(event["trigger"]), event)
        yield doc, False, parse, dt.date.fromisoformat(text.date), held
    module = scorer()
    for record, parse in parsed("running_dev.jsonl"):
        day = published(record)
        if record["date_known"] and day is not None:
            held = [
                one
                for event in module.gold_events(record, parse.text)
                for one in _at(parse, event["trig"][0], event["trig"][1], event)
            ]
            yield record["doc"], True, parse, day, held


def _at(
    parse: Parse, start: int, end: int, event: dict[str, Any]
) -> list[tuple[int, dict[str, Any]]]:
    """The head word of a labelled trigger."""
    span = tokens_at(parse, start, end)
    return [] if span is None else [(parse.head_of(*span), event)]


def _wanted(case: Case) -> tuple[dict[str, float], float]:
    """Day → its share of being right, and the weight of the case."""
    right = [day for day in case.days if day == case.label]
    right = right or [day for day in case.days if agree(day, case.label)]
    weight = 1.0
    if not right:
        right, weight = [NONE], NOT_THERE
    if not case.label:
        weight = NO_DAY
    return {day: 1 / len(right) for day in right}, weight * (REAL if case.is_real else 1.0)


@dataclass(frozen=True, slots=True)
class _Rows:
    signs: Any
    case: Any
    right: Any
    weight: Any


def _rows(held: Sequence[Case], names: Sequence[str]) -> _Rows:
    place = {name: column for column, name in enumerate(names)}
    signs, case, right, weight = [], [], [], []
    for number, one in enumerate(held):
        wanted, worth = _wanted(one)
        for day, told in one.days.items():
            row = np.zeros(len(names), dtype=np.float32)
            for sign, value in told.items():
                if sign in place:
                    row[place[sign]] = value
            signs.append(row)
            case.append(number)
            right.append(wanted.get(day, 0.0))
            weight.append(worth)
    return _Rows(np.array(signs, dtype=float), np.array(case), np.array(right), np.array(weight))


def fit(held: Sequence[Case], names: Sequence[str]) -> dict[str, float]:
    """Weights of the signs by Newton's method: of the days of an act one is right, or none told."""
    rows = _rows(held, names)
    of_case = np.zeros(len(held))
    of_case[rows.case] = rows.weight
    weight = np.zeros(len(names))
    hold = SHRINK * np.eye(len(names))
    for _ in range(ROUNDS):
        odds = np.exp(np.clip(rows.signs @ weight, -30, 30))
        chance = odds / np.bincount(rows.case, weights=odds)[rows.case]
        mean = np.zeros((len(held), len(names)))
        np.add.at(mean, rows.case, rows.signs * chance[:, None])
        slope = rows.signs.T @ (rows.weight * (chance - rows.right)) + hold @ weight
        curve = (rows.signs.T * (rows.weight * chance)) @ rows.signs
        curve += hold - (mean.T * of_case) @ mean
        step = np.linalg.solve(curve, slope)
        weight -= step
        if np.abs(step).max() < 1e-3:
            break
    return dict(zip(names, weight.tolist(), strict=True))


def by_folds(held: Sequence[Case], names: Sequence[str]) -> Iterator[tuple[Case, dict[str, float]]]:
    """Each case of a real article with weights fitted without its article."""
    fold = folds_of(one.doc for one in held if one.is_real)
    for part in range(FOLDS):
        weight = fit([c for c in held if not c.is_real or fold[c.doc] != part], names)
        for one in held:
            if one.is_real and fold[one.doc] == part:
                yield one, weight


def tally(told: Sequence[tuple[str, str]]) -> str:
    """Shares of pairs of what is told and what is labelled."""
    given = [(day, label) for day, label in told if label]
    right = sum(agree(day, label) for day, label in given)
    both = sum(bool(day) for day, _ in given)
    bare = [day for day, label in told if not label]
    return (
        f"right of told {right / max(1, both):.3f}, of all {right / max(1, len(given)):.3f} "
        f"({len(given)}); told without a label {sum(map(bool, bare)) / max(1, len(bare)):.3f}"
    )


def main() -> None:
    """Print the table."""
    held, own = cases()
    often: dict[str, int] = defaultdict(int)
    for one in held:
        for signs in one.days.values():
            for sign, value in signs.items():
                often[sign] += bool(value)
    names = sorted(sign for sign, count in often.items() if count >= LEAST)
    settled = [(act.date.edtf or NONE, label) for act, label in own]
    rule = [(one.act.date.edtf or NONE, one.label) for one in held if one.is_real]
    print(f"by the rule alone: {tally(rule + settled)}", file=sys.stderr)
    fitted = list(by_folds(held, names))
    for day, month in LIMITS:
        told = list(settled)
        with patch.multiple(choose, DAY=day, MONTH=month):
            for one, weight in fitted:
                with patch.object(choose, "weights", lambda weight=weight: weight):
                    found = choose.likeliest(one.act, one.days, one.times, one.published)
                told.append((found.edtf or NONE, one.label))
        print(f"from {day} and {month}: {tally(told)}", file=sys.stderr)
    weight = fit(held, names)
    print_table(choose.WEIGHTS, ((name, f"{value:.2f}") for name, value in weight.items()))


if __name__ == "__main__":
    main()
