"""What is remembered or decoded in batches is exactly what spaCy's own components say."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.conftest import EXAMPLES
from transforms.nlp.extract import Resources, annotate
from transforms.nlp.parsing import tok2vec_memo
from transforms.nlp.parsing.language import load, parse_texts
from transforms.nlp.parsing.parse import paragraphs
from transforms.nlp.parsing.tag_memo import COMPONENTS, TagMemo

TEXTS = [path.read_text("utf-8", "replace") for path in sorted(EXAMPLES.glob("*.txt"))] + [
    "There's no deal, but there were talks. Let's go; they ain't gonna stay, y'all said.",
    "It is said that there are two. She's gotta leave. C'mon, that's what he wants.",
    f"He said ({'(' * 50}no{')' * 50}) and left{'.' * 60} It cost 30km, 5,000kg.",
    f"{'.' * 64}!{'?' * 40}",
    "Washington\n\n \nNew  York\nThe New York  Times of Monday, March 2, and two",
]


@pytest.fixture(scope="module")
def nlp() -> Any:
    return load()


@pytest.fixture(scope="module")
def plain() -> Any:
    """The same pipeline without anything of ours."""
    return load(memo=False)


def test_shortcuts_change_no_answer(nlp: Any, plain: Any) -> None:
    inputs = [(text, paragraphs(text)) for text in TEXTS]
    wanted = list(parse_texts(plain, inputs, memo=False))
    for _ in range(2):  # asked, then remembered
        for one, other in zip(wanted, parse_texts(nlp, inputs), strict=True):
            assert (one.words, one.tags, one.deps, one.heads) == (
                other.words, other.tags, other.deps, other.heads,
            )  # fmt: skip
            assert list(zip(one.words, one.pos, one.lemmas, strict=True)) == list(
                zip(other.words, other.pos, other.lemmas, strict=True)
            )


def test_forms_that_no_rule_names_ask_the_ruler_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tag and dependency answer for them; the lemmatizer is asked once a form, tag or not."""
    nlp = load()
    memo = TagMemo.of(nlp)
    assert memo is not None
    asked: list[int] = []
    rule = memo.ruler

    def noted(doc: Any) -> Any:
        asked.append(len(doc) // 2)
        return rule(doc)

    monkeypatch.setattr(memo, "ruler", noted)
    docs = list(nlp.pipe(TEXTS, disable=list(COMPONENTS)))
    memo.fill(docs)
    forms = {(t.orth, t.tag, t.dep) for doc in docs for t in doc}
    assert sum(asked) < len(forms) / 3
    assert len(memo.lemmas) < len(forms)


def test_the_shortcuts_are_taken(nlp: Any) -> None:
    assert tok2vec_memo.install(load(memo=False)) == 1
    assert "ner" not in nlp.pipe_names


def test_a_full_memo_of_embeddings_begins_anew(plain: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tok2vec_memo, "_LIMIT", 50)
    small = load()
    inputs = [(text, paragraphs(text)) for text in TEXTS[:6]]
    for item in inputs:  # each with more forms than fit
        ours, theirs = list(parse_texts(small, [item])), list(parse_texts(plain, [item]))
        assert [(p.tags, p.heads) for p in ours] == [(p.tags, p.heads) for p in theirs]


def test_offsets_are_those_of_the_article(nlp: Any) -> None:
    text = "  First line.\n\n“Second,” she said.  \n"
    (parse,) = parse_texts(nlp, [(text, paragraphs(text))])
    assert [text[a:b] for a, b in zip(parse.starts, parse.ends, strict=True)] == parse.words
    assert [text[s.start_char : s.end_char] for s in parse.sents] == [
        "First line.",
        "“Second,” she said.",
    ]


TREATY = "Peru and Chile signed a treaty in Lima on 3 March 2026, the two governments said."


@pytest.mark.parametrize("mark", ['"', ")"])
def test_a_run_of_marks_is_not_searched_again_for_each(nlp: Any, mark: str) -> None:
    """24,000 of them took 80 seconds of the processor, now 3 to 5."""
    began = time.process_time()
    [parse] = parse_texts(nlp, [(text := f"He left.{mark * 24_000} Then", paragraphs(text))])
    assert time.process_time() - began < 25
    assert len(parse.words) > 24_000


@pytest.mark.parametrize(
    "middle", ['"' * 6000, "‹" * 40_000, "\n" * 80_000,
               ", ".join(f"Peru, Chile, Lima {n}" for n in range(800))],
    ids=["quotation marks", "angles", "empty lines", "places"],
)  # fmt: skip
def test_what_stands_around_a_long_run_is_told(nlp: Any, resources: Resources, middle: str) -> None:
    text = f"{TREATY}\n\nEnvoys of {middle} met.\n\n{TREATY}"
    [parse] = parse_texts(nlp, [(text, paragraphs(text))])
    told = annotate(parse, resources, published=None)
    assert "AGREE" in {event.event_type for event in told.events if event.sent == 0}
    assert told.events[-1].sent > 0
