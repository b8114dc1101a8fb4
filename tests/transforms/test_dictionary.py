"""The files of a project's dictionary: what is read and refused, and which texts it touches."""

from __future__ import annotations

import datetime as dt

import pytest

from flows.resources.dictionary import templates
from transforms.dictionary.read import COLUMNS, read
from transforms.dictionary.touch import forms_of
from transforms.lexicons.loader import LexiconError

ROWS = {
    "actors": "Sahel Dawn Front\tgroup\tMLI\tREB\tDawn Front;SDF\t-",
    "offices": "Sahel Dawn Front\tgovernor\tMLI\tREB\t2026-01-01\t-",
    "places": "camp-tamour\tCamp Tamour\tsite\tMLI\t17.1\t-1.5\t-\tTamour\t-",
    "types": "drone-incursion\tCOERCE\t-\tan unmanned craft enters",
    "events": "overfly\tverb\tdrone-incursion\t-\t-\t-\tRussia overflew Estonia.",
    "ignore": "strike a chord\tevent\t-",
}


def files(**rows: str) -> dict[str, str]:
    """Files of one line each behind the header; the others as in ROWS."""
    held = {**ROWS, **rows}
    return {f"d/{name}.tsv": "\t".join(COLUMNS[name]) + f"\n{row}\n" for name, row in held.items()}


def test_every_kind_is_read() -> None:
    found = read(files())
    (actor,), (office,), (place,) = found.actors, found.offices, found.places
    assert (actor.name, actor.aliases, actor.sector) == (
        "Sahel Dawn Front", ("Dawn Front", "SDF"), "REB",
    )  # fmt: skip
    assert office.held_on(dt.date(2026, 5, 1)) and not office.held_on(dt.date(2025, 12, 31))
    assert (place.place_id, place.latitude, place.weight) == ("own:camp-tamour", 17.1, 1_000_000)
    (phrase,) = found.phrases
    assert (phrase.event_type, phrase.mode) == ("COERCE", "drone-incursion")
    assert found.left_out("event") == {"strike a chord"}
    assert len(found.entries) == 5  # a type is part of what uses it


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("actors", "Front\tarmy\tMLI\tREB\t-\t-", "entity_type is 'army', expected one of person"),
        ("actors", "Front\tgroup\tMali\tREB\t-\t-", "country_code is 'Mali', expected a code like"),
        ("actors", "Front\tgroup\tMLI\t?\t-\t-", "sector is '?', expected one of GOV"),
        ("actors", "Sahel Dawn Front\tgroup\tMLI\tREB\tsahel dawn front\t-", None),
        ("actors", "Front\tgroup\tMLI\tREB\t-\tFront", "only a person has a surname"),
        ("actors", "Front\tgroup\tMLI\tREB\t-\t-\tmore", "7 cells in 6 columns"),
        ("offices", "Nobody\tking\tMLI\tGOV\t-\t-", "'Nobody' is no name of actors.tsv"),
        ("offices", "Sahel Dawn Front\tking\tMLI\tGOV\tMay\t-", "from is 'May', expected a day"),
        ("offices", "Sahel Dawn Front\tking\tMLI\tGOV\t2026-02-01\t2026-01-01", "ends before"),
        ("places", "Camp\tCamp\tsite\tMLI\t1\t1\t-\t-\t-", "id 'Camp' is no GeoNames number"),
        ("places", "camp\tCamp\tsite\tMLI\t-\t1\t-\t-\t-", "latitude is 'empty', expected a num"),
        ("places", "camp\tCamp\tsite\tMLI\t99\t1\t-\t-\t-", "latitude 99 is out of -90 to 90"),
        ("places", "camp\tCamp\tsea\tMLI\t9\t1\t-\t-\t-", "type is 'sea', expected one of country"),
        ("types", "visit\tCOERCE\t-\tx", "there is a type or mode 'visit' already"),
        ("types", "drone-incursion\tFLY\t-\tx", "type is 'FLY', expected one of AGREE"),
        ("types", "drone-incursion\tCOERCE\t999\tx", "unknown CAMEO code '999'"),
        ("events", "Overfly\tverb\tCOERCE\t-\t-\t-\tx.", "must be lower-case lemmas"),
        ("events", "overfly\tverbs\tCOERCE\t-\t-\t-\tx.", "pos is 'verbs', expected one of verb"),
        ("events", "overfly\tverb\tCOERCE\tphone\t-\t-\tx.", "COERCE has no mode 'phone'; there a"),
        ("events", "overfly\tverb\tCOERCE\t-\t-\tobj:@no\tx.", "unknown class @no"),
        ("events", "overfly\tverb\tdrone-incursion\tarrest\t-\t-\tx.", "takes no mode"),
        ("events", "overfly\tverb\tCOERCE\t-\t-\t-\t-", "no example sentence"),
        ("ignore", "march\tverb\t-", "kind is 'verb', expected one of event, actor, place"),
        ("ignore", "march\tactor\tPROTEST", "only events are ignored by type"),
    ],
)
def test_a_mistake_is_named_by_file_and_line(name: str, row: str, said: str | None) -> None:
    given = files(**{name: f"# a comment\n\n{row}"})
    if said is None:
        read(given)  # one actor may say a form twice
        return
    with pytest.raises(LexiconError) as caught:
        read(given)
    assert said in caught.value.reason
    assert (caught.value.path, caught.value.line) == (f"d/{name}.tsv", 4)


def test_what_stands_twice_is_named_with_where_it_stood() -> None:
    twice = ROWS["actors"] + "\nOther\tgroup\tMLI\tREB\tsdf\t-"
    with pytest.raises(LexiconError, match=r"d/actors.tsv:3: 'sdf' stands already in d/actors"):
        read(files(actors=twice))


def test_another_file_and_other_columns_are_named() -> None:
    with pytest.raises(LexiconError, match=r"d/verbs.tsv:1: there is no file of this name"):
        read({"d/verbs.tsv": ""})
    with pytest.raises(LexiconError, match=r"d/ignore-x.tsv:1: columns are \['words'\], expected"):
        read({"d/ignore-x.tsv": "words\nmarch"})


def test_each_template_is_read_and_so_is_each_of_its_examples() -> None:
    assert not read(templates())
    shown = {}
    for name, text in templates().items():
        about, _, examples = text.partition("away:\n")
        lines = examples.splitlines()
        assert about.count("#") > 2 and all(line.startswith("# ") for line in lines[:-1])
        shown[name] = "\n".join([lines[-1], *(line[2:] for line in lines[:-1])])
    found = read(shown)
    assert min(map(len, (found.actors, found.offices, found.places, found.phrases))) > 0
    assert {one.kind for one in found.ignored} == {"event", "actor", "place"}


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        ("The Dawn Front said so.", True),
        ("The DAWN-FRONT's men said so.", True),
        ("The dawn was at the front.", False),
        ("A governor spoke.", True),  # an office's title
        ("Drones were overflying Tallinn.", True),
        ("Drones overflew it.", True),
        ("It struck many chords: a pity.", True),
        ("A strike began.", False),
        ("Nothing of the kind.", False),
    ],
)
def test_an_entry_touches_what_holds_its_words(text: str, touched: bool) -> None:
    assert bool(read(files()).touching.mark(text)) is touched


def test_a_mark_tells_the_touching_entries_and_no_others() -> None:
    before = read(files()).touching
    other = read(files(ignore="march\tevent\t-")).touching
    text = "Drones overflew Tallinn."
    assert before.mark(text) == other.mark(text) and before.digest() != other.digest()
    assert before.mark("They march.") == "" != other.mark("They march.")
    changed = read(files(events=ROWS["events"].replace("\tverb\t", "\tnoun\t"))).touching
    assert changed.mark(text) not in ("", before.mark(text))
    example = read(files(events=ROWS["events"].replace("Estonia", "Latvia"))).touching
    assert example.mark(text) == before.mark(text)


@pytest.mark.parametrize(
    ("lemma", "form"),
    [("carry", "carried"), ("die", "dying"), ("stop", "stopped"), ("make", "making"),
     ("overfly", "overflew"), ("retake", "retook"), ("militiaman", "militiamen"),
     ("crisis", "crises"), ("gherao", "gheraoed"), ("shelf", "shelves")],
)  # fmt: skip
def test_every_form_of_a_word_counts(lemma: str, form: str) -> None:
    assert form in forms_of(lemma)
