"""Toponyms of TR-News: found, resolved, and both; and the places of the seed events."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import when_where_cost
from benchmarks.annotate import annotate
from benchmarks.parses import parsed, tokens_at
from flows.resources.gazetteer import open_gazetteer
from transforms.gazetteer import Gazetteer
from transforms.nlp.annotations import PlaceMention
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.detect import detect
from transforms.nlp.places.mentions import placed
from transforms.nlp.places.toponym import Toponym

NEAR_KM = 161.0


@dataclass(slots=True)
class Gold:
    """One labelled toponym: tokens [start, end) and its GeoNames id, position and country."""

    start: int
    end: int
    phrase: str
    place_id: str | None
    latitude: float | None
    longitude: float | None
    country: str | None


def gold_of(record: dict[str, Any], parse: Parse) -> list[Gold]:
    """The labels of a record; shifted offsets are put right by looking for the phrase."""
    found, text = [], record["text"]
    for label in record["gold"]["toponyms"]:
        phrase, start = label["phrase"], int(label["start"])
        if text[start : start + len(phrase)] != phrase:
            near = [
                at for at in range(max(0, start - 60), start + 60) if text.startswith(phrase, at)
            ]
            if not near:
                continue
            start = min(near, key=lambda at: abs(at - start))
        span = tokens_at(parse, start, start + len(phrase))
        if span is None:
            continue
        identifier = label.get("geonameid")
        found.append(
            Gold(
                *span,
                phrase,
                f"geonames:{identifier}" if identifier else None,
                float(label["lat"]) if label.get("lat") else None,
                float(label["lon"]) if label.get("lon") else None,
                label.get("country"),
            )
        )
    return found


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance on a sphere of radius 6,371 km."""
    one, two, wide = math.radians(lat1), math.radians(lat2), math.radians(lon2 - lon1)
    cosine = math.sin(one) * math.sin(two) + math.cos(one) * math.cos(two) * math.cos(wide)
    return 6371.0 * math.acos(max(-1.0, min(1.0, cosine)))


class Tally:
    """Counts of what came out right over the toponyms that have an id."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.countries = {
            gazetteer.place(gazetteer.id_of(i)).name: gazetteer.candidate(i).country_code
            for i in range(len(gazetteer))
            if gazetteer.candidate(i).place_type == "country"
        }
        self.n = self.exact = self.near = self.country_n = self.country = 0
        self.errors: list[tuple[str, str, str]] = []

    def add(self, gold: Gold, mention: PlaceMention | None) -> None:
        """Count one toponym against the mention that stands for it."""
        if gold.place_id is None:
            return
        self.n += 1
        chosen = mention.place_id if mention is not None else None
        row = self.gazetteer.place(chosen) if chosen else None
        self.exact += chosen == gold.place_id
        close = chosen == gold.place_id or (
            row is not None
            and row.latitude is not None
            and row.longitude is not None
            and gold.latitude is not None
            and gold.longitude is not None
            and kilometres(row.latitude, row.longitude, gold.latitude, gold.longitude) <= NEAR_KM
        )
        self.near += close
        code = self.countries.get(gold.country or "")
        right = row is not None and row.country_code == code
        if code:
            self.country_n += 1
            self.country += right
        if chosen != gold.place_id:
            what = "country" if code and not right else "far" if not close else "id"
            shown = f"{row.name} {row.place_type} {row.country_code} {chosen}" if row else "-"
            self.errors.append((what, f"{gold.phrase} {gold.place_id} {gold.country}", shown))

    def lines(self, label: str) -> Iterator[tuple[str, int, float, str]]:
        """Metric lines of this tally."""
        yield f"{label}: country", self.country_n, self.country / max(1, self.country_n), ".95"
        yield f"{label}: within 161 km", self.n, self.near / max(1, self.n), ".85"
        yield f"{label}: exact id", self.n, self.exact / max(1, self.n), ".78"


def resolve_spans(
    parse: Parse, gazetteer: Gazetteer, spans: Sequence[tuple[int, int]]
) -> list[PlaceMention]:
    """The places of toponyms that are given, in any order: resolution by itself."""
    order = sorted(range(len(spans)), key=lambda number: spans[number])
    toponyms = [Toponym.of(parse, gazetteer, *spans[number]) for number in order]
    seen, said = detect(parse, gazetteer, parse.ents)
    found = dict(zip(order, placed(parse, gazetteer, toponyms, [*seen, *said]), strict=True))
    return [found[number] for number in range(len(spans))]


def score(errors: bool = False) -> list[tuple[str, int, float, str]]:
    """(metric, n, value, floor) for each measure; empty when the gold is not there."""
    gazetteer = open_gazetteer()
    given, found = Tally(gazetteer), Tally(gazetteer)
    hits = predicted = labelled = 0
    missed: list[str] = []
    spurious: list[str] = []
    for record, parse in parsed("places_dev.jsonl"):
        golds = gold_of(record, parse)
        for gold, mention in zip(
            golds,
            resolve_spans(parse, gazetteer, [(g.start, g.end) for g in golds]),
            strict=True,
        ):
            given.add(gold, mention)
        mentions = annotate(parse).places
        at = {token: m for m in mentions for token in range(m.start, m.end)}
        labelled += len(golds)
        predicted += len(mentions)
        covered = set()
        for gold in golds:
            hit = next((at[t] for t in range(gold.start, gold.end) if t in at), None)
            found.add(gold, hit)
            if hit is None:
                low = parse.starts[max(0, gold.start - 4)]
                missed.append(f"{parse.text[low : parse.starts[gold.start]]}[{gold.phrase}]")
            else:
                hits += 1
                covered.add(hit.start)
        for mention in mentions:
            if mention.start not in covered:
                low = max(0, mention.start - 4)
                spurious.append(
                    f"{parse.text[parse.starts[low] : parse.starts[mention.start]]}"
                    f"[{parse.span_text(mention.start, mention.end)}]"
                    f"{parse.text[parse.ends[mention.end - 1] :][:25]}".replace("\n", " ")
                )
    if not labelled:
        return []
    right = predicted - len(spurious)
    precision, recall = right / max(1, predicted), hits / labelled
    if errors:
        for title, tally in (("given", given), ("found", found)):
            for error in sorted(tally.errors):
                print(title, *error, sep=" | ")
        for item in missed:
            print("missed |", item.replace("\n", " "))
        for item in spurious:
            print("spurious |", item)
    return [
        ("detection precision", predicted, precision, "-"),
        ("detection recall", labelled, recall, "-"),
        ("detection F1", labelled, 2 * precision * recall / max(1e-9, precision + recall), "-"),
        *given.lines("resolution, spans given"),
        *found.lines("end to end"),
        *_opening(len(gazetteer)),
    ]


def _opening(size: int) -> list[tuple[str, int, float, str]]:
    row = when_where_cost.opening()
    if row is None:
        return []
    return [
        ("gazetteer opened, seconds", size, row["gazetteer opened, seconds"], row["floor"]),
        ("resident MiB, all places read", size, row["resident MiB, all places read"],
         row["memory floor"]),
    ]  # fmt: skip


if __name__ == "__main__":
    for metric, count, value, floor in score(errors="--errors" in sys.argv):
        print(f"{metric:<36} n={count:<6} {value:8.3f}  floor {floor}")
