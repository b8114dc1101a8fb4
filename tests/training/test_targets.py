"""From labels to what is learnt: words, sides, name tags; windows are those of the product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.corpus_labels import LabelError
from training.data import Document, items, path_table, tags_of
from training.reviewed import give, records
from training.shared_gold import above, marked, sentence_spans
from training.targets import event_targets, head_words, name_tags, tokens_at, whole_words
from transforms.nlp.annotations import EntityDraft, EntityLayer, Mention
from transforms.nlp.parsing.parse import Parse, Sentence
from transforms.nlp.reader.features import NAMES, windows, word_features

WORDS = ["Police", "spoke", ".", "They", "beat", "Ann", ",", "Bob", "and", "arrested", "the",
         "Thai", "man", "."]  # fmt: skip
POS = ["NOUN", "VERB", "PUNCT", "PRON", "VERB", "PROPN", "PUNCT", "PROPN", "CCONJ", "VERB", "DET",
       "ADJ", "NOUN", "PUNCT"]  # fmt: skip
DEPS = ["nsubj", "ROOT", "punct", "nsubj", "ROOT", "dobj", "punct", "conj", "cc", "conj", "det",
        "amod", "dobj", "punct"]  # fmt: skip
HEADS = [1, 1, 1, 4, 4, 4, 5, 5, 4, 4, 12, 12, 9, 4]


@pytest.fixture
def document() -> Document:
    """Two sentences with an entity "police"."""
    starts = [sum(len(w) + 1 for w in WORDS[:n]) for n in range(len(WORDS))]
    ends = [start + len(word) for start, word in zip(starts, WORDS, strict=True)]
    text = " ".join(WORDS)
    tags = ["JJ" if pos == "ADJ" else "NN" for pos in POS]
    sents = [Sentence(0, 0, 3, 0, ends[2], 0), Sentence(1, 3, 14, starts[3], ends[13], 0)]
    parse = Parse(
        text, WORDS, WORDS, tags, POS, DEPS, HEADS, starts, ends, [0] * 3 + [1] * 11, sents
    )
    layer = EntityLayer(
        [EntityDraft("group:police", "police", "group")],
        [Mention(0, 1, 0, 0, "nominal", None, "nominal", 1.0)],
    )
    features = np.array(word_features(parse, 0, len(parse)), dtype=np.int64)
    pieces = [[1000]] * len(WORDS)
    return Document(
        "t1", parse, layer, [], [], features, [0] * len(WORDS), pieces, windows(parse, [1] * 14)
    )


def event(**changes: object) -> dict[str, object]:
    """An event of the second sentence."""
    return {
        "s": 1,
        "trigger": "arrested",
        "type": "COERCE",
        "also": ["ASSAULT"],
        "modality": "asserted",
        "initiators": ["^police"],
        "recipients": ["the Thai man"],
        "core": True,
        **changes,
    }


def spans(document: Document) -> list[tuple[int, int]]:
    """Characters of the sentences."""
    return [(s.start_char, s.end_char) for s in document.parse.sents]


def test_sides_are_head_words_also_of_other_sentences(document: Document) -> None:
    (target,) = event_targets(document, spans(document), [event()])
    assert (target.token, target.weight) == (9, 1.0)
    assert target.types == {"COERCE": 0.8, "ASSAULT": 0.2}
    assert target.roles["initiator"] == {0}
    assert target.roles["recipient"] == {12}
    assert target.ignored["recipient"] == {10, 11}


def test_a_thing_is_neither_side_nor_mistake(document: Document) -> None:
    (target,) = event_targets(document, spans(document), [event(recipients=["~the Thai man"])])
    assert not target.roles["recipient"]
    assert target.ignored["recipient"] == {10, 11, 12}
    (other,) = event_targets(document, spans(document), [event(recipients=["~^police"])])
    assert not other.roles["recipient"]
    assert other.ignored["recipient"] == {0}


def test_mutual_events_have_both_sides_twice(document: Document) -> None:
    told = event(reciprocal=True, initiators=["They"], recipients=["Ann , Bob"])
    (target,) = event_targets(document, spans(document), [told])
    assert target.roles["initiator"] == target.roles["recipient"] == {3, 5, 7}


def test_heads_of_a_phrase_take_in_what_is_joined(document: Document) -> None:
    assert head_words(document.parse, 5, 8) == [5, 7]
    start, end = document.parse.starts[11], document.parse.ends[12]
    assert tokens_at(document.parse, start, end) == (11, 13)
    assert tokens_at(document.parse, end, end) is None


def test_names_are_tagged_without_what_is_no_name(document: Document) -> None:
    parse = document.parse

    def mention(kind: str, name: str, first: int, last: int) -> dict[str, object]:
        return {"type": kind, "name": name, "spans": [(parse.starts[first], parse.ends[last])]}

    tags = name_tags(
        parse,
        [
            mention("person", "Ann Lee", 5, 5),
            mention("country", "Thailand", 11, 11),
            mention("group", "police", 0, 0),  # a common noun in capitals for its place
            mention("person", "Bob", 12, 12),  # a nominal
        ],
    )
    told = {index: NAMES[(tag - 1) // 2] for index, tag in enumerate(tags.tolist()) if tag}
    assert told == {5: "PERSON", 11: "PEOPLE"}


def test_of_overlapping_names_the_longest_is_tagged() -> None:
    assert tags_of(4, [(0, 1, "PLACE"), (0, 3, "ORG"), (3, 4, "PERSON")]).tolist() == [3, 4, 4, 1]


def test_paths_and_windows_do_not_depend_on_order(document: Document) -> None:
    document.targets = event_targets(document, spans(document), [event()]) * 3
    assert path_table([document]) == {"": 0, "dobjv": 1}
    (item,) = items([document])
    assert item.ids[0] == 101 and item.ids[-1] == 102
    assert len(item.firsts) == len(WORDS) and len(item.targets) == 3
    assert document.pair_features(9, item.window, {"": 0, "dobjv": 1})[12, 0] == 1


def test_marks_and_lists_of_sides_are_read() -> None:
    assert marked({"marked": "<s>Ann</s> met <t>Bob</t>."}, "t") == [(8, 11)]
    listed = {"source": [{"start": 0, "end": 3}], "reciprocal": [{"start": 5, "end": 9}]}
    assert marked(listed, "s") == [(0, 3), (5, 9)]
    assert marked(listed, "t") == [(5, 9)]


def test_the_word_above_two_sides_tells_the_event(document: Document) -> None:
    assert above(document.parse, 3, 5) == 4
    assert above(document.parse, 3, 12) == 4
    assert above(document.parse, 0, 12) is None


def test_sentences_given_as_strings_are_found_in_order() -> None:
    assert sentence_spans("He left. He left. No.", ["He left.", "He left.", "Gone."]) == [
        (0, 8),
        (9, 17),
        (13, 13),
    ]


def test_what_people_reviewed(document: Document) -> None:
    """Events, and a word that tells none; nothing is known of the others."""
    labels = {
        "sentences": ["Police spoke .", "They beat Ann , Bob and arrested the Thai man ."],
        "events": [event()],
        "none": [{"s": 1, "trigger": "beat", "n": 1}, {"s": 0, "trigger": "gone", "n": 1}],
    }
    give(document, labels)
    assert not document.complete
    told, none = document.targets
    assert (told.token, told.types["COERCE"] > 0.5) == (9, True)
    assert (none.token, none.types, none.known, none.modality) == (4, {}, (), None)


def test_a_file_of_reviews_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('\n{"doc": "x", "text": ""}\n')
    with pytest.raises(LabelError, match=r"a\.jsonl:2: no labels of an article"):
        records(tmp_path)
    assert records(tmp_path / "none") == []


def test_a_pronoun_is_not_found_inside_another_word(document: Document) -> None:
    """ "he" stands in "the": the side is the pronoun or nobody."""
    assert whole_words("the mayor said he left", "he", 0, 22) == 15
    assert whole_words("seen by Smiths", "Smith", 0, 14) == 8  # where no whole word is


def test_what_is_the_same_as_a_side_is_no_mistake(document: Document) -> None:
    """Coreference: of "they" and "police" the one that was not labelled is not learnt as wrong."""
    document.layer.mentions.append(Mention(3, 4, 3, 0, "pronoun", None, "pronoun", 1.0))
    (target,) = event_targets(document, spans(document), [event(initiators=["They"])])
    assert target.roles["initiator"] == {3}
    assert 0 in target.ignored["initiator"]


def test_a_party_named_only_later_is_taken_from_there(document: Document) -> None:
    first = event(s=0, trigger="spoke", initiators=["^Ann"], recipients=[])
    document.layer.mentions.append(Mention(5, 6, 5, 0, "name", None, "name", 1.0))
    (target,) = event_targets(document, spans(document), [first])
    assert target.roles["initiator"] == {5}


def test_sentences_are_also_read_alone(document: Document) -> None:
    """Every window, and each sentence of a whole text with the share of single sentences."""
    together = items([document])
    both = items([document], alone=0.25)
    assert [item.share for item in both[len(together) :]] == [0.25, 0.25]
    assert [(i.window.context, i.window.end) for i in both[len(together) :]] == [(0, 3), (3, 14)]
    document.complete = False
    assert len(items([document], alone=0.25)) == len(together)
