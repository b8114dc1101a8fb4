"""Label files: what is wrong is named by file and line; what ships is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from training import shared_gold
from training.agreement import SECOND, compare, pairs
from training.corpus_labels import (
    CORPUS,
    ArticleLabels,
    CorpusArticle,
    LabelError,
    articles,
    labels,
)
from training.examples import COLUMNS, examples

TEXT = (
    "=== t1\ndate: 2020-01-02\nsource: Wire\ntitle: Talks\n\nPolice arrested Ann Lee. She left.\n"
)
GOOD = "E 0|arrested|COERCE|asserted|Police|Ann Lee|2020-01-02|||"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A corpus of one article with two sentences."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "labels").mkdir()
    (tmp_path / "texts" / "t.txt").write_text(TEXT, "utf-8")
    (tmp_path / "sentences.tsv").write_text("doc\tstart\tend\nt1\t0\t24\nt1\t25\t34\n", "utf-8")
    return tmp_path


def faults_of(corpus: Path, *lines: str) -> list[str]:
    """Messages for a label file of these lines."""
    path = corpus / "labels" / "lot.txt"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return [str(fault) for fault in labels([path], corpus)[1]]


def test_good_labels_are_read_whole(small: Path) -> None:
    found = faults_of(small, "=== t1", GOOD, "N person|Ann Lee|0:Ann Lee|1:She")
    assert not found
    held = labels([small / "labels" / "lot.txt"], small)[0]["t1"]
    assert held.events[0]["recipients"] == ["Ann Lee"]
    assert held.entities == [{"type": "person", "name": "Ann Lee", "spans": [(16, 23), (25, 28)]}]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (GOOD.replace("COERCE", "ARREST"), "type 'ARREST'"),
        (GOOD.replace("asserted", "sure"), "modality 'sure'"),
        (GOOD.replace("arrested", "held"), "trigger 'held' (n=1) is not in sentence 0"),
        (GOOD.replace("Ann Lee", "Bob"), "party 'Bob' is not in sentence 0"),
        (GOOD.replace("E 0", "E 7"), "no sentence 7"),
        (GOOD + "maybe", "flag 'maybe'"),
        (GOOD + "n=2", "trigger 'arrested' (n=2) is not in sentence 0"),
        ("E 0|arrested|COERCE", "3 fields, not 10"),
        ("N actor|Ann Lee|0:Ann Lee", "entity type 'actor'"),
        ("N person|Ann Lee|0:Ann", None),
        ("N person|Ann Lee|0:An", "mention '0:An' is not in its sentence"),
        ("X what", "neither E nor N"),
    ],
)
def test_a_faulty_line_is_named(small: Path, line: str, reason: str | None) -> None:
    found = faults_of(small, "=== t1", line)
    if reason is None:
        assert not found
    else:
        assert len(found) == 1
        assert found[0].startswith("lot.txt:2: ")
        assert reason in found[0]


def test_articles_of_labels_must_be_there_once(small: Path) -> None:
    assert faults_of(small, "=== t2") == ["lot.txt:1: no article t2"]
    assert faults_of(small, "=== t1", "=== t1") == ["lot.txt:2: labels of t1 stand twice"]
    assert faults_of(small, GOOD) == ["lot.txt:1: label without an article"]


def test_the_shipped_corpus_is_whole() -> None:
    texts = articles()
    found, faults = labels()
    assert not faults
    assert len(found) >= 500
    assert set(found) == set(texts)
    assert all(article.sentences for article in texts.values())
    second, faults = labels([SECOND])
    assert not faults
    assert len(second) == 40


def test_sentences_lie_in_their_text_in_order() -> None:
    for article in articles().values():
        ends = [0]
        for start, end in article.sentences:
            assert ends[-1] <= start < end <= len(article.text), article.doc
            assert article.text[start:end] == article.text[start:end].strip(), article.doc
            ends.append(end)


def test_examples_name_file_and_line_of_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "examples.tsv"
    head = "\t".join(COLUMNS)
    row = "a:1\tCOERCE\tasserted\t7-15\t0-6@0\t\tPolice arrested him."
    for line, reason in (
        (row.replace("COERCE", "ARREST"), "type 'ARREST'"),
        (row.replace("7-15", "7-99"), "span '7-99' is not in the text"),
        (row.replace("7-15", ""), "0 triggers, not 1"),
        (row.replace("0-6@0", "Police"), "span 'Police'"),
        (row.partition("\tPolice")[0], "6 fields, not 7"),
    ):
        path.write_text(f"{head}\n{row}\n{line}\n", "utf-8")
        with pytest.raises(LabelError, match=r"examples\.tsv:3: ") as raised:
            examples(path)
        assert reason in str(raised.value)


def test_shipped_tables_are_read() -> None:
    found = examples()
    assert len({example.doc for example in found}) == len(found) > 5000
    assert len(shared_gold.partial()) > 1000
    assert len(shared_gold.read_more()) > 300
    assert len(shared_gold.read_more(shared_gold.SECOND)) > 150
    assert (CORPUS / "examples.tsv").exists()


def test_agreement_pairs_by_trigger_and_counts_sides() -> None:
    article = CorpusArticle("t1", "", "", "", "Police arrested Ann Lee.", [(0, 24)])
    held = labels_of(small_event("arrested", ["Police"], ["Ann Lee"]))
    other = labels_of(small_event("arrested", ["police"], ["^Bob"]))
    assert len(pairs(article, held.events, other.events)) == 1
    counts = compare({"t1": article}, {"t1": held}, {"t1": other})
    assert counts["type"] == counts["initiator"] == counts["recipient told"] == 1
    assert counts["recipient"] == counts["both sides"] == 0


def small_event(trigger: str, doers: list[str], targets: list[str]) -> dict[str, object]:
    """An event record of the guide."""
    return {
        "s": 0,
        "trigger": trigger,
        "n": 1,
        "type": "COERCE",
        "also": [],
        "modality": "asserted",
        "initiators": doers,
        "recipients": targets,
        "reciprocal": False,
        "core": True,
    }


def labels_of(*events: dict[str, object]) -> ArticleLabels:
    """Labels of one article."""
    return ArticleLabels("t1", list(events))
