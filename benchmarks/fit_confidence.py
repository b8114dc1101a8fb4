"""Fit the confidence of events on the PLV dev sentences and write its weights.

Run: `.venv/bin/python -m benchmarks.fit_confidence`. Logistic regression with an L2 penalty by
plain gradient descent. An event is right when type and parties match the gold; wrong when one of
them does not, or when its sentence has no right event; other events of a sentence whose gold
event was found are not labelled and left out. Even sentences fit, odd ones are scored (printed),
then all fit the weights that are written.
"""

from __future__ import annotations

from unittest.mock import patch

import numpy as np

from benchmarks.parses import ROOT
from benchmarks.score_events import cases, judged
from transforms.nlp.events import coder as events

TABLE = ROOT / "transforms" / "lexicons" / "event_confidence.tsv"
PENALTY, RATE, STEPS = 0.004, 0.5, 4000


def examples() -> list[tuple[int, list[str], bool]]:
    """(sentence number, features, right) of every labelled event."""
    held: dict[int, list[str]] = {}
    found = []

    def spy(names: object) -> float:
        listed = list(names)  # type: ignore[call-overload]
        key = len(held) + 1
        held[key] = listed
        return float(key)

    with patch.object(events, "confidence", spy):
        for number, case in enumerate(case for case in cases() if case.plv):
            for event, right in judged(case, case.notes.events):
                found.append((number, held[int(event.confidence)], right))
    return found


def fit(rows: list[tuple[int, list[str], bool]]) -> dict[str, float]:
    """Feature → weight."""
    names = sorted({name for _, listed, _ in rows for name in listed})
    index = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    y = np.array([right for _, _, right in rows], dtype=float)
    for i, (_, listed, _) in enumerate(rows):
        for name in listed:
            x[i, index[name]] = 1.0
    weight, bias = np.zeros(len(names)), 0.0
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-(x @ weight + bias)))
        weight -= RATE * (x.T @ (p - y) / len(y) + PENALTY * weight)
        bias -= RATE * float((p - y).mean())
    return {"bias": bias, **{name: float(weight[i]) for name, i in index.items()}}


def score() -> list[str]:
    """Reliability: fitted on the even sentences, share of right events of the odd ones."""
    return held_out(examples())


def held_out(rows: list[tuple[int, list[str], bool]]) -> list[str]:
    """A line for each tenth of confidence."""
    half = fit([row for row in rows if row[0] % 2 == 0])
    bins: dict[int, list[int]] = {}
    for number, listed, right in rows:
        if number % 2:
            p = 1 / (1 + np.exp(-(half["bias"] + sum(half.get(n, 0.0) for n in listed))))
            cell = bins.setdefault(int(p * 10), [0, 0])
            cell[0] += right
            cell[1] += 1
    return [
        f"held out {low / 10:.1f}-{(low + 1) / 10:.1f}  n={n:<5} right {good / n:.2f}"
        for low, (good, n) in sorted(bins.items())
    ]


def main() -> None:
    """Fit, print the held-out reliability, write the table."""
    rows = examples()
    print("\n".join(held_out(rows)))
    lines = [
        "# Weights of the features of an event's confidence. Made by benchmarks/fit_confidence.py.",
        "feature\tweight",
    ]
    lines += [f"{name}\t{value:.3f}" for name, value in sorted(fit(rows).items())]
    TABLE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
