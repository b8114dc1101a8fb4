"""Scores of the entity layer. Run: `.venv/bin/python -m benchmarks.score_entities`.

re3d (`entities_dev.jsonl`) marks noun phrases and overlaps itself, so the protocol is: gold spans
of Person, Organisation, Location that begin with a capital, any confidence, stripped of a
leading article, without pronouns; overlaps stay. Ours: `find_names` with the labels PERSON, ORG,
GPE, LOC, FAC. Model: what spaCy's `ner` finds with those labels, stripped alike.
It prints ours and the bare model's strict span F1 over the same texts, and once more ours with
what `entity_mentions` holds beside names: peoples ("Iraqis") and nominals with a name in them
("Iraqi forces", "the Assad regime"), which re3d marks as organisations and news NER does not.
"""

from __future__ import annotations

from typing import Any

from benchmarks.annotate import annotate, names_of, unseen
from benchmarks.parses import ARTICLES, parsed, parses, records, tokens_at
from transforms.nlp.names.find import NameSpan
from transforms.nlp.parsing.language import load, parse_texts
from transforms.nlp.parsing.parse import Parse, paragraphs
from transforms.nlp.reader.read import Reading

LABELS = {"PERSON": "Person", "ORG": "Organisation", "GPE": "Location", "LOC": "Location"}
LABELS["FAC"] = "Location"
PRONOUNS = {"i", "we", "he", "she", "they", "it", "you", "this", "those", "these"}
Span = tuple[int, int, str]


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    for article in ("the ", "The ", "a ", "an "):
        if text[start:end].startswith(article):
            return start + len(article), end
    if text[start:end].endswith(("'s", "’s")):
        return start, end - 2
    return start, end


def _f1(ours: set[Any], gold: set[Any]) -> float:
    hit = len(ours & gold)
    return 2 * hit / (len(ours) + len(gold)) if ours or gold else 0.0


def _gold_names(parse: Parse, record: dict[str, Any]) -> set[Span]:
    found: set[Span] = set()
    for item in record["gold"]["entities"]:
        if item["type"] not in {"Person", "Organisation", "Location"}:
            continue
        start, end = _strip(parse.text, item["begin"], item["end"])
        text = parse.text[start:end]
        if text[:1].isupper() and text.lower() not in PRONOUNS:
            found.add((start, end, item["type"]))
    return found


KINDS = {
    "person": "Person", "organization": "Organisation", "government": "Organisation",
    "group": "Organisation",
}  # fmt: skip


def _phrases(parse: Parse, names: list[NameSpan], reading: Reading | None) -> set[Span]:
    """Peoples, and nominals that begin with a name after their article."""
    found: set[Span] = set()
    begins = {token for span in names for token in range(span.start, span.end)}
    layer = annotate(parse, reading=reading).entities
    for span in names:
        if span.label == "NORP" and parse.tags[span.start] == "NNPS":
            cut = _strip(parse.text, parse.starts[span.start], parse.ends[span.end - 1])
            found.add((*cut, "Organisation"))
    for mention in layer.mentions:
        kind = KINDS.get(layer.entities[mention.entity].entity_type)
        if mention.mention_type != "nominal" or kind is None:
            continue
        cut = _strip(parse.text, parse.starts[mention.start], parse.ends[mention.end - 1])
        first = mention.start + (parse.starts[mention.start] < cut[0])
        if first in begins:
            found.add((*cut, kind))
    return found


def span_scores() -> list[tuple[str, int, float, str]]:
    """Strict span F1 of names on re3d, ours and the bare model's, with and without type."""
    gold: set[Any] = set()
    ours: set[Any] = set()
    model: set[Any] = set()
    wide: set[Any] = set()
    texts = [record["text"] for record in records("entities_dev.jsonl")]
    nlp = load(names=True)
    bare = list(parse_texts(nlp, [(text, paragraphs(text)) for text in texts]))
    for number, (record, parse) in enumerate(parsed("entities_dev.jsonl")):
        gold |= {(number, *span) for span in _gold_names(parse, record)}
        reading = unseen("entities", record["id"], parse)
        names = names_of(parse, reading)
        wide |= {(number, *span) for span in _phrases(parse, names, reading)}
        for span in names:
            if span.label in LABELS:
                cut = _strip(parse.text, parse.starts[span.start], parse.ends[span.end - 1])
                ours.add((number, *cut, LABELS[span.label]))
        for start, end, label in bare[number].ents:
            if label in LABELS:
                cut = _strip(parse.text, parse.starts[start], parse.ends[end - 1])
                model.add((number, *cut, LABELS[label]))
    if not gold:
        return []
    bare_ours, bare_gold, bare_model = ({s[:3] for s in group} for group in (ours, gold, model))
    return [
        ("re3d names F1, ours", len(gold), _f1(ours, gold), "model + .08"),
        ("re3d names F1, bare model", len(gold), _f1(model, gold), ""),
        ("re3d names F1 untyped, ours", len(gold), _f1(bare_ours, bare_gold), ""),
        ("re3d names F1 untyped, bare model", len(gold), _f1(bare_model, bare_gold), ""),
        ("re3d names and phrases with a name F1, ours", len(gold), _f1(ours | wide, gold), ""),
    ]


def _gold_actors(record: dict[str, Any]) -> list[tuple[int, int]]:
    gold = record["gold"]
    found: list[tuple[int, int]] = []
    for key in ("source", "target"):
        value = gold.get(key)
        if isinstance(value, str):
            position = record["text"].find(value)
            if position >= 0:
                found.append((position, position + len(value)))
        else:
            found.extend((item["start"], item["end"]) for item in value or ())
    return found


def content_head(parse: Parse, start: int, end: int) -> int:
    """Head of the span; for "in parts of X" the object of the preposition."""
    head = parse.head_of(start, end)
    while parse.pos[head] in {"ADP", "PART"}:
        below = [t for t in parse.children[head] if head < t < end and parse.deps[t] == "pobj"]
        if not below:
            break
        head = below[0]
    return head


def coverage(misses: list[str] | None = None) -> list[tuple[str, int, float, str]]:
    """Share of gold source and target spans whose head lies in one of our mentions.

    `misses`, when given, receives the text of every span left uncovered.
    """
    total = head_hits = any_hits = 0
    for record, parse in parsed("events_dev.jsonl"):
        layer = annotate(parse).entities
        covered = {t for m in layer.mentions for t in range(m.start, m.end)}
        for begin, end in _gold_actors(record):
            tokens = tokens_at(parse, begin, end)
            if tokens is None:
                continue
            total += 1
            any_hits += any(t in covered for t in range(*tokens))
            if content_head(parse, *tokens) in covered:
                head_hits += 1
            elif misses is not None:
                misses.append(parse.span_text(*tokens))
    if not total:
        return []
    return [
        ("events_dev actor spans covered, head", total, head_hits / total, ""),
        ("events_dev actor spans covered, any token", total, any_hits / total, ""),
    ]


SEED = {
    "Park Yoon-joo": ("person", "KOR", "GOV"),
    "Ma Zhaoxu": ("person", "CHN", "GOV"),
    "Lee Jae Myung": ("person", "KOR", "GOV"),
    "Xi Jinping": ("person", "CHN", "GOV"),
    "Donald Trump": ("person", "USA", "GOV"),
    "Kim Jong-un": ("person", "PRK", "GOV"),
    "South Korea": ("country", "KOR", "GOV"),
    "China": ("country", "CHN", "GOV"),
    "North Korea": ("country", "PRK", "GOV"),
    "US": ("country", "USA", "GOV"),
    "Foreign Ministry": ("government", "KOR", "GOV"),
}


def seed() -> list[tuple[str, int, float, str]]:
    """Share of the seed article's named actors that are one entity of the right kind."""
    paths = sorted(ARTICLES.glob("000_*.txt"))
    if not paths:
        return []
    parse = parses([paths[0].read_text("utf-8")], label="seed")[0]
    layer = annotate(parse).entities
    right = 0
    for text, expected in SEED.items():
        found = {
            m.entity
            for m in layer.mentions
            if m.mention_type == "name" and parse.span_text(m.start, m.end) == text
        }
        entities = [layer.entities[e] for e in found]
        right += [(e.entity_type, e.country_code, e.sector) for e in entities] == [expected]
    return [("seed article named actors right", len(SEED), right / len(SEED), "1.0")]


SEED_SURNAMES = {
    "Park": "person:park yoon joo",
    "Ma": "person:ma zhaoxu|CHN",
    "Lee": "person:lee jae myung|KOR",
    "Xi": "person:xi jinping|CHN",
    "Trump": "person:donald trump|USA",
}
SEED_SIDES = {"the two sides", "both sides", "the two governments"}
SEED_OFFICES = {  # title, country, body
    "Park Yoon-joo": ("First Vice Foreign Minister", "KOR", "government:foreign ministry|KOR"),
    "Ma Zhaoxu": ("Executive Vice Foreign Minister", "CHN", "government:foreign ministry|CHN"),
}


def seed_links() -> list[tuple[str, int, float, str]]:
    """Surnames, "both sides", Beijing and offices of the seed article: shares right."""
    paths = sorted(ARTICLES.glob("000_*.txt"))
    if not paths:
        return []
    parse = parses([paths[0].read_text("utf-8")], label="seed")[0]
    layer = annotate(parse).entities
    keys: dict[tuple[int, int], set[str]] = {}
    for mention in layer.mentions:
        span = keys.setdefault((mention.start, mention.end), set())
        span.add(layer.entities[mention.entity].key)
    surnames, beijing, sides = [], [], []
    for index, word in enumerate(parse.words):
        if (wanted := SEED_SURNAMES.get(word)) is not None:
            covering = {k for i in layer.at(index) if (m := layer.mentions[i])
                        and m.mention_type == "name" for k in keys[m.start, m.end]}  # fmt: skip
            surnames.append(covering == {wanted})
        if word == "Beijing":
            located = parse.lower[index - 1] == "in"
            (key,) = keys.get((index, index + 1), {""})
            beijing.append(key == "place:geonames:1816670" if located else key == "government:CHN")
        for size in (2, 3):
            if parse.span_text(index, min(index + size, len(parse))).lower() in SEED_SIDES:
                found = {k[-3:] for k in keys.get((index, index + size), ())}
                sides.append(found == {"KOR", "CHN"})
    held: dict[str, set[tuple[str, str | None, str | None]]] = {}
    for p in layer.positions:
        body = None if p.organization is None else layer.entities[p.organization].key
        held.setdefault(layer.entities[p.entity].name, set()).add((p.title, p.country_code, body))
    offices = [office in held.get(name, ()) for name, office in SEED_OFFICES.items()]
    groups = (
        ("surnames that are their person", surnames),
        ("both sides are KOR and CHN", sides),
        ("Beijing as government or city", beijing),
        ("offices of Park and Ma with body and country", offices),
    )
    return [(f"seed: {n}", len(g), sum(g) / len(g) if g else 0.0, "1.0") for n, g in groups]


def score() -> list[tuple[str, int, float, str]]:
    """All figures as (metric, n, value, floor). Empty without the gold data."""
    return [*span_scores(), *seed(), *seed_links(), *coverage()]


if __name__ == "__main__":
    for metric, n, value, floor in score():
        print(f"{metric:<48} n={n:<6} {value:.3f}  {floor}")
