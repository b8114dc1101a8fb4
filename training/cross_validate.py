"""Five folds by article over what `../shared` adds, and what the reader of each sees of its own.

`python -m training.cross_validate train [FOLD …]` goes on from stage 1 without the fold's articles
and sentences, and exports its weights to `.cache/training/fold_N` (training's environment).
`… record` reads them with the product (its environment) and writes `training/held_out/*.jsonl.gz`,
without text, for `make evaluate SET=running`: no article is read by weights that had seen it.
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from training import shared_gold
from training.data import CACHE, ROOT
from transforms.nlp.annotations import EntityLayer
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.model import Model

FOLDS = 5
SEEDS = {"running": 11, "events": 12}  # by which the folds of each set are drawn
HELD_OUT = ROOT / "training" / "held_out"
Text = tuple[str, Parse, dt.date | None]  # id, parse, day of publication


def folder_of(fold: int) -> Path:
    """Where the weights of a fold lie."""
    return CACHE / f"fold_{fold}"


def train(folds: Iterable[int], articles: int | None = None) -> None:
    """Train and export the reader of each fold. `articles` bounds a trial."""
    from training.export import WEIGHTS, export
    from training.network import Checkpoint
    from training.train import FOLD, STAGE1, printed, second_stage
    from training.train import train as fit

    first = Checkpoint.load(STAGE1)
    real = shared_gold.folds(shared_gold.running(), SEEDS["running"], FOLDS)
    sentences = shared_gold.folds(shared_gold.events(0.35), SEEDS["events"], FOLDS)
    for fold in folds:
        seen = [d for n, part in enumerate(real) if n != fold for d in part][:articles]
        told = [d for n, part in enumerate(sentences) if n != fold for d in part]
        known = second_stage(seen, told[: articles and articles * 4], entities=False)
        settings = replace(FOLD, seed=fold)
        if articles:
            known, settings = known[: 8 * articles], replace(settings, epochs=1)
        network, losses = fit(known, first.paths, settings, first.network)
        own = {"running": real[fold], "events": sentences[fold]}
        done = Checkpoint(network, first.paths, dict(first.record))
        done.record["held_out"] = sorted(d.doc for part in own.values() for d in part)
        done.record["fold"] = {"number": fold, "losses": losses}
        printed(done, real[fold][:articles], f"fold {fold}")
        export(done, folder_of(fold), calibrated=WEIGHTS)


def record(folds: Iterable[int]) -> None:
    """Read each set by the weights of the fold in which its texts were held out.

    Records of folds not asked for stay as they are.
    """
    from benchmarks.parses import parsed
    from benchmarks.recorded import recorded
    from training.prepare import day

    models = {fold: Model(folder_of(fold)) for fold in folds}
    fold_of = {doc: fold for fold, model in models.items() for doc in model.card["held_out"]}
    HELD_OUT.mkdir(parents=True, exist_ok=True)
    for name in SEEDS:
        own: dict[int, list[Text]] = {fold: [] for fold in models}
        for item, parse in parsed(f"{name}_dev.jsonl"):
            doc = item.get("doc") or item["id"]
            if doc in fold_of:
                own[fold_of[doc]].append((doc, parse, day(item["date"])))
        rows = [row for fold, held in own.items() for row in readings(models[fold], fold, held)]
        others = [row for row in recorded(name).values() if row.get("fold") not in own]
        write(HELD_OUT / f"{name}.jsonl.gz", [*others, *rows])
        print(f"{name}: {len(rows)} readings recorded, {len(others)} of other folds kept")


def readings(model: Model, fold: int, texts: Sequence[Text]) -> list[dict[str, Any]]:
    """What a reader sees of texts it has not seen before, as `benchmarks.recorded` keeps it.

    The entities beside it are production's, without the parties that events added to them.
    """
    from benchmarks.annotate import resources
    from benchmarks.recorded import record as recorded_form
    from transforms.nlp.extract import annotate
    from transforms.nlp.reader.features import kinds_of
    from transforms.nlp.reader.read import read

    rows: list[dict[str, Any]] = []
    for doc, parse, published in texts:
        reading = read(model, parse)
        notes = annotate(parse, resources(), published=published, reading=reading)
        known = [m for m in notes.entities.mentions if m.method != "argument"]
        layer = EntityLayer(notes.entities.entities, known)
        kinds = kinds_of(parse, layer, notes.places)
        rows.append({"doc": doc, "fold": fold, **recorded_form(reading, kinds)})
    return rows


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows by document; equal rows make equal files."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        text = io.TextIOWrapper(packed, "utf-8")
        for row in sorted(rows, key=lambda r: str(r["doc"])):
            text.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        text.flush()
        text.detach()


def main() -> None:
    """Command line."""
    task, *numbers = sys.argv[1:] or ["train"]
    articles = None
    if "--articles" in numbers:
        at = numbers.index("--articles")
        articles = int(numbers[at + 1])
        del numbers[at : at + 2]
    folds = [int(number) for number in numbers] or list(range(FOLDS))
    if task == "train":
        train(folds, articles)
    elif task == "record":
        record(folds)
    else:
        raise SystemExit(f"{task}: neither train nor record")


if __name__ == "__main__":
    main()
