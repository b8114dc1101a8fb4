"""How a network is trained; stage 1, on what ships with the project.

Stage 1 learns from the corpus and the examples alone, so that anyone can repeat it; stage 2
(`cross_validate`) goes on from there with real articles where they are present. Checkpoints lie in
`.cache/training`. Runs in training's own environment: `python -m training.train` (`--articles N
--epochs N` for a trial).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from training import shared_gold
from training.base_weights import SHA256, checked
from training.data import BASE, CACHE, Document, Item, items, path_table
from training.losses import NAMES_OF_LOSSES, WEIGHTS, losses
from training.network import Batch, Checkpoint, Network, seed_all
from training.reviewed import reviewed
from training.scores import score
from training.targets import corpus, example_sentences, negative_sentences

STAGE1, STAGE2 = CACHE / "stage1.pt", CACHE / "stage2.pt"
CLIP, WARM, LEAST_RATE = 1.0, 0.06, 0.02
PIECES_EACH = 230  # a batch holds as many pieces as `batch` windows of this length


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training depends on beside its documents."""

    epochs: int
    rate: float  # of the encoder
    heads_rate: float = 1e-3
    batch: int = 4  # windows of usual length
    frozen: int = 0  # lowest layers of the encoder that stay as they are
    seed: int = 0
    threads: int = 2
    bf16: bool = torch.cpu._is_avx512_bf16_supported()  # elsewhere it is thirty times slower
    alone: float = 0.15  # share of sentences read without their neighbours


FIRST = Settings(epochs=3, rate=2e-4)
FOLD = Settings(epochs=2, rate=1.2e-4, frozen=2)
SHORT = Settings(epochs=1, rate=5e-5, heads_rate=3e-4, frozen=2, alone=0.6)
LAST = Settings(epochs=1, rate=3e-5, heads_rate=2e-4, frozen=2, alone=0.6, seed=7)
PARTIAL_SHARE = 0.6  # of sentences with an event known in part, in an epoch


def batches(found: Sequence[Item], settings: Settings, chance: random.Random) -> list[list[Item]]:
    """One epoch: windows drawn by their share, those of about one length together.

    Depends on the order of `found` and on `chance` alone.
    """
    drawn = [item for item in found if chance.random() < item.share]
    chance.shuffle(drawn)
    size = settings.batch * 64  # the more are sorted together, the less is padding
    made: list[list[Item]] = []
    for begin in range(0, len(drawn), size):
        current: list[Item] = []
        for item in sorted(drawn[begin : begin + size], key=lambda i: len(i.ids)):
            if current and (len(current) + 1) * len(item.ids) > settings.batch * PIECES_EACH:
                made.append(current)
                current = []
            current.append(item)
        if current:
            made.append(current)
    chance.shuffle(made)
    return made


def train(
    documents: Iterable[Document],
    paths: dict[str, int],
    settings: Settings,
    start: Network | None = None,
) -> tuple[Network, list[list[float]]]:
    """A network trained on `documents`, from `start`'s weights or the base weights.

    Also the mean losses of each epoch, in the order of `NAMES_OF_LOSSES`.
    """
    torch.set_num_threads(settings.threads)
    torch.use_deterministic_algorithms(True)
    seed_all(settings.seed)
    network = Network().load_base(checked(BASE))
    if start is not None:
        network.load_state_dict(start.state_dict())
    fixed = [network.word, network.position, *network.layers[: settings.frozen]]
    for module in fixed:
        module.requires_grad_(False)
    encoder: list[Any] = []
    heads: list[Any] = []
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            (encoder if name.split(".")[0] in {"layers", "norm"} else heads).append(parameter)
    optimizer = torch.optim.AdamW(
        [
            {"params": encoder, "lr": settings.rate},
            {"params": heads, "lr": settings.heads_rate},
        ],
        weight_decay=0.01,
    )
    found, chance = items(documents, settings.alone), random.Random(settings.seed)
    plan = [batches(found, settings, chance) for _ in range(settings.epochs)]
    steps = sum(map(len, plan))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1, (n + 1) / max(1, WARM * steps)) * max(LEAST_RATE, 1 - n / steps)
    )
    history: list[list[float]] = []
    began = time.monotonic()
    network.train()
    for number, epoch in enumerate(plan):
        total = [0.0] * len(WEIGHTS)
        for batch in epoch:
            parts = losses(network, Batch.of(batch), paths, bf16=settings.bf16)
            optimizer.zero_grad(set_to_none=True)
            sum(w * part for w, part in zip(WEIGHTS, parts, strict=True)).backward()
            torch.nn.utils.clip_grad_norm_([*encoder, *heads], CLIP)
            optimizer.step()
            schedule.step()
            total = [a + float(part.detach()) for a, part in zip(total, parts, strict=True)]
        history.append([round(value / max(1, len(epoch)), 4) for value in total])
        told = ", ".join(
            f"{name} {value:.3f}" for name, value in zip(NAMES_OF_LOSSES, history[-1], strict=True)
        )
        print(f"epoch {number + 1}: {told}; {len(epoch)} steps, {time.monotonic() - began:.0f} s")
        sys.stdout.flush()
    network.eval()
    return network, history


def stage1(settings: Settings = FIRST, articles: int | None = None) -> Checkpoint:
    """Train on the corpus and the examples alone and write `STAGE1`."""
    own, sentences = [*corpus()[:articles], *reviewed()], example_sentences(0.34)
    none = negative_sentences(0.34)[: articles and articles * 2]
    if not own:
        raise SystemExit("no prepared corpus in .cache/training: run python -m training.prepare")
    sentences = sentences[: articles and articles * 10]
    paths = path_table([*own, *sentences])
    print(f"stage 1: {len(own)} articles, {sum(len(d.targets) for d in own)} events, "
          f"{len(sentences)} examples, {len(paths)} paths")  # fmt: skip
    network, history = train([*own, *sentences, *none], paths, settings)
    done = Checkpoint(
        network,
        paths,
        {
            "base_sha256": SHA256,
            "torch": str(torch.__version__),
            "stage1": {
                "settings": asdict(settings),
                "articles": len(own),
                "examples": len(sentences),
                "negatives": len(none),
                "losses": history,
            },
            "held_out": [],
        },
    )
    real = shared_gold.running()[:articles]
    if real:
        done.record["stage1"]["scores"] = printed(done, real, "running_dev, all unseen")
    done.save(STAGE1)
    return done


def second_stage(
    real: Sequence[Document], sentences: Sequence[Document], held_out: Sequence[Document]
) -> list[Document]:
    """What stage 2 learns from: real articles and sentences, and some of stage 1 again.

    No text of `held_out` is among it, in whatever set it stands.
    """
    more = shared_gold.more()
    labelled = {d.doc for d in more}
    named = [*shared_gold.gold_names(1.0),
             *shared_gold.silver_names(("places", "event_identity"), 0.15)]  # fmt: skip
    shared = [*more, *(d for d in named if d.doc not in labelled)]
    told = [d for d in sentences if d.targets]
    own = [*reviewed(), *corpus(0.12), *example_sentences(0.03), *negative_sentences(0.15)]
    own += shared_gold.seed()
    return [*real, *told, *own, *shared_gold.apart(shared, held_out)]


def short_texts(known: Sequence[Document]) -> list[Document]:
    """What the last epoch reads: all sentences that tell no event, of the other texts half."""
    return [replace(d, share=1.0 if d.doc.startswith("negative:") else d.share / 2) for d in known]


def mean(networks: Sequence[Network]) -> Network:
    """The network whose weights are the mean of these: runs from one start that differ in what they
    learn last (Wortsman et al. 2022, "model soups")."""
    states = [network.state_dict() for network in networks]
    found = Network()
    found.load_state_dict({k: sum(s[k] for s in states) / len(states) for k in states[0]})
    found.eval()
    return found


def printed(done: Checkpoint, documents: Sequence[Document], title: str) -> dict[str, Any]:
    """Scores on unseen documents, also printed."""
    found = score(done, documents)
    for limit, figures in found.items():
        told = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
        print(f"{title} ({len(documents)}), trigger limit {limit}: {told}")
    return {"documents": len(documents), "by limit": found}


def best() -> Path:
    """The checkpoint to export: stage 2 where there is one."""
    return STAGE2 if STAGE2.exists() else STAGE1


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, help="for a trial: at most so many articles")
    parser.add_argument("--epochs", type=int, help="for a trial: so many epochs")
    parser.add_argument("--threads", type=int, default=FIRST.threads)
    given = parser.parse_args()
    epochs = given.epochs or FIRST.epochs
    stage1(replace(FIRST, epochs=epochs, threads=given.threads), given.articles)


if __name__ == "__main__":
    main()
