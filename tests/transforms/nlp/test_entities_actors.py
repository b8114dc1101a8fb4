"""Hand-labelled parties by country and sector; skipped without the texts beside the project."""

from __future__ import annotations

import pytest

from benchmarks.parses import GOLD
from benchmarks.score_actors import cases, score


def test_the_label_file_is_well_formed() -> None:
    held = cases()
    assert len(held) == len({case[:2] for case in held}) == 150
    for record, side, country, sector in held:
        assert record.startswith("plv_train_"), record
        assert side in {"source", "target"}, record
        assert all(c == "-" or (len(c) == 3 and c.isupper()) for c in country.split(";")), record
        assert all(s == "-" or (s.isalpha() and s.isupper()) for s in sector.split(";")), record


@pytest.mark.skipif(not (GOLD / "events_dev.jsonl").exists(), reason="no gold texts here")
def test_parties_get_their_country_and_sector() -> None:
    country, sector = score()
    assert country[2] >= 0.92, country
    assert sector[2] >= 0.90, sector
