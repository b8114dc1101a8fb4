"""Who every mention of seventeen articles of our own means. `-v` prints what is wrong.

Run: `.venv/bin/python -m benchmarks.own_articles`. `tests/cases/own_articles.txt` marks names,
offices, pronouns and "both sides". Our entities are paired one to one with the marked ones, the
most shared mentions first; a mention is right when it goes to the entity paired with its own, so
an entity split in two loses the mentions of its lesser half, and one that holds two loses those
of the second.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.annotate import annotate
from benchmarks.parses import ROOT, parses, tokens_at
from transforms.nlp.annotations import EntityDraft, EntityLayer, Mention
from transforms.nlp.parsing.parse import Parse

CASES = ROOT / "tests" / "cases" / "own_articles.txt"
_MARK = re.compile(r"\[([^\]|]+)\|([^\]]+)\]")
PRONOUNS = {"he", "she", "him", "her", "his", "it", "its", "they", "them", "their"}


@dataclass(slots=True)
class Expected:
    """A declared entity; each attribute lists the values that are right."""

    name: str
    entity_type: list[str]
    country: list[str]
    sector: list[str]


@dataclass(slots=True)
class Article:
    """A text without its marks, and the marks as (start, end, ids) in characters."""

    title: str
    text: str = ""
    entities: dict[str, Expected] = field(default_factory=dict)
    marks: list[tuple[int, int, list[str]]] = field(default_factory=list)


def articles() -> list[Article]:
    """The articles of the case file. Raises ValueError on a mark of nobody."""
    found: list[Article] = []
    lines: list[list[str]] = []
    for line in CASES.read_text("utf-8").splitlines():
        if line.startswith("== "):
            found.append(Article(line[3:]))
            lines.append([])
        elif line.startswith("@ "):
            key, name, kinds, country, sector = (cell.strip() for cell in line[2:].split("|"))
            found[-1].entities[key] = Expected(
                name, kinds.split(";"), country.split(";"), sector.split(";")
            )
        elif found and not line.startswith("#"):
            lines[-1].append(line)
    for article, held in zip(found, lines, strict=True):
        marked, position = "\n".join(held).strip(), 0
        for mark in _MARK.finditer(marked):
            article.text += marked[position : mark.start()]
            begin = len(article.text)
            article.text += mark[1]
            ids = mark[2].split("+")
            if any(key != "-" and key not in article.entities for key in ids):
                raise ValueError(f"{article.title}: {mark[0]} is not declared")
            article.marks.append((begin, len(article.text), ids))
            position = mark.end()
        article.text += marked[position:]
    return found


def mentions_at(parse: Parse, layer: EntityLayer, start: int, end: int) -> list[Mention]:
    """Our mentions of the marked tokens: the same span, else one with the same head."""
    first = start + 1 if end - start > 1 and parse.lower[start] in {"the", "an", "a"} else start
    spans = {(start, end), (first, end), (start - 1, end)}
    same = [m for m in layer.mentions if (m.start, m.end) in spans]
    if same:
        return same
    head = parse.head_of(start, end)
    heads = [m for m in layer.mentions if m.head == head and m.start <= head < m.end]
    over = [m for m in layer.mentions if m.start <= head < m.end]
    for held in (heads, over):
        if held:
            least = min(held, key=lambda m: (m.end - m.start, m.start))
            return [m for m in held if (m.start, m.end) == (least.start, least.end)]
    return []


@dataclass(slots=True)
class Tally:
    """Mentions right by kind, and attributes right by column."""

    right: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, kind: str, is_right: bool, words: str = "") -> None:
        """Count one; `words` is printed when it is wrong."""
        self.total[kind] += 1
        self.right[kind] += is_right
        if not is_right:
            self.wrong.append(f"{kind}: {words}")


def compare() -> Tally:
    """All articles against their marks."""
    tally, held = Tally(), articles()
    for article, parse in zip(
        held, parses([a.text for a in held], label="own_articles"), strict=True
    ):
        _compare(article, parse, annotate(parse).entities, tally)
    return tally


def _compare(article: Article, parse: Parse, layer: EntityLayer, tally: Tally) -> None:
    found: list[tuple[list[str], set[int], str, str]] = []
    shared: Counter[tuple[str, int]] = Counter()
    for begin, end, ids in article.marks:
        tokens = tokens_at(parse, begin, end)
        ours = mentions_at(parse, layer, *tokens) if tokens else []
        entities = {m.entity for m in ours}
        words = article.text[begin:end]
        kind = "pair" if len(ids) > 1 else "name"
        if kind == "name" and words.lower() in PRONOUNS:
            kind = "pronoun"
        elif (kind == "name" and words[:1].islower()) or words.startswith("The "):
            kind = "nominal" if ours and ours[0].mention_type != "name" else kind
        place = article.text[max(begin - 40, 0) : end + 30].replace("\n", " ")
        found.append((ids, entities, kind, place))
        if len(ids) == 1 and len(entities) == 1 and ids[0] != "-":
            shared[ids[0], next(iter(entities))] += 2 if kind == "name" else 1
    paired: dict[str, int] = {}
    for (key, entity), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if key not in paired and entity not in paired.values():
            paired[key] = entity
    for ids, entities, kind, place in found:
        drafts = [layer.entities[e] for e in sorted(entities)]
        if ids == ["-"]:
            tally.add("name", all(d.entity_type == "place" for d in drafts), place)
            continue
        wanted = {paired.get(key, -1) for key in ids}
        tally.add(kind, entities == wanted, f"{'+'.join(ids)} …{place}… {[d.key for d in drafts]}")
    for key, expected in article.entities.items():
        draft = layer.entities[paired[key]] if key in paired else None
        _attributes(article.title, expected, key, draft, tally)


def _attributes(
    title: str, expected: Expected, key: str, draft: EntityDraft | None, tally: Tally
) -> None:
    for column, wanted, value in (
        ("entity_type", expected.entity_type, draft.entity_type if draft else ""),
        ("country", expected.country, (draft.country_code or "-") if draft else ""),
        ("sector", expected.sector, (draft.sector or "-") if draft else ""),
    ):
        tally.add(column, value in wanted, f"{title}: {key} {wanted} ours {value!r} {draft}")


KINDS = ("name", "nominal", "pair", "pronoun")


def score() -> list[tuple[str, int, float, str]]:
    """Shares right: all mentions, each kind of mention, each attribute of the entities."""
    tally = compare()
    total = sum(tally.total[kind] for kind in KINDS)
    right = sum(tally.right[kind] for kind in KINDS)
    rows = [("own articles: mention to entity", total, right / total, "")]
    for kind in (*KINDS, "entity_type", "country", "sector"):
        label = f"own articles: {kind}{'s' if kind in KINDS else ' of the entity'}"
        rows.append((label, tally.total[kind], tally.right[kind] / tally.total[kind], ""))
    return rows


if __name__ == "__main__":
    if "-v" in sys.argv:
        print("\n".join(compare().wrong))
    for metric, n, value, floor in score():
        print(f"{metric:<48} n={n:<6} {value:.3f}  {floor}")
