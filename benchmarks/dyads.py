"""Events between two countries on real pages, beside verdicts by hand.

    python -m benchmarks.dyads            # shares right
    python -m benchmarks.dyads --new      # pairs without a verdict, as rows of the table to fill in
    python -m benchmarks.dyads --wrong    # pairs that were judged wrong and are still told

Every event told as fact on the pages of `../shared/articles` whose initiator and recipient have
different countries gives a pair; an event that two do alike gives both directions. A verdict of
`tests/cases/real_dyads.tsv` says whether its sentence tells of such an act of the first country,
its government, people or bodies, towards the second. Verdicts are keyed by page, offset of the
trigger, and the pair. The shipped weights have read some of these pages in training.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.annotate import resources
from benchmarks.parses import ARTICLES, ROOT, parses
from transforms.articles import Article, make_article
from transforms.nlp.annotations import Annotations
from transforms.nlp.extract import annotate
from transforms.nlp.parsing.parse import Parse
from transforms.readers import RawArticle, read

CASES = ROOT / "tests" / "cases" / "real_dyads.tsv"
COLUMNS = ("page", "offset", "trigger", "initiator", "recipient", "verdict", "note")
TODAY = dt.date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Dyad:
    """An act of one country towards another, as told at one trigger of a page."""

    page: str
    offset: int  # of the trigger in the article's text, characters
    trigger: str
    initiator: str
    recipient: str
    told: str  # type and parties, for whoever judges
    sentence: str

    @property
    def key(self) -> tuple[str, int, str, str]:
        """What a verdict is found by."""
        return self.page, self.offset, self.initiator, self.recipient


@dataclass(slots=True)
class Pages:
    """What was told on all pages."""

    dyads: list[Dyad]
    asserted: int = 0
    both: int = 0  # of these with a country on either side


def articles() -> list[tuple[str, Article]]:
    """The articles of the pages, by page; empty where the pages are not there."""
    found = []
    for path in sorted([*ARTICLES.glob("*.txt"), *ARTICLES.glob("html/*.html.gz")]):
        for raw in read(path.read_bytes(), path.name):
            if isinstance(raw, RawArticle):
                made = make_article(raw, source_uri=path.name, today=TODAY)
                if isinstance(made, Article):
                    found.append((path.name.partition(".")[0], made))
    return found


def pages() -> Pages:
    """All dyads of all pages, in their order."""
    held, told = articles(), Pages([])
    read_ = parses([article.text for _, article in held], label="pages")
    for (page, article), parse in zip(held, read_, strict=True):
        notes = annotate(parse, resources(), published=article.day)
        told.dyads.extend(_dyads(page, parse, notes, told))
    return told


def _dyads(page: str, parse: Parse, notes: Annotations, tally: Pages) -> Iterator[Dyad]:
    layer = notes.entities
    for event in notes.events:
        if event.modality != "asserted":
            continue
        parties = event.participants
        sides = [
            sorted({p.country_code for p in parties if p.role != other and p.country_code})
            for other in ("recipient", "initiator")
        ]
        tally.asserted += 1
        tally.both += bool(sides[0] and sides[1])
        names = [
            f"{p.role[0]}:{layer.entities[layer.mentions[p.mention].entity].name}"
            f"={p.country_code or '-'} {p.country_method or ''}"
            for p in parties
        ]
        start, end = parse.starts[event.trigger_start], parse.ends[event.trigger_end - 1]
        sentence = parse.sents[event.sent]
        text = " ".join(parse.span_text(sentence.start, sentence.end).split())
        for initiator in sides[0]:
            for recipient in sides[1]:
                if initiator != recipient:
                    yield Dyad(
                        page, start, parse.text[start:end], initiator, recipient,
                        f"{event.event_type} {', '.join(names)}", text,
                    )  # fmt: skip


def verdicts() -> dict[tuple[str, int, str, str], tuple[str, str]]:
    """(verdict, note) by page, offset and pair."""
    with CASES.open(encoding="utf-8") as lines:
        rows = csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t")
        return {
            (r["page"], int(r["offset"]), r["initiator"], r["recipient"]): (
                r["verdict"], r["note"],
            )
            for r in rows
        }  # fmt: skip


def main() -> int:
    """Print the figures, or the pairs asked for."""
    found = pages()
    if not found.asserted:
        print(f"no pages at {ARTICLES}")
        return 0
    known = verdicts() if CASES.exists() else {}
    for dyad in found.dyads:
        verdict, note = known.get(dyad.key, ("", ""))
        if ("--new" in sys.argv and not verdict) or ("--wrong" in sys.argv and verdict == "wrong"):
            cells = dyad.page, str(dyad.offset), dyad.trigger, dyad.initiator, dyad.recipient
            print(*cells, verdict, note, sep="\t")
            print("#", dyad.told, "|", dyad.sentence)
    said = Counter(known.get(dyad.key, ("not judged",))[0] for dyad in found.dyads)
    judged = said["right"] + said["wrong"]
    share = said["right"] / max(1, judged)
    print(f"{len(found.dyads)} pairs told: {dict(said)}; right of judged {share:.3f}")
    print(
        f"{found.asserted} asserted events, both sides with a country "
        f"{found.both / found.asserted:.3f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
