"""Entities on hand-built parses: keys, coreference, and an order-free merge of evidence."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from benchmarks.annotate import annotate
from transforms import rollups
from transforms.lexicons.loader import LexiconError, parse_table
from transforms.nlp.annotations import EntityLayer, PlaceMention
from transforms.nlp.entities.home import home_country
from transforms.nlp.entities.layer import build_layer
from transforms.nlp.names.actors import fold, lexicon
from transforms.nlp.names.find import find_names
from transforms.nlp.parsing.parse import Parse, Sentence

Token = tuple[str, str, str, str, int]  # word, tag, pos, dep, head


def build(sentences: list[list[Token]], ents: Sequence[tuple[int, int, str]] = ()) -> Parse:
    """A Parse from tokens; heads count from the start of their sentence."""
    parse = Parse(" ".join(token[0] for sentence in sentences for token in sentence))
    offset = 0
    for ordinal, sentence in enumerate(sentences):
        base, begin = len(parse.words), offset
        for word, tag, pos, dep, head in sentence:
            parse.words.append(word)
            parse.lemmas.append(word.lower())
            parse.tags.append(tag)
            parse.pos.append(pos)
            parse.deps.append(dep)
            parse.heads.append(base + head)
            parse.starts.append(offset)
            parse.ends.append(offset + len(word))
            parse.sent_of.append(ordinal)
            offset += len(word) + 1
        parse.sents.append(
            Sentence(ordinal, base, base + len(sentence), begin, offset - 1, ordinal)
        )
    parse.ents.extend(ents)
    return parse


def layer_of(parse: Parse) -> EntityLayer:
    return annotate(parse).entities


def keys_at(parse: Parse, layer: EntityLayer, text: str) -> list[str]:
    return sorted(
        layer.entities[m.entity].key
        for m in layer.mentions
        if parse.span_text(m.start, m.end) == text
    )


MEETING: list[Token] = [
    ("China", "NNP", "PROPN", "nsubj", 3),
    ("and", "CC", "CCONJ", "cc", 0),
    ("Japan", "NNP", "PROPN", "conj", 0),
    ("met", "VBD", "VERB", "ROOT", 3),
]


def test_both_sides_are_the_two_countries() -> None:
    sides: list[Token] = [
        ("Both", "DT", "DET", "det", 1),
        ("sides", "NNS", "NOUN", "nsubj", 2),
        ("agreed", "VBD", "VERB", "ROOT", 2),
    ]
    parse = build([MEETING, sides])
    assert keys_at(parse, layer_of(parse), "Both sides") == ["country:CHN", "country:JPN"]


def test_capital_acts_as_government_and_locates_as_place() -> None:
    acts: list[Token] = [
        ("Beijing", "NNP", "PROPN", "nsubj", 1),
        ("denied", "VBD", "VERB", "ROOT", 1),
        ("it", "PRP", "PRON", "dobj", 1),
    ]
    lies: list[Token] = [
        ("They", "PRP", "PRON", "nsubj", 1),
        ("met", "VBD", "VERB", "ROOT", 1),
        ("in", "IN", "ADP", "prep", 1),
        ("Beijing", "NNP", "PROPN", "pobj", 2),
    ]
    parse = build([acts, lies])
    assert keys_at(parse, layer_of(parse), "Beijing") == [
        "government:CHN",
        "place:geonames:1816670",
    ]


def test_surname_joins_full_name_and_title_gives_position() -> None:
    first: list[Token] = [
        ("President", "NNP", "PROPN", "compound", 2),
        ("Ana", "NNP", "PROPN", "compound", 2),
        ("Torvik", "NNP", "PROPN", "nsubj", 3),
        ("spoke", "VBD", "VERB", "ROOT", 3),
    ]
    second: list[Token] = [
        ("Torvik", "NNP", "PROPN", "nsubj", 1),
        ("left", "VBD", "VERB", "ROOT", 1),
    ]
    parse = build([first, second], [(1, 3, "PERSON")])
    layer = layer_of(parse)
    assert keys_at(parse, layer, "Torvik") == keys_at(parse, layer, "Ana Torvik")
    assert [p.title for p in layer.positions] == ["President"]


def _journalist(verb: str) -> tuple[Parse, EntityLayer]:
    tokens: list[Token] = [
        ("A", "DT", "DET", "det", 1),
        ("journalist", "NN", "NOUN", "nsubj", 2),
        (verb, "VBD", "VERB", "ROOT", 2),
    ]
    parse = build([tokens])
    return parse, layer_of(parse)


def test_unnamed_people_never_merge_across_articles() -> None:
    one, two = _journalist("left"), _journalist("spoke")
    assert keys_at(*one, "A journalist") != keys_at(*two, "A journalist")
    assert keys_at(*one, "A journalist") == keys_at(*_journalist("left"), "A journalist")


def test_bare_unknown_name_stays_in_its_article() -> None:
    found = []
    for verb in ("left", "spoke"):
        tokens: list[Token] = [
            ("Torvik", "NNP", "PROPN", "nsubj", 1),
            (verb, "VBD", "VERB", "ROOT", 1),
        ]
        parse = build([tokens])
        found.append(keys_at(parse, layer_of(parse), "Torvik"))
    assert len(found[0]) == len(found[1]) == 1
    assert found[0] != found[1]


def test_police_of_a_country_are_one_stable_body() -> None:
    found = []
    for verb in ("marched", "left"):
        tokens: list[Token] = [
            ("Russian", "JJ", "ADJ", "amod", 1),
            ("police", "NNS", "NOUN", "nsubj", 2),
            (verb, "VBD", "VERB", "ROOT", 2),
        ]
        parse = build([tokens])
        layer = layer_of(parse)
        found.append(keys_at(parse, layer, "Russian police"))
        assert layer.entities[layer.mentions[-1].entity].country_code == "RUS"
    assert found[0] == found[1] == ["organization:police|RUS"]


def test_spellings_of_one_name_fold_together() -> None:
    assert fold("Kim Jong-un") == fold("Kim Jong Un")
    assert fold("Nicolás Maduro") == fold("Nicolas Maduro")


def test_merge_of_evidence_does_not_depend_on_order() -> None:
    tallies = pl.DataFrame(
        [
            {
                "entity_id": "kim",
                "name": ["Kim Jong-un", "Kim Jong Un"][number % 2],
                "entity_type": "person",
                "country_code": [None, "PRK"][number % 2],
                "sector": ["UNK", "GOV"][number % 2],
                "kb_id": None,
                "aliases": [f"alias {number}"],
                "mentions": 1,
                "articles": 1,
            }
            for number in range(6)
        ],
        schema_overrides={"kb_id": pl.String},
    )
    (expected,) = rollups.entities(tallies).to_dicts()
    assert (expected["name"], expected["country_code"], expected["sector"]) == (
        "Kim Jong Un",
        "PRK",
        "GOV",
    )
    assert expected["aliases"] == ["Kim Jong-un", *(f"alias {number}" for number in range(6))]
    for seed in range(10):
        mixed = tallies.sample(fraction=1, shuffle=True, seed=seed)
        assert rollups.entities(mixed).to_dicts() == [expected]
    assert rollups.entities(tallies.clear()).is_empty()


def test_lexicon_loads_and_names_its_mistakes() -> None:
    assert len(lexicon().countries) > 180
    assert lexicon().nouns["police"].sector == "COP"
    with pytest.raises(LexiconError, match=r"x\.tsv:2"):
        list(parse_table("a\tb\n1\t2\t3\n", "x.tsv", ("a", "b")))


def test_a_capital_elsewhere_is_no_government() -> None:
    said: list[Token] = [
        ("London", "NNP", "PROPN", "nsubj", 1),
        ("agreed", "VBD", "VERB", "ROOT", 1),
    ]
    parse = build([said])
    kentucky = PlaceMention(0, 1, "geonames:4298960", "gazetteer", 0.9, "USA")
    there = build_layer(parse, find_names(parse), places=[kentucky])
    assert [e.key for e in there.entities] == ["place:geonames:4298960"]
    assert keys_at(parse, layer_of(parse), "London") == ["government:GBR"]


def test_home_needs_a_clear_lead() -> None:
    def told(*countries: str) -> str | None:
        sentences: list[list[Token]] = [
            [(country, "NNP", "PROPN", "nsubj", 1), ("agreed", "VBD", "VERB", "ROOT", 1)]
            for country in countries
        ]
        parse = build(sentences)
        return home_country(parse, find_names(parse), [])

    assert told("Kenya", "Kenya", "Kenya", "Uganda") == "KEN"
    assert told("Kenya", "Kenya", "Kenya", "Uganda", "Uganda") is None
    assert told("Kenya", "Kenya") is None
