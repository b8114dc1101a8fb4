"""Whom nouns and pronouns mean. Run: `.venv/bin/python -m benchmarks.score_coreference [-v]`.

Two tests. The chains of `training/corpus/labels`, of which nothing was learnt for coreference: a
pronoun, or a noun that points back, is right when its entity is also that of most other mentions
of its chain, wrong when it is mostly somebody else's, open when it is nobody's. A noun that is
the first of its chain is right when it is not put to somebody mentioned before. And the short
passages of `tests/cases/whose_army.tsv`. Points are right less wrong: a false link costs more
than none.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.annotate import annotate
from benchmarks.own_articles import PRONOUNS, mentions_at
from benchmarks.parses import parses, tokens_at
from training.corpus_labels import articles, labels
from transforms.nlp.annotations import Annotations, EntityLayer, Mention
from transforms.nlp.parsing.parse import Parse

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases" / "whose_army.tsv"
POINTING = PRONOUNS | {"hers", "theirs", "himself", "herself", "itself", "themselves"}
VERDICTS = ("right", "open", "wrong")


@dataclass(slots=True)
class Verdict:
    """What became of one labelled mention: its kind, right, open or wrong, and where it stands."""

    kind: str
    verdict: str
    words: str


def chains() -> Iterator[Verdict]:
    """Every pronoun and noun of the corpus' chains."""
    texts, (found, _) = articles(), labels()
    docs = [doc for doc in found if found[doc].entities]
    for doc, parse in zip(docs, parses([texts[d].text for d in docs], label="chains"), strict=True):
        yield from _of(parse, annotate(parse).entities, found[doc].entities)


def _of(parse: Parse, layer: EntityLayer, entities: list[dict[str, Any]]) -> Iterator[Verdict]:
    votes: dict[int, Counter[int]] = defaultdict(Counter)  # our entity → chain → mentions
    marked: list[tuple[int, int, set[int], str]] = []  # token, chain, our entities, kind
    first: dict[int, int] = {}
    labelled: set[int] = set()
    for chain, entity in enumerate(entities):
        for start, end in sorted(entity["spans"]):
            tokens = tokens_at(parse, start, end)
            if tokens is None:
                continue
            ours = {m.entity for m in mentions_at(parse, layer, *tokens)}
            labelled.update(range(*tokens) if tokens[1] - tokens[0] == 1 else ())
            begin, head = tokens[0], parse.head_of(*tokens)
            kind = "noun"
            if parse.pos[head] == "PRON":
                kind = "pronoun" if parse.lower[head] in POINTING else ""
            elif parse.pos[head] != "NOUN":
                kind = ""
            marked.append((begin, chain, ours, kind))
            first.setdefault(chain, begin)
            for one in ours:
                votes[one][chain] += 1 if kind else 2
    for begin, chain, ours, kind in marked:
        if not kind:
            continue
        if kind == "noun":
            kind = "first noun" if first[chain] == begin else "noun that points back"
        held = next(iter(ours), None) if len(ours) == 1 else None
        others = Counter(votes[held]) if held is not None else Counter[int]()
        others[chain] -= 1
        others += Counter()
        verdict = "open"
        if others:
            verdict = "right" if others.most_common(1)[0][0] == chain else "wrong"
        if kind == "first noun":
            verdict = "wrong" if verdict == "wrong" and _earlier(layer, held, begin) else "right"
        where = parse.sents[parse.sent_of[begin]]
        near = parse.span_text(max(where.start, begin - 25), min(where.end, begin + 8))
        name = layer.entities[held].name if held is not None else None
        words = f"[{parse.words[begin]}] {' '.join(near.split())} | {entities[chain]['name']}"
        yield Verdict(kind, verdict, f"{words} | ours {name}")

    for token, word in enumerate(parse.lower):
        if word in POINTING and parse.pos[token] == "PRON" and token not in labelled:
            linked = [m for m in layer.mentions if (m.start, m.end) == (token, token + 1)]
            near = parse.span_text(max(0, token - 25), min(len(parse), token + 8))
            words = f"[{word}] {' '.join(near.split())} | ours "
            words += ", ".join(layer.entities[m.entity].name for m in linked)
            yield Verdict("pronoun of nobody", "wrong" if linked else "right", words)


def _earlier(layer: EntityLayer, entity: int | None, begin: int) -> bool:
    return any(m.entity == entity and m.start < begin for m in layer.mentions)


def passages() -> list[dict[str, str]]:
    """The rows of the file of short passages."""
    lines = [line for line in CASES.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def meant(parse: Parse, notes: Annotations, words: str) -> list[int]:
    """Our entities at these words of a passage; "#2" asks for their second occurrence."""
    bare, _, nth = words.partition("#")
    places = [
        found.start() for found in re.finditer(rf"(?<!\w){re.escape(bare)}(?!\w)", parse.text)
    ]
    at = places[int(nth or 1) - 1]
    tokens = tokens_at(parse, at, at + len(bare))
    return sorted({m.entity for m in mentions_at(parse, notes.entities, *tokens or (0, 0))})


def judge(case: dict[str, str], parse: Parse, notes: Annotations) -> str:
    """right, open or wrong."""
    layer, ours = notes.entities, meant(parse, notes, case["subject"])

    def words(mention: Mention) -> str:
        return parse.span_text(mention.start, mention.end)

    expected = case["expected"]
    if expected[0] in "=!":
        theirs = set(meant(parse, notes, expected[1:]))
        if expected[0] == "!":
            return "wrong" if theirs & set(ours) else "right"
        if ours and set(ours) == theirs:
            return "right"
    if expected[0] in "=-":
        same = case["subject"].lower()
        linked = any(
            m.entity in ours and m.mention_type != "pronoun" and words(m).lower() != same
            for m in layer.mentions
        )
        codes = {layer.entities[e].country_code for e in ours} - {None}
        nobody = not linked and not (codes and expected == "-")
        return ("right" if expected == "-" else "open") if nobody else "wrong"
    told = {
        layer.mentions[p.mention].entity: p.country_code
        for e in notes.events
        for p in e.participants
    }
    codes = {layer.entities[e].country_code or told.get(e) for e in ours}
    return "right" if codes == {expected} else "wrong" if codes - {None} else "open"


def short() -> Iterator[Verdict]:
    """Every case of the short passages."""
    cases = passages()
    texts = list(dict.fromkeys(case["text"] for case in cases))
    read = {p.text: (p, annotate(p)) for p in parses(texts, label="whose_army")}
    for case in cases:
        parse, notes = read[case["text"]]
        names = [notes.entities.entities[e].name for e in meant(parse, notes, case["subject"])]
        words = f"{case['subject']} {case['expected']} | ours {names} | {case['text']}"
        yield Verdict(f"passages, {case['set']}", judge(case, parse, notes), words)


def score(found: Iterable[Verdict] | None = None) -> list[str]:
    """A line a kind: how many, shares right, open and wrong, points."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for verdict in (*chains(), *short()) if found is None else found:
        counts[verdict.kind][verdict.verdict] += 1
    rows = []
    for kind in sorted(counts):
        held = counts[kind]
        total = sum(held.values())
        shares = "  ".join(f"{name} {held[name] / total:.3f}" for name in VERDICTS)
        points = (held["right"] - held["wrong"]) / total
        rows.append(f"whom it means: {kind:<24} n={total:<6} {shares}  points {points:.3f}")
    return rows


if __name__ == "__main__":
    judged = [*chains(), *short()]
    if "-v" in sys.argv:
        for one in judged:
            if one.verdict != "right" and "apart" not in one.kind:
                print(f"{one.kind}: {one.verdict}: {one.words}")
    print("\n".join(score(judged)))
