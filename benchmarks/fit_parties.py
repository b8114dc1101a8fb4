"""Fits `lexicons/party_trees.tsv`. Run: `.venv/bin/python -m benchmarks.fit_parties > TABLE`.

Every party that may bear a role (`bearers.Parties.weighed`) is one in the gold or is not, in the
words of `score_running.py`, for the events of a right type on `running_dev.jsonl`, seen by weights
that had not seen the article. Trees are grown on four fifths of the articles and the figures of the
others, by the production extractor, go to standard error: once by article, once by source. Then
they are grown on all, and the table printed.

Gradient boosting on the logistic loss (Friedman 2001), second order, each tree grown best split
first over binned signs; what the reader says may only raise or only lower the chance (`_ONE_WAY`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks import score_running as running
from benchmarks.annotate import resources, unseen
from benchmarks.fitted import print_table
from benchmarks.folds import FOLDS, folds_of
from benchmarks.parses import parsed
from transforms.lexicons.loader import Row
from transforms.nlp.entities.phrases import noun_phrase
from transforms.nlp.events import sides as sides_module
from transforms.nlp.events.bearers import COLUMNS, TREES, Forest, Parties, Signs, Weighed, forests
from transforms.nlp.extract import annotate
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.read import Reading

ROLES = ("initiator", "recipient")
SEED = 0
TREES_GROWN, LEAVES, LEAST_ROWS, BINS = 100, 8, 20, 32
RATE, SHRINK, SIGNS_TRIED = 0.07, 5.0, 0.4
_ONE_WAY = {
    **dict.fromkeys(("own", "together", "behind", "elsewhere", "elsewhere_alike"), 1),
    **dict.fromkeys(("other", "none", "place"), -1),
}
_WAYS = np.array([_ONE_WAY.get(name, 0) for name in Signs._fields])


@dataclass(frozen=True, slots=True)
class Candidate:
    """A party that may bear a role of an event of an article, and does it."""

    doc: str
    source: str
    role: str
    signs: Signs
    right: bool


@dataclass(slots=True)
class Leaf:
    """A node of a tree that is grown: its rows, what it adds, and its best split."""

    rows: Any
    value: float
    least: float
    most: float
    gain: float = 0.0
    sign: int = -1
    bin: int = 0
    below: tuple[int, int] | None = None
    values: tuple[float, float] = field(default=(0.0, 0.0))


def as_read(role: str, weighed: Sequence[Weighed]) -> list[float]:
    """The chances of the reader and the constructions alone."""
    return [1 / (1 + float(np.exp(-one.signs.own))) for one in weighed]


def candidates() -> list[Candidate]:
    """Candidates of all events of a right type."""
    module = running.scorer()
    found: list[Candidate] = []
    weigh = Parties.weighed
    held: dict[tuple[int, bool], tuple[Parties, list[Weighed]]] = {}

    def noted(self: Parties, act: Any, *sides: Any, acting: bool) -> list[Weighed]:
        told = weigh(self, act, *sides, acting=acting)
        held[act.trigger.token, acting] = self, told
        return told

    with patch.object(Parties, "weighed", noted), patch.object(sides_module, "chances", as_read):
        for gold, parse in parsed("running_dev.jsonl"):
            reading = unseen("running", gold["doc"], parse)
            if reading is None:
                continue
            held.clear()
            notes = annotate(parse, resources(), published=running.published(gold), reading=reading)
            told = running.predictions(parse, notes)
            wanted = module.gold_events(gold, parse.text)
            for number, other in module.match(told, wanted).items():
                event = notes.events[number]
                if event.event_type not in wanted[other]["types"]:
                    continue
                for role, side in zip(ROLES, "IR", strict=True):
                    parties, weighed = held[event.trigger_start, role == "initiator"]
                    for one in weighed:
                        names = list(_told(parse, parties, one, acting=role == "initiator"))
                        right = any(
                            module.hit(name, who) for name in names for who in wanted[other][side]
                        )
                        found.append(Candidate(gold["doc"], gold["src"], role, one.signs, right))
    return found


def _told(parse: Parse, parties: Parties, one: Weighed, *, acting: bool) -> Iterator[Any]:
    """Span and names of what would be told, as the scorer wants them."""
    layer = parties.layer
    standing = parties.standing[acting](one.token)
    for index in standing:
        mention = layer.mentions[index]
        entity = layer.entities[mention.entity]
        span = parse.starts[mention.start], parse.ends[mention.end - 1]
        yield span, [parse.text[span[0] : span[1]], entity.name, *entity.aliases]
    if not standing:
        start, end = noun_phrase(parse, one.token)
        yield (parse.starts[start], parse.ends[end - 1]), [parse.span_text(start, end)]


def grow(held: Sequence[Candidate]) -> list[dict[str, str]]:
    """The rows of the table, of both roles."""
    table: list[dict[str, str]] = []
    for role in ROLES:
        own = [one for one in held if one.role == role]
        rows = np.array([one.signs for one in own], dtype=np.float64)
        table += _boosted(role, rows, np.array([float(one.right) for one in own]))
    return table


def _boosted(role: str, rows: Any, right: Any) -> Iterator[dict[str, str]]:
    limits = [_limits(rows[:, sign]) for sign in range(rows.shape[1])]
    binned = np.stack(
        [np.searchsorted(cut, rows[:, sign]) for sign, cut in enumerate(limits)], axis=1
    )
    draw = np.random.default_rng(SEED)
    start = float(np.log(right.mean() / (1 - right.mean())))
    yield _row(role, 0, 0, value=start)
    odds = np.full(len(right), start)
    for tree in range(1, TREES_GROWN + 1):
        chance = 1 / (1 + np.exp(-odds))
        nodes = _tree(binned, chance - right, chance * (1 - chance), limits, draw)
        for number, node in enumerate(nodes):
            if node.below is None:
                added = round(RATE * node.value, 4)
                odds[node.rows] += added
                yield _row(role, tree, number, value=added)
            else:
                cut = limits[node.sign][node.bin]
                yield _row(role, tree, number, node.sign, float(cut), node.below)


def _row(
    role: str, tree: int, node: int, sign: int = -1, limit: float = 0.0,
    below: tuple[int, int] | None = None, value: float = 0.0,
) -> dict[str, str]:  # fmt: skip
    if below is None:
        cells = (role, str(tree), str(node), "-", "-", "-", "-", f"{value:.4f}")
    else:
        cells = (
            role, str(tree), str(node), Signs._fields[sign], f"{limit:.4f}",
            str(below[0]), str(below[1]), "-",
        )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def _limits(values: Any) -> Any:
    """Up to `BINS` - 1 values between which a sign is cut, as the table writes them."""
    seen = np.unique(values)
    middle = (seen[:-1] + seen[1:]) / 2
    if len(middle) >= BINS:
        middle = np.quantile(values, np.linspace(0, 1, BINS + 1)[1:-1])
    return np.unique(np.round(middle, 4))


def _tree(binned: Any, slope: Any, curve: Any, limits: Sequence[Any], draw: Any) -> list[Leaf]:
    everything = np.arange(len(slope))
    value = -slope.sum() / (curve.sum() + SHRINK)
    nodes = [Leaf(everything, float(value), -np.inf, np.inf)]
    _split(nodes[0], binned, slope, curve, limits, draw)
    for _ in range(LEAVES - 1):
        best = max((node for node in nodes if node.below is None), key=lambda node: node.gain)
        if best.gain <= 0:
            break
        left = binned[best.rows, best.sign] <= best.bin
        middle = sum(best.values) / 2
        way = _WAYS[best.sign]
        bounds = {
            1: ((best.least, middle), (middle, best.most)),
            -1: ((middle, best.most), (best.least, middle)),
            0: ((best.least, best.most),) * 2,
        }[int(way)]
        best.below = len(nodes), len(nodes) + 1
        for part, value_, (least, most) in zip((left, ~left), best.values, bounds, strict=True):
            leaf = Leaf(best.rows[part], value_, least, most)
            _split(leaf, binned, slope, curve, limits, draw)
            nodes.append(leaf)
    return nodes


def _split(
    leaf: Leaf, binned: Any, slope: Any, curve: Any, limits: Sequence[Any], draw: Any
) -> None:
    """Set the best split of a leaf over a part of the signs, drawn anew for each."""
    if len(leaf.rows) < 2 * LEAST_ROWS:
        return
    tried = np.nonzero(draw.random(binned.shape[1]) < SIGNS_TRIED)[0]
    if not len(tried):
        return
    flat = (binned[np.ix_(leaf.rows, tried)] + BINS * np.arange(len(tried))).ravel()
    size = BINS * len(tried)

    def summed(weights: Any) -> Any:
        repeated = None if weights is None else np.repeat(weights[leaf.rows], len(tried))
        return np.bincount(flat, repeated, size).reshape(len(tried), BINS).cumsum(axis=1)

    slopes, curves, often = summed(slope), summed(curve), summed(None)
    other_slopes, other_curves = slopes[:, -1:] - slopes, curves[:, -1:] - curves
    low = np.clip(-slopes / (curves + SHRINK), leaf.least, leaf.most)
    high = np.clip(-other_slopes / (other_curves + SHRINK), leaf.least, leaf.most)

    def loss(value: Any, slope_: Any, curve_: Any) -> Any:
        return slope_ * value + 0.5 * (curve_ + SHRINK) * value**2

    whole = loss(leaf.value, slopes[:, -1:], curves[:, -1:])
    gain = whole - loss(low, slopes, curves) - loss(high, other_slopes, other_curves)
    few = np.minimum(often, often[:, -1:] - often) < LEAST_ROWS
    wrong_way = (high - low) * _WAYS[tried][:, None] < 0
    gain = np.where(few | wrong_way, 0.0, gain)
    row, cut = np.unravel_index(int(gain.argmax()), gain.shape)
    if gain[row, cut] > 1e-9 and cut < len(limits[tried[row]]):
        leaf.gain, leaf.sign, leaf.bin = float(gain[row, cut]), int(tried[row]), int(cut)
        leaf.values = float(low[row, cut]), float(high[row, cut])


def planted(table: Sequence[Mapping[str, str]]) -> dict[str, Forest]:
    """The forests of rows of the table."""
    rows = ({k: "" if v == "-" else v for k, v in row.items()} for row in table)
    return forests(Row(TREES, 0, cells) for cells in rows)


def unseen_articles(
    held: Sequence[Candidate], by: str
) -> Iterator[tuple[dict[str, Any], Parse, Reading]]:
    """Gold, parse and reading of each article; parties are weighed, until the next is asked for,
    by trees grown without it and all of its part."""
    golds = {gold["doc"]: gold for gold, _ in parsed("running_dev.jsonl")}
    fold = folds_of((gold[by] for gold in golds.values()), SEED)
    for part in range(FOLDS):
        told = planted(grow([c for c in held if fold[golds[c.doc][by]] != part]))
        with patch.object(
            sides_module, "chances", lambda role, weighed, told=told: told[role].chances(weighed)
        ):
            for gold, parse in parsed("running_dev.jsonl"):
                reading = unseen("running", gold["doc"], parse)
                if reading is not None and fold[gold[by]] == part:
                    yield gold, parse, reading


def by_folds(held: Sequence[Candidate], by: str) -> list[Any]:
    """Gold, parse and events of each article, with trees that had not seen it."""
    return [
        (gold, parse, running.predictions(parse, annotate(
            parse, resources(), published=running.published(gold), reading=reading)))
        for gold, parse, reading in unseen_articles(held, by)
    ]  # fmt: skip


def main() -> None:
    """Print the table."""
    held = candidates()
    for role in ROLES:
        own = [one.right for one in held if one.role == role]
        print(f"{role}: {sum(own)} of {len(own)} candidates", file=sys.stderr)
    for by in sys.argv[1:] or ("doc", "src"):
        cases = by_folds(held, by)
        spread = running.intervals(running.scorer(), cases)
        print(f"folds by {by}:", file=sys.stderr)
        for name, value in running.figures(running.tally(running.scorer(), cases)[0]).items():
            low, high = spread[name]
            print(f"  {name:24} {value:.3f}  ({low:.3f} to {high:.3f})", file=sys.stderr)
    print_table(TREES, ([*row.values()] for row in grow(held)))


if __name__ == "__main__":
    main()
