"""Events between two countries, beside verdicts by hand, and what limits of confidence keep.

    python -m benchmarks.dyads            # shares right, of pages and held-out articles, by limit
    python -m benchmarks.dyads --new      # pairs without a verdict, as rows of the table to fill in
    python -m benchmarks.dyads --wrong    # pairs that were judged wrong and are still told

Every event told as fact whose initiator and recipient have different countries gives a pair; an
event that two do alike gives both directions. A verdict says whether its sentence tells of such an
act of the first country, its government, people or bodies, towards the second. Verdicts are keyed
by page, offset of the trigger, and the pair: `tests/cases/real_dyads.tsv` of the pages of
`../shared/articles`, some of which the shipped weights have read in training;
`tests/cases/running_dyads.tsv` of the articles of the running gold, each read by weights that had
not seen it; `tests/cases/fresh_dyads.tsv` of sentences of other gold sets that stand in neither. A
pair's confidence is the chance of its likeliest initiator, times that of its
likeliest recipient, times the type's, as in `event_dyads`; its limit is `DYAD_LIMIT`. Intervals are
95% of 1,000 bootstrap samples of articles.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.annotate import resources, unseen
from benchmarks.parses import ARTICLES, ROOT, parsed, parses, records
from benchmarks.score_running import published
from transforms.articles import Article, make_article
from transforms.nlp.annotations import Annotations, Participant
from transforms.nlp.extract import annotate
from transforms.nlp.parsing.parse import Parse
from transforms.readers import RawArticle, read
from warehouse.vocabulary import DYAD_LIMIT

CASES = {
    "pages": ROOT / "tests" / "cases" / "real_dyads.tsv",
    "running": ROOT / "tests" / "cases" / "running_dyads.tsv",
    "fresh": ROOT / "tests" / "cases" / "fresh_dyads.tsv",
}
OTHERS = ("places_dev", "entities_dev", "dates_dev", "event_identity_dev")
TODAY = dt.date(2026, 11, 23)
LIMITS = (0.0, 0.25, 0.4, DYAD_LIMIT, 0.6, 0.7)
TWICE = "D054"  # of the running gold, a page as well: counted there
WANTED = 0.85  # share right that the limit is chosen for
_BEGIN = 200  # characters by which a text is known again
_INFERRED = frozenset({"place", "dateline", "article"})


@dataclass(frozen=True, slots=True)
class Dyad:
    """An act of one country towards another, as told at one trigger of a page."""

    page: str
    offset: int  # of the trigger in the article's text, characters
    trigger: str
    initiator: str
    recipient: str
    confidence: float
    inferred: bool  # no party of one of them is said to be of it
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


def running() -> Pages:
    """All dyads of the running gold, by readings of weights that had not seen the article."""
    told = Pages([])
    for gold, parse in parsed("running_dev.jsonl"):
        reading = unseen("running", gold["doc"], parse)
        if reading is not None and gold["doc"] != TWICE:
            notes = annotate(parse, resources(), published=published(gold), reading=reading)
            told.dyads.extend(_dyads(gold["doc"], parse, notes, told))
    return told


def fresh() -> Pages:
    """All dyads of sentences of other gold sets that stand in neither of the two."""
    told = Pages([])
    used = [gold["text"] for gold in records("running_dev.jsonl")]
    used += [article.text for _, article in articles()]
    known, starts = "".join(map(_letters, used)), {text[:_BEGIN] for text in used}
    held = []
    for gold in (one for name in OTHERS for one in records(f"{name}.jsonl")):
        if len(gold["text"]) > _BEGIN and gold["text"][:_BEGIN] not in starts:
            starts.add(gold["text"][:_BEGIN])
            held.append(gold)
    for gold, parse in zip(held, parses([g["text"] for g in held], label="fresh"), strict=True):
        notes = annotate(parse, resources(), published=published(gold))
        found = _dyads(gold["id"], parse, notes, told)
        told.dyads.extend(one for one in found if _letters(one.sentence) not in known)
    return told


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _dyads(page: str, parse: Parse, notes: Annotations, tally: Pages) -> Iterator[Dyad]:
    layer = notes.entities
    for event in notes.events:
        if event.modality != "asserted":
            continue
        parties = event.participants
        first, second = _by_country(parties, "recipient"), _by_country(parties, "initiator")
        tally.asserted += 1
        tally.both += bool(first and second)
        names = [
            f"{p.role[0]}:{layer.entities[layer.mentions[p.mention].entity].name}"
            f"={p.country_code or '-'} {p.country_method or ''} {p.confidence}"
            for p in parties
        ]
        start, end = parse.starts[event.trigger_start], parse.ends[event.trigger_end - 1]
        sentence = parse.sents[event.sent]
        text = " ".join(parse.span_text(sentence.start, sentence.end).split())
        for initiator, ones in sorted(first.items()):
            for recipient, others in sorted(second.items()):
                if initiator != recipient:
                    sure = _chance(ones) * _chance(others) * event.type_confidence
                    yield Dyad(
                        page, start, parse.text[start:end], initiator, recipient, sure,
                        _is_inferred(ones) or _is_inferred(others),
                        f"{event.event_type} {', '.join(names)}", text,
                    )  # fmt: skip


def _by_country(parties: Sequence[Participant], other: str) -> dict[str, list[Participant]]:
    found: dict[str, list[Participant]] = {}
    for party in parties:
        if party.role != other and party.country_code:
            found.setdefault(party.country_code, []).append(party)
    return found


def _chance(parties: Sequence[Participant]) -> float:
    return max(1.0 if party.confidence is None else party.confidence for party in parties)


def _is_inferred(parties: Sequence[Participant]) -> bool:
    return all(party.country_method in _INFERRED for party in parties)


def verdicts(name: str) -> dict[tuple[str, int, str, str], tuple[str, str]]:
    """(verdict, note) by page, offset and pair."""
    with CASES[name].open(encoding="utf-8") as lines:
        rows = csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t")
        return {
            (r["page"], int(r["offset"]), r["initiator"], r["recipient"]): (
                r["verdict"], r["note"],
            )
            for r in rows
        }  # fmt: skip


Judged = list[tuple[Dyad, bool]]


def share(judged: Judged) -> float:
    """Right of all."""
    return sum(right for _, right in judged) / max(1, len(judged))


def table(judged: Judged) -> Iterator[str]:
    """What each limit costs and keeps, with intervals."""
    by_page: dict[str, Judged] = {}
    for dyad, right in judged:
        by_page.setdefault(dyad.page, []).append((dyad, right))
    chance, names = random.Random(0), sorted(by_page)
    drawn = [
        [one for name in chance.choices(names, k=len(names)) for one in by_page[name]]
        for _ in range(1000)
    ]
    whole = sum(right for _, right in judged)
    for limit in LIMITS:
        kept = _from(judged, limit)
        samples = sorted(share(held) for sample in drawn if (held := _from(sample, limit)))
        cut = len(samples) // 40
        named = [one for one in kept if not one[0].inferred]
        yield (
            f"  from {limit:.2f}: {len(kept):3} told, right {share(kept):.3f} "
            f"({samples[cut]:.2f} to {samples[-cut - 1]:.2f}), keeps of the right "
            f"{sum(right for _, right in kept) / max(1, whole):.2f}; "
            f"countries named only: {len(named)}, {share(named):.3f}"
        )
    yield _chosen_elsewhere(by_page, names)


def _from(judged: Judged, limit: float) -> Judged:
    return [one for one in judged if one[0].confidence >= limit]


def _chosen_elsewhere(by_page: dict[str, Judged], names: Sequence[str], folds: int = 8) -> str:
    """How a limit does on pages of which it was not chosen: the least that is right in `WANTED`."""
    order = sorted(names, key=lambda name: (-len(by_page[name]), name))
    limits, kept, whole = [], list[tuple[Dyad, bool]](), 0
    for fold in range(folds):
        own = [one for name in order[fold::folds] for one in by_page[name]]
        rest = [one for name in order if name not in order[fold::folds] for one in by_page[name]]
        steps = [step / 20 for step in range(20)]
        limit = next((x for x in steps if share(_from(rest, x)) >= WANTED), steps[-1])
        limits.append(limit)
        kept += _from(own, limit)
        whole += sum(right for _, right in own)
    return (
        f"  limit for {WANTED} chosen on the other pages ({min(limits)} to {max(limits)}): "
        f"right {share(kept):.3f}, keeps {sum(right for _, right in kept) / max(1, whole):.2f}"
    )


def main() -> int:
    """Print the figures, or the pairs asked for."""
    judged: Judged = []
    for name, found in (("pages", pages()), ("running", running()), ("fresh", fresh())):
        if not found.asserted:
            print(f"{name}: not here")
            continue
        known = verdicts(name)
        for dyad in found.dyads:
            verdict, note = known.get(dyad.key, ("", ""))
            if ("--new" in sys.argv and not verdict) or (
                "--wrong" in sys.argv and verdict == "wrong"
            ):
                cells = dyad.page, str(dyad.offset), dyad.trigger, dyad.initiator, dyad.recipient
                print(*cells, verdict, note, sep="\t")
                print("#", dyad.told, "|", dyad.sentence)
        said = Counter(known.get(dyad.key, ("not judged",))[0] for dyad in found.dyads)
        own = [(d, known[d.key][0] == "right") for d in found.dyads if d.key in known]
        counted = _from(own, DYAD_LIMIT)
        print(
            f"{name}: {len(found.dyads)} pairs told: {dict(said)}; right of judged "
            f"{share(own):.3f}, of {len(counted)} counted from {DYAD_LIMIT} on {share(counted):.3f}"
        )
        print(
            f"  {found.asserted} asserted events, both sides with a country "
            f"{found.both / found.asserted:.3f}"
        )
        judged += own
    if judged:
        print("\n".join(["all:", *table(judged)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
