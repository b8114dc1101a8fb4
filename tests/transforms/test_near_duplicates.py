"""Near-copies: a cluster depends on the set of articles, not on the order in which they come."""

from __future__ import annotations

import base64
import datetime as dt
import random

import numpy as np
import pytest

from transforms.near_duplicates import PERMUTATIONS, ROWS, bands, clusters, signature

DAY = dt.datetime(2026, 3, 4)


def mark(number: int, kin: int) -> str:
    """A signature whose first band all share, and three of every four values those of one kin."""
    values = np.arange(PERMUTATIONS, dtype="<u4") + 1000 * kin
    values[ROWS - 1 :: ROWS] += 1_000_000 * (number + 1)
    values[:ROWS] = 7
    return base64.b64encode(values.tobytes()).decode("ascii")


def similar(one: str, other: str) -> float:
    """Share of equal values: the estimated Jaccard similarity of two signatures."""
    first, second = (np.frombuffer(base64.b64decode(m), "<u4") for m in (one, other))
    return float(np.mean(first == second))


def test_any_order_gives_the_same_clusters() -> None:
    """Ten articles meet in one band; pairs of kin are similar, though they share no other."""
    marks = {f"a{number}": mark(number, number % 5) for number in range(10)}
    assert similar(marks["a1"], marks["a6"]) > 0.7 > 0.1 > similar(marks["a1"], marks["a2"])
    assert len(set(bands(marks["a1"])) & set(bands(marks["a6"]))) == 1
    chooser, found = random.Random(4), []
    for _ in range(20):
        keys = list(marks)
        chooser.shuffle(keys)
        found.append(clusters({key: (marks[key], DAY) for key in keys}))
    assert all(one == found[0] for one in found)


def test_a_copy_with_another_lead_shares_the_cluster_of_the_earlier() -> None:
    words = [f"word{number}" for number in range(120)]
    first, copy = " ".join(words), " ".join(["Updated", *words[3:]])
    other = " ".join(reversed(words))
    members = {
        key: (signature(text), published)
        for key, text, published in (
            ("z", first, DAY), ("a", copy, DAY + dt.timedelta(hours=1)), ("b", other, DAY),
        )
    }  # fmt: skip
    assert clusters(members) == {"z": ("z", True), "a": ("z", False), "b": ("b", True)}


BULLETIN = (
    "The General Staff said in its bulletin on {day} that {fights} fights had taken place along "
    "the front line over the past day. Enemy forces launched {drones} drones at settlements in "
    "the {region} region, the bulletin said. {dead} civilians were killed, the head of the "
    "regional administration said. Air defence units shot down most of the drones, it added. "
    "The situation in the other sectors of the front had not changed significantly."
)
STRIKE = (
    "Police arrested {n} leaders of the dockers union in {town} on {day} after a strike closed "
    "the harbour for three days. The government said the strike was illegal. Lawyers of the "
    "union said they would ask a court to free the men. Traffic in {town} resumed in the evening."
)
LONG = (
    "President Lindqvist and Prime Minister Dema met in Vienna on Monday. The talks at the Hofburg "
    "lasted 3 hours, Austria's Foreign Ministry said. Gas from Norway, the Trieste pipeline and a "
    "loan of 40 million euros were on the agenda. "
)
RAID = (
    "Gunmen attacked a police post in {town} on {day} and wounded three officers, the county "
    "commissioner said. The attackers came on foot before dawn and took several rifles. Soldiers "
    "followed them towards the Somali border. Schools and markets stayed closed in the morning."
)
AID = (
    "SEOUL - South Korea donated 5,000 tonnes of rice to {place} on Tuesday. The World Food "
    "Programme will hand it out to refugees. It came by ship, and the ambassador said that more "
    "would follow in the spring."
)
TEMPLATES = {
    "one number of tonnes, another country": (
        AID.format(place="Uganda"),
        AID.format(place="Kenya"),
    ),
    "one number, another day": (
        RAID.format(town="Garissa", day="Monday"),
        RAID.format(town="Garissa", day="Thursday"),
    ),
    "one number and day, another town": (
        RAID.format(town="Garissa", day="Monday"),
        RAID.format(town="Wajir", day="Monday"),
    ),
    "bulletins of two days": (
        BULLETIN.format(day="Monday", fights=142, drones=61, region="Kharkiv", dead=2),
        BULLETIN.format(day="Tuesday", fights=157, drones=88, region="Sumy", dead=4),
    ),
    "arrests in two towns": (
        STRIKE.format(n="four", town="Tema", day="Monday"),
        STRIKE.format(n="four", town="Sfax", day="Tuesday"),
    ),
    "one frame of names, other numbers": (
        LONG + "The index fell by 12 points to 814 after 31 days and 5 alarms.",
        LONG.replace("3 hours", "8 hours").replace("40", "75")
        + "The index fell by 19 points to 790 after 44 days and 6 alarms.",
    ),
}


def clusters_of(*texts: str) -> int:
    """How many clusters the texts make."""
    found = clusters({str(n): (signature(text), DAY) for n, text in enumerate(texts)})
    return len({cluster for cluster, _ in found.values()})


@pytest.mark.parametrize("kind", TEMPLATES)
def test_the_words_of_a_bulletin_with_other_facts_are_no_copy(kind: str) -> None:
    one, two = TEMPLATES[kind]
    assert similar(signature(one)[:512], signature(two)[:512]) > 0.4
    assert clusters_of(one, two) == 2
    assert clusters_of(one, two, f"Updated. {two}") == 2


def test_a_copy_stays_one_when_it_is_cut_or_its_toll_rises() -> None:
    story = LONG + BULLETIN.format(day="Monday", fights=142, drones=61, region="Odesa", dead=2)
    assert clusters_of(story, story[: int(len(story) * 0.7)]) == 1
    assert clusters_of(story, story.replace("2 civilians", "5 civilians")) == 1


def test_copies_are_found_among_many_bulletins_of_one_frame() -> None:
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    towns = ["Tema", "Sfax", "Banjul", "Dakar", "Lome"]
    texts = [STRIKE.format(n="four", town=t, day=d) for t, d in zip(towns, days, strict=True)]
    assert clusters_of(*texts, *(f"{text} More follows." for text in texts)) == len(texts)


def test_marks_of_an_older_version_have_no_facts() -> None:
    one, two = TEMPLATES["bulletins of two days"]
    old = {str(n): (signature(text)[:512], DAY) for n, text in enumerate((one, two))}
    assert len({cluster for cluster, _ in clusters(old).values()}) == 1


def test_marks_stay_comparable_with_those_of_older_warehouses() -> None:
    """The first and last values that datasketch 2.0 gave for these words, and for none."""
    text = "One two three four five six seven eight nine ten and so on until " * 3
    held = np.frombuffer(base64.b64decode(signature(text)[:512]), "<u4")
    assert (held[0], held[-1]) == (427_604_559, 286_506_674)
    none = np.frombuffer(base64.b64decode(signature("")[:512]), "<u4")
    assert (none[0], none[-1]) == (1_235_985_687, 3_276_716_738)
