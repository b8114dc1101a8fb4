"""What is known of a party beside the reader's chance, and the trees that weigh it."""

from __future__ import annotations

import pytest

from tests.transforms.nlp.event_cases import annotated
from transforms.lexicons.loader import LexiconError, parse_table
from transforms.nlp.events.bearers import COLUMNS, Signs, Weighed, chances, forests

NONE = Signs(*[0.0] * len(Signs._fields))
HEADER = "\t".join(COLUMNS)
STUMP = """
recipient	0	0	-	-	-	-	-1.5
recipient	1	0	own	0.5	1	2	-
recipient	1	1	-	-	-	-	-0.5
recipient	1	2	before	0	3	4	-
recipient	1	3	-	-	-	-	1.5
recipient	1	4	-	-	-	-	3.5
"""


def table(lines: str) -> list[float]:
    held = forests(parse_table(HEADER + lines, "trees.tsv", COLUMNS))["recipient"]
    told = [NONE, NONE._replace(own=0.6), NONE._replace(own=0.6, before=1.0)]
    return [round(chance, 3) for chance in held.chances([Weighed(0, signs) for signs in told])]


def test_trees_add_up_to_log_odds() -> None:
    """A sign of just its limit goes low; leaves end early."""
    assert table(STUMP) == [0.119, 0.5, 0.881]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [("own", "owned", "unknown sign"), ("0\t3\t4", "0\t3\t9", "later"), ("0\t3", "0\t0", "later")],
)
def test_a_broken_table_is_named_by_line(old: str, new: str, fault: str) -> None:
    with pytest.raises(LexiconError, match=rf"trees\.tsv:\d+: .*{fault}"):
        table(STUMP.replace(old, new, 1))


@pytest.mark.parametrize("role", ["initiator", "recipient"])
def test_what_the_reader_sees_never_lowers_a_party(role: str) -> None:
    """More chance of the role, or the same role in other acts, speaks for it; of the other role,
    or of a place, against it."""
    base = NONE._replace(own=-2.0, elsewhere=-5.0, other=-5.0, none=-3.0, place=-5.0, beside=1.0)
    for sign, way in (("own", 1), ("elsewhere", 1), ("other", -1), ("none", -1), ("place", -1)):
        steps = [base._replace(**{sign: value}) for value in (-5.0, -3.0, -1.0, 1.0, 3.0, 5.0)]
        told = [way * chance for chance in chances(role, [Weighed(0, one) for one in steps])]
        assert told == sorted(told), sign


def test_nobody_is_weighed_where_nobody_is_told() -> None:
    assert chances("initiator", []) == []


# By rules without trees four of the five names stood beside the party that holds them.
@pytest.mark.parametrize(
    ("text", "trigger", "initiator"),
    [
        ("M23 rebels have pulled out of Rutshuru, residents said.", "pulled", "M23 rebels"),
        ("Houthi fighters shelled a market in Taiz on Friday.", "shelled", "Houthi fighters"),
        ("Taliban gunmen stormed a police post in Kunduz.", "stormed", "Taliban gunmen"),
        (
            "Boko Haram militants abducted eleven traders on Tuesday.",
            "abducted",
            "Boko Haram militants",
        ),
        ("FARC dissidents ambushed a patrol in Cauca.", "ambushed", "FARC dissidents"),
    ],
)
def test_a_name_within_a_party_is_no_second_one(text: str, trigger: str, initiator: str) -> None:
    assert told(text, trigger)["initiator"] == [initiator]


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("A truce between the government in Juba and the rebels was signed on Tuesday.", "truce"),
        ("Talks between the junta in Niamey and the Tabou fighters opened on Monday.", "Talks"),
        ("A meeting between the mayor of Lima and teachers was held on Thursday.", "meeting"),
    ],
)
def test_what_some_do_together_all_do(text: str, trigger: str) -> None:
    sides = told(text, trigger)
    assert len(sides["participant"]) == 2 and not sides["initiator"] + sides["recipient"]


# By rules without trees the first, second and fourth did it to nobody, or were told at .03 and .08.
@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("Indian and Pakistani soldiers exchanged fire on Monday.", "exchanged"),
        ("Thai and Cambodian troops exchanged artillery fire on Friday.", "exchanged"),
        ("Libyan and Chadian fighters clashed near Kufra.", "clashed"),
        ("Israel and Hezbollah traded fire on Sunday.", "traded"),
        ("Delegations from Eritrea and Ethiopia signed a truce in Asmara on Monday.", "truce"),
    ],
)
def test_two_on_one_side_do_it_with_each_other(text: str, trigger: str) -> None:
    sides = told(text, trigger)
    assert len(sides["participant"]) == 2 and not sides["initiator"]


def told(text: str, trigger: str) -> dict[str, list[str]]:
    """The parties of the event at a word, by role."""
    parse, layer, events = annotated(text)
    (event,) = [e for e in events if parse.span_text(e.trigger_start, e.trigger_end) == trigger]
    found: dict[str, list[str]] = {"initiator": [], "recipient": [], "participant": []}
    for party in event.participants:
        mention = layer.mentions[party.mention]
        found[party.role].append(parse.span_text(mention.start, mention.end))
    return found
