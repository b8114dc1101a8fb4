"""Fits `lexicons/actors/salience.tsv`. Run: `.venv/bin/python -m benchmarks.fit_salience`.

Every pronoun of the corpus' chains (`training/corpus/labels`) is a choice between its candidates
and nobody: a pronoun that is in no chain, or whose chain holds no candidate, means nobody. A
logistic choice over the signs of each candidate is fitted to the lots not kept `APART`; the same
texts and code give the same weights. Prints the table; shares of both parts go to stderr.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.annotate import annotate
from benchmarks.fitted import print_table
from benchmarks.parses import parses, tokens_at
from training.corpus_labels import CORPUS, articles, labels
from transforms.nlp.entities.pronouns import WEIGHTS, Candidate, Pronouns, again, pointing

APART = ("lot5.txt", "lot6.txt", "lotf2.txt")
ROUNDS, RATE, SHRINK = 15, 0.3, 0.02
LEAST_SEEN, LEAST_WEIGHT = 15, 0.05


@dataclass(slots=True)
class Choice:
    """One pronoun: signs of each candidate, which are right, and whether it was kept apart."""

    signs: list[list[str]]
    actors: list[bool]  # is the candidate an actor and no mere noun
    right: list[int]
    apart: bool


def choices() -> Iterator[Choice]:
    """All pronouns of the corpus, with the candidates that stand before them."""
    texts = articles()
    found, _ = labels()
    apart, _ = labels([CORPUS / "labels" / name for name in APART])
    docs = [doc for doc in found if found[doc].entities]
    for doc, parse in zip(docs, parses([texts[d].text for d in docs], label="chains"), strict=True):
        layer = annotate(parse).entities
        added = {"argument", "reader"}  # by events
        named = [m for m in layer.mentions if m.mention_type != "pronoun" and m.method not in added]
        chain: dict[int, int] = {}  # head of a labelled mention → chain
        for number, entity in enumerate(found[doc].entities):
            for start, end in entity["spans"]:
                if tokens := tokens_at(parse, start, end):
                    chain[parse.head_of(*tokens)] = number
        votes: dict[int, Counter[int]] = defaultdict(Counter)
        for mention in named:
            if mention.head in chain:
                weight = 2 if mention.mention_type == "name" else 1
                votes[mention.entity][chain[mention.head]] += weight
        most = {entity: held.most_common(1)[0][0] for entity, held in votes.items()}

        def is_right(one: Candidate, wanted: int | None, chain: dict[int, int] = chain,
                     most: dict[int, int] = most) -> bool:  # fmt: skip
            if wanted is None:
                return False
            own = chain.get(one.head) == wanted
            return own or (len(one.entities) == 1 and most.get(one.entities[0]) == wanted)

        pronouns = Pronouns(parse, named, layer)
        for index in pointing(parse):
            options = pronouns.options(index)
            right = [n for n, (one, _) in enumerate(options) if is_right(one, chain.get(index))]
            actors = [bool(one.entities) for one, _ in options]
            yield Choice([signs for _, signs in options], actors, right, doc in apart)
            if right and options[right[0]][0].entities:
                pronouns.add(again(options[right[0]][0], index))


def fit(held: list[Choice]) -> dict[str, float]:
    """Weights by sign, by stochastic gradient with steps that shrink as a sign is seen."""
    weight: dict[str, float] = defaultdict(float)
    steps: dict[str, float] = defaultdict(lambda: 1e-8)
    order = np.random.default_rng(0)
    for _ in range(ROUNDS):
        for number in order.permutation(len(held)).tolist():
            one = held[number]
            worth = np.array([0.0] + [sum(weight[s] for s in signs) for signs in one.signs])
            chance = np.exp(worth - worth.max())
            chance /= chance.sum()
            wanted = np.zeros_like(chance)
            places = [n + 1 for n in one.right] or [0]
            wanted[places] = chance[places] / max(chance[places].sum(), 1e-12)
            slope: dict[str, float] = defaultdict(float)
            for signs, change in zip(one.signs, (chance - wanted)[1:].tolist(), strict=True):
                for sign in signs:
                    slope[sign] += change
            for sign, change in slope.items():
                change += SHRINK * weight[sign]
                steps[sign] += change * change
                weight[sign] -= RATE * change / steps[sign] ** 0.5
    seen = Counter(sign for one in held for signs in one.signs for sign in signs)
    return {
        sign: round(value, 2)
        for sign, value in sorted(weight.items())
        if abs(value) >= LEAST_WEIGHT and seen[sign] >= LEAST_SEEN
    }


def shares(held: list[Choice], weight: dict[str, float]) -> str:
    """How many go to the right one, to nobody, to a wrong one."""
    counts: Counter[str] = Counter()
    for one in held:
        worth = [sum(weight.get(s, 0.0) for s in signs) for signs in one.signs]
        best = max(range(len(worth)), key=lambda n: worth[n], default=-1)
        nobody = best < 0 or worth[best] <= 0 or not one.actors[best]
        right = nobody if not one.right else best in one.right
        counts["right" if right else "open" if nobody else "wrong"] += 1
    return f"{len(held)} pronouns: {dict(counts)}"


def main() -> None:
    """Print the table."""
    held = list(choices())
    weight = fit([one for one in held if not one.apart])
    for title, apart in (("fitted on", False), ("kept apart", True)):
        print(title, shares([one for one in held if one.apart == apart], weight), file=sys.stderr)
    print_table(WEIGHTS, ((sign, f"{value:g}") for sign, value in weight.items()))


if __name__ == "__main__":
    main()
