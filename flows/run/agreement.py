"""How far the extractor, left alone, agrees with the decisions of people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flows.resources.corrections import read_corrections
from flows.resources.gazetteer import open_gazetteer
from flows.resources.settings import Settings
from flows.resources.snapshot import reader
from flows.resources.version import extractor
from flows.run.corrected import is_kept
from flows.run.stored import articles_of
from transforms.corrections.binding import Book
from transforms.corrections.score import PARTS, score
from transforms.nlp.extract import Resources, annotate
from transforms.nlp.parsing.language import load, parse_texts
from transforms.nlp.parsing.parse import paragraphs
from warehouse.errors import DatelineError


def agreement(options: Settings) -> list[dict[str, Any]]:
    """Rows of `part`, `right`, `of`, `share`. Raises DatelineError where nothing is decided.

    Articles are read again as they are stored, without the decisions.
    """
    file = options.corrections_file
    book = Book.of(read_corrections(file).decisions.values())
    anchors = {anchor.article: anchor for d in book.decisions for anchor in d.anchors().values()}
    con = reader(options.warehouse)
    try:
        used = "SELECT DISTINCT article_id FROM correction_uses"
        stored = con.execute(used).fetchall() if is_kept(con) else []
        articles = list(articles_of(con, sorted({key for (key,) in stored} | anchors.keys())))
    finally:
        con.close()
    if not articles:
        raise DatelineError("nothing is decided there of articles that are stored",
                            subject=str(file))  # fmt: skip
    nlp = load(options.model)
    resources = Resources.load(open_gazetteer(), extractor(options).dictionary)
    inputs = [(a.text, paragraphs(a.text, dateline_end=a.dateline_end)) for a in articles]
    counts: Counter[str] = Counter()
    for article, parse in zip(articles, parse_texts(nlp, inputs), strict=True):
        notes = annotate(parse, resources, published=article.day)
        counts += score(
            parse, notes, article_id=article.article_id, book=book, gazetteer=resources.gazetteer
        )
    wholes = {"found": "events", "no event told": "none"}
    rights = {"no event told": "silent"}
    return [
        {
            "part": part,
            "right": counts[rights.get(part, part)],
            "of": (whole := counts[wholes.get(part, "found")]),
            "share": round(counts[rights.get(part, part)] / whole, 3) if whole else None,
        }
        for part in (*PARTS, "no event told")
    ]
