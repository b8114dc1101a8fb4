"""The remembered tags and lemmas are exactly those of spaCy's own components."""

from __future__ import annotations

import pytest

from tests.conftest import EXAMPLES
from transforms.nlp.language import load, parse_texts
from transforms.nlp.parse import paragraphs


@pytest.fixture(scope="module")
def nlp() -> object:
    return load()


def test_memo_changes_no_answer(nlp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*wire*.txt"))]
    texts += [
        "There's no deal, but there were talks. Let's go; they ain't gonna stay, y'all said.",
        "It is said that there are two. She's gotta leave. C'mon, that's what he wants.",
    ]
    inputs = [(text, paragraphs(text)) for text in texts]
    monkeypatch.setenv("DATELINE_MEMO", "0")
    plain = list(parse_texts(nlp, inputs))  # type: ignore[arg-type]
    monkeypatch.setenv("DATELINE_MEMO", "1")
    for _ in range(2):  # asked, then remembered
        for one, other in zip(plain, parse_texts(nlp, inputs), strict=True):  # type: ignore[arg-type]
            assert list(zip(one.words, one.pos, one.lemmas, strict=True)) == list(
                zip(other.words, other.pos, other.lemmas, strict=True)
            )


def test_offsets_are_those_of_the_article(nlp: object) -> None:
    text = "  First line.\n\n“Second,” she said.  \n"
    (parse,) = parse_texts(nlp, [(text, paragraphs(text))])  # type: ignore[arg-type]
    assert [text[a:b] for a, b in zip(parse.starts, parse.ends, strict=True)] == parse.words
    assert [text[s.start_char : s.end_char] for s in parse.sents] == [
        "First line.",
        "“Second,” she said.",
    ]
