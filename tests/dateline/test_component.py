"""The spaCy component gives what a run gives, in anybody's pipeline."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
import spacy

import dateline
from dateline.factory import NAME
from transforms.nlp.parsing.language import DEFAULT_MODEL
from warehouse.errors import DatelineError

TEXT = (
    "The foreign ministers of Chad and Niger held talks in Niamey on Friday. Police arrested Ann."
)


def test_events_of_a_pipe_are_those_of_a_run() -> None:
    nlp = spacy.load(DEFAULT_MODEL)
    nlp.add_pipe(NAME, config={"date": "2026-01-05"})
    doc = nlp(TEXT)
    wanted = dateline.extract(TEXT, "2026-01-05")
    assert wanted.events
    assert doc._.dateline == wanted
    spans = doc.spans[NAME]
    assert [span.label_ for span in spans] == [event.type for event in wanted.events]
    assert [span._.dateline_event for span in spans] == list(wanted.events)


def test_a_pipe_without_a_parser_is_told_what_it_lacks() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe(NAME)
    with pytest.raises(DatelineError, match="the pipeline sets no TAG"):
        nlp("Police arrested Ann.")


def test_the_component_is_found_without_an_import() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    module, _, name = project["project"]["entry-points"]["spacy_factories"][NAME].partition(":")
    assert callable(getattr(__import__(module, fromlist=[name]), name))
