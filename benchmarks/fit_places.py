"""Fits `lexicons/event_places.tsv`. Run: `.venv/bin/python -m benchmarks.fit_places`.

Every place that may be an event's (`choose.weighed`) is it or is not, in the words of
`score_running.py`, for the events of a right type on `running_dev.jsonl`, seen by weights that had
not seen the article. A penalised choice among them and none, fitted five times without a fifth of
the articles; how often the likeliest place is right from each limit on goes to standard error, by
source too. Then it is fitted once to all, and the table printed.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.annotate import resources, unseen
from benchmarks.fitted import print_table
from benchmarks.folds import FOLDS, folds_of
from benchmarks.parses import parsed
from benchmarks.score_running import predictions, published, scorer
from transforms.nlp.annotations import EventDraft, PlaceMention
from transforms.nlp.events import coder
from transforms.nlp.extract import annotate
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.choose import WEIGHTS, Signs, Sites, choose_places, weighed

SHRINK, ROUNDS = 3.0, 12
LIMITS = (0.3, 0.4, 0.45, 0.5, 0.54, 0.6, 0.7)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that an event may have: which event of which article, its signs, is it right."""

    doc: str
    event: int
    signs: Signs
    right: bool
    source: str
    event_type: str


def source_of(signs: Signs) -> str:
    """What points at a place, in words for people."""
    if signs.dateline:
        return "dateline"
    where = "its sentence" if signs.beside else "another sentence"
    return f"{where}, {'by its clause' if signs.rule else 'by the reader alone'}"


def candidates() -> tuple[list[Candidate], int]:
    """Candidates of all events of a right type, and how many of these have a place in the gold."""
    module = scorer()
    found: list[Candidate] = []
    placed = 0
    held: list[tuple[int, int, Signs]] = []

    def noted(
        parse: Parse, events: Iterable[EventDraft], sites: Mapping[int, Sites],
        places: Sequence[PlaceMention], dateline: AbstractSet[int], around: Mapping[int, int],
    ) -> None:  # fmt: skip
        held[:] = [
            (event.trigger_start, mention, signs)
            for event, mention, signs in weighed(parse, events, sites, places, dateline)
        ]

    coder.choose_places = noted  # type: ignore[attr-defined]
    for gold, parse in parsed("running_dev.jsonl"):
        reading = unseen("running", gold["doc"], parse)
        if reading is None:
            continue
        notes = annotate(parse, resources(), published=published(gold), reading=reading)
        told = predictions(parse, notes)
        wanted = module.gold_events(gold, parse.text)
        matched = module.match(told, wanted)
        for number, event in enumerate(notes.events):
            other = wanted[matched[number]] if number in matched else None
            if other is None or event.event_type not in other["types"]:
                continue
            where = other.get("place") or ""
            placed += bool(where)
            for token, mention, signs in held:
                if token == event.trigger_start:
                    place = notes.places[mention]
                    words = module.words(parse.span_text(place.start, place.end))
                    right = bool(words & module.words(where))
                    found.append(
                        Candidate(gold["doc"], token, signs, right, source_of(signs),
                                  event.event_type)
                    )  # fmt: skip
    coder.choose_places = choose_places  # type: ignore[attr-defined]
    return found, placed


def fit(held: Sequence[Candidate]) -> Any:
    """Weights, that of "always" first, by Newton's method: of the places of an event one is right
    or none; where several names are, each in equal parts."""
    rows, event = _matrix(held)
    right = np.array([float(one.right) for one in held])
    often = np.bincount(event, weights=right)
    right /= np.maximum(often[event], 1)
    weight = np.zeros(rows.shape[1])
    hold = SHRINK * np.eye(len(weight))
    for _ in range(ROUNDS):
        chance = chances(held, weight)
        mean = np.zeros((len(often), len(weight)))
        np.add.at(mean, event, rows * chance[:, None])
        slope = rows.T @ (chance - right) + hold @ weight
        curve = (rows.T * chance) @ rows - mean.T @ mean + hold
        weight -= np.linalg.solve(curve, slope)
    return weight


def chances(held: Sequence[Candidate], weight: Any) -> Any:
    """Chance of each candidate, beside the others of its event and none."""
    rows, event = _matrix(held)
    odds = np.exp(np.clip(rows @ weight, -30, 30))
    return odds / (1 + np.bincount(event, weights=odds))[event]


def _matrix(held: Sequence[Candidate]) -> tuple[Any, Any]:
    """Signs behind a 1 for "always", and the number of each one's event."""
    numbers: dict[tuple[str, int], int] = {}
    event = [numbers.setdefault((one.doc, one.event), len(numbers)) for one in held]
    return np.array([[1.0, *map(float, one.signs)] for one in held]), np.array(event)


def likeliest(held: Sequence[Candidate]) -> Iterator[tuple[float, Candidate]]:
    """The best candidate of each event, by weights fitted without its article."""
    fold = folds_of(one.doc for one in held)
    best: dict[tuple[str, int], tuple[float, Candidate]] = {}
    for part in range(FOLDS):
        weight = fit([one for one in held if fold[one.doc] != part])
        left = [one for one in held if fold[one.doc] == part]
        for one, chance in zip(left, chances(left, weight).tolist(), strict=True):
            if chance > best.get((one.doc, one.event), (-1.0, one))[0]:
                best[one.doc, one.event] = chance, one
    yield from best.values()


def main() -> None:
    """Print the table."""
    held, placed = candidates()
    best = list(likeliest(held))
    for limit in LIMITS:
        told = [one for chance, one in best if chance >= limit]
        right = sum(one.right for one in told)
        print(f"from {limit}: {len(told)} told, P {right / max(1, len(told)):.3f} "
              f"R {right / placed:.3f}", file=sys.stderr)  # fmt: skip
    by: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for chance, one in best:
        if chance >= LIMITS[2]:
            by[one.source, "all types"].append(one.right)
            by[one.source, one.event_type].append(one.right)
    for (source, kind), right_of in sorted(by.items()):
        print(f"{source}, {kind}: {sum(right_of)} of {len(right_of)}", file=sys.stderr)
    weight = zip(("always", *Signs._fields), fit(held), strict=True)
    print_table(WEIGHTS, ((name, f"{value:.2f}") for name, value in weight))


if __name__ == "__main__":
    main()
