"""Articles that are stored and not extracted: three places say how many, and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from flows.commands.console import print_summary
from flows.orchestration.run_report import markdown
from flows.published import status
from flows.resources.settings import settings
from flows.run.summary import Summary

SAID = "3 (2 language fr, 1 too long)"


def run(*why: str) -> Summary:
    return Summary("r", status="completed", unread=Counter(why))


def test_the_summary_of_a_run_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(run("language fr", "too long", "language fr"))
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "not extracted" in line]
    assert line.endswith(SAID)
    print_summary(run())
    assert "not extracted" not in capsys.readouterr().out


def test_a_folder_without_english_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(run("language de", "language de"))
    shown = capsys.readouterr().out
    assert "2 (language de)" in shown and "no events: only English is extracted" in shown
    for other in (run(), run("language de", "too long")):
        print_summary(other)
    assert "no events" not in capsys.readouterr().out


def test_the_report_of_a_run_says_so() -> None:
    page = markdown(run("language fr", "too long", "language fr"), [])
    assert f"Stored, not extracted: {SAID}." in page
    assert "not extracted" not in markdown(run(), [])


def test_status_says_so(example_warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status.show(settings(warehouse=example_warehouse))
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "not extracted" in line]
    assert line.rstrip().endswith("1 (language fr)")
