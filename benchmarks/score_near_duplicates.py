"""Near-copies: 400 edited variants of 100 articles among 2,000 unrelated ones; time beside it.

Texts are made here from the paragraphs of the example and gold articles, with a fixed seed: an
article is eight paragraphs, a variant rewrites the lead, cuts, adds, reorders sentences or
changes the names of outlets.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from typing import Any

from benchmarks.speed import texts
from transforms.near_duplicates import clusters, signature

ARTICLES, VARIANTS, UNRELATED = 100, 4, 2000
_LEADS = (
    "Officials gave few details on the matter, which comes at a delicate moment for the region.",
    "The news, first carried by local media, was met with surprise by diplomats and analysts.",
    "It was the latest turn in a story that has kept governments busy since the start of the year.",
)


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in text.replace("\n", " ").split(". ") if len(s.split()) > 3]


def variant(text: str, how: int, rng: random.Random) -> str:
    """One realistic edit of a text, of four kinds."""
    parts = _sentences(text)
    if how == 0:  # the lead rewritten
        parts = [rng.choice(_LEADS), *parts[2:]]
    elif how == 1:  # the tail cut
        parts = parts[: int(len(parts) * 0.7)]
    elif how == 2:  # sentences added
        for lead in _LEADS[:2]:
            parts.insert(rng.randrange(len(parts)), lead)
        parts.append("Additional reporting by our correspondents in three capitals")
    else:  # reordered, and another outlet named
        at = rng.randrange(1, max(2, len(parts) - 4))
        parts[at : at + 3] = reversed(parts[at : at + 3])
        parts = [part.replace("Reuters", "the Daily Wire") for part in parts]
        parts.insert(0, "(Daily Wire) This story was updated")
    return ". ".join(parts)


def score() -> list[dict[str, Any]]:
    """Recall and precision of pairs, articles a second, and the effect of order."""
    rng = random.Random(7)
    bodies = distinct(ARTICLES + UNRELATED)
    originals, unrelated = bodies[:ARTICLES], bodies[ARTICLES:]
    named = {f"{i:04d}-0": text for i, text in enumerate(originals)}
    for i, text in enumerate(originals):
        for how in range(VARIANTS):
            named[f"{i:04d}-{how + 1}"] = variant(text, how, rng)
    named |= {f"u{i:05d}-0": text for i, text in enumerate(unrelated)}
    began = time.perf_counter()
    marks = {key: signature(text) for key, text in named.items()}
    members: dict[str, Any] = {key: (mark, dt.datetime(2026, 1, 1)) for key, mark in marks.items()}
    took = time.perf_counter() - began
    found = clusters(members)
    keys = list(members)
    rng.shuffle(keys)
    again = clusters({key: members[key] for key in keys})
    groups: dict[str, list[str]] = {}
    for key, (cluster, _) in found.items():
        groups.setdefault(cluster, []).append(key)
    pairs = right = 0
    for group in groups.values():
        for n, one in enumerate(group):
            for other in group[n + 1 :]:
                pairs += 1
                right += one.split("-")[0] == other.split("-")[0]
    gold = ARTICLES * (VARIANTS + 1) * VARIANTS // 2
    return [
        {
            "set": "near-duplicates",
            "articles": len(named),
            "pair recall": right / gold,
            "pair precision": right / pairs if pairs else 0.0,
            "same in any order": again == found,
            "articles a second": round(len(named) / took),
        }
    ]


def distinct(count: int) -> list[str]:
    """Texts that share no paragraph with each other: words of each are drawn anew."""
    pool = [line for text in texts(400) for line in text.split("\n\n")[1:]]
    lines = sorted(set(pool))
    rng = random.Random(3)
    found = []
    for number in range(count):
        parts = []
        for _ in range(8):
            words = rng.choice(lines).split()
            other = rng.choice(lines).split()
            cut = rng.randrange(4, max(5, len(words) // 2 + 1))
            mixed = [
                word if rng.random() < 0.75 else rng.choice(other)
                for word in words[:cut] + other[cut:]
            ]
            parts.append(" ".join(mixed).rstrip(".") + ".")
        found.append(f"Story {number}. " + " ".join(parts))
    return found


if __name__ == "__main__":
    for row in score():
        print(row)
