"""Events against whole real articles, `running_dev.jsonl`. Run: `make evaluate SET=running`.

The scorer is `../shared/gold/score_running.py`, given the events of the production extractor:
once with readings of cross-validation (`training/held_out`: five folds by article, weights that
had not seen the article), once with the shipped weights on the articles they were not trained on
(the card's `held_out`). Another reader's labels of some of the articles are scored alike: what
people who follow the guide may agree on. Intervals are 95% of 1,000 bootstrap samples of articles.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from benchmarks.annotate import resources, unseen
from benchmarks.parses import GOLD, parsed
from training import shared_gold
from transforms.nlp.annotations import Annotations, Participant
from transforms.nlp.extract import annotate
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.read import Reading
from warehouse import store

Prediction = dict[str, Any]


def scorer() -> Any:
    """The scorer of the shared gold as a module, None where it is not there."""
    path = GOLD / "score_running.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location("score_running", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def least_told() -> float:
    """The confidence from which on the view `told_parties` has a party."""
    (script,) = (script for name, script in store.views() if name.endswith("told_parties.sql"))
    found = re.search(r"confidence >= ([\d.]+)", script)
    assert found is not None
    return float(found[1])


def is_told(party: Participant) -> bool:
    """Whether `told_parties` has a party."""
    sure = 1 if party.confidence is None else party.confidence
    return party.role == "participant" or sure >= least_told()


def predictions(parse: Parse, notes: Annotations) -> list[Prediction]:
    """Events in the form of the scorer."""
    layer = notes.entities
    found: list[Prediction] = []
    for event in notes.events:
        sides: dict[str, list[Any]] = {"I": [], "R": []}
        likely: list[Any] = []
        for party in event.participants:
            mention = layer.mentions[party.mention]
            entity = layer.entities[mention.entity]
            span = (parse.starts[mention.start], parse.ends[mention.end - 1])
            told = (span, [parse.text[span[0] : span[1]], entity.name, *entity.aliases])
            for side, other in (("I", "recipient"), ("R", "initiator")):
                if party.role != other:
                    sides[side].append(told)
            if is_told(party):
                likely.append(told)
        place = None if event.place is None else notes.places[event.place]
        found.append(
            {
                "type": event.event_type,
                "mod": event.modality,
                "trig": (parse.starts[event.trigger_start], parse.ends[event.trigger_end - 1]),
                **sides,
                "likely": likely,
                "date": event.date.edtf if event.date else None,
                "place": parse.span_text(place.start, place.end) if place else None,
                "att": event.attribution,
                "conf": event.confidence,
                "type_conf": event.type_confidence,
            }
        )
    return found


def published(record: dict[str, Any]) -> dt.date | None:
    """The day of publication, None where the gold has none."""
    try:
        return dt.date.fromisoformat(record["date"][:10])
    except (TypeError, ValueError):
        return None


def judged(
    module: Any, record: dict[str, Any], parse: Parse, found: list[Prediction]
) -> Iterator[tuple[Prediction, bool, bool]]:
    """Each prediction, whether type and modality are right, and whether both sides are too."""
    gold = module.gold_events(record, parse.text)
    matched = module.match(found, gold)
    for number, item in enumerate(found):
        held = gold[matched[number]] if number in matched else None
        right = (
            held is not None and item["type"] in held["types"] and item["mod"] == held["modality"]
        )
        yield item, right, right and all(x is not False for x in module.sides(item, held))


def tally(module: Any, cases: list[tuple[dict[str, Any], Parse, list[Prediction]]]) -> Any:
    """Counters of the scorer over these articles."""
    counts: Counter[str] = Counter()
    by_type: Any = defaultdict(Counter)
    reliability: Any = defaultdict(lambda: [0, 0])
    for record, parse, found in cases:
        gold = module.gold_events(record, parse.text)
        module.tally(found, gold, counts, by_type, reliability, record, parse.text, None)
        tally_parties(module, found, gold, counts)
    return counts, by_type, reliability


def tally_parties(
    module: Any, found: list[Prediction], gold: list[Any], counts: Counter[str]
) -> None:
    """How many of the parties found are in the gold, and of the gold's are found; and once more of
    those that are told wherever people look.

    Counted over reports of a right type; the scorer of the gold asks for one of each side only,
    and does not count parties too many. Of a mutual event both sides are one; things are neither.
    """
    for number, other in module.match(found, gold).items():
        item, held = found[number], gold[other]
        if item["type"] not in held["types"]:
            continue
        sides = [(item["I"], held["I"]), (item["R"], held["R"])]
        if held.get("reciprocal"):
            sides = [(item["I"] + [p for p in item["R"] if p not in item["I"]],
                      held["I"] + held["R"])]  # fmt: skip
        for told, wanted in sides:
            people = [one for one in wanted if not one[2]]
            counts["g_party"] += len(people)
            likely = [party for party in told if party in item["likely"]]
            for name, parties in (("", told), ("likely_", likely)):
                for party in parties:
                    hits = [one for one in wanted if module.hit(party, one)]
                    if not hits or any(not thing for *_, thing in hits):
                        counts[f"p_{name}party"] += 1
                        counts[f"{name}party_ok"] += bool(hits)
                found_here = sum(any(module.hit(p, one) for p in parties) for one in people)
                counts[f"{name}party_found"] += found_here


def figures(counts: Counter[str]) -> dict[str, float]:
    """The figures by which the reader is judged."""

    def share(part: str, whole: str) -> float:
        return counts[part] / max(1, counts[whole])

    precision, recall = share("pa_typemod", "pred_asserted"), share("ra_type", "core_asserted")
    return {
        "core recall type": share("r_type", "core"),
        "core recall all": share("r_full", "core"),
        "asserted precision": precision,
        "asserted precision all": share("pa_full", "pred_asserted"),
        "F1": 2 * precision * recall / max(1e-9, precision + recall),
        "modality": share("mod_ok", "m_mod"),
        "initiator": share("I_ok", "m_I"),
        "recipient": share("R_ok", "m_R"),
        "party precision": share("party_ok", "p_party"),
        "party recall": share("party_found", "g_party"),
        "told party precision": share("likely_party_ok", "p_likely_party"),
        "told party recall": share("likely_party_found", "g_party"),
        "date": share("date_ok", "m_date"),
        "place precision": share("place_ok", "p_place"),
        "place recall": share("place_found", "g_place"),
    }


def intervals(module: Any, cases: list[Any], samples: int = 1000) -> dict[str, tuple[float, float]]:
    """95% intervals of the figures, articles drawn with replacement."""
    each = [tally(module, [case])[0] for case in cases]
    chance = random.Random(0)
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(samples):
        total: Counter[str] = Counter()
        for counts in chance.choices(each, k=len(each)):
            total.update(counts)
        for name, value in figures(total).items():
            drawn[name].append(value)
    cut = samples // 40
    return {name: (sorted(v)[cut], sorted(v)[-cut - 1]) for name, v in drawn.items()}


def cases(which: str) -> list[tuple[dict[str, Any], Parse, list[Prediction]]]:
    """Gold, parse and predictions of the articles that `which` ("folds", "shipped") scores."""
    found = []
    held_out = set(resources().reader.card.get("held_out", ()))
    for gold, parse in parsed("running_dev.jsonl"):
        reading: Reading | None = None
        if which == "folds":
            reading = unseen("running", gold["doc"], parse)
            if reading is None:
                continue
        elif gold["doc"] not in held_out:
            continue
        notes = annotate(parse, resources(), published=published(gold), reading=reading)
        found.append((gold, parse, predictions(parse, notes)))
    return found


def another_reader() -> list[tuple[dict[str, Any], Parse, list[Prediction]]]:
    """Gold, parse, and what another reader labelled core in it, as if it were predicted."""
    labelled, module, found = shared_gold.read_more(shared_gold.SECOND), scorer(), []
    for gold, parse in parsed("running_dev.jsonl"):
        if ("running", gold["doc"]) not in labelled:
            continue
        (_, *spans), events = labelled["running", gold["doc"]]
        told = sorted({*spans})
        own = {
            "sentences": [parse.text[slice(*span)] for span in told],
            "events": [
                {**event, "s": told.index(spans[event["s"] - 1])} for event in events(parse.text)
            ],
        }
        found.append((gold, parse, [
            _as_predicted(event) for event in module.gold_events(own, parse.text) if event["core"]
        ]))  # fmt: skip
    return found


def _as_predicted(event: dict[str, Any]) -> Prediction:
    sides = {
        side: [(span, [name]) for span, name, is_thing in event[side] if not is_thing]
        for side in "IR"
    }
    if event["reciprocal"]:
        sides = dict.fromkeys("IR", sides["I"] + sides["R"])
    return {
        "type": event["type"],
        "mod": event["modality"],
        "trig": event["trig"],
        **sides,
        "likely": sides["I"] + sides["R"],
        "date": None,
        "place": event["place"] or None,
        "conf": 1.0,
        "type_conf": 1.0,
    }


def score() -> list[str]:
    """Lines of the table."""
    module = scorer()
    if module is None:
        return ["no running_dev gold: skipped"]
    lines: list[str] = []
    for which, title in (
        ("folds", "five folds by article"),
        ("shipped", "shipped weights, articles they have not seen"),
    ):
        held = cases(which)
        if not held:
            lines.append(f"{title}: nothing recorded")
            continue
        counts, _, _ = tally(module, held)
        spread = intervals(module, held)
        lines.append(
            f"{title}: {len(held)} articles, {counts['core']} core events, "
            f"{counts['pred']} predicted"
        )
        for name, value in figures(counts).items():
            low, high = spread[name]
            lines.append(f"  {name:24} {value:.3f}  ({low:.3f} to {high:.3f})")
        lines.extend(reliability(module, held))
    held = another_reader()
    told = figures(tally(module, held)[0])
    lines.append(
        f"another reader of {len(held)} of the articles, what is core, as far as it can be:"
    )
    lines += [f"  {name:24} {value:.3f}" for name, value in told.items() if name != "date"]
    return lines


def reliability(module: Any, held: list[Any]) -> list[str]:
    """Share of right asserted reports by confidence, of both kinds, and its AUC."""
    lines = []
    rows = [
        (item, whole, typed)
        for gold, parse, found in held
        for item, typed, whole in judged(module, gold, parse, found)
        if item["mod"] == "asserted"
    ]
    for title, told in (
        ("confidence", [(item["conf"], whole) for item, whole, _ in rows]),
        ("type_confidence", [(item["type_conf"], typed) for item, _, typed in rows]),
    ):
        bins: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for chance, right in told:
            cell = bins[min(9, int(chance * 10))]
            cell[0] += right
            cell[1] += 1
        shown = " · ".join(f".{k} {a}/{n}" for k, (a, n) in sorted(bins.items()))
        lines.append(f"  {title}: AUC {auc(told):.3f}; right of all by tenth: {shown}")
    return lines


def auc(told: list[tuple[float, bool]]) -> float:
    """Chance that a right one has more confidence than a wrong one."""
    right = [c for c, ok in told if ok]
    wrong = [c for c, ok in told if not ok]
    if not right or not wrong:
        return 0.5
    above = sum((a > b) + 0.5 * (a == b) for a in right for b in wrong)
    return above / (len(right) * len(wrong))
