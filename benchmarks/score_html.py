"""HTML pages of the gold set: title, day, authors, body words; time beside trafilatura alone."""

from __future__ import annotations

import datetime as dt
import gzip
import re
import sys
import time
from collections import Counter
from typing import Any

from benchmarks.parses import ARTICLES, records
from transforms.articles import make_article
from transforms.published import parse
from transforms.readers import ReadError
from transforms.readers.page import decoded, page

_WORD = re.compile(r"\w+")


def word_f1(ours: str, gold: str) -> float:
    """F1 over bags of lower-case words."""
    one = Counter(_WORD.findall(ours.lower()))
    other = Counter(_WORD.findall(gold.lower()))
    shared = sum((one & other).values())
    return 2 * shared / (sum(one.values()) + sum(other.values())) if shared else 0.0


def score(*, errors: bool = False) -> list[dict[str, Any]]:
    """One row of figures for ours, one for trafilatura alone."""
    gold = records("html_dev.jsonl")
    pages = {}
    for record in gold:
        path = ARTICLES / "html" / record["file"]
        if path.exists():
            pages[record["file"]] = gzip.decompress(path.read_bytes())
    if not pages:
        return [{"set": "html_dev", "n": 0}]
    import trafilatura

    trafilatura.bare_extraction(next(iter(pages.values())).decode("utf-8", "replace"))
    rows: list[dict[str, Any]] = []
    for which in ("ours", "trafilatura alone"):
        hits: Counter[str] = Counter()
        bodies = []
        began = time.perf_counter()
        results = {key: _read(data, which) for key, data in pages.items()}
        took = time.perf_counter() - began
        for record in gold:
            if record["file"] not in pages:
                continue
            title, day, authors, body = results[record["file"]]
            wanted = record
            published = parse(wanted["published_at"]) if wanted.get("published_at") else None
            bodies.append(word_f1(body, "\n".join(wanted["paragraphs"])))
            checks = {
                "title": _flat(title) == _flat(wanted["title"]),
                "day": published is None or day == published[0].date().isoformat(),
                "authors": {_flat(a) for a in authors} == {_flat(a) for a in wanted["authors"]},
            }
            for name, right in checks.items():
                hits[name] += right
                if errors and which == "ours" and not right:
                    ours = {"title": title, "day": day, "authors": authors}[name]
                    key = "published_at" if name == "day" else name
                    print("WRONG", record["file"], name, "|", ours, "|", wanted[key])
            if errors and which == "ours" and bodies[-1] < 0.96:
                print("BODY ", record["file"], round(bodies[-1], 3))
        n = len(bodies)
        rows.append(
            {
                "set": f"html_dev, {which}",
                "n": n,
                "title": hits["title"] / n,
                "day": hits["day"] / n,
                "authors": hits["authors"] / n,
                "body F1": sum(bodies) / n,
                "ms a page": 1000 * took / n,
            }
        )
    rows.append(
        {"set": "time, ours to trafilatura", "ratio": rows[0]["ms a page"] / rows[1]["ms a page"]}
    )
    return rows


def _flat(text: str | None) -> str:
    text = (text or "").replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(text.split()).lower()


def _read(data: bytes, which: str) -> tuple[str | None, str | None, list[str], str]:
    if which == "ours":
        raw = page(decoded(data))  # a live blog too, whose entries `read` gives one by one
        if isinstance(raw, ReadError):
            return None, None, [], ""
        made = make_article(raw, source_uri="page.html", today=dt.date(2026, 11, 23))
        if isinstance(made, ReadError):
            return raw.title, None, raw.authors, raw.text or ""
        return made.title, made.published_at.date().isoformat(), made.authors, made.text
    import trafilatura

    found: Any = trafilatura.bare_extraction(data.decode("utf-8", "replace"), with_metadata=True)
    values = found.as_dict() if found else {}
    authors = [a.strip() for a in (values.get("author") or "").split(";") if a.strip()]
    return values.get("title"), values.get("date"), authors, values.get("text") or ""


if __name__ == "__main__":
    for row in score(errors="--errors" in sys.argv):
        print(row)
