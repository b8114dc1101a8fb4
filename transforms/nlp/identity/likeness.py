"""What tells a report's event from others, as short marked words, and how alike two reports are.

A report's `content` holds, each word once behind its mark:

* `n:` names of the article, `d:` its commonest words: the story;
* `w:` nouns, verbs and adjectives of the sentence, `s:` its names, `#:` its numbers;
* `o:` what the act is about: the words under its trigger that are no party;
* `t:` the town or site it took place at, `g:` the district or region, `a:` the province;
* `c:` counts of people ("killed 7");
* `i:`, `r:` words of who acts and who undergoes: "@Lund" the surname of a person, "%NOR" the code
  of a country or its government, "^Bergen" a place, "Nordviken" a word of another name,
  "neighbour" the head of a description, "24 pupil" how many, "~NOR" the country of a body,
  person or description.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from transforms.gazetteer import PlaceRow
from transforms.lexicons import loader
from transforms.nlp.annotations import Count, EntityDraft, EntityLayer, Participant
from transforms.nlp.identity.acts import stem
from transforms.nlp.names import actors
from transforms.nlp.names.words import CALENDAR, ORG_HEADS
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.statements.counts import value_of

NAMES, STORY_WORDS, SENTENCE_WORDS, NUMBERS, PARTY_WORDS = 24, 24, 24, 8, 8  # at most of each
OBJECT_WORDS = SENTENCE_NAMES = 12
_STEM = 6  # letters by which words of an object are compared: "Ukraine", "Ukrainian"
_DATELINE = 16  # tokens within which a dateline ends
_DASHES = frozenset({"-", "--", "–", "—", ":"})
_OPEN = frozenset({"NOUN", "VERB", "ADJ"})
_STATES = frozenset({"country", "government"})
_OFFICES = loader.word_set("words/identity.tsv", "likeness.offices")
_OWN_COUNTRY = frozenset({"named", "office"})
_TOWNS = frozenset({"city", "site"})
_TOLD_OF = frozenset({"NOUN", "PROPN", "VERB", "ADJ"})
_DOERS = frozenset({"nsubj", "agent"})


@cache
def _light() -> frozenset[str]:
    return frozenset(loader.words("identity/light_words.txt"))


@cache
def _anyone() -> frozenset[str]:
    return frozenset(loader.words("identity/anyone.txt"))


def story_of(parse: Parse) -> list[str]:
    """Marks of the whole article: its names and its words that come most often."""
    names: Counter[str] = Counter()
    words: Counter[str] = Counter()
    wire = wire_of(parse)
    for index, pos in enumerate(parse.pos):
        if index not in wire and len(parse.words[index]) > 2:
            if pos == "PROPN" and parse.lower[index] not in CALENDAR:
                names[parse.lower[index]] += 1
            elif pos in _OPEN:
                words[parse.lemmas[index].lower()] += 1
    for word in _light():
        words.pop(word, None)
    top = [f"n:{name}" for name in _commonest(names, NAMES)]
    return top + [f"d:{word}" for word in _commonest(words, STORY_WORDS)]


def wire_of(parse: Parse) -> range:
    """Tokens of "TOKYO (Example Wire) -" that name who reports: all its articles have them."""
    head = parse.lower[:_DATELINE]
    if "(" not in head or ")" not in head[head.index("(") :]:
        return range(0)
    first = head.index("(")
    last = head.index(")", first)
    behind = head[last + 1 : last + 3]
    return range(first, last + 1) if not _DASHES.isdisjoint(behind) else range(0)


def _commonest(counts: Counter[str], limit: int) -> list[str]:
    return sorted(counts, key=lambda word: (-counts[word], word))[:limit]


def content_of(
    parse: Parse,
    sent: int,
    story: Sequence[str],
    layer: EntityLayer | None = None,
    participants: Sequence[Participant] = (),
    *,
    trigger: int | None = None,
    place: PlaceRow | None = None,
    counts: Iterable[Count] = (),
) -> list[str]:
    """Marks of one report in sentence `sent`; `story` is the article's `story_of`.

    `trigger` is a token, `place` the gazetteer's row of where it took place.
    """
    where = parse.sents[sent]
    words: set[str] = set()
    names: set[str] = set()
    numbers: set[str] = set()
    wire = wire_of(parse)
    for index in range(where.start, where.end):
        if index in wire:
            continue
        pos = parse.pos[index]
        if pos in _OPEN and len(parse.words[index]) > 2:
            words.add(parse.lemmas[index].lower())
        if pos == "PROPN" and len(parse.words[index]) > 2 and parse.lower[index] not in CALENDAR:
            names.add(parse.lower[index])
        if pos == "NUM" or parse.words[index][0].isdigit():
            numbers.add(_number(parse.lower[index]))
    found = list(story)
    found += [f"w:{word}" for word in sorted(words - _light())[:SENTENCE_WORDS]]
    found += [f"s:{name}" for name in sorted(names)[:SENTENCE_NAMES]]
    found += [f"#:{number}" for number in sorted(numbers - {""})[:NUMBERS]]
    if layer is not None:
        found += _party_marks(parse, layer, participants)
        if trigger is not None:
            found += _object_marks(parse, layer, participants, trigger)
    found += _place_marks(place)
    found += sorted({f"c:{count.kind} {count.high}" for count in counts})
    return found


def _place_marks(place: PlaceRow | None) -> list[str]:
    if place is None:
        return []
    marks = [f"t:{place.name}"] if place.place_type in _TOWNS else []
    if place.place_type == "region":
        marks = [f"g:{place.name}"]
    province = place.name if place.place_type == "admin1" else place.admin1
    return [*marks, f"a:{place.country_code} {province}"] if province else marks


def _object_marks(
    parse: Parse, layer: EntityLayer, participants: Sequence[Participant], trigger: int
) -> list[str]:
    """Stems of the words under the trigger, without its subject, its parties and days."""
    parties = {
        token
        for party in participants
        for token in range(layer.mentions[party.mention].start, layer.mentions[party.mention].end)
    }
    found: dict[str, None] = {}
    queue = [child for child in parse.children[trigger] if parse.deps[child] not in _DOERS]
    while queue:
        token = queue.pop(0)
        queue.extend(parse.children[token])
        word = parse.lemmas[token].lower()
        if (
            parse.pos[token] in _TOLD_OF
            and len(word) > 2
            and token not in parties
            and parse.lower[token] not in CALENDAR
            and word not in _light()
        ):
            found[stem(word)[:_STEM]] = None
    return [f"o:{word}" for word in list(found)[:OBJECT_WORDS]]


def _number(word: str) -> str:
    """The number a word begins with ("23", "61-year-old", "twelve"); nothing for one and years."""
    digits = word.replace(",", "")
    head = digits[: len(digits) - len(digits.lstrip("0123456789."))].rstrip(".")
    value = value_of(head or word)
    if value is None or value == 1 or (head.isdigit() and 1900 <= value < 2100):
        return ""
    return str(int(value)) if value == int(value) else str(value)


def _party_marks(
    parse: Parse, layer: EntityLayer, participants: Sequence[Participant]
) -> list[str]:
    sides: dict[str, set[str]] = {"i:": set(), "r:": set()}
    for party in participants:
        mention = layer.mentions[party.mention]
        entity = layer.entities[mention.entity]
        if is_named(entity):
            words = _name_words(entity)
        else:
            head = parse.lemmas[mention.head].lower()
            words = {head} | {f"{n} {head}" for n in _counts(parse, mention.start, mention.end)}
        if party.country_method in _OWN_COUNTRY and entity.entity_type not in _STATES:
            words.add(f"~{party.country_code}")
        if party.role != "recipient" and _is_capital(entity):
            words = {f"%{entity.country_code}"}  # "Kinshasa and M23 signed": who sits there
        for mark, other in (("i:", "recipient"), ("r:", "initiator")):
            if party.role != other:
                sides[mark] |= words
    return [
        f"{mark}{word}" for mark, words in sides.items() for word in sorted(words)[:PARTY_WORDS]
    ]


def _counts(parse: Parse, start: int, end: int) -> set[str]:
    numbers = {_number(parse.lower[i]) for i in range(start, end) if parse.pos[i] == "NUM"}
    return numbers - {""}


def is_named(entity: EntityDraft) -> bool:
    """Whether an entity goes by a name ("Petra Lund"), not a description ("Greek police")."""
    return entity.key.count("|") < 2 and not entity.name.split()[-1].islower()


def _is_capital(entity: EntityDraft) -> bool:
    known = actors.lexicon().by_form.get(actors.fold(entity.name))
    return bool(known and known.kind == "capital" and known.country_code == entity.country_code)


def _name_words(entity: EntityDraft) -> set[str]:
    words = [word for word in entity.name.replace("'s", "").split() if word[0].isalnum()]
    if entity.entity_type == "person":
        last = [word for word in words if word.rstrip(".") not in {"Jr", "Sr", "II", "III"}][-1:]
        return {f"@{word}" for word in last}
    if entity.entity_type in _STATES and entity.country_code:
        return {f"%{entity.country_code}"}
    if entity.entity_type == "place":
        return {f"^{entity.name}"}
    kept = [word for word in words if word.lower() not in ORG_HEADS] or words
    return {word[0].upper() + word[1:] for word in kept if len(word) > 1}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a report: ids, words of names, the sorts of these, counted heads.

    `described` holds all its words in lower case but for those that may be anybody's, `telling`
    also words of office ("judge"), which many bear and which tell who it is not; `counted` the
    heads of `counts`; `people` surnames, `places` names of places, `states` codes of countries
    that are parties, `of` those of countries that parties belong to.
    """

    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    sorts: frozenset[str] = frozenset()
    counts: frozenset[tuple[str, str]] = frozenset()
    described: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Traits:
    """A report's marks, sorted out."""

    names: frozenset[str]
    story: frozenset[str]
    words: frozenset[str]
    named: frozenset[str]
    numbers: frozenset[str]
    objects: frozenset[str]
    towns: frozenset[str]
    regions: frozenset[str]
    provinces: frozenset[str]
    counts: frozenset[str]
    initiators: Side
    recipients: Side


def traits_of(
    content: Sequence[str], initiators: Iterable[str], recipients: Iterable[str]
) -> Traits:
    """Sort the marks of a report; ids stand for names where no mark says otherwise."""
    marked: dict[str, list[str]] = {mark: [] for mark in _MARKS}
    for word in content:
        marked[word[:2]].append(word[2:])
    return Traits(
        names=frozenset(marked["n:"]),
        story=frozenset(marked["d:"]),
        words=frozenset(marked["w:"]),
        named=frozenset(marked["s:"]),
        numbers=frozenset(marked["#:"]),
        objects=frozenset(marked["o:"]),
        towns=frozenset(marked["t:"]),
        regions=frozenset(marked["g:"]),
        provinces=frozenset(marked["a:"]),
        counts=frozenset(marked["c:"]),
        initiators=_side(frozenset(initiators), marked["i:"]),
        recipients=_side(frozenset(recipients), marked["r:"]),
    )


_MARKS = ("n:", "d:", "w:", "s:", "#:", "o:", "t:", "g:", "a:", "c:", "i:", "r:")


def _side(ids: frozenset[str], words: list[str]) -> Side:
    if not words:
        return Side(ids, ids, frozenset({""}), described=_described(ids))
    names, sorts, heads, counts = set(), set(), set(), set()
    of = frozenset(word[1:] for word in words if word[0] == "~")
    for word in words:
        if word[0] == "~":
            continue
        if word[0] in "@%^":
            names.add(word[1:])
            sorts.add(word[0])
        elif word[0].isdigit() and " " in word:
            number, head = word.split(" ", 1)
            counts.add((head, number))
        elif word[0].islower():
            heads.add(word)
        else:
            names.add(word)
            sorts.add("")
    counted = frozenset(head for head, _ in counts) - _anyone()
    return Side(
        ids,
        frozenset(names),
        frozenset(sorts),
        frozenset(counts),
        _described(heads | names),
        counted,
        frozenset(word[1:] for word in words if word[0] == "@"),
        frozenset(word[1:] for word in words if word[0] == "%"),
        of,
        frozenset(word[1:] for word in words if word[0] == "^"),
        _described(heads | names) | (heads & _OFFICES),
    )


def _described(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words) - _anyone()


def overlap(one: frozenset[str], two: frozenset[str]) -> float:
    """Shared share of two sets, 0 to 1 (cosine)."""
    if not one or not two:
        return 0.0
    return float(len(one & two) / (len(one) * len(two)) ** 0.5)


NAMED, DESCRIBED, UNKNOWN, UNLIKE, OTHER = 4, 3, 2, 1, 0


def meets(a: Side, b: Side) -> int:
    """Are two sides one: by name, by description, perhaps, hardly, or are they named and others?

    Names of two sorts are hardly one ("Moscow" may be "Putin", told as Russia's president). A
    description that may be anybody's contradicts nothing, unless it is counted and the count
    differs ("23 pirates", "26 pirates") or its country does.
    """
    if not a.ids or not b.ids:
        return UNKNOWN
    shared = a.ids & b.ids
    if a.names & b.names or (shared and (a.names or b.names)):
        return NAMED
    if _differ(a, b):
        return OTHER
    one, two = a.states | a.of, b.states | b.of
    if one and two and not one & two:  # "Nigerian troops", "Mozambican troops"
        return OTHER
    if shared or a.described & b.described or a.states & b.of or b.states & a.of:
        return DESCRIBED
    if not a.names or not b.names:
        return UNKNOWN
    return OTHER if a.sorts & b.sorts else UNLIKE


def both(a: Side, b: Side) -> tuple[int, int]:
    """How two reports meet that tell their parties together: "Seoul and Beijing agreed"."""
    first = meets(a, b)
    if first == NAMED and a.sorts == b.sorts and "" not in a.sorts:
        if len(a.names) > 1 and len(b.names) > 1:
            return (NAMED, NAMED if len(a.names & b.names) > 1 else OTHER)
        return (NAMED, UNKNOWN)
    return (first, first)


def _differ(a: Side, b: Side) -> bool:
    if not a.counts or not b.counts or a.counts & b.counts:
        return False
    return bool(a.counted & b.counted)
