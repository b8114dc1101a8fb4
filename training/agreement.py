"""Do two independent labellings of the same articles agree?

`corpus/agreement.txt` is a second labelling of 40 articles by a reader who had not seen the first
(`corpus/labels`). Records of one sentence are paired one to one: where the triggers overlap, else
where the type is the same and a party is shared. Types agree when one reader's type is the other's
or among the other's admitted ones (`TYPE/ALSO`). Run: `python -m training.agreement`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from training.corpus_labels import CORPUS, ArticleLabels, CorpusArticle, articles, labels

SECOND = CORPUS / "agreement.txt"
Event = dict[str, Any]
Pair = tuple[Event, Event]
SMALL = frozenset({"the", "and", "for", "his", "her", "their"})


def span(article: CorpusArticle, event: Event) -> tuple[int, int]:
    """Characters of the trigger."""
    start, end = article.sentences[event["s"]]
    at = start - 1
    for _ in range(event["n"]):
        at = article.text.find(event["trigger"], at + 1, end)
    return at, at + len(event["trigger"])


def kinds(event: Event) -> set[str]:
    """The type and those that are admitted beside it."""
    return {event["type"], *event["also"]}


def same_type(one: Event, other: Event) -> bool:
    """Is one's type the other's or admitted by it?"""
    return one["type"] in kinds(other) or other["type"] in kinds(one)


def words(party: str) -> set[str]:
    """Words by which two names of one party are known."""
    return set(re.findall(r"\w{3,}", party.lower())) - SMALL


def same_side(one: list[str], other: list[str]) -> bool | None:
    """Is a party of one side among the other's? None where both name no person or body."""
    left, right = ([p for p in side if not p.startswith("~")] for side in (one, other))
    if not left and not right:
        return None
    return any(words(a) & words(b) or a.lower() == b.lower() for a in left for b in right)


def sides(one: Event, other: Event) -> tuple[bool | None, bool | None]:
    """Do initiators and recipients agree? Of what is mutual the sides may be changed."""
    told = (
        same_side(one["initiators"], other["initiators"]),
        same_side(one["recipients"], other["recipients"]),
    )
    if one["reciprocal"] or other["reciprocal"]:
        both = [e["initiators"] + e["recipients"] for e in (one, other)]
        shared = same_side(both[0], both[1])
        return tuple(None if side is None else side or shared for side in told)  # type: ignore[return-value]
    return told


def pairs(article: CorpusArticle, first: list[Event], second: list[Event]) -> list[Pair]:
    """Records of two readers that are about one event, one to one, the best first."""
    found: list[tuple[float, int, int]] = []
    for i, one in enumerate(first):
        for j, other in enumerate(second):
            (a, b), (c, d) = span(article, one), span(article, other)
            alike, told = same_type(one, other), sum(side is True for side in sides(one, other))
            if a < d and c < b:
                worth = 10.0
            elif one["s"] == other["s"] and alike and told:
                worth = 3 - abs(a - c) / 1e4
            else:
                continue
            worth += 3 * alike + told + (one["modality"] == other["modality"])
            found.append((worth, i, j))
    left: set[int] = set()
    right: set[int] = set()
    matched: list[Pair] = []
    for _, i, j in sorted(found, reverse=True):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            matched.append((first[i], second[j]))
    return matched


def compare(
    texts: dict[str, CorpusArticle],
    first: dict[str, ArticleLabels],
    second: dict[str, ArticleLabels],
) -> Counter[str]:
    """Counts over the articles of `second`."""
    counts: Counter[str] = Counter()
    for doc, labelled in second.items():
        one, other = first[doc].events, labelled.events
        counts["articles"] += 1
        for who, events in (("first", one), ("second", other)):
            counts[who] += len(events)
            counts[f"{who} core"] += sum(event["core"] for event in events)
        for a, b in pairs(texts[doc], one, other):
            counts.update(_judged(a, b))
    return counts


def _judged(one: Event, other: Event) -> Iterator[str]:
    yield "found"
    if not same_type(one, other):
        return
    both = one["core"] and other["core"]
    told = sides(one, other)
    cores = [name for name, holds in (("first", one["core"]), ("second", other["core"])) if holds]
    yield "type"
    yield from (f"type of {name} core" for name in cores)
    if one["type"] == other["type"]:
        yield "very type"
    for cell in ("", " both core") if both else ("",):
        yield f"pairs{cell}"
        if one["modality"] == other["modality"]:
            yield f"modality{cell}"
        for side, name in zip(told, ("initiator", "recipient"), strict=True):
            if side is not None:
                yield f"{name} told{cell}"
                if side:
                    yield f"{name}{cell}"
        if all(side is not False for side in told):
            yield f"both sides{cell}"
            if one["modality"] == other["modality"]:
                yield f"everything{cell}"


def f1(hits: int, one: int, other: int) -> float:
    """The share that two sets of these sizes have in common."""
    return 2 * hits / max(1, one + other)


def report(counts: Counter[str]) -> list[str]:
    """Lines to print."""
    core = f1(counts["pairs both core"], counts["first core"], counts["second core"])
    one = counts["type of first core"] / max(1, counts["first core"])
    other = counts["type of second core"] / max(1, counts["second core"])
    every = f1(counts["type"], counts["first"], counts["second"])
    very = f1(counts["very type"], counts["first"], counts["second"])
    lines = [
        f"{counts['articles']} articles; records {counts['first']} and {counts['second']}, "
        f"core {counts['first core']} and {counts['second core']}",
        f"trigger and type, F1: all records {every:.3f} (the very type {very:.3f}), "
        f"core with core {core:.3f}",
        f"core of one among all of the other: first's {one:.3f}, second's {other:.3f}, "
        f"F1 {2 * one * other / max(1e-9, one + other):.3f}",
    ]
    for title, cell in (("all records", ""), ("both core", " both core")):

        def share(part: str, whole: str, cell: str = cell) -> str:
            return f"{part} {counts[part + cell] / max(1, counts[whole + cell]):.3f}"

        lines.append(
            f"given trigger and type, {title}: "
            + ", ".join(
                (
                    share("modality", "pairs"),
                    share("initiator", "initiator told"),
                    share("recipient", "recipient told"),
                    share("both sides", "pairs"),
                    share("everything", "pairs"),
                )
            )
        )
    return lines


def main() -> None:
    """Print the agreement."""
    first, _ = labels()
    second, faults = labels([SECOND])
    for fault in faults:
        print(fault)
    for line in report(compare(articles(), first, second)):
        print(line)


if __name__ == "__main__":
    main()
