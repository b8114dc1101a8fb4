"""A checkpoint as the product's weights: `encoder.onnx` in int8, `tables.npz`, tokenizer, card.

Run: `python -m training.export [CHECKPOINT [FOLDER]]`; without, the last stage that was trained
goes into `transforms/nlp/reader/weights`. The calibration of the card that lies there is kept: fit
it again when the weights have changed.
"""

from __future__ import annotations

import math
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from training.card import model_card, read_card, write_card
from training.data import BASE, ROOT, Document
from training.network import HEADS, WIDTH, Batch, Checkpoint, Network
from training.train import best

WEIGHTS = ROOT / "transforms" / "nlp" / "reader" / "weights"
LARGEST = 25_000_000  # bytes of the exported files together
OPSET = 17


class Encoder(nn.Module):
    """The encoder from summed embeddings on, in operations that int8 kernels know."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.norm, self.layers = network.norm, network.layers

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States (B, T, H) before the first norm to states; `mask` (B, 1, 1, T) is added."""
        x = self.norm(states)
        for layer in self.layers:
            b, t, width = x.shape
            query, key, value = (
                part.reshape(b, t, HEADS, width // HEADS).transpose(1, 2)
                for part in layer.qkv(x).split(WIDTH, -1)
            )
            scores = query @ key.transpose(-1, -2) * (1 / math.sqrt(width // HEADS)) + mask
            held = (scores.softmax(-1) @ value).transpose(1, 2).reshape(b, t, width)
            x = layer.norm1(x + layer.out(held))
            x = layer.norm2(x + layer.down(F.gelu(layer.up(x))))
        return x


def encoder(network: Network, path: Path) -> None:
    """Write the encoder, weights in int8 per channel."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    sample = (torch.zeros(2, 37, WIDTH), torch.zeros(2, 1, 1, 37))
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "encoder.onnx"
        torch.onnx.export(
            Encoder(network).eval(),
            sample,
            str(whole),
            input_names=["states", "mask"],
            output_names=["output"],
            dynamic_axes={
                "states": {0: "b", 1: "t"},
                "mask": {0: "b", 3: "t"},
                "output": {0: "b", 1: "t"},
            },
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(
            str(whole),
            str(path),
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"MatMulConstBOnly": True},
        )


def tables(network: Network) -> dict[str, NDArray[Any]]:
    """Word table in int8 with a scale a piece; other tables and heads in half floats."""

    def half(tensor: Tensor) -> NDArray[Any]:
        held: NDArray[Any] = tensor.detach().numpy().astype(np.float16)
        return held

    words = network.word.weight.detach().numpy()
    scale = np.abs(words).max(1) / 127
    scale[scale == 0] = 1
    found: dict[str, NDArray[Any]] = {
        "word": np.round(words / scale[:, None]).astype(np.int8),
        "word_scale": scale.astype(np.float32),
        "position": half(network.position.weight),
        "pos": half(network.pos.weight),
        "dep": half(network.dep.weight),
        "shape": half(network.shape.weight),
        "etype": half(network.pair_type.weight),
        "epath": half(network.pair_path.weight),
        "edist": half(network.pair_distance.weight),
        "edep": half(network.pair_dep.weight),
        "epos": half(network.pair_pos.weight),
        "eet": half(network.pair_kind.weight),
        "B": half(network.role_word.weight.T),
        "C": half(network.role_pair.weight.T),
    }
    linear = {
        "n1": network.name.first,
        "n2": network.name.second,
        "t1": network.trigger.first,
        "t2": network.trigger.second,
        "m1": network.modality.first,
        "m2": network.modality.second,
        "A": network.role_trigger,
        "R": network.role_out,
        "bu": network.left,
        "bv": network.right,
        "none": network.absent,
    }
    for name, layer in linear.items():
        found[name], found[f"{name}_b"] = half(layer.weight.T), half(layer.bias)
    return found


def export(done: Checkpoint, folder: Path, *, calibrated: Path | None = None) -> None:
    """Write the weights and their card. `calibrated` is the folder whose calibration is kept.

    Raises ValueError where they are larger than may be shipped.
    """
    calibration = read_card(calibrated or folder)
    folder.mkdir(parents=True, exist_ok=True)
    encoder(done.network, folder / "encoder.onnx")
    arrays: dict[str, Any] = tables(done.network)
    np.savez_compressed(folder / "tables.npz", **arrays)
    shutil.copyfile(BASE / "tokenizer.json", folder / "tokenizer.json")
    write_card(folder, model_card(folder, done.paths, done.record, calibration))
    size = sum(path.stat().st_size for path in folder.iterdir())
    if size > LARGEST:
        raise ValueError(f"{folder}: {size / 1e6:.1f} MB, more than {LARGEST / 1e6:.0f}")
    print(f"{folder}: {size / 1e6:.1f} MB")


def difference(done: Checkpoint, folder: Path, documents: list[Document]) -> float:
    """Mean absolute difference of the chances of types between torch and the exported weights."""
    from training.data import items
    from transforms.nlp.reader.model import Model

    model, found = Model(folder), []
    for item in items(documents):
        window, held = item.window, item.document
        pieces = held.pieces[window.context : window.end]
        states = model.encode(pieces, held.words[window.context : window.end])
        with torch.no_grad():
            wanted = done.network.trigger(done.network.encode(Batch.of([item])))[0].softmax(-1)
        found.append(float(np.abs(model.triggers(states)[0] - wanted.numpy()).mean()))
    return sum(found) / max(1, len(found))


def main() -> None:
    """Export and compare with the network on ten articles of the corpus."""
    from training.targets import corpus

    given = [Path(name) for name in sys.argv[1:]]
    done = Checkpoint.load(given[0] if given else best())
    folder = given[1] if len(given) > 1 else WEIGHTS
    export(done, folder)
    print(f"mean difference of chances to torch: {difference(done, folder, corpus()[:10]):.4f}")


if __name__ == "__main__":
    main()
