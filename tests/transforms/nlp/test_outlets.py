"""`tests/cases/outlets.txt`: one act told by several outlets is one, bulletins of towns are not."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations

import pytest

from benchmarks.annotate import reports_of
from benchmarks.parses import parses
from tests.conftest import ROOT
from transforms import rollups
from transforms.near_duplicates import clusters, signature
from transforms.nlp.extract import Resources
from transforms.nlp.identity.assign import assign
from transforms.nlp.identity.reports import ReportKey
from transforms.readers import RawArticle

_MARK = re.compile(r"\[(\w):(.*?)\]")
OPEN = {  # in most of them the reader sees no event at a bracketed word, or another type
    "16 raid on a ferry",
    "16 bomb at a railway station",
    "16 minister gone",
    "16 truce signed in Doha",
    "16 diplomats told to leave",
    "16 protest broken up",
    "16 cyclone aid",
    "16 journalist jailed",
    "16 prison riot",
    "16 tanker seized",
    "16 sanctions on Minsk",
    "16 soldiers take over",
    "16 leaders meet",
    "16 guilty plea for an old shooting",
    "16 missile over the sea",
    "26 drug arrests in three towns",
    "26 shells on Kordofan",
}


@dataclass(slots=True)
class Told:
    """An article: its letter among copies, its day, its text and (start, end, event) in it."""

    copies: str
    title: str
    day: str
    paragraphs: list[str] = field(default_factory=list)
    text: str = ""
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    reports: list[tuple[ReportKey, set[str]]] = field(default_factory=list)  # events it tells

    def unmark(self) -> None:
        """Set `text` and `spans` from the paragraphs."""
        at, marked = 0, "\n\n".join(self.paragraphs)
        for mark in _MARK.finditer(marked):
            self.text += marked[at : mark.start()]
            self.spans.append((len(self.text), len(self.text) + len(mark[2]), mark[1]))
            self.text += mark[2]
            at = mark.end()
        self.text += marked[at:]


@dataclass(slots=True)
class Folder:
    """Articles, and of events the day and how many of whom."""

    name: str
    articles: list[Told] = field(default_factory=list)
    days: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def _folders() -> list[Folder]:
    found: list[Folder] = []
    path = ROOT / "tests" / "cases" / "outlets.txt"
    for line in filter(None, path.read_text("utf-8").splitlines()):
        kind, rest = line.split(" ", 1)
        if kind == "##":
            found.append(Folder(rest))
        elif kind == "#":
            event, day, *counts = rest.split()
            found[-1].days[event] = day
            for count in counts:
                found[-1].counts[count.split("=")[0]] += int(count.split("=")[1])
        elif kind == "@":
            copies, head = rest.split(" ", 1)
            _, day, title = (part.strip() for part in head.split("|"))
            found[-1].articles.append(Told(copies, title, day))
        elif kind != "%":
            found[-1].articles[-1].paragraphs.append(line)
    return found


@pytest.fixture(scope="module")
def folders(resources: Resources) -> dict[str, Folder]:
    """The folders by name, their articles with their reports."""
    found = _folders()
    told = [one for folder in found for one in folder.articles]
    for one in told:
        one.unmark()
    parsed = parses([one.text for one in told], label="outlets")
    for number, (one, parse) in enumerate(zip(told, parsed, strict=True)):
        raw = RawArticle(text=one.text, title=one.title, published=one.day)
        day = dt.date.fromisoformat(one.day)
        joined = reports_of(raw, parse, resources, source_uri=f"{number}.txt", today=day)
        assert joined is not None
        at = {r["event_mention_id"]: (r["trigger_start"], r["trigger_end"])
              for r in joined.iter_rows(named=True)}  # fmt: skip
        for key in rollups.report_keys(joined):
            start, end = at[key.event_mention_id]
            events = {event for first, last, event in one.spans if start < last and first < end}
            one.reports.append((key, events))
    return {folder.name: folder for folder in found}


def _faults(folder: Folder) -> list[str]:
    ids = assign([key for one in folder.articles for key, _ in one.reports])
    meant: dict[str, set[str]] = defaultdict(set)
    faults = []
    for number, one in enumerate(folder.articles):
        for event in {span[2] for span in one.spans}:
            found = {ids[key.event_mention_id] for key, events in one.reports if event in events}
            faults += [] if found else [f"article {number} tells no {event}"]
            meant[event] |= found
    faults += [
        f"{event} is {len(found)} events" for event, found in meant.items() if len(found) > 1
    ]
    faults += [f"{a} is {b}" for a, b in combinations(meant, 2) if meant[a] & meant[b]]
    faults += _misdated(folder, ids, meant) + _miscounted(folder, ids)
    marks = {
        str(number): (signature(one.text), dt.datetime.fromisoformat(one.day))
        for number, one in enumerate(folder.articles)
    }
    joined = clusters(marks)
    for first, other in combinations(marks, 2):
        copies = folder.articles[int(first)].copies == folder.articles[int(other)].copies
        if (joined[first][0] == joined[other][0]) != copies:
            faults.append(f"articles {first} and {other} are {'copies' if copies else 'others'}")
    return faults


def _misdated(folder: Folder, ids: dict[str, str], meant: dict[str, set[str]]) -> list[str]:
    """Events whose first own day is another."""
    faults = []
    for event, day in folder.days.items():
        told = [
            key
            for one in folder.articles
            for key, _ in one.reports
            if ids[key.event_mention_id] in meant[event]
        ]
        sure = [k for k in told if k.date_method in ("explicit", "relative")] or told
        days = {str(key.date_start) for key in sure if key.date_precision == "day"}
        faults += [] if days == {day} else [f"{event} on {sorted(days)}"]
    return faults


def _miscounted(folder: Folder, ids: dict[str, str]) -> list[str]:
    """Sums over the folder's events, of each the last number told."""
    last: dict[tuple[str, str], tuple[str, int]] = {}
    for one in folder.articles:
        for key, _ in one.reports:
            for mark in key.content:
                if mark.startswith("c:"):
                    kind, number = mark[2:].split()
                    held = (ids[key.event_mention_id], kind)
                    last[held] = max(last.get(held, ("", 0)), (one.day, int(number)))
    faults = []
    for kind, wanted in folder.counts.items():
        total = sum(number for (_, counted), (_, number) in last.items() if counted == kind)
        faults += [] if total == wanted else [f"{total} {kind}, not {wanted}"]
    return faults


@pytest.mark.parametrize("name", [folder.name for folder in _folders()])
def test_reports_of_outlets(
    name: str, folders: dict[str, Folder], request: pytest.FixtureRequest
) -> None:
    """Each act is one event with its day and its numbers, each bulletin a text of its own."""
    if name in OPEN:
        request.applymarker(pytest.mark.xfail(strict=True))
    assert not _faults(folders[name])
