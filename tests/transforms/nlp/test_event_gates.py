"""Which events are let go for their parties, their sentence or their article."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.transforms.nlp.event_cases import annotated, parses_of
from transforms.nlp.events.gates import GATES, gates

CASES = Path(__file__).parents[2] / "cases"
_PASTORAL = (
    "The harvest fair opened on Saturday in bright sunshine. Farmers showed apples, honey and "
    "cheese, and children rode on ponies round the green. A brass band played old songs while the "
    "bakers sold bread from long tables. In the afternoon there was a dog show, and a woman from "
    "the next valley won first prize with her sheepdog. "
)
_CABINET = (
    "The government met on Saturday in the capital. The president and the prime minister told "
    "parliament that the army had moved against the rebels, and the opposition asked the foreign "
    "minister for a report. Senators of both parties spoke, the defence ministry sent its "
    "generals, and the cabinet waited for the ambassador of the United Nations mission. "
)


def asserted(text: str) -> set[str]:
    """Types of the asserted events of a text."""
    return {event.event_type for event in annotated(text)[2] if event.modality == "asserted"}


def test_every_gate_is_used_and_known() -> None:
    """The table names each gate that the code knows, and no other."""
    assert frozenset().union(*gates().values()) == GATES


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Police arrested a man over the theft of a bicycle.", "COERCE"),
        ("A woman was charged with fraud.", "ACCUSE"),
        ("A clerk was sentenced to two years.", "SANCTION"),
    ],
)
def test_daily_work_of_the_law_counts_in_political_articles_only(sentence: str, kind: str) -> None:
    """The same sentence is dropped after a fair and kept after a cabinet, or alone."""
    assert kind not in asserted(_PASTORAL + sentence)
    assert kind in asserted(_CABINET + sentence)
    assert kind in asserted(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Police arrested an activist at the gate.", "Police arrested a man after a protest."],
)
def test_political_word_or_actor_keeps_an_arrest(sentence: str) -> None:
    """Also in an article about a fair."""
    assert "COERCE" in asserted(_PASTORAL + sentence)


def test_named_people_agree_in_private_where_nothing_is_political() -> None:
    """Without a public party the article decides."""
    sentence = "Anna Keller agreed with Tom Brandt to share the prize."
    assert "AGREE" not in asserted(_PASTORAL + sentence)
    assert "AGREE" in asserted(_PASTORAL + "Norway agreed with Sweden to share the river.")


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The couple met at a dance class.", "CONSULT"),
        ("The singer thanked her fans.", "SUPPORT"),
        ("The landlord refused to repair the boiler.", "REJECT"),
        ("The carmaker signed a deal with a battery maker.", "AGREE"),
        ("The miner blamed himself for the accident.", "ACCUSE"),
        ("The recipe allows you to use frozen fruit.", "CONCEDE"),
        ("Forecasters warned of heavy rain in the hills.", "THREATEN"),
        ("Two people were killed when a bus crashed after a collision.", "ASSAULT"),
        ("The study found that children should sleep longer.", "REQUEST"),
        ("The doctor said that patients must drink more water.", "REQUEST"),
    ],
)
def test_private_act_is_no_event(sentence: str, kind: str) -> None:
    """Laymen, firms, accidents, oneself: gates of the sentence alone."""
    assert kind not in asserted(sentence)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Ethiopia warned it would march on Asmara.", "THREATEN"),
        ("Polish doctors collaborated with Kenyan hospitals on a malaria drug.", "COOPERATE"),
        ("The minister said that Libya must disarm.", "REQUEST"),
        ("The king allowed the exiles to return.", "CONCEDE"),
        ("A bomb killed thirteen soldiers.", "ASSAULT"),
    ],
)
def test_public_act_stays(sentence: str, kind: str) -> None:
    """A state, a threat of one's own, people of two countries."""
    assert kind in {event.event_type for event in annotated(sentence)[2]}


def test_place_is_no_attacker() -> None:
    """An attack keeps its victims and loses the place that the parser made its subject."""
    _, layer, events = annotated("Airstrikes near Aleppo killed thirteen soldiers.")
    acting = [p for e in events for p in e.participants if p.role == "initiator"]
    assert all(layer.entities[layer.mentions[p.mention].entity].entity_type != "place"
               for p in acting)  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "kind", "modality"),
    [
        ("Turkey rejected claims that its army shelled the town of Afrin.", "ASSAULT", "alleged"),
        ("Troops were reported to have fired at protesters.", "ASSAULT", "alleged"),
        ("No 10 confirmed that the minister met the French president.", "CONSULT", "asserted"),
    ],
)
def test_what_is_claimed_is_alleged(sentence: str, kind: str, modality: str) -> None:
    """Also as a clause of a noun, and under a passive of reporting; "No 10" denies nothing."""
    assert (kind, modality) in {(e.event_type, e.modality) for e in annotated(sentence)[2]}


def test_few_ordinary_sentences_give_an_asserted_event() -> None:
    """At most a fifth, of all sixteen types, though all words are those of politics."""
    lines = (CASES / "ordinary_sentences.txt").read_text("utf-8").splitlines()
    texts = [line for line in lines if line and not line.startswith("#")]
    parses_of(texts)
    taken = [text for text in texts if asserted(text)]
    assert len(texts) >= 120
    assert len(taken) <= 0.2 * len(texts), taken


_DUTY = (
    "Officers blocked the lane on Saturday. Deputies spoke with the guards of the mall, and two "
    "agents of an insurance firm took pictures of the broken window. The head of the toy shop had "
    "planned a birthday party for the staff. Its manager said the party would be held on another "
    "day. A plumber came for the pipes, and the sweepers cleared the glass from the pavement. "
)


def test_words_of_daily_life_make_no_article_political() -> None:
    """Officers, deputies, agents and parties are public actors in politics only."""
    sentence = "A clerk was charged with fraud."
    assert "ACCUSE" not in asserted(_DUTY + sentence)
    assert "ACCUSE" in asserted(_CABINET + sentence)


def test_short_report_without_public_actor_is_private() -> None:
    """Two sentences are enough where neither names anybody of public life."""
    story = "Anna Keller agreed with Tom Brandt to share the prize."
    assert "AGREE" not in asserted("The judges of the flower show were kind. " + story)
    assert "AGREE" in asserted("Norway built a road. " + story)


def test_murder_among_colleagues_is_private_in_any_article() -> None:
    """Unless the police arrest somebody: that is an act of the state."""
    assert "ACCUSE" not in asserted("A former employee was charged with first-degree murder.")
    assert "COERCE" in asserted("Police arrested a former employee over the murder of his boss.")


def test_force_of_the_police_counts_everywhere() -> None:
    """Also under the name of officers."""
    sentence = "Two officers shot and killed a boy."
    assert "ASSAULT" in asserted(_DUTY + sentence)
    assert "ASSAULT" not in asserted(_DUTY + "A clerk shot and killed a boy.")


def test_act_inside_a_name_or_in_general_is_none() -> None:
    """A town is not freed as a captive is."""
    assert "MOBILIZE" not in asserted("Iraq paid the Popular Mobilization Forces.")
    assert "ASSAULT" not in asserted("Attacking churches violates the law of Egypt.")
    assert "RETREAT" not in asserted("Paris praised the liberation of the city by Iraqi troops.")
    assert "RETREAT" in asserted("Paris praised the liberation of the hostages by Iraqi troops.")
    assert "RETREAT" not in asserted("The ministry's release of the report pleased Norway.")
