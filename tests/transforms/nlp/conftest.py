"""What several test modules of extraction share."""

from __future__ import annotations

import pytest

from flows.resources.gazetteer import open_gazetteer
from transforms.gazetteer import Gazetteer
from transforms.nlp.extract import Resources


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return open_gazetteer()


@pytest.fixture(scope="session")
def resources(gazetteer: Gazetteer) -> Resources:
    return Resources.load(gazetteer)
