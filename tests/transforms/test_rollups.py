"""What the reports of one event add up to."""

from __future__ import annotations

import datetime as dt

import polars as pl

from transforms import rollups

DAY = dt.datetime(2026, 3, 4)


def reports(*told: tuple[str, str, bool, int]) -> pl.DataFrame:
    """(mention, modality, whether its article leads a cluster, hours) as `leads` asks for."""
    return pl.DataFrame(
        [
            {
                "event_id": "e", "event_mention_id": mention, "modality": modality,
                "is_cluster_lead": leads, "published_at": DAY + dt.timedelta(hours=hours),
                "article_id": f"a-{mention}", "sentence_id": f"s-{mention}", "trigger_start": 0,
            }
            for mention, modality, leads, hours in told
        ]
    )  # fmt: skip


def lead(*told: tuple[str, str, bool, int]) -> str:
    """The mention that speaks for the event."""
    return str(rollups.leads(reports(*told))["event_mention_id"].item())


def test_the_lead_of_an_event_has_its_modality() -> None:
    """Announced, then done: the report that tells it as done speaks for the asserted event."""
    assert lead(("plan", "planned", True, 0), ("done", "asserted", True, 9)) == "done"
    assert lead(("claim", "alleged", True, 0), ("denial", "denied", True, 1)) == "claim"
    assert lead(("copy", "asserted", False, 0), ("plan", "planned", True, 1)) == "copy"


def test_among_reports_of_one_modality_the_first_lead_of_a_cluster_speaks() -> None:
    assert lead(("copy", "asserted", False, 0), ("one", "asserted", True, 2)) == "one"
    assert lead(("late", "asserted", True, 3), ("early", "asserted", True, 1)) == "early"
