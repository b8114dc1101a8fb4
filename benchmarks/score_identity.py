"""Identity of events on ECB+ (`event_identity_dev.jsonl`).

Run: `.venv/bin/python -m benchmarks.score_identity`. Three modes. "gold triggers": one report per
gold event mention, its type and parties found by the engine, no dates. "own mentions": our
events, mapped to gold mentions by the trigger's token, no dates. "pipeline": the rows that the
pipeline would load, all articles published on one day (the gold set tells none, so that "Friday"
and "yesterday" of one event differ). In the last two, gold mentions we lack and events of ours
without gold are left out of the figures. Baseline, same mentions: two are one event when the
lemmas of their heads are equal, over all documents.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.annotate import annotate, gazetteer, reports_of
from benchmarks.parses import parsed, tokens_at
from transforms import rollups
from transforms.nlp.annotations import Annotations, EventDraft
from transforms.nlp.extract import Resources
from transforms.nlp.identity.acts import act_word
from transforms.nlp.identity.assign import assign
from transforms.nlp.identity.likeness import content_of, story_of
from transforms.nlp.identity.reports import ReportKey
from transforms.nlp.parsing.parse import Parse
from transforms.readers import RawArticle

Row = tuple[str, int, float, str]
_DAY = dt.date(2020, 6, 15)


def gold_tokens(record: dict[str, Any], parse: Parse) -> list[tuple[str, int]]:
    """(chain, head token) of each gold event mention."""
    text = record["text"]
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    order = sorted({m["sent"] for m in record["gold"]["mentions"]})
    line_of = dict(zip(order, range(len(order)), strict=True))
    found = []
    for mention in record["gold"]["mentions"]:
        if mention["type"] not in {"ACT", "NON"}:
            continue
        line = line_of[mention["sent"]]
        words = lines[line].split(" ")
        if mention["tokens"][0] >= len(words):
            continue
        at = starts[line] + sum(len(w) + 1 for w in words[: mention["tokens"][0]])
        span = tokens_at(parse, at, at + len(words[mention["tokens"][0]]))
        if span is not None:
            found.append((mention["chain"], parse.head_of(*span)))
    return found


def reports() -> tuple[
    list[ReportKey], dict[str, str], list[ReportKey], dict[str, str], dict[str, str]
]:
    """(gold-trigger reports, their chains, own reports, their chains, lemmas of all triggers)."""
    lemmas: dict[str, str] = {}
    given: list[ReportKey] = []
    given_chain: dict[str, str] = {}
    own: list[ReportKey] = []
    own_chain: dict[str, str] = {}
    for record, parse in parsed("event_identity_dev.jsonl"):
        notes = annotate(parse)
        layer, drafts = notes.entities, notes.events
        by_token = {}
        for draft in drafts:
            for token in range(draft.trigger_start, draft.trigger_end):
                by_token[token] = draft
        used = set()
        story = story_of(parse)
        for chain, token in gold_tokens(record, parse):
            identifier = f"{record['id']}:{token}"
            lemmas[identifier] = parse.lemmas[token].lower()
            event = by_token.get(token)
            kind, modality = (
                ("", "asserted") if event is None else (event.event_type, event.modality)
            )
            parties = [] if event is None else event.participants
            people = [
                (p.role, layer.entities[layer.mentions[p.mention].entity].key) for p in parties
            ]
            report = ReportKey(
                identifier,
                record["id"],
                kind,
                modality,
                tuple(sorted({k for role, k in people if role != "recipient"})),
                tuple(sorted({k for role, k in people if role != "initiator"})),
                None,
                None,
                "unknown",
                None,
                None,
                act_word(parse, token, token + 1),
                tuple(_content(parse, token, story, notes, event)),
            )
            if identifier not in given_chain:
                given.append(report)
                given_chain[identifier] = chain
            if event is not None and id(event) not in used:
                used.add(id(event))
                own.append(report)
                own_chain[identifier] = chain
    return given, given_chain, own, own_chain, lemmas


def _content(
    parse: Parse, token: int, story: list[str], notes: Annotations, event: EventDraft | None
) -> list[str]:
    place = None if event is None or event.place is None else notes.places[event.place].place_id
    return content_of(
        parse,
        parse.sent_of[token],
        story,
        notes.entities,
        [] if event is None else event.participants,
        trigger=token,
        place=None if place is None else gazetteer().place(place),
        counts=[] if event is None else event.counts,
    )


def piped() -> tuple[list[ReportKey], dict[str, str], dict[str, str], dict[str, str]]:
    """(every report of the pipeline, gold chains, lemmas of the triggers' heads, gold's name of
    each article)."""
    resources = Resources.load(gazetteer())
    held: list[ReportKey] = []
    chains: dict[str, str] = {}
    lemmas: dict[str, str] = {}
    titles: dict[str, str] = {}
    for record, parse in parsed("event_identity_dev.jsonl"):
        raw = RawArticle(text=record["text"], published=_DAY.isoformat(), title=record["id"])
        joined = reports_of(raw, parse, resources, source_uri=record["id"], today=_DAY)
        if joined is None:
            continue
        held += rollups.report_keys(joined)
        titles |= dict.fromkeys(joined["article_id"], record["id"])
        gold = {token: chain for chain, token in reversed(gold_tokens(record, parse))}
        for row in joined.iter_rows(named=True):
            span = tokens_at(parse, row["trigger_start"], row["trigger_end"])
            tokens = [token for token in range(*span) if token in gold] if span else []
            if span and tokens:
                head = parse.head_of(*span)
                chains[row["event_mention_id"]] = gold[head if head in gold else tokens[0]]
                lemmas[row["event_mention_id"]] = parse.lemmas[head].lower()
    return held, chains, lemmas, titles


def b_cubed(ours: Mapping[str, str], gold: Mapping[str, str]) -> tuple[float, float, float]:
    """B³ precision, recall and F1 over the mentions of `gold`."""
    by_ours, by_gold = _clusters(ours), _clusters(gold)
    precision = recall = 0.0
    for mention in gold:
        a, b = by_ours[ours[mention]], by_gold[gold[mention]]
        both = len(a & b)
        precision += both / len(a)
        recall += both / len(b)
    n = max(1, len(gold))
    precision, recall = precision / n, recall / n
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def pairwise(ours: Mapping[str, str], gold: Mapping[str, str]) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs of mentions."""
    by_ours, by_gold = _clusters(ours), _clusters(gold)
    hit = 0
    for group in by_ours.values():
        inner: dict[str, int] = defaultdict(int)
        for mention in group:
            inner[gold[mention]] += 1
        hit += sum(n * (n - 1) // 2 for n in inner.values())
    made = sum(len(g) * (len(g) - 1) // 2 for g in by_ours.values())
    wanted = sum(len(g) * (len(g) - 1) // 2 for g in by_gold.values())
    precision, recall = hit / max(1, made), hit / max(1, wanted)
    return precision, recall, 2 * hit / max(1, made + wanted)


def _clusters(assigned: Mapping[str, str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for mention, cluster in assigned.items():
        found[cluster].add(mention)
    return found


def rows_of(
    title: str,
    held: Sequence[ReportKey],
    gold: Mapping[str, str],
    lemma: Mapping[str, str],
) -> list[Row]:
    """Our figures and the baseline's over the mentions that have gold."""
    assigned = assign(held)
    ours = {mention: assigned[mention] for mention in gold}
    found: list[Row] = []
    for name, ids, floor in (
        ("lemma match", {m: lemma[m] for m in gold}, ""),
        ("ours", ours, "baseline + .10"),
    ):
        for metric, function in (("B³", b_cubed), ("pairwise", pairwise)):
            p, r, f = function(ids, gold)
            found.append(
                (f"{title}, {name}: {metric} F1 (P {p:.3f} R {r:.3f})", len(gold), f, floor)
            )
    return found


def score() -> list[Row]:
    """All figures; empty without the gold data."""
    given, given_chain, own, own_chain, lemmas = reports()
    if not given:
        return []
    return [
        *rows_of("gold triggers", given, given_chain, lemmas),
        *rows_of("own mentions", own, own_chain, lemmas),
        *rows_of("pipeline", *piped()[:3]),
    ]


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    for metric, n, value, floor in score():
        print(f"{metric:<66} n={n:<6} {value:.3f}  {floor}")
