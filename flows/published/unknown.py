"""`dateline unknown`: what nothing resolved, most frequent first, as lines for a dictionary."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flows.resources.settings import Settings
from flows.resources.snapshot import reader
from flows.resources.version import extractor
from transforms.dictionary.entries import PLAIN_VERBS, Dictionary
from transforms.dictionary.read import COLUMNS
from transforms.dictionary.touch import plain
from transforms.nlp.names.actors import lexicon
from transforms.nlp.names.words import ORG_HEADS
from warehouse.connection import Connection
from warehouse.wording import counted

_SENTENCE = "substr(a.text, s.start_char + 1, s.end_char - s.start_char)"
_OPEN = "?"  # a cell to fill in; `dateline dictionary check` names what is left
_LONGEST = 300

# Names of actors of no country and no sector; those that take part in events before the others.
# Not who signs the article in its dateline, nor peoples that a list has.
_ACTORS = f"""
SELECT e.name, e.entity_type, e.aliases, count(DISTINCT m.mention_id) AS mentions,
    count(DISTINCT p.event_mention_id) AS reports,
    arg_min({_SENTENCE}, (p.event_mention_id IS NULL, a.published_at, m.mention_id)) AS sentence,
    bool_or(m.method = 'title') AS titled
FROM entities e JOIN entity_mentions m USING (entity_id) JOIN articles a USING (article_id)
    JOIN sentences s USING (sentence_id) LEFT JOIN event_participants p USING (mention_id)
WHERE m.mention_type = 'name' AND e.country_code IS NULL AND coalesce(e.sector, 'UNK') = 'UNK'
    AND e.kb_id IS NULL AND e.entity_type IN ('person', 'organization', 'group', 'other')
    AND m.start_char >= coalesce(length(a.dateline), 0) AND m.method <> 'place-list'
GROUP BY ALL ORDER BY reports DESC, mentions DESC, e.name
"""
_PLACES = f"""
SELECT m.text, count(*) AS mentions, count(DISTINCT article_id) AS articles,
    arg_min({_SENTENCE}, (a.published_at, m.place_mention_id)) AS sentence
FROM place_mentions m JOIN articles a USING (article_id) JOIN sentences s USING (sentence_id)
WHERE m.place_id IS NULL GROUP BY 1 ORDER BY mentions DESC, 1
"""
# Sentences with two actors in which no event was found, the latest first.
_SILENT = f"""
SELECT {_SENTENCE} AS sentence,
    list({{'first': m.start_char - s.start_char, 'last': m.end_char - s.start_char}}) AS actors
FROM sentences s JOIN articles a USING (article_id) JOIN entity_mentions m USING (sentence_id)
WHERE s.sentence_id NOT IN (SELECT sentence_id FROM event_mentions)
GROUP BY a.published_at, s.sentence_id, sentence HAVING count(DISTINCT m.entity_id) > 1
ORDER BY a.published_at DESC, s.sentence_id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Unknown:
    """One unresolved thing: how often it stands, a sentence, and its line of the dictionary."""

    counted: str
    sentence: str
    cells: tuple[str, ...]


def unknown(
    options: Settings, kind: str, *, limit: int, sentences: int
) -> tuple[Sequence[str], list[Unknown]]:
    """(columns of the file, the most frequent unresolved ones) of a kind of `KINDS`.

    `sentences` are parsed for verbs, the latest. What the dictionary has already is left out.
    Raises WarehouseMissing.
    """
    dictionary = extractor(options).dictionary
    name, find = KINDS[kind]
    con = reader(options.warehouse)
    try:
        found = [one for _, one in zip(range(limit), find(con, options, dictionary, sentences))]  # noqa: B905
    finally:
        con.close()
    return COLUMNS[name], found


def _actors(con: Connection, _: Settings, known: Dictionary, __: int) -> Iterator[Unknown]:
    forms = {plain(form) for actor in known.actors for form in (actor.name, *actor.aliases)}
    forms |= {plain(name) for name in known.left_out("actor")}
    cursor = con.execute(_ACTORS)
    while row := cursor.fetchone():
        name, kind, aliases, mentions, reports, sentence, titled = row
        if plain(name) in forms:
            continue
        named = ";".join(alias for alias in aliases if ";" not in alias) or "-"
        kind = kind if titled or _is_told(name, kind) else _OPEN
        told = f"{counted(mentions, 'mention')}, in {counted(reports, 'event report')}"
        yield Unknown(told, sentence, (name, kind, _OPEN, _OPEN, named, "-"))


def _is_told(name: str, kind: str) -> bool:
    """Whether the name's own words say what it is; else its type is a guess of the model's."""
    words, lex = name.split(), lexicon()
    is_body = words[-1].lower() in ORG_HEADS or words[-1].lower() in lex.nouns
    if kind == "person":
        return len(words) > 1 and words[0] in lex.given and not is_body
    return kind == "organization" and is_body


def _places(con: Connection, _: Settings, known: Dictionary, __: int) -> Iterator[Unknown]:
    forms = {plain(form) for place in known.places for form in (place.name, *place.aliases)}
    forms |= {plain(name) for name in known.left_out("place")}
    cursor = con.execute(_PLACES)
    while row := cursor.fetchone():
        name, mentions, articles, sentence = row
        slug = re.sub(r"[^a-z0-9]+", "-", plain(name)).strip("-")
        if plain(name) in forms or not slug:
            continue
        told = f"{counted(mentions, 'mention')} in {counted(articles, 'article')}"
        cells = (slug, name, _OPEN, _OPEN, _OPEN, _OPEN, "-", "-", "-")
        yield Unknown(told, sentence, cells)


def _verbs(
    con: Connection, options: Settings, known: Dictionary, sentences: int
) -> Iterator[Unknown]:
    """Verbs that one actor is the subject of and another an object of, and no lexicon has."""
    from transforms.nlp.clauses.predicates import load_lexicon
    from transforms.nlp.parsing.language import load, parse_texts
    from transforms.nlp.parsing.parse import paragraphs

    rows = con.execute(_SILENT, [sentences]).fetchall()
    if not rows:
        return
    forms = {phrase.predicate.split()[0] for phrase in known.phrases} | known.left_out("event")
    forms |= load_lexicon().verbs.keys() | PLAIN_VERBS
    counts: Counter[str] = Counter()
    heard: dict[str, str] = {}
    texts = [(text, paragraphs(text)) for text, _ in rows]
    for (text, actors), parse in zip(rows, parse_texts(load(options.model), texts), strict=True):
        for lemma in _acts(parse, actors) - forms:
            counts[lemma] += 1
            heard.setdefault(lemma, text)
    for lemma, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        cells = (lemma, "verb", _OPEN, "-", "-", "-", _line(heard[lemma]))
        yield Unknown(counted(count, "sentence"), heard[lemma], cells)


def _acts(parse: Any, actors: Sequence[dict[str, int]]) -> set[str]:
    """Lemmas of verbs with one actor as subject and another below them."""
    at = {
        token: number
        for token, (first, last) in enumerate(zip(parse.starts, parse.ends, strict=True))
        for number, actor in enumerate(actors)
        if actor["first"] <= first and last <= actor["last"]
    }
    sides: dict[int, list[set[int]]] = defaultdict(lambda: [set(), set()])
    for token, number in at.items():
        dep, head = parse.deps[token], parse.heads[token]
        if dep in ("pobj", "agent") and parse.pos[head] == "ADP":
            dep, head = "dobj", parse.heads[head]
        if parse.pos[head] == "VERB" and dep in ("nsubj", "dobj", "nsubjpass", "dative"):
            sides[head][dep != "nsubj"].add(number)
    return {
        lemma
        for head, (acting, other) in sides.items()
        if acting and other - acting and (lemma := parse.lemmas[head].lower()).isalpha()
    }


Find = Callable[[Connection, Settings, Dictionary, int], Iterator[Unknown]]
KINDS: dict[str, tuple[str, Find]] = {  # kind → file, how they are found
    "actors": ("actors", _actors),
    "places": ("places", _places),
    "verbs": ("events", _verbs),
}


def _line(text: str) -> str:
    """A text on one line without tabs, cut where it is long."""
    whole = " ".join(text.split())
    return whole if len(whole) <= _LONGEST else whole[: _LONGEST - 1] + "…"


def lines(columns: Sequence[str], found: Sequence[Unknown]) -> Iterator[str]:
    """The lines of a file of the dictionary, a comment before each."""
    yield "\t".join(columns)
    for one in found:
        yield f"# {one.counted}: {_line(one.sentence)}"
        yield "\t".join(" ".join(cell.split()) for cell in one.cells)
