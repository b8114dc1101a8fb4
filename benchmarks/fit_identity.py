"""Fits `lexicons/identity/agreement.tsv`. Run: `.venv/bin/python -m benchmarks.fit_identity`.

Pairs of reports that `agreement.signs` does not rule out are one event or two: those of one topic
of ECB+ (gold triggers, own mentions, pipeline), of our own pairs, and of our own groups of reports
but for the half put aside.
ECB+ tells no days, hardly any place or number of people, and all its pairs are of like stories, so
what speaks against one event there says little about news: each sign starts from what we `EXPECT`
of it, and the pairs must speak the louder the surer we are. A penalised logistic model, fitted
five times without a fifth of the topics, whose figures go to standard error; then once to all.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from benchmarks import event_groups, event_pairs, score_identity
from benchmarks.annotate import resources
from benchmarks.fitted import print_table
from benchmarks.folds import FOLDS, folds_of
from benchmarks.parses import ROOT, parses, records
from transforms.lexicons.loader import Row
from transforms.nlp.identity import agreement
from transforms.nlp.identity.agreement import Signs, signs
from transforms.nlp.identity.assign import assign
from transforms.nlp.identity.contrast import Look
from transforms.nlp.identity.reports import ReportKey, block_keys, order_of

SHRINK, SURE = 2.0, 90.0
OF_TRIGGERS, OF_PAIRS = 0.3, 10.0  # weight of a pair of gold triggers, of a pair of our own
# Sign → log odds expected, share of `SURE` with which we do.
EXPECT: dict[str, tuple[float, float]] = {
    "elsewhere": (-7, 1), "two_places": (-6, 1), "other_object": (-6, 1),
    "other_object_of_one_story": (2.5, 1), "unlike": (-2, 1), "silence": (-0.3, 1),
    "otherwise_described": (-0.8, 1), "miscounted": (-1, 0.3), "other_numbers": (-1, 0.3),
    "strangers": (-1.5, 0.3), "next_day": (-0.8, 0.3), "others": (-2, 0.3),
    "names_of_one_text_only": (-0.7, 0.3), "same_day": (0.5, 0.3), "other_act": (-4, 0.3),
    "other_act_of_one_type": (1, 0.1), "other_act_town_and_day": (2, 0.2),
    "other_act_sides_and_day": (2, 0.2), "together": (-2, 0.2), "same_town": (1.5, 0.2),
    "named": (1, 0.2), "both_named": (0.5, 0.2),
    "other_day": (-5, 0.5), "harm_there_and_then": (4, 0.5), "other_people": (-3, 1),
    "state_or_body": (-4, 1), "other_places": (-4, 1), "other_country": (-1.5, 0.3),
    "elsewhere_but_named": (4, 0.3), "nothing_in_common": (-4, 1),
    "same_country": (0, 0.3), "words": (1, 1), "numbers": (0.5, 1),
}  # fmt: skip
OTHER_PAIRS = ROOT / "tests" / "cases" / "identity_pairs.tsv"
Told = tuple[list[ReportKey], set[str]]  # reports of an article, those at the brackets


@dataclass(frozen=True, slots=True)
class Pair:
    """Signs of two reports, whether they are one event, what that weighs, the fold."""

    signs: Signs
    same: bool
    weight: float
    fold: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """Reports of ECB+, the chains of those that gold names, the topic of each."""

    reports: list[ReportKey]
    chains: Mapping[str, str]
    topics: Mapping[str, int]


def ecb() -> dict[str, Labelled]:
    """The three modes of `score_identity`."""
    topics = {record["id"]: record["topic"] for record in records("event_identity_dev.jsonl")}
    given, given_chain, own, own_chain, _ = score_identity.reports()
    held, chains, _, titles = score_identity.piped()

    def of(found: list[ReportKey], gold: Mapping[str, str], named: Mapping[str, str]) -> Labelled:
        where = {r.event_mention_id: topics[named.get(r.article_id, r.article_id)] for r in found}
        return Labelled(found, gold, where)

    return {
        "gold triggers": of(given, given_chain, {}),
        "own mentions": of(own, own_chain, {}),
        "pipeline": of(held, chains, titles),
    }


def within(held: Labelled, folds: Mapping[int, int], weight: float) -> Iterator[Pair]:
    """Pairs of reports of one topic that share a block."""
    by_topic: dict[int, list[Look]] = defaultdict(list)
    for report in sorted(held.reports, key=order_of):
        if report.event_mention_id in held.chains:
            by_topic[held.topics[report.event_mention_id]].append(Look(report))
    for topic, looks in by_topic.items():
        keys = [set(block_keys(look.report)) for look in looks]
        for number, look in enumerate(looks):
            for earlier in range(number):
                told = signs(looks[earlier], look) if keys[earlier] & keys[number] else None
                if told is not None:
                    one, two = (held.chains[x.report.event_mention_id]
                                for x in (looks[earlier], look))  # fmt: skip
                    yield Pair(told, one == two, weight, folds[topic])


def own_pairs(rows: list[Row]) -> list[tuple[Row, list[Told]]]:
    """Each row with the reports of its two articles."""
    texts = [event_pairs.plain(row[side]) for row in rows for side in event_pairs.SIDES]
    found = parses(texts, label="pairs")
    return [
        (row, [event_pairs.reports(row[side], row[f"{side}_day"], at, found[at], resources())
               for at, side in enumerate(event_pairs.SIDES, start=2 * number)])
        for number, row in enumerate(rows)
    ]  # fmt: skip


def fold_of_pair(number: int) -> int:
    """Neighbours in the file retell one story."""
    return number // 4 % FOLDS


def between(held: list[tuple[Row, list[Told]]]) -> Iterator[Pair]:
    """Pairs of the reports at the brackets."""
    for number, (row, sides) in enumerate(held):
        first, second = ([r for r in keys if r.event_mention_id in at] for keys, at in sides)
        for one in first:
            for other in second:
                earlier, later = sorted((one, other), key=order_of)
                told = signs(Look(earlier), Look(later))
                if told is not None:
                    yield Pair(told, row["label"] == "same", OF_PAIRS, fold_of_pair(number))


def among(held: list[event_groups.Told], folds: Mapping[str, int]) -> Iterator[Pair]:
    """Pairs of the reports at the brackets of one group."""
    for (first, one), (second, other) in combinations(held, 2):
        if first["group"] != second["group"]:
            continue
        same, fold = first["event"] == second["event"], folds[first["group"]]
        for mine, yours in product(*([r for r in keys if r.event_mention_id in at]
                                     for keys, at in (one, other))):  # fmt: skip
            earlier, later = sorted((mine, yours), key=order_of)
            told = signs(Look(earlier), Look(later))
            if told is not None:
                yield Pair(told, same, OF_PAIRS, fold)


def fit(pairs: list[Pair], names: list[str]) -> dict[str, float]:
    """Weights by sign, by Newton's method around what is expected."""
    rows = np.array([[1.0, *map(float, pair.signs)] for pair in pairs])
    same = np.array([float(pair.same) for pair in pairs])
    mass = np.array([pair.weight for pair in pairs])
    start = np.array([0.0, *(EXPECT.get(name, (0.0, 0.0))[0] for name in names)])
    hold = [1e-6, *(max(SHRINK, SURE * EXPECT.get(name, (0.0, 0.0))[1]) for name in names)]
    weight, held = start.copy(), np.diag(hold)
    for _ in range(60):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weight, -30, 30)))
        slope = rows.T @ (mass * (chance - same)) + held @ (weight - start)
        curve = (rows.T * (mass * chance * (1 - chance) + 1e-9)) @ rows + held
        step = np.clip(np.linalg.solve(curve, slope), -2, 2)
        weight -= step
        if abs(step).max() < 1e-5:
            break
    return {name: round(float(w), 2) for name, w in zip(["always", *names], weight, strict=True)}


def shipped_as(weight: Mapping[str, float]) -> None:
    """Let `agreement` weigh so."""
    told = dict(weight)
    found = told.pop("always"), Signs(**told)
    agreement.weights = lambda: found  # type: ignore[assignment]


def main() -> None:
    """Print the table."""
    modes = ecb()
    folds = folds_of(topic for held in modes.values() for topic in held.topics.values())
    rows = event_pairs.pairs()
    ours = own_pairs(rows)
    others = own_pairs(event_pairs.pairs(OTHER_PAIRS, ("label", "kind", "first_day", "first",
                                                       "second_day", "second")))  # fmt: skip
    pairs = [
        pair
        for mode, held in modes.items()
        for pair in within(held, folds, OF_TRIGGERS if mode == "gold triggers" else 1.0)
    ]
    groups = [one for one in event_groups.told(resources()) if one[0]["part"] == "tuned"]
    folds_of_groups = {name: number % FOLDS for number, name in
                       enumerate(sorted({row["group"] for row, _ in groups}))}  # fmt: skip
    pairs += [*between(ours), *between(others), *among(groups, folds_of_groups)]
    names = list(Signs._fields)
    without = [fit([pair for pair in pairs if pair.fold != fold], names) for fold in range(FOLDS)]
    for mode, held in modes.items():
        assigned: dict[str, str] = {}
        for fold, weight in enumerate(without):
            shipped_as(weight)
            part = [r for r in held.reports if folds[held.topics[r.event_mention_id]] == fold]
            assigned |= {key: f"{fold} {event}" for key, event in assign(part).items()}
        kept = {key: assigned[key] for key in held.chains}
        p, r, f = score_identity.b_cubed(kept, held.chains)
        print(f"{mode}, topics unseen: B³ {f:.3f} (P {p:.3f} R {r:.3f})", file=sys.stderr)
    for title, chosen in (
        ("event_pairs.tsv, folds unseen", ours),
        ("identity_pairs.tsv, folds unseen", others),
    ):
        hit = made = wanted = 0
        for number, (row, sides) in enumerate(chosen):
            shipped_as(without[fold_of_pair(number)])
            ids = assign([report for keys, _ in sides for report in keys])
            first, second = ({ids[key] for key in at} for _, at in sides)
            same, right = bool(first & second), row["label"] == "same"
            hit, made, wanted = hit + (same and right), made + same, wanted + right
        print(f"{title}: P {hit / max(1, made):.3f} R {hit / wanted:.3f} "
              f"F1 {2 * hit / (made + wanted):.3f}", file=sys.stderr)  # fmt: skip
    joined: dict[str, str] = {}
    for fold, weight in enumerate(without):
        shipped_as(weight)
        unseen = [told for told in groups if folds_of_groups[told[0]["group"]] == fold]
        joined |= assign([report for _, (keys, _) in unseen for report in keys])
    p, r, f = event_groups.figures(groups, joined)
    print(f"groups tuned, folds unseen: P {p:.3f} R {r:.3f} F1 {f:.3f}", file=sys.stderr)
    weight = fit(pairs, names)
    print_table(agreement.WEIGHTS, ((name, f"{value:g}") for name, value in weight.items()))


if __name__ == "__main__":
    main()
