"""The toponyms of an article, from detection to place ids."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.gazetteer import Gazetteer
from transforms.nlp.annotations import PlaceMention
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.around import around
from transforms.nlp.places.cues import told_by
from transforms.nlp.places.detect import detect
from transforms.nlp.places.resolve import resolve
from transforms.nlp.places.toponym import Toponym


def find_places(
    parse: Parse,
    gazetteer: Gazetteer,
    *,
    names: Sequence[tuple[int, int, str]] | None = None,
) -> list[PlaceMention]:
    """Toponyms in text order, with the place each stands for or None where we abstain.

    `names` are name spans (start, end, label) over tokens, by default the model's. Demonyms
    ("Turkish") are mentions with method "demonym" that point at the country.
    """
    toponyms, said = detect(parse, gazetteer, parse.ents if names is None else names)
    return placed(parse, gazetteer, toponyms, said)


def placed(
    parse: Parse,
    gazetteer: Gazetteer,
    toponyms: list[Toponym],
    said: Sequence[Toponym],
) -> list[PlaceMention]:
    """One mention a toponym, resolved together; what is only `said` counts as evidence."""
    told = told_by(parse, gazetteer)
    found = []
    choices = resolve(parse, toponyms, said, told)
    holding = around(parse, toponyms, choices)
    for toponym, own, wider in zip(toponyms, choices, holding, strict=True):
        choice = own or wider
        if choice is None:
            found.append(PlaceMention(toponym.start, toponym.end, None, "unresolved", 0.0))
            continue
        candidate = choice.candidate
        found.append(
            PlaceMention(
                toponym.start,
                toponym.end,
                gazetteer.id_of(candidate.index),
                choice.method,
                round(choice.confidence, 3),
                candidate.country_code or None,
                candidate.place_type if own is not None else None,
            )
        )
    return found
