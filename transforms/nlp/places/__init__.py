"""Toponyms of an article: found, resolved to the gazetteer, and given to events. No I/O here."""

from transforms.gazetteer import Gazetteer, PlaceRow
from transforms.nlp.places.locate import locate_event
from transforms.nlp.places.mentions import find_places

__all__ = ["Gazetteer", "PlaceRow", "find_places", "locate_event"]
