"""Our own articles and role phrases, read by the model: who is meant, and what each one is."""

from __future__ import annotations

import pytest

from benchmarks import own_articles, role_phrases


@pytest.fixture(scope="module")
def tally() -> own_articles.Tally:
    return own_articles.compare()


def test_the_articles_are_well_formed() -> None:
    held = own_articles.articles()
    assert len(held) == 17
    for article in held:
        used = {key for *_, ids in article.marks for key in ids} - {"-"}
        assert used == set(article.entities), article.title
        for begin, end, _ in article.marks:
            assert article.text[begin:end].strip(), article.title


@pytest.mark.parametrize(
    ("kind", "least"),
    [("name", 0.97), ("nominal", 0.8), ("pronoun", 0.85), ("entity_type", 0.95),
     ("country", 0.88), ("sector", 0.94)],
)  # fmt: skip
def test_mentions_go_to_their_entity(tally: own_articles.Tally, kind: str, least: float) -> None:
    share = tally.right[kind] / tally.total[kind]
    assert share >= least, [line for line in tally.wrong if line.startswith(kind)]


def test_no_government_is_guessed(tally: own_articles.Tally) -> None:
    """A country we give is right; where we do not know we give none."""
    guessed = [
        line for line in tally.wrong if line.startswith("country:") and "ours '-'" not in line
        and "ours ''" not in line
    ]  # fmt: skip
    assert not guessed


def test_role_phrases_have_their_sector_and_country() -> None:
    sector, country = role_phrases.score()
    assert sector[1] > 200
    assert sector[2] >= 0.97
    assert country[2] >= 0.99
