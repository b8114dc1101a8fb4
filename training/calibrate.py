"""Fit the confidence of reports on articles that the reader had not seen; choose the limits.

Run: `python -m training.calibrate [--write [NAME …]]`. Readings come from `training/held_out`
(five folds), parties are weighed by trees grown without the article, events come from the
production extractor, verdicts from the scorer of the running gold.
Two logistic models (Newton's method, L2 penalty): type and modality right, over
`Evidence.features`; both sides right too, over `Evidence.all_features`. The table is of models
fitted on the other folds. `--write confidence` puts that model, and the `report` limit given with
`--limit`, into the card; without a name both, of which `type_confidence` decides what is told.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks import score_running as running
from benchmarks.annotate import resources
from benchmarks.fit_parties import candidates, unseen_articles
from benchmarks.recorded import recorded
from transforms.nlp.events import coder
from transforms.nlp.events.confidence import Evidence
from transforms.nlp.extract import annotate
from transforms.nlp.reader.model import WEIGHTS

PENALTIES = {"type_confidence": 1.0, "confidence": 3.0}  # the second over signs of one width
LEAST_TRIGGER = 0.3  # chance from which on a word is a candidate


@dataclass(slots=True)
class Verdict:
    """One candidate report, what it rests on, and whether it is right."""

    fold: int
    evidence: Evidence
    asserted: bool
    typed: bool
    whole: bool


def verdicts() -> list[Verdict]:
    """Every candidate of every recorded article, judged."""
    module = running.scorer()
    found: list[Verdict] = []
    if module is None:
        return found
    records = recorded("running")
    limits = {**resources().reader.card["limits"], "trigger": LEAST_TRIGGER, "report": 0.0}
    for gold, parse, reading in unseen_articles(candidates(), "doc"):
        reading.limits = limits
        held: list[Evidence] = []

        def keep(evidence: Evidence, held: list[Evidence] = held) -> float:
            held.append(evidence)
            return float(len(held) - 1)

        with patch.object(coder, "confidence", keep):
            notes = annotate(parse, resources(), published=running.published(gold), reading=reading)
        for item, typed, whole in running.judged(
            module, gold, parse, running.predictions(parse, notes)
        ):
            found.append(
                Verdict(
                    records[gold["doc"]]["fold"],
                    held[int(item["conf"])],
                    item["mod"] == "asserted",
                    typed,
                    whole,
                )
            )
    return found


def models(cases: Sequence[Verdict]) -> dict[str, dict[str, float]]:
    """Both models by their name in the card."""
    typed = [(case.evidence.features(), case.typed) for case in cases]
    whole = [(case.evidence.all_features(), case.whole) for case in cases]
    return {
        "type_confidence": fit(typed, PENALTIES["type_confidence"]),
        "confidence": fit(whole, PENALTIES["confidence"], even=True),
    }


def fit(
    cases: Sequence[tuple[dict[str, float], bool]], penalty: float, *, even: bool = False
) -> dict[str, float]:
    """Weights of a logistic model by feature; `even` brings features to one width before."""
    names = sorted({name for features, _ in cases for name in features})
    place = {name: column for column, name in enumerate(names)}
    bias = place["bias"]
    x = np.zeros((len(cases), len(names)))
    y = np.array([right for _, right in cases], dtype=float)
    for row, (features, _) in enumerate(cases):
        for name, value in features.items():
            x[row, place[name]] = value
    middle, width = np.zeros(len(names)), np.ones(len(names))
    if even:
        middle, width = x.mean(axis=0), x.std(axis=0) + 1e-6
        middle[bias], width[bias] = 0.0, 1.0
    x = (x - middle) / width
    w = np.zeros(len(names))
    penalties = np.full(len(names), penalty)
    penalties[bias] = 1e-3
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) + penalties * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalties)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    w /= width
    w[bias] -= middle @ w
    return {name: round(float(w[column]), 4) for name, column in place.items()}


def chance(weights: dict[str, float], features: dict[str, float]) -> float:
    """The model's chance, not rounded."""
    total = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return float(1 / (1 + np.exp(-total)))


def table(cases: list[Verdict]) -> list[str]:
    """Precision of asserted reports by limit, each fold by models of the others; AUCs."""
    told: list[tuple[float, float, Verdict]] = []
    for fold in sorted({case.fold for case in cases}):
        others = [case for case in cases if case.fold != fold]
        fitted = models(others)
        told += [
            (
                chance(fitted["type_confidence"], c.evidence.features()),
                chance(fitted["confidence"], c.evidence.all_features()),
                c,
            )
            for c in cases
            if c.fold == fold
        ]
    lines = [f"{len(cases)} candidates"]
    for limit in (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7):
        kept = [c for chance, _, c in told if chance >= limit]
        fact = [c for c in kept if c.asserted]
        lines.append(
            f"  from {limit:.2f}: {len(kept)} reports, {len(fact)} asserted, "
            f"type {sum(c.typed for c in fact) / max(1, len(fact)):.3f} "
            f"all {sum(c.whole for c in fact) / max(1, len(fact)):.3f}, "
            f"right of all kinds {sum(c.typed for c in kept)}"
        )
    lines.append(f"  AUC type {running.auc([(a, c.typed) for a, _, c in told]):.3f}")
    lines.append(f"  AUC all {running.auc([(b, c.whole) for _, b, c in told]):.3f}")
    limit = resources().reader.card["limits"]["report"]
    kept_all = [(b, c) for a, b, c in told if a >= limit]
    lines.append(f"  AUC all, told {running.auc([(b, c.whole) for b, c in kept_all]):.3f}")
    tenths: dict[int, list[bool]] = {}
    for b, c in kept_all:
        if c.asserted:
            tenths.setdefault(int(10 * b), []).append(c.whole)
    shown = (f".{n} {sum(t)}/{len(t)}" for n, t in sorted(tenths.items()))
    lines.append("  asserted, right of all by tenth: " + " ".join(shown))
    return lines


def main() -> None:
    """Print the table; with `--write` put weights and limit into the card."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", nargs="*", choices=list(PENALTIES), help="all unless named")
    options.add_argument("--limit", type=float, help="least type confidence of a report")
    chosen = options.parse_args()
    cases = verdicts()
    print("\n".join(table(cases)))
    if chosen.write is not None:
        path: Any = WEIGHTS / "card.json"
        card = json.loads(path.read_text("utf-8"))
        written = chosen.write or list(PENALTIES)
        card.update({name: w for name, w in models(cases).items() if name in written})
        card["limits"]["trigger"] = LEAST_TRIGGER
        if chosen.limit is not None:
            card["limits"]["report"] = chosen.limit
        path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
