"""From what the reader says to events: sides, phrases told once, unknown parties, sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.score_running import is_told
from tests.transforms.nlp import event_cases
from transforms.nlp.annotations import EntityDraft, EntityLayer, Mention, Participant
from transforms.nlp.clauses.arguments import Clauses
from transforms.nlp.clauses.predicates import load_lexicon
from transforms.nlp.events import sides as sides_module
from transforms.nlp.events.bearers import Weighed
from transforms.nlp.events.coder import distinct, told
from transforms.nlp.events.confidence import Evidence, confidence, type_confidence
from transforms.nlp.events.senses import Senses
from transforms.nlp.events.sides import Sides
from transforms.nlp.parsing.parse import Parse, Sentence
from transforms.nlp.reader.features import MODALITIES, TYPES
from transforms.nlp.reader.read import Bearers, Reading, ReadTrigger

LIMITS = {
    "trigger": 0.5,
    "side": 0.5,
    "both": 0.4,
    "place": 0.5,
    "source": 0.5,
}
SURE = Evidence("ASSAULT", 0.9, 0.8, 0.7, 0.0, 0.6, 0.95, 0.1, 1, "asserted", 0.05, 0.5, 0.0, 0.6)
WORDS = ["Ruritania", "and", "Graustark", "held", "talks", "they", "said", "villagers", "fled"]
TAGS = ["PROPN", "CCONJ", "PROPN", "VERB", "NOUN", "PRON", "VERB", "NOUN", "VERB"]


class Scripted(Reading):
    """A reading that says what a test wants."""

    def __init__(self, parse: Parse, roles: list[dict[int, float]], none: float) -> None:
        super().__init__(parse, limits=LIMITS)
        self.roles = [Bearers(words, none) for words in roles]

    def sides(self, trigger: ReadTrigger, kinds: Sequence[int]) -> list[Bearers]:
        return self.roles


@pytest.fixture(autouse=True)
def as_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parties are as likely as the reader and the constructions say."""

    def chances(role: str, weighed: Sequence[Weighed]) -> list[float]:
        return [1 / (1 + math.exp(-one.signs.own)) for one in weighed]

    monkeypatch.setattr(sides_module, "chances", chances)


@pytest.fixture
def parse() -> Parse:
    found = Parse(" ".join(WORDS), words=list(WORDS), pos=list(TAGS), tags=list(TAGS))
    found.lemmas = list(WORDS)
    found.starts = [len(" ".join(WORDS[:n])) + (n > 0) for n in range(len(WORDS))]
    found.ends = [start + len(word) for start, word in zip(found.starts, WORDS, strict=True)]
    found.heads, found.deps = list(range(len(WORDS))), ["ROOT"] * len(WORDS)
    found.sents = [Sentence(0, 0, len(WORDS), 0, found.ends[-1], 0)]
    found.sent_of = [0] * len(WORDS)
    return found


@pytest.fixture
def layer() -> EntityLayer:
    names = ("Ruritania", "Graustark")
    return EntityLayer(
        [EntityDraft(f"country:{name}", name, "country", name[:3].upper()) for name in names],
        [Mention(t, t + 1, t, n, "name", None, "name", 1.0) for n, t in enumerate((0, 2))],
    )


def trigger(token: int, kind: str = "CONSULT", chance: float = 0.9) -> ReadTrigger:
    types = np.zeros(17, np.float32)
    types[0], types[1 + TYPES.index(kind)] = 1 - chance, chance
    return ReadTrigger(token, types, np.eye(len(MODALITIES), dtype=np.float32)[0], 0)


def sides(
    parse: Parse,
    layer: EntityLayer,
    *roles: dict[int, float],
    none: float = 0.1,
    kind: str = "CONSULT",
) -> list[Participant]:
    held = scripted(parse, layer, [*roles, {}, {}, {}, {}][:4], none)
    return held.participants(held.of(trigger(4, kind)))


def party(role: str, mention: int, confidence: float) -> Participant:
    return Participant(role, mention, confidence=confidence)


def scripted(
    parse: Parse, layer: EntityLayer, roles: list[dict[int, float]], none: float = 0.1
) -> Sides:
    lexicon = load_lexicon()
    senses = Senses(Clauses(parse, layer, lexicon), lexicon)
    return Sides(Scripted(parse, roles, none), senses, [0] * len(parse))


def test_who_stands_on_both_sides_is_a_participant(parse: Parse, layer: EntityLayer) -> None:
    both = {0: 0.9, 2: 0.8}
    found = sides(parse, layer, both, both)
    assert found == [party("participant", 0, 0.9), party("participant", 1, 0.8)]


def test_each_side_takes_words_from_its_limit_on(parse: Parse, layer: EntityLayer) -> None:
    found = sides(parse, layer, {0: 0.9, 2: 0.3}, {2: 0.7})
    assert found == [party("initiator", 0, 0.9), party("recipient", 1, 0.7)]


def test_the_likeliest_word_is_taken_alone_unless_hardly_likely(
    parse: Parse, layer: EntityLayer
) -> None:
    found = sides(parse, layer, {0: 0.2, 2: 0.15}, {})
    assert found == [party("initiator", 0, 0.2)]
    assert sides(parse, layer, {0: 0.05}, {2: 0.05}) == []


def test_a_pronoun_left_open_is_who_else_the_reader_takes(parse: Parse, layer: EntityLayer) -> None:
    """Its mention is of the entity of the likeliest word before it; else it is told as "they"."""
    found = sides(parse, layer, {5: 0.6, 2: 0.1}, {})
    mention = layer.mentions[found[0].mention]
    assert (mention.start, mention.mention_type, mention.entity) == (5, "pronoun", 1)
    layer.mentions.pop()
    layer._by_token = None
    found = sides(parse, layer, {5: 0.6}, {})
    mention = layer.mentions[found[0].mention]
    assert layer.entities[mention.entity].name == "they"


def test_a_mention_added_later_stands_at_its_words(layer: EntityLayer) -> None:
    """The widest first, as if it had been there."""
    before = layer.at(0)
    layer.mentions.append(Mention(0, 3, 0, 0, "name", None, "name", 1.0))
    added = len(layer.mentions) - 1
    assert layer.at(0) == [added, *before]
    assert layer.at(2)[0] == added


def test_people_that_nobody_knows_become_a_mention_once(parse: Parse, layer: EntityLayer) -> None:
    first = sides(parse, layer, {}, {7: 0.9})
    again = sides(parse, layer, {}, {7: 0.9})
    assert [layer.mentions[p.mention].head for p in first] == [7]
    assert first == again
    assert [entity.name for entity in layer.entities[2:]] == ["villagers"]


def test_source_and_place_are_told_from_their_limit_on(parse: Parse, layer: EntityLayer) -> None:
    held = scripted(parse, layer, [{}, {}, {0: 0.6}, {2: 0.4}])
    found = held.of(trigger(4))
    assert held.source(found) is None
    assert found.sites == {0: 0.6}


def test_asking_who_is_told_adds_nobody(parse: Parse, layer: EntityLayer) -> None:
    """Parties that nobody knows are added for reports that are kept, not for every candidate."""
    held = scripted(parse, layer, [{7: 0.9}, {5: 0.9}, {}, {}])
    found = held.of(trigger(4))
    assert (len(layer.mentions), len(layer.entities)) == (2, 2)
    held.participants(found)
    assert len(layer.mentions) == 4


def test_neighbours_of_one_type_are_one_event(parse: Parse, layer: EntityLayer) -> None:
    """ "held talks": the likelier word stays; words apart or of other types stay both."""
    held = scripted(parse, layer, [{}, {}, {}, {}])
    tokens = [t.token for t in told([trigger(3, chance=0.6), trigger(4)], held)]
    assert tokens == [4]
    tokens = [t.token for t in told([trigger(3, "AGREE"), trigger(4)], held)]
    assert tokens == [3, 4]
    assert told([trigger(4, chance=0.4)], held) == []


def test_evidence_knows_that_nobody_may_be_told() -> None:
    found = SURE.features()
    assert found["no_initiator"] > 0 > found["no_recipient"]
    assert found["initiator"] < 0 < found["recipient"]


def test_types_that_compete_and_what_is_no_fact_cost_confidence() -> None:
    assert confidence(replace(SURE, entropy=1.2)) < confidence(SURE)
    for modality in ("possible", "alleged", "negated", "denied"):
        assert confidence(replace(SURE, told_as=modality)) < confidence(SURE), modality
        assert type_confidence(replace(SURE, told_as=modality)) == type_confidence(SURE)


def test_evidence_of_a_trigger_tells_what_else_it_may_be(parse: Parse, layer: EntityLayer) -> None:
    held = scripted(parse, layer, [{0: 0.9}, {2: 0.8}, {}, {}])
    sure = trigger(4)
    torn = ReadTrigger(4, sure.types.copy(), sure.modality, 0)
    torn.types[1 + TYPES.index("CONSULT")] = 0.5
    torn.types[1 + TYPES.index("AGREE")] = 0.4
    first, second = (Evidence.of(t, held.of(t), "asserted") for t in (sure, torn))
    assert (first.second_type, round(second.second_type, 2)) == (0.0, 0.4)
    assert first.entropy < second.entropy
    assert second.all_features()["share"] < first.all_features()["share"]
    assert confidence(second) < confidence(first)


def test_no_events_are_distinct_as_they_are(layer: EntityLayer) -> None:
    assert distinct([], layer) == []


def test_who_is_likely_on_one_side_only_stays_there(parse: Parse, layer: EntityLayer) -> None:
    """ "Ann was accused": the word that bears both roles a little is no accuser of itself."""
    found = sides(parse, layer, {0: 0.3}, {0: 0.9})
    assert found == [party("recipient", 0, 0.9)]
    layer.mentions.append(Mention(5, 6, 5, 0, "pronoun", None, "pronoun", 1.0))
    layer._by_token = None
    assert sides(parse, layer, {5: 0.3}, {0: 0.9}) == [party("recipient", 0, 0.9)]


@pytest.mark.parametrize("pos", ["NUM", "ADJ"])
def test_people_told_by_a_number_are_a_party(parse: Parse, layer: EntityLayer, pos: str) -> None:
    """ "All five were killed", "the 48-year-old was jailed"."""
    parse.pos[7] = pos
    (party,) = sides(parse, layer, {}, {7: 0.9})
    assert layer.mentions[party.mention].head == 7


def test_a_participant_is_as_sure_as_the_lesser_of_its_roles(
    parse: Parse, layer: EntityLayer
) -> None:
    found = sides(parse, layer, {0: 0.9, 2: 0.5}, {2: 0.8, 0: 0.6})
    assert found == [party("participant", 0, 0.6), party("participant", 1, 0.5)]


@pytest.mark.parametrize("kind", ["ACCUSE", "REQUEST", "AID", "COERCE"])
def test_nobody_does_to_itself_what_only_one_does(
    parse: Parse, layer: EntityLayer, kind: str
) -> None:
    """ "India accused Pakistan of …": each on its likelier side, or nearly as likely on both."""
    found = sides(parse, layer, {0: 0.9, 2: 0.4}, {2: 0.9, 0: 0.44}, kind=kind)
    assert found == [party("initiator", 0, 0.9), party("recipient", 1, 0.9)]
    found = sides(parse, layer, {0: 0.6}, {2: 0.9, 0: 0.55}, kind=kind)
    assert [one.role for one in found] == ["participant", "recipient"]


def test_who_stands_on_both_sides_of_an_attack_is_doubted(parse: Parse, layer: EntityLayer) -> None:
    found = sides(parse, layer, {0: 0.8}, {0: 0.8}, kind="ASSAULT")
    assert found == [party("participant", 0, 0.08)]


@pytest.mark.parametrize("word", ["clash", "battle", "war", "exchange", "skirmish"])
def test_who_fights_each_other_is_on_both_sides(
    parse: Parse, layer: EntityLayer, word: str
) -> None:
    """ "The armies exchanged fire"."""
    parse.lemmas[4] = word
    found = sides(parse, layer, {0: 0.8}, {0: 0.8}, kind="ASSAULT")
    assert found == [party("participant", 0, 0.8)]


def test_a_state_and_its_government_are_one_side(parse: Parse, layer: EntityLayer) -> None:
    """ "New Delhi did not respond", in a text on India."""
    layer.entities[1] = EntityDraft("government:RUR", "Government", "government", "RUR")
    found = sides(parse, layer, {0: 0.9}, {2: 0.3}, kind="REJECT")
    assert found == [party("initiator", 0, 0.9)]


def test_where_something_else_is_is_doubted(parse: Parse, layer: EntityLayer) -> None:
    """ "They condemned fighting in Graustark": hardly it; "talks in Graustark" may be its own."""
    parse.words[1], parse.deps[1], parse.heads[1] = "in", "prep", 7
    parse.deps[2], parse.heads[2] = "pobj", 1
    found = sides(parse, layer, {0: 0.9}, {2: 0.8})
    assert found == [party("initiator", 0, 0.9), party("recipient", 1, 0.32)]
    parse.heads[1] = 4
    assert sides(parse, layer, {0: 0.9}, {2: 0.8})[1] == party("recipient", 1, 0.8)


@pytest.mark.parametrize(
    ("text", "suffers"),
    [
        ("Shells hit a market in Bara, killing nine civilians.", "nine civilians"),
        ("A blast killed six people in Quetta on Monday.", "six people"),
        ("Rockets struck the port of Odesa and wounded three workers.", "three workers"),
        ("A roadside bomb killed two Malian soldiers near Gao.", "two malian soldiers"),
        ("Gunfire wounded two peacekeepers in Beni.", "two peacekeepers"),
        ("Two drones attacked an oil depot near Bryansk.", "oil depot"),
        ("The strike killed a Hezbollah commander.", "hezbollah commander"),
        ("A letter urged the ministry to release the detained journalists.", "ministry"),
        ("A resolution condemned Syria for the shelling of civilians.", "syria"),
        ("An arrest warrant accuses the former minister of taking bribes.", "former minister"),
        ("The indictment accuses the general of ordering the killings.", "general"),
        ("A statement condemned the coup in Niger.", "coup"),
    ],
)  # fmt: skip
def test_no_deed_paper_or_weapon_acts(text: str, suffers: str) -> None:
    """All of them named it as a likely initiator."""
    parse, layer, events = event_cases.annotated(text)
    likely = [party for party in events[0].participants if is_told(party)]
    first, _ = event_cases.sides(parse, layer, replace(events[0], participants=likely))
    assert not first
    assert suffers in event_cases.sides(parse, layer, events[0])[1]
