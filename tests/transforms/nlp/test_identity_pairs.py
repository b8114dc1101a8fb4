"""Identity on pairs of short reports written for the tests: read, extracted and compared."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.transforms.nlp.event_cases import parses_of
from transforms import rollups, rows
from transforms.articles import Article, make_article
from transforms.lexicons.loader import Row, parse_table
from transforms.nlp.extract import Resources, annotate
from transforms.nlp.identity.assign import assign
from transforms.nlp.identity.reports import ReportKey
from transforms.readers import RawArticle

CASES = Path(__file__).parents[2] / "cases" / "identity_pairs.tsv"
COLUMNS = ("label", "kind", "first_day", "first", "second_day", "second")
LEAST = 45  # of 62 pairs; in most of the rest the reader sees no event at the bracketed word


def pairs() -> list[Row]:
    """Rows of the case file."""
    return list(parse_table(CASES.read_text("utf-8"), CASES.name, COLUMNS))


def reports(
    marked: str, day: str, number: int, resources: Resources
) -> tuple[list[ReportKey], set[str]]:
    """All reports of a text, and the mentions whose trigger is the word in brackets."""
    text = marked.replace("[", "").replace("]", "")
    published = dt.date.fromisoformat(day)
    raw = RawArticle(text=text, title=f"Report {number}", published=day)
    article = make_article(raw, source_uri=f"{number}.txt", today=published)
    assert isinstance(article, Article)
    (parse,) = parses_of([text])
    made = rows.article_rows(
        article,
        parse,
        annotate(parse, resources, published=published),
        gazetteer=resources.gazetteer,
        extractor_version="test",
        signature=("", []),
    )
    joined = rollups.reports(rows.frames(made))
    at, end = marked.index("["), marked.index("]") - 1
    meant = {
        row["event_mention_id"]
        for row in joined.iter_rows(named=True)
        if row["trigger_start"] < end and at < row["trigger_end"]
    }
    return list(rollups.report_keys(joined)), meant


def test_pairs_of_reports_are_one_event_or_two(resources: Resources) -> None:
    """Rewrites, follow-ups and new tolls are one event; other parties, days, towns another."""
    cases = pairs()
    parses_of([row[side].replace("[", "").replace("]", "") for row in cases for side in SIDES])
    wrong = []
    for number, row in enumerate(cases):
        first, meant = reports(row["first"], row["first_day"], 2 * number, resources)
        second, also = reports(row["second"], row["second_day"], 2 * number + 1, resources)
        ids = assign([*first, *second])
        same = bool({ids[key] for key in meant} & {ids[key] for key in also})
        if not meant or not also or same != (row["label"] == "same"):
            wrong.append(f"line {row.line}: {row['kind']} ({row['label']})")
    assert len(cases) - len(wrong) >= LEAST, wrong


SIDES = ("first", "second")
