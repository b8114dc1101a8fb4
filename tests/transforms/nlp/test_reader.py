"""The reader's view of a parse, and what its weights make of plain sentences."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.annotate import resources
from benchmarks.recorded import RecordedReading, digest, record
from tests.transforms.nlp.event_cases import parses_of
from transforms.nlp.annotations import EntityDraft, EntityLayer, Mention
from transforms.nlp.parsing.parse import Parse, Sentence
from transforms.nlp.reader import features
from transforms.nlp.reader.features import CONTEXT_PIECES, CORE_PIECES, LIMIT, windows
from transforms.nlp.reader.model import WEIGHTS, load
from transforms.nlp.reader.read import read

CALM = "The bakery on Mill Road opens at seven and sells rye bread until noon."
TOLD = "Kenya's police arrested two union leaders in Mombasa on Monday."


def _sentences(sizes: list[int]) -> Parse:
    """A parse of sentences of so many one-letter words."""
    parse = Parse(" ".join("a" for _ in range(sum(sizes))))
    parse.words = ["a"] * sum(sizes)
    start = 0
    for ordinal, size in enumerate(sizes):
        parse.sents.append(Sentence(ordinal, start, start + size, 0, 0, 0))
        start += size
    return parse


@pytest.mark.parametrize(
    "sizes", [[5], [60] * 9, [CORE_PIECES + 1, 3, 4], [900, 7], [10, 2000], [1] * 400]
)
def test_windows_answer_for_every_token_once(sizes: list[int]) -> None:
    """Also sentences too long for one window; context is what came before, and not too much."""
    found = windows(_sentences(sizes), [1] * sum(sizes))
    answered = [token for w in found for token in range(w.start, w.end)]
    assert answered == list(range(sum(sizes)))
    for window in found:
        assert window.end - window.context <= LIMIT
        assert 0 <= window.start - window.context <= CONTEXT_PIECES


def test_paths_run_over_the_tree() -> None:
    """From trigger to word: up with ^, down with v; none where they do not meet soon."""
    parse = Parse("", heads=[1, 1, 1, 2, 3], deps=["nsubj", "ROOT", "prep", "pobj", "compound"])
    assert features.path(parse, features.ways_up(parse, 1), 0) == "nsubjv"
    assert features.path(parse, features.ways_up(parse, 0), 3) == "nsubj^ prepv pobjv"
    assert features.path(parse, features.ways_up(parse, 0), 4) == "nsubj^ prepv pobjv compoundv"
    assert features.path(parse, features.ways_up(parse, 1), 1) == ""


def test_distance_tells_near_from_far_and_before_from_behind() -> None:
    within = [features.distance(10, token, 0) for token in (11, 40, 9)]
    beyond = [features.distance(10, 30, sentences) for sentences in (1, 2, -1, -9)]
    assert len({*within, *beyond}) == 7
    assert max(beyond) < 24  # rows of the weights' table


def test_what_an_article_is_about_is_known_by_its_mentions() -> None:
    """Often named, seldom named and never named are three kinds of word."""
    (parse,) = parses_of(["Ann met Bob. Ann left. Ann slept."])
    layer = EntityLayer(
        [EntityDraft("person:ann", "Ann", "person"), EntityDraft("person:bob", "Bob", "person")]
    )
    for token, word in enumerate(parse.words):
        if word in {"Ann", "Bob"}:
            entity = int(word == "Bob")
            layer.mentions.append(
                Mention(token, token + 1, token, entity, "name", None, "name", 1.0)
            )
    kinds = features.kinds_of(parse, layer, [])
    assert len({kinds[0], kinds[1], kinds[2]}) == 3
    assert kinds[0] % features.KIND_CODES == kinds[2] % features.KIND_CODES


def test_a_plain_act_is_read_and_a_bakery_is_not() -> None:
    """The arrest, as fact, with its sides; no event where nothing public happens."""
    calm, told = (read(resources().reader, parse) for parse in parses_of([CALM, TOLD]))
    limit = told.limits["trigger"]
    assert not [t for t in calm.triggers if 1 - t.types[0] >= limit]
    (trigger,) = [t for t in told.triggers if 1 - t.types[0] >= limit]
    assert told.parse.words[trigger.token] == "arrested"
    assert features.TYPES[int(trigger.types[1:].argmax())] == "COERCE"
    assert features.MODALITIES[int(trigger.modality.argmax())] == "asserted"
    initiators, recipients, *_ = told.sides(trigger, [0] * len(told.parse))
    assert told.parse.words[next(iter(initiators.words))] == "police"
    assert told.parse.words[next(iter(recipients.words))] == "leaders"


def test_what_was_read_before_changes_nothing() -> None:
    """The very same numbers, whatever else a process has read: rows must not depend on order."""
    parse = parses_of([TOLD])[0]
    first = read(resources().reader, parse)
    read(resources().reader, parses_of([f"{CALM} {TOLD}"])[0])
    again = read(resources().reader, parse)
    assert [t.token for t in first.triggers] == [t.token for t in again.triggers]
    for one, other in zip(first.triggers, again.triggers, strict=True):
        assert np.array_equal(one.types, other.types)


def test_recorded_readings_say_what_the_reader_said() -> None:
    """Names, triggers and sides survive the record to three decimals."""
    reading = read(resources().reader, parses_of([TOLD])[0])
    kinds = [0] * len(reading.parse)
    held = json.loads(json.dumps(record(reading, kinds)))
    assert held["text"] == digest(TOLD)
    again = RecordedReading(reading.parse, held, reading.limits)
    assert [(n.start, n.end, n.label) for n in again.names] == [
        (n.start, n.end, n.label) for n in reading.names
    ]
    for one, other in zip(reading.triggers, again.triggers, strict=True):
        assert np.allclose(one.types, other.types, atol=0.001)
        for first, second in zip(reading.sides(one, kinds), again.sides(other, kinds), strict=True):
            assert list(first.words) == list(second.words)
            assert abs(first.none - second.none) < 0.001


def test_the_card_says_what_the_weights_saw() -> None:
    """Base weights by hash, articles never seen, limits and licence."""
    card = json.loads((WEIGHTS / "card.json").read_text("utf-8"))
    assert card["base"]["sha256"].startswith("53aa5117")
    assert card["base"]["licence"] == "Apache-2.0"
    assert len(card["held_out"]) >= 20
    assert {"trigger", "side", "both", "source", "report"} <= set(card["limits"])
    size = sum((WEIGHTS / name.name).read_bytes().__len__() for name in WEIGHTS.iterdir())
    assert size <= 25_000_000


def test_processors_without_vnni_see_the_same() -> None:
    """States as exact sums of int8 give them; where products saturate they are a tenth off."""
    words = ["Police", "arrested", "protesters", "after", "soldiers", "attacked", "Osk", "."]
    model = load()
    seen = model.encode(model.pieces(words), np.zeros((len(words), 3), dtype=np.int64))
    exact = [-1.35, 0.23, -0.09, -0.38, -1.16, 0.57, -0.22, -0.5]
    assert seen[:, 0].tolist() == pytest.approx(exact, abs=0.04)
