"""Annotate a cached Parse: names, places, entities, times. For scoring only."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib import import_module
from typing import Any

from flows.resources.gazetteer import open_gazetteer
from transforms.nlp.annotations import EntityLayer, PlaceMention, TimeMention
from transforms.nlp.entities.layer import build_layer
from transforms.nlp.names.find import find_names
from transforms.nlp.parsing.parse import Parse
from transforms.nlp.places.mentions import find_places

Layers = tuple[EntityLayer, list[TimeMention], list[PlaceMention]]


@cache
def gazetteer() -> Any:
    """The gazetteer, opened once."""
    return open_gazetteer()


def annotate(parse: Parse, published: dt.date | None = None) -> Layers:
    """Entities, times and places of one parse."""
    names = find_names(parse)
    places = find_places(parse, gazetteer())
    layer = build_layer(parse, names, places=places, published=published)
    return layer, find_times(parse, published), places


def find_times(parse: Parse, published: dt.date | None) -> list[TimeMention]:
    """Times of one parse; none while the dates module is not there."""
    try:
        dates: Any = import_module("transforms.nlp.dates")
        return list(dates.find_times(parse, published))
    except (ModuleNotFoundError, AttributeError):
        return []
