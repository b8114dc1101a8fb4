"""One article of our own, read by the model: who is who, from its first line to its last."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.annotate import annotate
from benchmarks.parses import ARTICLES
from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.annotations import EntityDraft, EntityLayer
from transforms.nlp.parsing.parse import Parse

TEXT = """\
South Korea's First Deputy Foreign Minister Han Ji-won and Zhou Weiming, executive vice foreign \
minister of China, opened a new round of talks in Beijing on Tuesday, the ministry said.

The meeting came before President Lee Jae Myung's planned trip to China. Lee last saw President \
Xi Jinping in Gyeongju, where Xi invited him.

The two sides promised to revive trade. Han and Zhou also spoke about fishing. Both sides agreed \
to set up a hotline, and the two governments will meet again in spring.

Seoul has asked for access to the steel platforms, but Beijing denied that they are military.

US President Donald Trump is to meet North Korean leader Kim Jong-un in April. Trump has praised \
the talks. Kim Jong Un has not replied. South Korean lawmaker Kim Min-ho welcomed them.

Han briefed reporters in Beijing before he left. "We ask Beijing to act," Han said.
"""


@pytest.fixture(scope="module")
def article() -> tuple[Parse, EntityLayer]:
    (parse,) = parses_of([TEXT])
    return parse, annotate(parse).entities


def entities_of(article: tuple[Parse, EntityLayer], text: str) -> list[list[EntityDraft]]:
    """For each place where `text` is mentioned, what it stands for."""
    parse, layer = article
    found: dict[int, list[EntityDraft]] = {}
    for mention in layer.mentions:
        if parse.span_text(mention.start, mention.end) == text:
            found.setdefault(mention.start, []).append(layer.entities[mention.entity])
    return [found[start] for start in sorted(found)]


@pytest.mark.parametrize(
    ("short", "full", "count"),
    [("Han", "Han Ji-won", 3), ("Zhou", "Zhou Weiming", 1), ("Lee", "Lee Jae Myung", 1),
     ("Xi", "Xi Jinping", 1), ("Trump", "Donald Trump", 1)],
)  # fmt: skip
def test_a_surname_is_its_person(
    article: tuple[Parse, EntityLayer], short: str, full: str, count: int
) -> None:
    found = entities_of(article, short)
    assert [[e.key for e in here] for here in found] == [
        [e.key for e in entities_of(article, full)[0]]
    ] * count


@pytest.mark.parametrize("text", ["The two sides", "Both sides", "the two governments"])
def test_both_sides_are_the_two_countries(article: tuple[Parse, EntityLayer], text: str) -> None:
    (found,) = entities_of(article, text)
    assert {entity.country_code for entity in found} == {"KOR", "CHN"}


def test_a_capital_that_acts_is_its_government(article: tuple[Parse, EntityLayer]) -> None:
    kinds = [(e.entity_type, e.country_code) for here in entities_of(article, "Beijing")
             for e in here]  # fmt: skip
    assert kinds == [
        ("place", "CHN"), ("government", "CHN"), ("place", "CHN"), ("government", "CHN")
    ]  # fmt: skip
    assert entities_of(article, "Seoul")[0][0].key == "government:KOR"


def test_namesakes_stay_apart_and_spellings_join(article: tuple[Parse, EntityLayer]) -> None:
    (leader,), (other_spelling,) = (
        entities_of(article, name)[0] for name in ("Kim Jong-un", "Kim Jong Un")
    )
    (lawmaker,) = entities_of(article, "Kim Min-ho")[0]
    assert leader.key == other_spelling.key != lawmaker.key
    assert (lawmaker.country_code, lawmaker.sector) == ("KOR", "LEG")


def test_offices_have_body_and_country(article: tuple[Parse, EntityLayer]) -> None:
    _, layer = article
    held: dict[str, Any] = {}
    for position in layer.positions:
        body = position.organization
        key = None if body is None else layer.entities[body].key
        name = layer.entities[position.entity].name
        held.setdefault(name, (position.title, position.country_code, key))
    assert held["Han Ji-won"] == (
        "First Deputy Foreign Minister", "KOR", "government:foreign ministry|KOR"
    )  # fmt: skip
    assert held["Zhou Weiming"] == (
        "executive vice foreign minister", "CHN", "government:foreign ministry|CHN"
    )  # fmt: skip
    assert held["Donald Trump"] == ("President", "USA", "government:USA")


@pytest.fixture(scope="module")
def short() -> list[tuple[Parse, EntityLayer]]:
    return [(parse, annotate(parse).entities) for parse in parses_of(list(SHORT))]


SHORT = (
    "TRUMP THREATENS NEW TARIFFS ON CHINA\n\nPresident Trump threatened China on Monday.",
    "Officials discussed Korea-China relations on Monday.",
    "Anna Kowalska, deputy defence minister of Poland, met Petr Novak, a Czech general, in Prague. "
    "The minister later left.",
    "The U.S. military and a UN prosecutor spoke. The UN-backed government in Libya did not.",
    "The Human Rights Commission met on Monday. Members of the Commission asked for time.",
    "Maria Silva and Joao Silva of Portugal met. Silva said nothing.",
    "Turkish President Recep Tayyip Erdogan met Ivo Lanner, a leader of the miners, in Vienna. "
    "The Turkish president praised Lanner. The Kremlin and Moscow called on Kyiv to reply.",
)
WHO = [
    (0, "TRUMP", "person:donald trump|USA", "USA", "GOV"),
    (0, "CHINA", "country:CHN", "CHN", "GOV"),
    (1, "Korea", "country:KOR", "KOR", "GOV"),
    (1, "China", "country:CHN", "CHN", "GOV"),
    (2, "Anna Kowalska", "person:anna kowalska", "POL", "GOV"),
    (2, "deputy defence minister", "person:anna kowalska", "POL", "GOV"),
    (2, "The minister", "person:anna kowalska", "POL", "GOV"),
    (2, "Petr Novak", "person:petr novak", "CZE", "MIL"),
    (6, "The Turkish president", "person:recep tayyip erdogan|TUR", "TUR", "GOV"),
    (6, "Kremlin", "government:RUS", "RUS", "GOV"),
    (6, "Moscow", "government:RUS", "RUS", "GOV"),
    (6, "Kyiv", "government:UKR", "UKR", "GOV"),
    (3, "The U.S. military", "organization:military|USA", "USA", "MIL"),
    (3, "a UN prosecutor", None, None, "IGO"),
    (3, "The UN-backed government", None, "LBY", "GOV"),
]


@pytest.mark.parametrize(("number", "text", "key", "code", "sector"), WHO)
def test_who_that_is(
    short: list[tuple[Parse, EntityLayer]], number: int, text: str,
    key: str | None, code: str | None, sector: str,
) -> None:  # fmt: skip
    ((found,),) = entities_of(short[number], text)
    assert (found.country_code, found.sector) == (code, sector)
    assert key is None or found.key == key


def test_the_short_form_is_the_body_named_before(short: list[tuple[Parse, EntityLayer]]) -> None:
    ((body,),) = entities_of(short[4], "Commission")
    assert "human rights commission" in body.key


def test_a_surname_two_people_share_joins_neither(short: list[tuple[Parse, EntityLayer]]) -> None:
    ((bare,),) = entities_of(short[5], "Silva")
    assert bare.key not in {
        entities_of(short[5], n)[0][0].key for n in ("Maria Silva", "Joao Silva")
    }


@pytest.mark.skipif(not list(ARTICLES.glob("000_*.txt")), reason="no seed article here")
def test_the_seed_article_is_right_throughout() -> None:
    from benchmarks.score_entities import seed, seed_links

    for name, count, value, _ in (*seed(), *seed_links()):
        assert value == 1.0, (name, count, value)
