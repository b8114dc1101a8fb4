"""The card of exported weights: what they are, what they saw, and what may be done with them.

The product reads `paths`, `temperature`, `limits`, `confidence` and `type_confidence` from it; the
rest is for people, and for the test that holds card and files together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.base_weights import SHA256, WHEEL, digest
from training.corpus_labels import CORPUS

FILES = ("encoder.onnx", "tables.npz", "tokenizer.json")
CALIBRATION: dict[str, dict[str, float]] = {
    "temperature": {"type": 1.0, "modality": 1.0, "role": 1.0},
    "limits": {
        "trigger": 0.9,
        "side": 0.25,
        "both": 0.35,
        "source": 0.4,
        "report": 0.5,
        "alone": 0.4,
    },
    "confidence": {"bias": 0.0, "told": 1.0},
    "type_confidence": {"bias": 0.0, "type": 1.0},
}
LICENCE = (
    "Fine-tuned from sentence-transformers/all-MiniLM-L6-v2, Apache License 2.0 "
    "(https://www.apache.org/licenses/LICENSE-2.0); changed: weights further trained, quantised, "
    "heads added."
)


def corpus_digests(corpus: Path = CORPUS) -> dict[str, str]:
    """sha256 of every file that stage 1 learns from, by its path in the corpus."""
    learnt = ("texts/*.txt", "labels/*.txt", "*.tsv", "negatives.txt")
    paths = [path for pattern in learnt for path in corpus.glob(pattern)]
    return {path.relative_to(corpus).as_posix(): digest(path) for path in sorted(paths)}


def model_card(
    folder: Path,
    paths: Mapping[str, int],
    record: Mapping[str, Any],
    calibration: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The card of the weights in `folder`, whose `FILES` are there.

    `record` is the checkpoint's: settings, seeds, losses, scores, `held_out`. `calibration` is
    kept where an earlier card has one; it holds for these weights only once it is fitted again.
    """
    return {
        "name": "dateline reader",
        "use": "Finds names, event triggers with type and modality, and sides in English news.",
        "licence": LICENCE,
        "base": {
            "package": WHEEL.replace("==", " "),
            "model": "all-MiniLM-L6-v2",
            "sha256": SHA256,
            "licence": "Apache-2.0",
        },
        "files": {name: digest(folder / name) for name in FILES},
        "corpus": corpus_digests(),
        "held_out": sorted(record.get("held_out", ())),
        "training": {key: value for key, value in record.items() if key != "held_out"},
        **{key: (calibration or {}).get(key, held) for key, held in CALIBRATION.items()},
        "paths": sorted(paths, key=paths.__getitem__),
    }


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write `card.json`."""
    text = json.dumps(card, indent=1, ensure_ascii=False)
    (folder / "card.json").write_text(f"{text}\n", "utf-8")


def read_card(folder: Path) -> dict[str, Any]:
    """`card.json` of a folder, empty where there is none."""
    path = folder / "card.json"
    held: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return held


def faults(folder: Path) -> list[str]:
    """What a card says that its files do not bear out; empty when all is well."""
    card = read_card(folder)
    found = [f"no {key}" for key in ("base", "files", "corpus", "held_out") if key not in card]
    if card.get("base", {}).get("sha256") != SHA256:
        found.append("base sha256 is another")
    for name in FILES:
        path = folder / name
        if not path.exists() or card.get("files", {}).get(name) != digest(path):
            found.append(f"{name} is not the file of the card")
    return found
