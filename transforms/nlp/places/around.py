"""What holds a place that the gazetteer does not know: a street's town, a village's division.

Such a mention points at what is around it, with method "around", and is never that place itself.
A country holds too much: a place of which no more is said stays open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from transforms.lexicons.loader import word_set
from transforms.nlp.annotations import AROUND
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.resolve import Choice
from transforms.nlp.places.toponym import Toponym
from transforms.nlp.places.words import words

_SURE = 0.5  # of how sure we are of what holds it
_REACH = 4  # tokens between a place and what holds it
_JOINING = {",", "(", "in", "of", "the", "near", "at"}
_WITHIN = word_set("words/places.tsv", "around.within")


def around(
    parse: Parse, toponyms: Sequence[Toponym], choices: Sequence[Choice | None]
) -> list[Choice | None]:
    """For each toponym without a choice the place around it, None where the text names none."""
    found: list[Choice | None] = [None] * len(toponyms)
    for number in range(len(toponyms) - 1, -1, -1):
        one = toponyms[number]
        if choices[number] is not None or one.adjective:
            continue
        after = number + 1
        if after < len(toponyms) and _says_within(parse, one, toponyms[after]):
            found[number] = _holding(choices[after]) or found[after]
        elif number and _is_owned(parse, toponyms[number - 1], one):
            found[number] = _holding(choices[number - 1])
    towns = {
        toponyms[n].form: choice
        for n, choice in enumerate(choices)
        if choice is not None and choice.candidate.place_type == "city"
    }
    if not towns:
        return found
    for number, one in enumerate(toponyms):
        if choices[number] is not None or found[number] is not None or one.adjective:
            continue
        if named := next((towns[name] for name in towns if one.form.startswith(f"{name} ")), None):
            found[number] = _holding(named)
        elif one.form.rpartition(" ")[2] in _WITHIN | words()["street"]:
            found[number] = _holding(_town_of_text(parse, toponyms, choices, one))
    return found


def _holding(choice: Choice | None) -> Choice | None:
    if choice is None or choice.candidate.place_type == "country":
        return None
    if not choice.candidate.country_code or choice.method == "demonym":
        return None
    return Choice(choice.candidate, AROUND, _SURE * choice.confidence)


def _says_within(parse: Parse, one: Toponym, other: Toponym) -> bool:
    """ "Carle Hospital, Urbana", "the Karrada district of Baghdad", "Oak Street in Hartford"."""
    if other.adjective or parse.sent_of[one.start] != parse.sent_of[other.start]:
        return False
    between = parse.lower[one.end : other.start]
    if not 0 < len(between) <= _REACH:
        return False
    kinds = words()
    joined = {",", "(", "in", "of"} & set(between)
    return bool(joined) and all(
        word in _JOINING or word in kinds["settlement"] or word in kinds["direction"]
        for word in between
    )


def _is_owned(parse: Parse, other: Toponym, one: Toponym) -> bool:
    """ "Whittier's Penn Park"."""
    between = parse.words[other.end : one.start]
    owning = between in (["'s"], ["’s"]) or (not between and parse.tags[other.end - 1] == "POS")
    return owning and not other.adjective


def _town_of_text(
    parse: Parse, toponyms: Sequence[Toponym], choices: Sequence[Choice | None], one: Toponym
) -> Choice | None:
    """The town named last in the paragraph before a street or site, else the text's commonest."""
    paragraph = parse.sents[parse.sent_of[one.start]].paragraph
    near: Choice | None = None
    said: Counter[int] = Counter()
    held: dict[int, Choice] = {}
    for toponym, choice in zip(toponyms, choices, strict=True):
        if choice is None or choice.candidate.place_type != "city":
            continue
        said[choice.candidate.index] += 1
        held.setdefault(choice.candidate.index, choice)
        here = parse.sents[parse.sent_of[toponym.start]].paragraph == paragraph
        if here and toponym.start < one.start:
            near = choice
    return near or held[said.most_common(1)[0][0]]
