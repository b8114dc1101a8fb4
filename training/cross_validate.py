"""Stage 2: five folds by article over what `../shared` adds, their mean, what each sees of its own.

`python -m training.cross_validate train [FOLD …]` goes on from stage 1 without the fold's articles
and sentences, and exports its weights to `.cache/training/fold_N`; `… mean` makes the shipped
weights, the mean of the five (training's environment). `NEVER` articles are in no fold's training,
so that the mean can be scored on them. `… record` reads the folds with the product (its
environment) and writes `training/held_out/*.jsonl.gz`, without text, for `make evaluate
SET=running`: no article is read by weights that had seen it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import io
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from training import shared_gold
from training.data import CACHE, ROOT, Document
from transforms.nlp.annotations import EntityLayer
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.reader.model import Model

FOLDS = 5
SEEDS = {"running": 11, "events": 12, "never": 5}  # by which they are drawn
SETS = ("running", "events", "entities")
NEVER = 24  # articles that no fold learns from
HELD_OUT = ROOT / "training" / "held_out"
Text = tuple[str, Parse, dt.date | None]  # id, parse, day of publication


def folder_of(fold: int) -> Path:
    """Where the weights of a fold lie."""
    return CACHE / f"fold_{fold}"


def checkpoint_of(fold: int) -> Path:
    """Where its network lies."""
    return CACHE / f"fold_{fold}.pt"


def train(folds: Iterable[int], articles: int | None = None, threads: int = 2) -> None:
    """Train and export the reader of each fold. `articles` bounds a trial."""
    from training.export import WEIGHTS, export
    from training.network import Checkpoint
    from training.train import (
        FOLD,
        PARTIAL_SHARE,
        SHORT,
        STAGE1,
        STAGE2,
        printed,
        second_stage,
        short_texts,
    )
    from training.train import train as fit

    real, never = articles_by_fold()
    if not real[0]:
        print("stage 2: no ../shared/gold/running_dev.jsonl, left out")
        STAGE2.unlink(missing_ok=True)
        return
    first, kept = Checkpoint.load(STAGE1), {d.doc for d in never}
    sentences = shared_gold.folds(shared_gold.events(PARTIAL_SHARE), SEEDS["events"], FOLDS)
    named = shared_gold.entity_folds(real)
    for fold in folds:
        unseen = [*real[fold], *named[fold], *never]
        seen = [d for n, part in enumerate(real) if n != fold for d in part if d.doc not in kept]
        told = [d for n, part in enumerate(sentences) if n != fold for d in part]
        known = second_stage(seen[:articles], told[: articles and articles * 4], unseen)
        settings = replace(FOLD, seed=fold, threads=threads)
        if articles:
            known, settings = known[: 8 * articles], replace(settings, epochs=1)
        network, losses = fit(known, first.paths, settings, first.network)
        settings = replace(SHORT, seed=fold, threads=threads)
        network, more = fit(short_texts(known), first.paths, settings, network)
        losses += more
        done = Checkpoint(network, first.paths, dict(first.record))
        own = [*real[fold], *sentences[fold], *named[fold]]
        done.record["held_out"] = sorted(d.doc for d in own)
        done.record["fold"] = {
            "number": fold,
            "settings": asdict(settings),
            "articles": len(seen),
            "texts": len(known),
            "losses": losses,
            "scores": printed(done, real[fold][:articles], f"fold {fold}"),
        }
        done.save(checkpoint_of(fold))
        export(done, folder_of(fold), calibrated=WEIGHTS)


def articles_by_fold() -> tuple[list[list[Document]], list[Document]]:
    """The labelled real articles in folds, and those of them that no fold learns from."""
    real = shared_gold.running()
    order = list(real)
    random.Random(SEEDS["never"]).shuffle(order)
    return shared_gold.folds(real, SEEDS["running"], FOLDS), order[:NEVER]


def mean(threads: int = 2) -> None:
    """Write stage 2: the mean of the folds after a short reading of what all of them have seen.

    Prints its scores on the articles that none has seen.
    """
    from training.network import Checkpoint
    from training.train import LAST, PARTIAL_SHARE, STAGE2, printed, second_stage, short_texts
    from training.train import mean as mean_of
    from training.train import train as fit

    paths = [checkpoint_of(fold) for fold in range(FOLDS)]
    if not any(path.exists() for path in paths):
        return
    runs = [Checkpoint.load(path) for path in paths]
    real, never = articles_by_fold()
    kept = {d.doc for d in never}
    seen = [d for part in real for d in part if d.doc not in kept]
    known = short_texts(second_stage(seen, shared_gold.events(PARTIAL_SHARE), never))
    known += shared_gold.seed(shared_gold.SEED_LAST)
    start = mean_of([run.network for run in runs])
    settings = replace(LAST, threads=threads)
    network, losses = fit(known, runs[0].paths, settings, start)
    done = Checkpoint(network, runs[0].paths, {})
    done.record = {key: value for key, value in runs[0].record.items() if key != "fold"}
    done.record["held_out"] = sorted(d.doc for d in never)
    done.record["stage2"] = {
        "folds": [run.record["fold"] for run in runs],
        "last": {"settings": asdict(settings), "losses": losses},
        "gold_sha256": shared_gold.digests(),
        "scores": printed(done, never, "running_dev, never seen"),
    }
    done.save(STAGE2)


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
    for name in SETS:
        own: dict[int, list[Text]] = {fold: [] for fold in models}
        for item, parse in parsed(f"{name}_dev.jsonl"):
            doc = item.get("doc") or item["id"]
            if doc in fold_of:
                own[fold_of[doc]].append((doc, parse, day(item.get("date"))))
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=("train", "mean", "record"))
    parser.add_argument("folds", type=int, nargs="*", help="all unless given")
    parser.add_argument("--articles", type=int, help="for a trial: at most so many articles")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    folds = given.folds or list(range(FOLDS))
    if given.task == "train":
        train(folds, given.articles, given.threads)
    elif given.task == "mean":
        mean(given.threads)
    else:
        record(folds)


if __name__ == "__main__":
    main()
